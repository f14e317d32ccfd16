import Foundation
import Subprocess
import Testing

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The built tool as a process of its own: what only a real pipe and a real signal can show.
@Suite struct `The process` {
  /// More states than any machine finishes in the time of a test.
  static let endless = "thread t * 12 { sleep 1; sleep 1; sleep 1; sleep 1; sleep 1; sleep 1 }\n"

  /// The tool next to the running test bundle.
  static let tool = FilePath(
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "heddle").path
  )

  @Test func `ends with the status of the scenario when nobody reads on`() async throws {
    let model = Checkout.root + "/models/seed/deposit.wrong.heddle"
    let result = try await run(
      .path("/bin/sh"),
      arguments: [
        "-c", "\"$0\" verify \"$1\" | head -n 1", Self.tool.string, model,
      ],
      output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20)
    )
    #expect(result.standardOutput.hasPrefix("FAIL  deposit.wrong"))
    #expect(result.standardError == "")
    let closed = try await run(
      .path("/bin/sh"),
      arguments: ["-c", "{ \"$0\" verify \"$1\"; echo $? >&2; } | true", Self.tool.string, model],
      output: .discarded,
      error: .string(limit: 1 << 20)
    )
    #expect(closed.standardError == "0\n")
  }

  @Test func `writes reports whole or not at all when there is no room`() async throws {
    let model = Checkout.root + "/models/seed/deposit.wrong.heddle"
    let result = try await run(
      .path("/bin/sh"),
      arguments: ["-c", "\"$0\" verify \"$1\" >/dev/full", Self.tool.string, model],
      output: .discarded,
      error: .string(limit: 1 << 20)
    )
    #expect(result.terminationStatus == .exited(2))
    #expect(result.standardError.contains("cannot write standard output"))
  }

  /// Many values in wide states: what takes the most memory in the least time.
  static let wide = """
    shared cells = [0; 500]
    thread t * 8 { for i in 0..<500 { cells[i] = self.index * 500 + i } }
    allow data-race on cells
    """

  struct Shortage: Sendable {
    var limit: String
    var options: [String] = []
    /// What the report names.
    var reached: String
  }

  #if os(Linux)
  @Test(arguments: [
    Shortage(limit: "ulimit -v unlimited", options: ["--max-memory", "4M"], reached: "of memory"),
    Shortage(limit: "ulimit -v unlimited", options: ["--max-states", "2000"], reached: "states"),
    Shortage(limit: "ulimit -v unlimited", options: ["--max-seconds", "1"], reached: "1 s"),
    // Nothing is said to Heddle: it finds out by itself.
    Shortage(limit: "ulimit -v 200000", reached: "of memory"),
    Shortage(limit: "ulimit -d 90000", reached: "of memory"),
  ])
  func `ends inconclusive where something runs out, and never by a crash`(
    shortage: Shortage
  ) async throws {
    let folder = try Folder()
    let file = try folder.file("wide.heddle", Self.wide)
    let report = folder.path + "/report.json"
    let result = try await run(
      .path("/bin/bash"),
      arguments: Arguments(
        ["-c", "\(shortage.limit); exec \"$@\"", "bash", Self.tool.string, "verify", file]
          + ["--reduction", "none", "--format", "json", "--output", report] + shortage.options
      ),
      output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20)
    )
    #expect(result.terminationStatus == .exited(3), "\(result.standardError)")
    #expect(result.standardOutput.contains("INCONCLUSIVE"))
    #expect(result.standardOutput.contains(shortage.reached), "\(result.standardOutput)")
    #expect(!result.standardOutput.contains("PASS"))
    #expect(try String(contentsOfFile: report, encoding: .utf8).contains("inconclusive"))
  }

  /// A scenario, and the words of its progress at which it is stopped.
  struct Stop: Sendable {
    var text: String
    var words: String
    var signal: String
  }

  /// Some 10^5 states, all in one great cycle.
  private static let cycle =
    "thread t * 5 { while true { sleep 1; \(String(repeating: "sleep 1; ", count: 9)) } }\n"

  @Test(arguments: [
    Stop(text: endless, words: "searching", signal: "INT"),
    Stop(text: endless, words: "searching", signal: "TERM"),
    Stop(text: cycle, words: "judging cycles", signal: "INT"),
    Stop(text: cycle, words: "judging cycles", signal: "TERM"),
  ])
  func `says what it has established when it is stopped, and ends with 130`(
    stop: Stop
  ) async throws {
    let folder = try Folder()
    let file = try folder.file("stopped.heddle", stop.text)
    let script = """
      "$0" verify "$1" --reduction none --progress 2>"$2" &
      until grep -q "$3" "$2"; do sleep 0.05; kill -0 $! || exit 9; done
      kill -\(stop.signal) $!
      wait $!
      """
    let notes = folder.path + "/notes"
    let result = try await run(
      .path("/bin/bash"),
      arguments: ["-c", script, Self.tool.string, file, notes, stop.words],
      output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20)
    )
    #expect(result.terminationStatus == .exited(130))
    #expect(result.standardOutput.contains("INCONCLUSIVE"))
    #expect(!result.standardOutput.contains("PASS"))
    #expect(try String(contentsOfFile: notes, encoding: .utf8).contains("interrupted"))
  }
  #endif
}
