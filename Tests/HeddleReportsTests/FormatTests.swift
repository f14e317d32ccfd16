import Foundation
import Heddle
import HeddleReports
import Testing

/// The formats under test, with the extension of their golden files.
enum Format: String, CaseIterable, Sendable {
  case text = "txt"
  case json
  case html
  case markdown = "md"
  case sarif
  case junit = "xml"
  case itf = "itf.json"
  case github

  func text(of results: [CheckResult]) -> String {
    let pages: [FindingKind: String] = [
      .lostUpdate: "# HD101 lost-update\n\nA page.\n\n- An `item`\n"
    ]
    switch self {
    case .text:
      let report = TextReport()
      return results.map(report.details).joined() + report.summary(of: results)
    case .json: return JSONReport(version: "0", includesStates: true).text(of: results)
    case .html: return HTMLReport(version: "0", pages: pages).text(of: results)
    case .markdown: return MarkdownReport().text(of: results)
    case .sarif: return SARIFReport(version: "0", pages: pages).text(of: results)
    case .junit: return JUnitReport(version: "0").text(of: results)
    case .itf: return ITFReport(version: "0").texts(of: results)[0]
    case .github: return GitHubReport().text(of: results)
    }
  }
}

@Suite struct `A report` {
  static let lost = """
    shared balance = 0
    thread deposit(amount) * 2 {
        let current = balance
        balance = current + 50
    }
    """
  static let stuck = """
    lock left
    lock right
    thread alice { with left { with right { } } }
    thread bob { with right { with left { } } }
    """
  static let endless = "event done\nthread spinner { while !done.is_set() { sleep 1 } }\n"
  static let fine = "atomic shared n = 0\nthread add * 2 { atomic { n += 1 } }\n"

  static let samples: [(name: String, text: String)] = [
    ("lost", lost.replacing("(amount)", with: "")), ("stuck", stuck), ("endless", endless),
    ("fine", fine),
  ]

  static func result(_ name: String, _ text: String) throws -> CheckResult {
    var result = try Scenario(text: text, file: "models/\(name).heddle").verify()
    result.statistics.seconds = 0.004
    result.statistics.peakMemoryBytes = 4096
    return result
  }

  @Test(arguments: Format.allCases)
  func `is byte for byte what was reviewed`(format: Format) throws {
    for (name, text) in Self.samples {
      try expectGolden(format.text(of: [try Self.result(name, text)]), "\(name).\(format.rawValue)")
    }
  }

  @Test(arguments: Format.allCases)
  func `is the same each time`(format: Format) throws {
    let results = try Self.samples.map { try Self.result($0.name, $0.text) }
    let again = try Self.samples.map { try Self.result($0.name, $0.text) }
    #expect(format.text(of: results) == format.text(of: again))
  }

  @Test(arguments: Format.allCases)
  func `of no scenario at all is a report`(format: Format) {
    if format != .github { #expect(!format.text(of: []).isEmpty) }
  }

  /// What a scenario can hold that means something to some format.
  static let hostile = #"""
    shared text = "<script>alert(1)</script> ]]> ``` | \n--> @all #1 [x](http://y) {{{data}}} %0A::error::"
    shared other = "\#u{202E}\#u{200B}\#u{85}"
    thread t * 2 {
        let old = text
        text = "</script><!-- \"'& $(x) %%{init} end"
        assert old == "\#u{202E}</style>", "</td>]]>\n`x`"
    }
    """#

  @Test(arguments: Format.allCases)
  func `of a hostile scenario has no markup and no control character of the scenario's`(
    format: Format
  ) throws {
    let name = "a<b>&\"'`]]>\u{202E}%:,|"
    let result = try Self.result(name, Self.hostile)
    #expect(result.verdict == .fail)
    let text = format.text(of: [result])
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: #expect(scalar == "\n")
      default: break
      }
    }
    switch format {
    case .html:
      #expect(text.components(separatedBy: "<script").count == 3)
      #expect(text.components(separatedBy: "</script>").count == 3)
      #expect(text.components(separatedBy: "</style>").count == 2)
    case .junit:
      #expect(!text.contains("]]>") && !text.contains("<script"))
      let parser = XMLCheck(text)
      #expect(parser.isWellFormed)
    case .json, .sarif, .itf:
      _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
    case .markdown:
      let fences = text.split(separator: "\n").filter { $0.hasPrefix("```") }
      #expect(fences.count % 2 == 0)
      for line in text.split(separator: "\n") where !line.hasPrefix("<details") {
        #expect(!line.hasPrefix("<"))
      }
    case .github:
      for line in text.split(separator: "\n") {
        #expect(line.hasPrefix("::"))
        #expect(line.components(separatedBy: "::").count >= 3)
      }
    case .text: break
    }
  }

  @Test func `names a finding the same after edits elsewhere in the file`() throws {
    func fingerprints(_ text: String) throws -> [String] {
      let sarif = Format.sarif.text(of: [try Self.result("same", text)])
      return sarif.split(separator: "\n").filter { $0.contains("heddleFinding/v1") }.map(
        String.init
      )
    }
    let before = try fingerprints(Self.samples[0].text)
    let after = try fingerprints("// A comment.\n\nshared unused = 3\n" + Self.samples[0].text)
    #expect(!before.isEmpty && before == after)
  }
}
