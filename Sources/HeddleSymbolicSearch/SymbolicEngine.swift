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
  /// Constraints that are left out, and whether proofs are tried first.
  private let omitted: Set<ConstraintLabel>
  private let triesProofs: Bool

  /// The states a tracer may store for one run.
  static let tracerStates = 20_000
  /// How often a tracer may ask whether to go on, each time after a few thousand steps: less often where a step takes longer, because states are
  /// wide, and hopes are few, because threads are many.
  static func tracerHearings(_ program: Program) -> Int {
    let words = max(32, program.stateWords)
    return max(8, 150 * 32 * 32 / (words * words))
  }
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
  ///   - workPerCheck: The work of one question in the solver's units, some hundred million in a second.
  ///   - seed: Where the solver starts; no answer depends on it.
  public init(tracer: (any Engine)? = nil, workPerCheck: UInt32 = 800_000_000, seed: UInt32 = 0) {
    self.tracer = tracer
    self.workPerCheck = workPerCheck
    self.seed = seed
    omitted = []
    triesProofs = true
  }

  /// An engine without some constraints, and without proofs, to see what needs them.
  init(omitting omitted: Set<ConstraintLabel>, workPerCheck: UInt32) {
    tracer = nil
    self.workPerCheck = workPerCheck
    seed = 0
    self.omitted = omitted
    triesProofs = false
  }

  /// Why the engine cannot answer in this build, and what to do about it; `nil` if it can.
  public static var whyNotAvailable: String? { Solver.whyNotAvailable }

  /// Whether a program has inputs that only this engine can try: `any Int`.
  public static func isNeeded(for program: Program) -> Bool {
    !program.parameters.isEmpty || program.variables.contains { $0.initial == .anyInteger }
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
      return empty(EngineLimit(reason: reason, advice: Self.adviceWithoutSolver(question.program)))
    }
    var statistics = Statistics()
    do throws(SolverError) {
      if triesProofs, let answer = try proof(question, supervisor, &statistics) {
        return uncounted(answer, question)
      }
      return uncounted(try solved(question, supervisor, statistics), question)
    } catch {
      let limit = EngineLimit(reason: error.description, advice: "make the scenario smaller")
      return empty(limit)
    }
  }

  /// The answer, with why there is nothing that only enumeration can say.
  private func uncounted(_ answer: EngineAnswer, _ question: Question) -> EngineAnswer {
    var answer = answer
    let limit = LimitReached.engine(
      EngineLimit(
        reason: "constraints do not count orders or states",
        advice: "use `--engine exhaustive`"
      )
    )
    if question.countsOrders { answer.ordersLimit = limit }
    if question.asksOdds { answer.odds = .gap(.stopped(limit)) }
    if question.surveysCoverage { answer.coverageLimit = limit }
    return answer
  }

  /// The answer of an invariant that excludes all findings, if there is one.
  private func proof(
    _ question: Question,
    _ supervisor: Supervisor,
    _ statistics: inout Statistics
  ) throws(SolverError) -> EngineAnswer? {
    var attempt = ProofAttempt(question, limits: limits(question)) {
      supervisor.progress(.searching(steps: 0)) == .goOn
    }
    let result = try attempt.run()
    statistics.queries += attempt.queryCount
    guard case .proved(let proof) = result else {
      guard case .open(let open) = result else { return nil }
      if open.needsFairness {
        // Nothing is wrong but perhaps that somebody never ends, which no unrolling shows.
        let advice = "use strong fairness, or `--engine exhaustive`"
        return empty(EngineLimit(reason: "not proved: \(open.reason)", advice: advice))
      }
      guard !question.program.parameters.isEmpty else { return nil }
      // The program has a certain number of threads; only a proof says something about the others.
      return empty(
        EngineLimit(
          reason: "not proved for every number of threads: \(open.reason)",
          advice:
            "give the number, for example with `--set \(question.program.parameters[0].name)=8`"
        )
      )
    }
    statistics.events = attempt.stepCount
    statistics.peakMemoryBytes = Solver.bytesInUse
    var answer = EngineAnswer(findings: [], limit: nil, statistics: statistics)
    answer.proof = proof
    return uncounted(answer, question)
  }

  private func limits(_ question: Question) -> Solver.Limits {
    Solver.Limits(
      workPerCheck: workPerCheck,
      memoryBytes: question.limits.memoryBytes,
      seed: seed
    )
  }

  /// What can be done without a solver: no other engine tries all values of `any Int`.
  private static func adviceWithoutSolver(_ program: Program) -> String {
    isNeeded(for: program)
      ? "use a build with Z3, or choose from a small range instead of `any Int`, such as `any 0...7`"
      : "use a build with Z3, or `--engine exhaustive`"
  }

  private func empty(_ limit: EngineLimit) -> EngineAnswer {
    EngineAnswer(findings: [], limit: .engine(limit), statistics: Statistics())
  }

  /// The answer of the encoding with the smallest bound that is enough.
  ///
  /// Where none is, no answer is complete, and the first bound that shows an error is asked no further.
  private func solved(
    _ question: Question,
    _ supervisor: Supervisor,
    _ statistics: Statistics
  ) throws(SolverError) -> EngineAnswer {
    let sessions = try unrolled(question, supervisor)
    var statistics = statistics
    for session in sessions.dropLast() {
      var answer = try session.answer()
      statistics.queries += session.queryCount
      if answer.findings.contains(where: { $0.key.kind.severity == .error }) {
        answer.statistics = statistics.adding(session)
        answer.statistics.queries -= session.queryCount
        return answer
      }
    }
    var answer = try sessions[sessions.count - 1].answer()
    answer.statistics = statistics.adding(sessions[sessions.count - 1])
    return answer
  }

  /// The encoding with the smallest bound that is enough; if there is none, those with all bounds.
  private func unrolled(
    _ question: Question,
    _ supervisor: Supervisor
  ) throws(SolverError) -> [SymbolicSession] {
    var sessions: [SymbolicSession] = []
    for bound in Self.bounds {
      let session = try SymbolicSession(
        question,
        bound: bound,
        maximumEvents: sessions.isEmpty ? Self.maximumEvents : Self.eventsWorthMoreRounds,
        limits: limits(question),
        tracer: tracer,
        omitted: omitted,
        supervisor
      )
      if !sessions.isEmpty, session.isTooLarge { return sessions }
      try session.begin()
      if !session.needsMoreRounds { return [session] }
      sessions.append(session)
    }
    return sessions
  }
}

extension Progress {
  fileprivate static func searching(steps: Int) -> Progress {
    Progress(
      phase: .searching,
      states: steps,
      transitions: 0,
      frontier: 0,
      depth: 0,
      memoryBytes: Solver.bytesInUse,
      findings: 0
    )
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
