import HeddleDiagnostics

/// Names, numbers and what is neither.
extension Lexer {
  /// A name, a keyword, or what only looks like a name.
  mutating func scanName() -> TokenKind {
    let start = offset
    var isASCII = true
    while offset < source.bytes.count {
      let byte = source.bytes[offset]
      if byte >= 0x80 {
        let scalar = scalar(at: offset)
        guard scalar.properties.isAlphabetic else { break }
        isASCII = false
        offset += scalar.utf8.count
      } else if isNameStart(byte) || isDigit(byte) {
        offset += 1
      } else {
        break
      }
    }
    guard offset > start else { return scanForeignCharacters() }
    guard isASCII else {
      report(.nonASCIIName(shown(from: start)), from: start, to: offset)
      return .unknown
    }
    // No keyword is longer, and a lookup of every long name would copy it.
    guard offset - start <= 8 else { return .identifier }
    return TokenKind.keywords[source.text(start..<offset)] ?? .identifier
  }

  /// Characters beyond ASCII that are no letters: typographic quotes, spaces, symbols.
  private mutating func scanForeignCharacters() -> TokenKind {
    let start = offset
    let isQuote = typographicQuotes.contains(scalar(at: offset))
    while offset < source.bytes.count, source.bytes[offset] != UInt8(ascii: "\n") {
      let next = scalar(at: offset)
      if isQuote {
        offset += next.utf8.count
        if offset - start > next.utf8.count, typographicQuotes.contains(next) { break }
      } else {
        guard !next.isASCII, !next.properties.isAlphabetic else { break }
        offset += next.utf8.count
      }
    }
    report(
      isQuote ? .typographicQuote() : .unknownCharacter(shown(from: start)),
      from: start,
      to: offset
    )
    return .unknown
  }

  /// The Unicode scalar that begins at an offset.
  private func scalar(at offset: Int) -> Unicode.Scalar {
    let lead = source.bytes[offset]
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    return source.text(offset..<offset + length).unicodeScalars.first ?? "\u{FFFD}"
  }

  /// The text from `start` on as a message shows it.
  private func shown(from start: Int) -> String {
    let text = source.text(start..<min(offset, start + longestShownText))
    // A character that was cut apart shows as a replacement character, which is left out.
    let isCut = offset - start > longestShownText
    return printable(isCut ? text.filter { $0 != "\u{FFFD}" } + "..." : text)
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
        : .nameStartsWithDigit(shown(from: start)),
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
    let hint: String? =
      switch first {
      case UInt8(ascii: "&"): "'and' is written '&&'"
      case UInt8(ascii: "|"): "'or' is written '||'"
      default: nil
      }
    report(.unknownCharacter(shown(from: start), hint: hint), from: start, to: offset)
    return .unknown
  }
}

private let typographicQuotes: [Unicode.Scalar] = [
  "\u{2018}", "\u{2019}", "\u{201A}", "\u{201C}", "\u{201D}", "\u{201E}",
]

/// Messages quote no more than this many bytes of the source.
private let longestShownText = 40
