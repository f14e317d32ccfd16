import BigInt
import HeddleChecking
import HeddleDiagnostics
import HeddleProgram

// Odds, coverage, and what made the states so many.

extension JSONReport {
  /// The members of a scenario that are there only if they were asked for or can be said.
  func insight(_ result: CheckResult) -> [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    if let gap = result.oddsGap {
      members.append(("odds_gap", .string(Numbers.plain(InsightText(result).reason(gap)))))
    }
    if let limit = result.coverageLimit {
      let reason = LimitText(limit, result.program).reached
      members.append(("coverage_gap", .string(Numbers.plain(reason))))
    }
    if let coverage = result.coverage {
      members.append(("coverage", self.coverage(coverage, result.program)))
    }
    if let explosion = result.explosion {
      members.append(("explosion", self.explosion(explosion, result.program)))
    }
    return members
  }

  /// The member of a finding or consequence.
  func odds(_ odds: Odds?) -> [(String, JSONValue)] {
    guard let odds else { return [] }
    var fraction: String?
    if case .exact(let numerator, let denominator) = odds.value {
      fraction = "\(numerator)/\(denominator)"
    }
    let value = JSONValue.object([
      ("probability", .number(odds.probability)),
      ("fraction", JSONValue(fraction)),
      ("error", .number(odds.error)),
      ("runs_for_99_percent", JSONValue(odds.runsForConfidence)),
    ])
    return [("odds", .line(value))]
  }

  private func coverage(_ coverage: Coverage, _ program: Program) -> JSONValue {
    .object([
      ("statements", .int(coverage.statementCount)),
      ("reached_statements", .int(coverage.reachedStatementCount)),
      ("values", .array(coverage.values.map(values))),
      ("outcome_count", .int(coverage.outcomeCount)),
      ("outcomes", .array(coverage.outcomes.map { outcome($0, program) })),
    ])
  }

  private func values(_ values: Coverage.Values) -> JSONValue {
    .line(
      .object([
        ("name", .string(values.name)),
        ("elements", .int(values.elementCount)),
        ("count", .int(values.count)),
        ("values", .array(values.values.map { .string($0) })),
        ("largest", JSONValue(values.largest)),
      ])
    )
  }

  private func outcome(_ outcome: Coverage.Outcome, _ program: Program) -> JSONValue {
    .line(
      .object([
        ("values", .object(outcome.values.map { ($0.name, .string($0.value)) })),
        ("final_states", .int(outcome.stateCount)),
        ("schedule", JSONValue(outcome.order?.text(in: program))),
      ])
    )
  }

  private func explosion(_ explosion: Explosion, _ program: Program) -> JSONValue {
    .object([
      ("sampled_states", .int(explosion.sampledStates)),
      (
        "differences",
        .array(
          explosion.differences.map { difference in
            .line(
              .object([
                ("part", .string(part(difference.subject))),
                ("name", .string(Explosion.name(of: difference.subject, program))),
                ("share", .number(difference.share)),
              ])
            )
          }
        )
      ),
      ("growths", .array(explosion.growths.map { growth($0, program) })),
      ("messages", .array(explosion.sentences(in: program).map { .string($0) })),
      ("do", JSONValue(explosion.advice(in: program))),
    ])
  }

  private func growth(_ growth: Explosion.Growth, _ program: Program) -> JSONValue {
    func line(_ statement: StatementID) -> Int {
      program.source.location(of: program.statements[statement.index].span.start).line
    }
    return .line(
      .object([
        ("part", .string(part(growth.subject))),
        ("name", .string(Explosion.name(of: growth.subject, program))),
        ("line", .int(line(growth.statement))),
        ("loop_line", .int(line(growth.loop))),
        ("endless", .bool(growth.isEndless)),
        ("from", .int(growth.from)),
        ("to", .int(growth.to)),
      ])
    )
  }

  private func part(_ subject: Explosion.Subject) -> String {
    switch subject {
    case .variable: "variable"
    case .object: "object"
    case .local: "local"
    case .rememberedReads: "remembered-reads"
    case .positions: "positions"
    }
  }
}
