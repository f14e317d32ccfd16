import HeddleDiagnostics
import HeddleProgram

extension Lowering {
  // MARK: Sync objects

  /// Evaluates the index of an object; a known one gives the single object.
  ///
  /// With `isKept`, statements that follow may not change the index.
  mutating func lowerReference(
    _ object: ResolvedObject,
    isKept: Bool = false
  ) -> ObjectReference {
    let first = objects[object.symbol.index]
    guard let index = object.index else { return ObjectReference(first) }
    let count = scenario.objects[object.symbol.index].count
    var operand = lowerIndex(index, count: count)
    if case .constant(let constant) = operand {
      return ObjectReference(ObjectID(first.index + constant))
    }
    if isKept { operand = kept(operand, of: index) }
    return ObjectReference(first, count: count, index: operand)
  }

  /// Emits a method of a sync object.
  mutating func lowerOperation(
    _ operation: ObjectOperation,
    on object: ResolvedObject,
    _ waiting: Waiting,
    into hint: Register?,
    isUsed: Bool,
    otherwise: [ResolvedStatement]?,
    at span: SourceSpan
  ) -> Operand {
    let reference = lowerReference(object)
    func result(_ lowering: inout Lowering) -> Register? {
      isUsed ? hint ?? lowering.makeRegister() : nil
    }
    switch operation {
    case .acquire:
      let register = result(&self)
      emit(.acquire(reference, waiting, result: register), at: span)
      return operand(register)
    case .release(let count): emit(.release(reference, count: count), at: span)
    case .conditionWait:
      let register = result(&self)
      emit(.conditionWait(reference), at: span)
      emit(.conditionWake(reference, waiting, result: register), at: span)
      return operand(register)
    case .notify(let count): emit(.notify(reference, count: count), at: span)
    case .eventSet: emit(.eventSet(reference), at: span)
    case .eventClear: emit(.eventClear(reference), at: span)
    case .eventWait:
      let register = result(&self)
      emit(.eventWait(reference, waiting, result: register), at: span)
      if counts.effects.cleared.contains(object.symbol) {
        emit(.eventWake(reference, waiting, result: register), at: span)
      }
      return operand(register)
    case .barrierWait:
      let register = result(&self)
      withFailure(otherwise, waiting: .timed, at: span) { lowering, target in
        lowering.emit(
          .barrierArrive(reference, result: register, onBroken: target.target),
          at: span
        )
        lowering.emit(.barrierLeave(reference, waiting, onBroken: target.target), at: span)
      }
      return operand(register)
    case .barrierAbort: emit(.barrierAbort(reference), at: span)
    case .barrierReset: emit(.barrierReset(reference), at: span)
    case .put(let item):
      let operand = lowerItem(item, for: object)
      withFailure(otherwise, waiting: waiting, at: span) { lowering, target in
        lowering.emit(.put(reference, operand, waiting, onFailure: target.target), at: span)
      }
    case .get:
      let register = hint ?? makeRegister()
      withFailure(otherwise, waiting: waiting, at: span) { lowering, target in
        lowering.emit(.get(register, reference, waiting, onFailure: target.target), at: span)
      }
      return .register(register)
    case .taskDone: emit(.taskDone(reference), at: span)
    case .queueJoin: emit(.queueJoin(reference), at: span)
    case .observe(let observation):
      let register = hint ?? makeRegister()
      emit(.observe(register, reference, observation), at: span)
      return .register(register)
    }
    return .constant(0)
  }

  private func operand(_ register: Register?) -> Operand {
    register.map { .register($0) } ?? .constant(1)
  }

  private mutating func lowerItem(
    _ item: ResolvedExpression,
    for object: ResolvedObject
  ) -> Operand {
    let operand = lower(item, into: nil)
    if case .queue(_, _, let items) = scenario.objects[object.symbol.index].kind {
      checkFlow(operand, of: item, into: items)
    }
    return operand
  }

