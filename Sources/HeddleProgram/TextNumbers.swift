/// Numbers for texts, as dictionaries of strings would give them if equality were that of the language.
///
/// Two texts are equal if their Unicode scalars are, as in Python; to Swift, `é` in one scalar and in two are the same.
package struct TextNumbers: Sendable {
  private struct Key: Hashable {
    let text: String

    static func == (left: Key, right: Key) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
      for byte in text.utf8 { hasher.combine(byte) }
    }
  }

  private var numbers: [Key: Int] = [:]

  /// The texts, by number.
  package private(set) var texts: [String] = []

  /// Starts with some texts, numbered from 0.
  package init(_ texts: [String] = []) {
    self.texts = texts
    for (number, text) in texts.enumerated() where self[text] == nil {
      numbers[Key(text: text)] = number
    }
  }

  /// The number of a text; `nil` if it has none.
  package subscript(text: String) -> Int? { numbers[Key(text: text)] }

  /// The number of a text, the next one if it has none.
  package mutating func intern(_ text: String) -> Int {
    if let number = self[text] { return number }
    texts.append(text)
    numbers[Key(text: text)] = texts.count - 1
    return texts.count - 1
  }
}
