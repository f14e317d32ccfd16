import Foundation
import HeddleScenarioGenerator
import Testing

@Suite(.enabled(if: hasSolver)) struct `Symbolic against exhaustive` {
  @Test func `agrees on random scenarios wherever both are complete`() throws {
    let environment = ProcessInfo.processInfo.environment
    let first = UInt64(environment["HEDDLE_SYMBOLIC_FIRST"] ?? "") ?? 1
    let count = UInt64(environment["HEDDLE_SYMBOLIC_COUNT"] ?? "") ?? 100
    var complete = 0
    for seed in first..<first + count {
      var generator = ScenarioGenerator(seed: seed)
      let text = generator.next()
      do {
        let result = try differences(text)
        if result.isComplete { complete += 1 }
        if environment["HEDDLE_SYMBOLIC_SHOW"] != nil {
          let line = "seed \(seed): \(result.limit ?? "complete")\n"
          try FileHandle.standardError.write(contentsOf: Data(line.utf8))
        }
        if !result.differences.isEmpty {
          Issue.record("seed \(seed): \(result.differences.joined(separator: "; "))\n\(text)")
        }
      } catch {
        Issue.record("seed \(seed): \(error)\n\(text)")
      }
    }
    // Were the engine never complete, it could not differ.
    #expect(complete * 10 > Int(count))
  }
}
