import Heddle
import Testing

@Suite struct `Verification beside other work` {
  /// Some 10^5 states: long enough to be watched and stopped.
  static let large = """
    shared a = 0
    thread worker * 4 {
        for i in 0..<4 { a += 1 }
    }
    """

  @Test func `gives the result of the plain call`() async throws {
    let scenario = try Scenario(text: "shared x = 0\nthread t * 2 { x += 1 }\n")
    let result = try await scenario.verification().result
    #expect(result.verdict == .fail)
    #expect(result.statistics.states == (try scenario.verify()).statistics.states)
    #expect(result.explanation.contains("lost update on `x`"))
  }

  @Test func `reports progress, and ends the stream`() async throws {
    let verification = try Scenario(text: Self.large).verification()
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
    let scenario = try Scenario(text: Self.large)
    let waiting = Task { try await scenario.verification().result }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  @Test func `keeps its limit of seconds`() async throws {
    var options = VerifyOptions()
    options.limits.seconds = 0
    let result = try await Scenario(text: Self.large).verification(options).result
    #expect(result.limit == .seconds(0))
    #expect(result.verdict != .pass)
  }
}
