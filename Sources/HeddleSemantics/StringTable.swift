import HeddleProgram
import Synchronization

/// All string values of a machine: the program's literals, then the texts that interpolation makes at run time.
///
/// A text has one number however often it is made, so equal strings are equal integers. Which number a new text gets
/// depends on the order of making, therefore nothing may be ordered by it.
final class StringTable: Sendable {
  private let contents: Mutex<TextNumbers>
  private let limit: Int

  /// Starts with the program's literals, and holds at most `limit` texts.
  init(literals: [String], limit: Int) {
    contents = Mutex(TextNumbers(literals))
    self.limit = limit
  }

  /// The number of a text, a new one if it is new; `nil` if the table is full.
  func intern(_ text: String) -> Int? {
    contents.withLock { contents in
      contents[text] ?? (contents.texts.count < limit ? contents.intern(text) : nil)
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
