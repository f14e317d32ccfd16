import HeddleDiagnostics

/// Where comments stand.
extension Layout {
  /// How many columns lie to the left of a comment, tabs counted up to multiples of four.
  func column(of comment: Comment) -> Int {
    var start = comment.start
    while start > 0, source.bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    var column = 0
    for byte in source.bytes[start..<comment.start] {
      if byte == UInt8(ascii: "\t") {
        column += LayoutPrinter.indentationStep - column % LayoutPrinter.indentationStep
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return column
  }

  /// How many white-space characters stand directly before a comment.
  func distance(before comment: Comment) -> Int {
    var start = comment.start
    while start > 0, source.bytes[start - 1] == 0x20 || source.bytes[start - 1] == 0x09 {
      start -= 1
    }
    return comment.start - start
  }

  /// Whether a space stands between a token and a block comment after it on the line.
  func hasSpaceBeforeComment(_ index: Int) -> Bool {
    switch kind(index) {
    case .leftParenthesis, .leftBracket, .interpolationStart, .dot, .not: false
    default: true
    }
  }

  /// Whether a space stands between a block comment and the token after it on the line.
  func hasSpaceAfterComment(_ index: Int) -> Bool {
    switch kind(index) {
    case .rightParenthesis, .rightBracket, .interpolationEnd, .comma, .semicolon, .colon, .dot,
      .question:
      false
    default: true
    }
  }
}
