import HeddleDiagnostics

/// Turns the bytes of a source file into tokens, one at a time, in linear time.
///
/// Comments and white space lie between the end of one token and the start of the next; a `Gap`
/// finds them there.
struct Lexer {
  let source: SourceFile
  /// The offset of the next byte to read.
  var offset = 0
  /// What was found wrong since the parser last took it.
  var diagnostics: [Diagnostic] = []
  /// The strings and interpolations that are open here, outermost first.
  var openModes: [Mode] = []
  /// The start of the unterminated string that was reported last.
  var reportedString = -1

  /// Inside of what the next byte is.
  enum Mode {
    /// Between the quotes of the string that begins at `start`.
    case string(start: Int)
    /// Between `\(` and its `)`, with the number of other parentheses open.
    case interpolation(parentheses: Int)
  }

  init(_ source: SourceFile) {
    self.source = source
  }

  /// The byte at an offset; 0 after the end, which no valid source holds.
  func byte(at offset: Int) -> UInt8 {
    offset < source.bytes.count ? source.bytes[offset] : 0
  }

  mutating func report(_ message: SyntaxMessage, from start: Int, to end: Int) {
    diagnostics.append(
      Diagnostic(
        message.severity,
        message.id,
        message.text,
        at: SourceSpan(start: start, end: end)
      )
    )
  }

  /// Jumps to the end of the file.
  mutating func abandon() {
    openModes = []
    diagnostics = []
    offset = source.bytes.count
  }

  /// The next token; at the end, `endOfFile` for ever.
  mutating func next() -> Token {
    if case .string(let start) = openModes.last { return nextInString(from: start) }
    let startsLine = skipTrivia()
    let start = offset
    let kind = scanToken()
    return Token(kind: kind, start: start, end: offset, startsLine: startsLine)
  }

  // MARK: White space and comments

