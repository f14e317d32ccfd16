import Foundation
import Heddle
import Testing

@testable import HeddleCommands

@Suite struct `What is printed` {
  @Test(arguments: Checkout.files(below: "models/seed", ".heddle"), [60, 88])
  func `fits into its columns, and into ASCII where that is asked for`(path: String, columns: Int) {
    let run = ToolRun(["verify", path], columns: columns)
    for line in run.output.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
    let ascii = ToolRun(["verify", path, "--ascii"], columns: columns)
    #expect(ascii.output.utf8.allSatisfy { $0 < 0x80 })
    #expect(ascii.status == run.status)
  }

  @Test func `is JSON alone if JSON is asked for, with the documented keys, and equal each time`()
    throws
  {
    let arguments = ["verify", Checkout.root + "/models/seed", "--format", "json"]
    let run = ToolRun(arguments)
    #expect(run.status == 0)
    #expect(run.output == ToolRun(arguments).output)
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let report = try #require(json as? [String: Any])
    #expect(report["schema"] as? Int == 1)
    let scenarios = try #require(report["scenarios"] as? [[String: Any]])
    #expect(scenarios.count == Checkout.files(below: "models/seed", ".heddle").count)
    for scenario in scenarios {
      for key in ["name", "file", "engine", "verdict", "expected", "findings", "statistics"] {
        #expect(scenario[key] != nil)
      }
    }
  }

  @Test func `goes to a file as well, and people still read theirs`() throws {
    let folder = try Folder()
    let file = folder.path + "/report.json"
    let model = Checkout.root + "/models/seed/deposit.wrong.heddle"
    let run = ToolRun(["verify", model, "--format", "json", "--output", file])
    #expect(run.output.contains("lost update on `balance`"))
    let bytes = try Data(contentsOf: URL(filePath: file))
    _ = try JSONSerialization.jsonObject(with: bytes)
    let replay = ToolRun(["replay", model, file])
    #expect(replay.status == 0, "\(replay.notes)")
    #expect(replay.output.contains("50 -> 100 (from step 3's 0)"))
    let broken = try folder.file("broken.json", "{\"schema\": 1, \"scenarios\": [3]}")
    #expect(ToolRun(["replay", model, broken]).status == 2)
  }

  @Test func `never replaces a scenario`() throws {
    let folder = try Folder()
    let text = "thread t { sleep 1 }\n"
    let scenario = try folder.file("a.heddle", text)
    let other = try folder.file("a.txt", text)
    let outputs = [scenario, folder.path + "/b.heddle", other]
    for output in outputs {
      let run = ToolRun(["verify", scenario, other, "--output", output])
      #expect(run.status == 2 && run.output.isEmpty, "\(run.output)")
    }
    #expect(try String(contentsOfFile: scenario, encoding: .utf8) == text)
    #expect(try String(contentsOfFile: other, encoding: .utf8) == text)
  }

  @Test func `says of what was not found whether all was tried`() throws {
    let model = Checkout.root + "/models/seed/deposit.wrong.heddle"
    let run = ToolRun(["verify", model, "--max-memory", "1000"])
    #expect(run.status == 3)
    #expect(run.output.contains("which no order showed before the search"))
    #expect(!run.output.contains("but no order shows it"))
  }

  @Test func `judges some kinds only, as the others are expected`() {
    let model = Checkout.root + "/models/seed/deposit.wrong.heddle"
    for kinds in ["data-race", "HD101,hd102", "lost-update"] {
      let run = ToolRun(["verify", model, "--only", kinds])
      #expect(run.status == 0, "\(run.output)")
      let sarif = ToolRun(["verify", model, "--only", kinds, "--format", "sarif"]).output
      #expect(sarif.contains("\"suppressions\""))
      #expect(run.output.contains("FAIL"))
    }
  }

