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
    let watch = PhaseWatch(question.limits, supervisor)
    var hearing = PhaseHearing(watch, .preparing, states: 0, bytes: 0)
    guard hearing.mayGoOnNow(), let strategies = Strategies(question, judge.machine, &hearing)
    else {
      var answer = EngineAnswer(findings: [], limit: hearing.limit, statistics: Statistics())
      if question.asksOdds { answer.odds = .gap(.searchIsIncomplete) }
      return answer
    }
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
    let limit = watch.asAsked(search.limit)
    var answer = EngineAnswer(findings: [], limit: limit, statistics: search.statistics)
    answer.reductions = strategies.use(by: search)
    var keys = Set(search.found.sorted).union(selection.found)
    if search.limit == nil {
      keys.formUnion(
        Vacuity.findings(
          of: question.program,
          covered: search.explorer.effects.covered,
          passedClaims: search.explorer.effects.passedClaims
        )
      )
      let judged = judgeGraph(question, judge, strategies, watch, &search, &selection)
      answer.limit = judged.limit
      answer.explosion = judged.judgement.explosion
      keys.formUnion(selection.suspects)
      answer.findings = selection.select(keys.sorted(), &search)
      // The verdict stands: what follows may stop at any limit.
      let survey = GraphSurvey(
        question,
        judge,
        watch,
        bytes: search.byteCount + selection.byteCount
      )
      survey.run(&search, judged, keys.sorted(), &answer)
    } else {
      answer.explosion = Explosion(search)
      if question.asksOdds { answer.odds = .gap(.searchIsIncomplete) }
      answer.findings = selection.select(keys.sorted(), &search)
    }
    answer.established.isCompleteButForEndlessRuns = search.limit == nil
    // The last two layers of steps may be incomplete; and where steps are put off, layers say nothing.
    if strategies.isReference { answer.established.steps = max(0, search.statistics.depth - 2) }
    if selection.exhaustedPreemptions >= 0 {
      answer.established.preemptions = selection.exhaustedPreemptions
    }
    return answer
  }

  /// Finds the cycles of a complete graph where that is asked for, and judges the endless runs.
  private func judgeGraph(
    _ question: Question,
    _ judge: Judge,
    _ strategies: Strategies,
    _ watch: PhaseWatch,
    _ search: inout BreadthFirstSearch,
    _ selection: inout OrderSelection
  ) -> JudgedGraph {
    var judged = JudgedGraph()
    let mayRunForEver = search.mayHaveCycle && strategies.mayRunForEver
    guard mayRunForEver || question.countsOrders || question.asksOdds else { return judged }
    let bytes = search.byteCount + selection.byteCount
    var hearing = PhaseHearing(watch, .judgingCycles, states: search.store.count, bytes: bytes)
    let components = ComponentGraph(&search, &hearing)
    judged.stop = hearing.limit
    // Where no run can go on for ever, the verdict does not depend on the graph.
    if mayRunForEver { judged.limit = hearing.limit }
    guard hearing.limit == nil else { return judged }
    judged.components = components
    guard components.hasCycle else { return judged }
    let endless = EndlessRuns(question, judge, strategies, watch)
    judged.judgement = endless.judge(&search, components, &selection)
    judged.limit = judged.judgement.limit
    judged.stop = judged.limit
    return judged
  }
}

/// The stored graph with what its endless runs show.
struct JudgedGraph {
  /// The components; `nil` if nobody asked, or finding them had to stop.
  var components: ComponentGraph?
  var judgement = EndlessRuns.Judgement()
  /// The limit that leaves the verdict incomplete.
  var limit: LimitReached?
  /// The limit that leaves the graph, or what its endless runs show, incomplete.
  var stop: LimitReached?
}
