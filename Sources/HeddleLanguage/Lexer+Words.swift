import HeddleDiagnostics

/// Names, numbers and what is neither.
extension Lexer {
  /// A name, a keyword, or a run of characters that only looks like a name.
  mutating func scanName() -> TokenKind {
    let start = offset
    var isASCII = true
    while offset < source.bytes.count {
      let byte = source.bytes[offset]
      guard isNameStart(byte) || isDigit(byte) || byte >= 0x80 else { break }
      if byte >= 0x80 { isASCII = false }
      offset += 1
    }
    guard isASCII else {
      reportNonASCII(from: start)
      return .unknown
    }
    // No keyword is longer, and a lookup of every long name would copy it.
    guard offset - start <= 8 else { return .identifier }
    return TokenKind.keywords[source.text(start..<offset)] ?? .identifier
  }

  private mutating func reportNonASCII(from start: Int) {
    let text = source.text(start..<min(offset, start + longestShownText))
    let shown = printable(text)
    if let first = text.unicodeScalars.first, ["\u{201C}", "\u{201D}", "\u{201E}"].contains(first) {
      report(.typographicQuote(), from: start, to: offset)
    } else if text.unicodeScalars.contains(where: \.properties.isAlphabetic) {
      report(.nonASCIIName(shown), from: start, to: offset)
    } else {
      report(.unknownCharacter(shown), from: start, to: offset)
    }
  }

  /// Decimal digits with `_` between them.
  mutating func scanNumber() -> TokenKind {
    let start = offset
    skipNameBytes()
    // `1.5` is one mistake, `0...3` none.
    if byte(at: offset) == UInt8(ascii: "."), isDigit(byte(at: offset + 1)) {
      offset += 1
      skipNameBytes()
      report(.numberNotWhole(), from: start, to: offset)
      return .unknown
    }
    guard let letter = source.bytes[start..<offset].first(where: { !isDigit($0) && $0 != 0x5F })
    else { return .integer }
    let isOtherBase =
      source.bytes[start] == UInt8(ascii: "0") && [0x62, 0x6F, 0x78].contains(letter | 0x20)
    report(
      isOtherBase
        ? .numberNotDecimal()
        : .nameStartsWithDigit(source.text(start..<min(offset, start + longestShownText))),
      from: start,
      to: offset
    )
    return .unknown
  }

  private mutating func skipNameBytes() {
    while offset < source.bytes.count,
      isDigit(source.bytes[offset]) || isNameStart(source.bytes[offset])
    {
      offset += 1
    }
  }

  /// `'text'`, a string elsewhere.
  mutating func scanSingleQuotes() -> TokenKind {
    let start = offset
    offset += 1
    while offset < source.bytes.count, source.bytes[offset] != UInt8(ascii: "\n") {
      offset += 1
      if source.bytes[offset - 1] == UInt8(ascii: "'") { break }
    }
    report(.singleQuotes(), from: start, to: offset)
    return .unknown
  }

  /// A run of the same character that begins no token.
  mutating func scanUnknown(_ first: UInt8) -> TokenKind {
    let start = offset
    while offset < source.bytes.count, source.bytes[offset] == first { offset += 1 }
    let shown = printable(source.text(start..<min(offset, start + longestShownText)))
    let hint: String? =
      switch first {
      case UInt8(ascii: "&"): "'and' is written '&&'"
      case UInt8(ascii: "|"): "'or' is written '||'"
      default: nil
      }
    report(.unknownCharacter(shown, hint: hint), from: start, to: offset)
    return .unknown
  }
}

/// Messages quote no more than this many bytes of the source.
private let longestShownText = 40
