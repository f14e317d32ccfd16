import HeddleDiagnostics
public import HeddleProgram

/// Compares what was found with what a scenario's `expect` lines say.
///
/// Every error that is no consequence must be expected; every line must be met, by a finding of any severity or by a consequence. Without
/// lines the scenario is expected to pass.
struct ExpectationCheck {
  private let program: Program

  init(_ program: Program) { self.program = program }

  /// What differs, as sentences; empty if all is as expected.
  ///
  /// Lines about kinds that were not asked for are not checked.
  ///
  /// - Parameters:
  ///   - verdict: The verdict.
  ///   - isComplete: Whether all orders were covered: else what was not found may be there all the same.
  ///   - findings: What was found, of the kinds that were asked for.
  ///   - causes: By finding, what causes it, for findings that stand alone because nobody asked for the cause.
  ///   - kinds: The kinds that were asked for; `nil` for all.
  /// - Returns: Sentences without a full stop.
  func surprises(
    verdict: Verdict,
    isComplete: Bool,
    findings: [Finding],
    causes: [FindingKey: FindingKey],
    kinds: Set<FindingKind>?
  ) -> [String] {
    var lines = program.expectations.filter { line in
      if case .finding(let kind, _) = line.outcome { kinds?.contains(kind) ?? true } else { true }
    }
    if lines.isEmpty {
      lines = [Expectation(outcome: .pass, span: SourceSpan(start: 0, end: 0))]
    }
    var surprises: [String] = []
    for line in lines {
      switch line.outcome {
      case .pass:
        // Errors that no line names are named below, one by one.
        if verdict == .inconclusive { surprises.append("expected to pass, but it is inconclusive") }
      case .inconclusive:
        if verdict != .inconclusive {
          surprises.append("expected to be inconclusive, but the verdict is \(verdict.rawValue)")
        }
      case .finding(let kind, let subjects):
        let isMet = isMet(kind, subjects, findings)
        if !isMet {
          let about = subjects.isEmpty ? "" : " on " + subjects.joined(separator: ", ")
          surprises.append(
            "line \(program.source.line(of: line.span.start)) expects \(kind.rawValue)\(about), "
              + (isComplete
                ? "but no order shows it" : "which no order showed before the search ended")
          )
        }
      }
    }
    for finding in findings where finding.severity == .error {
      let isExpected = names(finding.key, lines)
      let hasExpectedCause = causes[finding.key].map { names($0, program.expectations) } ?? false
      if !isExpected, !hasExpectedCause {
        surprises.append("\(finding.kind.rawValue) on \(finding.subject) is not expected")
      }
    }
    if verdict == .fail, surprises.isEmpty,
      let line = program.expectations.first(where: { $0.outcome == .pass })
    {
      surprises.append(
        "line \(program.source.line(of: line.span.start)) expects no error, "
          + "but another line expects one that was found"
      )
    }
    return surprises
  }

  /// Whether one of the lines is about the finding.
  func names(_ key: FindingKey, _ lines: [Expectation]) -> Bool {
    lines.contains { line in
      if case .finding(let kind, let subjects) = line.outcome {
        matches(kind, subjects, key)
      } else {
        false
      }
    }
  }

  /// Whether each of the subjects, or any at all if none is named, is found; a deadlock is between all of them.
  func isMet(_ kind: FindingKind, _ subjects: [String], _ findings: [Finding]) -> Bool {
    let groups =
      kind == .deadlock || subjects.isEmpty ? [subjects] : subjects.map { [$0] }
    let keys = findings.flatMap { [$0.key] + $0.consequences.map(\.key) }
    return groups.allSatisfy { group in keys.contains { matches(kind, group, $0) } }
  }

  func matches(_ kind: FindingKind, _ subjects: [String], _ key: FindingKey) -> Bool {
    guard key.kind == kind else { return false }
    guard !subjects.isEmpty else { return true }
    if case .deadlock(let types) = key {
      let names = types.map { program.threadTypes[$0.index].name }
      return Set(subjects) == Set(names)
    }
    return subjects.contains { Subject.matches($0, key.subject(in: program)) }
  }
}

extension CheckResult {
  /// Whether some order shows a finding of a kind, on each of the subjects if there are any; a deadlock is between all of them.
  ///
  /// Findings of any severity and those that are folded into others count, as for an `expect` line.
  public func shows(_ kind: FindingKind, on subjects: [String] = []) -> Bool {
    ExpectationCheck(program).isMet(kind, subjects, findings)
  }

  /// Whether the `expect` lines are about the finding, of a result that is as expected: all errors are then.
  public func accepts(_ finding: Finding) -> Bool {
    isExpected
      && (finding.severity == .error
        || ExpectationCheck(program).names(finding.key, program.expectations))
  }

  /// The errors that no `expect` line names; none of a result that is as expected.
  public var unexpectedErrors: [Finding] {
    let check = ExpectationCheck(program)
    return isExpected ? [] : errors.filter { !check.names($0.key, program.expectations) }
  }

  /// Whether it is not as expected, and all that is missing may be shown by orders that were not tried.
  public var isUndecided: Bool {
    guard !isExpected else { return false }
    return verdict == .inconclusive || limit != nil && surprises.count == unmetFindings.count
  }

  /// The `expect` lines for findings that were looked for and that no order shows.
  public var unmetFindings: [Expectation] {
    program.expectations.filter { line in
      guard case .finding(let kind, let subjects) = line.outcome else { return false }
      return (kinds.isEmpty || kinds.contains(kind)) && !shows(kind, on: subjects)
    }
  }
}
