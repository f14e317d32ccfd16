import HeddleDiagnostics

/// Blocks, and what becomes of them where a brace is missing.
extension Parser {
  /// `{ ... }`; `owner` names what it belongs to, as in "expected '{' after 'loop'".
  mutating func block(after owner: String) -> Block {
    var statements: [Statement] = []
    let span = braced(after: owner) { parser in
      if let statement = parser.statement() { statements.append(statement) }
    }
    return Block(statements: statements, span: span)
  }

  /// Parses items between braces, each on a line of its own or ended by `;`; returns the span.
  ///
  /// With `holdsFunctions`, a `func` at the left margin does not mean that a `}` is missing.
  mutating func braced(
    after owner: String,
    holdsFunctions: Bool = false,
    _ item: (inout Parser) -> Void
  ) -> SourceSpan {
    let opening = current
    guard current.kind == .leftBrace else { return unbraced(after: owner, item) }
    guard (try? enter()) != nil else { return opening.span }
    defer { leave() }
    let openingIndentation = indentation
    advance()
    items(item) { parser in
      if parser.current.kind == .rightBrace || parser.isCutOff(opening) { return true }
      if holdsFunctions, parser.current.kind == .functionKeyword { return false }
      return parser.isAtForgottenBrace
    }
    guard current.kind == .rightBrace else {
      if !isCutOff(opening) { reportUnclosed(opening) }
      return span(from: opening.start)
    }
    if current.startsLine, indentation < openingIndentation, suspiciousBrace == nil {
      suspiciousBrace = opening.span
    }
    advance()
    return span(from: opening.start)
  }

  /// Parses items until the end of the file or until `isAtEnd`.
  private mutating func items(
    _ item: (inout Parser) -> Void,
    until isAtEnd: (inout Parser) -> Bool
  ) {
    while current.kind != .endOfFile, !isAtEnd(&self) {
      if skip(.semicolon) { continue }
      let start = current.start
      item(&self)
      endStatement()
      if current.start == start, current.kind != .endOfFile { advance() }
    }
  }

  /// What is wrong with something that follows a whole statement on its line.
  var surplus: SyntaxMessage {
    current.kind == .question || current.kind == .ifKeyword
      ? .noConditionalExpression() : .expectedEndOfStatement(found: foundText)
  }

  /// Requires that the statement ends here, and goes to its end if it does not.
  mutating func endStatement() {
    // After `if x:` a statement on the same line is the block.
    guard !isAtStatementEnd, previous.kind != .colon else { return }
    if current.kind == .assign, !previous.startsLine {
      reportUnexpected(.assignmentInExpression())
    } else {
      reportUnexpected(surplus)
    }
    skipStatement()
  }

  // MARK: Missing braces

  /// Reports what stands where a `{` should, and reads the block as if the brace stood there.
  private mutating func unbraced(
    after owner: String,
    _ item: (inout Parser) -> Void
  ) -> SourceSpan {
    let start = current.start
    let headerIndentation = isOnSameLine ? indentation : previousIndentation
    let isPythonBlock = isOnSameLine && current.kind == .colon
    reportUnexpected(isPythonBlock ? .colonBlock() : .expectedBlock(owner, found: foundText))
    if isPythonBlock {
      advance()
    } else if isOnSameLine, !closesOnLine {
      skipHeader()
    }
    guard current.kind != .leftBrace else { return braced(after: owner, item) }
    guard (try? enter()) != nil else { return current.span }
    defer { leave() }
    if current.startsLine {
      // The indentation tells what was meant to be inside.
      items(item) {
        $0.current.kind == .rightBrace
          || ($0.current.startsLine && $0.indentation <= headerIndentation)
      }
      let isClosing = !current.startsLine || indentation == headerIndentation
      if !isPythonBlock, isClosing { _ = skip(.rightBrace) }
    } else if isPythonBlock {
      if !isAtStatementEnd { item(&self) }
    } else {
      // In `thread t { if b x = 1 }` the brace is that of the thread.
      let isClosed = closersOnLine > bracesOpenOnLine(before: start)
      items(item) { $0.current.kind == .rightBrace || $0.current.startsLine }
      if !current.startsLine, isClosed { _ = skip(.rightBrace) }
    }
    return span(from: start)
  }

  /// How many `}` in what is left of the line close blocks that begin before.
  private var closersOnLine: Int {
    var ahead = self
    var (closers, depth) = (0, 0)
    for _ in 0..<100 where !ahead.current.startsLine && ahead.current.kind != .endOfFile {
      switch ahead.current.kind {
      case .leftBrace: depth += 1
      case .rightBrace where depth > 0: depth -= 1
      case .rightBrace: closers += 1
      default: break
      }
      ahead.advance()
    }
    return closers
  }

  /// How many blocks begin on the line of a place before it and do not end there; braces in texts count as well.
  private func bracesOpenOnLine(before place: Int) -> Int {
    let before = source.bytes[..<place]
    let start = before.lastIndex(of: UInt8(ascii: "\n")) ?? before.startIndex
    return before[start...].reduce(0) { open, byte in
      switch byte {
      case UInt8(ascii: "{"): open + 1
      case UInt8(ascii: "}"): max(0, open - 1)
      default: open
      }
    }
  }

  /// Whether a `}` comes before any `{` in what is left of the line.
  private var closesOnLine: Bool {
    var ahead = self
    // Nobody writes more than this into a block on one line.
    for _ in 0..<100 {
      if ahead.current.kind == .rightBrace { return true }
      let isAtEnd = ahead.current.startsLine || ahead.current.kind == .endOfFile
      guard !isAtEnd, ahead.current.kind != .leftBrace else { return false }
      ahead.advance()
    }
    return false
  }

  /// Whether a string that was never closed took the rest of the block's only line with it.
  private func isCutOff(_ opening: Token) -> Bool {
    current.startsLine && brokenString > opening.start && brokenString < current.start
      && !source.bytes[opening.end..<brokenString].contains(UInt8(ascii: "\n"))
  }

  /// Whether a declaration begins here, at the left margin, so that a `}` is likely missing.
  private var isAtForgottenBrace: Bool {
    mutating get { current.startsLine && indentation == 0 && isAtDeclaration() }
  }

  private mutating func reportUnclosed(_ opening: Token) {
    let brace = suspiciousBrace ?? opening.span
    let isAtEnd = current.kind == .endOfFile
    reportUnexpected(
      .unclosedBrace(),
      at: brace,
      notes: isAtEnd ? [] : [Diagnostic.Note("a declaration begins here", at: current.span)]
    )
  }
}
