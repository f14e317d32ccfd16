/// The texts of string values: the program's literals, then those made at run time.
final class StringTable {
  private(set) var texts: [String]
  private var numbers: [String: Int] = [:]

  init(_ literals: [String]) {
    texts = literals
    for (number, text) in literals.enumerated() where numbers[text] == nil {
      numbers[text] = number
    }
  }

  /// The value that stands for `text`.
  func number(of text: String) -> Int {
    if let number = numbers[text] { return number }
    texts.append(text)
    numbers[text] = texts.count - 1
    return texts.count - 1
  }

  /// Whether one string value comes before another, by Unicode scalars.
  func isLess(_ left: Int, _ right: Int) -> Bool {
    texts[left].unicodeScalars.lexicographicallyPrecedes(texts[right].unicodeScalars)
  }
}
