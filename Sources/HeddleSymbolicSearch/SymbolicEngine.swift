public import HeddleChecking
public import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// The engine that answers with constraints: for `any Int`, and for many threads with long bodies.
///
/// The program is encoded as an event graph with a cut (``Encoder``), loops unrolled to a bound that grows as long as some run
/// needs more. A question without a model is answered for every order and every input, if the bound is enough and nothing
/// was left out. What cannot be encoded makes the answer incomplete as soon as a run can come to it, and is named.
///
/// A finding of a model is shown with the order of `tracer`, run on the model's inputs, if that gives a complete answer;
/// else with a canonical order of the constraints themselves, which depends on no seed.
public struct SymbolicEngine: Engine {
  /// The name `z3`.
  public let name = "z3"
  private let tracer: (any Engine)?
  private let workPerCheck: UInt32
  private let seed: UInt32

  /// The states a tracer may store for one run.
  static let tracerStates = 20_000
  /// How often a tracer may ask whether to go on, each time after a few thousand steps.
  static let tracerHearings = 150
  /// How often a loop is unrolled, one after the other, until it is enough.
  static let bounds = [2, 4, 8, 16]
  /// A loop is not unrolled further if that makes more steps than these.
  static let eventsWorthMoreRounds = 400
  /// Steps that are encoded at most.
  static let maximumEvents = 2_000

  /// Creates the engine.
  ///
  /// - Parameters:
  ///   - tracer: Finds the best orders of programs without symbolic inputs; `nil` to do without.
  ///   - workPerCheck: The work of one question in the solver's units, about a million in a second.
  ///   - seed: Where the solver starts; no answer depends on it.
  public init(tracer: (any Engine)? = nil, workPerCheck: UInt32 = 20_000_000, seed: UInt32 = 0) {
    self.tracer = tracer
    self.workPerCheck = workPerCheck
    self.seed = seed
  }

  /// Why the engine cannot answer in this build, and what to do about it; `nil` if it can.
  public static var whyNotAvailable: String? { Solver.whyNotAvailable }

  /// Whether a program has inputs that only this engine can try: `any Int`.
  public static func isNeeded(for program: Program) -> Bool {
    program.variables.contains { $0.initial == .anyInteger }
      || program.instructions.contains {
        if case .anyInteger = $0 { true } else { false }
      }
  }

  /// Answers a question.
  ///
  /// Equal questions get equal answers, unless time or memory runs out.
  ///
  /// - Complexity: quadratic to cubic in the number of encoded steps, and what the solver needs; bounded by `workPerCheck` for each question.
  public func answer(_ question: Question, supervisor: Supervisor) -> EngineAnswer {
    if let reason = Self.whyNotAvailable {
      return empty(EngineLimit(reason: reason, advice: "or use `--engine exhaustive`"))
    }
    var statistics = Statistics()
    do throws(SolverError) {
      let session = try unrolled(question, supervisor, &statistics)
      var answer = try session.answer()
      answer.statistics = statistics.adding(session)
      let uncounted = LimitReached.engine(
        EngineLimit(
          reason: "constraints do not count orders or states",
          advice: "use `--engine exhaustive`"
        )
      )
      if question.asksOdds { answer.odds = .gap(.stopped(uncounted)) }
      if question.surveysCoverage { answer.coverageLimit = uncounted }
      return answer
    } catch {
      let limit = EngineLimit(reason: error.description, advice: "make the scenario smaller")
      return empty(limit)
    }
  }

  private func empty(_ limit: EngineLimit) -> EngineAnswer {
    EngineAnswer(findings: [], limit: .engine(limit), statistics: Statistics())
  }

  /// The encoding with the smallest bound that is enough, or the largest there is.
  private func unrolled(
    _ question: Question,
    _ supervisor: Supervisor,
    _ statistics: inout Statistics
  ) throws(SolverError) -> SymbolicSession {
    var last: SymbolicSession?
    for bound in Self.bounds {
      let session = try SymbolicSession(
        question,
        bound: bound,
        maximumEvents: last == nil ? Self.maximumEvents : Self.eventsWorthMoreRounds,
        limits: Solver.Limits(
          workPerCheck: workPerCheck,
          memoryBytes: question.limits.memoryBytes,
          seed: seed
        ),
        tracer: tracer,
        supervisor
      )
      if let last, session.isTooLarge { return last }
      try session.begin()
      if !session.needsMoreRounds { return session }
      if let last { statistics.queries += last.queryCount }
      last = session
    }
    guard let last else { preconditionFailure("internal error: no bound at all") }
    return last
  }
}

extension Statistics {
  fileprivate func adding(_ session: SymbolicSession) -> Statistics {
    var sum = self
    sum.events = session.eventCount
    sum.queries += session.queryCount
    sum.peakMemoryBytes = session.peakMemoryBytes
    return sum
  }
}