  @Test func `is no success for other tools if an expected finding is missing`() throws {
    let folder = try Folder()
    let text = "shared x = 0\nthread t { x = 1 }\nexpect lost-update on x\n"
    let file = try folder.file("a.heddle", text)
    for (format, words) in [
      ("sarif", "\"ruleId\": \"expectation\""), ("github", "::error"), ("junit", "<failure"),
    ] {
      let run = ToolRun(["verify", file, "--format", format])
      #expect(run.status == 1)
      #expect(run.output.contains(words), "\(run.output)")
    }
  }

  @Test func `accepts warnings that are expected`() throws {
    let model = Checkout.root + "/models/classics/daemon_holds_lock.wrong.heddle"
    #expect(!ToolRun(["verify", model, "--format", "github"]).output.contains("::warning"))
    let sarif = ToolRun(["verify", model, "--format", "sarif"]).output
    #expect(sarif.matches(of: #/"suppressions"/#).count == sarif.matches(of: #/"ruleId"/#).count)
  }

  @Test func `of one order tells a race at whichever state it shows`() throws {
    let folder = try Folder()
    let race = try folder.file(
      "race.heddle",
      "shared x = 0\nthread a { x = 1 }\nthread b { x = 2 }\n"
    )
    for order in [[], ["--schedule", ""], ["--schedule", "a b"]] {
      let run = ToolRun(["run", race] + order)
      #expect(run.status == 1)
      #expect(run.output.contains("data race on `x`"))
    }
    let lost = try folder.file("lost.heddle", "shared x = 0\nthread t * 2 { x += 1 }\n")
    let run = ToolRun(["run", lost, "--schedule", "t#1 t#2 t#1 t#2"])
    #expect(run.output.contains("lost update on `x`") && !run.output.contains("data race"))
  }

  @Test(arguments: [
    ("main { assert 1 == 2 }\n", "assertion `1 == 2` fails"),
    ("thread bad { let x = 1 / 0 }\n", "bad divides by zero"),
    ("thread a { loop { } }\nthread b { assert 1 == 2 }\n", "b's assertion on line 2 fails"),
  ])
  func `of one order tells what fails before its first step`(text: String, words: String) throws {
    let folder = try Folder()
    let run = ToolRun(["run", try folder.file("a.heddle", text)])
    #expect(run.status == 1)
    #expect(run.output.contains(words), "\(run.output)")
  }

  @Test func `says how an order begins where a value can be any`() throws {
    let folder = try Folder()
    let file = try folder.file("a.heddle", "shared x = any Int\nthread t { x += 1 }\n")
    #expect(ToolRun(["run", file]).notes.contains("--schedule \"initial:0,7 ...\""))
    #expect(ToolRun(["run", file, "--schedule", "initial:0,7 t t"]).status == 0)
    let model = Checkout.root + "/models/symbolic/needle.wrong.heddle"
    #expect(ToolRun(["run", model]).output.contains("--schedule \"... thread:7\""))
    let many = (1...5).map { "shared x\($0) = any 0...99\n" }.joined()
    let large = try folder.file("many.heddle", many + "thread t { x1 = 1 }\n")
    let run = ToolRun(["run", large])
    #expect(run.status == 2 && !run.notes.contains("--schedule"))
    #expect(run.notes.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
  }

  @Test func `shows numbers in full`() {
    let model = Checkout.root + "/models/symbolic/needle.wrong.heddle"
    guard `The exit status`.hasSolver else { return }
    #expect(!ToolRun(["verify", model]).output.contains("000…"))
  }

  @Test func `counts orders if asked`() throws {
    let folder = try Folder()
    let file = try folder.file("racy.heddle", `The exit status`.racy)
    #expect(ToolRun(["verify", file, "--count-orders"]).output.contains("orders    6"))
    guard `The exit status`.hasSolver else { return }
    let output = ToolRun(["verify", file, "--engine", "z3", "--count-orders"]).output
    #expect(output.contains("orders    not counted: constraints do not count orders"))
  }

