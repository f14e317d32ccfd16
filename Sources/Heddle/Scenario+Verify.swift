public import HeddleChecking
import HeddleExhaustiveSearch
import HeddleSemantics
import HeddleSymbolicSearch

extension Scenario {
  /// Tries every order of the scenario's steps.
  ///
  /// - Parameters:
  ///   - options: What is asked.
  ///   - engine: Who answers; `nil` for Z3 if there are inputs that cannot be enumerated (`any Int`), else the exhaustive engine.
  ///   - supervisor: Hears how far the search is, and may stop it.
  /// - Returns: The verdict and all different findings; `seconds` is `nil`, because nothing here asks a clock.
  /// - Throws: `InternalError` if the engine's findings do not stand up to replay: a mistake of Heddle's.
  public func verify(
    _ options: VerifyOptions = VerifyOptions(),
    engine: (any Engine)? = nil,
    supervisor: Supervisor = .none
  ) throws(InternalError) -> CheckResult {
    guard program.parameters.isEmpty else {
      return try EveryNumber(self, options, engine, supervisor).result()
    }
    let needsConstraints = engine == nil && SymbolicEngine.isNeeded(for: program)
    let fitting: any Engine = needsConstraints ? Self.symbolicEngine : ExhaustiveEngine()
    var result = try ask(engine ?? fitting, options, supervisor)
    if needsConstraints, SymbolicEngine.whyNotAvailable == nil {
      result.engineReason = "symbolic inputs: Z3"
    }
    return result
  }

  /// Puts the question to an engine.
  func ask(
    _ engine: any Engine,
    _ options: VerifyOptions,
    _ supervisor: Supervisor
  ) throws(InternalError) -> CheckResult {
    var question = Question(
      program,
      machineOptions: MachineOptions(
        maximumQueueLength: options.maximumQueueLength,
        allowsSpuriousWakeups: options.allowsSpuriousWakeups
      ),
      fairness: options.fairness,
      limits: options.limits,
      countsOrders: options.countsOrders
    )
    question.reductions = options.reductions
    question.cores = options.cores
    question.provesShortest = options.provesShortest
    question.asksOdds = options.asksOdds
    question.surveysCoverage = options.surveysCoverage
    question.kinds = options.kinds
    return try Checker(engine: engine).check(
      question,
      kinds: options.kinds.isEmpty ? nil : options.kinds,
      supervisor: supervisor
    )
  }

  /// The engine of constraints, with orders that are as good as those of the exhaustive engine where that can find them.
  static var symbolicEngine: any Engine { SymbolicEngine(tracer: ExhaustiveEngine()) }
}
