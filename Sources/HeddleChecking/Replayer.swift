import HeddleDiagnostics
import HeddleProgram
public import HeddleSemantics

/// Takes the steps of a schedule one by one, and writes down what happens.
///
/// Whichever engine found an order, it is replayed here before anybody sees it.
public struct Replayer: Sendable {
  /// The meaning of the program.
  public let machine: Machine

  /// Replays schedules of the machine's program.
  public init(_ machine: Machine) { self.machine = machine }

  /// Replays a schedule from its initial state to its end.
  ///
  /// The last step may end the run, with a failed claim or misuse. After it, invariants and `finally` are evaluated
  /// where the language says so.
  ///
  /// - Throws: ``ReplayError`` for the first step that the program does not have.
  /// - Complexity: O(steps x (words of a state + threads)).
  public func replay(_ schedule: Schedule) throws(ReplayError) -> Trace {
    var run = ReplayRun(machine)
    var buffer = Array(repeating: 0, count: machine.layout.bufferWidth)
    var state = buffer.mutableSpan
    try run.begin(schedule, &state)
    var loopState: [Int] = []
    for (index, step) in schedule.steps.enumerated() {
      if index == schedule.loopStart { loopState = words(of: state.span) }
      try run.take(step, &state)
    }
    var loopFrom: Int?
    if let start = schedule.loopStart {
      guard schedule.steps.indices.contains(start), words(of: state.span) == loopState else {
        throw ReplayError(step: start + 1, thread: nil, reason: .doesNotRepeat)
      }
      loopFrom = start + 1
    }
    run.evaluateObservers(&state)
    return run.trace(of: schedule, loopFrom: loopFrom, &state)
  }

  private func words(of state: Span<Int>) -> [Int] {
    (0..<machine.layout.width).map { state[$0] }
  }
}

/// The state of one replay.
private struct ReplayRun {
  private let machine: Machine
  private let program: Program
  private let view: StateView
  private let shapes: [StatementShape]
  private var effects: StepEffects
  private var provenance: Provenance
  private var initialEvents: [StepEvent] = []
  private var initial: Snapshot?
  private var steps: [TraceStep] = []
  private var outcome = StepOutcome.completed
  private var failedClaims: [FailedClaim] = []
  private var misuses: [Misuse] = []
  private var preemptions = 0

  init(_ machine: Machine) {
    self.machine = machine
    program = machine.program
    view = StateView(machine)
    effects = StepEffects(for: machine.program, isRecording: true)
    provenance = Provenance(machine.program)
    shapes = StatementShape.all(of: machine.program)
  }

  // MARK: Steps

  mutating func begin(
    _ schedule: Schedule,
    _ state: inout MutableSpan<Int>
  ) throws(ReplayError) {
    let number = schedule.initialState
    let integers = schedule.initialIntegers
    guard integers.count <= machine.initialIntegerCount else {
      let reason = ReplayError.Reason.tooManyIntegers(count: machine.initialIntegerCount)
      throw ReplayError(step: 0, thread: nil, reason: reason)
    }
    switch machine.initialStateCount {
    case .failure(let error):
      throw ReplayError(step: 0, thread: nil, reason: .uncountableInitialStates(error.limit))
    case .success(let count):
      guard (0..<count).contains(number) else {
        throw ReplayError(step: 0, thread: nil, reason: .noSuchInitialState(count: count))
      }
    }
    outcome = machine.makeInitialState(number, integers: integers, in: &state, effects: &effects)
    initialEvents = effects.events
    initial = view.snapshot(of: &state, previous: nil)
    let running = program.hasMain ? [0] : Array(program.instances.indices)
    noteOutcome(candidates: running, otherwise: nil, &state)
  }

