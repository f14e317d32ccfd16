import HeddleDiagnostics
import HeddleProgram

extension Lowering {
  /// Emits a block; its locals and temporaries are free again after it.
  mutating func lower(_ statements: [ResolvedStatement]) {
    scoped { lowering in
      for statement in statements { lowering.lower(statement) }
    }
  }

  private mutating func lower(_ statement: ResolvedStatement) {
    guard !isStopped else { return }
    guard isReachable else { return markLowered(statement) }
    place(statement.number, isAlive: true)
    let outer = frame.statement
    frame.statement = statement.number
    nested(at: statement.span) { lowering in
      if case .binding(let local, let value, let otherwise) = statement.kind {
        lowering.lowerBinding(local, value, otherwise: otherwise, at: statement.span)
      } else {
        lowering.scoped { $0.lowerKind(of: statement) }
      }
    }
    frame.statement = outer
  }

  /// Enters a statement that control never reaches, with all in it, into the statement table.
  private mutating func markLowered(_ statement: ResolvedStatement) {
    place(statement.number, isAlive: false)
    for block in statement.blocks {
      for inner in block { markLowered(inner) }
    }
  }

  private mutating func lowerKind(of statement: ResolvedStatement) {
    let span = statement.span
    switch statement.kind {
    case .binding: break
    case .assignment(let target, let operation, let value):
      lowerAssignment(target, operation, value, at: span)
    case .expression(let value, let otherwise): lowerEffect(value, otherwise: otherwise)
    case .conditional(let condition, let then, let otherwise):
      lowerConditional(condition, then, otherwise)
    case .whileLoop(let condition, let body): lowerWhile(condition, body, at: span)
    case .loop(let body): lowerLoop(body, at: span)
    case .forRange(let local, let lower, let upper, let isClosed, let body):
      lowerRange(local, lower, upper, isClosed: isClosed, body, at: span)
    case .forEach(let local, let array, let body): lowerForEach(local, array, body, at: span)
    case .breakLoop: leaveLoop(at: span) { $0.end }
    case .continueLoop: leaveLoop(at: span) { $0.next }
    case .returnValue(let value): lowerReturn(value, at: span)
    case .with(let object, let body): lowerWith(object, body, at: span)
    case .atomic(let condition, let body): lowerAtomic(condition, body, at: span)
    case .choose(let blocks): lowerChoose(blocks, at: span)
    case .tryFinally(let body, let finally):
      protect(.block(finally), at: span) { $0.lower(body) }
    case .fail(let message):
      var text: TemplateID?
      if let message { text = template(for: message) }
      emit(.fail(text, handler: exceptionTarget(at: span).target), at: span)
    case .assert(let condition, let message):
      lowerClaim(.assertion, condition, message: message, at: span)
    case .assume(let condition): lowerClaim(.assumption, condition, message: nil, at: span)
    case .print(let value): emit(.print(template(for: value)), at: span)
    case .sleep(let time):
      _ = lowerRequired(time)
      emit(.sleep, at: span)
    }
  }

  // MARK: Variables

  private mutating func lowerBinding(
    _ local: LocalID?,
    _ value: ResolvedExpression,
    otherwise: [ResolvedStatement]?,
    at span: SourceSpan
  ) {
    guard let local else {
      return scoped { lowering in
        if case .array = value.type {
          _ = lowering.lowerArray(value)
        } else {
          _ = lowering.lower(value, into: nil, otherwise: otherwise)
        }
      }
    }
    let symbol = scenario.locals[local.index]
    if case .array(let node, let length) = value.type {
      let range = makeRegisters(length ?? lengthOfArray(value))
      scoped { $0.lower(value, node, into: range, flowingInto: symbol.type) }
      frame.bindings[local] = .array(range)
      return
    }
    let register = makeRegister()
    scoped { lowering in
      let operand = lowering.lower(value, into: register, otherwise: otherwise)
      lowering.checkFlow(operand, of: value, into: symbol.type)
      lowering.move(operand, to: register, at: span)
    }
    frame.bindings[local] = .value(.register(register))
  }

  /// Moves a value to a register unless it is there.
  mutating func move(_ operand: Operand, to register: Register, at span: SourceSpan) {
    if operand != .register(register) { emit(.move(register, operand), at: span) }
  }

