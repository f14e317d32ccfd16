import HeddleChecking
import HeddleProgram
import HeddleSemantics
import HeddleSolver

// Which order a finding is shown with.

extension SymbolicSession {
  /// Finds the order of each finding: that of the tracer on the same inputs, or else the canonical one.
  func chooseOrders() throws(SolverError) {
    var traced: [Inputs: EngineAnswer] = [:]
    let keys = Set(shown.map(\.key))
    for entry in shown {
      var finding = EngineAnswer.RawFinding(key: entry.key, schedule: nil)
      // Folding as if it were alone would hide it: the checker replays every order.
      if solver.isInterrupted {
        continue
      }
      var order = try CanonicalOrder(self, entry.inquiry, entry.literals)
      try order.fixInputs()
      if let tracer, let inputs = try order.inputs().map({ Inputs($0.initial, $0.chosen) }) {
        let answer = traced[inputs] ?? trace(inputs, tracer)
        traced[inputs] = answer
        if answer.limit == nil,
          let known = answer.findings.first(where: { $0.key == entry.key }),
          let schedule = known.schedule
        {
          finding = known
          finding.schedule = restored(schedule, inputs)
          if let continuation = known.continuation, !keys.contains(continuation.claim) {
            finding.continuation = nil
          }
          if let cause = known.cause, !keys.contains(cause) { finding.cause = nil }
          if finding.continuation != nil, !inputs.chosen.isEmpty { finding.continuation = nil }
          add(finding)
          continue
        }
      }
      finding.schedule = try order.schedule()
      finding.isShortest = false
      add(finding)
    }
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
    traced.limits.states = min(
      question.limits.states ?? SymbolicEngine.tracerStates,
      SymbolicEngine.tracerStates
    )
    return tracer.answer(traced, supervisor: .none)
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
