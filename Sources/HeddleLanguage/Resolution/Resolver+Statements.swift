import HeddleDiagnostics
import HeddleProgram

extension Resolver {
  /// Resolves a statement and enters it into the statement table.
  mutating func resolve(_ statement: Statement) -> ResolvedStatement {
    let span = head(of: statement)
    let number = addStatement(span)
    let outer = context.statement
    context.statement = number
    defer { context.statement = outer }
    return ResolvedStatement(kind: resolveKind(statement), span: span, number: number)
  }

  /// The statement's text without the blocks that belong to it.
  private func head(of statement: Statement) -> SourceSpan {
    let whole = statement.span
    func upTo(_ end: SourceSpan) -> SourceSpan { SourceSpan(start: whole.start, end: end.end) }
    switch statement.kind {
    case .binding(_, _, _, let value, .some): return upTo(value.span)
    case .expression(let value, .some): return upTo(value.span)
    case .conditional(let condition, _, _), .whileLoop(let condition, _):
      return upTo(condition.span)
    case .loop: return keyword(of: whole, length: 4)
    case .forLoop(_, .range(_, let upper, _), _): return upTo(upper.span)
    case .forLoop(_, .array(let array), _): return upTo(array.span)
    case .with(let object, _): return upTo(object.span)
    case .atomic(let condition, _):
      return condition.map { upTo($0.span) } ?? keyword(of: whole, length: 6)
    case .choose: return keyword(of: whole, length: 6)
    case .tryFinally: return keyword(of: whole, length: 3)
    default: return whole
    }
  }

  private mutating func resolveKind(_ statement: Statement) -> ResolvedStatement.Kind {
    switch statement.kind {
    case .binding(let name, let isVariable, let type, let value, let otherwise):
      return resolveBinding(
        name,
        isVariable: isVariable,
        type: type,
        value: value,
        otherwise: otherwise
      )
    case .assignment(let target, let operation, let value):
      return resolveAssignment(target, operation, value)
    case .expression(let expression, let otherwise):
      let value = resolveStarting(expression)
      return .expression(value, otherwise: resolveOtherwise(otherwise, of: value, binding: nil))
    case .conditional(let condition, let then, let otherwise):
      let test = resolveCondition(condition)
      return .conditional(
        test,
        then: resolve(then),
        otherwise: otherwise.map { resolve($0) } ?? []
      )
    case .whileLoop(let condition, let body):
      let test = resolveCondition(condition)
      return .whileLoop(test, body: resolveLoop(body, declaring: nil))
    case .loop(let body): return .loop(body: resolveLoop(body, declaring: nil))
    case .forLoop(let name, let sequence, let body): return resolveFor(name, sequence, body)
    case .breakLoop:
      checkLoop("break", at: statement.span)
      return .breakLoop
    case .continueLoop:
      checkLoop("continue", at: statement.span)
      return .continueLoop
    case .returnValue(let value): return resolveReturn(value, at: statement.span)
    case .with(let object, let body):
      let lock = resolveLock(object)
      let statements = resolve(body)
      guard let lock else {
        return .conditional(.error(at: object.span), then: statements, otherwise: [])
      }
      return .with(lock, body: statements)
    case .atomic(let condition, let body):
      return .atomic(condition.map { resolveCondition($0) }, body: resolve(body))
    case .choose(let blocks): return .choose(blocks.map { resolve($0) })
    case .tryFinally(let body, let finally):
      return .tryFinally(body: resolve(body), finally: resolveFinally(finally))
    case .fail(let message): return .fail(message.map { resolveMessage($0) })
    case .assert(let condition, let message):
      let test = resolveCondition(condition)
      return .assert(test, message: message.map { resolveMessage($0) })
    case .assume(let condition): return .assume(resolveCondition(condition))
    case .print(let value): return .print(resolvePrinted(value))
    case .sleep(let time):
      let value = resolveValue(time)
      require(value, .integer, role: "the time to sleep")
      return .sleep(value)
    case .join(let thread, let timeout):
      let target = resolveJoined(thread)
      if let timeout { _ = constantInteger(timeout, role: "a timeout", minimum: 0) }
      let kind = ResolvedExpression.Kind.join(target, waiting: timeout == nil ? .blocking : .timed)
      return .expression(
        ResolvedExpression(kind: kind, type: .nothing, span: statement.span),
        otherwise: nil
      )
    }
  }

