public import HeddleChecking
public import HeddleExhaustiveSearch
import HeddleSemantics

extension Scenario {
  /// Tries every order of the scenario's steps.
  ///
  /// - Parameters:
  ///   - options: What is asked.
  ///   - engine: Who answers.
  ///   - supervisor: Hears how far the search is, and may stop it.
  /// - Returns: The verdict and all different findings; `seconds` is 0, because nothing here asks a clock.
  /// - Throws: `InternalError` if the engine's findings do not stand up to replay: a mistake of Heddle's.
  public func verify(
    _ options: VerifyOptions = VerifyOptions(),
    engine: any Engine = ExhaustiveEngine(),
    supervisor: Supervisor = .none
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
    return try Checker(engine: engine).check(
      question,
      kinds: options.kinds.isEmpty ? nil : options.kinds,
      supervisor: supervisor
    )
  }
}
