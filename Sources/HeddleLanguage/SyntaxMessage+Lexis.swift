/// Messages about characters, numbers and strings.
extension SyntaxMessage {
  static func unknownCharacter(_ character: String, hint: String? = nil) -> Self {
    Self("'\(character)' has no meaning here" + (hint.map { "; " + $0 } ?? ""))
  }

  static func nonASCIIName(_ name: String) -> Self {
    Self("'\(name)' is not a name: names are made of ASCII letters, digits and '_'")
  }

  static func typographicQuote() -> Self {
    Self("strings are written with straight quotes: \"...\"")
  }

  static func singleQuotes() -> Self {
    Self("strings are written with double quotes: \"...\"")
  }

  static func hashComment() -> Self {
    Self("a comment begins with '//'")
  }

  static func unterminatedComment() -> Self {
    Self("this comment is never closed with '*/'")
  }

  static func unterminatedString() -> Self {
    Self("a string ends with '\"' on the line on which it begins")
  }

  static func unknownEscape(_ escape: String) -> Self {
    Self(
      "'\(escape)' is not an escape; a string may hold \\n, \\t, \\\", \\\\ and \\(expression)"
    )
  }

  static func controlCharacterInString(_ character: String) -> Self {
    Self("a string cannot hold the control character \(character)")
  }

  static func numberNotDecimal() -> Self {
    Self("numbers are decimal integers")
  }

  static func numberNotWhole() -> Self {
    Self("numbers are whole")
  }

  static func nameStartsWithDigit(_ name: String) -> Self {
    Self("'\(name)' is neither a number nor a name: a name does not begin with a digit")
  }

  static func integerOverflow() -> Self {
    Self("integers have 64 bits: from -9223372036854775808 to 9223372036854775807")
  }

  static func tooManyErrors() -> Self {
    Self("too many errors; the rest of the file was not read")
  }

  static func nestingTooDeep(limit: Int) -> Self {
    Self(
      "at most \(limit) levels of nesting: blocks, brackets, operators before a value, types, "
        + "and 'else if' after 'else if'"
    )
  }

  static func expressionTooLong(limit: Int) -> Self {
    Self("at most \(limit) operations in one expression")
  }
}
