import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleReports
import HeddleSemantics

/// One order that is run before the user's eyes: what it prints, and how it ends.
struct ObservedRun {
  let machine: Machine
  let showsSteps: Bool
  let maximumSteps: Int
  let columns: Int
  let surroundings: Surroundings
  private var lastRaised: [Int: String] = [:]

  /// Prepares to run a program.
  init(
    machine: Machine,
    showsSteps: Bool,
    maximumSteps: Int,
    columns: Int,
    _ surroundings: Surroundings
  ) {
    self.columns = columns
    self.machine = machine
    self.showsSteps = showsSteps
    self.maximumSteps = maximumSteps
    self.surroundings = surroundings
  }

  // MARK: Two ways to run

  /// Runs in an order in which all threads that can move are equally likely to be next.
  mutating func draw(seed: UInt64) throws(CommandFailure) -> ExitStatus {
    var generator = SplitMix64(seed: seed)
    let count = try initialStateCount()
    var order = OneOrder(machine, initialState: generator.number(below: count))
    show(order, thread: nil)
    var ending = order.ending()
    while ending == nil, order.schedule.steps.count < maximumSteps,
      !surroundings.output.isStopped
    {
      let enabled = order.enabled()
      let (thread, choices) = enabled[generator.number(below: enabled.count)]
      let choice = generator.number(below: choices)
      order.take(Schedule.Step(ThreadID(thread), choice: choice))
      show(order, thread: thread)
      ending = order.ending()
    }
    return finish(order, ending, origin: "seed \(seed)")
  }

  /// Runs in a given order, and stops where that ends.
  mutating func follow(_ schedule: Schedule) throws(CommandFailure) -> ExitStatus {
    let count = try initialStateCount()
    guard schedule.initialState < count else {
      throw CommandFailure(ReplayError.initialStates(count))
    }
    guard schedule.initialIntegers.count <= machine.initialIntegerCount else {
      throw CommandFailure(ReplayError.initialIntegers(machine.initialIntegerCount))
    }
    var order = OneOrder(
      machine,
      initialState: schedule.initialState,
      integers: schedule.initialIntegers
    )
    show(order, thread: nil)
    for step in schedule.steps {
      let offer = order.enabled().first { $0.thread == step.thread.index }
      guard let offer, order.offers(step, of: offer.choices) else { break }
      order.take(step)
      show(order, thread: step.thread.index)
    }
    if order.schedule.steps.count < schedule.steps.count {
      throw CommandFailure(reasonToStop(schedule, after: order.schedule.steps.count))
    }
    // Daemon threads that repeat go on although nobody else is left.
    let ending = order.ending()
    let goesOn = ending == nil || ending == .onlyDaemonsLeft
    let loopStart = goesOn ? schedule.loopStart : nil
    return finish(order, loopStart == nil ? ending : nil, repeatsFrom: loopStart)
  }

  private func initialStateCount() throws(CommandFailure) -> Int {
    switch machine.initialStateCount {
    case .success(let count): return count
    case .failure(let reached):
      let name = machine.program.variables.first { $0.initial == .anyInteger }?.name
      guard reached.limit == .symbolicValue, let name else {
        throw CommandFailure(LimitText(.machine(reached.limit), machine.program).plainReached)
      }
      throw CommandFailure(
        "`\(name)` begins with `any Int`: say where to begin, as in "
          + "--schedule \"initial:0,7 ...\""
      )
    }
  }

  /// Why a schedule cannot go on: the replay says it in full.
  private func reasonToStop(_ schedule: Schedule, after count: Int) -> String {
    var shortened = schedule
    shortened.loopStart = nil
    do throws(ReplayError) {
      _ = try Replayer(machine).replay(shortened)
      return "the schedule stops at step \(count + 1)"
    } catch {
      return error.description
    }
  }

  // MARK: Telling

  private mutating func show(_ order: OneOrder, thread: Int?) {
    for event in order.effects.events {
      switch event {
      case .printed(let text): if !showsSteps { surroundings.output(printable(text) + "\n") }
      case .raised(let text): if let thread { lastRaised[thread] = text }
      case .ended(byException: true):
        guard let thread, !showsSteps else { continue }
        let name = machine.program.instances[thread].name
        let text = printable(lastRaised[thread] ?? "")
        surroundings.note("\(name) is ended by an exception" + (text.isEmpty ? "" : ": \(text)"))
      default: continue
      }
    }
  }

  private func finish(
    _ order: OneOrder,
    _ ending: OneOrder.Ending?,
    origin: String? = nil,
    repeatsFrom: Int? = nil
  ) -> ExitStatus {
    let program = machine.program
    if showsSteps, let trace = replay(order.schedule, steps: order.schedule.steps.count) {
      surroundings.output(StepListing(trace: trace).text + "\n")
    }
    let findings = order.distinctFindings
    for (key, steps) in findings {
      guard let trace = replay(order.schedule, steps: steps) else { continue }
      let finding = Explainer(program).finding(key, trace: trace)
      let title = printable(finding.explanation.title)
      surroundings.output("\n\(title) [\(finding.kind.code)]\n")
      let story = printable(finding.explanation.story)
      for line in TextWrapping.wrap(story, columns: columns - 2) {
        surroundings.output("  \(line)\n")
      }
      surroundings.output("\n")
    }
    var sentence = sentence(ending, order)
    if let repeatsFrom { sentence += "; they repeat for ever from step \(repeatsFrom + 1) on" }
    surroundings.output(sentence + (origin.map { " (\($0))" } ?? "") + "\n")
    let hasError = findings.contains { $0.key.kind.severity == .error }
    if hasError || repeatsFrom != nil { return .unexpected }
    switch ending {
    case nil: return .inconclusive
    case .stopped(.limit)?: return .inconclusive
    default: return .asExpected
    }
  }

  private func replay(_ schedule: Schedule, steps: Int) -> Trace? {
    var prefix = schedule
    prefix.steps = Array(schedule.steps.prefix(steps))
    prefix.loopStart = nil
    return try? Replayer(machine).replay(prefix)
  }

  /// How the order ended, in one sentence.
  private func sentence(_ ending: OneOrder.Ending?, _ order: OneOrder) -> String {
    let count = order.schedule.steps.count
    let after = count == 1 ? "after 1 step" : "after \(count) steps"
    switch ending {
    case nil: return "stopped \(after): \(names(order.enabled().map(\.thread))) could go on"
    case .allEnded: return "every thread has ended \(after)"
    case .onlyDaemonsLeft: return "the program ends \(after), and its daemon threads with it"
    case .stuck: return "no thread can move \(after)"
    case .stopped(.excluded):
      return "an assumption does not hold \(after), so this order is of no interest"
    case .stopped(.limit(let limit)):
      let way =
        limit == .symbolicValue
        ? ": say which value it takes, as in --schedule \"... thread:7\"" : ""
      return "stopped \(after): \(LimitText(.machine(limit), machine.program).plainReached)\(way)"
    case .stopped: return "the run ends \(after)"
    }
  }

  private func names(_ threads: [Int]) -> String {
    let names = threads.map { machine.program.instances[$0].name }
    guard let last = names.last, names.count > 1 else { return names.first ?? "nobody" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
