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
    task = Task.detached {
      defer { continuation.finish() }
      let start = ContinuousClock.now
      let deadline = Supervisor.stopping(after: options.limits.seconds)
      // An engine may ask from a thread of its own, which belongs to no task.
      let isCancelled = Mutex(false)
      let supervisor = Supervisor { progress in
        continuation.yield(progress)
        return isCancelled.withLock { $0 } ? .interrupted : deadline.progress(progress)
      }
      var result = try await withTaskCancellationHandler {
        try scenario.verify(options, engine: engine, supervisor: supervisor)
      } onCancel: {
        isCancelled.withLock { $0 = true }
      }
      if result.limit == .interrupted { throw CancellationError() }
      result.statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
      return result
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
