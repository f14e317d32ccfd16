import Foundation
import HeddleTesting
import Testing

@Suite struct `Every scenario` {
  @Test(arguments: ScenarioFile.folder("Scenarios"))
  func `is as it declares`(file: ScenarioFile) {
    expectAsDeclared(file)
  }

  /// What a failure looks like: `SHOW_FAILURES=1 swift test`.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["SHOW_FAILURES"] != nil),
    arguments: ScenarioFile.folder("Surprises")
  )
  func `shows a failure`(file: ScenarioFile) {
    expectAsDeclared(file)
  }
}
