import HeddleDiagnostics

/// Statements that begin with an expression.
extension Parser {
  /// An assignment, a call or a `start`.
  mutating func expressionStatement() throws(Malformed) -> Statement.Kind? {
    // Operands must not begin a line; the one that begins a statement may.
    current.startsLine = false
    guard current.kind != .rightParenthesis, current.kind != .rightBracket else {
      throw unexpected(.unmatchedClosing(text(current)))
    }
    guard current.kind.startsExpression else {
      throw unexpected(
        current.kind.isBinaryOperator
          ? .lineGoesOn(text(current)) : .expectedStatement(found: tokenText)
      )
    }
    let mistakes = errorCount
    let target = try expression()
    let operation = compoundOperator()
    if isOnSameLine, current.kind == .assign || operation != nil {
      if !target.isAssignable { report(.notAssignable(), at: target.span) }
      advance()
      let value = expressionOrMissing("after '\(text(previous))'")
      return .assignment(target: target, operation: operation, value: value)
    }
    // Whoever wrote something that is not understood meant something by it.
    if errorCount == mistakes { try requireEffect(target) }
    return .expression(target, otherwise: otherwiseBlock())
  }

  /// The operation that `+=` and the like combine with an assignment.
  private func compoundOperator() -> BinaryOperator? {
    switch current.kind {
    case .addAssign: .add
    case .subtractAssign: .subtract
    case .multiplyAssign: .multiply
    case .divideAssign: .divide
    case .moduloAssign: .modulo
    default: nil
    }
  }

  /// Reports an expression whose value nobody would see.
  private mutating func requireEffect(_ expression: Expression) throws(Malformed) {
    switch expression.kind {
    case .call(let callee, _):
      guard case .member(let object, let member) = callee.kind, member.text == "start" else {
        return
      }
      report(.startIsNoMethod(source.text(object.span)), at: expression.span)
    case .start, .missing: return
    case .member(_, let member)
    where !isAtStatementEnd || !Parser.methodNames.contains(member.text):
      throw unusedValue(expression)
    case .member:
      report(.methodWithoutCall(source.text(expression.span)), at: expression.span)
    default:
      throw unusedValue(expression)
    }
  }

  private mutating func unusedValue(_ expression: Expression) -> Malformed {
    // What follows on the line is the likelier mistake: `x y`, `x 5`.
    guard isAtStatementEnd else {
      return unexpected(surplus)
    }
    switch expression.kind {
    case .binary(.equal, _, _): report(.comparisonAsStatement(), at: expression.span)
    case .name(let name): report(.unusedValue(of: name), at: expression.span)
    default: report(.unusedValue(of: nil), at: expression.span)
    }
    return Malformed()
  }

  /// Methods that are called for their effect.
  private static let methodNames = [
    "acquire", "release", "wait", "notify", "notify_all", "set", "clear", "abort", "reset", "put",
    "put_nowait", "get", "get_nowait", "task_done", "join", "start",
  ]
}

extension Expression {
  /// Whether it can stand before `=`.
  var isAssignable: Bool {
    switch kind {
    case .name, .member, .index, .missing: true
    default: false
    }
  }
}