  /// Emits an operation that may fail, with its `else` block behind it, or else an exception.
  private mutating func withFailure(
    _ otherwise: [ResolvedStatement]?,
    waiting: Waiting,
    at span: SourceSpan,
    _ operation: (inout Lowering, Label) -> Void
  ) {
    guard let otherwise else {
      let target = waiting == .blocking ? .unused : exceptionTarget(at: span)
      return operation(&self, target)
    }
    let failure = makeLabel()
    let end = makeLabel()
    operation(&self, failure)
    emit(.jump(end.target), at: span)
    place(failure)
    lower(otherwise)
    place(end)
  }

  // MARK: Threads

  /// Emits a `start`, which is one step whatever the count.
  mutating func lowerStart(
    _ thread: ThreadSymbolID,
    _ arguments: [ResolvedExpression],
    count: Int,
    results: Register?,
    at span: SourceSpan
  ) {
    guard let type = threadTypes[thread.index] else {
      preconditionFailure("internal error: a thread that is not counted is started")
    }
    let parameters = scenario.threads[thread.index].parameters
    var operands: [Operand] = []
    for (argument, parameter) in zip(arguments, parameters) {
      let operand = lower(argument, into: nil)
      checkFlow(operand, of: argument, into: scenario.locals[parameter.index].type)
      operands.append(operand)
    }
    program.argumentLists.append(operands)
    let list = program.argumentLists.count - 1
    emit(.start(type, count: count, arguments: list, results: results), at: span)
  }

  mutating func lowerJoin(_ target: ResolvedExpression, _ waiting: Waiting, at span: SourceSpan) {
    if case .array = target.type {
      emit(.join(.threads(lowerArray(target)), waiting), at: span)
    } else {
      emit(.join(.thread(lowerRequired(target)), waiting), at: span)
    }
  }

  // MARK: Calls

  /// Inlines a function or method.
  mutating func lowerCall(
    _ function: FunctionID,
    isVirtual: Bool,
    _ arguments: [ResolvedExpression],
    into hint: Register?,
    isUsed: Bool,
    at span: SourceSpan
  ) -> Operand {
    let callee = CallGraph.callee(
      function,
      isVirtual: isVirtual,
      from: frame.thread,
      in: scenario
    )
    let symbol = scenario.functions[callee.function.index]
    markStatement(at: span)
    for (argument, parameter) in zip(arguments, symbol.parameters) {
      bind(argument, to: parameter)
    }
    inlinedCalls += 1
    let result = isUsed ? hint ?? makeRegister() : nil
    let end = makeLabel()
    let outer = (frame.returnTarget, frame.loops)
    frame.returnTarget = .inlined(
      end,
      result: result,
      type: symbol.result,
      cleanupCount: frame.cleanups.count
    )
    frame.loops = []
    nested(at: span) { $0.lower(symbol.body) }
    (frame.returnTarget, frame.loops) = outer
    if let result, isReachable { emit(.move(result, .constant(Program.none)), at: span) }
    place(end)
    return result.map { .register($0) } ?? .constant(0)
  }

  /// Gives the statement an instruction that is executed whenever it begins: what is inlined for a call, or for leaving a block, belongs to other
  /// statements, and HD601 has to tell whether this one is reached.
  mutating func markStatement(at span: SourceSpan) {
    guard program.instructionStatements.last?.index != frame.statement.index else { return }
    let next = makeLabel()
    emit(.jump(next.target), at: span)
    place(next)
  }

  /// Lets a parameter stand for its argument, which nothing can change during the call.
  private mutating func bind(_ argument: ResolvedExpression, to parameter: LocalID) {
    if case .array = argument.type {
      frame.bindings[parameter] = .array(lowerArray(argument))
      return
    }
    let operand = lower(argument, into: nil)
    checkFlow(operand, of: argument, into: scenario.locals[parameter.index].type)
    frame.bindings[parameter] = .value(operand)
  }
}
