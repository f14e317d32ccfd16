import Foundation
import Heddle
import Testing

@testable import HeddleCommands

@Suite struct `The exit status` {
  static let racy = "shared x = 0\nthread t * 2 { let old = x; x = old + 1 }\n"
  static let fine = "thread t * 2 { sleep 1 }\n"

  struct Situation: Sendable {
    var text: String
    var options: [String]
    var status: Int32

    init(_ text: String, _ options: [String] = [], _ status: Int32) {
      self.text = text
      self.options = options
      self.status = status
    }
  }

  static let hasSolver = Scenario.whySymbolicIsMissing == nil
  static let parentheses = String(repeating: "(", count: 10_000)
  static let loops = String(repeating: "loop {", count: 10_000)

  static let situations: [Situation] = [
    Situation(fine, [], 0),
    Situation(racy, [], 1),
    Situation(racy + "expect lost-update on x", [], 0),
    Situation(fine + "expect deadlock", [], 1),
    Situation(racy + "expect pass\nexpect lost-update on x", [], 1),
    Situation(fine + "expect pass", [], 0),
    Situation(racy + "expect deadlock", [], 1),
    Situation("", [], 2),
    Situation("thread t { x = 1 }", [], 2),
    Situation("const n = 9999999999999999999999", [], 2),
    Situation("thread t * 1000000 { }", [], 2),
    Situation("thread t { \(parentheses) }", [], 2),
    Situation("thread t { \(loops) }", [], 2),
    Situation("thread t { let n = any Int }", ["--engine", "exhaustive"], 3),
    Situation("queue q\nthread t { loop { q.put(1) } }", ["--max-queue", "4"], 3),
    Situation(
      "thread t * 4 { sleep 1; sleep 1 }",
      ["--max-states", "5", "--reduction", "none"],
      3
    ),
    Situation(fine, ["--reduction", "merging,symmetry"], 0),
    Situation(fine, ["--reduction", "merging,magic"], 2),
    Situation(fine, ["--reduction", ""], 2),
    Situation("const n = 2\nthread t * n { }", ["--set", "n=3"], 0),
    Situation(fine, ["--set", "n=3"], 2),
    Situation(fine, ["--set", "n"], 2),
    Situation(fine, ["--only", "nonsense"], 2),
    Situation(racy, ["--only", "HD201"], 0),
    Situation(fine, ["--engine", "z4"], 2),
    Situation(fine, ["--engine", "z3"], hasSolver ? 0 : 2),
    Situation(racy, ["--engine", "z3"], hasSolver ? 1 : 2),
    Situation(racy, ["--engine", "both"], hasSolver ? 1 : 2),
    Situation("barrier b(1)\nthread t { b.wait() }", ["--engine", "z3"], hasSolver ? 3 : 2),
    Situation("thread t { let n = any Int; assert n != 7 }", [], hasSolver ? 1 : 3),
    Situation(fine, ["--nonsense"], 2),
    Situation(fine, ["--output", "/no/such/folder/report.json"], 2),
  ]

  @Test(arguments: situations)
  func `says what became of one scenario`(situation: Situation) throws {
    let folder = try Folder()
    let run = ToolRun(
      ["verify", try folder.file("scenario.heddle", situation.text)] + situation.options
    )
    #expect(run.status == situation.status, "\(run.output)\(run.notes)")
    if situation.status == 2 { #expect(!run.notes.isEmpty) }
  }

  @Test func `is 2 for what is no text, and for what is not there`() throws {
    let folder = try Folder()
    for bytes: [UInt8] in [
      [0xFF, 0xFE, 0x00], [0x61, 0x00, 0x62], [0x7F, 0x45, 0x4C, 0x46, 0x80],
    ] {
      let run = ToolRun(["verify", try folder.file("binary.heddle", bytes)])
      #expect(run.status == 2)
      #expect(run.notes.contains("binary.heddle:1:"))
    }
    #expect(ToolRun(["verify", folder.path + "/missing.heddle"]).status == 2)
    #expect(ToolRun(["nonsense"]).status == 2)
    #expect(ToolRun(["explain", "HD999"]).status == 2)
    #expect(ToolRun(["--help"]).status == 0)
    #expect(ToolRun(["--version"]).status == 0)
  }

  @Test func `is the worst of several: 2, then 1, then 3`() throws {
    let folder = try Folder()
    let broken = try folder.file("broken.heddle", "thread")
    let wrong = try folder.file("wrong.heddle", Self.racy)
    let open = try folder.file("open.heddle", "thread t { let n = any Int }")
    #expect(ToolRun(["verify", open, wrong]).status == 1)
    #expect(ToolRun(["verify", open, wrong, broken]).status == 2)
  }
}