  private mutating func lowerAssignment(
    _ target: ResolvedExpression,
    _ operation: BinaryOperator?,
    _ value: ResolvedExpression,
    at span: SourceSpan
  ) {
    guard let operation else {
      if case .local(let local) = target.kind {
        return assign(value, to: local, at: span)
      }
      let operand = lower(value, into: nil)
      if let node = target.node { checkFlow(operand, of: value, into: node) }
      let place = lowerPlace(target)
      return store(operand, to: place, at: span)
    }
    let place = lowerPlace(target)
    let old = load(place, at: target.span)
    let new = lower(value, into: nil)
    requireValue(old, of: target)
    requireValue(new, of: value)
    var register = makeRegister()
    if case .operand(.register(let local)) = place { register = local }
    emit(.binary(lowered(operation), register, old, new), at: span)
    if let node = target.node { checkRange(.register(register), into: node, at: span) }
    store(.register(register), to: place, at: span)
  }

  private mutating func assign(
    _ value: ResolvedExpression,
    to local: LocalID,
    at span: SourceSpan
  ) {
    guard case .value(.register(let register))? = frame.bindings[local] else {
      preconditionFailure("internal error: assignment to a local without a register")
    }
    // Operations that take one step with their operands may write to the variable at once.
    let isSimple: Bool
    switch value.kind {
    case .binary(let operation, _, _): isSimple = operation != .and && operation != .or
    case .unary, .variable, .element, .field, .fieldElement: isSimple = true
    default: isSimple = false
    }
    let type = scenario.locals[local.index].type
    let needsCheck = !scenario.types.isOptional(type) && isOptional(value)
    let operand = lower(value, into: isSimple && !needsCheck ? register : nil)
    checkFlow(operand, of: value, into: type)
    move(operand, to: register, at: span)
  }

  // MARK: Branches

  private mutating func lowerConditional(
    _ condition: ResolvedExpression,
    _ then: [ResolvedStatement],
    _ otherwise: [ResolvedStatement]
  ) {
    let elseLabel = makeLabel()
    scoped { $0.lowerCondition(condition, otherwise: elseLabel) }
    lower(then)
    guard !otherwise.isEmpty else { return place(elseLabel) }
    let end = makeLabel()
    emit(.jump(end.target), at: condition.span)
    place(elseLabel)
    lower(otherwise)
    place(end)
  }

  private mutating func lowerChoose(_ blocks: [[ResolvedStatement]], at span: SourceSpan) {
    let targets = blocks.map { _ in makeLabel() }
    let end = makeLabel()
    program.targetLists.append(targets.map(\.target))
    emit(.choose(targets: program.targetLists.count - 1), at: span)
    for (target, block) in zip(targets, blocks) {
      place(target)
      lower(block)
      if target != targets.last { emit(.jump(end.target), at: span) }
    }
    place(end)
  }

  // MARK: Return

  private mutating func lowerReturn(_ value: ResolvedExpression?, at span: SourceSpan) {
    switch frame.returnTarget {
    case .end:
      if let value { _ = lower(value, into: nil) }
      runCleanups(downTo: 0, at: span)
      emit(.end(byException: false), at: span)
    case .observerEnd: emit(.observerEnd, at: span)
    case .inlined(let label, let result, let type, let cleanupCount):
      if let value {
        let operand = lower(value, into: result)
        if let result {
          checkFlow(operand, of: value, into: type)
          move(operand, to: result, at: value.span)
        }
      } else if let result {
        emit(.move(result, .constant(Program.none)), at: span)
      }
      runCleanups(downTo: cleanupCount, at: span)
      emit(.jump(label.target), at: span)
    }
  }

  // MARK: Expressions as statements

  private mutating func lowerEffect(
    _ value: ResolvedExpression,
    otherwise: [ResolvedStatement]?
  ) {
    switch value.kind {
    case .start(let thread, let arguments, let count):
      lowerStart(thread, arguments, count: count, results: nil, at: value.span)
    case .call(let function, let isVirtual, let arguments):
      _ = lowerCall(
        function,
        isVirtual: isVirtual,
        arguments,
        into: nil,
        isUsed: false,
        at: value.span
      )
    case .operation(let operation, let object, let waiting):
      _ = lowerOperation(
        operation,
        on: object,
        waiting,
        into: nil,
        isUsed: false,
        otherwise: otherwise,
        at: value.span
      )
    default:
      if case .array = value.type {
        _ = lowerArray(value)
      } else {
        _ = lower(value, into: nil, otherwise: otherwise)
      }
    }
  }
}
