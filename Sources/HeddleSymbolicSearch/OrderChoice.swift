import HeddleChecking
import HeddleProgram
import HeddleSemantics
import HeddleSolver
import Synchronization

// Which order a finding is shown with.

extension SymbolicSession {
  /// Finds the order of each finding: that of the tracer on the same inputs, or else the canonical one.
  func chooseOrders() throws(SolverError) {
    var traced: [Inputs: EngineAnswer] = [:]
    let keys = Set(shown.map(\.key))
    // Nothing is said without an order that shows it.
    for entry in shown where !solver.isInterrupted {
      do throws(SolverError) {
        add(try finding(entry, &traced, among: keys))
      } catch .exhausted(let reason) {
        try addUncanonical(entry, after: reason, among: keys)
      }
    }
    dropContinuations()
  }

  /// A finding that has a model is not kept back because the work for the best order is used up.
  private func addUncanonical(
    _ entry: Shown,
    after reason: String,
    among keys: Set<FindingKey>
  ) throws(SolverError) {
    var entry = entry
    let isConsequence = try isConsequence(&entry, among: keys)
    guard try check(entry.literals) == .satisfiable else {
      return noteUnknown("an order that shows the \(entry.key.kind.rawValue)", reason)
    }
    let schedule = try ModelReader(self).schedule(of: entry.inquiry)
    add(try ownFinding(entry, schedule, isConsequence, among: keys))
  }

  /// A finding with an order that is not the tracer's.
  private func ownFinding(
    _ entry: Shown,
    _ schedule: Schedule,
    _ isConsequence: Bool,
    among keys: Set<FindingKey>
  ) throws(SolverError) -> EngineAnswer.RawFinding {
    let first = isConsequence ? try firstLoss() : nil
    var finding = EngineAnswer.RawFinding(key: entry.key, schedule: schedule)
    finding.isShortest = false
    finding.cause = cause(of: entry.key, first: first, isConsequence: isConsequence, among: keys)
    return finding
  }

  private func finding(
    _ entry: Shown,
    _ traced: inout [Inputs: EngineAnswer],
    among keys: Set<FindingKey>
  ) throws(SolverError) -> EngineAnswer.RawFinding {
    var entry = entry
    // The tracer knows the runs with the same inputs only.
    let hasInputs = SymbolicEngine.isNeeded(for: question.program)
    var isConsequence = hasInputs ? try isConsequence(&entry, among: keys) : false
    var order = try CanonicalOrder(self, entry.inquiry, entry.literals)
    try order.fixInputs()
    if let tracer, let inputs = try order.inputs().map({ Inputs($0.initial, $0.chosen) }) {
      let answer = traced[inputs] ?? trace(inputs, tracer)
      traced[inputs] = answer
      if answer.limit == nil,
        var finding = answer.findings.first(where: { $0.key == entry.key }),
        let schedule = finding.schedule
      {
        finding.schedule = restored(schedule, inputs)
        if !inputs.chosen.isEmpty { finding.continuation = nil }
        finding.cause = cause(
          of: entry.key,
          first: finding.cause,
          isConsequence: isConsequence || !hasInputs,
          among: keys
        )
        return finding
      }
    }
    if !hasInputs {
      isConsequence = try self.isConsequence(&entry, among: keys)
      order = try CanonicalOrder(self, entry.inquiry, entry.literals)
    }
    return try ownFinding(entry, try order.schedule(), isConsequence, among: keys)
  }

  /// The symbolic inputs of one run.
  struct Inputs: Hashable {
    var initial: [Int]
    /// By instruction.
    var chosen: [Int: Int]

    init(_ initial: [Int], _ chosen: [Int: Int]) {
      self.initial = initial
      self.chosen = chosen
    }
  }

  /// The program in which the inputs are known.
  private func concrete(_ inputs: Inputs) -> Program {
    var program = question.program
    var next = 0
    for index in program.variables.indices where program.variables[index].initial == .anyInteger {
      let count = program.variables[index].elementCount
      program.variables[index].initial = .values(Array(inputs.initial[next..<next + count]))
      next += count
    }
    for position in program.instructions.indices {
      guard case .anyInteger(let register) = program.instructions[position] else { continue }
      let value = Operand.constant(inputs.chosen[position] ?? 0)
      program.instructions[position] = .any(register, lower: value, upper: value)
    }
    return program
  }

  private func trace(_ inputs: Inputs, _ tracer: any Engine) -> EngineAnswer {
    var traced = question
    traced.program = concrete(inputs)
    traced.countsOrders = false
    traced.asksOdds = false
    traced.surveysCoverage = false
    traced.limits.states = min(
      question.limits.states ?? SymbolicEngine.tracerStates,
      SymbolicEngine.tracerStates
    )
    // Hearings are counted in steps, so this is a limit of work, not of time.
    let most = SymbolicEngine.tracerHearings(question.program)
    let hearings = Mutex(0)
    let supervisor = supervisor
    let limited = Supervisor { progress in
      let isOver = hearings.withLock { count in
        count += 1
        return count > most
      }
      return isOver ? .interrupted : supervisor.progress(progress)
    }
    return tracer.answer(traced, supervisor: limited)
  }

  /// The schedule of the concrete program as one of the symbolic program: with the inputs.
  private func restored(_ schedule: Schedule, _ inputs: Inputs) -> Schedule {
    var schedule = schedule
    schedule.initialIntegers = inputs.initial
    guard !inputs.chosen.isEmpty else { return schedule }
    let machine = Machine(concrete(inputs), options: question.machineOptions)
    var buffer = Array(repeating: 0, count: machine.layout.bufferWidth)
    var state = buffer.mutableSpan
    var effects = StepEffects(for: machine.program)
    _ = machine.makeInitialState(schedule.initialState, in: &state, effects: &effects)
    for index in schedule.steps.indices {
      let step = schedule.steps[index]
      if let position = machine.position(of: step.thread.index, in: state.span),
        let value = inputs.chosen[position.index]
      {
        schedule.steps[index].choice = value
      }
      _ = machine.apply(step.thread.index, choice: step.choice, to: &state, effects: &effects)
    }
    return schedule
  }
}
