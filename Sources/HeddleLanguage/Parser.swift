import HeddleDiagnostics

/// Parses a scenario; the tree covers what could be understood.
///
/// The diagnostics are sorted by place. Where there are none, no part of the tree is `missing`.
///
/// - Complexity: O(bytes).
func parse(_ source: SourceFile) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
  var parser = Parser(source)
  parser.parseFile()
  let diagnostics = parser.diagnostics.enumerated().sorted { left, right in
    (left.element.span.start, left.offset) < (right.element.span.start, right.offset)
  }
  return (SyntaxTree(declarations: parser.declarations), diagnostics.map(\.element))
}

/// A recursive descent parser: this file has its cursor, its limits and its way out of mistakes.
///
/// A mistake is reported where it is found and thrown as `Malformed` to the nearest place that
/// knows where to go on: the end of an interpolation, of a header or of a statement.
struct Parser {
  let source: SourceFile
  private(set) var lexer: Lexer
  /// The token to be read.
  var current: Token
  /// The token read last.
  private(set) var previous: Token
  private var lookahead: Token?
  private(set) var diagnostics: [Diagnostic] = []
  /// What has been declared so far, misplaced declarations included.
  var declarations: [Declaration] = []

  /// How many constructs are open around the cursor.
  private(set) var depth = 0
  /// How many brackets are open in the statement; inside of them the ends of lines mean nothing.
  var openBrackets = 0
  /// The height of the expression that was parsed last.
  var expressionHeight = 0
  /// How far the line of `previous` is indented.
  private(set) var previousIndentation = 0
  /// How far the line of `current` is indented.
  private(set) var indentation = 0
  /// The first brace whose partner is indented less than its own line: likely never closed.
  var suspiciousBrace: SourceSpan?
  /// Whether the last declaration was a statement at the top level, which was reported.
  var isAmongTopLevelStatements = false

  /// Where the last unexpected token was reported.
  private var reportedPlace = -1
  /// How many mistakes were reported; warnings are none.
  private(set) var errorCount = 0
  /// The brackets that were open when `Malformed` was thrown.
  private var bracketsAtMistake = 0
  private var isAbandoned = false
  /// Whether tokens are being skipped after a mistake.
  var isSkipping = false
  /// The start of the last string that its line leaves open.
  private(set) var brokenString = -1

  /// Nested constructs: `nestingTooDeep` beyond.
  static let nestingLimit = 200
  /// Operations on the longest path through one expression: `expressionTooLong` beyond.
  ///
  /// Together with the nesting limit it bounds the recursion of everything that walks the tree:
  /// without optimisation, a pass that lowers an expression takes some 8 KiB of stack a level.
  static let operationLimit = 500
  /// Diagnostics: `tooManyErrors` beyond.
  static let diagnosticLimit = 100

  /// Thrown once a mistake has been reported.
  struct Malformed: Error {}

  init(_ source: SourceFile) {
    self.source = source
    lexer = Lexer(source)
    previous = Token(kind: .semicolon, start: 0, end: 0, startsLine: true)
    current = previous
    advance()
  }
}

// MARK: Cursor

extension Parser {
  /// Moves to the next token.
  mutating func advance() {
    previous = current
    previousIndentation = indentation
    if let next = lookahead {
      lookahead = nil
      current = next
    } else {
      current = scan()
    }
    if current.startsLine { indentation = indentation(of: current) }
  }

  /// The token after `current`.
  mutating func peek() -> Token {
    if let lookahead { return lookahead }
    let next = scan()
    lookahead = next
    return next
  }

  private mutating func scan() -> Token {
    let token = lexer.next()
    if !lexer.diagnostics.isEmpty {
      let found = lexer.diagnostics
      lexer.diagnostics = []
      for diagnostic in found { take(diagnostic, at: token) }
    }
    return token
  }

  /// Takes what the lexer found wrong, unless a mistake before it on the line made it likely.
  private mutating func take(_ diagnostic: Diagnostic, at token: Token) {
    if diagnostic.id == SyntaxMessage.unterminatedString().id {
      brokenString = diagnostic.span.start
    }
    let mayFollow = isSkipping && !token.startsLine && token.kind != .endOfFile
    if !mayFollow { append(diagnostic) }
  }

  private func indentation(of token: Token) -> Int {
    var start = token.start
    while start > 0, source.bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return token.start - start
  }

