import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// The reachable states, each once, in breadth-first order, with all safety findings on the way.
///
/// Which states and steps may be left out is for the ``SearchStrategy`` to say. Afterwards the store is complete unless ``limit`` says otherwise, and the
/// later phases (cycles, counting) walk in it.
///
/// An ample set is used only if some of its steps leads to a state that is deeper than where it came from, and none ends the run. So from every state a way along
/// ever deeper states leads to one from which all threads are tried, and nobody is put off for ever: a proviso that asks only
/// finished levels, not, as the queue proviso of Bosnacki and Holzmann ("Improving Spin's partial-order reduction for breadth-first search",
/// SPIN 2005), the order within one.
///
/// ### Layout
///     store       the states; number = order of discovery
///     parents     by state after the initial ones: the state it was discovered from
///     reduced     by state, 64 to a word: whether only an ample set was tried
struct BreadthFirstSearch: ~Copyable {
  private(set) var store: StateStore
  var explorer: Explorer
  private var parents = ParentList()
  private var reduced: [UInt64] = []
  private(set) var found: FindingSet
  private(set) var statistics = Statistics()
  private(set) var limit: LimitReached?
  /// How many initial states end the run with a finding before the first step.
  private(set) var failedBeginnings = 0
  /// The initial states; the first that are stored.
  private(set) var initialStates: [Int] = []
  /// By initial state: which of the program's it is.
  private var initialNumbers: [Int] = []
  /// Whether some step led to a state that is not deeper than where it came from; without one there is no cycle.
  private(set) var mayHaveCycle = false
  /// By key: the first state and step that showed it; the thread is -1 if the state itself did.
  private(set) var firstSeen: [FindingKey: (state: Int, thread: Int, choice: Int)] = [:]

  /// What was left out.
  let strategy: SearchStrategy
  private let judge: Judge
  private let limits: Limits
  private let supervisor: Supervisor
  private var crew: SearchCrew
  private var keys: [FindingKey] = []
  private var usesAmpleSets: Bool
  /// See ``StateStore/warm(_:)``.
  private var warmth: UInt32 = 0
  /// The number of single steps at which the outer world is asked again.
  private var nextHearing = PhaseWatch.stepsBetweenHearings

  init(
    _ judge: Judge,
    _ strategy: SearchStrategy,
    limits: Limits,
    crew size: SearchCrew.Size = SearchCrew.Size(),
    supervisor: Supervisor
  ) {
    let machine = judge.machine
    self.judge = judge
    self.strategy = strategy
    self.limits = limits
    self.supervisor = supervisor
    store = StateStore(groups: machine.slotGroups)
    explorer = Explorer(machine, strategy)
    crew = SearchCrew(judge, strategy, size)
    usesAmpleSets = strategy.ampleSets != nil
    found = FindingSet(for: machine.program)
    statistics.bytesPerState = store.bytesPerState
  }

  /// Bytes in use by the search.
  var byteCount: Int {
    store.byteCount + parents.byteCount + reduced.count * MemoryLayout<UInt64>.stride
  }

