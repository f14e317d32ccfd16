import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Moves between stored states: loads one, takes steps from it, and knows what was seen on the way.
///
/// All phases of a search work through this, so that a successor is computed in one place. Two buffers are reused; taking
/// a step allocates nothing.
struct Explorer: ~Copyable {
  let machine: Machine
  let threadCount: Int
  /// What the last step did; coverage accumulates over the explorer's life.
  var effects: StepEffects
  /// By thread: the number of outcomes of its next step in the loaded state.
  private(set) var enabled: [Int]
  /// Whether some thread has a step in the loaded state.
  private(set) var canMove = false
  private let nothing: FindingSet
  private var current: Buffer
  private var next: Buffer

  init(_ machine: Machine) {
    self.machine = machine
    threadCount = machine.threadCount
    effects = StepEffects(for: machine.program)
    enabled = Array(repeating: 0, count: machine.threadCount)
    nothing = FindingSet(for: machine.program)
    current = Buffer(machine)
    next = Buffer(machine)
  }

  /// Makes a stored state the current one.
  mutating func load(_ number: Int, from store: borrowing StateStore) {
    canMove = current.load(number, from: store, machine, &enabled)
  }

  /// Marks the instructions at which threads stand in the current state as covered: who is blocked there has reached it.
  mutating func coverPositions() {
    for thread in 0..<threadCount {
      if let position = machine.position(of: thread, in: current.words.span) {
        effects.covered[position.index] = true
      }
    }
  }

  /// Takes a step from the current state; the result is the successor.
  mutating func step(_ thread: Int, choice: Int) -> StepOutcome {
    next.copy(current, width: machine.layout.width)
    return next.apply(thread, choice, machine, &effects)
  }

  /// Makes an initial state the successor.
  mutating func begin(_ initialState: Int) -> StepOutcome {
    next.begin(initialState, machine, &effects)
  }

  /// The number under which the successor is stored; `nil` if it is not.
  mutating func find(in store: inout StateStore) -> Int? { store.find(next.words.span) }

  /// Stores the successor.
  func insert(into store: inout StateStore) -> (number: Int, isNew: Bool) {
    store.insert(next.words.span)
  }

  /// Whether a non-daemon thread still runs in the current state.
  var mustGoOn: Bool { machine.someoneMustEnd(in: current.words.span) }

  /// Judges the current state.
  mutating func judgeState(_ judge: Judge, ignoring: FindingSet, into keys: inout [FindingKey]) {
    current.judgeState(judge, enabled, ignoring, &effects, &keys)
  }

  /// Judges the last step.
  mutating func judgeStep(
    _ judge: Judge,
    _ outcome: StepOutcome,
    mustGoOnBefore: Bool,
    ignoring: FindingSet? = nil,
    into keys: inout [FindingKey]
  ) {
    next.judgeStep(judge, outcome, effects, mustGoOnBefore, ignoring ?? nothing, &keys)
  }

  /// Judges an initial state, also as the moment of the end if nobody has to end at all.
  mutating func judgeBeginning(
    _ judge: Judge,
    _ outcome: StepOutcome,
    into keys: inout [FindingKey]
  ) {
    // An initial state in which all have ended comes right after their first local work.
    next.judgeStep(judge, outcome, effects, false, nothing, &keys)
    if outcome == .completed, !machine.someoneMustEnd(in: next.words.span) {
      next.judgeExit(judge, &keys)
    }
  }

  /// Whether switching away from the thread in the current state is a preemption: it could go on, and not with `sleep`.
  func isPreemptible(_ thread: Int) -> Bool {
    guard enabled[thread] > 0,
      let position = machine.position(of: thread, in: current.words.span)
    else { return false }
    return machine.program.instructions[position.index] != .sleep
  }

  /// Whether a thread runs in the current state.
  func isRunning(_ thread: Int) -> Bool { machine.isRunning(thread, in: current.words.span) }

  /// See ``Machine/awaitedThreads(of:in:)``.
  mutating func awaitedThreads(of thread: Int) -> [Int]? {
    current.awaitedThreads(of: thread, machine)
  }
}

/// One state with its workspace.
///
/// Each method borrows the words once, for one call of the machine.
private struct Buffer {
  var words: [Int]

  init(_ machine: Machine) {
    words = Array(repeating: 0, count: machine.layout.bufferWidth)
  }

  mutating func copy(_ other: Buffer, width: Int) {
    for index in 0..<width { words[index] = other.words[index] }
  }

  mutating func load(
    _ number: Int,
    from store: borrowing StateStore,
    _ machine: Machine,
    _ enabled: inout [Int]
  ) -> Bool {
    var span = words.mutableSpan
    store.load(number, into: &span)
    var canMove = false
    for thread in 0..<enabled.count {
      let choices = machine.choices(of: thread, in: &span)
      enabled[thread] = choices
      if choices > 0 { canMove = true }
    }
    return canMove
  }

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
  ) {
    var span = words.mutableSpan
    judge.judgeState(&span, enabled: enabled, ignoring: ignoring, effects: &effects, into: &keys)
  }

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

  mutating func judgeExit(_ judge: Judge, _ keys: inout [FindingKey]) {
    var span = words.mutableSpan
    judge.judgeExit(&span, into: &keys)
  }

  mutating func awaitedThreads(of thread: Int, _ machine: Machine) -> [Int]? {
    var span = words.mutableSpan
    return machine.awaitedThreads(of: thread, in: &span)
  }
}
