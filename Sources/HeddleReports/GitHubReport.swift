public import HeddleChecking
import HeddleDiagnostics
import HeddleProgram

/// Results as workflow commands of GitHub Actions, which shows them as annotations beside the code.
///
/// The form is that of "Workflow commands for GitHub Actions": `::error file=…,line=…,title=…::message`. GitHub shows only
/// the first ten of each level in a step, so that errors come first.
///
/// - `error`: an error of a scenario that is not as expected, and an `expect` line that is not met.
/// - `warning`: a warning of any scenario, and one that is inconclusive and should not be.
/// - `notice`: what the scenario expects.
public struct GitHubReport: Sendable {
  private enum Level: String, CaseIterable { case error, warning, notice }

  /// Writes annotations.
  public init() {}

  /// One line for each annotation; empty if there is nothing to say.
  public func text(of results: [CheckResult]) -> String {
    let commands = results.flatMap(commands)
    var lines: [String] = []
    for level in Level.allCases {
      lines += commands.filter { $0.level == level }.map(\.text)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func commands(of result: CheckResult) -> [(level: Level, text: String)] {
    let program = result.program
    var commands: [(level: Level, text: String)] = []
    for finding in result.findings {
      let level: Level =
        result.accepts(finding)
        ? .notice
        : finding.severity == .warning ? .warning : result.isExpected ? .notice : .error
      let span = finding.place(in: program)
      let start = program.source.location(of: span.start)
      let end = program.source.location(of: span.end)
      var properties = [("file", program.source.name), ("line", "\(start.line)")]
      properties.append(("endLine", "\(end.line)"))
      if start.line == end.line {
        properties.append(("col", "\(start.column)"))
        properties.append(("endColumn", "\(end.column)"))
      }
      properties.append(("title", "\(finding.explanation.title) [\(finding.kind.code)]"))
      commands.append((level, command(level, properties, message(of: finding))))
    }
    if !result.isExpected, result.verdict == .inconclusive {
      let title = "\(program.name) is inconclusive"
      let text = VerdictText(result, Pen(options: TextOptions())).notes.map(\.sentence)
      let place = [("file", program.source.name), ("line", "1"), ("title", title)]
      commands.append((.warning, command(.warning, place, text)))
    } else if !result.isExpected, !program.expectations.isEmpty {
      let line = program.source.line(of: program.expectations[0].span.start)
      let title = "\(program.name) is not as expected"
      let place = [("file", program.source.name), ("line", "\(line)"), ("title", title)]
      commands.append((.error, command(.error, place, result.surprises)))
    }
    return commands
  }

  private func message(of finding: Finding) -> [String] {
    let explanation = finding.explanation
    var lines = [explanation.story]
    if let expected = explanation.expected { lines.append("expected \(expected)") }
    if let got = explanation.got { lines.append("got \(got)") }
    return lines + Note.notes(of: finding).map(\.sentence)
      + ["More: heddle explain \(finding.kind.code)"]
  }

  private func command(
    _ level: Level,
    _ properties: [(name: String, value: String)],
    _ lines: [String]
  ) -> String {
    let list = properties.map { name, value in
      var value = Self.escaped(Numbers.plain(value))
      value = String(value.flatMap { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : String($0) })
      return "\(name)=\(value)"
    }
    let message = lines.map { Self.escaped(Numbers.plain($0)) }.joined(separator: "%0A")
    return "::\(level.rawValue) \(list.joined(separator: ","))::\(message)"
  }

  private static func escaped(_ text: String) -> String {
    String(text.flatMap { $0 == "%" ? "%25" : String($0) })
  }
}
