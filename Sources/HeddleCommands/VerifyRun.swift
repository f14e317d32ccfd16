import Heddle
import HeddleReports

/// One call of `heddle verify`: the scenarios one after the other, then the reports.
struct VerifyRun {
  private let command: VerifyCommand
  private let requests: [ReportRequest]
  private let surroundings: Surroundings
  private let appearance: Appearance
  private let report: TextReport
  private var results: [CheckResult] = []
  private var status = ExitStatus.asExpected
  /// How many paths lead to no scenario.
  private var unfound = 0
  /// How many files could not be read, are no scenarios, or could not be verified.
  private var unusable = 0

  /// Prepares a call; the files of `requests` are known to be writable.
  init(_ command: VerifyCommand, _ requests: [ReportRequest], _ surroundings: Surroundings) {
    self.command = command
    self.requests = requests
    self.surroundings = surroundings
    appearance = Appearance(command.appearance, surroundings)
    report = TextReport(
      TextOptions(
        width: appearance.columns,
        isASCII: appearance.isASCII,
        usesColor: appearance.colorsOutput,
        isQuiet: command.reporting.quiet,
        meaningArguments: command.meaningArguments
      )
    )
  }

  /// Does the work.
  mutating func execute() -> ExitStatus {
    var paths: [String] = []
    var places: Set<String> = []
    for path in command.paths {
      do throws(CommandFailure) {
        paths += try Files.scenarios(at: path).filter { path in
          places.insert(path == Files.standardStream ? path : Files.canonical(path)).inserted
        }
      } catch {
        unfound += 1
        fail(error)
      }
    }
    for request in requests {
      guard let file = request.file, places.contains(Files.canonical(file)) else { continue }
      fail(CommandFailure("--output '\(file)' is one of the scenarios, and would be lost"))
      return status
    }
    surroundings.interruption.beginWaiting()
    // Somebody who closes the pipe has seen enough, but the exit status still has to be right.
    for path in paths where !isInterrupted { verify(path, isAlone: paths.count == 1) }
    if !results.isEmpty { human(report.summary(of: results)) }
    for request in requests { write(request) }
    sayWhatIsMissing(of: paths)
    return isInterrupted ? status.combined(with: .interrupted) : status
  }

  private var isInterrupted: Bool {
    status == .interrupted || surroundings.interruption.isRequested()
  }

  private mutating func fail(_ failure: CommandFailure) {
    surroundings.error(failure.message)
    status = status.combined(with: failure.status)
  }

  /// The last line if the one above it is not all: a summary speaks only of what was verified.
  private func sayWhatIsMissing(of paths: [String]) {
    let missing = paths.count - results.count - unusable
    if isInterrupted {
      let rest = missing == 0 ? "" : "; \(missing) of \(paths.count) scenarios were not begun"
      surroundings.note("interrupted\(rest)")
    } else if unfound + unusable > 0, !results.isEmpty {
      surroundings.error("\(unfound + unusable) could not be verified; see above")
    }
  }

  // MARK: One scenario

  private mutating func verify(_ path: String, isAlone: Bool) {
    do throws(CommandFailure) {
      let loaded = try ScenarioFile(path: path).load(
        constants: command.loading.constants,
        appearance: appearance,
        surroundings
      )
      guard let scenario = loaded else {
        unusable += 1
        status = status.combined(with: .unusable)
        return
      }
      let result = try verify(scenario)
      results.append(result)
      status = status.combined(with: Self.status(of: result))
      if let reason = result.engineReason, isAlone, !command.reporting.quiet {
        human("\(reason)\n\n")
      }
      if isAlone || !result.isExpected {
        human(report.details(of: result) + (command.reporting.quiet ? "" : "\n"))
      } else {
        human(report.line(of: result))
      }
    } catch {
      unusable += 1
      fail(error)
    }
  }

  private func verify(_ scenario: Scenario) throws(CommandFailure) -> CheckResult {
    let options = command.options(
      for: scenario.program,
      availableMemory: surroundings.availableMemory()
    )
    let meter = ProgressMeter(
      name: scenario.program.name,
      secondsLimit: options.limits.seconds,
      watchesMemory: command.limits.maxMemory == nil,
      rhythm: ProgressMeter.Rhythm(
        isTerminal: surroundings.notes.isTerminal,
        wanted: command.reporting.progress
      ),
      surroundings
    )
    defer { meter.finish() }
    do throws(InternalError) {
      var result = try scenario.verify(
        options,
        choice: command.engine?.choice,
        supervisor: meter.supervisor
      )
      if command.reporting.reproducible {
        result.statistics.peakMemoryBytes = nil
      } else {
        result.statistics.seconds = meter.elapsed / .seconds(1)
      }
      return result
    } catch {
      throw CommandFailure("internal error: \(error.description)", status: .internalError)
    }
  }

  private static func status(of result: CheckResult) -> ExitStatus {
    if result.limit == .interrupted { return .interrupted }
    if result.isExpected { return .asExpected }
    return result.isUndecided ? .inconclusive : .unexpected
  }

  // MARK: Reports

  /// What people read goes to standard output, or to standard error if another format was asked for there.
  private func human(_ text: String) {
    let isTaken = requests.contains { $0.file == nil && $0.format != .text }
    if isTaken { surroundings.notes(text) } else { surroundings.output(text) }
  }

  private mutating func write(_ request: ReportRequest) {
    if request.format == .text, request.file == nil { return }
    let writer = ReportWriter(
      isASCII: appearance.isASCII,
      includesStates: command.reporting.states,
      meaningArguments: command.meaningArguments
    )
    do throws(CommandFailure) {
      try writer.write(results, as: request, surroundings)
    } catch {
      fail(error)
    }
  }
}