  /// Whether the current token still belongs to the line of the previous one.
  var isOnSameLine: Bool {
    (openBrackets > 0 || !current.startsLine) && current.kind != .endOfFile
  }

  /// Whether the statement can end before the current token.
  var isAtStatementEnd: Bool {
    switch current.kind {
    case .semicolon, .rightBrace, .endOfFile: true
    default: current.startsLine
    }
  }

  func text(_ token: Token) -> String { source.text(token.span) }

  /// Whether the current token is the given word, which is no keyword.
  func isAtWord(_ word: String) -> Bool {
    current.kind == .identifier && current.end - current.start == word.utf8.count
      && text(current) == word
  }

  /// Moves past the given token if it is the current one.
  mutating func skip(_ kind: TokenKind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }

  /// Moves past the given word if it is the current token and on the same line.
  mutating func skipWord(_ word: String) -> Bool {
    guard isOnSameLine, isAtWord(word) else { return false }
    advance()
    return true
  }

  /// The span from a start to the end of the last token read.
  func span(from start: Int) -> SourceSpan {
    SourceSpan(start: start, end: max(start, previous.end))
  }
}

// MARK: Mistakes

extension Parser {
  private mutating func append(_ diagnostic: Diagnostic) {
    guard !isAbandoned else { return }
    // Warnings leave room for errors.
    guard diagnostic.severity == .error || diagnostics.count < Parser.diagnosticLimit / 2 else {
      return
    }
    guard diagnostics.count < Parser.diagnosticLimit else {
      let message = SyntaxMessage.tooManyErrors()
      diagnostics.append(Diagnostic(.error, message.id, message.text, at: diagnostic.span))
      abandon()
      return
    }
    diagnostics.append(diagnostic)
    if diagnostic.severity == .error { errorCount += 1 }
  }

  /// Reports something that does not keep the parser from going on.
  mutating func report(
    _ message: SyntaxMessage,
    at span: SourceSpan,
    notes: [Diagnostic.Note] = []
  ) {
    append(Diagnostic(.error, message.id, message.text, at: span, notes: notes))
  }

  /// Reports that the current token is not what it should be, unless that has been said of it.
  mutating func reportUnexpected(
    _ message: SyntaxMessage,
    at span: SourceSpan? = nil,
    notes: [Diagnostic.Note] = []
  ) {
    // What is missing at the end of a line says nothing about the token that begins the next.
    let place =
      span == nil && current.kind != .endOfFile ? mistakeSpan.start : current.start
    let isKnown = current.kind == .unknown || current.isSynthetic || reportedPlace == place
    reportedPlace = place
    guard !isKnown else { return }
    report(message, at: span ?? mistakeSpan, notes: notes)
  }

  /// Reports that the current token is not what it should be; the result is to be thrown.
  mutating func unexpected(
    _ message: SyntaxMessage,
    at span: SourceSpan? = nil,
    notes: [Diagnostic.Note] = []
  ) -> Malformed {
    reportUnexpected(message, at: span, notes: notes)
    bracketsAtMistake = openBrackets
    return Malformed()
  }

  /// The current token, or the end of the line before it where the line ends too early.
  var mistakeSpan: SourceSpan {
    guard current.startsLine || current.kind == .endOfFile else { return current.span }
    return SourceSpan(start: previous.end, end: previous.end)
  }

  /// What stands where something else should: the current token or the end of its line.
  var foundText: String {
    current.startsLine && current.kind != .endOfFile ? "the end of the line" : tokenText
  }

  /// The current token as a message names it.
  var tokenText: String {
    if current.kind == .endOfFile { return "the end of the file" }
    if current.kind == .stringStart { return "a string" }
    let limit = 40
    guard current.end - current.start > limit else { return "'\(text(current))'" }
    return "'\(source.text(current.start..<current.start + limit))...'"
  }

  /// Goes to the end of the file; nothing more is reported.
  private mutating func abandon() {
    isAbandoned = true
    lexer.abandon()
    let end = source.bytes.count
    current = Token(kind: .endOfFile, start: end, end: end, startsLine: true)
    lookahead = nil
  }

  /// Opens a construct that may hold itself; `leave()` closes it.
  mutating func enter() throws(Malformed) {
    guard depth < Parser.nestingLimit else {
      report(.nestingTooDeep(limit: Parser.nestingLimit), at: current.span)
      abandon()
      throw Malformed()
    }
    depth += 1
  }

