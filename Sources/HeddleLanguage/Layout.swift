import HeddleDiagnostics

/// The tokens of a valid scenario with what lies between them, and where its items are.
///
/// An item is what stands on a line of its own: a declaration, a member or a statement. In a valid
/// scenario the tokens alone tell where items begin, because lines and `;` do.
struct Layout {
  let source: SourceFile
  /// All tokens; the last is `endOfFile`.
  private(set) var tokens: [Token] = []
  /// What lies before each token.
  private(set) var gaps: [Gap] = []
  /// What each token is to the items.
  private(set) var roles: [Role] = []
  /// For each `{` the index of its `}`; elsewhere -1.
  private(set) var closingBrace: [Int] = []
  /// How many of the gaps up to each token, the one before it included, end a line for good.
  private var breaks: [Int] = []

  enum Role {
    /// The first token of an item.
    case first
    /// A `;` between items.
    case separator
    /// Every other token, braces included.
    case other
  }

  init(_ source: SourceFile) {
    self.source = source
    var lexer = Lexer(source)
    var end = 0
    repeat {
      let token = lexer.next()
      gaps.append(Gap(end..<token.start, in: source))
      tokens.append(token)
      end = token.end
    } while tokens.last?.kind != .endOfFile
    closingBrace = Array(repeating: -1, count: tokens.count)
    findItems()
    countBreaks()
  }

  func text(_ index: Int) -> String { source.text(tokens[index].span) }

  func kind(_ index: Int) -> TokenKind { tokens[index].kind }

  /// Whether nothing in a range of tokens keeps it from standing on one line.
  func isOnOneLine(_ range: Range<Int>) -> Bool {
    range.isEmpty || breaks[range.upperBound - 1] == breaks[range.lowerBound]
  }

  /// Whether a token stays on the line of the one before, however it was written.
  func joinsLine(_ index: Int) -> Bool {
    switch kind(index) {
    case .leftBrace: true
    case .elseKeyword, .finallyKeyword: roles[index] != .first
    case .identifier: isOr(index)
    case .rightBrace: index > 0 && kind(index - 1) == .leftBrace
    default: false
    }
  }

  // MARK: Items

  private mutating func findItems() {
    var openBraces: [Int] = []
    var openBrackets = 0
    for index in tokens.indices {
      roles.append(
        openBrackets > 0 ? .other : role(of: index, isNested: !openBraces.isEmpty)
      )
      switch kind(index) {
      case .leftParenthesis, .leftBracket, .interpolationStart: openBrackets += 1
      case .rightParenthesis, .rightBracket, .interpolationEnd: openBrackets -= 1
      case .leftBrace: openBraces.append(index)
      case .rightBrace:
        if let opening = openBraces.popLast() { closingBrace[opening] = index }
      default: break
      }
    }
  }

  /// The role of a token outside of brackets; `isNested` in a block.
  private func role(of index: Int, isNested: Bool) -> Role {
    switch kind(index) {
    case .semicolon: return .separator
    case .rightBrace, .endOfFile, .leftBrace, .elseKeyword: return .other
    case .finallyKeyword where isNested: return .other
    case .identifier where isOr(index): return .other
    default: break
    }
    guard index > 0 else { return .first }
    switch kind(index - 1) {
    case .semicolon, .leftBrace: return .first
    case let previous:
      return tokens[index].startsLine && !previous.continuesLine ? .first : .other
    }
  }

  /// Whether a token is the `or` between the blocks of `choose`.
  private func isOr(_ index: Int) -> Bool {
    kind(index) == .identifier && index > 0 && kind(index - 1) == .rightBrace
      && index + 1 < tokens.count && kind(index + 1) == .leftBrace && text(index) == "or"
  }

  private mutating func countBreaks() {
    var count = 0
    for index in tokens.indices {
      let gap = gaps[index]
      let hasComment = gap.comments.contains { $0.isLineComment || $0.spansLines }
      if hasComment || (gap.hasNewline && !joinsLine(index)) { count += 1 }
      breaks.append(count)
    }
  }

  // MARK: What must not change

  /// The tokens' texts, without the `;` that lines may stand for.
  func significantTexts() -> some Sequence<String> {
    tokens.indices.lazy.filter { roles[$0] != .separator }.map { text($0) }
  }

  func commentTexts() -> some Sequence<String> {
    gaps.lazy.flatMap(\.comments).map { source.text($0) }
  }
}
