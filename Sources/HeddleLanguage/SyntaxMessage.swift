import HeddleDiagnostics

/// What the lexer or the parser has to say: a stable identifier and the wording.
///
/// The wordings are in `SyntaxMessage+….swift`, one function each; the function's name is the
/// identifier of the diagnostic.
struct SyntaxMessage {
  let severity: Diagnostic.Severity
  let id: String
  let text: String

  init(
    _ text: String,
    severity: Diagnostic.Severity = .error,
    declaration: String = #function
  ) {
    id = String(declaration.prefix { $0 != "(" })
    self.text = text
    self.severity = severity
  }
}
