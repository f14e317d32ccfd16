import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// The probability with which a random walk from each stored state shows each finding, sinks first.
///
/// The stored graph is a Markov chain once every enabled thread, and every outcome of its step, is equally likely. A state that shows a
/// finding has probability 1; any other the mean of its successors'. In an acyclic part that is one sum for each state. The
/// states of a cyclic component are solved together; where nothing leads out of it, a run visits every state and takes every step of it sooner or
/// later, so that the probability is 1 if any of them shows the finding, and 0 if none does.
///
/// ### Layout
///     hits       of state `n`: `n * findings.count ..< (n + 1) * findings.count`
///     excluded   the same, for being ended by an `assume` before: empty if the program has none
struct HittingOdds<Number: HitProbability> {
  private let findings: [FindingKey]
  private let columns: [FindingKey: Int]
  /// By stored state: findings that it shows by being reached, as far as only the whole graph can tell.
  private let goals: [Int: [FindingKey]]
  private let judge: Judge
  private var hits: [Number]
  private var excluded: [Number]
  /// What may still be spent on systems of equations.
  private var work = Number.maximumWork

  /// One way out of a state.
  private struct Way {
    /// The stored state it leads to; `nil` if it ends the run.
    var target: Int?
    /// The number of equally likely ways: threads times outcomes.
    var divisor: Int
    /// The columns of what the step shows.
    var shows: [Int]
    var isExcluded: Bool
  }

  /// One state as the equations see it.
  private struct Row {
    var state: Int
    var shows: [Int]
    var ways: [Way]
  }

  init(
    _ findings: [FindingKey],
    goals: [Int: [FindingKey]],
    judge: Judge,
    stateCount: Int,
    hasAssumptions: Bool
  ) {
    self.findings = findings
    self.goals = goals
    self.judge = judge
    columns = Dictionary(uniqueKeysWithValues: findings.enumerated().map { ($1, $0) })
    hits = Array(repeating: .zero, count: stateCount * findings.count)
    excluded = hasAssumptions ? hits : []
  }

  /// Computes all.
  ///
  /// - Returns: The probabilities in the order of the findings; `nil` if it has to stop, or exact numbers are not worth what they cost.
  /// - Complexity: O(transitions x findings) operations; cyclic components as their systems of equations cost.
  mutating func run(
    _ search: inout BreadthFirstSearch,
    _ graph: ComponentGraph,
    _ hearing: inout PhaseHearing
  ) -> [Number]? {
    let bytes = hearing.bytes
    var start = 0
    while start < graph.order.count {
      let component = graph.components[Int(graph.order[start])]
      var rows: [Row] = []
      var rowBytes = 0
      while start < graph.order.count, graph.components[Int(graph.order[start])] == component {
        let row = row(of: Int(graph.order[start]), &search)
        rows.append(row)
        start += 1
        rowBytes += MemoryLayout<Row>.stride + row.ways.count * Self.bytesPerWay
        hearing.bytes = bytes + rowBytes
        guard hearing.mayGoOn(after: 1 + row.ways.count) else { return nil }
      }
      let isCyclic = graph.isCyclic[Int(component)]
      for column in findings.indices {
        guard settle(rows, column, isCyclic: isCyclic, &hearing) else { return nil }
      }
      for row in rows {
        let numbers = row.state * findings.count..<(row.state + 1) * findings.count
        if hits[numbers].contains(where: \.isUnwieldy) { return nil }
      }
    }
    return mean(&search)
  }

  // MARK: The chain

