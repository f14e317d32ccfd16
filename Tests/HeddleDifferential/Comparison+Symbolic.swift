import HeddleChecking
import HeddleNaiveChecker
import HeddleProgram
import HeddleSemantics
import HeddleSymbolicSearch

// The engine of constraints against the naive checker.

extension Comparison {
  /// The kinds about which constraints on finite runs say nothing.
  private static let liveness: Set<FindingKind> = [.neverTerminates, .blockedForever]
  /// The solver's work for one question; what takes more is left open.
  private static let workPerCheck: UInt32 = 12_000_000

  /// The memory for one scenario; where it is not enough, the answer is incomplete.
  private static let memory = 1 << 30

  /// What constraints say differently; empty if they agree as far as they answer.
  ///
  /// - Parameters:
  ///   - naive: What the naive checker says; every state was visited.
  ///   - program: The scenario, or one that means the same with inputs for choices.
  ///   - options: Details of the meaning.
  /// - Returns: The differences, and whether the answer is complete.
  static func symbolicDisagreements(
    with naive: NaiveResult,
    _ program: Program,
    _ options: MachineOptions
  ) -> (disagreements: [Disagreement], isComplete: Bool) {
    var question = Question(program, machineOptions: options)
    question.limits.memoryBytes = memory
    let answer = SymbolicEngine(workPerCheck: workPerCheck).answer(question, supervisor: .none)
    var result: [Disagreement] = []
    func note(_ kind: Disagreement.Kind, _ detail: String) {
      result.append(Disagreement(kind: kind, variant: "z3", detail: detail))
    }
    var ours: [String: FindingKind] = [:]
    for finding in answer.findings where !liveness.contains(finding.key.kind) {
      ours["\(finding.key.kind.rawValue) on \(finding.key.subject(in: program))"] = finding.key.kind
    }
    var theirs: [String: FindingKind] = [:]
    for finding in naive.findings where !liveness.contains(finding.kind) {
      theirs["\(finding.kind.rawValue) on \(finding.subject)"] = finding.kind
    }
    for (name, kind) in ours.sorted(by: { $0.key < $1.key }) where theirs[name] == nil {
      note(.onlyEngine(kind), "only the engine: \(name)")
    }
    if answer.limit == nil {
      for (name, kind) in theirs.sorted(by: { $0.key < $1.key }) where ours[name] == nil {
        note(.onlyNaive(kind), "only the naive checker: \(name)")
      }
    }
    do throws(InternalError) {
      _ = try Checker(engine: AnsweredEngine(given: answer)).check(question)
    } catch {
      note(.evidence, "evidence: \(error)")
    }
    return (result, answer.limit == nil)
  }
}