  /// Skips what lies between tokens; returns whether a line begins after it.
  private mutating func skipTrivia() -> Bool {
    var startsLine = offset == 0
    if offset == 0, byte(at: 0) == 0xEF, byte(at: 1) == 0xBB, byte(at: 2) == 0xBF { offset = 3 }
    while offset < source.bytes.count {
      switch source.bytes[offset] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        offset += 1
      case UInt8(ascii: "\n"):
        // A string ends on its line, even inside an interpolation.
        guard openModes.isEmpty else { return startsLine }
        startsLine = true
        offset += 1
      case UInt8(ascii: "\r") where byte(at: offset + 1) == UInt8(ascii: "\n"):
        offset += 1
      case UInt8(ascii: "/") where byte(at: offset + 1) == UInt8(ascii: "/"):
        let start = offset
        offset = source.endOfLine(from: offset)
        if looksLikeDivision(start..<offset) {
          report(.commentLikeDivision(), from: start, to: start + 2)
        }
      case UInt8(ascii: "/") where byte(at: offset + 1) == UInt8(ascii: "*"):
        if skipBlockComment() { startsLine = true }
      case UInt8(ascii: "#"):
        report(.hashComment(), from: offset, to: offset + 1)
        offset = source.endOfLine(from: offset)
      default:
        return startsLine
      }
    }
    return startsLine
  }

  /// Whether a line comment stands as the `//` of Python does: behind a value and before a number or, without spaces, a name,
  /// with nothing behind it but the ends of blocks.
  private func looksLikeDivision(_ comment: Range<Int>) -> Bool {
    let line = source.bytes[..<comment.lowerBound]
    let before = line.last { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    guard let before, isNameByte(before) || [0x29, 0x5D].contains(before) else { return false }
    var text = source.text(comment.lowerBound + 2..<comment.upperBound)[...]
    if let brace = text.firstIndex(of: "}") {
      guard text[brace...].allSatisfy({ $0 == "}" || $0.isWhitespace }) else { return false }
      text = text[..<brace]
      while text.last?.isWhitespace == true { text.removeLast() }
    }
    let divisor = text.filter { !$0.isWhitespace }
    guard let first = divisor.first, let last = divisor.last else { return false }
    if first.isNumber || first == "(" {
      return (last.isNumber || last == ")")
        && divisor.allSatisfy { $0.isNumber || "+-*/%()".contains($0) }
    }
    return before == line.last && divisor == text && text.utf8.allSatisfy(isNameByte)
  }

  /// Skips a comment that may hold others; returns whether it spans lines.
  private mutating func skipBlockComment() -> Bool {
    let start = offset
    var depth = 0
    var spansLines = false
    while offset < source.bytes.count {
      let pair = (source.bytes[offset], byte(at: offset + 1))
      if pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) {
        depth += 1
        offset += 2
      } else if pair == (UInt8(ascii: "*"), UInt8(ascii: "/")) {
        depth -= 1
        offset += 2
        if depth == 0 { return spansLines }
      } else {
        if pair.0 == UInt8(ascii: "\n") { spansLines = true }
        offset += 1
      }
    }
    report(.unterminatedComment(), from: start, to: start + 2)
    return spansLines
  }

  // MARK: Tokens

  private mutating func scanToken() -> TokenKind {
    guard offset < source.bytes.count else {
      return openModes.isEmpty ? .endOfFile : closeInterpolation()
    }
    let first = source.bytes[offset]
    if isNameStart(first) || first >= 0x80 { return scanName() }
    if isDigit(first) { return scanNumber() }
    switch first {
    case UInt8(ascii: "\n"):
      return closeInterpolation()
    case UInt8(ascii: "\""):
      openModes.append(.string(start: offset))
      return take(1, .stringStart)
    case UInt8(ascii: "'"):
      return scanSingleQuotes()
    case UInt8(ascii: "("):
      if case .interpolation(let parentheses) = openModes.last {
        openModes[openModes.count - 1] = .interpolation(parentheses: parentheses + 1)
      }
      return take(1, .leftParenthesis)
    case UInt8(ascii: ")"):
      guard case .interpolation(let parentheses) = openModes.last else {
        return take(1, .rightParenthesis)
      }
      guard parentheses > 0 else {
        openModes.removeLast()
        return take(1, .interpolationEnd)
      }
      openModes[openModes.count - 1] = .interpolation(parentheses: parentheses - 1)
      return take(1, .rightParenthesis)
    default:
      return scanPunctuation(first)
    }
  }

  mutating func take(_ length: Int, _ kind: TokenKind) -> TokenKind {
    offset += length
    return kind
  }

  private mutating func scanPunctuation(_ first: UInt8) -> TokenKind {
    let second = byte(at: offset + 1)
    switch first {
    case UInt8(ascii: "["): return take(1, .leftBracket)
    case UInt8(ascii: "]"): return take(1, .rightBracket)
    case UInt8(ascii: "{"): return take(1, .leftBrace)
    case UInt8(ascii: "}"): return take(1, .rightBrace)
    case UInt8(ascii: ","): return take(1, .comma)
    case UInt8(ascii: ":"): return take(1, .colon)
    case UInt8(ascii: ";"): return take(1, .semicolon)
    case UInt8(ascii: "?"): return take(1, .question)
    case UInt8(ascii: "-") where second == UInt8(ascii: ">"): return take(2, .arrow)
    case UInt8(ascii: "+"): return takeWithAssign(second, .plus, .addAssign)
    case UInt8(ascii: "-"): return takeWithAssign(second, .minus, .subtractAssign)
    case UInt8(ascii: "*"): return takeWithAssign(second, .star, .multiplyAssign)
    case UInt8(ascii: "/"): return takeWithAssign(second, .slash, .divideAssign)
    case UInt8(ascii: "%"): return takeWithAssign(second, .percent, .moduloAssign)
    case UInt8(ascii: "<"): return takeWithAssign(second, .less, .lessOrEqual)
    case UInt8(ascii: ">"): return takeWithAssign(second, .greater, .greaterOrEqual)
    case UInt8(ascii: "="): return takeWithAssign(second, .assign, .equal)
    case UInt8(ascii: "!"): return takeWithAssign(second, .not, .notEqual)
    case UInt8(ascii: "&") where second == UInt8(ascii: "&"): return take(2, .and)
    case UInt8(ascii: "|") where second == UInt8(ascii: "|"): return take(2, .or)
    case UInt8(ascii: "."): return scanDots()
    default: return scanUnknown(first)
    }
  }

  private mutating func takeWithAssign(
    _ second: UInt8,
    _ plain: TokenKind,
    _ assigning: TokenKind
  ) -> TokenKind {
    second == UInt8(ascii: "=") ? take(2, assigning) : take(1, plain)
  }

  private mutating func scanDots() -> TokenKind {
    let dot = UInt8(ascii: ".")
    guard byte(at: offset + 1) == dot else { return take(1, .dot) }
    switch byte(at: offset + 2) {
    case dot: return take(3, .rangeClosed)
    case UInt8(ascii: "<"): return take(3, .rangeHalfOpen)
    default:
      report(
        .unknownCharacter("..", hint: "a range is written '0..<n' or '0...n'"),
        from: offset,
        to: offset + 2
      )
      return take(2, .unknown)
    }
  }
}

func isDigit(_ byte: UInt8) -> Bool {
  byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}

func isNameStart(_ byte: UInt8) -> Bool {
  let lowered = byte | 0x20
  return (lowered >= UInt8(ascii: "a") && lowered <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_")
}

/// Whether a name goes on with the byte.
private func isNameByte(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
