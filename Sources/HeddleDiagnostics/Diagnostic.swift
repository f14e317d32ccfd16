/// Something to say about a scenario's text, as a value: what, where, and what else to look at.
public struct Diagnostic: Sendable, Equatable {
  /// How serious it is.
  public enum Severity: String, Sendable, Comparable {
    case error
    case warning

    /// Errors come before warnings.
    public static func < (left: Severity, right: Severity) -> Bool {
      left == .error && right == .warning
    }
  }

  /// A second place, with what it has to do with the first.
  public struct Note: Sendable, Equatable {
    /// What to say, lower case, without a full stop.
    public let message: String
    /// Where; `nil` for a note about the scenario as a whole.
    public let span: SourceSpan?

    /// Creates a note.
    public init(_ message: String, at span: SourceSpan? = nil) {
      self.message = message
      self.span = span
    }
  }

  /// How serious it is.
  public let severity: Severity
  /// A stable identifier in camel case, for example `unknownName`.
  public let id: String
  /// What to say: lower case, no full stop, names in `'…'`.
  public let message: String
  /// The smallest text that it is about.
  public let span: SourceSpan
  /// Other places.
  public let notes: [Note]

  /// Creates a diagnostic.
  public init(
    _ severity: Severity,
    _ id: String,
    _ message: String,
    at span: SourceSpan,
    notes: [Note] = []
  ) {
    self.severity = severity
    self.id = id
    self.message = message
    self.span = span
    self.notes = notes
  }
}
