public import HeddleChecking
import HeddleDiagnostics
public import HeddleProgram
import Mustache

/// Results as one page for browsers that needs nothing else: no network, no other file.
///
/// The verdicts, stories and advice are plain HTML, which also prints and works without scripts. A script adds what moves:
/// the steps of an order in lanes, the state and the place in the source at each of them, and, for scenarios whose graph has
/// at most 10 000 steps, every other order with its verdict. All texts of a scenario are escaped for where they stand, and
/// the page's own policy forbids requests.
public struct HTMLReport: Sendable {
  private let version: String
  private let pages: [FindingKind: String]

  /// Writes pages of the given version of Heddle; `pages` are the Markdown pages of the codes.
  public init(version: String, pages: [FindingKind: String]) {
    self.version = version
    self.pages = pages
  }

  /// The whole page.
  ///
  /// - Complexity: that of one ``EmbeddedGraph`` for each scenario.
  public func text(of results: [CheckResult]) -> String {
    var data: [JSONValue] = []
    var scenarios: [[String: Any]] = []
    for (index, result) in results.enumerated() {
      let identifier = "s\(index + 1)"
      let graph = EmbeddedGraph(of: result)
      var page = PageScenario(result, graph: graph)
      data.append(page.value(identifier: identifier))
      scenarios.append(PageArticle(result, graph: graph, identifier: identifier).context)
    }
    var kinds: [FindingKind] = []
    for finding in results.flatMap(\.findings) {
      for kind in [finding.kind] + finding.consequences.map(\.kind) where !kinds.contains(kind) {
        kinds.append(kind)
      }
    }
    let unexpected = results.filter { !$0.isExpected }
    let open = unexpected.count { $0.verdict == .inconclusive }
    var word = unexpected.count > open ? "fail" : open > 0 ? "inconclusive" : "pass"
    if results.count == 1, let result = results.first { word = result.verdict.rawValue }
    let context: [String: Any] = [
      "title": "Heddle: \(headline(results))",
      "version": version,
      "style": String(decoding: PackageResources.page_css, as: UTF8.self),
      "script": String(decoding: PackageResources.page_js, as: UTF8.self),
      "data": JSONValue.array(data).embedded,
      "verdict": word,
      "word": word.uppercased(),
      "headline": headline(results),
      "isMany": results.count != 1,
      "scenarios": scenarios,
      "pages": kinds.sorted().map { kind in
        ["code": kind.code, "html": PageMarkdown.html(pages[kind] ?? "", level: 3)]
      },
    ]
    return Template.page.render(context)
  }

  private func headline(_ results: [CheckResult]) -> String {
    let text: String
    if results.count == 1, let result = results.first {
      text = "\(result.program.name)\(result.isExpected ? ", as expected" : "")"
    } else {
      let unexpected = results.count { !$0.isExpected }
      let count = Numbers.counted(results.count, "scenario")
      text =
        unexpected == 0
        ? "\(count), all as expected" : "\(count), \(Numbers.grouped(unexpected)) not as expected"
    }
    return Numbers.plain(text)
  }
}

/// What the template needs to know of one scenario.
private struct PageArticle {
  private let result: CheckResult
  private let graph: EmbeddedGraph?
  private let identifier: String

  init(_ result: CheckResult, graph: EmbeddedGraph?, identifier: String) {
    self.result = result
    self.graph = graph
    self.identifier = identifier
  }

  private var program: Program { result.program }

