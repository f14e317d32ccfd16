import ArgumentParser
import Heddle
import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// `heddle replay FILE TRACE`.
struct ReplayCommand: SurroundedCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Show a trace from a JSON report step by step.",
    discussion: """
      The scenario has to be the one that was verified, with the same --set, --max-queue and \
      --spurious-wakeups.
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
    let report = try SavedReport(bytes: Files.bytes(of: trace, limit: SavedReport.sizeLimit))
    let loaded = try ScenarioFile(path: file).load(
      constants: loading.constants,
      appearance: Appearance(appearance, surroundings),
      surroundings
    )
    guard let scenario = loaded else { return .unusable }
    let saved = try report.finding(finding, ofScenario: scenario.program.name, file: file)
    let schedule = try RunCommand.parse(saved.schedule, scenario.program)
    let machine = Machine(scenario.program, options: meaning.machineOptions)
    let trace: Trace
    do throws(ReplayError) {
      trace = try Replayer(machine).replay(schedule)
    } catch {
      throw CommandFailure("the report does not fit the scenario: \(error.description)")
    }
    surroundings.output(StepListing(trace: trace).text + "\n\n")
    surroundings.output("\(saved.message) [\(saved.code)]\n")
    return .asExpected
  }
}