  mutating func take(
    _ step: Schedule.Step,
    _ state: inout MutableSpan<Int>
  ) throws(ReplayError) {
    let number = steps.count + 1
    let thread = step.thread.index
    guard program.instances.indices.contains(thread) else {
      throw ReplayError(step: number, thread: nil, reason: .noSuchThread)
    }
    let name = program.instances[thread].name
    guard outcome == .completed else {
      throw ReplayError(step: number, thread: name, reason: .runIsOver)
    }
    let choices = machine.choices(of: thread, in: &state)
    guard choices > 0, let position = machine.position(of: thread, in: state.span) else {
      let reason = absence(of: thread, &state)
      throw ReplayError(step: number, thread: name, reason: reason)
    }
    let takesAnyInteger =
      if case .anyInteger = program.instructions[position.index] { true } else { false }
    guard (0..<choices).contains(step.choice) || takesAnyInteger else {
      throw ReplayError(step: number, thread: name, reason: .noSuchChoice(count: choices))
    }
    let preempts = preempts(step.thread, &state)
    if preempts { preemptions += 1 }
    for index in effects.covered.indices { effects.covered[index] = false }
    outcome = machine.apply(thread, choice: step.choice, to: &state, effects: &effects)
    let events = effects.events
    append(step, position, preempts, events, &state)
    var candidates: [Int] = []
    if case .started(let started)? = events.first { candidates = started.map(\.index) }
    noteOutcome(candidates: candidates, otherwise: thread, &state)
  }

  private func absence(of thread: Int, _ state: inout MutableSpan<Int>) -> ReplayError.Reason {
    if !machine.hasStarted(thread, in: state.span) { return .notStarted }
    if machine.hasEnded(thread, in: state.span) { return .hasEnded }
    let waitsFor = machine.blockage(of: thread, in: &state).map { program.text(of: $0) { $0 } }
    return .blocked(waitsFor: waitsFor ?? "something")
  }

  /// Whether the step switches away from a thread that could go on, and not with `sleep`.
  private func preempts(_ thread: ThreadID, _ state: inout MutableSpan<Int>) -> Bool {
    guard let last = steps.last?.thread, last != thread,
      machine.choices(of: last.index, in: &state) > 0,
      let position = machine.position(of: last.index, in: state.span)
    else { return false }
    return program.instructions[position.index] != .sleep
  }

  private mutating func append(
    _ step: Schedule.Step,
    _ position: InstructionID,
    _ preempts: Bool,
    _ events: [StepEvent],
    _ state: inout MutableSpan<Int>
  ) {
    let number = steps.count + 1
    let statement = program.instructionStatements[position.index]
    var description = StepDescription(
      position,
      events,
      shape: shapes[statement.index],
      view
    )
    let executed = effects.covered.indices.filter { effects.covered[$0] }
    let stale = provenance.follow(
      number,
      of: step.thread.index,
      executed: executed,
      events: events
    )
    let read = stale.min { $0.key < $1.key }?.value
    if let read {
      let text = view.text(of: read.value, in: read.variable)
      description.effect += " (from step \(read.step)'s \(text))"
    }
    steps.append(
      TraceStep(
        number: number,
        thread: step.thread,
        threadName: view.name(of: step.thread),
        choice: step.choice,
        position: position,
        span: program.instructionSpans[position.index],
        location: program.source.location(of: program.statements[statement.index].span.start),
        source: view.source(of: position),
        action: description.action,
        object: description.object,
        value: description.value,
        oldValue: description.oldValue,
        effect: description.effect,
        preempts: preempts,
        events: events,
        staleReadStep: read?.step,
        after: view.snapshot(of: &state, previous: steps.last?.after ?? initial)
      )
    )
  }

  // MARK: Failures

  /// Writes down the claim that failed in the last step, or the misuse that ended it.
  ///
  /// The candidates are threads that did their first local work in the step. The one in which it failed still stands at
  /// its entry, which is no instruction to stand at. Without one, it failed in `thread`, which took the step.
  private mutating func noteOutcome(
    candidates: [Int],
    otherwise thread: Int?,
    _ state: inout MutableSpan<Int>
  ) {
    let span: SourceSpan
    switch outcome {
    case .assertionFailed(let claim): span = program.claims[claim.index].span
    case .misuse(_, let position):
      span = program.statements[program.instructionStatements[position.index].index].span
    default: return
    }
    let stuck = candidates.first { candidate in
      let entry = program.threadTypes[program.instances[candidate].type.index].entry
      return machine.position(of: candidate, in: state.span) == entry
        && !program.instructions[entry.index].isPlaceToHalt
    }
    guard let thread = (stuck ?? thread).map({ ThreadID($0) }) else { return }
    let events = steps.isEmpty ? initialEvents : ownEvents(of: thread, within: span)
    note(outcome, thread: thread, events, &state)
  }

