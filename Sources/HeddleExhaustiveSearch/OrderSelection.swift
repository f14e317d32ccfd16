import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Chooses for each finding the order to show, and says which finding is only the consequence of which.
///
/// The best order is looked for with a bound on what that may cost: as much as the search itself, but never less than ``smallHunt``. Where
/// it is not found, a good one is, and it is said that it is not proved shortest.
struct OrderSelection: ~Copyable {
  private let question: Question
  private let judge: Judge
  private let strategies: Strategies
  private let watch: PhaseWatch
  private let roots: [PreemptionBoundedSearch.Root]
  private var hunt: PreemptionBoundedSearch
  private var endless: [FindingKey: EngineAnswer.RawFinding] = [:]

  /// So many pairs are tried before the search.
  private static let firstHunt = 4_000
  /// So many pairs are always worth a better order.
  private static let smallHunt = 300_000

  init(
    _ question: Question,
    _ judge: Judge,
    _ strategies: Strategies,
    _ watch: PhaseWatch
  ) {
    self.question = question
    self.judge = judge
    self.strategies = strategies
    self.watch = watch
    // Where they cannot be counted, the search will say so.
    let beginnings = (try? judge.machine.initialStateCount.get()) ?? 0
    roots = (0..<beginnings).map { PreemptionBoundedSearch.Root(initialState: $0) }
    hunt = PreemptionBoundedSearch(
      judge,
      strategies.orders,
      from: roots,
      goals: GoalStates(width: judge.machine.layout.width)
    )
  }

  /// Bytes in use.
  var byteCount: Int { hunt.byteCount }

  /// Every order with so few preemptions was gone through; -1 if not even those without any were.
  var exhaustedPreemptions: Int { hunt.exhaustedPreemptions }

  /// What was found before the search.
  var found: [FindingKey] { Array(hunt.found.keys) }

  /// The findings of endless runs.
  var suspects: [FindingKey] { Array(endless.keys) }

  /// Looks for findings in orders with few preemptions.
  mutating func tryFewPreemptions() {
    let watch = watch
    hunt.run(pairLimit: question.firstHunt ?? Self.firstHunt) { hunt in
      watch.mayGoOn(.searching, pairs: hunt.pairCount, bytes: hunt.byteCount)
    }
  }

  // MARK: Choosing

  /// The findings with their orders.
  mutating func select(
    _ keys: [FindingKey],
    _ search: inout BreadthFirstSearch
  ) -> [EngineAnswer.RawFinding] {
    shorten(keys, &search)
    var findings: [EngineAnswer.RawFinding] = []
    var ends: [FindingKey: [Int]] = [:]
    for key in keys {
      var finding = EngineAnswer.RawFinding(key: key, schedule: nil)
      if let judged = endless[key] {
        finding = judged
      } else if let found = hunt.found[key] {
        finding.schedule = found.schedule
        ends[key] = found.endState
      } else if let sighting = search.firstSighting(of: key) {
        finding.schedule = rebuild(sighting, of: key, &search)
        finding.isShortest = sighting.states.isEmpty
      }
      findings.append(finding)
    }
    let watch = watch.besides(search: search.byteCount)
    improve(&findings, watch)
    fold(&findings, ends, watch)
    return findings
  }

  private mutating func shorten(_ keys: [FindingKey], _ search: inout BreadthFirstSearch) {
    guard mayStillSearch(search.limit) else { return }
    hunt.wanted = Set(
      keys.filter { key in
        key.kind != .vacuous && endless[key] == nil
          // An initial state that itself ends in a finding has no steps to shorten.
          && search.firstSighting(of: key)?.states.isEmpty != true
      }
    )
    let budget = budget(search.statistics)
    Self.run(&hunt, budget: budget, watch.besides(search: search.byteCount))
  }

  private func mayStillSearch(_ limit: LimitReached?) -> Bool {
    switch limit {
    case .machineMemory, .seconds, .interrupted: false
    case .states, .memory, .machine, .engine, nil: true
    }
  }

