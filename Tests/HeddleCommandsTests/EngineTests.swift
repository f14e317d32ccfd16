import HeddleChecking
import HeddleExhaustiveSearch
import Synchronization
import Testing

@testable import Heddle
@testable import HeddleCommands

@Suite struct `Engines` {
  static let hasSolver = Scenario.whySymbolicIsMissing == nil
  private static let racy = "shared x = 0\nthread t * 2 { let old = x; x = old + 1 }\n"

  @Test func `that do not agree are a mistake, with both sides`() throws {
    let enumerated = try Scenario(text: Self.racy).verify()
    var solved = enumerated
    solved.findings = []
    let error = try #require(throws: InternalError.self) {
      try EngineAgreement(enumerated, solved).result()
    }
    #expect(error.description.contains("exhaustive finds lost-update on x"))
    #expect(error.description.contains("exhaustive finds nothing"))
  }

  @Test func `need not agree where one of them is not complete`() throws {
    let enumerated = try Scenario(text: Self.racy).verify()
    var solved = enumerated
    solved.findings = []
    solved.limit = .engine(EngineLimit(reason: "it gave up", advice: "nothing"))
    #expect(try EngineAgreement(enumerated, solved).result().findings.count == 1)
    #expect(try EngineAgreement(solved, enumerated).result().findings.count == 1)
  }

  @Test(.enabled(if: hasSolver))
  func `of constraints answer where inputs are symbolic, and one line says so`() throws {
    let folder = try Folder()
    let text = "main { let n = any Int; assume n > 3; assert n > 4 }\n"
    let run = ToolRun(["verify", try folder.file("any.heddle", text)])
    #expect(run.output.hasPrefix("symbolic inputs: Z3\n"))
    #expect(run.output.contains("got        n == 4"))
  }

  @Test func `that are not there are not asked for`() throws {
    guard let reason = Scenario.whySymbolicIsMissing else { return }
    let folder = try Folder()
    let file = try folder.file("t.heddle", "thread t { sleep 1 }\n")
    let run = ToolRun(["verify", file, "--engine", "z3"])
    #expect(run.status == 2)
    #expect(run.notes.contains("the engine 'z3' is not there: \(reason)"))
  }

  @Test func `that are not there are not recommended, and no other that cannot help`() throws {
    guard let reason = Scenario.whySymbolicIsMissing else { return }
    let folder = try Folder()
    let file = try folder.file("any.heddle", "main { let n = any Int; assert n != 7 }\n")
    let run = ToolRun(["verify", file])
    #expect(run.status == 3)
    #expect(!run.output.contains("symbolic inputs: Z3"))
    let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains(reason))
    #expect(words.contains("choose from a small range instead of `any Int`"))
    #expect(!words.contains("--engine exhaustive"))
  }

  /// Answers once, and is interrupted with every further question.
  private final class InterruptedEngine: Engine {
    let name = "exhaustive"
    private let count = Mutex(0)

    func answer(_ question: Question, supervisor: Supervisor) -> EngineAnswer {
      let number = count.withLock { count in
        count += 1
        return count
      }
      if number == 1 {
        return ExhaustiveEngine().answer(question, supervisor: supervisor)
      }
      return EngineAnswer(findings: [], limit: .interrupted, statistics: Statistics())
    }
  }

  @Test func `that are interrupted behind an expected finding say so`() throws {
    let text = """
      const n = any >= 2
      shared x = 0
      thread t * n { x += 1 }
      expect lost-update on x
      """
    let result = try Scenario(text: text).verify(engine: InterruptedEngine())
    #expect(result.findings.map(\.kind) == [.lostUpdate])
    #expect(result.limit == .interrupted)
  }
}
