extension String {
  /// The text with blanks behind it, `width` characters in all if it is shorter.
  package func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text with blanks before it, `width` characters in all if it is shorter.
  package func padded(toLeading width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// Digits in groups of three, from the last one on: `-1 301`.
  package func groupedDigits(by separator: Character = " ") -> String {
    var result = ""
    for (index, digit) in enumerated() {
      if index > 0, (count - index).isMultiple(of: 3), result.last != "-" {
        result.append(separator)
      }
      result.append(digit)
    }
    return result
  }
}
