/// Renders diagnostics for people, sorted by place, each with its line of the source.
///
///     error: unknown lock 'mutx'; did you mean 'mutex'? [unknownLock]
///       --> counter.heddle:7:10
///        |
///      7 |     with mutx { }
///        |          ^^^^
///
/// The frame is plain ASCII, and no character of the source or of a name reaches the output if it
/// could disturb a terminal. With `color`, ANSI sequences set off the severity and the carets;
/// nothing is said by colour alone.
///
/// - Returns: The text, with a newline at its end; empty if there are no diagnostics.
public func render(
  _ diagnostics: [Diagnostic],
  in source: SourceFile,
  color: Bool = false
) -> String {
  let renderer = DiagnosticRenderer(source: source, palette: color ? .ansi : .plain)
  return diagnostics.sortedByPlace().map(renderer.text).joined(separator: "\n")
}

extension [Diagnostic] {
  /// The diagnostics in the order of their places; at one place errors first, then as they were.
  public func sortedByPlace() -> [Diagnostic] {
    enumerated().sorted { left, right in
      let (first, second) = (left.element, right.element)
      if first.span != second.span { return first.span < second.span }
      if first.severity != second.severity { return first.severity < second.severity }
      return left.offset < right.offset
    }.map(\.element)
  }
}

/// What the parts of a rendered diagnostic begin with; `reset` ends each.
private struct Palette {
  let error: String
  let warning: String
  let note: String
  let frame: String
  let reset: String

  static let plain = Palette(error: "", warning: "", note: "", frame: "", reset: "")
  static let ansi = Palette(
    error: "\u{1B}[1;31m",
    warning: "\u{1B}[1;33m",
    note: "\u{1B}[1;36m",
    frame: "\u{1B}[34m",
    reset: "\u{1B}[0m"
  )
}

private struct DiagnosticRenderer {
  let source: SourceFile
  let palette: Palette

  func text(_ diagnostic: Diagnostic) -> String {
    let accent = diagnostic.severity == .error ? palette.error : palette.warning
    let places = [diagnostic.span] + diagnostic.notes.compactMap(\.span)
    let lines = places.map { source.line(of: $0.start) }
    let gutter = String(lines.max() ?? 1).count
    var text = heading(
      diagnostic.severity.rawValue,
      diagnostic.message + " [\(diagnostic.id)]",
      accent
    )
    text += place(diagnostic.span, gutter: gutter, accent)
    for note in diagnostic.notes {
      text += heading("note", note.message, palette.note)
      if let span = note.span { text += place(span, gutter: gutter, palette.note) }
    }
    return text
  }

  private func heading(_ label: String, _ message: String, _ accent: String) -> String {
    "\(accent)\(label):\(palette.reset) \(printable(message))\n"
  }

  /// The file, line and column of a span, and its line with carets below the span.
  private func place(_ span: SourceSpan, gutter: Int, _ accent: String) -> String {
    let location = source.location(of: span.start)
    let margin = String(repeating: " ", count: gutter + 1)
    let position = "\(printable(source.name)):\(location.line):\(location.column)"
    var text = "\(margin)\(palette.frame)-->\(palette.reset) \(position)\n"
    let snippet = Snippet(span, onLine: location.line, in: source)
    guard !snippet.text.isEmpty else { return text }
    let number = String(location.line)
    let padding = String(repeating: " ", count: gutter + 1 - number.count)
    text += "\(margin) \(palette.frame)|\(palette.reset)\n"
    text += "\(palette.frame)\(padding)\(number) |\(palette.reset) \(snippet.text)\n"
    text += "\(margin) \(palette.frame)|\(palette.reset) "
    text += String(repeating: " ", count: snippet.caretColumn)
    text += accent + String(repeating: "^", count: snippet.caretCount) + palette.reset + "\n"
    return text
  }
}
