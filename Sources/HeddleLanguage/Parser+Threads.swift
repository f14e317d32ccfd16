import HeddleDiagnostics

/// Thread declarations: a body of statements, or one of fields, methods and `run`.
extension Parser {
  /// `[daemon] thread NAME(parameters): Base * count may outlive main { … }`.
  ///
  /// After a mistake before the body, the body is read for its own mistakes and `nil` returned.
  mutating func threadDeclaration(isDaemon: Bool) throws(Malformed) -> ThreadDeclaration? {
    advance()
    if isDaemon, !skipWord("thread") { throw unexpected(.expectedWord("thread", "daemon")) }
    let declaration = header { parser throws(Malformed) in
      try parser.threadHeader(isDaemon: isDaemon)
    }
    let body = threadBody(hasBase: declaration?.base != nil)
    guard var declaration else { return nil }
    declaration.body = body
    return declaration
  }

  private mutating func threadHeader(isDaemon: Bool) throws(Malformed) -> ThreadDeclaration {
    let name = try name("the thread")
    let hasParameters = isOnSameLine && current.kind == .leftParenthesis
    let parameters = hasParameters ? try parameters() : nil
    // A colon at the end of the line is Python's way to begin a body.
    let hasBase = isOnSameLine && current.kind == .colon && !peek().startsLine
    if hasBase { advance() }
    let base = hasBase ? try self.name("the thread that it extends") : nil
    let hasArguments = hasBase && isOnSameLine && current.kind == .leftParenthesis
    let baseArguments = hasArguments ? try self.baseArguments() : nil
    var count: Expression?
    if isOnSameLine, skip(.star) { count = try operation(.addition, "after '*'") }
    let mayOutliveMain = skipWord("may")
    if mayOutliveMain {
      guard skipWord("outlive"), skipWord("main") else { throw unexpected(.expectedOutlive()) }
    }
    return ThreadDeclaration(
      name: name,
      isDaemon: isDaemon,
      parameters: parameters,
      base: base,
      baseArguments: baseArguments,
      count: count,
      mayOutliveMain: mayOutliveMain,
      body: .members([], span: name.span)
    )
  }

  /// The names in `: Worker(name)`.
  private mutating func baseArguments() throws(Malformed) -> [Name] {
    try bracketed(.rightParenthesis) { parser throws(Malformed) in
      var names: [Name] = []
      try parser.commaSeparated(until: .rightParenthesis) { parser throws(Malformed) in
        names.append(try parser.name("a parameter of the base"))
      }
      return names
    }
  }

  // MARK: Bodies

  /// What may stand directly in a thread, before it is known of which form its body is.
  private enum BodyItem {
    case member(ThreadDeclaration.Member)
    case statement(Statement)
  }

  private mutating func threadBody(hasBase: Bool) -> ThreadDeclaration.Body {
    var items: [BodyItem] = []
    let span = braced(after: "the thread's header", holdsFunctions: true) { parser in
      if let item = parser.bodyItem() { items.append(item) }
    }
    let hasMembers = items.contains { item in
      if case .member = item { true } else { false }
    }
    guard hasBase || hasMembers else {
      let statements = items.compactMap { item -> Statement? in
        if case .statement(let statement) = item { statement } else { nil }
      }
      return .statements(Block(statements: statements, span: span))
    }
    return .members(members(items, hasBase: hasBase), span: span)
  }

  /// The members among the items, with `var` statements as fields; others are reported once.
  private mutating func members(
    _ items: [BodyItem],
    hasBase: Bool
  ) -> [ThreadDeclaration.Member] {
    var members: [ThreadDeclaration.Member] = []
    var isReported = false
    for item in items {
      switch item {
      case .member(let member): members.append(member)
      case .statement(let statement):
        if let field = statement.asField {
          members.append(.field(field, span: statement.span))
        } else if !isReported {
          report(.statementAmongMembers(hasBase: hasBase), at: statement.span)
          isReported = true
        }
      }
    }
    return members
  }

  private mutating func bodyItem() -> BodyItem? {
    let start = current.start
    do {
      if let member = try member() { return .member(member) }
      guard current.start == start else { return nil }
      return statement().map { .statement($0) }
    } catch {
      skipStatement()
      return nil
    }
  }

  /// A member that cannot be a statement; `nil` and nothing read if there is none.
  private mutating func member() throws(Malformed) -> ThreadDeclaration.Member? {
    let start = current.start
    if current.kind == .atomicKeyword, peek().kind == .variableKeyword, !peek().startsLine {
      advance()
      advance()
      let field = try variable(isAtomic: true, keyword: "var")
      return .field(field, span: span(from: start))
    }
    let isOverride = isAtOverride()
    if isOverride { advance() }
    if current.kind == .identifier, !isOverride || isOnSameLine,
      Parser.foreignFunctionWords.contains(text(current)), peek().kind == .identifier
    {
      report(.foreignFunction(text(current)), at: current.span)
      current.kind = .functionKeyword
    }
    if current.kind == .functionKeyword {
      let function = try function(isOverride: isOverride)
      let span = span(from: start)
      guard function.name.text == "run" else { return .method(function, span: span) }
      report(.runIsNoFunction(), at: function.name.span)
      return .run(function.body, isOverride: isOverride, span: span)
    }
    guard isAtWord("run"), isOverride || peek().kind == .leftBrace else {
      if isOverride { throw unexpected(.expectedOverride()) }
      return nil
    }
    advance()
    return .run(block(after: "'run'"), isOverride: isOverride, span: span(from: start))
  }

  /// Whether `override` stands before another word, so that it is no name.
  private mutating func isAtOverride() -> Bool {
    guard isAtWord("override") else { return false }
    let next = peek()
    return !next.startsLine && (next.kind == .identifier || next.kind.isKeyword)
  }
}

extension Statement {
  /// A `var` statement as the field that it declares in a thread with methods.
  fileprivate var asField: SharedDeclaration? {
    guard case .binding(let name, true, let type, let value, nil) = kind else { return nil }
    return SharedDeclaration(name: name, isAtomic: false, type: type, value: value)
  }
}