  /// What the code within `span` has recorded in the last steps of the thread.
  private func ownEvents(of thread: ThreadID, within span: SourceSpan) -> [StepEvent] {
    var events: [StepEvent] = []
    for step in steps.reversed() where step.thread == thread {
      guard span.start <= step.span.start, step.span.end <= span.end else { break }
      events = step.events + events
    }
    return events
  }

  /// Evaluates what the language evaluates between steps.
  mutating func evaluateObservers(_ state: inout MutableSpan<Int>) {
    guard outcome == .completed else { return }
    var observers = program.invariants
    if let finally = program.finally, !machine.someoneMustEnd(in: state.span) {
      observers.append(finally)
    }
    for observer in observers {
      let result = machine.evaluate(observer, in: &state, effects: &effects)
      if outcome == .completed { outcome = result }
      note(result, thread: nil, effects.events, &state)
    }
  }

  /// Writes down a claim that failed, or a misuse.
  private mutating func note(
    _ outcome: StepOutcome,
    thread: ThreadID?,
    _ events: [StepEvent],
    _ state: inout MutableSpan<Int>
  ) {
    switch outcome {
    case .assertionFailed(let claim):
      failedClaims.append(failedClaim(claim, thread: thread, reads: events, &state))
    case .misuse(let kind, let position):
      misuses.append(
        Misuse(
          kind: kind,
          position: position,
          thread: thread,
          reads: readValues(events),
          index: machine.index(at: position, thread: thread?.index, in: &state)
        )
      )
    default: break
    }
  }

  private func failedClaim(
    _ claim: ClaimID,
    thread: ThreadID?,
    reads: [StepEvent],
    _ state: inout MutableSpan<Int>
  ) -> FailedClaim {
    let compared = machine.comparedValues(of: claim, thread: thread?.index, in: &state)
    let texts = ClaimTexts(claim, compared, reads: reads, view)
    return FailedClaim(
      claim: program.original(of: claim),
      thread: thread,
      message: machine.message(of: claim, thread: thread?.index, in: &state),
      expected: texts.expected,
      got: texts.got,
      reads: readValues(reads).map(\.name)
    )
  }

  /// The variables that were read, in the order of their first reads, each with the last value.
  private func readValues(_ events: [StepEvent]) -> [NamedValue] {
    var values: [NamedValue] = []
    for case .read(let variable, let element, let value) in events {
      let name = view.name(of: variable, element: element)
      let text = view.text(of: value, in: variable)
      if let index = values.firstIndex(where: { $0.name == name }) {
        values[index].value = text
      } else {
        values.append(NamedValue(name: name, value: text))
      }
    }
    return values
  }

  /// What the threads could access next.
  private func pendingAccesses(_ state: inout MutableSpan<Int>) -> [PendingAccess] {
    guard outcome == .completed else { return [] }
    var pending: [PendingAccess] = []
    for thread in program.instances.indices where machine.choices(of: thread, in: &state) > 0 {
      var accesses: [SharedAccess] = []
      if let access = machine.access(of: thread, in: &state) {
        accesses = [access]
      } else if machine.standsAtBlock(thread, in: state.span) {
        accesses = machine.accessesOfBlock(thread, in: state.span)
      }
      for access in accesses {
        let first = machine.layout.variables[access.variable.index]
        pending.append(
          PendingAccess(
            thread: ThreadID(thread),
            variable: access.variable,
            name: view.name(of: access.variable, element: access.slot - first),
            isWrite: access.isWrite,
            isAtomic: access.isAtomic
          )
        )
      }
    }
    return pending
  }

  func trace(
    of schedule: Schedule,
    loopFrom: Int?,
    _ state: inout MutableSpan<Int>
  ) -> Trace {
    Trace(
      schedule: schedule,
      preemptions: preemptions,
      initial: initial ?? Snapshot(variables: [], objects: [], threads: []),
      initialEvents: initialEvents,
      steps: steps,
      loopFrom: loopFrom,
      outcome: outcome,
      failedClaims: failedClaims,
      misuses: misuses,
      pendingAccesses: pendingAccesses(&state)
    )
  }
}
