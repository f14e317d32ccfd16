/// The texts of string values: the program's literals, then those made at run time.
final class StringTable {
  private(set) var texts: [String]
  /// By the texts' Unicode scalars: to Swift, texts are equal that are not to Python.
  private var numbers: [[Unicode.Scalar]: Int] = [:]

  init(_ literals: [String]) {
    texts = literals
    for (number, text) in literals.enumerated() where numbers[Array(text.unicodeScalars)] == nil {
      numbers[Array(text.unicodeScalars)] = number
    }
  }

  /// The value that stands for `text`.
  func number(of text: String) -> Int {
    let scalars = Array(text.unicodeScalars)
    if let number = numbers[scalars] { return number }
    texts.append(text)
    numbers[scalars] = texts.count - 1
    return texts.count - 1
  }

  /// Whether one string value comes before another, by Unicode scalars.
  func isLess(_ left: Int, _ right: Int) -> Bool {
    texts[left].unicodeScalars.lexicographicallyPrecedes(texts[right].unicodeScalars)
  }
}
