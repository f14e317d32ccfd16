import HeddleChecking
import HeddleDiagnostics
import HeddleExhaustiveSearch
import HeddleLanguage
import HeddleProgram
import Testing

/// Loads a scenario that must be free of errors.
func program(
  _ text: String,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> Program {
  let result = Frontend.load(SourceFile(name: "test.heddle", text: text))
  return try #require(
    result.program,
    "\(result.diagnostics.map(\.message))",
    sourceLocation: sourceLocation
  )
}

/// What the engine answers about a scenario.
func answer(
  _ text: String,
  fairness: Fairness = .strong,
  limits: Limits = Limits(),
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> EngineAnswer {
  var question = Question(
    try program(text, sourceLocation: sourceLocation),
    fairness: fairness,
    limits: limits,
    countsOrders: true
  )
  question.reductions = []
  return ExhaustiveEngine().answer(question, supervisor: .none)
}

/// The findings of a scenario that are no consequences, as `kind subject`, ascending by code.
func findings(
  _ text: String,
  fairness: Fairness = .strong,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> [String] {
  let program = try program(text, sourceLocation: sourceLocation)
  let result = try Checker(engine: ExhaustiveEngine()).check(
    Question(program, fairness: fairness)
  )
  return result.findings.map { "\($0.kind.rawValue) \($0.subject)" }
}
