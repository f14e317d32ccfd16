import Dispatch
public import HeddleChecking
import Synchronization

/// A verification that runs beside other work.
///
/// ```swift
/// let verification = bank.verification()
/// for await progress in verification.progress {
///   print("\(progress.states) states")
/// }
/// let result = try await verification.result
/// ```
///
/// The progress need not be listened to, and the search goes on if nobody waits for the result. When the task that waits for the result is cancelled, or ``cancel()`` is called, the search stops
/// at its next report of progress, and ``result`` throws `CancellationError`.
public struct Verification: Sendable {
  /// How far the search is, every few thousand transitions; ends with it.
  ///
  /// Only the newest report is kept for a listener that is slower. One loop can listen.
  public let progress: AsyncStream<Progress>
  private let task: Task<CheckResult, any Error>

  init(_ scenario: Scenario, _ options: VerifyOptions, _ engine: (any Engine)?) {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Progress.self,
      bufferingPolicy: .bufferingNewest(1)
    )
    progress = stream
    let search = Search(continuation)
    task = Task {
      try await withTaskCancellationHandler {
        try await search.result(of: scenario, options, engine)
      } onCancel: {
        search.stop()
      }
    }
  }

  /// The verdict and all different findings, with the seconds that it took.
  ///
  /// Throws `CancellationError` if it was cancelled before that, and `InternalError` if the engine's findings do not stand up to
  /// replay.
  public var result: CheckResult {
    get async throws {
      try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
    }
  }

  /// Stops the search.
  public func cancel() { task.cancel() }
}

/// A search on a thread of its own: it computes for as long as it takes, and the few threads of Swift's tasks are for work that does not.
private final class Search: Sendable {
  private let isStopped = Atomic(false)
  private let continuation: AsyncStream<Progress>.Continuation

  init(_ continuation: AsyncStream<Progress>.Continuation) { self.continuation = continuation }

  func stop() { isStopped.store(true, ordering: .relaxed) }

  func result(
    of scenario: Scenario,
    _ options: VerifyOptions,
    _ engine: (any Engine)?
  ) async throws -> CheckResult {
    try await withCheckedThrowingContinuation { waiting in
      DispatchQueue(label: "heddle.verification").async {
        waiting.resume(with: Result { try self.run(scenario, options, engine) })
      }
    }
  }

  private func run(
    _ scenario: Scenario,
    _ options: VerifyOptions,
    _ engine: (any Engine)?
  ) throws -> CheckResult {
    defer { continuation.finish() }
    let start = ContinuousClock.now
    let deadline = Supervisor.stopping(after: options.limits.seconds)
    let supervisor = Supervisor { progress in
      self.continuation.yield(progress)
      return self.isStopped.load(ordering: .relaxed) ? .interrupted : deadline.progress(progress)
    }
    var result = try scenario.verify(options, engine: engine, supervisor: supervisor)
    if result.limit == .interrupted { throw CancellationError() }
    result.statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
    return result
  }
}

extension Scenario {
  /// Begins to try every order of the scenario's steps, beside other work.
  ///
  /// - Parameters:
  ///   - options: What is asked; its limit of seconds is measured from now.
  ///   - engine: Who answers; `nil` for Z3 if there are inputs that cannot be enumerated (`any Int`), else the exhaustive engine.
  /// - Returns: The verification, which has begun.
  public func verification(
    _ options: VerifyOptions = VerifyOptions(),
    engine: (any Engine)? = nil
  ) -> Verification {
    Verification(self, options, engine)
  }
}

extension Supervisor {
  /// One that lets the engine go on for some seconds, from now; `nil` for ever.
  public static func stopping(after seconds: Double?) -> Supervisor {
    guard let seconds else { return .none }
    let end = ContinuousClock.now + .seconds(seconds)
    return Supervisor { _ in ContinuousClock.now < end ? .goOn : .outOfTime }
  }
}
