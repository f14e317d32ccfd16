import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Every reachable state, each once, in breadth-first order, with all safety findings on the way.
///
/// Afterwards the store is complete unless ``limit`` says otherwise, and the later phases (cycles, counting, short traces) walk
/// in it.
///
/// ### Layout
///     store       the states; number = order of discovery
///     parents     by state: the state it was discovered from; itself for an initial state
///     ways        by state: thread << 16 | choice of the discovering step; the initial state's number for an initial state
struct BreadthFirstSearch: ~Copyable {
  private(set) var store: StateStore
  var explorer: Explorer
  private(set) var parents: [UInt32] = []
  private(set) var ways: [UInt32] = []
  private(set) var found: FindingSet
  private(set) var statistics = Statistics()
  private(set) var limit: LimitReached?
  /// How many initial states end the run with a finding before the first step.
  private(set) var failedBeginnings = 0
  /// The numbers of the initial states.
  private(set) var initialStates: [Int] = []
  /// Whether some step led to a state that is not deeper than where it came from; without one there is no cycle.
  private(set) var mayHaveCycle = false
  /// By key: the first state and step that showed it; the thread is -1 if the state itself did.
  private(set) var firstSeen: [FindingKey: (state: Int, thread: Int, choice: Int)] = [:]

  private let question: Question
  private let judge: Judge
  private let supervisor: Supervisor
  private var keys: [FindingKey] = []

  init(_ question: Question, machine: Machine, judge: Judge, supervisor: Supervisor) {
    self.question = question
    self.judge = judge
    self.supervisor = supervisor
    store = StateStore(width: machine.layout.width)
    explorer = Explorer(machine)
    found = FindingSet(for: question.program)
    statistics.bytesPerState = store.bytesPerState
  }

  /// Bytes in use by the search.
  var byteCount: Int {
    store.byteCount + (parents.count + ways.count) * MemoryLayout<UInt32>.stride
  }

  /// Runs to the end or to a limit.
  mutating func run() {
    guard addInitialStates() else { return }
    var number = 0
    var levelEnd = store.count
    while number < store.count, limit == nil {
      if number == levelEnd {
        statistics.depth += 1
        levelEnd = store.count
      }
      expand(number, levelEnd: levelEnd)
      number += 1
      if number & 0x3FF == 0 { supervise(expanded: number) }
    }
    statistics.states = store.count
    statistics.peakMemoryBytes = byteCount
  }

  private mutating func addInitialStates() -> Bool {
    switch explorer.machine.initialStateCount {
    case .failure(let failure):
      limit = .machine(failure.limit)
      return false
    case .success(let count):
      for number in 0..<count {
        let outcome = explorer.begin(number)
        explorer.judgeBeginning(judge, outcome, into: &keys)
        switch outcome {
        case .limit(let reached): limit = .machine(reached)
        case .assertionFailed, .misuse: failedBeginnings += 1
        case .completed, .excluded: break
        }
        var state = -1
        if outcome == .completed {
          let (inserted, isNew) = explorer.insert(into: &store)
          state = inserted
          if isNew {
            parents.append(UInt32(inserted))
            ways.append(UInt32(number))
            initialStates.append(inserted)
          }
        }
        note(state: state, thread: -1, choice: number)
      }
      return true
    }
  }

  private mutating func expand(_ number: Int, levelEnd: Int) {
    explorer.load(number, from: store)
    explorer.coverPositions()
    explorer.judgeState(judge, ignoring: found, into: &keys)
    if !keys.isEmpty { note(state: number, thread: -1, choice: 0) }
    let mustGoOn = explorer.mustGoOn
    for thread in 0..<explorer.threadCount {
      for choice in 0..<explorer.enabled[thread] {
        statistics.transitions += 1
        let outcome = explorer.step(thread, choice: choice)
        explorer.judgeStep(
          judge,
          outcome,
          mustGoOnBefore: mustGoOn,
          ignoring: found,
          into: &keys
        )
        if !keys.isEmpty { note(state: number, thread: thread, choice: choice) }
        switch outcome {
        case .completed:
          let (target, isNew) = explorer.insert(into: &store)
          if isNew {
            parents.append(UInt32(number))
            ways.append(UInt32(thread << 16 | choice))
          } else if target < levelEnd {
            mayHaveCycle = true
          }
        case .limit(let reached):
          // The rest is still searched: a finding elsewhere is worth more than the limit.
          if pendingLimit == nil { pendingLimit = .machine(reached) }
        case .assertionFailed, .excluded, .misuse:
          break
        }
      }
    }
    checkStoreLimits()
    if number + 1 == store.count, limit == nil { limit = pendingLimit }
  }

  /// A limit of the machine that was met while other states were still to be searched.
  private var pendingLimit: LimitReached?

  private mutating func note(state: Int, thread: Int, choice: Int) {
    for key in keys where found.insert(key) { firstSeen[key] = (state, thread, choice) }
    keys.removeAll(keepingCapacity: true)
  }

  private mutating func checkStoreLimits() {
    let most = min(question.limits.states ?? StateStore.capacity, StateStore.capacity)
    if store.count > most { limit = .states(most) }
  }

  private mutating func supervise(expanded: Int) {
    let bytes = byteCount
    if let most = question.limits.memoryBytes, bytes > most { limit = .memory(bytes: most) }
    let progress = Progress(
      phase: .searching,
      states: store.count,
      transitions: statistics.transitions,
      frontier: store.count - expanded,
      depth: statistics.depth,
      memoryBytes: bytes,
      findings: found.count
    )
    switch supervisor.progress(progress) {
    case .goOn: break
    case .outOfTime: limit = .seconds(question.limits.seconds ?? 0)
    case .interrupted: limit = .interrupted
    }
  }

  /// The number under which the explorer's successor is stored; `nil` if it is not.
  mutating func findSuccessor() -> Int? { explorer.find(in: &store) }

  /// The steps along which a state was discovered: a shortest way to it.
  func schedule(to state: Int) -> Schedule {
    var steps: [Schedule.Step] = []
    var number = state
    while Int(parents[number]) != number {
      let way = Int(ways[number])
      steps.append(Schedule.Step(ThreadID(way >> 16), choice: way & 0xFFFF))
      number = Int(parents[number])
    }
    return Schedule(initialState: Int(ways[number]), steps: steps.reversed())
  }

  /// The first order that was seen to show a finding: as few steps as possible, whatever the preemptions.
  func firstSchedule(of key: FindingKey) -> Schedule? {
    guard let (state, thread, choice) = firstSeen[key] else { return nil }
    guard state >= 0 else { return Schedule(initialState: choice) }
    var schedule = schedule(to: state)
    if thread >= 0 { schedule.steps.append(Schedule.Step(ThreadID(thread), choice: choice)) }
    return schedule
  }
}
