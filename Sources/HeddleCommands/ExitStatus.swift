/// With which number the tool ends, on whatever path.
enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Every scenario is as expected.
  case asExpected = 0
  /// A scenario failed, or an expectation was not met.
  case unexpected = 1
  /// The command line, a file or a scenario cannot be used.
  case unusable = 2
  /// A limit was reached before anything was established.
  case inconclusive = 3
  /// The tool is wrong, not the scenario.
  case internalError = 70
  /// Somebody stopped the tool.
  case interrupted = 130

  /// The status that is reported if several apply: 70, 130, 2, 1, 3, 0.
  ///
  /// A run that somebody stopped says so whatever it found before; what it found is in its output.
  func combined(with other: ExitStatus) -> ExitStatus {
    let order: [ExitStatus] = [.internalError, .interrupted, .unusable, .unexpected, .inconclusive]
    return order.first { $0 == self || $0 == other } ?? .asExpected
  }
}

/// A reason to end a command that has its own sentence for people.
struct CommandFailure: Error, Equatable {
  /// One sentence, lower case, without a full stop.
  let message: String
  /// What the tool ends with.
  let status: ExitStatus

  /// Creates a failure; most are about what the user gave.
  init(_ message: String, status: ExitStatus = .unusable) {
    self.message = message
    self.status = status
  }
}
