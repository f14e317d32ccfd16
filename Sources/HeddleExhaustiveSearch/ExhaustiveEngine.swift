import BigInt
public import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// The explicit-state engine: it stores every reachable state, and judges all of them.
///
/// Phases: a breadth-first search finds all states and safety findings; if a cycle is possible, the cycles are judged; then for each finding the
/// order with the fewest preemptions, and among those the fewest steps, is looked for in the stored states.
public struct ExhaustiveEngine: Engine {
  /// The name `exhaustive`.
  public let name = "exhaustive"

  /// Creates the engine; it has no state.
  public init() {}

  /// Answers a question.
  ///
  /// Equal questions get equal answers, whatever the machine's speed, unless time runs out.
  ///
  /// - Complexity: O(states x width) memory; O(transitions) steps, at most three times that where cycles are judged.
  public func answer(_ question: Question, supervisor: Supervisor) -> EngineAnswer {
    let machine = Machine(question.program, options: question.machineOptions)
    let judge = Judge(machine)
    var search = BreadthFirstSearch(
      question,
      machine: machine,
      judge: judge,
      supervisor: supervisor
    )
    search.run()
    var orders: BigInt?
    var liveness: LivenessPhase?
    var keys = search.found.sorted
    if search.limit == nil {
      keys += Vacuity.findings(of: question.program, search.explorer.effects)
      if search.mayHaveCycle || question.countsOrders {
        let components = ComponentGraph(&search)
        if components.isCyclic.contains(true) {
          let phase = LivenessPhase(
            &search,
            components,
            fairness: question.fairness,
            judge: judge
          )
          keys += phase.suspects.keys.filter { !keys.contains($0) }
          liveness = phase
        }
        if question.countsOrders { orders = search.countOrders(components) }
      }
    }
    let results = OrderSelection(question, judge, supervisor, liveness).select(
      keys.sorted(),
      &search
    )
    return EngineAnswer(
      findings: results,
      limit: search.limit,
      statistics: search.statistics,
      orders: orders
    )
  }
}
