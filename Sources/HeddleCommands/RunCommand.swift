import ArgumentParser
import Heddle
import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// `heddle run FILE`.
struct RunCommand: SurroundedCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a scenario in one order, and print what it prints.",
    discussion: """
      The order is drawn by a seed, or given by the names of the threads that move one after the \
      other, each with `:N` behind it for the outcome number N of `any` or `choose`, counted from 0, \
      or for the value of `any Int`. `initial:N` before them begins in the initial state number N, \
      `initial:N,V` with the value V for what begins with `any Int`; `loop` stands before the steps \
      that repeat. Exit status 1 if something went wrong in this order, 3 if it was stopped before \
      its end.
      """
  )

  @Argument(help: "A scenario file; `-` reads it from standard input.")
  var file: String

  @Option(
    help: ArgumentHelp(
      "Draw the order by this number; equal seeds give equal orders (default: 0).",
      valueName: "n"
    )
  )
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Run in this order, for example \"deposit#1 deposit#2 deposit#1\".",
      valueName: "order"
    )
  )
  var schedule: String?

  @Option(help: ArgumentHelp("Stop after so many steps.", valueName: "n"))
  var maxSteps = 10_000

  @Flag(help: "Show every step, not only what the scenario prints.")
  var steps = false

  @OptionGroup var loading: LoadingOptions
  @OptionGroup var meaning: MeaningOptions
  @OptionGroup var appearance: AppearanceOptions

  mutating func validate() throws {
    if seed != nil, schedule != nil {
      throw ValidationError("--seed and --schedule exclude each other")
    }
    guard maxSteps >= 1 else { throw ValidationError("--max-steps must be at least 1") }
  }

  func execute(
    _ arguments: [String],
    _ surroundings: Surroundings
  ) throws -> ExitStatus {
    let appearance = Appearance(self.appearance, surroundings)
    let loaded = try ScenarioFile(path: file).load(
      constants: loading.constants,
      appearance: appearance,
      surroundings
    )
    guard let scenario = loaded else { return .unusable }
    var options = meaning.machineOptions
    options.takesChosenIntegers = schedule != nil
    let machine = Machine(scenario.program, options: options)
    var run = ObservedRun(
      machine: machine,
      showsSteps: steps,
      maximumSteps: maxSteps,
      columns: appearance.columns,
      surroundings
    )
    if let schedule {
      return try run.follow(Self.parse(schedule, scenario.program))
    }
    return try run.draw(seed: seed ?? 0)
  }

  /// Reads a schedule; what is wrong in it is the user's mistake.
  static func parse(_ text: String, _ program: Program) throws(CommandFailure) -> Schedule {
    do throws(ScheduleError) {
      return try Schedule(parsing: text, in: program)
    } catch {
      throw CommandFailure(error.description)
    }
  }
}
