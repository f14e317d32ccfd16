import HeddleChecking
import HeddleScenarioGenerator
import HeddleSolver
import Testing

@testable import HeddleSymbolicSearch

/// The order that is shown where no enumeration finds it.
@Suite(.enabled(if: hasSolver)) struct `Canonical orders` {
  #if DEBUG
  private static let scenarios: UInt64 = 40
  #else
  private static let scenarios: UInt64 = 1_000
  #endif

  private func session(_ question: Question) throws -> SymbolicSession {
    let session = try SymbolicSession(
      question,
      bound: 2,
      maximumEvents: 100,
      limits: Solver.Limits(workPerCheck: 4_000_000),
      tracer: nil,
      omitted: [],
      .none
    )
    try session.begin()
    return session
  }

  @Test func `are the same whether the steps are settled first or one by one`() throws {
    var compared = 0
    for seed in 1...Self.scenarios {
      var generator = ScenarioGenerator(seed: 7_000_000 + seed)
      let text = generator.next()
      let session = try session(Question(try program(text)))
      _ = try session.answer()
      for shown in session.shown {
        do throws(SolverError) {
          var settled = try CanonicalOrder(session, shown.inquiry, shown.literals)
          try settled.fixInputs()
          var stepwise = try CanonicalOrder(session, shown.inquiry, shown.literals)
          try stepwise.fixInputs()
          let schedule = try settled.schedule()
          #expect(try stepwise.schedule(settles: false) == schedule, "seed \(seed)\n\(text)")
          compared += 1
        } catch .exhausted {
          // Where the work is used up, no order is canonical.
        }
      }
    }
    #expect(compared >= Self.scenarios)
  }

  @Test func `of many threads take few questions`() throws {
    let text = """
      lock fork[20]
      thread philosopher * 20 {
          let left = self.index
          let right = (self.index + 1) % 20
          with fork[left] { with fork[right] { } }
      }
      """
    let session = try session(Question(try program(text)))
    let answer = try session.answer()
    #expect(answer.findings.map(\.key.kind) == [.deadlock])
    let steps = answer.findings[0].schedule?.steps.map(\.thread.index)
    #expect(steps == Array(0..<20))
    #expect(session.queryCount < 20)
  }
}
