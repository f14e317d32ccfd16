import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// One order that is run before the user's eyes: what it prints, and how it ends.
struct ObservedRun {
  let machine: Machine
  let showsSteps: Bool
  let maximumSteps: Int
  let surroundings: Surroundings
  private var lastRaised: [Int: String] = [:]

  /// Prepares to run a program.
  init(machine: Machine, showsSteps: Bool, maximumSteps: Int, _ surroundings: Surroundings) {
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
      throw CommandFailure("there are only \(count) initial states, numbered from 0")
    }
    var order = OneOrder(machine, initialState: schedule.initialState)
    show(order, thread: nil)
    for step in schedule.steps {
      let offer = order.enabled().first { $0.thread == step.thread.index }
      guard let offer, step.choice < offer.choices else { break }
      order.take(step)
      show(order, thread: step.thread.index)
    }
    if order.schedule.steps.count < schedule.steps.count {
      throw CommandFailure(reasonToStop(schedule, after: order.schedule.steps.count))
    }
    return finish(order, order.ending(), origin: "the given schedule")
  }

  private func initialStateCount() throws(CommandFailure) -> Int {
    switch machine.initialStateCount {
    case .success(let count): return count
    case .failure:
      throw CommandFailure("a variable that starts with any value at all cannot be run")
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
    origin: String
  ) -> ExitStatus {
    let program = machine.program
    if showsSteps, let trace = replay(order.schedule, steps: order.schedule.steps.count) {
      surroundings.output(StepListing(trace: trace).text + "\n")
    }
    let errors = order.findings.filter { $0.key.kind.severity == .error }
    for (key, steps) in errors {
      guard let trace = replay(order.schedule, steps: steps) else { continue }
      let finding = Explainer(program).finding(key, trace: trace)
      surroundings.output("\(finding.explanation.title) [\(finding.kind.code)]\n")
      surroundings.output("  \(finding.explanation.story)\n")
    }
    let count = order.schedule.steps.count
    let steps = count == 1 ? "1 step" : "\(count) steps"
    surroundings.output("\(sentence(ending, order)) after \(steps) (\(origin))\n")
    if !errors.isEmpty { return .unexpected }
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

  private func sentence(_ ending: OneOrder.Ending?, _ order: OneOrder) -> String {
    switch ending {
    case nil: "stopped"
    case .allEnded: "every thread has ended"
    case .onlyDaemonsLeft: "only daemon threads are left, and end with the program,"
    case .stuck: "no thread can move"
    case .stopped(let outcome):
      switch outcome {
      case .assertionFailed, .misuse: "stopped by what went wrong"
      case .excluded: "an assumption does not hold: this order is of no interest,"
      case .limit: "stopped at a limit of the machine"
      case .completed: "stopped"
      }
    }
  }
}
