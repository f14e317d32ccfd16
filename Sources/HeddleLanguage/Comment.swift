import HeddleDiagnostics

/// One comment between two tokens.
struct Comment: Equatable {
  /// The offset of its first byte.
  var start: Int
  /// The offset after its last byte; a line comment ends before its line ending.
  var end: Int
  /// Whether it begins with `//`, so that the line ends with it.
  var isLineComment: Bool
  /// How many line endings lie between it and the token or comment before.
  var newlinesBefore: Int
  /// Whether it is a block comment over several lines.
  var spansLines: Bool
}

/// What lies between two tokens.
struct Gap: Equatable {
  var comments: [Comment] = []
  /// How many line endings lie before the token, after the last comment.
  var newlinesBefore = 0

  /// Whether a line ends anywhere in it.
  var hasNewline: Bool {
    newlinesBefore > 0
      || comments.contains { $0.newlinesBefore > 0 || $0.spansLines || $0.isLineComment }
  }

  /// Reads the bytes between two tokens, which the lexer found to be white space and comments.
  init(_ range: Range<Int>, in source: SourceFile) {
    let bytes = source.bytes
    var offset = range.lowerBound
    while offset < range.upperBound {
      if bytes[offset] == UInt8(ascii: "\n") { newlinesBefore += 1 }
      guard bytes[offset] == UInt8(ascii: "/") else {
        offset += 1
        continue
      }
      let start = offset
      let isLineComment = bytes[offset + 1] == UInt8(ascii: "/")
      offset = isLineComment ? source.endOfLine(from: start) : Gap.blockEnd(start, range, bytes)
      comments.append(
        Comment(
          start: start,
          end: offset,
          isLineComment: isLineComment,
          newlinesBefore: newlinesBefore,
          spansLines: bytes[start..<offset].contains(UInt8(ascii: "\n"))
        )
      )
      newlinesBefore = 0
    }
  }

  /// The end of the block comment that begins at `start` and may hold others.
  private static func blockEnd(_ start: Int, _ range: Range<Int>, _ bytes: [UInt8]) -> Int {
    var depth = 0
    var offset = start
    while offset + 1 < range.upperBound {
      let pair = (bytes[offset], bytes[offset + 1])
      if pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) {
        depth += 1
        offset += 2
      } else if pair == (UInt8(ascii: "*"), UInt8(ascii: "/")) {
        depth -= 1
        offset += 2
        if depth == 0 { return offset }
      } else {
        offset += 1
      }
    }
    return range.upperBound
  }
}

extension SourceFile {
  /// The offset of the line ending at or after `start`.
  func endOfLine(from start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return end
  }

  /// A comment's text without white space at the ends of its lines.
  func text(_ comment: Comment) -> String {
    text(comment.start..<comment.end)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        var line = line.unicodeScalars[...]
        while let last = line.last, last == " " || last == "\t" || last == "\r" {
          line.removeLast()
        }
        return String(line)
      }
      .joined(separator: "\n")
  }
}
