import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Judges endless runs in a graph that shows them as they are.
///
/// The plain graph is best: in it the best orders are exact. Where it is much larger than what the search needed, steps are merged, which strong fairness
/// allows.
struct EndlessRuns {
  private let question: Question
  private let judge: Judge
  private let strategies: Strategies
  private let watch: PhaseWatch

  /// A plain graph of so many states is small, whatever the search needed.
  static let smallGraph = 100_000

  init(
    _ question: Question,
    _ judge: Judge,
    _ strategies: Strategies,
    _ watch: PhaseWatch
  ) {
    self.question = question
    self.judge = judge
    self.strategies = strategies
    self.watch = watch
  }

  /// What came of it.
  struct Judgement {
    /// The limit that was reached, `nil` if all endless runs were judged.
    var limit: LimitReached?
    /// What makes the states so many, if a limit was reached for that.
    var explosion: Explosion?
    /// The stored states that show a finding by being reached, if the graph is that of the search itself.
    var goals: [FindingKey: [Int]] = [:]
  }

  /// Judges the endless runs of a program of which a search has found that there are some.
  func judge(
    _ search: inout BreadthFirstSearch,
    _ components: ComponentGraph,
    _ selection: inout OrderSelection
  ) -> Judgement {
    let bytes = search.byteCount + selection.byteCount
    if strategies.isReference {
      var hearing = makeHearing(search, bytes)
      return judge(&search, components, isPlain: true, &selection, &hearing)
    }
    var limits = watch.remaining(bytes)
    if strategies.endless != nil {
      let most = question.limits.states ?? Int.max
      limits.states = min(most, max(question.smallGraph ?? Self.smallGraph, 2 * search.store.count))
    }
    var plain = makeSearch(.plain, limits)
    plain.run()
    if case .states? = plain.limit, let strategy = strategies.endless {
      let bytes = bytes + plain.byteCount
      var merged = makeSearch(strategy, watch.remaining(bytes))
      merged.run()
      return judge(complete: &merged, isPlain: false, &selection, bytes)
    }
    return judge(complete: &plain, isPlain: true, &selection, bytes)
  }

  private func makeSearch(_ strategy: SearchStrategy, _ limits: Limits) -> BreadthFirstSearch {
    BreadthFirstSearch(
      judge,
      strategy,
      limits: limits,
      crew: SearchCrew.Size(question),
      supervisor: watch.searchSupervisor
    )
  }

  private func makeHearing(_ search: borrowing BreadthFirstSearch, _ bytes: Int) -> PhaseHearing {
    PhaseHearing(watch, .judgingCycles, states: search.store.count, bytes: bytes)
  }

  private func judge(
    complete search: inout BreadthFirstSearch,
    isPlain: Bool,
    _ selection: inout OrderSelection,
    _ bytes: Int
  ) -> Judgement {
    guard search.limit == nil else {
      return Judgement(limit: watch.asAsked(search.limit), explosion: Explosion(search))
    }
    var hearing = makeHearing(search, bytes + search.byteCount)
    let components = ComponentGraph(&search, &hearing)
    guard hearing.limit == nil else { return Judgement(limit: hearing.limit) }
    var judgement = judge(&search, components, isPlain: isPlain, &selection, &hearing)
    // Its states are not those of the search that goes on.
    judgement.goals = [:]
    return judgement
  }

  private func judge(
    _ search: inout BreadthFirstSearch,
    _ components: ComponentGraph,
    isPlain: Bool,
    _ selection: inout OrderSelection,
    _ hearing: inout PhaseHearing
  ) -> Judgement {
    let phase = LivenessPhase(
      &search,
      components,
      fairness: question.fairness,
      judge: judge,
      &hearing
    )
    guard hearing.limit == nil else { return Judgement(limit: hearing.limit) }
    selection.findEndless(phase, isPlain: isPlain, &search, &hearing)
    return Judgement(limit: hearing.limit, goals: phase.suspects.mapValues(\.goals))
  }
}