  private func budget(_ statistics: Statistics) -> Int {
    if question.provesShortest { return Int.max }
    let cost = max(statistics.states, statistics.transitions, Self.smallHunt)
    let budget = strategies.isReference ? cost * 4 : cost
    // Who wants few states stored does not wait for a hundred times as many pairs.
    guard let most = question.limits.states, most < budget / 4 else { return budget }
    return max(4 * most, Self.firstHunt)
  }

  private static func run(
    _ hunt: inout PreemptionBoundedSearch,
    budget: Int,
    _ watch: PhaseWatch
  ) {
    hunt.run(pairLimit: budget) { hunt in
      watch.mayGoOn(.shorteningTraces, pairs: hunt.pairCount, bytes: hunt.byteCount)
    }
  }

  private func rebuild(
    _ sighting: BreadthFirstSearch.Sighting,
    of key: FindingKey,
    _ search: inout BreadthFirstSearch
  ) -> Schedule {
    let root = PreemptionBoundedSearch.Root(initialState: sighting.initialState)
    var strategy = search.strategy
    strategy.ampleSets = nil
    var rebuilder = ScheduleRebuilder(judge, strategy, root)
    rebuilder.follow(sighting, search.store)
    if let step = sighting.step {
      let isShown = rebuilder.finish(key, by: step, isStaying: nil)
      precondition(isShown, "internal error: a finding does not show up again")
    }
    return rebuilder.schedule
  }

  /// Replaces orders that are merely the first that were seen by better ones, found on merged steps.
  private func improve(_ findings: inout [EngineAnswer.RawFinding], _ watch: PhaseWatch) {
    let poor = findings.indices.filter {
      !findings[$0].isShortest && endless[findings[$0].key] == nil
    }
    guard !poor.isEmpty, !strategies.isReference else { return }
    var merged = PreemptionBoundedSearch(
      judge,
      strategies.mergedOrders,
      from: roots,
      goals: GoalStates(width: judge.machine.layout.width),
      wanted: Set(poor.map { findings[$0].key })
    )
    Self.run(&merged, budget: Self.smallHunt, watch)
    for index in poor {
      if let found = merged.found[findings[index].key] { findings[index].schedule = found.schedule }
    }
  }

  // MARK: Endless runs

  /// Finds orders for what endless runs show.
  ///
  /// - Parameters:
  ///   - phase: The judgement.
  ///   - isPlain: Whether the graph of the phase has every state, so that the best orders are exact.
  ///   - search: The graph.
  ///   - hearing: Says when to stop; the findings that have no order until then are left out.
  mutating func findEndless(
    _ phase: LivenessPhase,
    isPlain: Bool,
    _ search: inout BreadthFirstSearch,
    _ hearing: inout PhaseHearing
  ) {
    let suspects = phase.suspects.values.sorted { $0.key < $1.key }
    var goals = GoalStates(width: judge.machine.layout.width)
    var words = Array(repeating: 0, count: judge.machine.layout.width)
    for suspect in suspects {
      for state in suspect.goals {
        var span = words.mutableSpan
        search.store.load(state, into: &span)
        goals.insert(words.span, suspect.key)
        guard hearing.mayGoOn() else { return }
      }
    }
    var orders = PreemptionBoundedSearch(
      judge,
      isPlain ? strategies.orders : search.strategy,
      from: roots,
      goals: goals,
      wanted: Set(suspects.map(\.key))
    )
    if mayStillSearch(search.limit) {
      let watch = watch.besides(search: search.byteCount)
      Self.run(&orders, budget: budget(search.statistics), watch)
    }
    for suspect in suspects {
      var finding = EngineAnswer.RawFinding(key: suspect.key, schedule: nil)
      var end: [Int]?
      if let found = orders.found[suspect.key] {
        finding.schedule = found.schedule
        finding.isShortest = isPlain
        end = found.endState
      } else if let goal = suspect.goals.min() {
        finding.schedule = rebuild(search.sighting(of: goal), of: suspect.key, &search)
        finding.isShortest = false
        var span = words.mutableSpan
        search.store.load(goal, into: &span)
        end = words
      }
      if let end, var schedule = finding.schedule, let number = search.number(of: end),
        let loop = phase.loop(for: suspect.key, at: number, &hearing)
      {
        guard hearing.limit == nil else { return }
        schedule.loopStart = schedule.steps.count
        schedule.steps += loop
        finding.schedule = schedule
      }
      endless[suspect.key] = finding
    }
  }

