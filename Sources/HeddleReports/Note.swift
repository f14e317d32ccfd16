import HeddleChecking
import HeddleProgram

/// A labelled sentence: what every format says below a verdict or a finding.
///
/// Code stands in backquotes, and the spaces inside numbers are ``Numbers/space``.
struct Note: Equatable {
  /// One or two words, for example `Why`.
  var label: String
  /// What it says.
  var text: String

  /// Label and text; the text alone where the label is empty, because the note goes on with the one before it.
  var sentence: String { label.isEmpty ? text : "\(label): \(text)" }

  /// What is said about a finding beside its story: the cause, what was assumed, the way out, and what follows from it.
  ///
  /// Those of a warning that is told in short, without its order, leave the cause out.
  static func notes(of finding: Finding, isFull: Bool = true) -> [Note] {
    let explanation = finding.explanation
    var notes: [Note] = []
    if isFull { notes.append(Note(label: "Why", text: explanation.why)) }
    if isFull, let trace = finding.trace, !trace.isShortest, !trace.steps.isEmpty {
      let text = "not proved to be the shortest order; `--prove-shortest` asks for it."
      notes.append(Note(label: "Note", text: text))
    }
    if let loop = explanation.loop {
      notes.append(Note(label: "Assumed", text: loop.fairness + "."))
      if let atExit = loop.atExit { notes.append(Note(label: "At exit", text: atExit + ".")) }
    }
    if !explanation.advice.isEmpty { notes.append(Note(label: "Do", text: explanation.advice)) }
    if let odds = finding.odds {
      notes.append(Note(label: "Odds", text: InsightText.sentence(odds) + "."))
    }
    if let acceptance = explanation.loop?.acceptance {
      notes.append(Note(label: "Accept", text: acceptance + " if this is intended."))
    }
    for consequence in finding.consequences {
      let subject = consequence.subject.hasPrefix("line ") ? " (\(consequence.subject))" : ""
      let odds = consequence.odds.map { ", odds \(InsightText.short($0))" } ?? ""
      let text = "\(consequence.message)\(subject) [\(consequence.kind.code)]\(odds)"
      notes.append(Note(label: "Also", text: text))
    }
    return notes
  }
}
