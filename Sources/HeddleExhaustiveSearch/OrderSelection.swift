import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Chooses for each finding the order to show, and says which finding is only the consequence of which.
struct OrderSelection {
  private let question: Question
  private let judge: Judge
  private let supervisor: Supervisor
  private let liveness: LivenessPhase?

  init(
    _ question: Question,
    _ judge: Judge,
    _ supervisor: Supervisor,
    _ liveness: LivenessPhase?
  ) {
    self.question = question
    self.judge = judge
    self.supervisor = supervisor
    self.liveness = liveness
  }

  func select(_ keys: [FindingKey], _ search: inout BreadthFirstSearch) -> [EngineAnswer.RawFinding]
  {
    let shortest = shorten(keys, &search)
    var findings: [EngineAnswer.RawFinding] = []
    for key in keys {
      var finding = EngineAnswer.RawFinding(key: key, schedule: nil)
      if let found = shortest[key] {
        finding.schedule = found.schedule
        if let end = found.endState, let loop = liveness?.loop(for: key, at: end) {
          finding.schedule?.loopStart = found.schedule.steps.count
          finding.schedule?.steps += loop
        }
      } else if let schedule = search.firstSchedule(of: key) {
        finding.schedule = schedule
        finding.isShortest = false
      }
      findings.append(finding)
    }
    fold(&findings, shortest, &search)
    return findings
  }

  private func shorten(
    _ keys: [FindingKey],
    _ search: inout BreadthFirstSearch
  )
    -> [FindingKey: TraceShortener.Found]
  {
    var goals: [Int: [FindingKey]] = [:]
    var wanted: Set<FindingKey> = []
    for key in keys {
      if let suspect = liveness?.suspects[key] {
        for state in suspect.goals { goals[state, default: []].append(key) }
      }
      if key.kind != .vacuous { wanted.insert(key) }
    }
    switch search.limit {
    case .seconds, .interrupted: return [:]
    case .states, .memory, .machine, nil: break
    }
    // An initial state that itself ends in a finding has no stored state to start from.
    var shortener = TraceShortener(
      wanted: wanted.filter { search.firstSchedule(of: $0)?.steps.isEmpty != true },
      goals: goals,
      judge: judge,
      search
    )
    let roots = search.initialStates.map {
      TraceShortener.Root(
        state: $0,
        last: nil,
        initialState: search.schedule(to: $0).initialState
      )
    }
    shortener.run(from: roots, &search, mayGoOn: mayGoOn(search.statistics))
    return shortener.found
  }

  private func mayGoOn(_ statistics: Statistics) -> (Int) -> Bool {
    { nodes in
      let progress = Progress(
        phase: .shorteningTraces,
        states: statistics.states,
        transitions: statistics.transitions,
        frontier: nodes,
        depth: statistics.depth,
        memoryBytes: statistics.peakMemoryBytes,
        findings: 0
      )
      return supervisor.progress(progress) == .goOn
    }
  }

  // MARK: Consequences

  private func fold(
    _ findings: inout [EngineAnswer.RawFinding],
    _ shortest: [FindingKey: TraceShortener.Found],
    _ search: inout BreadthFirstSearch
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
    let clean = search.keysWithoutLostUpdates(judge)
    for index in findings.indices {
      let key = findings[index].key
      guard key.kind == .assertion || key.kind == .invariant, !clean.contains(key),
        let schedule = findings[index].schedule,
        let variable = firstLostUpdate(along: schedule, &search)
      else { continue }
      findings[index].cause = .lostUpdate(variable)
    }
    addContinuations(&findings, shortest, &search)
  }

  /// The variable whose update is the first to be lost along an order, of those that are reported.
  private func firstLostUpdate(
    along schedule: Schedule,
    _ search: inout BreadthFirstSearch
  )
    -> VariableID?
  {
    _ = search.explorer.begin(schedule.initialState)
    var state = search.findSuccessor()
    for step in schedule.steps {
      guard let number = state else { return nil }
      search.explorer.load(number, from: search.store)
      let outcome = search.explorer.step(step.thread.index, choice: step.choice)
      var keys: [FindingKey] = []
      search.explorer.judgeStep(judge, outcome, mustGoOnBefore: false, into: &keys)
      for case .lostUpdate(let variable) in keys { return variable }
      state = outcome == .completed ? search.findSuccessor() : nil
    }
    return nil
  }

  /// How a lost update goes on to the claim that fails because of it, so that a report can say what was expected.
  private func addContinuations(
    _ findings: inout [EngineAnswer.RawFinding],
    _ shortest: [FindingKey: TraceShortener.Found],
    _ search: inout BreadthFirstSearch
  ) {
    for index in findings.indices {
      guard case .lostUpdate = findings[index].key, let found = shortest[findings[index].key],
        let end = found.endState
      else { continue }
      let claims = findings.filter { $0.cause == findings[index].key && $0.key.kind != .dataRace }
        .map(\.key)
      guard !claims.isEmpty else { continue }
      var shortener = TraceShortener(
        wanted: Set(claims),
        goals: [:],
        judge: judge,
        search
      )
      let root = TraceShortener.Root(
        state: end,
        last: found.schedule.steps.last?.thread.index,
        initialState: found.schedule.initialState
      )
      // One claim is enough to show, so the search may stop with the first.
      shortener.stopsAtFirst = true
      shortener.run(from: [root], &search, mayGoOn: mayGoOn(search.statistics))
      if let (claim, continuation) = claims.lazy.compactMap({ key in
        shortener.found[key].map { (key, $0) }
      }).first {
        findings[index].continuation = EngineAnswer.Continuation(
          claim: claim,
          steps: continuation.schedule.steps
        )
      }
    }
  }
}
