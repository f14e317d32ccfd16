import HeddleChecking
import HeddleDiagnostics
import HeddleExhaustiveSearch
import HeddleLanguage
import HeddleProgram
import HeddleSymbolicSearch
import Synchronization
import Testing

/// Whether this build has libz3; without it there is nothing to test.
let hasSolver = SymbolicEngine.whyNotAvailable == nil

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

/// The kinds of findings that only endless runs show, about which constraints say nothing.
private let liveness: Set<FindingKind> = [.neverTerminates, .blockedForever]

/// What one engine says about a program, as comparable text.
struct Opinion {
  var findings: Set<String> = []
  /// Those that are told with a lost update.
  var consequences: Set<String> = []
  /// Why the answer is not complete.
  var limit: String?

  init(_ answer: EngineAnswer, _ program: Program) {
    limit = answer.limit.map { "\($0)" }
    for finding in answer.findings where !liveness.contains(finding.key.kind) {
      let text = "\(finding.key.kind.rawValue) \(finding.key.subject(in: program))"
      findings.insert(text)
      if finding.cause != nil { consequences.insert(text) }
    }
  }
}

/// How the symbolic engine differs from the exhaustive one on a scenario, or on one that means the same.
///
/// Empty if they agree as far as both are complete. Every order that the symbolic engine finds by itself is replayed.
func differences(
  _ text: String,
  from enumerated: String? = nil,
  seed: UInt32 = 0,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> (differences: [String], isComplete: Bool, limit: String?) {
  let program = try program(text, sourceLocation: sourceLocation)
  let question = Question(program, limits: Limits(states: 100_000))
  let other = try HeddleSymbolicSearchTests.program(enumerated ?? text)
  let enumeration = Question(other, limits: Limits(states: 100_000))
  // An enumeration that takes too many steps is not waited for.
  let hearings = Mutex(0)
  let supervisor = Supervisor { _ in
    hearings.withLock {
      $0 += 1; return $0 > 2_000
    } ? .interrupted : .goOn
  }
  let exhaustive = Opinion(ExhaustiveEngine().answer(enumeration, supervisor: supervisor), other)
  let engine = SymbolicEngine(workPerCheck: 12_000_000, seed: seed)
  let answer = engine.answer(question, supervisor: .none)
  let symbolic = Opinion(answer, program)
  // Throws if an order does not replay, or does not show its finding.
  _ = try Checker(engine: Recorded(answer: answer)).check(question)
  guard exhaustive.limit == nil else { return ([], false, exhaustive.limit) }
  var result = symbolic.findings.subtracting(exhaustive.findings).sorted().map { "only z3: \($0)" }
  // Where Z3 gives up on the question, a claim stands by itself.
  result += symbolic.consequences.subtracting(exhaustive.consequences).sorted().map {
    "no consequence of a lost update: \($0)"
  }
  if symbolic.limit == nil {
    let missing = exhaustive.findings.subtracting(symbolic.findings).sorted()
    result += missing.map { "only exhaustive: \($0)" }
  }
  return (result, symbolic.limit == nil, symbolic.limit)
}

/// An engine that says what another one has said.
struct Recorded: Engine {
  let name = "z3"
  let answer: EngineAnswer
  func answer(_ question: Question, supervisor: Supervisor) -> EngineAnswer { answer }
}