  /// Runs to the end or to a limit.
  mutating func run() {
    guard addInitialStates() else { return }
    var number = 0
    while number < store.count, limit == nil {
      if number > 0 {
        statistics.depth += 1
        weighAmpleSets(expanded: number)
      }
      let level = number..<store.count
      expand(level)
      number = level.upperBound
    }
    crew.addCoverage(to: &explorer.effects)
    statistics.states = store.count
    statistics.bytesPerState = store.bytesPerState
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
            initialNumbers.append(number)
            initialStates.append(inserted)
          }
        }
        note(state: state, thread: -1, choice: number)
      }
      return true
    }
  }

  /// Expands a level: all states that are as deep as the first of them.
  private mutating func expand(_ level: Range<Int>) {
    var batches: [SuccessorBatch] = []
    var layout = store.layout
    var number = level.lowerBound
    while limit == nil, number < level.upperBound || !batches.isEmpty {
      let rest = number..<level.upperBound
      // Ample sets ask the table, and new codes change how states are packed.
      let mayOverlap =
        crew.isShared(rest) && !usesAmpleSets && !batches.contains { $0.hasUnpacked }
      if !mayOverlap {
        settle(&batches, packedIn: layout, levelEnd: level.upperBound)
        if limit != nil || rest.isEmpty { return }
      }
      layout = store.layout
      let assignment = crew.begin(rest, of: store, usesAmpleSets: usesAmpleSets)
      if mayOverlap { settle(&batches, packedIn: layout, levelEnd: level.upperBound) }
      crew.finish(assignment)
      batches = crew.lookUp(in: store, levelEnd: level.upperBound)
      number = batches.reduce(number) { $0 + $1.states.count }
      if crew.stepCount >= nextHearing, limit == nil { supervise(expanded: number) }
    }
  }

  /// Takes over what was found, and empties the list, so that its batches are used again in place.
  private mutating func settle(
    _ batches: inout [SuccessorBatch],
    packedIn layout: SlotCoding.Layout,
    levelEnd: Int
  ) {
    for batch in batches where limit == nil {
      settle(batch, packedIn: layout, levelEnd: levelEnd)
    }
    crew.recycle(batches)
    batches = []
  }

  /// Takes over what was found from some states, as if they were expanded one after the other.
  private mutating func settle(
    _ batch: SuccessorBatch,
    packedIn layout: SlotCoding.Layout,
    levelEnd: Int
  ) {
    warmth ^= batch.warm(store)
    var notes = batch.notes[...]
    var candidate = 0
    var unpacked = 0
    for (offset, expansion) in batch.states.enumerated() {
      let number = batch.firstState + offset
      while let note = notes.first, note.state == number {
        if found.insert(note.key) { firstSeen[note.key] = (number, note.thread, note.choice) }
        notes.removeFirst()
      }
      statistics.transitions += expansion.transitions
      mergedSteps += expansion.mergedSteps
      if expansion.isReduced { markReduced(number) }
      if expansion.leadsBack { mayHaveCycle = true }
      if let reached = expansion.limit, pendingLimit == nil { pendingLimit = .machine(reached) }
      while candidate < expansion.candidateEnd {
        if store.isAboutToGrow, !mayGrow(),
          !batch.isStored(candidate, unpacked, packedIn: layout, in: &store)
        {
          limit = .memory(bytes: limits.memoryBytes ?? 0)
          return
        }
        let place = batch.insert(candidate, &unpacked, packedIn: layout, into: &store)
        if place.isNew {
          parents.append(number)
        } else if place.number < levelEnd {
          mayHaveCycle = true
        }
        candidate += 1
      }
      checkLimits(number)
      if limit != nil { return }
    }
  }

  // MARK: Ample sets

  private mutating func markReduced(_ number: Int) {
    while reduced.count <= number >> 6 { reduced.append(0) }
    reduced[number >> 6] |= 1 << UInt64(number & 63)
    reducedCount += 1
  }

  /// How many states were expanded with an ample set only.
  private(set) var reducedCount = 0
  /// How many steps were merged with the one before.
  private(set) var mergedSteps = 0

  /// Gives ample sets up where they hardly ever help: asked between levels, so that the answer depends on counts alone.
  private mutating func weighAmpleSets(expanded: Int) {
    if expanded >= 10_000, reducedCount * 20 < expanded { usesAmpleSets = false }
  }

  /// Expands a stored state once more, as the search did.
  ///
  /// The body gets each step with the number of single steps that it is made of, and the stored state it leads to; `nil` if the step
  /// ends the run or leads out of what was stored. ``Explorer/enabled`` is that of the state.
  mutating func forEachSuccessor(
    of state: Int,
    _ body: (_ thread: Int, _ choice: Int, _ length: Int, _ target: Int?) -> Void
  ) {
    explorer.load(state, from: store)
    let isReduced = state >> 6 < reduced.count && reduced[state >> 6] >> UInt64(state & 63) & 1 != 0
    let ample = isReduced ? explorer.ampleSet() : nil
    func isTried(_ thread: Int) -> Bool { ample?.contains(thread) ?? true }
    for thread in 0..<explorer.threadCount
    where isTried(thread) && !(explorer.isTwin(thread) && isTried(thread - 1)) {
      for choice in 0..<explorer.enabled[thread] {
        let outcome = explorer.step(thread, choice: choice)
        let ends = explorer.endsRun(outcome)
        if !ends { while explorer.goOn() {} }
        body(thread, choice, explorer.chainLength, ends ? nil : findSuccessor())
      }
    }
  }

  /// A limit of the machine that was met while other states were still to be searched.
  private var pendingLimit: LimitReached?

  private mutating func note(state: Int, thread: Int, choice: Int) {
    for key in keys where found.insert(key) { firstSeen[key] = (state, thread, choice) }
    keys.removeAll(keepingCapacity: true)
  }

  private mutating func checkLimits(_ number: Int) {
    let most = min(limits.states ?? StateStore.capacity, StateStore.capacity)
    if store.count > most {
      limit = .states(most)
    } else if number & 63 == 0, let most = limits.memoryBytes, byteCount > most {
      limit = .memory(bytes: most)
    } else if number + 1 == store.count {
      limit = pendingLimit
    }
  }

  /// Whether the table can grow within the memory that is allowed; asked before it does, not after.
  private func mayGrow() -> Bool {
    guard let most = limits.memoryBytes else { return true }
    return byteCount - store.byteCount + store.byteCountAfterGrowth <= most
  }

  private mutating func supervise(expanded: Int) {
    nextHearing = crew.stepCount + PhaseWatch.stepsBetweenHearings
    let progress = Progress(
      phase: .searching,
      states: store.count,
      transitions: statistics.transitions,
      frontier: store.count - expanded,
      depth: statistics.depth,
      memoryBytes: byteCount,
      findings: found.count
    )
    limit = LimitReached(supervisor.progress(progress), limits)
  }

  /// The number of a state that has the given words; `nil` if it is not stored.
  mutating func number(of words: [Int]) -> Int? { store.find(words.span) }

  /// The number under which the explorer's successor is stored; `nil` if it is not.
  mutating func findSuccessor() -> Int? { explorer.find(in: &store) }

  /// A finding as it was first seen: the stored states on the way, and the step after the last of them.
  struct Sighting {
    /// The number of the initial state.
    var initialState: Int
    /// The stored states, from the initial one on; empty if the initial state itself ends the run.
    var states: [Int]
    /// The thread and the outcome of the step that shows the finding; `nil` if the last state does.
    var step: Schedule.Step?
  }

  /// How a finding was first seen: in as few stored steps as possible, whatever the preemptions.
  func firstSighting(of key: FindingKey) -> Sighting? {
    guard let (state, thread, choice) = firstSeen[key] else { return nil }
    guard state >= 0 else { return Sighting(initialState: choice, states: []) }
    var sighting = sighting(of: state)
    if thread >= 0 { sighting.step = Schedule.Step(ThreadID(thread), choice: choice) }
    return sighting
  }

  /// The number of stored steps along which a state was discovered.
  func distance(of state: Int) -> Int {
    var steps = 0
    var state = state
    while state >= initialStates.count {
      state = parents[state - initialStates.count]
      steps += 1
    }
    return steps
  }

  /// Of the stored states along which a state was discovered at most so many, evenly spaced, the first and the last among them.
  func way(to state: Int, atMost count: Int) -> [Int] {
    let distance = distance(of: state)
    let stride = max(1, (distance + count - 2) / (count - 1))
    var states = [state]
    var state = state
    for step in Swift.stride(from: distance - 1, through: 0, by: -1) {
      state = parents[state - initialStates.count]
      if step.isMultiple(of: stride) { states.append(state) }
    }
    return states.reversed()
  }

  /// The stored states along which a state was discovered.
  func sighting(of state: Int) -> Sighting {
    var states = [state]
    var first = state
    while first >= initialStates.count {
      first = parents[first - initialStates.count]
      states.append(first)
    }
    return Sighting(initialState: initialNumbers[first], states: states.reversed())
  }
}
