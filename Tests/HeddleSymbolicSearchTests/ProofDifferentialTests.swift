import Foundation
import HeddleChecking
import HeddleExhaustiveSearch
import HeddleSymbolicSearch
import Testing

/// Proofs against enumeration: what is proved must be so in every order.
@Suite(.enabled(if: hasSolver)) struct `Proofs against exhaustive` {
  #if DEBUG
  private static let scenarios: UInt64 = 60
  #else
  private static let scenarios: UInt64 = 2_000
  #endif

  @Test func `agree on random lock sections`() {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["HEDDLE_SYMBOLIC_FIRST"].flatMap { UInt64($0) } ?? 1
    let count = environment["HEDDLE_SYMBOLIC_COUNT"].flatMap { UInt64($0) } ?? Self.scenarios
    var (proofs, failing) = (0, 0)
    for seed in first..<first + count {
      var generator = SectionGenerator(seed: seed)
      let text = generator.scenario()
      do {
        let question = Question(try program(text), limits: Limits(states: 200_000))
        let symbolic = SymbolicEngine(workPerCheck: 12_000_000).answer(question, supervisor: .none)
        guard symbolic.proof != nil else {
          failing += 1
          continue
        }
        proofs += 1
        let exhaustive = ExhaustiveEngine().answer(question, supervisor: .none)
        let keys = exhaustive.findings.map {
          "\($0.key.kind.rawValue) \($0.key.subject(in: question.program))"
        }
        if !keys.isEmpty { Issue.record("seed \(seed): proved, but \(keys)\n\(text)") }
      } catch {
        Issue.record("seed \(seed): \(error)\n\(text)")
      }
    }
    print("\(proofs) of \(count) proved")
    #expect(proofs * 20 > Int(count), "too few proofs to say anything: \(proofs), not \(failing)")
  }
}
