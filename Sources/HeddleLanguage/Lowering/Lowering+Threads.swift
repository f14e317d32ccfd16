import HeddleDiagnostics
import HeddleProgram

extension Lowering {
  /// Emits the code of a thread declaration.
  mutating func lower(_ thread: ThreadSymbolID) {
    guard let type = threadTypes[thread.index],
      let run = CallGraph.method("run", of: thread, in: scenario)
    else { return }
    frame = LoweringFrame()
    frame.thread = thread
    frame.canRun = program.threadTypes[type.index].instanceCount > 0
    bindParameters(of: thread)
    isReachable = true
    program.threadTypes[type.index].entry = InstructionID(program.instructions.count)
    let function = scenario.functions[run.index]
    let body = function.body
    frame.statement = firstStatement(of: function)
    lower(body)
    // The end belongs to the last statement of the body, or to the thread if that is empty.
    frame.statement = body.last?.number ?? frame.statement
    emit(.end(byException: false), at: body.last?.span ?? scenario.threads[thread.index].span)
    placeExceptionEnds()
    program.threadTypes[type.index].registerCount = frame.registerCount
  }

  /// The first statement of a body; an empty one has a placeholder.
  private mutating func firstStatement(of function: FunctionSymbol) -> StatementNumber {
    if let first = function.body.first { return first.number }
    guard let placeholder = function.placeholder else {
      preconditionFailure("internal error: '\(function.name)' is empty without a placeholder")
    }
    place(placeholder, isAlive: true)
    return placeholder
  }

  /// The parameters are the first registers; a base knows them by symbols of its own.
  private mutating func bindParameters(of thread: ThreadSymbolID) {
    let parameters = scenario.threads[thread.index].parameters
    let registers = makeRegisters(parameters.count).registers
    var registerOfName: [String: Register] = [:]
    for (parameter, register) in zip(parameters, registers) {
      registerOfName[scenario.locals[parameter.index].name] = register
    }
    for ancestor in scenario.types.lineage(of: thread) {
      for parameter in scenario.threads[ancestor.index].parameters {
        guard let register = registerOfName[scenario.locals[parameter.index].name] else { continue }
        frame.bindings[parameter] = .value(.register(register))
      }
    }
  }

  /// Emits the ends of the thread by exceptions that nothing catches.
  private mutating func placeExceptionEnds() {
    for end in frame.exceptionEnds {
      frame.statement = end.statement
      place(end.label)
      emit(.end(byException: true), at: end.span)
    }
  }

  // MARK: Observers

  /// Emits invariants and `finally`.
  mutating func lowerObservers() {
    for invariant in scenario.invariants {
      let entry = beginObserver()
      frame.statement = invariant.statement
      place(invariant.statement, isAlive: true)
      let span = scenario.statements[invariant.statement.index].span
      lowerClaim(.invariant, invariant.condition, message: invariant.message, at: span)
      emit(.observerEnd, at: span)
      program.invariants.append(Observer(entry: entry, registerCount: frame.registerCount))
    }
    if let finally = scenario.finally {
      let function = scenario.functions[finally.index]
      let entry = beginObserver()
      frame.statement = firstStatement(of: function)
      lower(function.body)
      frame.statement = function.body.last?.number ?? frame.statement
      emit(.observerEnd, at: function.body.last?.span ?? function.span)
      program.finally = Observer(entry: entry, registerCount: frame.registerCount)
    }
  }

  private mutating func beginObserver() -> InstructionID {
    frame = LoweringFrame()
    frame.returnTarget = .observerEnd
    isReachable = true
    return InstructionID(program.instructions.count)
  }
}