  @Test func `says how likely a finding is, and which ends there are, if asked`() throws {
    let folder = try Folder()
    let file = try folder.file("racy.heddle", `The exit status`.racy)
    let plain = ToolRun(["verify", file]).output
    #expect(!plain.contains("Odds") && !plain.contains("outcomes"))
    let output = ToolRun(["verify", file, "--odds", "--coverage"]).output
    #expect(output.contains("0.5 (1 in 2) under a uniformly random scheduler; 7 such runs"))
    #expect(output.contains("outcomes  2 different ends"))
    let run = ToolRun(["verify", file, "--odds", "--coverage", "--format", "json"])
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let scenario = try #require((json?["scenarios"] as? [[String: Any]])?.first)
    let finding = try #require((scenario["findings"] as? [[String: Any]])?.first)
    let odds = try #require(finding["odds"] as? [String: Any])
    #expect(odds["fraction"] as? String == "1/2")
    #expect(odds["runs_for_99_percent"] as? Int == 7)
    let coverage = try #require(scenario["coverage"] as? [String: Any])
    #expect(coverage["outcome_count"] as? Int == 2)
  }

  @Test func `says how threads would count as identical, where it would matter`() throws {
    let folder = try Folder()
    let text = """
      lock l
      shared sum = 0
      thread pays { with l { sum += 1 } }
      main { let threads = start pays * 10; for t in threads { join t } }
      """
    let output = ToolRun(["verify", try folder.file("each.heddle", text)]).output
    #expect(output.contains("faster    join the 10 threads `pays` as a whole"))
    let whole = text.replacing("for t in threads { join t }", with: "join threads")
    #expect(!ToolRun(["verify", try folder.file("whole.heddle", whole)]).output.contains("faster"))
    for other in [
      "start pays * 10; let one = start lone; join one",
      "let threads = start pays * 10; for t in threads { join t; assert !t.is_alive() }",
    ] {
      let start = "let threads = start pays * 10; for t in threads { join t }"
      let changed = text.replacing(start, with: other) + "\nthread lone { with l { sum += 1 } }"
      let file = try folder.file("other.heddle", changed)
      let run = ToolRun(["verify", file, "--max-states", "1200"])
      #expect(!run.output.contains("faster"), "\(run.output)\(run.notes)")
    }
    let few = text.replacing("* 10", with: "* 2")
    #expect(!ToolRun(["verify", try folder.file("few.heddle", few)]).output.contains("faster"))
  }

  @Test func `names what made the states so many where a limit was reached`() throws {
    let folder = try Folder()
    let text = "atomic shared n = 0\nthread t * 2 {\n  loop { atomic { n += 1 } }\n}\n"
    let file = try folder.file("grows.heddle", text)
    let run = ToolRun(["verify", file, "--max-states", "500"])
    #expect(run.status == 3)
    #expect(run.output.contains("culprit   `n` grows without bound in the loop at line 3"))
    let json = ToolRun(["verify", file, "--max-states", "500", "--format", "json"]).output
    #expect(json.contains("\"part\": \"variable\", \"name\": \"`n`\", \"line\": 3"))
  }

  @Test func `shows in which direction the frontier goes, from the second second on`() {
    var trend = FrontierTrend()
    #expect(trend.hear(10, at: .milliseconds(100)) == nil)
    #expect(trend.hear(90, at: .milliseconds(900)) == nil)
    #expect(trend.hear(100, at: .milliseconds(1_200)) == .rising)
    #expect(trend.hear(101, at: .milliseconds(2_300)) == .steady)
    #expect(trend.hear(60, at: .seconds(40)) == .falling)
    #expect(trend.hear(0, at: .seconds(80)) == .falling)
    #expect(trend.hear(0, at: .seconds(120)) == .steady)
  }

