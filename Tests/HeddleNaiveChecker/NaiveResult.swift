public import BigInt
public import HeddleProgram

/// Something that is wrong with a scenario.
public struct NaiveFinding: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// What is wrong.
  public let kind: FindingKind
  /// With what: the text that `expect … on` would name.
  public let subject: String
  /// For an assertion or invariant, its number in the program.
  public let claim: Int?
  /// Whether it is only a consequence of another finding.
  public let isFolded: Bool
  /// The least number of preemptions that it takes to get there; `nil` for findings about infinite runs.
  public let preemptions: Int?
  /// The least number of steps with that many preemptions.
  public let steps: Int?

  /// For messages, for example `lost-update balance (1 preemption, 4 steps)`.
  public var description: String {
    var text = "\(kind.rawValue) \(subject)"
    if let preemptions, let steps { text += " (\(preemptions) preemptions, \(steps) steps)" }
    return isFolded ? text + " folded" : text
  }

  /// Orders by kind, subject and claim.
  public static func < (left: NaiveFinding, right: NaiveFinding) -> Bool {
    (left.kind, left.subject, left.claim ?? -1) < (right.kind, right.subject, right.claim ?? -1)
  }
}

/// What the naive checker says about a scenario.
public struct NaiveResult: Sendable {
  /// In one word.
  public enum Verdict: Sendable, Hashable { case pass, fail, inconclusive }

  /// Everything that is wrong, the folded findings too, sorted.
  public let findings: [NaiveFinding]
  /// What grew too large, sorted; empty if every state was visited.
  public let limits: [String]
  /// How many states there are; values of registers that nobody reads any more count.
  public let states: Int
  /// How many steps lead from a state, those that end the run included.
  public let transitions: Int
  /// How many complete runs there are; `nil` if infinitely many, or if a limit was reached.
  public let orders: BigInt?
  /// The instructions that some step has carried out, by their positions.
  public let executed: Set<Int>

  /// Whether there is an error, and if not, whether every state was visited.
  public var verdict: Verdict {
    if findings.contains(where: { $0.kind.severity == .error }) { return .fail }
    return limits.isEmpty ? .pass : .inconclusive
  }

  /// Whether the `expect` lines of the scenario are met, and nothing else is wrong.
  public func meets(_ expectations: [Expectation]) -> Bool {
    if expectations.isEmpty { return verdict == .pass }
    func matches(_ expectation: Expectation, _ finding: NaiveFinding) -> Bool {
      guard case .finding(finding.kind, let subjects) = expectation.outcome else { return false }
      return subjects.isEmpty || subjects.contains(finding.subject)
        || subjects.sorted().joined(separator: ", ") == finding.subject
    }
    let isEveryLineMatched = expectations.allSatisfy { expectation in
      switch expectation.outcome {
      case .pass: verdict == .pass
      case .inconclusive: verdict == .inconclusive
      case .finding: findings.contains { matches(expectation, $0) }
      }
    }
    let isEveryErrorMatched = findings.allSatisfy { finding in
      finding.isFolded || finding.kind.severity == .warning
        || expectations.contains { matches($0, finding) }
    }
    return isEveryLineMatched && isEveryErrorMatched
  }
}
