import Synchronization

/// How people and machines stop the tool: the first signal asks, the second one insists.
///
/// While a command has something to save, the first signal is only remembered, so that what was established can still
/// be said. At any other time, and on the second signal, the process ends at once with 130.
struct Interruption: Sendable {
  /// Has signals remembered from now on.
  let beginWaiting: @Sendable () -> Void
  /// Whether a signal has come since.
  let isRequested: @Sendable () -> Bool

  /// Nobody stops anything.
  static let never = Interruption(beginWaiting: {}, isRequested: { false })

  /// Listens to the signals of this process.
  static func ofProcess() -> Interruption {
    signalState.store(SignalState.endsProcess, ordering: .sequentiallyConsistent)
    OperatingSystem.onInterruption { _ in
      let (wasAwaited, _) = signalState.compareExchange(
        expected: SignalState.isAwaited,
        desired: SignalState.hasCome,
        ordering: .sequentiallyConsistent
      )
      if !wasAwaited { OperatingSystem.endProcessAtOnce(ExitStatus.interrupted.rawValue) }
    }
    return Interruption(
      beginWaiting: { signalState.store(SignalState.isAwaited, ordering: .sequentiallyConsistent) },
      isRequested: { signalState.load(ordering: .sequentiallyConsistent) == SignalState.hasCome }
    )
  }
}

/// What a signal does.
private enum SignalState {
  static let endsProcess = 0
  static let isAwaited = 1
  static let hasCome = 2
}

/// The only global state of the tool: a signal handler can reach nothing else.
///
/// It is touched before the handler is installed, so that the handler never is the first to use it.
private let signalState = Atomic(SignalState.endsProcess)