  @Test func `of a search fits into the columns of a terminal, memory and time included`() {
    let progress = Progress(
      phase: .searching,
      states: 1_234_567,
      transitions: 0,
      frontier: 31_234,
      depth: 42,
      memoryBytes: 310 << 20,
      findings: 0
    )
    let line = ProgressLine(
      name: "bank",
      progress: progress,
      trend: .falling,
      elapsed: .seconds(12)
    )
    let whole =
      "bank:  searching  1 234 567 states  102 880/s  frontier 31 234 falling  depth 42  310 MiB  12 s"
    #expect(line.text == whole)
    #expect(line.text(columns: 120) == whole)
    #expect(
      line.text(columns: 79)
        == "bank:  1.2 M states  102 k/s  frontier 31 k falling  depth 42  310 MiB  12 s"
    )
    let long = ProgressLine(
      name: "a_scenario_with_a_long_name",
      progress: progress,
      trend: .falling,
      elapsed: .seconds(12)
    )
    #expect(
      long.text(columns: 79)
        == "a_scen…:  1.2 M states  102 k/s  frontier 31 k falling  depth 42  310 MiB  12 s"
    )
  }

  @Test func `is what one order prints, the same for the same seed`() {
    let model = Checkout.root + "/models/seed/two_workers.fixed.heddle"
    let run = ToolRun(["run", model, "--seed", "7"])
    #expect(run.status == 0)
    #expect(run.output == ToolRun(["run", model, "--seed", "7"]).output)
    #expect(ToolRun(["run", model, "--schedule", "mian"]).status == 2)
  }

  @Test func `shows the beginning of a word that no schedule has, however few characters it has`() {
    let model = Checkout.root + "/models/seed/two_workers.fixed.heddle"
    let accents = String(repeating: "\u{301}", count: 5_000)
    for word in ["a" + accents, String(repeating: "👩\u{200D}", count: 5_000), "main:" + accents] {
      let run = ToolRun(["run", model, "--schedule", word])
      #expect(run.status == 2)
      #expect(run.notes.unicodeScalars.count < 1_000)
    }
  }
}

@Suite struct `Every model` {
  @Test(arguments: Checkout.files(below: "models", ".heddle"))
  func `is as its expect lines say, begins with what it teaches, and is laid out in the one way`(
    path: String
  ) throws {
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    #expect(text.hasPrefix("//"))
    let scenario = try Scenario(text: text, file: path)
    #expect(!scenario.program.expectations.isEmpty)
    #expect(ToolRun(["format", "--check", path]).status == 0)
    let result = try scenario.verify(choice: nil)
    // Without libz3 nobody answers for symbolic inputs.
    if case .engine? = result.limit, result.findings.isEmpty, Scenario.whySymbolicIsMissing != nil {
      return
    }
    #expect(result.isExpected, "\(result.surprises)")
  }
}

@Suite struct `Every page and every example` {
  @Test(arguments: FindingKind.allCases)
  func `of explain shows a wrong scenario and a right one, and both are as they say`(
    kind: FindingKind
  ) throws {
    let run = ToolRun(["explain", kind.code])
    #expect(run.status == 0)
    #expect(run.output == ToolRun(["explain", kind.rawValue]).output)
    let page = try String(
      contentsOf: URL(
        filePath: Checkout.root
          + "/Sources/HeddleCommands/Resources/Explain/\(kind.code).md"
      ),
      encoding: .utf8
    )
    let scenarios = Self.scenarios(in: page)
    #expect(scenarios.count >= 2)
    for text in scenarios {
      let result = try Scenario(text: text).verify()
      #expect(result.isExpected, "\(result.surprises)\n\(text)")
    }
  }

  @Test(arguments: Checkout.files(below: "Sources/Heddle/Heddle.docc", ".md"))
  func `of the documentation loads, and is as it says`(path: String) throws {
    let page = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    for text in Self.scenarios(in: page) {
      let scenario = try Scenario(text: text)
      guard !scenario.program.expectations.isEmpty else { continue }
      let result = try scenario.verify()
      #expect(result.isExpected, "\(result.surprises)\n\(text)")
    }
  }

  private static func scenarios(in page: String) -> [String] {
    page.components(separatedBy: "```heddle\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
  }
}
