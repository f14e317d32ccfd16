import HeddleProgram

/// What a finding is about, however often and wherever it occurs.
struct Key: Hashable {
  var kind: FindingKind
  var subject: String
  /// For an assertion or invariant, its number.
  var claim: Int?
}

/// One step from a state.
struct Edge {
  enum Outcome: Equatable {
    case state(Int)
    /// The run ends; after a failed assumption it does not count.
    case ended(counts: Bool)
    case limit
  }

  var thread: Int
  var outcome: Outcome
  /// Whether another thread's turn here is no preemption of this one.
  var isSleep: Bool
  /// What the step itself does wrong.
  var findings: Set<Key>
  /// Whether the step loses an update that is not allowed.
  var losesUpdate: Bool

  /// The state it leads to, if it leads to one.
  var target: Int? {
    if case .state(let target) = outcome { target } else { nil }
  }
}

/// All states and steps, breadth first.
struct Graph {
  let setting: Setting
  let stateLimit: Int
  private(set) var states: [State] = []
  private(set) var edges: [[Edge]] = []
  /// What is wrong in each state.
  private(set) var stateFindings: [Set<Key>] = []
  /// The beginnings of runs, one for each combination of initial values; no step leads there.
  private(set) var roots: [Edge] = []
  private(set) var limits: Set<String> = []
  private(set) var executed: Set<Int> = []
  private(set) var evaluatedAssumptions: Set<Int> = []
  private(set) var trueAssumptions: Set<Int> = []
  private var numbers: [State: Int] = [:]

  init(_ setting: Setting, stateLimit: Int) {
    self.setting = setting
    self.stateLimit = stateLimit
    addRoots()
    // States that are found are put at the end, and their turn comes.
    var state = 0
    while state < states.count {
      expand(state)
      state += 1
    }
    numbers = [:]
  }

  private mutating func expand(_ number: Int) {
    let state = states[number]
    var accesses: [[Access]] = []
    for thread in state.threads.indices where state.threads[thread].phase == .running {
      var choices = Choices()
      var threadAccesses: Set<Access> = []
      repeat {
        var execution = Execution(setting, state, choices)
        let stop = execution.attempt { (step) throws(Stop) in try step.step(of: thread) }
        choices = execution.choices
        if case .blocked = stop { continue }
        threadAccesses.formUnion(execution.effects.accesses)
        edges[number].append(edge(execution, stop, by: thread, from: state))
      } while choices.advance()
      accesses.append(Array(threadAccesses))
    }
    stateFindings[number].formUnion(races(accesses))
    stateFindings[number].formUnion(failedObservers(state))
    if edges[number].isEmpty { stateFindings[number].formUnion(deadlock(state)) }
  }

  /// Finishes a step: finds or adds its target, and notes what is wrong with it.
  private mutating func edge(
    _ execution: Execution,
    _ stop: Stop?,
    by thread: Int,
    from state: State?
  ) -> Edge {
    var findings: Set<Key> = []
    let lost = execution.effects.lostUpdates.map { setting.program.variables[$0].name }
    for name in lost { findings.insert(Key(kind: .lostUpdate, subject: name)) }
    for name in execution.effects.keptLocks { findings.insert(Key(kind: .leak, subject: name)) }
    note(execution.effects)
    let outcome: Edge.Outcome
    if let stop {
      if let key = finding(stop) { findings.insert(key) }
      outcome = end(stop)
    } else {
      let wasOver = state.map(setting.allNonDaemonsEnded) ?? false
      if !wasOver, setting.allNonDaemonsEnded(in: execution.state) {
        findings.formUnion(leftBehind(execution.state))
      }
      outcome = add(execution.state)
    }
    var isSleep = false
    if let position = state?.threads[thread].position,
      case .sleep = setting.program.instructions[position]
    {
      isSleep = true
    }
    return Edge(
      thread: thread,
      outcome: outcome,
      isSleep: isSleep,
      findings: findings.filter { !isAllowed($0) },
      losesUpdate: lost.contains { !isAllowed(Key(kind: .lostUpdate, subject: $0)) }
    )
  }

  /// Notes which code was executed.
  mutating func note(_ effects: Effects) {
    executed.formUnion(effects.executed)
    evaluatedAssumptions.formUnion(effects.evaluatedAssumptions)
    trueAssumptions.formUnion(effects.trueAssumptions)
  }

  /// How a run ends that stops here.
  mutating func end(_ stop: Stop) -> Edge.Outcome {
    switch stop {
    case .assumption: return .ended(counts: false)
    case .limit(let what):
      limits.insert(what)
      return .limit
    default: return .ended(counts: true)
    }
  }

  private mutating func add(_ state: State) -> Edge.Outcome {
    if let number = numbers[state] { return .state(number) }
    if states.count == stateLimit {
      limits.insert("the states")
      return .limit
    }
    numbers[state] = states.count
    states.append(state)
    edges.append([])
    stateFindings.append([])
    return .state(states.count - 1)
  }

  // MARK: The beginning

  private mutating func addRoots() {
    for state in initialStates() {
      var execution = Execution(setting, state)
      let program = setting.program
      let stop = execution.attempt { (step) throws(Stop) in
        for (thread, instance) in program.instances.enumerated()
        where instance.type.index == 0 || !program.hasMain {
          try step.launch(thread, arguments: [])
        }
      }
      roots.append(edge(execution, stop, by: 0, from: nil))
    }
  }

  private mutating func initialStates() -> [State] {
    var state = State(
      variables: [],
      threads: Array(repeating: ThreadState(), count: setting.program.instances.count)
    )
    for (number, object) in setting.program.objects.enumerated() {
      switch object.kind {
      case .lock, .rlock: state.locks[number] = Lock()
      case .semaphore(let initial, _): state.semaphores[number] = initial
      case .condition: state.conditions[number] = Condition()
      case .event: state.events[number] = Event()
      case .barrier: state.barriers[number] = Barrier()
      case .queue: state.queues[number] = Queue()
      }
    }
    var all = [state]
    for variable in setting.program.variables {
      var ways: [[Int]]
      switch variable.initial {
      case .values(let values): ways = [values]
      case .anyInteger: ways = []
      case .anyOf(let lower, let upper):
        let (span, overflow) = upper.subtractingReportingOverflow(lower)
        ways = [[]]
        for _ in 0..<variable.elementCount {
          guard !overflow, span < 65_536, ways.count * (span + 1) <= 65_536 else {
            ways = []
            break
          }
          ways = ways.flatMap { way in (lower...upper).map { way + [$0] } }
        }
      }
      if ways.isEmpty || ways.count * all.count > 65_536 {
        limits.insert("the initial values of \(variable.name)")
        return []
      }
      all = all.flatMap { state in
        ways.map { way in
          var state = state
          state.variables.append(way)
          return state
        }
      }
    }
    return all
  }
}

extension Execution {
  /// Runs `body`, and returns why it stopped if it did.
  mutating func attempt(_ body: (inout Execution) throws(Stop) -> Void) -> Stop? {
    do {
      try body(&self)
      return nil
    } catch {
      return error
    }
  }
}
