/// A text cut into words, numbers, strings, white space and single symbols: what a mutation exchanges.
///
/// It cuts any bytes, whatever language they are in, and joined together they are the same bytes again.
struct Pieces {
  var bytes: [[UInt8]]

  init(_ text: [UInt8]) {
    bytes = []
    var start = 0
    while start < text.count {
      var end = start + 1
      let kind = Kind(text[start])
      if kind == .quote {
        while end < text.count, text[end] != UInt8(ascii: "\n") {
          end += 1
          if text[end - 1] == UInt8(ascii: "\""), text[end - 2] != UInt8(ascii: "\\") { break }
        }
      } else if kind != .symbol {
        while end < text.count, Kind(text[end]) == kind { end += 1 }
      }
      bytes.append(Array(text[start..<end]))
      start = end
    }
  }

  /// The text again, up to so many bytes: a long piece that stands there often is no longer text.
  func text(limit: Int) -> [UInt8] {
    var text: [UInt8] = []
    for piece in bytes where text.count < limit { text += piece.prefix(limit - text.count) }
    return text
  }

  private enum Kind {
    case word, space, quote, symbol

    init(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
        self = .word
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        self = .space
      case UInt8(ascii: "\""): self = .quote
      default: self = .symbol
      }
    }
  }
}
