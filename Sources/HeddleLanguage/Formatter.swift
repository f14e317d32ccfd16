public import HeddleDiagnostics

/// The one way to lay a scenario out.
///
/// - Four spaces for each level, one statement on a line, no `;` at the end of a line.
/// - A block that was written on one line stays there if its statement fits in 88 columns.
/// - Lines that were broken in brackets, after a comma or after an operator stay broken.
/// - Blank lines stay, one at a time; none at the beginning or the end of a block.
/// - Comments stay where they are; one at the end of a line keeps its column if it had been
///   lined up with others and there is still room.
///
/// Formatting what was formatted changes nothing, and the tokens are never changed.
public enum Formatter {
  /// The scenario laid out, or what keeps it from being read.
  ///
  /// - Complexity: O(bytes).
  public static func format(_ source: SourceFile) -> Result<String, InvalidSource> {
    let diagnostics = parse(source).diagnostics
    guard !hasErrors(diagnostics) else {
      return .failure(InvalidSource(source: source, diagnostics: diagnostics))
    }
    let layout = Layout(source)
    var printer = LayoutPrinter(layout)
    let text = printer.print()
    checkUnchanged(layout, SourceFile(name: source.name, text: text))
    return .success(text)
  }

  /// A warning keeps nobody from reading the scenario.
  private static func hasErrors(_ diagnostics: [Diagnostic]) -> Bool {
    diagnostics.contains { $0.severity == .error }
  }

  /// Stops if the result would say anything else than the original.
  private static func checkUnchanged(_ original: Layout, _ result: SourceFile) {
    let changed = Layout(result)
    let isUnchanged =
      original.significantTexts().elementsEqual(changed.significantTexts())
      && original.commentTexts().elementsEqual(changed.commentTexts())
    precondition(isUnchanged, "internal error: formatting changed the tokens of \(result.name)")
    precondition(
      !hasErrors(parse(result).diagnostics),
      "internal error: formatting broke the syntax of \(result.name)"
    )
  }
}
