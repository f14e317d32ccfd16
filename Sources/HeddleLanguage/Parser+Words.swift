import HeddleDiagnostics

/// Statements that begin with a word that is no keyword: expressions, and habits from elsewhere.
extension Parser {
  /// A statement that begins with a name.
  mutating func wordStatement() throws(Malformed) -> Statement.Kind? {
    if isAtWord("async") || isAtWord("await") {
      report(.noAsync(text(current)), at: current.span)
      while isAtWord("async") || isAtWord("await") { advance() }
      guard isOnSameLine else { return nil }
      return try statementKind()
    }
    let next = peek()
    let word = text(current)
    if next.startsLine || next.kind == .endOfFile || next.kind == .semicolon
      || next.kind == .rightBrace
    {
      guard let message = Parser.foreignStatements[word] else { return try expressionStatement() }
      throw unexpected(message, at: current.span)
    }
    guard beginsNoOperation(next) else { return try expressionStatement() }
    if isAtDeclaration() {
      misplacedDeclaration()
      return nil
    }
    if Parser.foreignFunctionWords.contains(word) {
      report(.foreignFunction(word), at: current.span)
      current.kind = .functionKeyword
      misplacedDeclaration()
      return nil
    }
    if let message = Parser.foreignStatements[word] { throw unexpected(message, at: current.span) }
    if let keyword = closestName(to: word, among: TokenKind.statementWords),
      let kind = TokenKind.keywords[keyword]
    {
      report(.misspeltKeyword(word, keyword), at: current.span)
      current.kind = kind
      return try statementKind()
    }
    if next.kind == .colon { return try expressionStatement() }
    throw unexpected(.unknownStatement(word), at: current.span)
  }

  /// Whether a token after a name shows that the name is no operand: another word or a literal.
  private func beginsNoOperation(_ next: Token) -> Bool {
    switch next.kind {
    case .identifier: !["and", "or", "is"].contains(text(next))
    case .integer, .stringStart, .leftBrace, .colon, .not: true
    case .elseKeyword: false
    default: next.kind.isKeyword
    }
  }

  /// `else` or `finally` without what it belongs to; its block is read for its own mistakes.
  mutating func strayClause() throws(Malformed) -> Statement.Kind? {
    reportUnexpected(
      current.kind == .elseKeyword ? .strayElse() : .strayFinally(),
      at: current.span
    )
    let word = text(current)
    advance()
    if current.kind == .ifKeyword { return try statementKind() }
    _ = block(after: "'\(word)'")
    return nil
  }

  /// Words that declare functions in other languages.
  static let foreignFunctionWords = ["def", "fn", "function", "fun"]

  /// What to write instead of words that begin statements in other languages.
  private static let foreignStatements: [String: SyntaxMessage] = [
    "pass": .emptyBlock("pass"), "skip": .emptyBlock("skip"),
    "import": .noImports(), "from": .noImports(), "include": .noImports(), "use": .noImports(),
    "raise": .foreignRaise("raise"), "throw": .foreignRaise("throw"),
    "elif": .elseIf("elif"), "elsif": .elseIf("elsif"), "elseif": .elseIf("elseif"),
    "except": .exceptionsNotCaught("except"), "catch": .exceptionsNotCaught("catch"),
    "switch": .noSwitch("switch"), "match": .noSwitch("match"), "case": .noSwitch("case"),
    "do": .foreignLoop("do"), "repeat": .foreignLoop("repeat"), "until": .foreignLoop("until"),
    "forever": .foreignLoop("forever"),
    "global": .sharedEverywhere("global"), "nonlocal": .sharedEverywhere("nonlocal"),
    "go": .foreignStart("go"), "spawn": .foreignStart("spawn"), "fork": .foreignStart("fork"),
    "defer": .foreignDefer(), "class": .foreignClass("class"), "struct": .foreignClass("struct"),
    "or": .strayOr(), "run": .runOutsideThread(), "override": .runOutsideThread(),
  ]
}
