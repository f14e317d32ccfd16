import ArgumentParser
import Heddle
import HeddleDiagnostics
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The whole tool: arguments in, exit status out.
public enum HeddleTool {
  /// Runs the tool in this process and ends it.
  ///
  /// Every path ends with one of the documented exit statuses.
  public static func runAndExit() -> Never {
    OperatingSystem.ignoreFailedWrites()
    OperatingSystem.onCrash { _ in
      OperatingSystem.endProcessAtOnce(
        ExitStatus.internalError.rawValue,
        saying: "internal error: Heddle has stopped at a mistake of its own; please report it\n"
      )
    }
    let surroundings = Surroundings.ofProcess(
      environment: ProcessInfo.processInfo.environment
    )
    let arguments = Array(CommandLine.arguments.dropFirst())
    OperatingSystem.endProcess(run(arguments, surroundings).rawValue)
  }

  /// Runs the tool in given surroundings; `arguments` does not contain the tool's own name.
  static func run(_ arguments: [String], _ surroundings: Surroundings) -> ExitStatus {
    let status = execute(arguments, surroundings)
    guard let failure = surroundings.output.failure else { return status }
    surroundings.error("cannot write standard output: \(failure.text)")
    return status.combined(with: .unusable)
  }

  private static func execute(
    _ arguments: [String],
    _ surroundings: Surroundings
  ) -> ExitStatus {
    do {
      let word = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
      if let failure = unknownCommand(word) { throw failure }
      var command = try HeddleCommand.parseAsRoot(arguments)
      if let command = command as? any SurroundedCommand {
        return try command.execute(arguments, surroundings)
      }
      try command.run()
      return .asExpected
    } catch let failure as CommandFailure {
      surroundings.error(failure.message)
      return failure.status
    } catch {
      return explain(error, surroundings)
    }
  }

  /// Why the first argument is no command; `nil` if it is one, or an option.
  private static func unknownCommand(_ word: String?) -> CommandFailure? {
    let names =
      HeddleCommand.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard let word, !word.hasPrefix("-"), !names.contains(word) else { return nil }
    let hint =
      word.hasSuffix(Files.scenarioExtension)
      ? "; did you mean 'heddle verify \(word)'?"
      : closestName(to: word, among: names).map { "; did you mean '\($0)'?" }
        ?? "; there are \(names.joined(separator: ", "))"
    return CommandFailure("unknown command '\(word)'\(hint)")
  }

  /// Says what the argument parser has to say: help that was asked for, or what is wrong with the arguments.
  private static func explain(_ error: any Error, _ surroundings: Surroundings) -> ExitStatus {
    // The parser repeats arguments as they are, and a shell may have taken them from names of files.
    let text = HeddleCommand.fullMessage(for: error, columns: surroundings.columns ?? 80)
      .split(separator: "\n", omittingEmptySubsequences: false).map { printable(String($0)) }
      .joined(separator: "\n")
    if HeddleCommand.exitCode(for: error).isSuccess {
      surroundings.output(text + "\n")
      return .asExpected
    }
    let label = "Error: "
    surroundings.note(text.hasPrefix(label) ? "error: " + text.dropFirst(label.count) : text)
    return .unusable
  }
}

/// A subcommand: it is parsed like any other, and executed in given surroundings.
protocol SurroundedCommand: ParsableCommand {
  /// Does the work; `arguments` are all those of the tool in their order, for options whose order matters.
  func execute(_ arguments: [String], _ surroundings: Surroundings) throws -> ExitStatus
}

/// The command `heddle`.
struct HeddleCommand: SurroundedCommand {
  static let configuration = CommandConfiguration(
    commandName: "heddle",
    abstract: "Runs a thread scenario in every order, and explains what goes wrong.",
    discussion: """
      Exit status: 0 every scenario is as expected; 1 one is not; 2 the command line, a \
      file or a scenario cannot be used; 3 inconclusive, a limit was reached; 70 an internal error; \
      130 interrupted. A scenario without `expect` lines is expected to pass.
      """,
    version: "heddle \(HeddleVersion.current)",
    subcommands: [
      VerifyCommand.self, RunCommand.self, ReplayCommand.self, ExplainCommand.self,
      FormatCommand.self,
    ]
  )

  func execute(_ arguments: [String], _ surroundings: Surroundings) -> ExitStatus {
    surroundings.note(Self.helpMessage(columns: surroundings.columns ?? 80))
    return .unusable
  }
}
