import Foundation
import HeddleChecking
import HeddleExhaustiveSearch
import HeddleProgram
import HeddleScenarioGenerator
import HeddleSolver
import Testing

@testable import HeddleSymbolicSearch

/// Proofs against enumeration: what is proved must be so in every order.
@Suite(.enabled(if: hasSolver)) struct `Proofs against exhaustive` {
  #if DEBUG
  private static let scenarios = 60
  private static let states = 20_000
  #else
  private static let scenarios = 2_000
  private static let states = 200_000
  #endif

  @Test func `agree on random lock sections`() {
    let (proofs, _) = compare { seed in
      var generator = SectionGenerator(seed: seed)
      return generator.scenario()
    }
    #expect(proofs * 20 > Self.scenarioCount, "too few proofs to say anything: \(proofs)")
  }

  @Test func `agree on values that are handed over by flags`() {
    let (_, byCases) = compare { seed in
      var generator = HandoverGenerator(seed: seed)
      return generator.scenario()
    }
    #expect(
      byCases * 20 > Self.scenarioCount,
      "too few proofs by cases to say anything: \(byCases)"
    )
  }

  private static let environment = ProcessInfo.processInfo.environment
  private static let firstSeed = environment["HEDDLE_SYMBOLIC_FIRST"].flatMap { UInt64($0) } ?? 1
  private static let scenarioCount =
    environment["HEDDLE_SYMBOLIC_COUNT"].flatMap { Int($0) } ?? scenarios

  /// How many of the scenarios are proved, and how many of them by cases.
  private func compare(_ scenario: (UInt64) -> String) -> (proofs: Int, byCases: Int) {
    var (proofs, byCases) = (0, 0)
    for seed in Self.firstSeed..<Self.firstSeed + UInt64(Self.scenarioCount) {
      let text = scenario(seed)
      do {
        var question = Question(try program(text), limits: Limits(states: Self.states))
        // Most are asked about everything, under strong fairness.
        var random = RandomSource(seed: ~seed)
        if random.chance(15) { question.fairness = random.pick([.weak, .none]) }
        if random.chance(15) {
          question.kinds = Set(FindingKind.allCases.filter { _ in random.chance(30) })
        }
        var attempt = ProofAttempt(question, limits: Solver.Limits()) { true }
        guard case .proved(let proof) = try attempt.run() else { continue }
        proofs += 1
        if !proof.cases.isEmpty { byCases += 1 }
        let exhaustive = ExhaustiveEngine().answer(question, supervisor: .none)
        let wanted = exhaustive.findings.map(\.key).filter {
          question.kinds.isEmpty || question.kinds.contains($0.kind)
        }
        let keys = wanted.map { "\($0.kind.rawValue) \($0.subject(in: question.program))" }
        if !keys.isEmpty { Issue.record("seed \(seed): proved, but \(keys)\n\(text)") }
      } catch {
        Issue.record("seed \(seed): \(error)\n\(text)")
      }
    }
    print("\(proofs) of \(Self.scenarioCount) proved, \(byCases) of them by cases")
    return (proofs, byCases)
  }
}
