import HeddleSemantics

/// Where a successor may differ from the state that it comes from.
struct TouchedSlots: Sendable {
  /// The threads whose blocks may differ: thread `t` is bit `t % 64`; see ``StepEffects/touchedThreads``.
  var threads: UInt64 = 0
  /// By thread: its slots.
  let blocks: [Range<Int>]
  /// The variables and objects, which may differ in any case.
  let shared: Range<Int>

  init(_ layout: StateLayout) {
    blocks = layout.threads.map { $0.control..<$0.end }
    shared = (blocks.last?.upperBound ?? 0)..<layout.width
  }

  /// Says that every slot may differ.
  mutating func addAll() { threads = UInt64.max }
}
