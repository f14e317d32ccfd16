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

  @Test(arguments: [Signal.interrupt, .terminate])
  func `says what it has established when it is stopped, and ends with 130`(
    signal: Signal
  ) async throws {
    let folder = try Folder()
    let file = try folder.file("endless.heddle", Self.endless)
    let result = try await run(
      .path(Self.tool),
      arguments: ["verify", file, "--reduction", "none"],
      input: .none,
      output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20)
    ) { execution in
      try await Task.sleep(for: .milliseconds(700))
      try execution.send(signal: signal)
    }
    #expect(result.terminationStatus == .exited(130))
    #expect(result.standardOutput.contains("INCONCLUSIVE"))
    #expect(!result.standardOutput.contains("PASS"))
    #expect(result.standardError.contains("interrupted"))
  }

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
}
