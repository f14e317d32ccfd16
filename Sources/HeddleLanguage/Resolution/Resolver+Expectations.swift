import HeddleDiagnostics
import HeddleProgram

extension Resolver {
  /// Resolves the `expect` and `allow` lines.
  mutating func resolveExpectations() {
    for declaration in tree.declarations {
      switch declaration.kind {
      case .expect(let expectation): resolve(expectation, span: declaration.span)
      case .allow(let kind, let name): resolveAllowance(kind, name, span: declaration.span)
      default: break
      }
    }
  }

  private mutating func resolve(_ expectation: Expectation, span: SourceSpan) {
    let outcome: HeddleProgram.Expectation.Outcome
    switch expectation.outcome {
    case .pass: outcome = .pass
    case .inconclusive: outcome = .inconclusive
    case .finding(let name, _, let subjects):
      guard let kind = findingKind(name) else { return }
      let names = subjects.map { resolveSubject($0, of: kind) }
      outcome = .finding(kind, subjects: names.compactMap(\.self).sorted())
    }
    scenario.expectations.append(HeddleProgram.Expectation(outcome: outcome, span: span))
  }

  private mutating func resolveAllowance(_ kindName: Name, _ name: Name, span: SourceSpan) {
    guard let kind = findingKind(kindName) else { return }
    switch kind {
    case .dataRace, .lostUpdate, .leak: break
    default: return report(.kindCannotBeAllowed(kindName.text), at: kindName.span)
    }
    guard let subject = resolveSubject(name, of: kind) else { return }
    scenario.allowances.append(Allowance(kind: kind, subject: subject, span: span))
  }

  private mutating func findingKind(_ name: Name) -> FindingKind? {
    if let kind = FindingKind(rawValue: name.text) { return kind }
    let kinds = FindingKind.allCases.map(\.rawValue)
    report(.unknownKind(name.text, among: kinds + ["pass", "inconclusive"]), at: name.span)
    return nil
  }

  // MARK: Subjects

  private mutating func resolveSubject(_ name: Name, of kind: FindingKind) -> String? {
    switch kind {
    case .lostUpdate, .dataRace: return resolveVariableSubject(name)
    case .deadlock, .blockedForever, .neverTerminates, .daemonBlocked, .daemonKilled:
      return resolveSubject(name, wanted: "thread", among: threadSubjects)
    case .leak:
      return resolveSubject(
        name,
        wanted: "thread or object",
        among: threadSubjects + scenario.objects.map(\.name)
      )
    case .assertion, .invariant, .misuse, .vacuous:
      report(.kindHasNoSubject(kind.rawValue), at: name.span)
      return nil
    }
  }

  private var threadSubjects: [String] { scenario.threads.map(\.name) }

  private mutating func resolveSubject(
    _ name: Name,
    wanted: String,
    among candidates: [String]
  ) -> String? {
    if candidates.contains(name.text) { return name.text }
    report(.unknownSubject(name.text, wanted: wanted, among: candidates), at: name.span)
    return nil
  }

  /// A shared variable, or a field with or without the name of its thread.
  private mutating func resolveVariableSubject(_ name: Name) -> String? {
    let names = scenario.variables.map(\.name)
    if names.contains(name.text) { return name.text }
    let fields = scenario.variables.filter { $0.owner != nil && $0.shortName == name.text }
    switch fields.count {
    case 1: return fields[0].name
    case 0:
      report(
        .unknownSubject(
          name.text,
          wanted: "shared variable or field",
          among: names + scenario.variables.map(\.shortName)
        ),
        at: name.span
      )
    default: report(.ambiguousSubject(name.text, candidates: fields.map(\.name)), at: name.span)
    }
    return nil
  }
}
