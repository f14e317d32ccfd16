public import HeddleChecking
import HeddleDiagnostics
import HeddleProgram

/// Results as GitHub Flavored Markdown with Mermaid diagrams, for pull requests and job summaries.
///
/// All scenarios are in the table; of several, only those that are not as expected are told in full.
public struct MarkdownReport: Sendable {
  /// Longer tables are folded.
  private static let mostOpenSteps = 20

  /// Writes reports.
  public init() {}

  /// The whole document.
  public func text(of results: [CheckResult]) -> String {
    let told = results.count == 1 ? results : results.filter { !$0.isExpected }
    var blocks = ["## Heddle: \(headline(results))", table(results)]
    blocks += told.flatMap(section)
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private func headline(_ results: [CheckResult]) -> String {
    let unexpected = results.filter { !$0.isExpected }
    let open = unexpected.count { $0.verdict == .inconclusive }
    let count = Numbers.plain(Numbers.counted(results.count, "scenario"))
    if unexpected.isEmpty { return "\(count), \(results.count == 1 ? "" : "all ")as expected" }
    var parts: [String] = []
    if unexpected.count > open { parts.append("\(unexpected.count - open) not as expected") }
    if open > 0 { parts.append("\(open) inconclusive") }
    return "\(count): " + parts.joined(separator: ", ")
  }

  private func table(_ results: [CheckResult]) -> String {
    var lines = [
      "| | scenario | verdict | findings | states | transitions | time |",
      "|---|---|---|---|---:|---:|---:|",
    ]
    for result in results {
      let mark = result.isExpected ? "✓" : result.verdict == .inconclusive ? "?" : "✗"
      let verdict = result.verdict.rawValue + (result.isExpected ? "" : ", not as expected")
      let findings = result.findings.map { finding in
        "\(MarkdownText.sentence(finding.explanation.title, inTable: true)) \(finding.kind.code)"
      }
      let statistics = result.statistics
      let cells = [
        mark, MarkdownText.code(result.program.source.name, inTable: true), verdict,
        findings.prefix(3).joined(separator: "<br>")
          + (findings.count > 3 ? "<br>and \(findings.count - 3) more" : ""),
        Numbers.plain(Numbers.grouped(statistics.states)),
        Numbers.plain(Numbers.grouped(statistics.transitions)),
        statistics.seconds.map { Numbers.plain(Numbers.duration($0)) } ?? "",
      ]
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }

  private func section(_ result: CheckResult) -> [String] {
    var blocks: [String] = []
    if result.verdict != .fail {
      let word = result.verdict == .pass ? "Every order of" : "Inconclusive:"
      let name = MarkdownText.code(result.program.name)
      blocks.append("### \(word) \(name)\(result.verdict == .pass ? " passes" : "")")
    }
    let notes = VerdictText(result, Pen(options: TextOptions())).notes
    if result.verdict != .fail { blocks.append(list(notes)) }
    for finding in result.findings where finding.severity == .error {
      blocks += story(finding, result.program)
    }
    for finding in result.findings where finding.severity == .warning {
      blocks += heading(finding, result.program)
      blocks.append(MarkdownText.sentence(finding.explanation.story))
      blocks.append(list(Note.notes(of: finding, isFull: false)))
    }
    if result.verdict == .fail, !notes.isEmpty { blocks.append(list(notes)) }
    if !result.isExpected, !result.program.expectations.isEmpty {
      let surprises = result.surprises.map { "- \(MarkdownText.sentence($0))" }
      blocks.append("**Not as expected**\n\n" + surprises.joined(separator: "\n"))
    }
    return blocks
  }

  // MARK: A finding

  private func heading(_ finding: Finding, _ program: Program) -> [String] {
    let title = MarkdownText.sentence(finding.explanation.title)
    let line = program.source.line(of: finding.place(in: program).start)
    let mark = finding.severity == .error ? "✗" : "⚠"
    return [
      "### \(mark) \(MarkdownText.code(program.name)): \(title)",
      "\(MarkdownText.code("\(program.source.name):\(line)")) · \(finding.kind.code)",
    ]
  }

  private func story(_ finding: Finding, _ program: Program) -> [String] {
    let explanation = finding.explanation
    var blocks = heading(finding, program) + [MarkdownText.sentence(explanation.story)]
    if let expected = explanation.expected {
      var lines = ["- expected \(MarkdownText.code(expected))"]
      if let got = explanation.got { lines.append("- got \(MarkdownText.code(got))") }
      blocks.append(lines.joined(separator: "\n"))
    }
    if let waiting = explanation.waiting { blocks.append(self.waiting(waiting)) }
    if let trace = finding.trace {
      if !trace.steps.isEmpty {
        blocks.append("```mermaid\n\(MermaidDiagram(finding, trace, program).text)\n```")
      }
      let table = steps(TraceRows(trace, program, finding: finding), program)
      blocks.append(
        trace.steps.count <= Self.mostOpenSteps
          ? table
          : "<details><summary>All \(trace.steps.count) steps</summary>\n\n\(table)\n\n</details>"
      )
    }
    blocks.append(list(Note.notes(of: finding)))
    return blocks
  }

  private func list(_ notes: [Note]) -> String {
    notes.map { "- **\($0.label)** \(MarkdownText.sentence($0.text))" }.joined(separator: "\n")
  }

  private func waiting(_ picture: WaitingPicture) -> String {
    var lines = ["| thread | holds | waits for | at |", "|---|---|---|---:|"]
    for row in picture.rows {
      let holds = row.holds.map { MarkdownText.code($0, inTable: true) }.joined(separator: ", ")
      let name = MarkdownText.code(row.thread, inTable: true)
      let isVictim = row.isVictim && !picture.cycle.isEmpty
      lines.append(
        "| \(name)\(isVictim ? " (victim)" : "") | \(holds.isEmpty ? "-" : holds) "
          + "| \(MarkdownText.code(row.waitsFor, inTable: true)) | line \(row.line) |"
      )
    }
    return lines.joined(separator: "\n")
  }

  private func steps(_ rows: TraceRows, _ program: Program) -> String {
    let columns = rows.watched.map { MarkdownText.code($0, inTable: true) }
    let head = ["step"] + columns + ["thread", "line", "what it does", "effect"]
    var lines = [
      "| " + head.joined(separator: " | ") + " |",
      "|---:|" + columns.map { _ in "---:|" }.joined() + "---|---:|---|---|",
    ]
    func line(_ cells: [String]) { lines.append("| " + cells.joined(separator: " | ") + " |") }
    func code(_ text: String) -> String { MarkdownText.code(text, inTable: true) }
    let blank = columns.map { _ in "" }
    for row in rows.rows {
      switch row {
      case .entries(let label, let values, let isBad, let entries):
        for entry in entries {
          let mark = isBad ? "✗" : ""
          line(
            ["\(label)\(mark)"] + values.map(code) + [
              code(program.instances[entry.thread.index].name), entry.line.map(String.init) ?? "",
              code(entry.source), code(entry.effect),
            ]
          )
        }
      case .opening(let label, let values, let entry):
        line(
          [label] + values.map(code) + [
            code(program.instances[entry.thread.index].name), entry.line.map(String.init) ?? "",
            code(entry.source), code(entry.effect),
          ]
        )
      case .preempted(let thread):
        line([""] + blank + [code(program.instances[thread.index].name), "", "*preempted*", ""])
      case .note(let text, let isBad):
        line([isBad ? "✗" : ""] + blank + ["", "", code(text), ""])
      }
    }
    return lines.joined(separator: "\n")
  }
}
