import ArgumentParser
import HeddleDiagnostics
import HeddleProgram

/// `heddle explain HD101`.
struct ExplainCommand: SurroundedCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show the page of a finding, with an example and ways out."
  )

  @Argument(help: "A code such as HD101, a kind such as lost-update, or `list` for all of them.")
  var finding: String

  @Flag(help: "Never use colour; so does the environment variable NO_COLOR.")
  var noColor = false

  func execute(
    _ arguments: [String],
    _ surroundings: Surroundings
  ) throws -> ExitStatus {
    let columns = min(surroundings.columns ?? 80, Appearance.maximumColumns)
    if finding.lowercased() == "list" {
      surroundings.output(list(columns))
      return .asExpected
    }
    guard let kind = FindingKind(nameOrCode: finding) else {
      let names = FindingKind.allCases.flatMap { [$0.code, $0.rawValue] }
      let meant = closestName(to: finding, among: names).map { "; did you mean '\($0)'?" }
      throw CommandFailure(
        "no finding has the code or kind '\(finding)'\(meant ?? "; `heddle explain list` shows all")"
      )
    }
    let page = PlainMarkdown(
      columns: columns,
      usesColor: !noColor && surroundings.allowsColor(on: surroundings.output)
    )
    surroundings.output(page.render(ExplainPages.page(of: kind)))
    return .asExpected
  }

  private func list(_ columns: Int) -> String {
    let width = FindingKind.allCases.map(\.rawValue.count).max() ?? 0
    var text = ""
    for kind in FindingKind.allCases {
      let name = kind.rawValue.padded(to: width)
      let severity = kind.severity.rawValue.padded(to: 7)
      let head = "\(kind.code)  \(name)  \(severity)  "
      let summary = TextWrapping.wrap(
        ExplainPages.summary(of: kind),
        columns: max(20, columns - head.count)
      )
      let margin = "\n" + String(repeating: " ", count: head.count)
      text += head + summary.joined(separator: margin) + "\n"
    }
    return text
  }
}
