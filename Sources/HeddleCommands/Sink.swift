import Synchronization

/// Where text goes: standard output, standard error, or a test's memory.
///
/// After a write has failed, all that follows is dropped. A pipe that nobody reads any more is no failure: whoever
/// closed it has seen enough.
final class Sink: Sendable {
  /// Whether a person watches it on a terminal.
  let isTerminal: Bool
  private let write: @Sendable ([UInt8]) throws(OperatingSystem.Failure) -> Void
  private let stopped = Mutex<OperatingSystem.Failure?>(nil)

  /// A sink that hands bytes to a closure.
  init(
    isTerminal: Bool,
    write: @escaping @Sendable ([UInt8]) throws(OperatingSystem.Failure) -> Void
  ) {
    self.isTerminal = isTerminal
    self.write = write
  }

  /// One of the streams that the process was started with.
  convenience init(descriptor: Int32) {
    self.init(isTerminal: OperatingSystem.isTerminal(descriptor)) {
      bytes throws(OperatingSystem.Failure) in
      try OperatingSystem.writeBytes(bytes, to: descriptor)
    }
  }

  /// Why the last write failed, unless the reader has gone away.
  var failure: OperatingSystem.Failure? {
    stopped.withLock { $0 == .brokenPipe ? nil : $0 }
  }

  /// Whether nothing reaches the sink any more.
  var isStopped: Bool { stopped.withLock { $0 != nil } }

  /// Writes a text as it is.
  func callAsFunction(_ text: String) {
    guard !text.isEmpty else { return }
    stopped.withLock { stopped in
      guard stopped == nil else { return }
      do throws(OperatingSystem.Failure) {
        try write(Array(text.utf8))
      } catch {
        stopped = error
      }
    }
  }
}
