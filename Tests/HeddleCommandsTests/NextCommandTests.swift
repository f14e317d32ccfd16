import Foundation
import Heddle
import HeddleReports
import Testing

@testable import HeddleCommands

/// What a report offers to be typed next, and what becomes of its orders.
@Suite struct `What to type next` {
  static let texts: [(code: String, text: String)] = [
    ("HD101", "shared n = 0\nthread t * 2 { n += 1 }\nallow data-race on n"),
    ("HD102", "shared n = 0\nthread t * 2 { sleep 1; n = 1 }"),
    (
      "HD201",
      """
      lock a
      lock b
      thread t { with a { with b { } } }
      thread u { with b { with a { } } }
      """
    ),
    ("HD302", "queue q\ndaemon thread d { q.get() }\nthread t { sleep 1 }"),
    ("HD303", "lock l\ndaemon thread d { with l { sleep 1 } }\nthread t { sleep 1 }"),
    ("HD401", "thread t { let n = any 0...3; assert n != 2 }"),
    ("HD402", "atomic shared n = 0\nthread t { n = 1 }\ninvariant n == 0\ninvariant n != 1"),
    ("HD501", "lock l\nthread t { l.release() }"),
    ("HD502", "lock l\nthread t { l.acquire() }"),
  ]

  @Test(arguments: texts)
  func `shows the finding`(example: (code: String, text: String)) throws {
    let folder = try Folder()
    let file = try folder.file("a.heddle", example.text)
    let run = try #require(try offered(file))
    #expect(run.output.contains("[\(example.code)]"), "\(run.output)\(run.notes)")
    let isWarning = ["HD303", "HD502"].contains(example.code)
    #expect(run.status == (isWarning ? 0 : 1) || run.status == 3)
  }

  @Test(arguments: Checkout.files(below: "models/seed", ".heddle"))
  func `shows the finding of a model`(path: String) throws {
    guard let run = try offered(path) else { return }
    #expect(run.output.contains("[HD"), "\(run.output)\(run.notes)")
  }

  /// What the offered `heddle run` does; `nil` if none is offered.
  private func offered(_ file: String) throws -> ToolRun? {
    let bytes = Array(try Data(contentsOf: URL(filePath: file)))
    let result = try Scenario(bytes: bytes, file: file).verify()
    let lines = TextReport(TextOptions(width: 2_000)).summary(of: [result]).split(separator: "\n")
    guard let line = lines.first(where: { $0.contains("heddle run ") }) else { return nil }
    let parts = line.split(separator: "\"")
    return ToolRun(["run", file, "--schedule", String(parts[1])])
  }

  @Test func `is not offered where one order does not show all`() throws {
    for text in [
      "atomic shared n = 0\nthread t { while n == 0 { sleep 1 } }",
      "lock l\nthread t { l.acquire(); l.acquire() }\nthread u { loop { sleep 1 } }",
    ] {
      let folder = try Folder()
      let run = ToolRun(["verify", try folder.file("a.heddle", text)])
      #expect(run.output.contains("heddle explain"))
      #expect(!run.output.contains("heddle run"))
    }
  }

  @Test func `has what the scenario was given`() throws {
    let options = ["--set", "n=2", "--max-queue", "5", "--spurious-wakeups"]
    let command = try VerifyCommand.parse(["a.heddle"] + options)
    let words = ["--set n=2", "--spurious-wakeups", "--max-queue 5"]
    #expect(command.meaningArguments == words)
    #expect(try VerifyCommand.parse(["a.heddle"]).meaningArguments.isEmpty)
    let text = "const n = 1\nthread t { sleep 1; assert n == 2 }"
    let result = try Scenario(text: text, file: "a.heddle").verify()
    let report = TextReport(TextOptions(width: 200, meaningArguments: words))
    let expected = "heddle run a.heddle \(words.joined(separator: " ")) --schedule \"t\""
    #expect(report.summary(of: [result]).contains(expected))
  }

  @Test func `names all claims that a step breaks`() throws {
    let text = "atomic shared n = 0\nthread t { n = 1 }\ninvariant n == 0\ninvariant n != 1"
    let folder = try Folder()
    let output = ToolRun(["run", try folder.file("a.heddle", text)]).output
    #expect(output.components(separatedBy: "[HD402]").count == 3)
  }

  @Test func `repeats an endless daemon although everybody else has ended`() throws {
    let model = Checkout.root + "/models/seed/daemon_endless.wrong.heddle"
    let run = ToolRun(["run", model, "--schedule", "main main loop background"])
    #expect(run.status == 1)
    #expect(run.output.contains("repeat for ever from step 3 on"))
  }

  @Test func `is judged when it is replayed, whatever the report says`() throws {
    let folder = try Folder()
    let text = "shared x = 0\nshared y = 0\nthread t * 2 { let old = x; x = old + 1 }"
    let file = try folder.file("a.heddle", text)
    let report = folder.path + "/a.json"
    _ = ToolRun(["verify", file, "--format", "json", "--output", report])
    let replay = ToolRun(["replay", file, report])
    #expect(replay.status == 0)
    #expect(replay.output.contains("lost update on `x`: "))
    _ = try folder.file("a.heddle", text.replacing("x = old", with: "y = old"))
    let other = ToolRun(["replay", file, report])
    #expect(other.status == 1)
    #expect(other.output.contains("this order does not show the lost-update on x [HD101]"))
  }

  @Test(arguments: [
    (["verfy", "a.heddle"], "unknown command 'verfy'; did you mean 'verify'?"),
    (["a b.heddle"], "did you mean 'heddle verify a b.heddle'?"),
    (["check"], "unknown command 'check'; there are verify, run, replay"),
  ])
  func `is said to who misspells a command`(arguments: [String], expected: String) {
    let run = ToolRun(arguments)
    #expect(run.status == 2)
    #expect(run.notes.contains(expected), "\(run.notes)")
  }

  @Test func `is verified once, whatever its name`() throws {
    let folder = try Folder()
    let file = try folder.file("a.heddle", "thread t { sleep 1 }")
    let run = ToolRun(["verify", file, folder.path + "/./a.heddle", folder.path])
    #expect(run.output.contains("PASS  1 scenario"))
  }
}
