import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Goes through the orders by their number of preemptions, then by their number of steps, so that whatever it finds it finds in the best order.
///
/// A breadth-first search over pairs of a state and the thread that moved last, in layers of (preemptions, steps): a switch away from a thread that could have
/// gone on waits for the next number of preemptions (a 0-1 breadth-first search). Most mistakes need very few (Musuvathi and Qadeer, "Iterative context bounding
/// for systematic testing of multithreaded programs", PLDI 2007), so it is also the quickest way to a first finding.
///
/// Among equals the order in which layers are filled decides: first those that were there with fewer steps since the last preemption, then staying on
/// the running thread before switching, then the lower thread number, then the lower choice. With a symmetry the threads that stand for
/// others are the first in this sense.
///
/// It can be run for a while, asked what it has found, and go on later.
///
/// ### Layout
///     store      the pairs: the words of the state, then the thread that moved last + 1, or 0
///     parents    by pair: the pair it was discovered from; itself for a root
///     ways       by pair: thread << 16 | choice of the discovering step; the number of the root for a root
struct PreemptionBoundedSearch: ~Copyable {
  /// Where orders begin.
  struct Root {
    /// The number of the initial state, for the schedule.
    var initialState: Int
    /// Where to go on, if not at the initial state.
    var position: (state: [Int], last: Int, steps: [Schedule.Step])?
  }

  /// The best order for a finding.
  struct Found {
    var schedule: Schedule
    /// The state after the last step; `nil` if the step ends the run.
    var endState: [Int]?
  }

  private struct Move {
    var pair: UInt32
    var thread: UInt16
    var choice: UInt16
  }

  private(set) var found: [FindingKey: Found] = [:]
  /// Whether every order was gone through.
  private(set) var isExhausted = false
  /// What is looked for; `nil` for everything.
  var wanted: Set<FindingKey>?
  /// Whether the first finding is enough.
  var stopsAtFirst = false

  private let judge: Judge
  private let strategy: SearchStrategy
  private let roots: [Root]
  private var goals: GoalStates
  private var explorer: Explorer
  private var store: StateStore
  private var parents: [UInt32] = []
  private var ways: [UInt32] = []
  private var seen: FindingSet
  private var keys: [FindingKey] = []
  private var words: [Int]
  private var loaded = -1
  private var nextHearing = PhaseWatch.stepsBetweenHearings

  /// Every order with so few preemptions was gone through; -1 if not even those without any were.
  private(set) var exhaustedPreemptions = -1
  private var steps = 0
  private var moves: [Move] = []
  private var cursor = 0
  /// Those and all that wait.
  private var moveCount = 0
  /// Moves that cost no preemption, for the next step.
  private var free: [Move] = []
  /// By number of steps: moves that were waiting for this number of preemptions.
  private var postponed: [[Move]] = []
  /// By number of steps: moves that wait for the next number of preemptions.
  private var waiting: [[Move]] = []

  init(
    _ judge: Judge,
    _ strategy: SearchStrategy,
    from roots: [Root],
    goals: consuming GoalStates,
    wanted: Set<FindingKey>? = nil
  ) {
    self.judge = judge
    self.strategy = strategy
    self.roots = roots
    self.goals = goals
    self.wanted = wanted
    let machine = judge.machine
    explorer = Explorer(machine, strategy)
    let groups = machine.slotGroups
    store = StateStore(groups: groups + [(groups.max() ?? -1) + 1])
    seen = FindingSet(for: machine.program)
    words = Array(repeating: 0, count: machine.layout.width + 1)
    for number in roots.indices { addRoot(number) }
  }

  /// The number of pairs.
  var pairCount: Int { store.count }

  /// Bytes in use.
  var byteCount: Int {
    store.byteCount + (parents.count + ways.count) * MemoryLayout<UInt32>.stride
      + moveCount * MemoryLayout<Move>.stride
      + (waiting.count + postponed.count) * MemoryLayout<[Move]>.stride
  }

  // MARK: Running

  /// Goes on until everything wanted is found, there are so many pairs, or `mayGoOn` says no.
  mutating func run(pairLimit: Int, mayGoOn: (borrowing PreemptionBoundedSearch) -> Bool) {
    while !isSatisfied {
      guard cursor < moves.count || fillMoves() else {
        isExhausted = true
        return
      }
      while cursor < moves.count {
        if isSatisfied || pairCount >= pairLimit { return }
        take(moves[cursor])
        cursor += 1
        guard explorer.stepCount >= nextHearing else { continue }
        nextHearing = explorer.stepCount + PhaseWatch.stepsBetweenHearings
        if !mayGoOn(self) { return }
      }
      guard mayGoOn(self) else { return }
    }
  }

  /// Whether there is nothing left to look for.
  var isSatisfied: Bool {
    if stopsAtFirst, !found.isEmpty { return true }
    return wanted.map { wanted in wanted.allSatisfy { found[$0] != nil } } ?? false
  }

  /// Goes to the next step, or to the next number of preemptions; `false` if nothing is left.
  private mutating func fillMoves() -> Bool {
    while true {
      steps += 1
      moveCount -= moves.count
      moves = free
      free = []
      cursor = 0
      if steps < postponed.count {
        moves += postponed[steps]
        postponed[steps] = []
      }
      if !moves.isEmpty { return true }
      if steps < postponed.count { continue }
      exhaustedPreemptions += 1
      guard waiting.contains(where: { !$0.isEmpty }) else { return false }
      postponed = waiting
      waiting = []
      steps = 0
    }
  }

  private mutating func take(_ move: Move) {
    load(Int(move.pair))
    let thread = Int(move.thread)
    let mustGoOn = explorer.mustGoOn
    let outcome = explorer.step(thread, choice: Int(move.choice))
    judgeStep(outcome, mustGoOn, move)
    guard !explorer.endsRun(outcome) else { return }
    while explorer.goOn() { judgeStep(.completed, mustGoOn, move) }
    add(last: thread, from: move)
  }

