import HeddleDiagnostics
public import HeddleProgram
import HeddleSemantics

/// A mistake of Heddle's own: an engine showed an order that does not show what it claims.
public struct InternalError: Error, Sendable, CustomStringConvertible {
  /// What does not fit, with both sides.
  public let description: String

  /// Says what does not fit.
  public init(description: String) { self.description = description }
}

/// Asks an engine, and turns its answer into what is said about the scenario.
///
/// Nothing is taken on trust: every order is replayed through the semantics, and the finding has to show up in the replay.
public struct Checker: Sendable {
  private let engine: any Engine

  /// Creates a checker that asks the given engine.
  public init(engine: any Engine) { self.engine = engine }

  /// Answers a question completely: verdict, explained findings, and whether that was expected.
  ///
  /// - Parameters:
  ///   - question: The question; its program must be verified.
  ///   - kinds: The kinds of findings to report; `nil` for all.
  ///   - supervisor: Says how long to go on.
  /// - Returns: The result; its `seconds` are 0, since only the caller has a clock.
  /// - Throws: ``InternalError`` if an order does not replay, or does not show its finding.
  public func check(
    _ question: Question,
    kinds: Set<FindingKind>? = nil,
    supervisor: Supervisor = .none
  ) throws(InternalError) -> CheckResult {
    let program = question.program
    let answer = engine.answer(question, supervisor: supervisor)
    var options = question.machineOptions
    // A replay takes the integers that its schedule gives.
    options.takesChosenIntegers = true
    let machine = Machine(program, options: options)
    let replayer = Replayer(machine)
    let evidence = EvidenceCheck(Judge(machine), fairness: question.fairness)
    let explainer = Explainer(program, fairness: question.fairness)
    let wanted = answer.findings.filter { kinds?.contains($0.key.kind) ?? true }
    let causes = Set(wanted.map(\.key))
    var findings: [Finding] = []
    var absentCauses: [FindingKey: FindingKey] = [:]
    for raw in wanted {
      // A cause that is not asked for cannot stand for its consequences.
      if let cause = raw.cause {
        if causes.contains(cause) { continue }
        absentCauses[raw.key] = cause
      }
      var trace: Trace?
      if let schedule = raw.schedule {
        trace = try replay(schedule, of: raw.key, replayer)
        if let gap = evidence.gap(in: schedule, for: raw.key) {
          throw InternalError(
            description: "the \(engine.name) engine reports \(raw.key.kind.rawValue) on "
              + "\(raw.key.subject(in: program)) with the order '\(schedule.text(in: program))', "
              + "but replaying it \(gap)"
          )
        }
        trace?.isShortest = raw.isShortest
      }
      let consequences = wanted.filter { $0.cause == raw.key }.map(\.key)
      var finding = explainer.finding(raw.key, trace: trace, consequences: consequences)
      if let continuation = raw.continuation, var schedule = raw.schedule {
        schedule.steps += continuation.steps
        let failed = try replay(schedule, of: raw.key, replayer).failedClaims.first { failed in
          continuation.claim == .assertion(failed.claim)
            || continuation.claim == .invariant(failed.claim)
        }
        finding.explanation.expected = failed?.expected
        finding.explanation.got = failed?.got
      }
      findings.append(finding)
    }
    if case .odds(let odds) = answer.odds {
      for index in findings.indices { findings[index].add(odds) }
    }
    findings.sort { $0.key < $1.key }
    let hasError = findings.contains { $0.severity == .error }
    let verdict: Verdict = hasError ? .fail : answer.limit == nil ? .pass : .inconclusive
    let surprises = ExpectationCheck(program).surprises(
      verdict: verdict,
      isComplete: answer.limit == nil,
      findings: findings,
      causes: absentCauses,
      kinds: kinds
    )
    var result = CheckResult(
      program: program,
      engine: engine.name,
      fairness: question.fairness,
      verdict: verdict,
      isExpected: surprises.isEmpty,
      surprises: surprises,
      findings: findings,
      limit: answer.limit,
      statistics: answer.statistics,
      orders: answer.orders,
      countsOrders: question.countsOrders,
      kinds: (kinds ?? []).sorted(),
      reductions: answer.reductions,
      established: answer.established,
      machineOptions: question.machineOptions
    )
    result.asksOdds = question.asksOdds
    if case .gap(let gap) = answer.odds { result.oddsGap = gap }
    result.surveysCoverage = question.surveysCoverage
    result.coverage = answer.coverage
    result.coverageLimit = answer.coverageLimit
    result.ordersLimit = answer.ordersLimit
    result.explosion = answer.explosion
    result.proof = answer.proof
    return result
  }

  private func replay(
    _ schedule: Schedule,
    of key: FindingKey,
    _ replayer: Replayer
  )
    throws(InternalError) -> Trace
  {
    do throws(ReplayError) {
      return try replayer.replay(schedule)
    } catch {
      let program = replayer.machine.program
      throw InternalError(
        description: "the \(engine.name) engine reports \(key.kind.rawValue) on "
          + "\(key.subject(in: program)) with the order '\(schedule.text(in: program))', "
          + "which does not replay: \(error.description)"
      )
    }
  }
}

extension Finding {
  /// Takes its own odds and those of its consequences out of a table.
  fileprivate mutating func add(_ table: [FindingKey: Odds]) {
    odds = table[key]
    for index in consequences.indices { consequences[index].odds = table[consequences[index].key] }
  }
}
