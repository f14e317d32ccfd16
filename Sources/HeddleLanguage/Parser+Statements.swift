import HeddleDiagnostics

/// Statements; those that begin with an expression have a file of their own.
extension Parser {
  // MARK: Statements

  /// A statement, or `nil` after a mistake that leaves nothing of it.
  mutating func statement() -> Statement? {
    let start = current.start
    do {
      guard let kind = try statementKind() else { return nil }
      return Statement(kind: kind, span: span(from: start))
    } catch {
      skipStatement(from: start)
      return nil
    }
  }

  mutating func statementKind() throws(Malformed) -> Statement.Kind? {
    switch current.kind {
    case .letKeyword, .variableKeyword: return try binding()
    case .ifKeyword: return try conditional()
    case .whileKeyword:
      advance()
      let condition = headerExpression("after 'while'")
      return .whileLoop(condition: condition, body: block(after: "the condition"))
    case .loopKeyword:
      advance()
      return .loop(body: block(after: "'loop'"))
    case .forKeyword: return forLoop()
    case .breakKeyword:
      advance()
      return .breakLoop
    case .continueKeyword:
      advance()
      return .continueLoop
    case .returnKeyword:
      advance()
      return .returnValue(isAtStatementEnd ? nil : try expression("after 'return'"))
    case .withKeyword:
      advance()
      let lock = headerExpression("after 'with'")
      if current.kind == .comma { reportUnexpected(.severalLocks()) }
      return .with(lock, body: block(after: "the lock"))
    case .atomicKeyword: return atomic()
    case .chooseKeyword: return choose()
    case .tryKeyword: return tryFinally()
    case .failKeyword:
      advance()
      return .fail(message: isAtStatementEnd ? nil : try message("after 'fail'"))
    case .assertKeyword:
      advance()
      let condition = try expression("after 'assert'")
      return .assert(condition: condition, message: try trailingMessage())
    case .assumeKeyword:
      advance()
      return .assume(try expression("after 'assume'"))
    case .printKeyword: return try printStatement()
    case .sleepKeyword:
      advance()
      return .sleep(try expression("after 'sleep'"))
    case .joinKeyword:
      advance()
      let thread = try expression("after 'join'")
      guard skipWord("timeout") else { return .join(thread, timeout: nil) }
      return .join(thread, timeout: try expression("after 'timeout'"))
    case .identifier: return try wordStatement()
    case .functionKeyword:
      misplacedDeclaration()
      return nil
    case .elseKeyword, .finallyKeyword:
      return try strayClause()
    default:
      return try expressionStatement()
    }
  }

  /// `let x: T = value else { … }`.
  private mutating func binding() throws(Malformed) -> Statement.Kind {
    let keyword = text(current)
    let isVariable = current.kind == .variableKeyword
    advance()
    let name = try name("a variable")
    let type = isOnSameLine && skip(.colon) ? try type() : nil
    let value = initialValue(of: name, example: "\(keyword) \(name.text) = 0")
    let otherwise = otherwiseBlock()
    return .binding(
      name: name,
      isVariable: isVariable,
      type: type,
      value: value,
      otherwise: otherwise
    )
  }

  /// `= value`; after a mistake `missing`, so that the name is known all the same.
  mutating func initialValue(of name: Name, example: String) -> Expression {
    guard isOnSameLine, skip(.assign) else {
      let message: SyntaxMessage =
        switch current.kind {
        case .colon where isOnSameLine: .constantWithType(name.text)
        case .leftBracket where isOnSameLine: .lengthBehindName(name.text)
        case .identifier where isOnSameLine: .typeBeforeName(name.text, text(current))
        default: .expectedInitialValue(name.text, example: example)
        }
      reportUnexpected(message)
      skipStatement()
      return missing
    }
    return expressionOrMissing("after '='")
  }

  /// `else { … }` after an operation that may fail.
  mutating func otherwiseBlock() -> Block? {
    guard current.kind == .elseKeyword else { return nil }
    advance()
    return block(after: "'else'")
  }

