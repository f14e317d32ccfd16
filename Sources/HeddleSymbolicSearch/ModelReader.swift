import HeddleChecking
import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// Reads the run out of the solver's last model.
struct ModelReader {
  private let encoder: Encoder
  private let solver: Solver

  init(_ session: SymbolicSession) {
    encoder = session.encoder
    solver = session.solver
  }

  /// The events that are taken, in their order.
  func events() throws(SolverError) -> [Int] {
    var taken: [(clock: Int, event: Int)] = []
    for event in encoder.events where try solver.value(of: event.executed) {
      guard let clock = try solver.value(of: event.clock) else {
        throw .refused("a clock that 64 bits do not hold")
      }
      taken.append((clock, event.number))
    }
    taken.sort { $0.clock != $1.clock ? $0.clock < $1.clock : $0.event > $1.event }
    return taken.map(\.event)
  }

  /// The run that shows what was asked, and ends with it.
  func schedule(of inquiry: Inquiry) throws(SolverError) -> Schedule {
    var events = try events()
    switch try ending(of: inquiry) {
    case .anywhere: break
    case .beginning: events = []
    case .step(let last):
      if let index = events.firstIndex(of: last) { events = Array(events[...index]) }
    }
    return try schedule(of: events)
  }

  private func ending(of inquiry: Inquiry) throws(SolverError) -> Inquiry.Ending {
    for way in inquiry.cases where try solver.value(of: way.condition) { return way.ending }
    return .anywhere
  }

  /// The schedule of some events, with the inputs of the model.
  func schedule(of events: [Int]) throws(SolverError) -> Schedule {
    var schedule = Schedule(initialState: try initialState())
    schedule.initialIntegers = try initialIntegers()
    for number in events {
      let event = encoder.events[number]
      var choice = 0
      if let term = event.choice { choice = try value(term) }
      schedule.steps.append(Schedule.Step(ThreadID(event.thread), choice: choice))
    }
    return schedule
  }

  func initialIntegers() throws(SolverError) -> [Int] {
    var integers: [Int] = []
    for input in encoder.initialInputs { integers.append(try value(input)) }
    return integers
  }

  /// The values of what begins with one of a range, as the number of an initial state.
  private func initialState() throws(SolverError) -> Int {
    var number = 0
    for (index, variable) in encoder.program.variables.enumerated() {
      guard case .anyOf(let lower, let upper) = variable.initial else { continue }
      for element in 0..<variable.elementCount {
        let value = try value(encoder.initialValues[encoder.firstSlots[index] + element])
        number = number * (upper - lower + 1) + (value - lower)
      }
    }
    return number
  }

  func value(_ term: IntegerTerm) throws(SolverError) -> Int {
    guard let value = try solver.value(of: term) else {
      throw .refused("a value that 64 bits do not hold")
    }
    return value
  }
}

/// A state in which no thread can move, as the semantics sees it.
struct Deadlock {
  /// The finding.
  let key: FindingKey

  /// Replays a schedule; `nil` if it does not end in a deadlock.
  init?(_ schedule: Schedule, _ question: Question) {
    var options = question.machineOptions
    options.takesChosenIntegers = true
    let machine = Machine(question.program, options: options)
    var buffer = Array(repeating: 0, count: machine.layout.bufferWidth)
    var state = buffer.mutableSpan
    var effects = StepEffects(for: question.program)
    var outcome = machine.makeInitialState(
      schedule.initialState,
      integers: schedule.initialIntegers,
      in: &state,
      effects: &effects
    )
    for step in schedule.steps {
      guard outcome == .completed, machine.choices(of: step.thread.index, in: &state) > 0 else {
        return nil
      }
      outcome = machine.apply(
        step.thread.index,
        choice: step.choice,
        to: &state,
        effects: &effects
      )
    }
    guard outcome == .completed else { return nil }
    var enabled: [Int] = []
    for thread in 0..<machine.threadCount {
      enabled.append(machine.choices(of: thread, in: &state))
    }
    var keys: [FindingKey] = []
    Judge(machine).judgeState(
      &state,
      enabled: enabled,
      ignoring: FindingSet(for: question.program),
      effects: &effects,
      into: &keys
    )
    guard let key = keys.first(where: { $0.kind == .deadlock }) else { return nil }
    self.key = key
  }
}
