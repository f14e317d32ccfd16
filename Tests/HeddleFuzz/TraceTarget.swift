import Heddle
import HeddleReports
import HeddleScenarioGenerator
import HeddleSemantics

/// The JSON report that `heddle replay` reads, with the scenario's name in the input's first line.
struct TraceTarget: FuzzTarget {
  let corpus: Corpus
  /// Reports to spoil, each with the name of its scenario.
  private let reports: [(name: String, text: [UInt8])]

  private static let mutator = Mutator(
    dictionary: """
      { } [ ] , : null true false 0 1 -1 1e400 -0 0.5 1E+2 "" "schema" "scenarios" "name" "file" "findings" "code" \
      "subject" "schedule" "trace" "HD101" "HD999" "\\u0000" "\\ud800" "\\ud83d\\ude00" "\\u202e" "\\x" " ' NaN \
      Infinity // /* */ "main" "loop" "initial:1" "schema":1 "schema":2 "schedule":null "findings":[] {} []
      """.split(separator: " ").map { Array($0.utf8) },
    brackets: [
      ("[", "]"), ("{\"a\": ", "}"), ("[[", "]]"), ("{\"scenarios\": [", "]}"), ("[{", "}]"),
      ("\"", "\""), ("-", ""),
    ]
  )

  init(corpus: Corpus, makesInputs: Bool) {
    self.corpus = corpus
    var options = VerifyOptions()
    options.limits.states = 2_000
    var random = RandomSource(seed: 1)
    var reports: [(name: String, text: [UInt8])] = []
    for number in 0..<(makesInputs ? 200 : 0) where reports.count < 60 {
      let scenario =
        number < corpus.files.count ? corpus.files[number] : corpus.any(&random)
      guard let loaded = try? Scenario(text: scenario.text, file: scenario.name),
        let result = try? loaded.verify(options),
        result.findings.contains(where: { $0.trace != nil })
      else { continue }
      let report = JSONReport(version: HeddleVersion.current, includesStates: number % 4 == 0)
      let text = Array(report.text(of: [result]).utf8)
      if text.count < 1 << 16 { reports.append((scenario.name, text)) }
    }
    self.reports = reports
  }

  func input(_ random: inout RandomSource) -> [UInt8] {
    let report = random.pick(reports)
    let other = random.pick(reports)
    let spoiled = Self.mutator.spoil(report.text, with: other.text, &random)
    return Array("\(report.name)\n".utf8) + spoiled
  }

  func complaint(about input: [UInt8]) -> String? {
    let parts = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
    guard parts.count == 2,
      let program = corpus.scenario(named: String(decoding: parts[0], as: UTF8.self))?.program
    else { return nil }
    let file: TraceFile
    do throws(TraceFileError) {
      file = try TraceFile(Array(parts[1]))
    } catch {
      let text = error.description
      let disturbs = text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
      return disturbs ? "a message has a control character" : nil
    }
    for entry in file.entries.prefix(20) {
      let complaint = ScheduleTarget.complaint(about: entry.schedule, of: program)
      if let complaint { return complaint }
    }
    return nil
  }
}
