import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Executes one order of a program, step by step, and remembers it.
///
/// Made for one order, not for a search: each question copies the state.
struct OneOrder {
  /// Why an order is over.
  enum Ending: Equatable {
    /// Every thread that was started has ended.
    case allEnded
    /// Only daemon threads still run; a Python program would end here.
    case onlyDaemonsLeft
    /// No thread can move, and not all have ended.
    case stuck
    /// A step ended the run: a failed claim, misuse, a limit.
    case stopped(StepOutcome)
  }

  let machine: Machine
  private(set) var schedule = Schedule()
  /// What the last step, or the start, did.
  private(set) var effects: StepEffects
  private(set) var outcome: StepOutcome
  /// What was wrong with a step, and after how many steps that was.
  private var findings: [(key: FindingKey, steps: Int)] = []
  private var buffer: [Int]
  private let judge: Judge

  /// Begins in an initial state, which must be one of ``Machine/initialStateCount``.
  init(_ machine: Machine, initialState: Int, integers: [Int] = []) {
    self.machine = machine
    judge = Judge(machine)
    buffer = Array(repeating: 0, count: machine.layout.bufferWidth)
    effects = StepEffects(for: machine.program, isRecording: true)
    schedule.initialState = initialState
    schedule.initialIntegers = integers
    outcome = .completed
    var words = buffer
    var state = words.mutableSpan
    outcome = machine.makeInitialState(
      initialState,
      integers: integers,
      in: &state,
      effects: &effects
    )
    var keys: [FindingKey] = []
    judge.judgeBeginning(outcome, effects, &state, into: &keys)
    buffer = words
    note(keys)
    judgePresentState()
  }

  /// The threads that have a step, with the number of its outcomes.
  func enabled() -> [(thread: Int, choices: Int)] {
    guard outcome == .completed else { return [] }
    var words = buffer
    var state = words.mutableSpan
    var found: [(thread: Int, choices: Int)] = []
    for thread in 0..<machine.threadCount {
      let choices = machine.choices(of: thread, in: &state)
      if choices > 0 { found.append((thread, choices)) }
    }
    return found
  }

  /// Whether a thread that has so many outcomes has this one; at `any Int` every integer is one.
  func offers(_ step: Schedule.Step, of choices: Int) -> Bool {
    if (0..<choices).contains(step.choice) { return true }
    guard let position = machine.position(of: step.thread.index, in: buffer.span),
      case .anyInteger = machine.program.instructions[position.index]
    else { return false }
    return true
  }

  /// Takes a step that ``enabled()`` has offered.
  mutating func take(_ step: Schedule.Step) {
    schedule.steps.append(step)
    var words = buffer
    var state = words.mutableSpan
    let mustGoOn = machine.someoneMustEnd(in: state.span)
    outcome = machine.apply(step.thread.index, choice: step.choice, to: &state, effects: &effects)
    var keys: [FindingKey] = []
    judge.judgeStep(
      outcome,
      effects,
      &state,
      mustGoOnBefore: mustGoOn,
      ignoring: FindingSet(for: machine.program),
      into: &keys
    )
    buffer = words
    note(keys)
    judgePresentState()
  }

  private mutating func judgePresentState() {
    judgeState()
    evaluateObservers()
  }

  /// What was wrong, without the races that only say how an update could be lost that was lost.
  var distinctFindings: [(key: FindingKey, steps: Int)] {
    findings.filter { finding in
      guard case .dataRace(let variable) = finding.key else { return true }
      return !findings.contains { $0.key == .lostUpdate(variable) }
    }
  }

  private mutating func note(_ keys: [FindingKey]) {
    for key in keys where !findings.contains(where: { $0.key == key }) {
      findings.append((key, schedule.steps.count))
    }
  }

  /// Evaluates invariants, and `finally` once it is time.
  private mutating func evaluateObservers() {
    guard outcome == .completed else { return }
    let program = machine.program
    var words = buffer
    var state = words.mutableSpan
    var observers = program.invariants
    if let finally = program.finally, !machine.someoneMustEnd(in: state.span) {
      observers.append(finally)
    }
    var scratch = StepEffects(for: program, isRecording: true)
    for observer in observers {
      let result = machine.evaluate(observer, in: &state, effects: &scratch)
      if outcome == .completed { outcome = result }
      if let key = judge.key(of: result) { note([key]) }
    }
  }

  /// Why the order is over; `nil` if some thread can go on and has reason to.
  func ending() -> Ending? {
    guard outcome == .completed else { return .stopped(outcome) }
    let state = buffer.span
    var isAnyRunning = false
    for thread in 0..<machine.threadCount where machine.isRunning(thread, in: state) {
      isAnyRunning = true
    }
    guard isAnyRunning else { return .allEnded }
    guard machine.someoneMustEnd(in: state) else { return .onlyDaemonsLeft }
    return enabled().isEmpty ? .stuck : nil
  }

  /// Notes what is wrong with the present state, whoever moves next: a race, a deadlock, a daemon that is blocked.
  private mutating func judgeState() {
    guard outcome == .completed else { return }
    var choices = Array(repeating: 0, count: machine.threadCount)
    for (thread, count) in enabled() { choices[thread] = count }
    var words = buffer
    var state = words.mutableSpan
    var keys: [FindingKey] = []
    var scratch = StepEffects(for: machine.program)
    judge.judgeState(
      &state,
      enabled: choices,
      ignoring: FindingSet(for: machine.program),
      effects: &scratch,
      into: &keys
    )
    note(keys)
  }
}
