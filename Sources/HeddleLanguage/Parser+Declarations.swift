import HeddleDiagnostics

/// The top level of a file, variables, functions and types.
extension Parser {
  /// Words that begin a declaration, in the order in which they are suggested.
  static let declarationWords = [
    "const", "shared", "atomic", "lock", "rlock", "semaphore", "bounded", "condition", "event",
    "barrier", "queue", "lifo", "priority", "thread", "daemon", "func", "main", "finally",
    "invariant", "expect", "allow",
  ]

  /// The words for what is declared by its name alone.
  static let objectWords = ["lock", "rlock", "semaphore", "condition", "event", "barrier", "queue"]

  /// What other languages and libraries call the same.
  private static let foreignObjectWords = [
    "mutex": "lock", "Mutex": "lock", "Lock": "lock", "RLock": "rlock", "Semaphore": "semaphore",
    "sem": "semaphore", "condvar": "condition", "Condition": "condition", "Event": "event",
    "Barrier": "barrier", "Queue": "queue", "channel": "queue",
  ]

  /// Parses the whole file into `declarations`.
  mutating func parseFile() {
    while current.kind != .endOfFile {
      if skip(.semicolon) { continue }
      let start = current.start
      topLevelItem()
      if current.start == start, current.kind != .endOfFile { advance() }
    }
  }

  private mutating func topLevelItem() {
    if current.kind == .rightBrace {
      reportUnexpected(.unmatchedClosing("}"), at: current.span)
      advance()
      return
    }
    guard current.kind == .identifier || current.kind.isKeyword else {
      reportUnexpected(.expectedDeclaration(found: tokenText), at: current.span)
      skipDeclaration(from: current.start)
      return
    }
    let word = text(current)
    if current.kind == .atomicKeyword, peek().kind == .leftBrace {
      topLevelStatement()
    } else if Parser.declarationWords.contains(word) {
      declaration(word)
    } else if Parser.foreignFunctionWords.contains(word) {
      report(.foreignFunction(word), at: current.span)
      declaration("func")
    } else if word == "class" || word == "struct" {
      report(.foreignClass(word), at: current.span)
      declaration("thread")
    } else if let kind = Parser.foreignObjectWords[word], !peek().startsLine,
      peek().kind == .identifier
    {
      report(.misspeltKeyword(word, kind), at: current.span)
      declaration(kind)
    } else if word == "import" || word == "from" {
      report(.noImports(), at: current.span)
      skipStatement(from: current.start)
    } else if current.kind == .identifier, peek().kind == .identifier, !peek().startsLine,
      let suggestion = closestName(to: word, among: Parser.declarationWords)
    {
      report(.misspeltKeyword(word, suggestion), at: current.span)
      declaration(suggestion)
    } else {
      topLevelStatement()
    }
  }

  /// Reports a statement that stands outside of every thread, the first of several.
  private mutating func topLevelStatement() {
    if !isAmongTopLevelStatements {
      let isVariable = current.kind == .letKeyword || current.kind == .variableKeyword
      reportUnexpected(
        isVariable || peek().kind == .assign || isAtWord("int")
          ? .variableAtTopLevel() : .statementAtTopLevel(),
        at: current.span
      )
    }
    isAmongTopLevelStatements = true
    _ = statement()
    endStatement()
  }

  /// Parses the declaration that begins with `word`, or with another word in its place.
  private mutating func declaration(_ word: String) {
    isAmongTopLevelStatements = false
    let start = current.start
    do {
      if let kind = try declarationKind(word) {
        declarations.append(Declaration(kind: kind, span: span(from: start)))
      }
      endStatement()
    } catch {
      skipDeclaration(from: start)
    }
  }

  /// Reports a declaration inside a block and takes it as if it stood outside.
  mutating func misplacedDeclaration() {
    let word = text(current)
    reportUnexpected(.declarationInsideBlock(word), at: current.span)
    declaration(current.kind == .functionKeyword ? "func" : word)
  }

  /// Skips a declaration that went wrong, from its start to the next one that begins a line.
  private mutating func skipDeclaration(from start: Int) {
    while current.kind != .endOfFile, current.kind != .semicolon {
      let position = current.start
      if position != start, current.startsLine, indentation == 0 || isAtDeclaration() { return }
      skipStatement(from: position)
      // It stops at the `}` of a block; here there is none.
      if current.start == position { advance() }
    }
  }

  /// Whether the current token can only begin a declaration.
  mutating func isAtDeclaration() -> Bool {
    switch current.kind {
    case .functionKeyword: return true
    case .finallyKeyword: return peek().kind == .leftBrace
    case .atomicKeyword:
      let next = peek()
      return next.kind == .identifier && text(next) == "shared"
    case .identifier:
      let word = text(current)
      guard Parser.declarationWords.contains(word) else { return false }
      let next = peek()
      guard !next.startsLine else { return false }
      if word == "main" { return next.kind == .leftBrace }
      return next.kind == .identifier || (word == "invariant" && next.kind == .not)
    default: return false
    }
  }

