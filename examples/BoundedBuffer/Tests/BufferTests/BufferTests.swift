import Foundation
import HeddleTesting
import Testing

@Suite struct `A bounded buffer` {
  @Test func `that waits once underflows`() {
    expectFinding(.invariant, in: ScenarioFile("Scenarios/1_if.heddle"))
  }

  @Test func `with one condition sleeps for ever`() {
    expectFinding(.deadlock, in: ScenarioFile("Scenarios/2_while.heddle"))
  }

  @Test func `with two conditions passes`() {
    expectPasses(ScenarioFile("Scenarios/3_two_conditions.heddle"))
  }

  /// What the failures look like: `SHOW_FAILURES=1 swift test`.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["SHOW_FAILURES"] != nil),
    .serialized,
    arguments: ["1_if", "2_while"]
  )
  func `shows a failure`(name: String) {
    expectPasses(ScenarioFile("Scenarios/\(name).heddle"))
  }
}
