import HeddleDiagnostics
import HeddleProgram

extension Resolver {
  /// Resolves all bodies, `main` first.
  mutating func resolveBodies() {
    let bodies = pendingBodies
    let main = bodies.filter { isMain($0) }
    for body in main + bodies.filter({ !isMain($0) }) { resolve(body) }
  }

  private func isMain(_ body: PendingBody) -> Bool {
    body.owner.map { scenario.threads[$0.index].isMain } ?? false
  }

  private mutating func resolve(_ body: PendingBody) {
    let function = scenario.functions[body.function.index]
    context = BodyContext(ownerName: function.name)
    context.owner = body.owner
    context.hasSelf = body.hasSelf
    context.function = body.function
    context.isFunction = body.isFunction
    if let owner = body.owner {
      for parameter in scenario.threads[owner.index].parameters { declareVisible(parameter) }
    }
    for parameter in function.parameters { declareVisible(parameter) }
    let statements = resolve(body.block)
    scenario.functions[body.function.index].body = statements
    if statements.isEmpty {
      scenario.functions[body.function.index].placeholder = addStatement(function.span)
    }
    if body.isFunction, scenario.functions[body.function.index].returnsValue,
      !alwaysLeaves(statements)
    {
      // As in Python, a function whose end is reached returns none.
      scenario.types.makeOptional(function.result)
    }
  }

  /// Resolves the invariants; they only read.
  mutating func resolveInvariants() {
    for declaration in tree.declarations {
      guard case .invariant(let condition, let message) = declaration.kind else { continue }
      context = BodyContext(ownerName: "invariant")
      let number = addStatement(declaration.span)
      let value = resolveCondition(condition)
      let text = message.map { resolveMessage($0) }
      scenario.invariants.append(
        ResolvedInvariant(condition: value, message: text, statement: number)
      )
    }
  }

  // MARK: Blocks

  /// Resolves the statements of a block in a scope of its own.
  mutating func resolve(_ block: Block) -> [ResolvedStatement] {
    context.blocks.append([])
    defer { closeBlock() }
    return block.statements.map { resolve($0) }
  }

  /// Resolves a block in a scope that begins with a variable that the statement declares.
  mutating func resolve(_ block: Block, declaring local: LocalID?) -> [ResolvedStatement] {
    context.blocks.append([])
    defer { closeBlock() }
    if let local { declareVisible(local) }
    return resolve(block)
  }

  private mutating func closeBlock() {
    for name in context.blocks.removeLast() { context.visible[name] = nil }
  }

  /// Makes a local variable visible up to the end of the innermost block.
  mutating func declareVisible(_ local: LocalID) {
    let symbol = scenario.locals[local.index]
    guard symbol.name != "_" else { return }
    if let other = context.visible[symbol.name] {
      report(
        .nameShadowsLocal(symbol.name),
        at: symbol.span,
        notes: [
          Diagnostic.Note(
            "'\(symbol.name)' is declared here",
            at: scenario.locals[other.index].span
          )
        ]
      )
      return
    }
    if globals[symbol.name] != nil {
      report(
        .nameShadowsGlobal(symbol.name),
        at: symbol.span,
        notes: declarationNote(symbol.name)
      )
    } else if let owner = context.owner, let field = findField(symbol.name, from: owner) {
      report(
        .nameShadowsLocal(symbol.name),
        at: symbol.span,
        notes: [
          Diagnostic.Note(
            "'\(symbol.name)' is declared here",
            at: scenario.variables[field.index].span
          )
        ]
      )
    }
    context.visible[symbol.name] = local
    context.blocks[context.blocks.count - 1].append(symbol.name)
  }

  /// A new local variable; it is not visible yet.
  mutating func addLocal(
    _ name: Name,
    role: LocalSymbol.Role,
    shape: Shape = .scalar,
    type: TypeNode
  ) -> LocalID {
    scenario.locals.append(
      LocalSymbol(name: name.text, span: name.span, role: role, shape: shape, type: type)
    )
    return LocalID(index: scenario.locals.count - 1)
  }

  // MARK: The statement table

  /// Enters a statement whose innermost enclosing one is the current one.
  mutating func addStatement(_ span: SourceSpan) -> StatementNumber {
    scenario.statements.append(
      StatementRecord(span: span, owner: context.ownerName, parent: context.statement)
    )
    return StatementNumber(index: scenario.statements.count - 1)
  }

  // MARK: Where control goes

  /// Whether a block returns a value somewhere.
  func returnsValue(_ block: Block) -> Bool {
    block.statements.contains { statement in
      switch statement.kind {
      case .returnValue(let value): value != nil
      case .binding(_, _, _, _, let otherwise), .expression(_, let otherwise):
        otherwise.map { returnsValue($0) } ?? false
      case .conditional(_, let then, let otherwise):
        returnsValue(then) || (otherwise.map { returnsValue($0) } ?? false)
      case .whileLoop(_, let body), .loop(let body), .forLoop(_, _, let body),
        .with(_, let body), .atomic(_, let body):
        returnsValue(body)
      case .choose(let blocks): blocks.contains { returnsValue($0) }
      case .tryFinally(let body, let finally): returnsValue(body) || returnsValue(finally)
      default: false
      }
    }
  }

  /// Whether control never reaches the end of the statements.
  func alwaysLeaves(_ statements: [ResolvedStatement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .breakLoop, .continueLoop, .returnValue, .fail: true
      case .conditional(_, let then, let otherwise): alwaysLeaves(then) && alwaysLeaves(otherwise)
      case .loop(let body): !hasBreak(body)
      case .whileLoop(let condition, let body): condition.constant == 1 && !hasBreak(body)
      case .with(_, let body), .atomic(_, let body): alwaysLeaves(body)
      case .choose(let blocks): blocks.allSatisfy { alwaysLeaves($0) }
      case .tryFinally(let body, let finally): alwaysLeaves(body) || alwaysLeaves(finally)
      default: false
      }
    }
  }

  /// Whether a `break` in the statements ends the loop around them.
  private func hasBreak(_ statements: [ResolvedStatement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .breakLoop: true
      case .binding(_, _, let otherwise), .expression(_, let otherwise):
        otherwise.map { hasBreak($0) } ?? false
      case .conditional(_, let then, let otherwise): hasBreak(then) || hasBreak(otherwise)
      case .with(_, let body), .atomic(_, let body): hasBreak(body)
      case .choose(let blocks): blocks.contains { hasBreak($0) }
      case .tryFinally(let body, let finally): hasBreak(body) || hasBreak(finally)
      default: false
      }
    }
  }
}
