import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// What is asked for beside the verdict, of a complete search: the number of orders, odds, coverage.
///
/// Each stops where the limits of the question stop it, and leaves its reason; the verdict does not depend on it.
struct GraphSurvey {
  private let question: Question
  private let judge: Judge
  private let watch: PhaseWatch
  private let bytes: Int

  /// `bytes` are in use by what came before.
  init(_ question: Question, _ judge: Judge, _ watch: PhaseWatch, bytes: Int) {
    self.question = question
    self.judge = judge
    self.watch = watch
    self.bytes = bytes
  }

  /// Adds to an answer what was asked for.
  func run(
    _ search: inout BreadthFirstSearch,
    _ judged: JudgedGraph,
    _ keys: [FindingKey],
    _ answer: inout EngineAnswer
  ) {
    if question.countsOrders { countOrders(&search, judged, &answer) }
    if question.asksOdds { answer.odds = odds(&search, judged, keys) }
    if question.surveysCoverage {
      var hearing = hearing(.surveying, search)
      let survey = CoverageSurvey(&search, judge, &hearing)
      answer.coverageLimit = hearing.limit
      if hearing.limit == nil { answer.coverage = survey.coverage }
    }
  }

  private func hearing(
    _ phase: Progress.Phase,
    _ search: borrowing BreadthFirstSearch
  ) -> PhaseHearing {
    PhaseHearing(watch, phase, states: search.store.count, bytes: bytes)
  }

  private func countOrders(
    _ search: inout BreadthFirstSearch,
    _ judged: JudgedGraph,
    _ answer: inout EngineAnswer
  ) {
    guard let components = judged.components else {
      answer.ordersLimit = judged.stop
      return
    }
    var hearing = hearing(.countingOrders, search)
    answer.orders = search.countOrders(components, &hearing)
    answer.ordersLimit = hearing.limit
  }

  private func odds(
    _ search: inout BreadthFirstSearch,
    _ judged: JudgedGraph,
    _ keys: [FindingKey]
  ) -> OddsAnswer {
    if let stop = judged.stop { return .gap(.stopped(stop)) }
    guard let components = judged.components else { return .gap(.searchIsIncomplete) }
    var goals: [Int: [FindingKey]] = [:]
    for (key, states) in judged.judgement.goals {
      for state in states { goals[state, default: []].append(key) }
    }
    var hearing = hearing(.weighingOrders, search)
    // A dictionary that is half full, with an array for each state.
    hearing.bytes = components.byteCount + goals.count * 12 * MemoryLayout<Int>.stride
    return search.odds(of: keys, components, goals, judge, &hearing)
  }
}