  private func row(of state: Int, _ search: inout BreadthFirstSearch) -> Row {
    var keys = goals[state] ?? []
    search.explorer.load(state, from: search.store)
    search.explorer.judgeState(
      judge,
      ignoring: FindingSet(for: judge.machine.program),
      into: &keys
    )
    var row = Row(state: state, shows: shown(keys), ways: [])
    let enabled = search.explorer.enabled
    let movers = enabled.count { $0 > 0 }
    let mustGoOn = search.explorer.mustGoOn
    for thread in enabled.indices {
      for choice in 0..<enabled[thread] {
        let outcome = search.explorer.step(thread, choice: choice)
        keys.removeAll(keepingCapacity: true)
        search.explorer.judgeStep(judge, outcome, mustGoOnBefore: mustGoOn, into: &keys)
        row.ways.append(
          Way(
            target: outcome == .completed ? search.findSuccessor() : nil,
            divisor: movers * enabled[thread],
            shows: shown(keys),
            isExcluded: isExcluded(outcome)
          )
        )
      }
    }
    return row
  }

  private func shown(_ keys: [FindingKey]) -> [Int] { keys.compactMap { columns[$0] } }

  private func isExcluded(_ outcome: StepOutcome) -> Bool {
    if case .excluded = outcome { true } else { false }
  }

  /// What a way takes in a row, and as a term of two systems of equations.
  private static var bytesPerWay: Int {
    MemoryLayout<Way>.stride + 4 * MemoryLayout<(Int, Int)>.stride
  }

  /// Settles one finding for the states of one component; whether it could.
  private mutating func settle(
    _ rows: [Row],
    _ column: Int,
    isCyclic: Bool,
    _ hearing: inout PhaseHearing
  ) -> Bool {
    func place(_ row: Row) -> Int { row.state * findings.count + column }
    let open = rows.filter { !$0.shows.contains(column) }
    for row in rows where row.shows.contains(column) { hits[place(row)] = .one }
    var numbers: [Int: Int] = [:]
    for (number, row) in open.enumerated() { numbers[row.state] = number }
    let members = Set(rows.map(\.state))
    let isClosed =
      isCyclic
      && rows.allSatisfy { row in
        row.ways.allSatisfy { way in way.target.map { members.contains($0) } ?? false }
      }
    if isClosed {
      let isShown =
        open.count < rows.count
        || open.contains { row in row.ways.contains { $0.shows.contains(column) } }
      for row in open { hits[place(row)] = isShown ? .one : .zero }
      return true
    }
    var hitting = HitSystem<Number>(constants: [], terms: [])
    var excluding = hitting
    for row in open {
      guard hearing.mayGoOn(after: 1 + row.ways.count) else { return false }
      var hit = Number.zero
      var exclusion = Number.zero
      var terms: [(target: Int, divisor: Int)] = []
      for way in row.ways {
        if way.shows.contains(column) {
          hit = hit + Number.one.divided(by: way.divisor)
        } else if way.isExcluded {
          exclusion = exclusion + Number.one.divided(by: way.divisor)
        } else if let target = way.target {
          if let number = numbers[target] {
            terms.append((number, way.divisor))
          } else {
            let place = target * findings.count + column
            hit = hit + hits[place].divided(by: way.divisor)
            if !excluded.isEmpty {
              exclusion = exclusion + excluded[place].divided(by: way.divisor)
            }
          }
        }
      }
      hitting.constants.append(hit)
      excluding.constants.append(exclusion)
      hitting.terms.append(terms)
    }
    excluding.terms = hitting.terms
    guard let results = isCyclic ? Number.solve(hitting, &work, &hearing) : hitting.constants
    else { return false }
    for (number, row) in open.enumerated() { hits[place(row)] = results[number] }
    guard !excluded.isEmpty else { return true }
    guard let exclusions = isCyclic ? Number.solve(excluding, &work, &hearing) : excluding.constants
    else { return false }
    for (number, row) in open.enumerated() { excluded[place(row)] = exclusions[number] }
    return true
  }

  // MARK: The beginning