  // MARK: Consequences

  private func fold(
    _ findings: inout [EngineAnswer.RawFinding],
    _ ends: [FindingKey: [Int]],
    _ watch: PhaseWatch
  ) {
    let lost = findings.compactMap { finding -> VariableID? in
      if case .lostUpdate(let variable) = finding.key { variable } else { nil }
    }
    guard !lost.isEmpty else { return }
    for index in findings.indices {
      if case .dataRace(let variable) = findings[index].key, lost.contains(variable) {
        findings[index].cause = .lostUpdate(variable)
      }
    }
    guard findings.contains(where: { $0.key.kind == .assertion || $0.key.kind == .invariant })
    else { return }
    let clean = keysWithoutLostUpdates(watch)
    for index in findings.indices {
      let key = findings[index].key
      guard key.kind == .assertion || key.kind == .invariant, !clean.contains(key),
        let schedule = findings[index].schedule,
        let variable = firstLostUpdate(along: schedule)
      else { continue }
      findings[index].cause = .lostUpdate(variable)
    }
    addContinuations(&findings, ends, watch)
  }

  /// The findings that show up in runs in which no update is lost, before or in the same step.
  ///
  /// An assertion or invariant that fails only in the other runs is a consequence of the lost update, not a finding of its own.
  private func keysWithoutLostUpdates(_ watch: PhaseWatch) -> FindingSet {
    var strategy = strategies.safety
    strategy.endsAtLostUpdates = true
    var search = BreadthFirstSearch(
      judge,
      strategy,
      limits: watch.remaining(byteCount),
      crew: SearchCrew.Size(question),
      supervisor: watch.searchSupervisor
    )
    search.run()
    return search.found
  }

  /// The variable whose update is the first to be lost along an order, of those that are reported.
  private func firstLostUpdate(along schedule: Schedule) -> VariableID? {
    var explorer = Explorer(judge.machine, .plain)
    guard explorer.begin(schedule.initialState) == .completed else { return nil }
    for step in schedule.steps {
      explorer.adoptSuccessor()
      let outcome = explorer.step(step.thread.index, choice: step.choice)
      var keys: [FindingKey] = []
      explorer.judgeStep(judge, outcome, mustGoOnBefore: false, into: &keys)
      for case .lostUpdate(let variable) in keys { return variable }
      guard outcome == .completed else { return nil }
    }
    return nil
  }

  /// How a lost update goes on to the claim that fails because of it, so that a report can say what was expected.
  private func addContinuations(
    _ findings: inout [EngineAnswer.RawFinding],
    _ ends: [FindingKey: [Int]],
    _ watch: PhaseWatch
  ) {
    for index in findings.indices {
      guard case .lostUpdate = findings[index].key, let end = ends[findings[index].key],
        let schedule = findings[index].schedule
      else { continue }
      let claims = findings.filter { $0.cause == findings[index].key && $0.key.kind != .dataRace }
        .map(\.key)
      guard !claims.isEmpty else { continue }
      let root = PreemptionBoundedSearch.Root(
        initialState: schedule.initialState,
        position: (end, schedule.steps.last?.thread.index ?? -1, schedule.steps)
      )
      var rest = PreemptionBoundedSearch(
        judge,
        strategies.orders,
        from: [root],
        goals: GoalStates(width: judge.machine.layout.width),
        wanted: Set(claims)
      )
      // One claim is enough to show, so the search may stop with the first.
      rest.stopsAtFirst = true
      Self.run(&rest, budget: Self.smallHunt, watch)
      let claim = claims.first { rest.found[$0] != nil }
      if let claim, let steps = rest.found[claim]?.schedule.steps {
        findings[index].continuation = EngineAnswer.Continuation(
          claim: claim,
          steps: Array(steps.dropFirst(schedule.steps.count))
        )
      }
    }
  }
}
