public import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// The explicit-state engine: it stores states, and judges all that it reaches.
///
/// Phases: orders with few preemptions are tried first, because most mistakes show up there; a breadth-first search finds all safety findings, with whatever
/// reductions are asked for and sound; if an endless run is possible, the endless runs are judged, in a graph of their own; then for each finding the
/// order with the fewest preemptions, and among those the fewest steps, is looked for on unmerged steps.
public struct ExhaustiveEngine: Engine {
  /// The name `exhaustive`.
  public let name = "exhaustive"

  /// Creates the engine; it has no state.
  public init() {}

  /// Answers a question.
  ///
  /// Equal questions get equal answers, whatever the machine's speed, unless time runs out.
  ///
  /// - Complexity: O(states x width) memory; O(transitions) steps, a few times that where endless runs are judged.
  public func answer(_ question: Question, supervisor: Supervisor) -> EngineAnswer {
    let judge = Judge(Machine(question.program, options: question.machineOptions))
    let strategies = Strategies(question, judge.machine)
    let watch = PhaseWatch(question.limits, supervisor)
    var selection = OrderSelection(question, judge, strategies, watch)
    if !strategies.isReference { selection.tryFewPreemptions() }
    var search = BreadthFirstSearch(
      judge,
      strategies.safety,
      limits: watch.remaining(selection.byteCount),
      crew: SearchCrew.Size(question),
      supervisor: supervisor
    )
    search.run()
    var answer = EngineAnswer(findings: [], limit: search.limit, statistics: search.statistics)
    answer.reductions = strategies.use(by: search)
    var keys = Set(search.found.sorted).union(selection.found)
    if search.limit == nil {
      keys.formUnion(Vacuity.findings(of: question.program, search.explorer.effects))
      let mayRunForEver = search.mayHaveCycle && strategies.mayRunForEver
      if mayRunForEver || question.countsOrders || question.asksOdds {
        let components = ComponentGraph(&search)
        if components.hasCycle {
          let endless = EndlessRuns(question, judge, strategies, watch)
          answer.limit = endless.judge(&search, components, &selection)
          keys.formUnion(selection.suspects)
        }
        if question.countsOrders { answer.orders = search.countOrders(components) }
        if question.asksOdds {
          answer.odds = search.odds(of: keys.sorted(), components, question.fairness, judge)
        }
      }
      if question.surveysCoverage { answer.coverage = CoverageSurvey(&search, judge).coverage }
    } else {
      if question.asksOdds { answer.odds = .gap(.searchIsIncomplete) }
      answer.explosion = Explosion(search)
    }
    answer.findings = selection.select(keys.sorted(), &search)
    answer.established.isCompleteButForEndlessRuns = search.limit == nil
    // The last two layers of steps may be incomplete; and where steps are put off, layers say nothing.
    if strategies.isReference { answer.established.steps = max(0, search.statistics.depth - 2) }
    if selection.exhaustedPreemptions >= 0 {
      answer.established.preemptions = selection.exhaustedPreemptions
    }
    return answer
  }
}

/// What of the limits is left for a phase, and what it tells the outer world.
struct PhaseWatch {
  /// The outer world is asked after so many single steps: a few milliseconds of work.
  static let stepsBetweenHearings = 4_096

  private let limits: Limits
  private let supervisor: Supervisor

  init(_ limits: Limits, _ supervisor: Supervisor) {
    self.limits = limits
    self.supervisor = supervisor
  }

  /// The limits of a search while so many bytes are in use elsewhere.
  func remaining(_ bytesInUse: Int) -> Limits {
    var rest = limits
    rest.memoryBytes = limits.memoryBytes.map { max(0, $0 - bytesInUse) }
    return rest
  }

  /// Whether a phase that is not the search itself may go on.
  func mayGoOn(_ phase: Progress.Phase, pairs: Int, bytes: Int) -> Bool {
    if let most = limits.memoryBytes, bytes > most { return false }
    let progress = Progress(
      phase: phase,
      states: pairs,
      transitions: 0,
      frontier: 0,
      depth: 0,
      memoryBytes: bytes,
      findings: 0
    )
    return supervisor.progress(progress) == .goOn
  }

  var searchSupervisor: Supervisor { supervisor }
}
