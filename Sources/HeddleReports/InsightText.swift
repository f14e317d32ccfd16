import HeddleChecking
import HeddleDiagnostics
import HeddleProgram

/// Odds, coverage, and what made the states so many, in words.
struct InsightText {
  private let result: CheckResult

  init(_ result: CheckResult) { self.result = result }

  // MARK: Odds

  /// `0.1667 (1 in 6) under a uniformly random scheduler; 26 such runs show it at least once with 99 %`.
  static func sentence(_ odds: Odds) -> String {
    let effort =
      switch odds.runsForConfidence {
      case nil where isVague(odds): "how many runs show it cannot be said"
      case nil: "no number of runs that anybody makes shows it with a probability of 99 %"
      case 1: "one such run shows it with a probability of 99 %"
      case .some(let count):
        "\(Numbers.grouped(count)) such runs show it at least once with a probability of 99 %"
      }
    return "\(short(odds)) under a uniformly random scheduler; \(effort)"
  }

  /// Whether the two bounds differ in the first four digits.
  private static func isVague(_ odds: Odds) -> Bool {
    if case .between(let lower, let upper) = odds.value {
      upper - lower > lower * 1e-4
    } else {
      false
    }
  }

  /// `0.1667 (1 in 6)`; bounds where the number is not known to four digits.
  static func short(_ odds: Odds) -> String {
    if case .between(let lower, let upper) = odds.value, isVague(odds) {
      let least = Numbers.significant(lower, .down)
      return "between \(least) and \(Numbers.significant(upper, .up))"
    }
    let number = Numbers.significant(odds.probability)
    guard odds.probability > 0, let ratio = ratio(odds) else { return number }
    return "\(number) (\(ratio))"
  }

  private static func ratio(_ odds: Odds) -> String? {
    if case .exact(let numerator, let denominator) = odds.value, denominator <= 9_999 {
      return "\(numerator) in \(Numbers.grouped(String(denominator)))"
    }
    let among = (1 / odds.probability).rounded()
    guard among >= 10, among < 0x1p62 else { return nil }
    return "about 1 in \(Numbers.grouped(Int(among)))"
  }

  /// Why there are no odds.
  func reason(_ gap: OddsGap) -> String {
    switch gap {
    case .searchIsIncomplete: "the search is not complete"
    case .tooManyStates(let numbers, let limit):
      "one number for each state and finding makes \(Numbers.grouped(numbers)), more than "
        + Numbers.grouped(limit)
    case .stopped(let limit): LimitText(limit, result.program).reached
    }
  }

  // MARK: Below the verdict

  /// What was asked for and is not about one finding.
  var notes: [Note] {
    var notes: [Note] = []
    if let gap = result.oddsGap {
      notes.append(Note(label: "odds", text: "not computed: \(reason(gap))"))
    } else if result.asksOdds {
      notes.append(Note(label: "odds", text: scheduler))
    }
    guard result.surveysCoverage else { return notes }
    guard let coverage = result.coverage else {
      let reason =
        result.coverageLimit.map { LimitText($0, result.program).reached }
        ?? "the search is not complete"
      return notes + [Note(label: "coverage", text: "not surveyed: \(reason)")]
    }
    let statements =
      "\(Numbers.grouped(coverage.reachedStatementCount)) of "
      + "\(Numbers.counted(coverage.statementCount, "statement")) reached by some order"
    notes.append(Note(label: "coverage", text: statements))
    for (index, values) in coverage.values.enumerated() {
      notes.append(Note(label: index == 0 ? "values" : "", text: values.text))
    }
    notes.append(Note(label: "outcomes", text: outcomeHead(coverage)))
    notes += coverage.outcomes.map { Note(label: "", text: text($0)) }
    let rest = coverage.outcomeCount - coverage.outcomes.count
    if rest > 0 { notes.append(Note(label: "", text: "and \(Numbers.grouped(rest)) more")) }
    return notes
  }

  /// What the odds are odds of.
  private var scheduler: String {
    guard result.findings.contains(where: { $0.odds != nil }) else {
      return "no finding that a step shows"
    }
    return "a uniformly random scheduler lets each thread that has a step take the next one with "
      + "equal probability; so it is with each outcome of a choice"
  }

  private func outcomeHead(_ coverage: Coverage) -> String {
    switch coverage.outcomeCount {
    case 0: "no run comes to its end"
    case 1: "one: every run that comes to its end leaves the same values"
    default: "\(Numbers.grouped(coverage.outcomeCount)) different ends"
    }
  }

  private func text(_ outcome: Coverage.Outcome) -> String {
    let values = outcome.values.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    let states =
      outcome.stateCount == 1 ? "" : " in \(Numbers.counted(outcome.stateCount, "final state"))"
    let order = outcome.order?.text(in: result.program) ?? ""
    return (values.isEmpty ? "no shared variables" : code(values)) + states
      + (order.isEmpty ? "" : ", for example by \(code(order))")
  }

  // MARK: Limits

  /// What made the states so many.
  var culprit: [Note] {
    let sentences = result.explosion?.sentences(in: result.program) ?? []
    return sentences.enumerated().map { index, sentence in
      Note(label: index == 0 ? "culprit" : "", text: sentence)
    }
  }

  /// What to do about a limit: about what made the states so many first.
  func advice(_ limit: LimitText) -> String {
    let asked = [
      result.countsOrders ? "`--count-orders`" : nil, result.asksOdds ? "`--odds`" : nil,
      result.surveysCoverage ? "`--coverage`" : nil,
    ].compactMap { $0 }
    var advice = result.explosion?.advice(in: result.program).map { [$0] } ?? []
    if result.explosion != nil, !asked.isEmpty {
      let verb = asked.count == 1 ? "needs" : "need"
      advice.append("leave out \(asked.joined(separator: " and ")), which \(verb) every order")
    }
    advice.append(advice.isEmpty ? limit.advice : limit.allowance ?? limit.advice)
    return advice.joined(separator: "; or ")
  }
}

/// A piece of a scenario, marked as such.
private func code(_ text: String) -> String {
  "`" + String(text.map { $0 == "`" ? "'" : $0 }) + "`"
}

extension Coverage.Values {
  /// `balance`: `0`, `50`, `100`; with many values the first ones, the last one and their number.
  fileprivate var text: String {
    let elements = elementCount == 1 ? "" : " (\(Numbers.counted(elementCount, "element")))"
    let list = values.map(code).joined(separator: ", ")
    guard let largest else { return "\(code(name))\(elements): \(list)" }
    return "\(code(name))\(elements): \(list), and so on to \(code(largest)), "
      + Numbers.counted(count, "value")
  }
}
