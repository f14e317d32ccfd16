import HeddleDiagnostics

/// Strings, which hold text and interpolated expressions.
extension Lexer {
  /// The next token between the quotes of the string that begins at `opening`.
  mutating func nextInString(from opening: Int) -> Token {
    let start = offset
    let kind = scanInString(from: opening)
    return Token(kind: kind, start: start, end: offset, startsLine: false)
  }

  private mutating func scanInString(from opening: Int) -> TokenKind {
    let start = offset
    while offset < source.bytes.count {
      let byte = source.bytes[offset]
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\""):
        guard offset == start else { return .stringText }
        return closeString(isTerminated: byte == UInt8(ascii: "\""))
      case UInt8(ascii: "\\"):
        if self.byte(at: offset + 1) == UInt8(ascii: "(") {
          guard offset == start else { return .stringText }
          openModes.append(.interpolation(parentheses: 0))
          return take(2, .interpolationStart)
        }
        skipEscape()
      case UInt8(ascii: "\r") where self.byte(at: offset + 1) == UInt8(ascii: "\n"):
        guard offset == start else { return .stringText }
        return closeString(isTerminated: false)
      case ..<0x20 where byte != UInt8(ascii: "\t"), 0x7F:
        let shown = printable(source.text(offset..<offset + 1))
        report(.controlCharacterInString(shown), from: offset, to: offset + 1)
        offset += 1
      default:
        offset += 1
      }
    }
    return offset == start ? closeString(isTerminated: false) : .stringText
  }

  private mutating func skipEscape() {
    let start = offset
    offset += 1
    switch byte(at: offset) {
    case UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "\""), UInt8(ascii: "\\"):
      offset += 1
    case 0, UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      // The line ends here; that the string does not is reported next.
      break
    default:
      offset += 1
      while byte(at: offset) & 0xC0 == 0x80 { offset += 1 }
      report(
        .unknownEscape(printable(source.text(start..<offset))),
        from: start,
        to: offset
      )
    }
  }

  /// Ends the innermost string, at its quote or where the line leaves it open.
  private mutating func closeString(isTerminated: Bool) -> TokenKind {
    if !isTerminated { reportUnterminated() }
    openModes.removeLast()
    return take(isTerminated ? 1 : 0, .stringEnd)
  }

  /// Ends an interpolation that its line leaves open.
  mutating func closeInterpolation() -> TokenKind {
    reportUnterminated()
    openModes.removeLast()
    return .interpolationEnd
  }

  /// Reports the outermost open string, once: the quote that the author forgot is one.
  private mutating func reportUnterminated() {
    guard case .string(let start) = openModes.first, reportedString != start else { return }
    reportedString = start
    report(.unterminatedString(), from: start, to: start + 1)
  }
}
