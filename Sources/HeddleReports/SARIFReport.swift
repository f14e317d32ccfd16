public import HeddleChecking
import HeddleDiagnostics
public import HeddleProgram
import HeddleSemantics

/// Results as SARIF 2.1.0 (OASIS Standard, 27 March 2020), for code scanning and editors.
///
/// One result for each finding. Its order is there twice, as two code flows: first as one thread flow in the order of
/// execution, since many viewers show only the first; then as one thread flow for each thread, tied together by
/// `executionOrder`. An inconclusive scenario is a result of kind `open`; findings that the scenario expects are
/// suppressed in source, and an `expect` line that is not met is a result of its own. Columns count Unicode code points.
public struct SARIFReport: Sendable {
  private let version: String
  private let pages: [FindingKind: String]

  /// The rule of results that say that a scenario is inconclusive.
  static let inconclusiveRule = "inconclusive"
  /// The rule of results that say that an `expect` line is not met.
  static let expectationRule = "expectation"
  /// All rules, by their numbers.
  static let ruleIDs = FindingKind.allCases.map(\.code) + [inconclusiveRule, expectationRule]

  /// Writes reports of the given version of Heddle; `pages` are the Markdown pages of the codes, for the rules' help.
  public init(version: String, pages: [FindingKind: String]) {
    self.version = version
    self.pages = pages
  }

  /// The whole log.
  public func text(of results: [CheckResult]) -> String {
    var files: [String] = []
    for result in results where !files.contains(result.program.source.name) {
      files.append(result.program.source.name)
    }
    let driver = JSONValue.object([
      ("name", .string("Heddle")),
      ("version", .string(version)),
      ("semanticVersion", .string(version)),
      ("rules", .array(FindingKind.allCases.map(rule) + [inconclusiveRule, expectationRule])),
    ])
    return JSONValue.object([
      ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")),
      ("version", .string("2.1.0")),
      (
        "runs",
        .array([
          .object([
            ("tool", .object([("driver", driver)])),
            ("columnKind", .string("unicodeCodePoints")),
            (
              "artifacts",
              .array(files.map { .object([("location", SARIFPlace.artifact($0))]) })
            ),
            ("results", .array(results.flatMap { SARIFResults($0).values })),
          ])
        ])
      ),
    ]).text
  }

  // MARK: Rules

  private func rule(_ kind: FindingKind) -> JSONValue {
    let page = pages[kind] ?? ""
    let paragraphs = page.split(separator: "\n\n", maxSplits: 2)
    let summary = paragraphs.count > 1 ? String(paragraphs[1].map { $0 == "\n" ? " " : $0 }) : ""
    var members: [(String, JSONValue)] = [
      ("id", .string(kind.code)),
      ("name", .string(Self.ruleName(kind))),
      ("shortDescription", SARIFPlace.message(kind.rawValue)),
    ]
    if !summary.isEmpty { members.append(("fullDescription", SARIFPlace.message(summary))) }
    members.append(
      ("defaultConfiguration", .object([("level", .string(kind.severity.rawValue))]))
    )
    if !page.isEmpty {
      members.append(("help", .object([("text", .string(page)), ("markdown", .string(page))])))
    }
    return .object(members)
  }

  private var inconclusiveRule: JSONValue {
    rule(
      Self.inconclusiveRule,
      "Inconclusive",
      "a limit was reached before anything was established",
      level: "none"
    )
  }

  private var expectationRule: JSONValue {
    rule(
      Self.expectationRule,
      "Expectation",
      "what was found is not what the `expect` lines say",
      level: "error"
    )
  }

  private func rule(_ id: String, _ name: String, _ text: String, level: String) -> JSONValue {
    .object([
      ("id", .string(id)),
      ("name", .string(name)),
      ("shortDescription", SARIFPlace.message(text)),
      ("defaultConfiguration", .object([("level", .string(level))])),
    ])
  }

  /// `lost-update` as `LostUpdate`.
  private static func ruleName(_ kind: FindingKind) -> String {
    kind.rawValue.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}

/// Places and messages in SARIF's form.
enum SARIFPlace {
  /// A text of a message; nothing of a scenario can become a link in it.
  static func message(_ text: String) -> JSONValue {
    .object([("text", .string(plain(text)))])
  }

  /// A text as messages show it.
  static func plain(_ text: String) -> String {
    Numbers.plain(text).split(separator: "](", omittingEmptySubsequences: false)
      .joined(separator: "] (")
  }

  /// A file by its name as the user gave it.
  static func artifact(_ name: String) -> JSONValue {
    guard !name.hasPrefix("/") else {
      return .line(.object([("uri", .string("file://" + escaped(name)))]))
    }
    return .line(
      .object([("uri", .string(escaped(name))), ("uriBaseId", .string("%SRCROOT%"))])
    )
  }

  /// A span of a program's text.
  static func physical(_ span: SourceSpan, _ program: Program) -> JSONValue {
    let start = program.source.location(of: span.start)
    let end = program.source.location(of: span.end)
    return .line(
      .object([
        ("artifactLocation", artifact(program.source.name)),
        (
          "region",
          .object([
            ("startLine", .int(start.line)), ("startColumn", .int(start.column)),
            ("endLine", .int(end.line)), ("endColumn", .int(end.column)),
          ])
        ),
      ])
    )
  }

  /// A path with everything but unreserved characters and slashes percent-encoded (RFC 3986).
  private static func escaped(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return result
  }
}
