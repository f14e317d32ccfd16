import HeddleDiagnostics

/// Expressions, by precedence climbing.
extension Parser {
  /// How tightly binary operators bind, loosest first; as in Swift.
  enum Precedence: Int, Comparable {
    case or, and, comparison, addition, multiplication, unary

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The next tighter level.
    var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .unary }
  }

  /// An expression; `role` says what for, as in "expected an expression after 'sleep'".
  mutating func expression(_ role: String = "") throws(Malformed) -> Expression {
    try operation(.or, role)
  }

  /// An expression on the same line, or `missing` at the end of the statement after a mistake.
  mutating func expressionOrMissing(_ role: String) -> Expression {
    do {
      return try expression(role)
    } catch {
      skipStatement()
      return missing
    }
  }

  /// The expression of a header: after a mistake `missing`, at the `{` if there is one.
  mutating func headerExpression(_ role: String) -> Expression {
    header { parser throws(Malformed) in try parser.expression(role) } ?? missing
  }

  /// An expression that stands for one not understood.
  var missing: Expression {
    Expression(kind: .missing, span: SourceSpan(start: previous.end, end: previous.end))
  }

  // MARK: Binary operators

  /// Operands with operators between them that bind at least as tightly as `minimum`.
  mutating func operation(
    _ minimum: Precedence,
    _ role: String = ""
  ) throws(Malformed) -> Expression {
    var left = try unary(role)
    while let (binary, precedence) = binaryOperator(), precedence >= minimum {
      let leftHeight = expressionHeight
      let symbol = current
      if isAtIncrement {
        let both = SourceSpan(start: symbol.start, end: symbol.end + 1)
        throw unexpected(.noIncrement(text(symbol)), at: both)
      }
      advance()
      let right = try operation(precedence.tighter, "after '\(text(symbol))'")
      try grow(over: leftHeight, expressionHeight)
      if precedence == .comparison { reportChain(left, symbol) }
      left = Expression(kind: .binary(binary, left, right), span: left.span.union(right.span))
    }
    return left
  }

  /// The binary operator at the cursor, which must be on the line of its left operand.
  private mutating func binaryOperator() -> (BinaryOperator, Precedence)? {
    guard isOnSameLine else { return nil }
    switch current.kind {
    case .star: return (.multiply, .multiplication)
    case .slash: return (.divide, .multiplication)
    case .percent: return (.modulo, .multiplication)
    case .plus: return (.add, .addition)
    case .minus: return (.subtract, .addition)
    case .less: return (.less, .comparison)
    case .lessOrEqual: return (.lessOrEqual, .comparison)
    case .greater: return (.greater, .comparison)
    case .greaterOrEqual: return (.greaterOrEqual, .comparison)
    case .equal: return (.equal, .comparison)
    case .notEqual: return (.notEqual, .comparison)
    case .and: return (.and, .and)
    case .or: return (.or, .or)
    case .identifier: return foreignOperator()
    default: return nil
    }
  }

  /// Whether `++` or `--` stands here with no operand after it.
  private var isAtIncrement: Bool {
    guard current.kind == .plus || current.kind == .minus,
      lexer.byte(at: current.end) == source.bytes[current.start]
    else { return false }
    var offset = current.end + 1
    while lexer.byte(at: offset) == UInt8(ascii: " ") { offset += 1 }
    return [0, 0x0D, 0x0A, UInt8(ascii: ";"), UInt8(ascii: "}"), UInt8(ascii: ")")]
      .contains(lexer.byte(at: offset))
  }

  /// `and`, `or` and `is`, reported once and then understood.
  private mutating func foreignOperator() -> (BinaryOperator, Precedence)? {
    let found: (BinaryOperator, Precedence)
    let symbol: TokenKind
    switch text(current) {
    case "and": (found, symbol) = ((.and, .and), .and)
    // `choose { … } or { … }` is no operator, nor is a name of that spelling.
    case "or" where peek().kind != .leftBrace: (found, symbol) = ((.or, .or), .or)
    case "is" where peek().kind == .identifier && text(peek()) == "not":
      report(.foreignOperator("is not", "!="), at: current.span)
      advance()
      current.kind = .notEqual
      return (.notEqual, .comparison)
    case "is": (found, symbol) = ((.equal, .comparison), .equal)
    default: return nil
    }
    report(.foreignOperator(text(current), found.0.rawValue), at: current.span)
    current.kind = symbol
    return found
  }

  private mutating func reportChain(_ left: Expression, _ symbol: Token) {
    guard case .binary(let operation, _, _) = left.kind else { return }
    switch operation {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
      report(.chainedComparison(), at: symbol.span)
    default: break
    }
  }

  // MARK: Unary operators

  private mutating func unary(_ role: String) throws(Malformed) -> Expression {
    guard isOnSameLine || isContinuation else {
      throw unexpected(.expectedExpression(role, found: foundText))
    }
    let start = current.start
    expressionHeight = 0
    if isAtWord("not"), isForeignNot() {
      report(.foreignOperator("not", "!"), at: current.span)
      current.kind = .not
    }
    switch current.kind {
    case .minus where peek().kind == .integer:
      advance()
      let value = try integer(isNegative: true)
      return try postfix(Expression(kind: .integer(value), span: span(from: start)))
    case .minus, .not:
      let kind: UnaryOperator = current.kind == .minus ? .minus : .not
      try enter()
      defer { leave() }
      advance()
      let operand = try unary("after '\(kind.rawValue)'")
      try grow(over: expressionHeight)
      return Expression(kind: .unary(kind, operand), span: span(from: start))
    default:
      return try postfix(primary(role))
    }
  }

  /// Whether the previous token lets its line go on with an operand on the next.
  private var isContinuation: Bool {
    // A keyword that begins a statement is no operand: the line before was left unfinished.
    previous.kind.continuesLine && !current.kind.startsStatement && current.kind != .endOfFile
  }

  /// Whether `not` stands before an operand, so that it can be no name.
  private mutating func isForeignNot() -> Bool {
    let next = peek()
    guard !next.startsLine || openBrackets > 0 else { return false }
    switch next.kind {
    case .identifier, .integer, .stringStart, .trueKeyword, .falseKeyword, .noneKeyword,
      .selfKeyword, .superKeyword, .not:
      return true
    case .leftParenthesis: return true
    default: return false
    }
  }

  // MARK: Members, indexes and calls

  /// The members, indexes and calls after an operand; `start` keeps the arguments for itself.
  mutating func postfix(
    _ operand: Expression,
    takesCalls: Bool = true
  ) throws(Malformed) -> Expression {
    var result = operand
    while isOnSameLine {
      let height = expressionHeight
      switch current.kind {
      case .dot:
        advance()
        let member = try memberName()
        try grow(over: height)
        result = Expression(
          kind: .member(result, member),
          span: result.span.union(member.span)
        )
      case .leftBracket:
        let index = try bracketed(.rightBracket) { parser throws(Malformed) in
          try parser.expression("as the index")
        }
        try grow(over: height, expressionHeight)
        result = Expression(
          kind: .index(result, index),
          span: result.span.union(previous.span)
        )
      case .leftParenthesis where takesCalls:
        guard result.isCallable else { throw unexpected(.notCallable()) }
        if result.isPythonThread {
          throw unexpected(.foreignThread(), at: result.span)
        }
        let arguments = try arguments()
        try grow(over: height, expressionHeight)
        result = Expression(
          kind: .call(callee: result, arguments: arguments),
          span: result.span.union(previous.span)
        )
      default:
        return result
      }
    }
    return result
  }

  /// The name after a dot, where keywords are names.
  mutating func memberName() throws(Malformed) -> Name {
    guard current.kind == .identifier || current.kind.isKeyword, isOnSameLine else {
      throw unexpected(.expectedName("the member after '.'", found: foundText))
    }
    let name = Name(text: text(current), span: current.span)
    advance()
    return name
  }

  /// `(a, timeout: 1)`.
  mutating func arguments() throws(Malformed) -> [Argument] {
    var height = 0
    let arguments = try bracketed(.rightParenthesis) { parser throws(Malformed) in
      var arguments: [Argument] = []
      try parser.commaSeparated(until: .rightParenthesis) { parser throws(Malformed) in
        let label = parser.argumentLabel()
        let value = try parser.expression(label == nil ? "as an argument" : "after the label")
        arguments.append(Argument(label: label, value: value))
        height = max(height, parser.expressionHeight)
      }
      return arguments
    }
    expressionHeight = height
    return arguments
  }

  /// `timeout:`; Python's `timeout=` is reported and understood.
  private mutating func argumentLabel() -> Name? {
    guard current.kind == .identifier else { return nil }
    let separator = peek().kind
    guard separator == .colon || separator == .assign else { return nil }
    let label = Name(text: text(current), span: current.span)
    advance()
    if separator == .assign {
      let value = peek()
      let isWord = value.kind == .identifier || value.kind == .integer || value.kind.isKeyword
      report(
        .labelWithEquals(label.text, value: isWord ? text(value) : "..."),
        at: current.span
      )
    }
    advance()
    return label
  }
}

extension Expression {
  /// Python's `Thread`, or `threading.Thread`.
  var isPythonThread: Bool {
    switch kind {
    case .name("Thread"): true
    case .member(let module, let name):
      if case .name("threading") = module.kind { name.text == "Thread" } else { false }
    default: false
    }
  }

  /// Whether it can be called: a name or a member, or something that was not understood.
  var isCallable: Bool {
    switch kind {
    case .name, .member, .missing: true
    default: false
    }
  }
}