  private mutating func declarationKind(_ word: String) throws(Malformed) -> Declaration.Kind? {
    switch word {
    case "const":
      advance()
      let name = try name("the constant")
      return .constant(
        name: name,
        value: initialValue(of: name, example: "const \(name.text) = 5")
      )
    case "shared", "atomic":
      return .shared(try sharedDeclaration())
    case "thread", "daemon":
      return try threadDeclaration(isDaemon: word == "daemon").map { .thread($0) }
    case "func":
      return .function(try function(isOverride: false))
    case "main":
      advance()
      if isOnSameLine, current.kind == .leftParenthesis {
        reportUnexpected(.mainWithParameters())
        skipHeader()
      }
      return .main(block(after: "'main'"))
    case "finally":
      advance()
      return .finally(block(after: "'finally'"))
    case "invariant":
      advance()
      let condition = try expression("after 'invariant'")
      return .invariant(condition: condition, message: try trailingMessage())
    case "expect":
      return .expect(try expectation())
    case "allow":
      return try allowance()
    default:
      return .sync(try syncDeclaration(word))
    }
  }

  // MARK: Variables

  /// `[atomic] shared NAME[: Type] = value`.
  private mutating func sharedDeclaration() throws(Malformed) -> SharedDeclaration {
    let isAtomic = current.kind == .atomicKeyword
    advance()
    if isAtomic, !skipWord("shared") { throw unexpected(.expectedWord("shared", "atomic")) }
    return try variable(isAtomic: isAtomic, keyword: "shared")
  }

  /// `NAME[: Type] = value`.
  mutating func variable(
    isAtomic: Bool,
    keyword: String
  ) throws(Malformed) -> SharedDeclaration {
    let name = try name("a variable")
    let type = isOnSameLine && skip(.colon) ? try type() : nil
    let value = initialValue(of: name, example: "\(keyword) \(name.text) = 0")
    return SharedDeclaration(name: name, isAtomic: isAtomic, type: type, value: value)
  }

  // MARK: Functions

  /// `func NAME(parameters) { … }`.
  mutating func function(isOverride: Bool) throws(Malformed) -> FunctionDeclaration {
    advance()
    let name = try name("the function")
    let parameters = header { parser throws(Malformed) in
      guard parser.isOnSameLine, parser.current.kind == .leftParenthesis else {
        throw parser.unexpected(.expectedParameters(name.text))
      }
      let parameters = try parser.parameters()
      if parser.current.kind == .arrow {
        parser.report(.noReturnType(), at: parser.current.span)
        parser.skipHeader()
      }
      return parameters
    }
    return FunctionDeclaration(
      name: name,
      isOverride: isOverride,
      parameters: parameters ?? [],
      body: block(after: "the function's header")
    )
  }

  /// `(a, b: Int)`.
  mutating func parameters() throws(Malformed) -> [Parameter] {
    try bracketed(.rightParenthesis) { parser throws(Malformed) in
      var parameters: [Parameter] = []
      try parser.commaSeparated(until: .rightParenthesis) { parser throws(Malformed) in
        if parser.current.kind == .selfKeyword {
          parser.report(.selfIsImplicit(), at: parser.current.span)
          parser.advance()
          return
        }
        let name = try parser.name("a parameter")
        let type = parser.skip(.colon) ? try parser.type() : nil
        if parser.current.kind == .assign {
          parser.report(.noDefaultValue(), at: parser.current.span)
          parser.advance()
          _ = try parser.expression("after '='")
        }
        parameters.append(Parameter(name: name, type: type))
      }
      return parameters
    }
  }

  // MARK: Types

  /// `Int`, `T?`, `[T]`.
  mutating func type() throws(Malformed) -> TypeSyntax {
    let start = current.start
    var type: TypeSyntax
    if current.kind == .leftBracket, isOnSameLine {
      let element = try bracketed(.rightBracket) { parser throws(Malformed) in
        try parser.type()
      }
      type = .array(element, span: span(from: start))
    } else {
      guard current.kind == .identifier, isOnSameLine else {
        throw unexpected(.expectedType(found: foundText))
      }
      type = .name(Name(text: text(current), span: current.span))
      advance()
    }
    var optionals = 0
    defer { for _ in 0..<optionals { leave() } }
    while isOnSameLine, current.kind == .question {
      try enter()
      optionals += 1
      advance()
      type = .optional(type, span: span(from: start))
    }
    return type
  }
}
