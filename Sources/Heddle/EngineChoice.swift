public import HeddleChecking
import HeddleExhaustiveSearch
import HeddleSymbolicSearch

/// Which engine answers.
public enum EngineChoice: Sendable, Hashable {
  /// Every reachable state is stored.
  case exhaustive
  /// Constraints, solved by Z3.
  case symbolic
  /// Both, and they have to agree.
  case both
}

extension Scenario {
  /// Why Z3 cannot answer in this build, and what to do about it; `nil` if it can.
  public static var whySymbolicIsMissing: String? { SymbolicEngine.whyNotAvailable }

  /// Tries every order of the scenario's steps with the engine that is asked for, or that fits.
  ///
  /// - Parameters:
  ///   - options: What is asked.
  ///   - choice: Who answers; `nil` for Z3 if there are inputs that cannot be enumerated, else the exhaustive engine.
  ///   - supervisor: Hears how far the search is, and may stop it.
  /// - Returns: The verdict and all different findings; its `engineReason` says why if Z3 was not asked for.
  /// - Throws: `InternalError` if findings do not stand up to replay, or the engines do not agree: a mistake of Heddle's.
  public func verify(
    _ options: VerifyOptions = VerifyOptions(),
    choice: EngineChoice?,
    supervisor: Supervisor = .none
  ) throws(InternalError) -> CheckResult {
    let (exhaustive, symbolic) = (ExhaustiveEngine(), Self.symbolicEngine)
    switch choice {
    case .exhaustive: return try verify(options, engine: exhaustive, supervisor: supervisor)
    case .symbolic: return try verify(options, engine: symbolic, supervisor: supervisor)
    case .both:
      let enumerated = try verify(options, engine: exhaustive, supervisor: supervisor)
      let solved = try verify(options, engine: symbolic, supervisor: supervisor)
      return try EngineAgreement(enumerated, solved).result()
    case nil: return try verify(options, supervisor: supervisor)
    }
  }
}

/// Two engines' results for one scenario.
struct EngineAgreement {
  private let enumerated: CheckResult
  private let solved: CheckResult

  init(_ enumerated: CheckResult, _ solved: CheckResult) {
    self.enumerated = enumerated
    self.solved = solved
  }

  /// The one that says more, if they do not contradict each other.
  ///
  /// Where one of them is complete, the other must have no finding beyond; endless runs are the exhaustive engine's alone.
  func result() throws(InternalError) -> CheckResult {
    try compare(complete: enumerated, other: solved)
    try compare(complete: solved, other: enumerated)
    if enumerated.limit == nil { return enumerated }
    return solved.limit == nil || enumerated.findings.isEmpty ? solved : enumerated
  }

  private func compare(complete: CheckResult, other: CheckResult) throws(InternalError) {
    guard complete.limit == nil else { return }
    let known = keys(complete)
    guard keys(other).contains(where: { !known.contains($0) }) else { return }
    let sides = [enumerated, solved].map { side in
      let names = keys(side).sorted().map {
        "\($0.kind.rawValue) on \($0.subject(in: side.program))"
      }
      let findings = names.isEmpty ? "nothing" : names.joined(separator: ", ")
      return "\(side.engine) finds \(findings)\(side.limit == nil ? "" : " (not complete)")"
    }
    throw InternalError(
      description: "the engines do not agree on \(complete.program.name): "
        + sides.joined(separator: "; ")
    )
  }

  private func keys(_ result: CheckResult) -> [FindingKey] {
    result.findings.flatMap { [$0.key] + $0.consequences.map(\.key) }
  }
}
