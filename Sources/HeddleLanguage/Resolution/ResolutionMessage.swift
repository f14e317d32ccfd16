import HeddleDiagnostics
import HeddleProgram

/// What name resolution, type inference or lowering has to say: an identifier and the wording.
///
/// The wordings are in `ResolutionMessage+….swift`, one function each; the function's name is the
/// identifier of the diagnostic.
struct ResolutionMessage {
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

/// The diagnostics of all phases, each only once.
struct DiagnosticList {
  private struct Key: Hashable {
    let id: String
    let span: SourceSpan
  }

  private(set) var diagnostics: [Diagnostic] = []
  private var seen: Set<Key> = []

  /// Whether there is an error among them.
  private(set) var hasErrors = false

  /// Adds what `message` says, unless it has been said at the same place.
  mutating func report(
    _ message: ResolutionMessage,
    at span: SourceSpan,
    notes: [Diagnostic.Note] = []
  ) {
    guard seen.insert(Key(id: message.id, span: span)).inserted else { return }
    if message.severity == .error { hasErrors = true }
    diagnostics.append(
      Diagnostic(message.severity, message.id, message.text, at: span, notes: notes)
    )
  }

  /// Adds what another phase has said.
  mutating func add(_ other: DiagnosticList) {
    diagnostics += other.diagnostics
    hasErrors = hasErrors || other.hasErrors
  }
}

extension ValueType.Base {
  /// The type with its article, for messages.
  var phrase: String {
    switch self {
    case .integer: "an Int"
    case .boolean: "a Bool"
    case .string: "a String"
    case .thread: "a Thread"
    }
  }
}

/// `; did you mean 'name'?`, or nothing.
func suggestion(for name: String, among candidates: [String]) -> String {
  closestName(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
}

/// A word with `a` or `an` before it.
func withArticle(_ word: String) -> String {
  // `rlock` is spoken as its letter.
  let takesAn = word.hasPrefix("event") || word.hasPrefix("rlock")
  return (takesAn ? "an " : "a ") + word
}
