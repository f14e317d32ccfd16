/// The text with everything that could disturb a terminal written as `\u{…}`.
///
/// Control characters, line separators, marks that change the writing direction and characters
/// without a shape of their own are replaced; all other text stays as it is.
public func printable(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    if let escape = visibleEscape(scalar) {
      result += escape
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// How a character is shown that must not reach a terminal as it is; `nil` if it may.
func visibleEscape(_ scalar: Unicode.Scalar) -> String? {
  switch scalar.properties.generalCategory {
  // Format characters include the bidirectional marks, zero-width joiners and the byte order mark.
  case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
    .unassigned:
    "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
  // A no-break space looks like a space and is none.
  case .spaceSeparator where scalar != " ":
    "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
  default:
    nil
  }
}
