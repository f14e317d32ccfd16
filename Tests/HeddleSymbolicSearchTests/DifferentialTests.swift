import Foundation
import HeddleScenarioGenerator
import Testing

/// Constraints against enumeration on scenarios that nobody wrote: findings, and no verdict where only one can have one.
@Suite(.enabled(if: hasSolver)) struct `Symbolic against exhaustive` {
  /// How many scenarios are tried; the release run has the full number, and the environment can ask for more.
  #if DEBUG
  private static let scenarios: UInt64 = 25
  #else
  private static let scenarios: UInt64 = 1_000
  #endif

  private static let seeds: ClosedRange<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["HEDDLE_SYMBOLIC_FIRST"].flatMap { UInt64($0) } ?? 1
    let count = environment["HEDDLE_SYMBOLIC_COUNT"].flatMap { UInt64($0) } ?? scenarios
    return first...first + count - 1
  }()

  private func text(_ seed: UInt64) -> String {
    var generator = ScenarioGenerator(seed: seed)
    return generator.next()
  }

  private func agreement(_ texts: [(seed: UInt64, solved: String, enumerated: String)]) -> Int {
    var complete = 0
    for (seed, solved, enumerated) in texts {
      do {
        let start = ContinuousClock.now
        let result = try differences(solved, from: enumerated)
        if result.isComplete { complete += 1 }
        if ProcessInfo.processInfo.environment["HEDDLE_SYMBOLIC_SHOW"] != nil {
          let seconds = (ContinuousClock.now - start) / .seconds(1)
          let line = "seed \(seed): \(seconds) s, \(result.limit ?? "complete")\n"
          try FileHandle.standardError.write(contentsOf: Data(line.utf8))
        }
        if !result.differences.isEmpty {
          Issue.record("seed \(seed): \(result.differences.joined(separator: "; "))\n\(solved)")
        }
      } catch {
        Issue.record("seed \(seed): \(error)\n\(solved)")
      }
    }
    return complete
  }

  @Test func `agrees on random scenarios wherever both are complete`() {
    let texts = Self.seeds.map { seed in
      let text = text(seed)
      return (seed, text, text)
    }
    // Were the engine never complete, it could not differ.
    #expect(agreement(texts) * 4 > texts.count)
  }

  @Test func `an input that is any integer in a range is like every value of the range`() {
    // Few scenarios choose a number, so more are looked at.
    let texts = (0..<4 * UInt64(Self.seeds.count)).compactMap { offset in
      let seed = 1_000_000 + Self.seeds.lowerBound + offset
      let text = text(seed)
      let symbolic = withSymbolicInputs(text)
      return symbolic == text ? nil : (seed, symbolic, text)
    }
    #expect(agreement(texts) * 4 > texts.count)
  }

  /// The scenario with `any Int` and an assumption for each choice of a small range.
  private func withSymbolicInputs(_ text: String) -> String {
    text.replacing(#/let (\w+) = any 0(\.\.\.|\.\.<)(\d)/#) { match in
      let (name, range, bound) = (match.output.1, match.output.2, match.output.3)
      let limit = range == "..." ? "<=" : "<"
      return "let \(name) = any Int; assume \(name) >= 0 && \(name) \(limit) \(bound)"
    }
  }
}
