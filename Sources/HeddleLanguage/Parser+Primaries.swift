import HeddleDiagnostics

/// What stands between operators: literals, names, brackets, `start` and `any`.
extension Parser {
  mutating func primary(_ role: String) throws(Malformed) -> Expression {
    let start = current.start
    switch current.kind {
    case .integer:
      let value = try integer(isNegative: false)
      return Expression(kind: .integer(value), span: span(from: start))
    case .trueKeyword: return literal(.boolean(true))
    case .falseKeyword: return literal(.boolean(false))
    case .noneKeyword: return literal(.none)
    case .selfKeyword: return literal(.selfReference)
    case .identifier:
      if isAtFormattedString {
        report(.formattedString(text(current)), at: current.span)
        advance()
        return try string()
      }
      return nameOrForeignLiteral()
    case .stringStart: return try string()
    case .superKeyword:
      let expression = literal(.superReference)
      if current.kind != .dot { report(.loneSuper(), at: expression.span) }
      return expression
    case .leftParenthesis:
      let word = previous
      let inner = try bracketed(.rightParenthesis) { parser throws(Malformed) in
        let inner = try parser.expression("between '(' and ')'")
        if parser.current.kind == .comma { try parser.refuseArguments(of: word) }
        return inner
      }
      try grow(over: expressionHeight)
      return Expression(kind: .parenthesized(inner), span: span(from: start))
    case .leftBracket: return try array()
    case .startKeyword: return try startExpression()
    case .anyKeyword: return try anyExpression()
    case .unknown where isOnSameLine:
      // The lexer has said what is wrong with it; it stands where a value would.
      return literal(.missing)
    default:
      throw unexpected(missingOperand(role))
    }
  }

  /// Whether the current name is the letter before a string of Python's, as in `f"{x}"`.
  private var isAtFormattedString: Bool {
    mutating get {
      guard ["f", "F", "r", "b"].contains(text(current)) else { return false }
      let next = peek()
      return next.kind == .stringStart && next.start == current.end
    }
  }

  private mutating func literal(_ kind: Expression.Kind) -> Expression {
    let expression = Expression(kind: kind, span: current.span)
    advance()
    return expression
  }

  /// Refuses the second of the arguments of a word that other languages call as a function.
  private mutating func refuseArguments(of word: Token) throws(Malformed) {
    switch word.kind {
    case .printKeyword: throw unexpected(.printsOneValue())
    case .assertKeyword: throw unexpected(.noParentheses("assert"))
    default: return
    }
  }

  /// Why there is no operand here.
  private func missingOperand(_ role: String) -> SyntaxMessage {
    switch (previous.kind, current.kind) {
    case (.plus, .plus): return .noIncrement("+")
    case (.star, .star): return .noPowerOperator()
    default: return .expectedExpression(role, found: foundText)
    }
  }

  private mutating func nameOrForeignLiteral() -> Expression {
    let word = text(current)
    let (replacement, kind): (String, Expression.Kind) =
      switch word {
      case "True": ("true", .boolean(true))
      case "False": ("false", .boolean(false))
      case "None", "nil", "null": ("none", .none)
      default: ("", .name(word))
      }
    if !replacement.isEmpty { report(.foreignLiteral(word, replacement), at: current.span) }
    return literal(kind)
  }

  /// The value of the integer token at the cursor, which may have a minus sign before it.
  mutating func integer(isNegative: Bool) throws(Malformed) -> Int {
    let limit: UInt = isNegative ? UInt(Int.max) + 1 : UInt(Int.max)
    var value: UInt = 0
    var overflows = false
    for byte in source.bytes[current.start..<current.end] where byte != UInt8(ascii: "_") {
      let (tens, tooManyTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooMany) = tens.addingReportingOverflow(UInt(byte - UInt8(ascii: "0")))
      overflows = overflows || tooManyTens || tooMany || sum > limit
      // Digits after an overflow must not wrap round to a small value.
      value = overflows ? 0 : sum
    }
    if overflows { report(.integerOverflow(), at: current.span) }
    advance()
    return isNegative ? Int(truncatingIfNeeded: 0 &- value) : Int(truncatingIfNeeded: value)
  }

  // MARK: Strings

  /// A string with its interpolations.
  private mutating func string() throws(Malformed) -> Expression {
    let start = current.start
    var pieces: [StringPiece] = []
    var height = 0
    advance()
    while true {
      switch current.kind {
      case .stringText:
        pieces.append(.text(unescaped(current)))
        advance()
      case .interpolationStart:
        pieces.append(.interpolation(try interpolation()))
        height = max(height, expressionHeight)
      case .stringEnd:
        advance()
        try grow(over: height)
        return Expression(kind: .string(pieces), span: span(from: start))
      default:
        // Only at the end of a file that was given up.
        return missing
      }
    }
  }

