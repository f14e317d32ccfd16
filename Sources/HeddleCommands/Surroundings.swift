import HeddleDiagnostics

/// The outer world as the commands see it: everything that is not the same for equal arguments and files.
///
/// Tests put another one in its place.
struct Surroundings: Sendable {
  /// Standard output: results.
  var output: Sink
  /// Standard error: diagnostics, progress and notes.
  var notes: Sink
  /// The environment variables.
  var environment: [String: String]
  /// The columns of the terminal behind standard output; `nil` if there is none.
  var columns: Int?
  /// The time since some moment in the past.
  var now: @Sendable () -> Duration
  /// How the tool is stopped.
  var interruption: Interruption
  /// The memory that the tool may use without others having to give theirs back, in bytes; `nil` if unknown.
  var availableMemory: @Sendable () -> Int?
  /// The same without what is only this tool's to use up.
  var memoryLeft: @Sendable () -> Int?

  /// The surroundings of this process.
  static func ofProcess(environment: [String: String]) -> Surroundings {
    let clock = ContinuousClock()
    let start = clock.now
    return Surroundings(
      output: Sink(descriptor: OperatingSystem.standardOutput),
      notes: Sink(descriptor: OperatingSystem.standardError),
      environment: environment,
      columns: OperatingSystem.width(OperatingSystem.standardOutput),
      now: { clock.now - start },
      interruption: .ofProcess(),
      availableMemory: { MachineMemory.available() },
      memoryLeft: { MachineMemory.left() }
    )
  }

  /// Whether colour may be used on a sink: on a terminal that can show it and whose user has nothing against it.
  func allowsColor(on sink: Sink) -> Bool {
    sink.isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }

  /// Says something that is not a result.
  func note(_ text: String) { notes(text + "\n") }

  /// Says what is wrong.
  func error(_ message: String) { notes("error: \(printable(message))\n") }
}
