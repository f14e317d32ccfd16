import HeddleProgram
import HeddleSolver

extension Encoder {
  /// States in which ranges the shared variables stay, as far as counting their writes tells.
  ///
  /// A run takes each write of the unrolled code at most once, and computes its value from what fewer writes have left. So after as
  /// many rounds as there are writes, intervals hold whatever any run can read. That says nothing new, but a solver that has
  /// to find out by itself that a counter does not overflow looks at its orders one by one.
  func limitRanges() {
    let writes = writes.filter { facing.bounds[variableOfSlot[$0.slot]] == nil }
    guard !writes.isEmpty else { return }
    let values = TermRanges(of: writes.map(\.value), in: terms)
    guard values.size * writes.count <= Self.maximumRangeWork else { return }
    let first = TermRanges(of: initialValues, in: terms).ranges(where: [:])
    var ranges: [Int: ClosedRange<Int>] = [:]
    for write in writes { ranges[write.slot] = first[write.slot] }
    let inputs = inputRanges(writes)
    for _ in writes {
      var known = inputs
      for read in reads {
        if let range = ranges[read.slot] { known[read.value] = range }
      }
      var next = ranges
      for (write, range) in zip(writes, values.ranges(where: known)) {
        guard let old = next[write.slot] else { continue }
        next[write.slot] = range.map {
          min(old.lowerBound, $0.lowerBound)...max(old.upperBound, $0.upperBound)
        }
      }
      if next == ranges { break }
      ranges = next
    }
    for read in reads { limit(read.value, ranges[read.slot]) }
    for slot in endValues.keys.sorted() {
      if let value = endValues[slot] { limit(value, ranges[slot]) }
    }
  }

  /// The ranges in which assumptions keep inputs, as far as writes depend on them.
  ///
  /// A write behind an assumption is executed only if that holds; so where all writes that have an input in their values are, no read sees a value
  /// of any other input.
  private func inputRanges(_ writes: [MemoryWrite]) -> [IntegerTerm: ClosedRange<Int>] {
    let inputs = initialInputs + events.compactMap(\.choice)
    guard !inputs.isEmpty, inputs.count * writes.count <= Self.maximumRangeWork else { return [:] }
    let implied = impliedByExecution
    var hulls: [IntegerTerm: ClosedRange<Int>] = [:]
    var open: Set<IntegerTerm> = []
    for write in writes {
      let value = TermRanges(of: [write.value], in: terms)
      let bounds = consequences(of: write.condition, implied).bounds
      for input in inputs where !open.contains(input) && value.contains(input) {
        guard let lower = bounds[input]?.lower, let upper = bounds[input]?.upper, lower <= upper
        else {
          open.insert(input)
          continue
        }
        let known = hulls[input] ?? lower...upper
        hulls[input] = min(known.lowerBound, lower)...max(known.upperBound, upper)
      }
    }
    return hulls.filter { !open.contains($0.key) }
  }

  /// By the literal that says that an event is executed: what follows from it, the way to the event included.
  private var impliedByExecution: [Formula: Consequences] {
    var implied: [Formula: Consequences] = [:]
    for event in events {
      implied[event.executed] = consequences(of: event.reached, implied)
    }
    return implied
  }

  private func consequences(
    of formula: Formula,
    _ implied: [Formula: Consequences]
  ) -> Consequences {
    Consequences(of: formula, in: terms) { implied[$0] }
  }

  private func limit(_ value: IntegerTerm, _ range: ClosedRange<Int>?) {
    guard let range, terms.value(of: value) == nil else { return }
    addFact(terms.lessOrEqual(terms.integer(range.lowerBound), value), .derivedRange)
    addFact(terms.lessOrEqual(value, terms.integer(range.upperBound)), .derivedRange)
  }

  /// Ranges are not looked for where that takes more evaluations of terms.
  private static var maximumRangeWork: Int { 2_000_000 }
}
