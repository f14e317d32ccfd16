import HeddleDiagnostics

/// Texts that are written once and referred to by number; number 0 is the empty text.
struct TextTable {
  private(set) var texts = [""]
  private var numbers = ["": 0]

  /// The number of a text, made harmless for a reader's eyes: see `printable`.
  mutating func number(of text: String) -> Int {
    if let number = numbers[text] { return number }
    numbers[text] = texts.count
    texts.append(printable(text))
    return texts.count - 1
  }
}
