import Synchronization

/// All string values of a machine: the program's literals, then the texts that interpolation makes at run time.
///
/// A text has one number however often it is made, so equal strings are equal integers. Which number a new text gets
/// depends on the order of making, therefore nothing may be ordered by it.
final class StringTable: Sendable {
  private struct Contents {
    var texts: [String]
    var numbers: [String: Int]
  }

  private let contents: Mutex<Contents>
  private let limit: Int

  /// Starts with the program's literals, and holds at most `limit` texts.
  init(literals: [String], limit: Int) {
    var numbers: [String: Int] = [:]
    for (number, text) in literals.enumerated() where numbers[text] == nil {
      numbers[text] = number
    }
    contents = Mutex(Contents(texts: literals, numbers: numbers))
    self.limit = limit
  }

  /// The number of a text, a new one if it is new; `nil` if the table is full.
  func intern(_ text: String) -> Int? {
    contents.withLock { contents in
      if let number = contents.numbers[text] { return number }
      guard contents.texts.count < limit else { return nil }
      contents.texts.append(text)
      contents.numbers[text] = contents.texts.count - 1
      return contents.texts.count - 1
    }
  }

  /// The text of a number that ``intern(_:)`` or the program gave.
  func text(_ number: Int) -> String {
    contents.withLock { $0.texts.indices.contains(number) ? $0.texts[number] : "" }
  }

  /// Whether the text of `left` comes before that of `right`, by Unicode scalars as in Python.
  func isLess(_ left: Int, _ right: Int) -> Bool {
    left != right
      && text(left).unicodeScalars.lexicographicallyPrecedes(text(right).unicodeScalars)
  }
}