  // MARK: Variables

  private mutating func resolveBinding(
    _ name: Name,
    isVariable: Bool,
    type: TypeSyntax?,
    value expression: Expression,
    otherwise: Block?
  ) -> ResolvedStatement.Kind {
    let annotation = type.flatMap { resolveType($0) }
    let value = resolveStarting(expression)
    var shape = Shape.scalar
    var node = annotation?.node ?? scenario.types.make()
    switch value.type {
    case .error: break
    case .nothing: reportNoValue(value)
    case .value:
      if annotation?.isArray == true {
        report(.arrayNeeded("'\(name.text)'"), at: value.span)
      }
      flow(value, into: node, role: "'\(name.text)'")
    case .array(let element, let length):
      if let annotation, !annotation.isArray { report(.arrayAsValue(), at: value.span) }
      shape = .array(length: length)
      if annotation == nil { node = scenario.types.make() }
      flow(element, into: node, role: "an element of '\(name.text)'", at: value.span)
      if isSharedArray(value) { report(.sharedArrayAsValue(sourceText(value)), at: value.span) }
    }
    let local = addLocal(
      name,
      role: isVariable ? .variable : .letBinding,
      shape: shape,
      type: node
    )
    scenario.locals[local.index].isNeverMinimum =
      !isVariable && scenario.isNeverMinimum(value)
    if case .start(let thread, _, _) = value.kind,
      scenario.threads[thread.index].countParameter != nil
    {
      scenario.locals[local.index].team = thread
    }
    let alternative = resolveOtherwise(
      otherwise,
      of: value,
      binding: name.text == "_" ? nil : name.text
    )
    declareVisible(local)
    return .binding(name.text == "_" ? nil : local, value: value, otherwise: alternative)
  }

  private mutating func resolveAssignment(
    _ target: Expression,
    _ operation: BinaryOperator?,
    _ expression: Expression
  ) -> ResolvedStatement.Kind {
    let value = resolveValue(expression)
    let place = resolveTarget(target)
    let role = "'\(scenario.source.text(target.span))'"
    if let operation {
      let symbol = "'\(operation.rawValue)='"
      require(place, .integer, role: "what \(symbol) changes")
      require(value, .integer, role: "what \(symbol) takes")
    } else if let node = place.node {
      flow(value, into: node, role: role)
    }
    return .assignment(target: place, operation: operation, value: value)
  }

  /// The variable, element or field that is assigned to.
  private mutating func resolveTarget(_ target: Expression) -> ResolvedExpression {
    if case .parenthesized(let inner) = target.kind { return resolveTarget(inner) }
    if case .name(let name) = target.kind, isUnknown(name) {
      report(.assignedNameIsUnknown(name, among: visibleNames()), at: target.span)
      return .error(at: target.span)
    }
    let place = resolve(target)
    switch place.kind {
    case .error: return place
    case .local(let local), .localElement(let local, _):
      let symbol = scenario.locals[local.index]
      if case .array = place.type {
        report(.arrayAsValue(), at: target.span)
      } else if !symbol.isMutable {
        report(
          message(for: symbol),
          at: target.span,
          notes: [Diagnostic.Note("'\(symbol.name)' is declared here", at: symbol.span)]
        )
      }
      return place
    case .variable, .element, .field, .fieldElement:
      if case .array = place.type { return singleValue(place) }
      return place
    case .constant where isConstantName(target):
      report(
        .assignmentToConstant(sourceText(place), kind: "constant"),
        at: target.span,
        notes: declarationNote(sourceText(place))
      )
      return .error(at: target.span)
    default:
      report(.notAssignable(), at: target.span)
      return .error(at: target.span)
    }
  }

  private func isConstantName(_ expression: Expression) -> Bool {
    if case .name(let name) = expression.kind, case .constant = globals[name] { return true }
    return false
  }

  private func message(for local: LocalSymbol) -> ResolutionMessage {
    switch local.role {
    case .letBinding, .variable: .assignmentToLet(local.name)
    case .parameter: .assignmentToParameter(local.name)
    case .loopVariable: .assignmentToLoopVariable(local.name)
    }
  }

