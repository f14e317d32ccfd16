import HeddleDiagnostics

/// Values that are written once and referred to by number, in the order of first use.
struct NumberedTable<Element: Hashable> {
  private(set) var elements: [Element] = []
  private var numbers: [Element: Int] = [:]

  /// The number of a value, a new one if it has none yet.
  mutating func number(of element: Element) -> Int {
    if let number = numbers[element] { return number }
    numbers[element] = elements.count
    elements.append(element)
    return elements.count - 1
  }
}

/// Texts that are written once and referred to by number; number 0 is the empty text.
struct TextTable {
  private var table: NumberedTable<String>

  init() {
    table = NumberedTable()
    _ = table.number(of: "")
  }

  /// The texts, made harmless for a reader's eyes: see `printable`.
  var texts: [String] { table.elements.map { printable($0) } }

  /// The number of a text.
  mutating func number(of text: String) -> Int { table.number(of: text) }
}
