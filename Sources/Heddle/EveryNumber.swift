import HeddleChecking
import HeddleExhaustiveSearch
import HeddleLanguage
import HeddleProgram
import HeddleSymbolicSearch

/// Verifies a scenario with a constant that stands for every number of threads.
///
/// Small numbers are tried one after the other, so that a mistake is shown with as few threads as it takes; one that is expected
/// does not keep larger numbers from being tried for others. A proof for all numbers is asked for if none shows up; without one,
/// the answer says up to which number it is proved.
struct EveryNumber {
  private let scenario: Scenario
  private let options: VerifyOptions
  private let engine: (any Engine)?
  private let supervisor: Supervisor

  /// How many numbers are tried, from the least one on.
  private static let tries = 4
  /// States stored for one of them, if the limit is not lower.
  private static let statesPerTry = 200_000

  init(
    _ scenario: Scenario,
    _ options: VerifyOptions,
    _ engine: (any Engine)?,
    _ supervisor: Supervisor
  ) {
    self.scenario = scenario
    self.options = options
    self.engine = engine
    self.supervisor = supervisor
  }

  /// Why a mistake that some number shows is not all there may be.
  private static let larger = EngineLimit(
    reason: "not every number of threads was tried",
    advice: "mend what is shown, and every number can be proved"
  )

  private var parameters: [ThreadParameter] { scenario.program.parameters }

  func result() throws(InternalError) -> CheckResult {
    var proved: Int?
    var small = options
    small.limits.states = min(options.limits.states ?? Self.statesPerTry, Self.statesPerTry)
    var last: CheckResult?
    var shown: CheckResult?
    for offset in 0..<Self.tries {
      guard let instance = instance(offset) else { break }
      var result = try instance.verify(small, engine: engine, supervisor: supervisor)
      if result.limit == .interrupted { shown?.limit = .interrupted }
      if !result.errors.isEmpty {
        result.engineReason = "any number of threads: shown with \(names(offset))"
        let isComplete = result.limit == nil
        if isComplete { result.limit = .engine(Self.larger) }
        guard result.unexpectedErrors.isEmpty else { return result }
        // The first number that shows everything that is expected.
        if shown?.isExpected != true { shown = result }
        guard isComplete else { break }
        continue
      }
      last = result
      guard result.limit == nil else { break }
      proved = offset
    }
    if let shown { return shown }
    if let last, last.limit == .interrupted { return last }
    let usesSolver = engine.map { $0.name == Scenario.symbolicEngine.name } ?? true
    let prover: any Engine = usesSolver ? Scenario.symbolicEngine : NoProof()
    var result = try scenario.ask(prover, options, supervisor)
    if result.limit == nil { result.engineReason = "any number of threads: Z3" }
    if let proved {
      // Several numbers are raised together; no other pairs of them were tried.
      let range = parameters.count == 1 ? "up to" : "from \(names(0)), all raised together, up to"
      result.established.part = "every order passes \(range) \(names(proved))"
    }
    return result
  }

  /// The scenario with fixed numbers; `nil` if it has no more threads than can be.
  private func instance(_ offset: Int) -> Scenario? {
    var constants = scenario.constants
    for parameter in parameters { constants[parameter.name] = parameter.minimum + offset }
    return try? Scenario(scenario.program.source, constants)
  }

  private func names(_ offset: Int) -> String {
    parameters.map { "`\($0.name)` = \($0.minimum + offset)" }.joined(separator: ", ")
  }
}

/// What answers for every number of threads where only states may be enumerated.
private struct NoProof: Engine {
  let name = "exhaustive"
  func answer(_ question: Question, supervisor: Supervisor) -> EngineAnswer {
    let limit = EngineLimit(
      reason: "not every number of threads can be tried, and only Z3 proves something for all",
      advice: "use `--engine z3`"
    )
    return EngineAnswer(findings: [], limit: .engine(limit), statistics: Statistics())
  }
}