  // MARK: `else`

  private mutating func resolveOtherwise(
    _ block: Block?,
    of value: ResolvedExpression,
    binding name: String?
  ) -> [ResolvedStatement]? {
    guard let block else { return nil }
    let statements = resolve(block)
    guard !value.isError else { return statements }
    if let hint = reasonForNoFailure(value) {
      report(.elseNeedsFailure(hint), at: value.span)
    }
    if let name, !alwaysLeaves(statements) {
      report(.elseMustLeave(name), at: keyword(of: block.span, length: 1))
    }
    return statements
  }

  /// Why an operation never goes on at its `else`; `nil` if it can.
  private func reasonForNoFailure(_ value: ResolvedExpression) -> String? {
    guard case .operation(let operation, let object, let waiting) = value.kind else {
      return "'put', 'get' and a barrier's 'wait' can"
    }
    switch operation {
    case .barrierWait: return nil
    case .put, .get:
      guard waiting == .blocking else { return nil }
      return "add 'timeout:' or 'blocking: false'"
    default:
      let kind = scenario.objects[object.symbol.index].kindName
      return "an operation on a \(kind) that gives up returns false"
    }
  }

  // MARK: Loops and ways out

  private mutating func resolveLoop(
    _ body: Block,
    declaring local: LocalID?
  ) -> [ResolvedStatement] {
    context.loopDepth += 1
    defer { context.loopDepth -= 1 }
    return resolve(body, declaring: local)
  }

  private mutating func resolveFor(
    _ name: Name,
    _ sequence: Statement.ForSequence,
    _ body: Block
  ) -> ResolvedStatement.Kind {
    let node: TypeNode
    switch sequence {
    case .range(let low, let high, let isClosed):
      let lower = resolveBound(low)
      let upper = resolveBound(high)
      node = scenario.types.make(.integer, from: low.span.union(high.span))
      let local = loopVariable(name, node)
      if let local {
        scenario.locals[local.index].isNeverMinimum = scenario.isNeverMinimum(lower)
      }
      return .forRange(
        local,
        lower: lower,
        upper: upper,
        isClosed: isClosed,
        body: resolveLoop(body, declaring: local)
      )
    case .array(let expression):
      let array = resolve(expression)
      node = scenario.types.make()
      switch array.type {
      case .array(let element, _):
        flow(element, into: node, role: "'\(name.text)'", at: array.span)
      case .value, .nothing: report(.arrayNeeded("what 'for' goes through"), at: array.span)
      case .error: break
      }
      let local = loopVariable(name, node)
      return .forEach(local, array: array, body: resolveLoop(body, declaring: local))
    }
  }

  private mutating func resolveBound(_ expression: Expression) -> ResolvedExpression {
    let bound = resolveValue(expression)
    require(bound, .integer, role: "a bound of a range")
    return bound
  }

  private mutating func loopVariable(_ name: Name, _ type: TypeNode) -> LocalID? {
    name.text == "_" ? nil : addLocal(name, role: .loopVariable, type: type)
  }

  private mutating func checkLoop(_ word: String, at span: SourceSpan) {
    guard context.loopDepth == 0 else { return }
    report(context.isInFinally ? .leavesFinally(word) : .outsideLoop(word), at: span)
  }

  private mutating func resolveFinally(_ block: Block) -> [ResolvedStatement] {
    let outer = (context.isInFinally, context.loopDepth)
    context.isInFinally = true
    context.loopDepth = 0
    defer { (context.isInFinally, context.loopDepth) = outer }
    return resolve(block)
  }

  private mutating func resolveReturn(
    _ expression: Expression?,
    at span: SourceSpan
  ) -> ResolvedStatement.Kind {
    if context.isInFinally { report(.leavesFinally("return"), at: span) }
    guard let function = context.function.map({ scenario.functions[$0.index] }) else {
      return .returnValue(nil)
    }
    guard let expression else {
      if function.returnsValue { scenario.types.makeOptional(function.result) }
      return .returnValue(nil)
    }
    let value = resolveValue(expression)
    if context.isFunction {
      flow(value, into: function.result, role: "the result of '\(function.name)'")
    } else {
      report(.returnValueOutsideFunction(), at: expression.span)
    }
    return .returnValue(value)
  }
}
