import ArgumentParser
import Heddle
import HeddleProgram

/// `heddle verify PATH...`.
struct VerifyCommand: SurroundedCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Try every order of one or more scenarios.",
    discussion: """
      A scenario is as expected if its findings are those of its `expect` lines; without such lines \
      it has to pass. Of a folder, all *.heddle files below are verified, sorted by path.
      """
  )

  @Argument(help: "Scenario files or folders; `-` reads a scenario from standard input.")
  var paths: [String]

  @OptionGroup var loading: LoadingOptions

  @Option(
    help: ArgumentHelp(
      "Report and judge only findings of this kind, a name or a code; several with commas between.",
      valueName: "kind"
    )
  )
  var only: [KindsArgument] = []

  @Option(help: "Which endless runs count: those in which no thread is passed over for ever.")
  var fairness = FairnessArgument.strong

  @OptionGroup var meaning: MeaningOptions

  @Option(
    help: "Which engine answers (default: z3 for a scenario with `any Int`, else exhaustive)."
  )
  var engine: EngineArgument?

  @Option(
    help: ArgumentHelp(
      "Which orders may be left out because others are like them; several with commas between.",
      valueName: "reduction"
    )
  )
  var reduction = ReductionArgument.all

  @Flag(help: "Prove that the orders shown are the shortest, whatever it costs.")
  var proveShortest = false

  @Flag(help: "Count the orders, if the scenario has no endless run.")
  var countOrders = false

  @Flag(
    help: "Say how likely a uniformly random scheduler shows each finding; no reductions."
  )
  var odds = false

  @Flag(
    help: "Say which values the shared variables took, and how the scenario can end; no reductions."
  )
  var coverage = false

  @OptionGroup(title: "Limits") var limits: LimitOptions

  @OptionGroup(title: "Output") var reporting: ReportingOptions

  @OptionGroup var appearance: AppearanceOptions

  mutating func validate() throws {
    if let engine, engine != .exhaustive, let reason = Scenario.whySymbolicIsMissing {
      throw ValidationError("the engine '\(engine.rawValue)' is not there: \(reason)")
    }
  }

  /// What is asked of the library about a program, on a machine that has so many bytes of memory left.
  func options(for program: Program, availableMemory: Int?) -> VerifyOptions {
    var options = VerifyOptions()
    options.fairness = fairness.fairness
    options.allowsSpuriousWakeups = meaning.spuriousWakeups
    options.maximumQueueLength = meaning.maxQueue
    options.limits.states = limits.maxStates
    options.limits.memoryBytes =
      limits.maxMemory?.bytes
      ?? availableMemory.map { MemoryBudget.bytes(of: $0, for: program) }
    options.limits.seconds = limits.maxSeconds
    options.kinds = Set(only.flatMap(\.kinds))
    options.countsOrders = countOrders
    options.reductions = reduction.reductions
    options.provesShortest = proveShortest
    options.cores = limits.cores
    options.asksOdds = odds
    options.surveysCoverage = coverage
    return options
  }

  /// What another command needs to mean the same scenario.
  var meaningArguments: [String] { loading.arguments + meaning.arguments }

  func execute(_ arguments: [String], _ surroundings: Surroundings) throws -> ExitStatus {
    let requests = try ReportRequests.pair(arguments)
    for request in requests {
      if let file = request.file { try Files.checkWritable(file) }
    }
    var run = VerifyRun(self, requests, surroundings)
    return run.execute()
  }
}

/// Where a search stops.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Stop a search that has stored so many states.", valueName: "n"))
  var maxStates: Int?

  @Option(
    help: ArgumentHelp(
      "Stop a search that needs so much memory, for example 512M or 2G (default: half of what the machine has left).",
      valueName: "size"
    )
  )
  var maxMemory: SizeArgument?

  @Option(help: ArgumentHelp("Stop a search after this time.", valueName: "n"))
  var maxSeconds: Double?

  @Option(
    help: ArgumentHelp(
      "How many processor cores a search may use, which changes nothing but the time (default: all, but fewer under a small \"ulimit -v\").",
      valueName: "n"
    )
  )
  var threads: Int?

  /// The cores to use: no more than there are.
  var cores: Int {
    let most = MachineResources.usableCores
    return min(threads ?? most, most)
  }

  mutating func validate() throws {
    if let maxStates, maxStates < 1 { throw ValidationError("--max-states must be at least 1") }
    if let maxSeconds, !(maxSeconds > 0) || !maxSeconds.isFinite {
      throw ValidationError("--max-seconds must be more than 0")
    }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
  }
}

/// What is written, and where.
struct ReportingOptions: ParsableArguments {
  @Option(help: "How the report is written; repeat it with --output for more than one report.")
  var format: [ReportFormat] = []

  @Option(
    help: ArgumentHelp(
      "Write the report into a file, all at once at the end; belongs to the --format before it. Without any --format, the file's extension decides.",
      valueName: "file"
    )
  )
  var output: [String] = []

  @Flag(help: "Write the whole state after every step into JSON reports.")
  var states = false

  @Flag(help: "Leave out times and memory, so that equal questions give equal bytes.")
  var reproducible = false

  @Flag(help: "Print only what is not as expected, and the last lines.")
  var quiet = false

  @Flag(
    inversion: .prefixedNo,
    help: "Show how far a search is (default: on a terminal, and elsewhere every 30 seconds)."
  )
  var progress: Bool?
}