  /// The mean over all initial states, without the runs that an `assume` ends.
  private func mean(_ search: inout BreadthFirstSearch) -> [Number]? {
    guard case .success(let count) = judge.machine.initialStateCount else { return nil }
    var hit = Array(repeating: Number.zero, count: findings.count)
    var exclusion = hit
    for number in 0..<count {
      let outcome = search.explorer.begin(number)
      var keys: [FindingKey] = []
      search.explorer.judgeBeginning(judge, outcome, into: &keys)
      let shows = shown(keys)
      let state = outcome == .completed ? search.findSuccessor() : nil
      for column in findings.indices {
        if shows.contains(column) {
          hit[column] = hit[column] + Number.one.divided(by: count)
        } else if isExcluded(outcome) {
          exclusion[column] = exclusion[column] + Number.one.divided(by: count)
        } else if let state {
          let place = state * findings.count + column
          hit[column] = hit[column] + hits[place].divided(by: count)
          if !excluded.isEmpty {
            exclusion[column] = exclusion[column] + excluded[place].divided(by: count)
          }
        }
      }
    }
    return findings.indices.map { hit[$0].conditioned(without: exclusion[$0]) }
  }
}

extension BreadthFirstSearch {
  /// The most numbers, one for each state and finding, that are kept as intervals: 16 bytes each.
  static var maximumOddsNumbers: Int { 1 << 25 }
  /// The most numbers that are kept as fractions of any length.
  static var maximumExactNumbers: Int { 20_000 }

  /// The odds of the given findings on the complete plain graph.
  ///
  /// Fractions if the graph is small and they stay short, else intervals.
  ///
  /// - Parameters:
  ///   - keys: What was found; what no step shows is left out.
  ///   - graph: The components of the stored graph.
  ///   - goals: By stored state: what it shows by being reached, as far as only the whole graph can tell.
  ///   - judge: Says what states and steps show.
  ///   - hearing: Says when to stop.
  /// - Returns: The odds, or why there are none.
  mutating func odds(
    of keys: [FindingKey],
    _ graph: ComponentGraph,
    _ goals: [Int: [FindingKey]],
    _ judge: Judge,
    _ hearing: inout PhaseHearing
  ) -> OddsAnswer {
    let findings = keys.filter { key in key.kind != .vacuous && key.kind != .neverTerminates }
    guard !findings.isEmpty else { return .odds([:]) }
    let numbers = store.count * findings.count
    guard numbers <= Self.maximumOddsNumbers else {
      return .gap(.tooManyStates(numbers: numbers, limit: Self.maximumOddsNumbers))
    }
    func answer(_ odds: [Odds]) -> OddsAnswer {
      .odds(Dictionary(uniqueKeysWithValues: zip(findings, odds)))
    }
    let bytes = hearing.bytes
    if numbers <= Self.maximumExactNumbers {
      let fractions: [Rational]? = values(of: findings, graph, goals, judge, &hearing)
      if let fractions {
        return answer(
          fractions.map { Odds(.exact(numerator: $0.numerator, denominator: $0.denominator)) }
        )
      }
      hearing.bytes = bytes
    }
    let intervals: [ProbabilityInterval]? = values(of: findings, graph, goals, judge, &hearing)
    if let intervals {
      return answer(intervals.map { Odds(.between(lower: $0.lower, upper: $0.upper)) })
    }
    guard let limit = hearing.limit else {
      preconditionFailure("internal error: a complete search without odds")
    }
    return .gap(.stopped(limit))
  }

  private mutating func values<Number: HitProbability>(
    of findings: [FindingKey],
    _ graph: ComponentGraph,
    _ goals: [Int: [FindingKey]],
    _ judge: Judge,
    _ hearing: inout PhaseHearing
  ) -> [Number]? {
    let hasAssumptions = judge.machine.program.claims.contains { $0.kind == .assumption }
    let tables = hasAssumptions ? 2 : 1
    hearing.bytes += store.count * findings.count * tables * MemoryLayout<Number>.stride
    guard hearing.mayGoOnNow() else { return nil }
    var odds = HittingOdds<Number>(
      findings,
      goals: goals,
      judge: judge,
      stateCount: store.count,
      hasAssumptions: hasAssumptions
    )
    return odds.run(&self, graph, &hearing)
  }
}
