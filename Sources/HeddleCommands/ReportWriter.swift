import Heddle
import HeddleReports

/// Writes the reports that were asked for, each whole or not at all.
struct ReportWriter {
  /// Whether text reports are drawn with ASCII characters only.
  let isASCII: Bool
  /// Whether JSON reports hold the state after every step.
  let includesStates: Bool
  /// See `TextOptions`.
  let meaningArguments: [String]

  /// Writes one report into its file, or to standard output.
  ///
  /// A file of ITF holds one trace; those after the first go into files of their own next to it, with `-2`, `-3` and
  /// so on in their names.
  ///
  /// - Throws: ``CommandFailure`` if a file cannot be written; it is then as it was.
  func write(
    _ results: [CheckResult],
    as request: ReportRequest,
    _ surroundings: Surroundings
  ) throws(CommandFailure) {
    let texts = texts(of: results, request.format)
    guard let file = request.file else {
      surroundings.output(texts[0])
      if texts.count > 1 {
        surroundings.note(
          "the first of \(texts.count) traces; give an --output to have each in a file of its own"
        )
      }
      return
    }
    for (index, text) in texts.enumerated() {
      try Files.write(text, to: index == 0 ? file : Self.numbered(file, index + 1))
    }
  }

  private func texts(of results: [CheckResult], _ format: ReportFormat) -> [String] {
    let version = HeddleVersion.current
    switch format {
    case .text: return [text(of: results)]
    case .json:
      return [JSONReport(version: version, includesStates: includesStates).text(of: results)]
    case .html: return [HTMLReport(version: version, pages: ExplainPages.all).text(of: results)]
    case .markdown: return [MarkdownReport().text(of: results)]
    case .sarif: return [SARIFReport(version: version, pages: ExplainPages.all).text(of: results)]
    case .junit: return [JUnitReport(version: version).text(of: results)]
    case .itf: return ITFReport(version: version).texts(of: results)
    case .github: return [GitHubReport().text(of: results)]
    }
  }

  /// The text report of a file: everything, without colours.
  private func text(of results: [CheckResult]) -> String {
    let plain = TextReport(
      TextOptions(
        width: Appearance.maximumColumns,
        isASCII: isASCII,
        meaningArguments: meaningArguments
      )
    )
    return results.map { plain.details(of: $0) + "\n" }.joined() + plain.summary(of: results)
  }

  /// `trace.itf.json` as `trace-2.itf.json`: the number stands before the extensions.
  static func numbered(_ path: String, _ number: Int) -> String {
    let name = Files.name(of: path)
    let stem = name.prefix { $0 != "." }
    guard !stem.isEmpty else { return "\(path)-\(number)" }
    return "\(path.dropLast(name.count))\(stem)-\(number)\(name.dropFirst(stem.count))"
  }
}