  mutating func leave() { depth -= 1 }

  /// Notes that an operation was put on top of expressions of these heights.
  mutating func grow(over left: Int, _ right: Int = 0) throws(Malformed) {
    expressionHeight = max(left, right) + 1
    guard expressionHeight <= Parser.operationLimit else {
      report(.expressionTooLong(limit: Parser.operationLimit), at: previous.span)
      abandon()
      throw Malformed()
    }
  }
}

// MARK: Ways out of a mistake

extension Parser {
  /// Skips to the end of the statement that went wrong: its line, a `;` or the block's `}`.
  ///
  /// Braces that open on the way are skipped with their contents, and brackets that were open
  /// may go on over lines unless a line begins a new statement. A token that begins a line and
  /// the statement that went wrong, at `start`, is skipped as well.
  mutating func skipStatement(from start: Int = -1) {
    isSkipping = true
    defer { isSkipping = false }
    var brackets = bracketsAtMistake
    var braces = 0
    bracketsAtMistake = 0
    while current.kind != .endOfFile {
      if current.startsLine, current.start != start, braces == 0,
        brackets == 0 || current.kind.startsStatement || isAtDeclaration()
      {
        return
      }
      switch current.kind {
      case .leftParenthesis, .leftBracket: brackets += 1
      case .rightParenthesis, .rightBracket: brackets = max(0, brackets - 1)
      case .leftBrace: braces += 1
      case .rightBrace where braces == 0: return
      case .rightBrace:
        braces -= 1
        brackets = 0
      case .semicolon where braces == 0 && brackets == 0: return
      default: break
      }
      advance()
    }
  }

  /// Skips to the `{` after a header that went wrong, or to the end of the line.
  ///
  /// - Parameter pastSemicolons: Whether a `;` may stand in the header, as in a `for` of C.
  mutating func skipHeader(pastSemicolons: Bool = false) {
    bracketsAtMistake = 0
    isSkipping = true
    defer { isSkipping = false }
    while current.kind != .leftBrace,
      !isAtStatementEnd || (pastSemicolons && current.kind == .semicolon && !current.startsLine)
    {
      advance()
    }
  }

  /// Parses what stands before a block; `nil` after a mistake, at the `{` if there is one.
  mutating func header<Result>(
    _ body: (inout Parser) throws(Malformed) -> Result
  ) -> Result? {
    do {
      return try body(&self)
    } catch {
      skipHeader()
      return nil
    }
  }

  /// Parses between brackets, within which lines do not end statements.
  mutating func bracketed<Result>(
    _ closing: TokenKind,
    _ body: (inout Parser) throws(Malformed) -> Result
  ) throws(Malformed) -> Result {
    try enter()
    defer { leave() }
    let opening = current
    openBrackets += 1
    defer { openBrackets -= 1 }
    advance()
    let result = try body(&self)
    guard current.kind == closing else {
      let note = Diagnostic.Note("it would close this '\(text(opening))'", at: opening.span)
      let isNear = source.line(of: opening.start) == source.line(of: previous.end)
      throw unexpected(
        .expectedClosing(closing == .rightBracket ? "]" : ")", found: foundText),
        notes: isNear ? [] : [note]
      )
    }
    // Past the bracket, the end of the line counts again.
    advance()
    return result
  }

  /// Parses items with commas between them up to a closing bracket; a last comma may stand.
  mutating func commaSeparated(
    until closing: TokenKind,
    _ item: (inout Parser) throws(Malformed) -> Void
  ) throws(Malformed) {
    while current.kind != closing {
      try item(&self)
      guard skip(.comma) else { return }
    }
  }

  /// Parses a name that is declared or referred to; `role` says what it names.
  mutating func name(_ role: String) throws(Malformed) -> Name {
    guard current.kind == .identifier, isOnSameLine || previous.kind == .comma else {
      if current.kind == .assign, isOnSameLine, Parser.objectWords.contains(text(previous)) {
        throw unexpected(.objectByItsName(text(previous)))
      }
      throw unexpected(
        current.kind.isKeyword && isOnSameLine
          ? .keywordAsName(text(current), role) : .expectedName(role, found: foundText)
      )
    }
    let name = Name(text: text(current), span: current.span)
    advance()
    return name
  }
}