  private mutating func judgeStep(_ outcome: StepOutcome, _ mustGoOn: Bool, _ move: Move) {
    explorer.judgeStep(judge, outcome, mustGoOnBefore: mustGoOn, ignoring: seen, into: &keys)
    settle { search, key in
      let step = Schedule.Step(ThreadID(Int(move.thread)), choice: Int(move.choice))
      return search.rebuild(key, upTo: Int(move.pair), then: step)
    }
  }

  private mutating func settle(_ order: (borrowing PreemptionBoundedSearch, FindingKey) -> Found?) {
    guard !keys.isEmpty else { return }
    for key in keys where found[key] == nil && wanted?.contains(key) ?? true {
      seen.insert(key)
      found[key] = order(self, key)
    }
    keys.removeAll(keepingCapacity: true)
  }

  // MARK: Pairs

  private mutating func addRoot(_ number: Int) {
    var last = -1
    if let position = roots[number].position {
      explorer.load(position.state.span)
      last = position.last
      explorer.makeCurrentSuccessor()
    } else {
      guard explorer.begin(roots[number].initialState) == .completed else { return }
    }
    insert(last: last, parent: nil, way: UInt32(number))
  }

  private mutating func add(last: Int, from move: Move) {
    insert(
      last: last,
      parent: move.pair,
      way: UInt32(move.thread) << 16 | UInt32(move.choice)
    )
  }

  /// Stores the explorer's successor with who moved last, unless the pair is there.
  private mutating func insert(last: Int, parent: UInt32?, way: UInt32) {
    var last = last
    explorer.canonicalize(marked: &last)
    explorer.copySuccessor(to: &words)
    words[words.count - 1] = last + 1
    let pair = words
    let (number, isNew) = store.insert(pair.span)
    guard isNew else { return }
    parents.append(parent ?? UInt32(number))
    ways.append(way)
    load(number)
    var shown: [FindingKey] = []
    goals.append(for: pair.span, to: &shown)
    keys += shown
    explorer.judgeState(judge, ignoring: seen, into: &keys)
    settle { search, key in search.rebuild(key, upTo: number, then: nil) }
    postpone(UInt32(number), last)
  }

  private mutating func load(_ number: Int) {
    guard loaded != number else { return }
    loaded = number
    // Borrowed, so that nothing is copied.
    var buffer: [Int] = []
    swap(&buffer, &words)
    var span = buffer.mutableSpan
    store.load(number, into: &span)
    explorer.load(buffer.span)
    swap(&buffer, &words)
  }

  /// Files the moves of a new pair: those that cost no preemption for the next step, the others for the next number of preemptions.
  private mutating func postpone(_ number: UInt32, _ last: Int) {
    let isPreemptible = last >= 0 && explorer.isPreemptible(last)
    while isPreemptible, waiting.count <= steps + 1 { waiting.append([]) }
    if last >= 0 { append(number, last, isFree: true) }
    for thread in 0..<explorer.threadCount
    where thread != last && !explorer.isTwin(thread) {
      append(number, thread, isFree: !isPreemptible)
    }
  }

  private mutating func append(_ number: UInt32, _ thread: Int, isFree: Bool) {
    for choice in 0..<explorer.enabled[thread] {
      let move = Move(pair: number, thread: UInt16(thread), choice: UInt16(choice))
      moveCount += 1
      if isFree { free.append(move) } else { waiting[steps + 1].append(move) }
    }
  }

  // MARK: Orders

  /// The order of the threads as they are that leads along the pairs to a finding.
  private func rebuild(
    _ key: FindingKey,
    upTo pair: Int,
    then step: Schedule.Step?
  ) -> Found? {
    var path = [pair]
    while Int(parents[path[path.count - 1]]) != path[path.count - 1] {
      path.append(Int(parents[path[path.count - 1]]))
    }
    let root = roots[Int(ways[path[path.count - 1]])]
    var rebuilder = ScheduleRebuilder(judge, strategy, root)
    var target = words
    for number in path.dropLast().reversed() {
      var span = target.mutableSpan
      store.load(number, into: &span)
      let way = Schedule.Step(ThreadID(Int(ways[number] >> 16)), choice: Int(ways[number] & 0xFFFF))
      let isStaying = way.thread.index == lastThread(of: Int(parents[number]))
      guard rebuilder.advance(to: target, by: way, isStaying: isStaying) else { return nil }
    }
    if let step {
      let isStaying = step.thread.index == lastThread(of: pair)
      guard rebuilder.finish(key, by: step, isStaying: isStaying) else { return nil }
    }
    return Found(schedule: rebuilder.schedule, endState: rebuilder.state)
  }

  private func lastThread(of pair: Int) -> Int {
    var target = words
    var span = target.mutableSpan
    store.load(pair, into: &span)
    return target[target.count - 1] - 1
  }
}

/// States that a finding is shown by reaching: those of endless runs, and of threads that never move again.
struct GoalStates: ~Copyable {
  private var store: StateStore
  private var keys: [[FindingKey]] = []

  /// No goals, for states of so many words.
  init(width: Int) { store = StateStore(width: width) }

  mutating func insert(_ state: Span<Int>, _ key: FindingKey) {
    let (number, isNew) = store.insert(state)
    if isNew { keys.append([]) }
    if !keys[number].contains(key) { keys[number].append(key) }
  }

  /// Appends the findings that a state shows.
  mutating func append(for state: Span<Int>, to found: inout [FindingKey]) {
    guard store.count > 0, let number = store.find(state) else { return }
    found += keys[number]
  }
}
