import Foundation
import Heddle
import Testing

@Suite struct `Verification beside other work` {
  /// An engine that is not done before it is told to stop.
  private struct EndlessEngine: Engine {
    let name = "endless"

    func answer(_ question: Question, supervisor: Supervisor) -> EngineAnswer {
      var progress = Progress(
        phase: .searching,
        states: 0,
        transitions: 0,
        frontier: 0,
        depth: 0,
        memoryBytes: 0,
        findings: 0
      )
      while true {
        progress.states += 1
        switch supervisor.progress(progress) {
        case .goOn: Thread.sleep(forTimeInterval: 0.001)
        case .outOfTime, .outOfMemory, .interrupted:
          return EngineAnswer(findings: [], limit: .interrupted, statistics: Statistics())
        }
      }
    }
  }

  private static let small = "shared x = 0\nthread t * 2 { x += 1 }\n"

  @Test func `gives the result of the plain call`() async throws {
    let scenario = try Scenario(text: Self.small)
    let result = try await scenario.verification().result
    #expect(result.verdict == .fail)
    #expect(result.statistics.states == (try scenario.verify()).statistics.states)
    #expect(result.explanation.contains("lost update on `x`"))
  }

  @Test func `reports progress, and ends the stream`() async throws {
    let verification = try Scenario(text: Self.small).verification(engine: EndlessEngine())
    var reports = 0
    for await progress in verification.progress {
      #expect(progress.states > 0)
      reports += 1
      if reports == 2 { verification.cancel() }
    }
    #expect(reports >= 2)
    await #expect(throws: CancellationError.self) { try await verification.result }
  }

  @Test func `stops when the waiting task is cancelled`() async throws {
    let scenario = try Scenario(text: Self.small)
    let waiting = Task { try await scenario.verification(engine: EndlessEngine()).result }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  @Test func `keeps its limit of seconds`() async throws {
    let large = "shared a = 0\nthread worker * 4 { for i in 0..<4 { a += 1 } }\n"
    var options = VerifyOptions()
    options.limits.seconds = 0
    let result = try await Scenario(text: large).verification(options).result
    #expect(result.limit == .seconds(0))
    #expect(result.verdict != .pass)
  }
}
