import HeddleProgram
import HeddleSemantics

/// Runs a case in its order, with every outcome that the semantics leaves open.
///
/// After each step, every thread that is in an operation goes on until nobody can, in all orders and with all choices:
/// what Python's threads do when they are left alone for a while. Only a step `times out` lets a timeout pass.
struct ControlledRun {
  /// Why a case cannot be run to its end.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// A point that the run may have come to.
  private struct Situation: Hashable {
    var words: [Int]
    /// By thread: the number of the operation that it is in.
    var pending: [Int: Int] = [:]
    /// Whether a misuse has ended the run.
    var isOver = false
    /// By thread: how the operation came out that ended in this step.
    var outcomes: [Int: String] = [:]
    /// The thread whose timeout may still pass in this step.
    var mayTimeOut: Int?
  }

  private let conformanceCase: ConformanceCase
  private let machine: Machine
  /// Which misuse occurred.
  private(set) var misuses: Set<MisuseKind> = []

  init(_ conformanceCase: ConformanceCase, _ program: Program) {
    self.conformanceCase = conformanceCase
    machine = Machine(program)
  }

  /// Everything that may happen: for each way, what happens in each step.
  mutating func execute() throws(Failure) -> Set<[String]> {
    var buffer = Array(repeating: 0, count: machine.layout.bufferWidth)
    var effects = StepEffects(for: machine.program)
    var state = buffer.mutableSpan
    guard machine.makeInitialState(0, in: &state, effects: &effects) == .completed else {
      throw Failure(description: "the beginning fails")
    }
    var ways: [(situation: Situation, lines: [String])] = [(Situation(words: buffer), [])]
    for (number, step) in conformanceCase.steps.enumerated() {
      var next: [(situation: Situation, lines: [String])] = []
      for way in ways {
        for situation in try take(step, number, way.situation) {
          let line = "\(step.text) -> \(try description(of: step, situation))"
          next.append((situation, way.lines + [line]))
        }
      }
      ways = next
    }
    return Set(ways.map(\.lines))
  }

  // MARK: Steps

  private mutating func take(
    _ step: ConformanceCase.Step,
    _ number: Int,
    _ situation: Situation
  ) throws(Failure) -> [Situation] {
    guard !situation.isOver else { throw Failure(description: "the run is over before \(step)") }
    let thread = try index(of: step.thread)
    var situation = situation
    situation.outcomes = [:]
    if step.operation == "times out" {
      guard situation.pending[thread] != nil else { throw Failure(description: "no \(step)") }
      situation.mayTimeOut = thread
    } else {
      guard situation.pending[thread] == nil, choices(of: thread, situation.words) == 1 else {
        throw Failure(description: "\(step.thread) cannot begin \(step.operation)")
      }
      situation.pending[thread] = number
      situation = try go(thread, 0, situation).situation
    }
    return try settled(situation)
  }

  /// The situations in which nobody who is in an operation can go on.
  private mutating func settled(_ start: Situation) throws(Failure) -> [Situation] {
    var seen: Set<Situation> = [start]
    var open = [start]
    var settled: [Situation] = []
    while let situation = open.popLast() {
      var isSettled = true
      for thread in situation.pending.keys.sorted() where !situation.isOver {
        for choice in 0..<choices(of: thread, situation.words) {
          var (next, timedOut) = try go(thread, choice, situation)
          if timedOut {
            guard situation.mayTimeOut == thread else { continue }
            next.mayTimeOut = nil
          }
          isSettled = false
          if seen.insert(next).inserted { open.append(next) }
        }
      }
      if isSettled {
        var situation = situation
        if situation.mayTimeOut != nil { throw Failure(description: "no timeout to pass") }
        situation.mayTimeOut = nil
        settled.append(situation)
      }
    }
    return settled
  }

  private func choices(of thread: Int, _ words: [Int]) -> Int {
    var words = words
    var state = words.mutableSpan
    return machine.choices(of: thread, in: &state)
  }

