import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// One state with its workspace.
///
/// Each method borrows the words once, for one call of the machine.
struct StateBuffer {
  var words: [Int]

  init(_ machine: Machine) {
    words = Array(repeating: 0, count: machine.layout.bufferWidth)
  }

  mutating func copy(_ other: StateBuffer, width: Int) {
    let source = other.words.span.extracting(0..<width)
    var target = words.mutableSpan
    precondition(width <= target.count)
    for index in source.indices { target[index] = source[index] }
  }

  mutating func load(
    _ number: Int,
    from states: PackedStates,
    _ machine: Machine,
    _ enabled: inout [Int]
  ) -> Bool {
    var span = words.mutableSpan
    states.load(number, into: &span)
    return machine.findEnabled(in: &span, into: &enabled)
  }

  mutating func load(_ state: Span<Int>, _ machine: Machine, _ enabled: inout [Int]) -> Bool {
    for slot in 0..<machine.layout.width { words[slot] = state[slot] }
    return findEnabled(machine, &enabled)
  }

  mutating func findEnabled(_ machine: Machine, _ enabled: inout [Int]) -> Bool {
    var span = words.mutableSpan
    return machine.findEnabled(in: &span, into: &enabled)
  }

  func coverPositions(_ machine: Machine, _ effects: inout StepEffects) {
    machine.coverPositions(in: words.span, &effects)
  }

  func isRunning(_ thread: Int, _ machine: Machine) -> Bool {
    machine.isRunning(thread, in: words.span)
  }

  func stands(_ thread: Int, atSleepOf machine: Machine) -> Bool {
    machine.position(of: thread, in: words.span).map {
      machine.program.instructions[$0.index] == .sleep
    } ?? false
  }

  mutating func choices(of thread: Int, _ machine: Machine) -> Int {
    var span = words.mutableSpan
    return machine.choices(of: thread, in: &span)
  }

  func isAlone(_ thread: Int, _ merging: inout Independence?) -> Bool {
    merging?.isAlone(thread, in: words.span) ?? false
  }

  /// Adds the state to a batch as a successor of the one that the batch is at, and makes it equal to that one if it can be packed.
  @inline(__always)
  mutating func append(
    to batch: inout SuccessorBatch,
    _ touched: TouchedSlots,
    near base: StateBuffer,
    _ coding: SlotCoding
  ) -> Bool {
    var span = words.mutableSpan
    return batch.append(&span, touched, near: base.words.span, packedBy: coding)
  }

  func find(in store: inout StateStore, near base: StateBuffer, numbered number: Int) -> Int? {
    number >= 0
      ? store.find(words.span, near: base.words.span, numbered: number) : store.find(words.span)
  }

  mutating func ampleSet(
    _ sets: inout AmpleSets?,
    _ enabled: [Int],
    _ seeds: [Int]
  ) -> BitSet? {
    var span = words.mutableSpan
    return sets?.choose(in: &span, enabled: enabled, seeds: seeds)
  }

  mutating func canonicalize(_ symmetry: inout Symmetry?, _ marked: inout Int) {
    var span = words.mutableSpan
    symmetry?.canonicalize(&span, marked: &marked)
  }

  @inline(__always)
  mutating func apply(
    _ thread: Int,
    _ choice: Int,
    _ machine: Machine,
    _ effects: inout StepEffects
  ) -> StepOutcome {
    var span = words.mutableSpan
    return machine.apply(thread, choice: choice, to: &span, effects: &effects)
  }

  mutating func begin(
    _ number: Int,
    _ machine: Machine,
    _ effects: inout StepEffects
  )
    -> StepOutcome
  {
    var span = words.mutableSpan
    return machine.makeInitialState(number, in: &span, effects: &effects)
  }

  mutating func judgeState(
    _ judge: Judge,
    _ enabled: [Int],
    _ ignoring: FindingSet,
    _ effects: inout StepEffects,
    _ keys: inout [FindingKey]
  ) -> MachineLimit? {
    var span = words.mutableSpan
    return judge.judgeState(
      &span,
      enabled: enabled,
      ignoring: ignoring,
      effects: &effects,
      into: &keys
    )
  }

  @inline(__always)
  mutating func judgeStep(
    _ judge: Judge,
    _ outcome: StepOutcome,
    _ effects: StepEffects,
    _ mustGoOnBefore: Bool,
    _ ignoring: FindingSet,
    _ keys: inout [FindingKey]
  ) {
    var span = words.mutableSpan
    judge.judgeStep(
      outcome,
      effects,
      &span,
      mustGoOnBefore: mustGoOnBefore,
      ignoring: ignoring,
      into: &keys
    )
  }

  mutating func judgeBeginning(
    _ judge: Judge,
    _ outcome: StepOutcome,
    _ effects: StepEffects,
    _ keys: inout [FindingKey]
  ) {
    var span = words.mutableSpan
    judge.judgeBeginning(outcome, effects, &span, into: &keys)
  }

  mutating func awaitedThreads(of thread: Int, _ machine: Machine) -> [Int]? {
    var span = words.mutableSpan
    return machine.awaitedThreads(of: thread, in: &span)
  }
}
