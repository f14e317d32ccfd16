import HeddleScenarioGenerator
import Testing

@Suite struct `The scenario generator` {
  @Test func `makes the same scenarios for the same seed`() {
    var left = ScenarioGenerator(seed: 7)
    var right = ScenarioGenerator(seed: 7)
    for _ in 0..<20 { #expect(left.next() == right.next()) }
  }

  @Test func `leaves out no part of the language`() {
    var generator = ScenarioGenerator(seed: 1)
    var tally: [Feature: Int] = [:]
    for _ in 0..<8_000 {
      for feature in ScenarioGenerator.features(of: generator.next()) {
        tally[feature, default: 0] += 1
      }
    }
    let rare = Feature.allCases.filter { tally[$0, default: 0] < 10 }
    #expect(rare == [])
  }
}