  /// Lets a thread take a step; says whether a timeout has passed in it.
  private mutating func go(
    _ thread: Int,
    _ choice: Int,
    _ situation: Situation
  ) throws(Failure) -> (situation: Situation, timedOut: Bool) {
    var next = situation
    var words = situation.words
    var state = words.mutableSpan
    var effects = StepEffects(for: machine.program, isRecording: true)
    let isTimed = isTimed(thread, situation.words)
    let outcome = machine.apply(thread, choice: choice, to: &state, effects: &effects)
    let hasEnded = machine.hasEnded(thread, in: state.span)
    next.words = words
    switch outcome {
    case .completed: break
    case .misuse(let kind, _):
      misuses.insert(kind)
      next.outcomes[thread] = "raises \(Self.exception(kind))"
      next.pending[thread] = nil
      next.isOver = true
    default: throw Failure(description: "a step ends with \(outcome)")
    }
    if let number = next.pending[thread] {
      let prefix = "#\(number) "
      for case .printed(let text) in effects.events where text.hasPrefix(prefix) {
        next.outcomes[thread] = Self.inPython(String(text.dropFirst(prefix.count)))
        next.pending[thread] = nil
      }
    }
    if hasEnded, next.pending[thread] != nil {
      next.outcomes[thread] = "ends"
      next.pending[thread] = nil
    }
    return (next, isTimed && effects.events.contains(where: Self.isTimeout))
  }

  // MARK: Timeouts

  private func isTimed(_ thread: Int, _ words: [Int]) -> Bool {
    guard let position = machine.position(of: thread, in: words.span) else { return false }
    switch machine.program.instructions[position.index] {
    case .acquire(_, .timed, _), .conditionWake(_, .timed, _), .eventWait(_, .timed, _),
      .eventWake(_, .timed, _), .put(_, _, .timed, _), .get(_, _, .timed, _), .join(_, .timed):
      return true
    case .barrierLeave(let reference, .timed, _):
      // Elsewhere a barrier is broken by somebody else.
      var words = words
      var state = words.mutableSpan
      if case .barrier(.filling, _, _) = machine.contents(of: reference.first, in: &state) {
        return true
      }
      return false
    default: return false
    }
  }

  private static func isTimeout(_ event: StepEvent) -> Bool {
    switch event {
    case .failedToAcquire, .timedOut, .foundFull, .foundEmpty, .timedOutJoining, .brokeBarrier:
      true
    default: false
    }
  }

  // MARK: Words

  private func index(of thread: String) throws(Failure) -> Int {
    let found = machine.program.instances.firstIndex { $0.name == thread }
    guard let found else { throw Failure(description: "no thread \(thread)") }
    return found
  }

  private func description(
    of step: ConformanceCase.Step,
    _ situation: Situation
  ) throws(Failure) -> String {
    if conformanceCase.endsProgram, step.thread == "main", step.operation == "ends" {
      return machine.someoneMustEnd(in: situation.words.span)
        ? "the program goes on" : "the program ends"
    }
    let thread = try index(of: step.thread)
    let own = situation.outcomes[thread] ?? "blocks"
    let others = situation.outcomes.filter { $0.key != thread }
      .map { "\(machine.program.instances[$0.key].name) \($0.value)" }.sorted()
    return ([own] + others).joined(separator: "; ")
  }

  private static func inPython(_ text: String) -> String {
    switch text {
    case "returns true": "returns True"
    case "returns false": "returns False"
    case "returns none": "returns None"
    default: text
    }
  }

  /// What Python raises.
  private static func exception(_ kind: MisuseKind) -> String {
    switch kind {
    case .releaseOfFreeLock, .releaseOfForeignRLock, .waitWithoutLock, .notifyWithoutLock,
      .startedTwice, .joinOfItself:
      "RuntimeError"
    case .semaphoreOverBound, .taskDoneTooOften, .emptyRange: "ValueError"
    case .indexOutOfRange: "IndexError"
    case .divisionByZero: "ZeroDivisionError"
    case .overflow: "OverflowError"
    case .noneUsed: "TypeError"
    }
  }
}
