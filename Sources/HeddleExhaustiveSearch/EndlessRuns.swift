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

  /// Judges the endless runs of a program of which a search has found that there are some.
  ///
  /// - Returns: The limit that was reached, `nil` if all endless runs were judged.
  func judge(
    _ search: inout BreadthFirstSearch,
    _ components: ComponentGraph,
    _ selection: inout OrderSelection
  ) -> LimitReached? {
    if strategies.isReference {
      judge(&search, components, isPlain: true, &selection)
      return nil
    }
    let bytes = search.byteCount + selection.byteCount
    var limits = watch.remaining(bytes)
    if strategies.endless != nil {
      let most = question.limits.states ?? Int.max
      limits.states = min(most, max(question.smallGraph ?? Self.smallGraph, 2 * search.store.count))
    }
    var plain = makeSearch(.plain, limits)
    plain.run()
    if case .states? = plain.limit, let strategy = strategies.endless {
      var merged = makeSearch(strategy, watch.remaining(bytes + plain.byteCount))
      merged.run()
      return judge(complete: &merged, isPlain: false, &selection)
    }
    return judge(complete: &plain, isPlain: true, &selection)
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

  private func judge(
    complete search: inout BreadthFirstSearch,
    isPlain: Bool,
    _ selection: inout OrderSelection
  ) -> LimitReached? {
    guard search.limit == nil else { return search.limit }
    let components = ComponentGraph(&search)
    judge(&search, components, isPlain: isPlain, &selection)
    return nil
  }

  private func judge(
    _ search: inout BreadthFirstSearch,
    _ components: ComponentGraph,
    isPlain: Bool,
    _ selection: inout OrderSelection
  ) {
    let phase = LivenessPhase(
      &search,
      components,
      fairness: question.fairness,
      judge: judge
    )
    selection.findEndless(phase, isPlain: isPlain, &search)
  }
}
