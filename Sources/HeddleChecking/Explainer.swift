public import HeddleProgram
import HeddleSemantics

/// Tells findings to people: the cause with the values of the trace at hand, and what to do about it.
///
/// Every sentence is derived from the trace's events and states, and is true of this one order.
public struct Explainer: Sendable {
  let program: Program
  let fairness: Fairness

  /// Explains findings of a program, found with the given fairness.
  public init(_ program: Program, fairness: Fairness = .strong) {
    self.program = program
    self.fairness = fairness
  }

  /// A finding with its story, and with what follows from it.
  ///
  /// - Parameters:
  ///   - key: What it is about.
  ///   - trace: The replayed order that shows it; `nil` for what no order shows.
  ///   - consequences: The findings that are folded into it.
  /// - Returns: The finding as reports show it.
  public func finding(
    _ key: FindingKey,
    trace: Trace?,
    consequences: [FindingKey] = []
  ) -> Finding {
    let told = tell(key, trace, consequences)
    return Finding(
      key: key,
      subject: key.subject(in: program),
      message: told.message,
      trace: trace,
      explanation: told.explanation,
      consequences: consequences.sorted().map { key in
        Consequence(key: key, subject: key.subject(in: program), message: title(of: key))
      }
    )
  }

  /// A message and the explanation that goes with it.
  struct Told {
    var message: String
    var explanation: Explanation

    init(_ title: String, message: String? = nil, story: String, why: String, advice: String) {
      self.message = message.map { "\(title): \($0)" } ?? title
      explanation = Explanation(title: title, story: story, why: why, advice: advice)
    }
  }

  private func tell(_ key: FindingKey, _ trace: Trace?, _ consequences: [FindingKey]) -> Told {
    switch key {
    case .unreached(let statement): return unreached(statement)
    case .excludesEveryRun(let claim): return excludesEveryRun(claim)
    default: break
    }
    guard let trace else {
      let title = title(of: key)
      return Told(title, story: "No order is at hand.", why: title, advice: "")
    }
    let evidence = Evidence(program: program, trace: trace)
    var told =
      switch key {
      case .lostUpdate(let variable): lostUpdate(variable, evidence)
      case .dataRace(let variable): dataRace(variable, evidence)
      case .deadlock(let types): deadlock(types, evidence)
      case .blockedForever(let type): blockedForever(type, evidence)
      case .neverTerminates(let type): neverTerminates(type, evidence)
      case .daemonBlocked(let type): daemonBlocked(type, evidence)
      case .daemonKilled(let type): daemonKilled(type, evidence)
      case .assertion(let claim): brokenClaim(claim, key, evidence)
      case .invariant(let claim): brokenClaim(claim, key, evidence)
      case .misuse(let statement): misuse(statement, evidence)
      case .leakedObject(let object): leakedObject(object, evidence)
      case .unjoined(let type): unjoined(type, evidence)
      case .unreached, .excludesEveryRun:
        preconditionFailure("internal error: a vacuous statement has no trace")
      }
    if let claim = claimToShow(key, consequences, trace) {
      told.explanation.expected = claim.expected
      told.explanation.got = claim.got
    }
    return told
  }

  /// The failed claim whose two sides are shown: the finding's own, or one that follows from it.
  private func claimToShow(
    _ key: FindingKey,
    _ consequences: [FindingKey],
    _ trace: Trace
  ) -> FailedClaim? {
    switch key {
    case .assertion(let claim), .invariant(let claim):
      return trace.failedClaims.first { $0.claim == claim }
    default:
      return trace.failedClaims.first { failed in
        consequences.contains(.assertion(failed.claim))
          || consequences.contains(.invariant(failed.claim))
      }
    }
  }

  /// What is wrong, in a few words; also the message of a consequence.
  public func title(of key: FindingKey) -> String {
    func name(_ variable: VariableID) -> String { code(program.variables[variable.index].name) }
    func name(_ type: ThreadTypeID) -> String { program.threadTypes[type.index].name }
    func condition(_ claim: ClaimID) -> String {
      code(program.foldedText(program.claims[claim.index].conditionSpan))
    }
    switch key {
    case .lostUpdate(let variable): return "lost update on \(name(variable))"
    case .dataRace(let variable): return "data race on \(name(variable))"
    case .deadlock(let types): return "deadlock of \(listed(types.map(name)))"
    case .blockedForever(let type): return "\(name(type)) is blocked for ever"
    case .neverTerminates(let type): return "\(name(type)) never terminates"
    case .daemonBlocked(let type): return "daemon \(name(type)) is left waiting for ever"
    case .daemonKilled(let type): return "daemon \(name(type)) is killed in the middle of its work"
    case .assertion(let claim): return "assertion \(condition(claim)) fails"
    case .invariant(let claim): return "invariant \(condition(claim)) is broken"
    case .misuse(let statement): return "misuse in line \(program.line(of: statement))"
    case .leakedObject(let object):
      let object = program.objects[object.index]
      if case .queue = object.kind { return "items left in \(code(object.declaredName))" }
      return "\(code(object.declaredName)) is still held when its thread ends"
    case .unjoined(let type): return "\(name(type)) is never joined"
    case .unreached(let statement): return "line \(program.line(of: statement)) is never reached"
    case .excludesEveryRun: return "an `assume` excludes every run"
    }
  }
}
