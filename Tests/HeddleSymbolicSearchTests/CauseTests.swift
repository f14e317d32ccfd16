import HeddleChecking
import HeddleExhaustiveSearch
import HeddleProgram
import Testing

@testable import HeddleSymbolicSearch

/// Which findings are told with a lost update, and which stand by themselves.
@Suite(.enabled(if: hasSolver)) struct `Consequences of lost updates` {
  /// The findings, each with what it is folded into.
  private func causes(
    _ text: String,
    tracer: (any Engine)? = nil
  ) throws -> (causes: [String], answer: EngineAnswer) {
    let question = Question(try program(text))
    let answer = SymbolicEngine(tracer: tracer).answer(question, supervisor: .none)
    #expect(answer.limit == nil)
    let causes = answer.findings.map { finding in
      finding.key.kind.rawValue + (finding.cause.map { " of \($0.kind.rawValue)" } ?? "")
    }
    return (causes, answer)
  }

  @Test(arguments: [false, true])
  func `are claims that no input breaks without one`(hasTracer: Bool) throws {
    let text = """
      shared k = any Int
      shared x = 0
      thread a { x += 1 }
      thread b { x += 1 }
      finally { assert x == 2 || k == 7 }
      """
    let tracer = hasTracer ? ExhaustiveEngine() : nil
    let found = try causes(text, tracer: tracer).causes
    #expect(
      found == ["lost-update", "data-race of lost-update", "assertion of lost-update"]
    )
  }

  @Test(arguments: [false, true])
  func `are not claims that some input breaks without one`(hasTracer: Bool) throws {
    // With an input of 0, the lost update is needed; 5 comes first without it.
    let text = """
      shared k = any Int
      atomic shared x = 0
      thread a { x += 1 }
      thread b { x += 1 }
      finally { assert x == 2 && k < 5 }
      """
    let tracer = hasTracer ? ExhaustiveEngine() : nil
    let (found, answer) = try causes(text, tracer: tracer)
    #expect(found == ["lost-update", "assertion"])
    let claim = try #require(answer.findings.first { $0.key.kind == .assertion })
    #expect(claim.schedule?.initialIntegers == [5])
    #expect(claim.schedule?.steps.count == 4)
  }

  @Test func `nor what an input of a step breaks`() throws {
    let text = """
      atomic shared x = 0
      thread w { x += 1 }
      main {
          let k = any Int
          let a = start w
          let b = start w
          join a
          join b
          assert x == 2 && k != 5
      }
      """
    let found = try causes(text, tracer: ExhaustiveEngine()).causes
    #expect(found == ["lost-update", "assertion"])
  }

  @Test func `are found without a tracer, too`() throws {
    let text = """
      shared x = 0
      shared limit = 5
      thread a { x += 1 }
      thread b { x += 1 }
      finally { assert x == 2; assert limit == 4 }
      """
    #expect(
      try causes(text).causes == [
        "lost-update", "data-race of lost-update", "assertion of lost-update", "assertion",
      ]
    )
  }
}