  private mutating func conditional() throws(Malformed) -> Statement.Kind {
    advance()
    let condition = headerExpression("after 'if'")
    let then = block(after: "the condition")
    if current.kind == .identifier, isAtWord("elif") {
      report(.elseIf(text(current)), at: current.span)
      return .conditional(condition: condition, then: then, otherwise: try elseIf())
    }
    guard skip(.elseKeyword) else {
      return .conditional(condition: condition, then: then, otherwise: nil)
    }
    guard current.kind == .ifKeyword, isOnSameLine else {
      return .conditional(condition: condition, then: then, otherwise: block(after: "'else'"))
    }
    return .conditional(condition: condition, then: then, otherwise: try elseIf())
  }

  /// The `if` after an `else`, as a block with one statement.
  private mutating func elseIf() throws(Malformed) -> Block {
    try enter()
    defer { leave() }
    let start = current.start
    let kind = try conditional()
    let span = span(from: start)
    return Block(statements: [Statement(kind: kind, span: span)], span: span)
  }

  private mutating func forLoop() -> Statement.Kind {
    advance()
    let start = current.start
    let head = header { parser throws(Malformed) in
      let name = try parser.name("the variable after 'for'")
      guard parser.isOnSameLine, parser.skip(.inKeyword) else {
        defer { parser.skipHeader(pastSemicolons: true) }
        throw parser.unexpected(.expectedIn(found: parser.foundText))
      }
      return (name, try parser.forSequence())
    }
    let body = block(after: "what 'for' goes through")
    let unknown = Name(text: "_", span: SourceSpan(start: start, end: start))
    let (name, sequence) = head ?? (unknown, .array(missing))
    return .forLoop(name: name, sequence: sequence, body: body)
  }

  private mutating func forSequence() throws(Malformed) -> Statement.ForSequence {
    let lower = try expression("after 'in'")
    guard isOnSameLine, current.kind == .rangeClosed || current.kind == .rangeHalfOpen else {
      if case .call(let callee, _) = lower.kind, case .name("range") = callee.kind {
        report(.pythonRange(), at: lower.span)
        return .array(missing)
      }
      return .array(lower)
    }
    let isClosed = current.kind == .rangeClosed
    advance()
    let upper = try expression("after '\(isClosed ? "..." : "..<")'")
    return .range(lower: lower, upper: upper, isClosed: isClosed)
  }

  private mutating func atomic() -> Statement.Kind {
    advance()
    let condition = skipWord("when") ? headerExpression("after 'when'") : nil
    return .atomic(condition: condition, body: block(after: "'atomic'"))
  }

  private mutating func choose() -> Statement.Kind {
    let start = current.start
    let mistakes = errorCount
    advance()
    var alternatives = [block(after: "'choose'")]
    while isAtWord("or") {
      advance()
      alternatives.append(block(after: "'or'"))
    }
    // Where a block went wrong, what follows it may have been lost.
    if alternatives.count == 1, errorCount == mistakes {
      report(.chooseWithoutOr(), at: SourceSpan(start: start, end: start + 6))
    }
    return .choose(alternatives)
  }

  private mutating func tryFinally() -> Statement.Kind {
    let start = current.start
    let mistakes = errorCount
    advance()
    let body = block(after: "'try'")
    if isAtWord("except") || isAtWord("catch") {
      report(.exceptionsNotCaught(text(current)), at: current.span)
      advance()
      skipHeader()
      _ = block(after: "'try'")
      guard current.kind == .finallyKeyword else {
        return .tryFinally(body: body, finally: Block(statements: [], span: body.span))
      }
    }
    guard skip(.finallyKeyword) else {
      if errorCount == mistakes {
        report(.tryWithoutFinally(), at: SourceSpan(start: start, end: start + 3))
      }
      return .tryFinally(body: body, finally: Block(statements: [], span: body.span))
    }
    return .tryFinally(body: body, finally: block(after: "'finally'"))
  }

  private mutating func printStatement() throws(Malformed) -> Statement.Kind {
    advance()
    let value = try expression("after 'print'")
    if isOnSameLine, current.kind == .comma { throw unexpected(.printsOneValue()) }
    return .print(value)
  }

  /// `, "message"` if there is a comma.
  mutating func trailingMessage() throws(Malformed) -> Expression? {
    guard isOnSameLine, skip(.comma) else { return nil }
    return try message("after ','")
  }

  /// A string in which values may be interpolated.
  private mutating func message(_ role: String) throws(Malformed) -> Expression {
    guard current.kind == .stringStart || current.kind == .unknown else {
      throw unexpected(.expectedMessage(role, found: foundText))
    }
    return try expression(role)
  }
}
