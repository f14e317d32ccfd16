import ArgumentParser
import Heddle
import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleReports
import HeddleSemantics

/// `heddle replay FILE TRACE`.
struct ReplayCommand: SurroundedCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Show a trace from a JSON report step by step.",
    discussion: """
      The scenario has to be the one that was verified, with the same --set, --max-queue and \
      --spurious-wakeups. Exit status 1 if the order does not show the finding.
      """
  )

  @Argument(help: "The scenario file.")
  var file: String

  @Argument(help: "A report by `heddle verify --format json`; `-` for standard input.")
  var trace: String

  @Option(
    help: ArgumentHelp("Which of the scenario's findings, counted from 1.", valueName: "n")
  )
  var finding: Int?

  @OptionGroup var loading: LoadingOptions
  @OptionGroup var meaning: MeaningOptions
  @OptionGroup var appearance: AppearanceOptions

  func execute(
    _ arguments: [String],
    _ surroundings: Surroundings
  ) throws -> ExitStatus {
    guard !(file == Files.standardStream && trace == Files.standardStream) else {
      throw CommandFailure("the scenario and the report cannot both come from standard input")
    }
    let report = try Self.report(at: trace)
    let loaded = try ScenarioFile(path: file).load(
      constants: loading.constants,
      appearance: Appearance(appearance, surroundings),
      surroundings
    )
    guard let scenario = loaded else { return .unusable }
    let saved = try Self.entry(finding, of: scenario.program.name, file, in: report)
    let schedule = try RunCommand.parse(saved.schedule, scenario.program)
    var options = meaning.machineOptions
    options.takesChosenIntegers = true
    let machine = Machine(scenario.program, options: options)
    let replayed: Trace
    do throws(ReplayError) {
      replayed = try Replayer(machine).replay(schedule)
    } catch {
      throw CommandFailure("the report does not fit the scenario: \(error.description)")
    }
    surroundings.output(StepListing(trace: replayed).text + "\n\n")
    let shown = EvidenceCheck(Judge(machine), fairness: .none).findings(shownBy: schedule)
    let key = shown.first {
      $0.kind.code == saved.code && $0.subject(in: scenario.program) == saved.subject
    }
    guard let key else {
      let kind = FindingKind(nameOrCode: saved.code)?.rawValue ?? "finding"
      let finding = "\(kind) on \(printable(saved.subject)) [\(printable(saved.code))]"
      surroundings.output("this order does not show the \(finding) of the report\n")
      return .unexpected
    }
    let finding = Explainer(scenario.program).finding(key, trace: replayed)
    surroundings.output("\(printable(finding.message)) [\(key.kind.code)]\n")
    return .asExpected
  }

  private static func report(at path: String) throws(CommandFailure) -> TraceFile {
    let bytes = try Files.bytes(of: path, limit: TraceFile.maximumSize)
    do throws(TraceFileError) {
      return try TraceFile(bytes)
    } catch {
      let name = path == Files.standardStream ? "standard input" : "'\(path)'"
      throw CommandFailure("cannot replay \(name): \(error.description)")
    }
  }

  /// The finding with a number; without one the first that has an order.
  ///
  /// Of several scenarios with one name the file decides.
  static func entry(
    _ number: Int?,
    of scenario: String,
    _ file: String,
    in report: TraceFile
  ) throws(CommandFailure) -> TraceFile.Entry {
    let named = report.entries.filter { $0.scenario == scenario }
    let sameFile = named.filter { $0.file == file }
    let entries = sameFile.isEmpty ? named : sameFile
    guard let first = entries.first else {
      let others = Set(report.entries.map(\.scenario)).sorted().prefix(5).joined(separator: ", ")
      throw CommandFailure("the report has no order of '\(scenario)', but of \(others)")
    }
    guard let number else { return first }
    guard let entry = entries.first(where: { $0.number == number }) else {
      let numbers = entries.map { String($0.number) }.joined(separator: ", ")
      throw CommandFailure(
        "finding \(number) of '\(scenario)' has no order to replay; those that have: \(numbers)"
      )
    }
    return entry
  }
}