  /// `\(expression)`; a mistake in it ends with it.
  private mutating func interpolation() throws(Malformed) -> Expression {
    try enter()
    defer { leave() }
    openBrackets += 1
    defer { openBrackets -= 1 }
    advance()
    do {
      let value = try expression("between '\\(' and ')'")
      guard current.kind == .interpolationEnd else {
        throw unexpected(.expectedClosing(")", found: foundText))
      }
      advance()
      return value
    } catch {
      skipInterpolation()
      return missing
    }
  }

  private mutating func skipInterpolation() {
    isSkipping = true
    defer { isSkipping = false }
    var open = 1
    while current.kind != .endOfFile {
      if current.kind == .interpolationStart { open += 1 }
      if current.kind == .interpolationEnd { open -= 1 }
      advance()
      if open == 0 { return }
    }
  }

  /// The text that a piece of a string stands for.
  private func unescaped(_ token: Token) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(token.end - token.start)
    var offset = token.start
    while offset < token.end {
      let byte = source.bytes[offset]
      guard byte == UInt8(ascii: "\\"), offset + 1 < token.end else {
        bytes.append(byte)
        offset += 1
        continue
      }
      switch source.bytes[offset + 1] {
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
      case let other: bytes.append(other)
      }
      offset += 2
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Arrays, `start` and `any`

  /// `[a, b]` or `[value; count]`.
  private mutating func array() throws(Malformed) -> Expression {
    let start = current.start
    var height = 0
    let kind = try bracketed(.rightBracket) { parser throws(Malformed) in
      var elements: [Expression] = []
      try parser.commaSeparated(until: .rightBracket) { parser throws(Malformed) in
        elements.append(try parser.expression("as an element"))
        height = max(height, parser.expressionHeight)
      }
      guard let value = elements.first, elements.count == 1, parser.skip(.semicolon) else {
        return Expression.Kind.array(elements)
      }
      let count = try parser.expression("as the number of elements")
      height = max(height, parser.expressionHeight)
      return .repeatedArray(value: value, count: count)
    }
    try grow(over: height)
    return Expression(kind: kind, span: span(from: start))
  }

  /// `start w(arguments) * count`.
  private mutating func startExpression() throws(Malformed) -> Expression {
    let start = current.start
    try enter()
    defer { leave() }
    advance()
    guard isOnSameLine else {
      throw unexpected(.expectedName("the thread to start", found: foundText))
    }
    let target = try postfix(primary("after 'start'"), takesCalls: false)
    var height = expressionHeight
    var arguments: [Argument] = []
    if isOnSameLine, current.kind == .leftParenthesis {
      arguments = try self.arguments()
      height = max(height, expressionHeight)
    }
    var count: Expression?
    if isOnSameLine, skip(.star) {
      count = try operation(.addition, "after '*'")
      height = max(height, expressionHeight)
    }
    try grow(over: height)
    return Expression(
      kind: .start(target: target, arguments: arguments, count: count),
      span: span(from: start)
    )
  }

  /// `any 0...3`, `any Int`, `any >= 1`.
  private mutating func anyExpression() throws(Malformed) -> Expression {
    let start = current.start
    try enter()
    defer { leave() }
    advance()
    if isOnSameLine, skip(.greaterOrEqual) {
      let minimum = try operation(.addition, "after '>='")
      try grow(over: expressionHeight)
      return Expression(kind: .any(.atLeast(minimum)), span: span(from: start))
    }
    let lower = try operation(.addition, "after 'any'")
    if isOnSameLine, current.kind == .rangeClosed || current.kind == .rangeHalfOpen {
      let isClosed = current.kind == .rangeClosed
      let height = expressionHeight
      advance()
      let upper = try operation(.addition, "after '\(isClosed ? "..." : "..<")'")
      try grow(over: height, expressionHeight)
      return Expression(
        kind: .any(.range(lower: lower, upper: upper, isClosed: isClosed)),
        span: span(from: start)
      )
    }
    switch lower.kind {
    case .name(let type):
      return Expression(
        kind: .any(.type(Name(text: type, span: lower.span))),
        span: span(from: start)
      )
    case .missing:
      return lower
    default:
      // What follows may be a range that the lexer has reported already.
      if current.kind != .unknown { report(.expectedRange(), at: lower.span) }
      return missing
    }
  }
}