  var context: [String: Any] {
    let statistics = result.statistics
    let notes = VerdictText(result, Pen(options: TextOptions())).notes
    return [
      "id": identifier,
      "name": printable(program.name),
      "file": printable(program.source.name),
      "verdict": result.verdict.rawValue,
      "word": result.verdict.rawValue.uppercased(),
      "mark": result.isExpected ? "✓" : result.verdict == .inconclusive ? "?" : "✗",
      "expectation": result.isExpected ? "as expected" : "not as expected",
      "states": Numbers.plain(Numbers.grouped(statistics.states)),
      "transitions": Numbers.plain(Numbers.grouped(statistics.transitions)),
      "time": statistics.seconds.map { Numbers.plain(Numbers.duration($0)) } ?? "",
      "amounts": Numbers.plain(VerdictText.amounts(of: statistics)),
      "isComplete": result.limit == nil,
      "notes": notes.map(note),
      "surprises": program.expectations.isEmpty
        ? [] : result.surprises.map { Numbers.plain($0) },
      "findings": result.findings.enumerated().map { finding($1, number: $0 + 1) },
      "hasGraph": graph != nil,
      "outcomes": outcomes,
      "whyNoGraph": result.limit == nil
        ? "Without reductions the scenario has more than "
          + "\(Numbers.plain(Numbers.grouped(EmbeddedGraph.edgeLimit))) steps between states"
        : "The search was not complete",
    ]
  }

  private func note(_ note: Note) -> [String: Any] {
    ["label": note.label, "html": PageMarkdown.sentence(Numbers.plain(note.text))]
  }

  private func finding(_ finding: Finding, number: Int) -> [String: Any] {
    let explanation = finding.explanation
    let line = program.source.line(of: finding.place(in: program).start)
    var context: [String: Any] = [
      "id": "\(identifier)f\(number)",
      "severity": finding.severity.rawValue,
      "label": finding.severity == .error ? "FAIL" : "WARN",
      "title": PageMarkdown.sentence(Numbers.plain(explanation.title)),
      "code": finding.kind.code,
      "place": "\(printable(program.source.name)):\(line)",
      "story": PageMarkdown.sentence(Numbers.plain(explanation.story)),
      "notes": Note.notes(of: finding).map(note),
      "hasOrder": finding.trace != nil,
    ]
    if let expected = explanation.expected { context["demand"] = Numbers.plain(expected) }
    if let got = explanation.got { context["got"] = Numbers.plain(got) }
    if let waiting = explanation.waiting {
      context["waiting"] = waiting.rows.map { row in
        [
          "thread": printable(row.thread),
          "holds": row.holds.isEmpty ? "-" : printable(row.holds.joined(separator: ", ")),
          "since": row.holds.isEmpty
            ? "-" : "step " + row.since.map { $0 == 0 ? "?" : "\($0)" }.joined(separator: ", "),
          "waitsFor": printable(row.waitsFor),
          "at": "line \(row.line)",
          "role": row.isVictim && !waiting.cycle.isEmpty ? "victim" : "",
        ]
      }
    }
    if let trace = finding.trace {
      context["schedule"] = printable(trace.schedule.text(in: program))
    }
    return context
  }

  /// More outcomes than this are summed up.
  private static let mostOutcomes = 50

  /// The group of all outcomes; none if there is no graph, or no run ends by itself.
  private var outcomes: [[String: Any]] {
    guard let graph, !graph.outcomes.isEmpty else { return [] }
    let all = graph.outcomes
    // What is the same in all of them says nothing.
    let columns = all[0].values.indices.filter { column in
      all.contains { $0.values[column].value != all[0].values[column].value }
    }
    let shown = columns.isEmpty ? Array(all[0].values.indices) : columns
    let rows = all.prefix(Self.mostOutcomes).enumerated().map { index, outcome in
      [
        "id": "\(identifier)o\(index + 1)",
        "number": "\(index + 1)",
        "values": shown.map { printable(outcome.values[$0].value) },
        "orders": outcome.orders.map(Numbers.amount) ?? "-",
        "sample": printable(outcome.sample.text(in: program)),
      ] as [String: Any]
    }
    return [
      [
        "columns": shown.map { printable(all[0].values[$0].name) },
        "rows": rows,
        "isOne": all.count == 1,
        "more": all.count > rows.count ? "and \(all.count - rows.count) more" : "",
      ]
    ]
  }
}
