import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Finds for each finding, of all orders that show it, one with the fewest preemptions, and among those the fewest steps.
///
/// A breadth-first search over pairs of a stored state and the thread that moved last, in layers of (preemptions, steps):
/// a switch away from a thread that could have gone on waits for the next number of preemptions (a 0-1 breadth-first search). The first time a
/// finding shows up is therefore the best. Among equals the order in which layers are filled decides: first those that were there with
/// fewer steps since the last preemption, then staying on the running thread before switching, then the lower thread number, then the
/// lower choice.
///
/// Walks only in states that the search has stored.
struct TraceShortener {
  /// Where to start, and what the way up to there was.
  struct Root {
    /// A stored state.
    var state: Int
    /// The thread that moved last.
    var last: Int?
    /// The number of the initial state, for the schedule.
    var initialState: Int
  }

  /// The best order for a finding.
  struct Found {
    var schedule: Schedule
    /// The stored state after the last step, if the step ended in one.
    var endState: Int?
  }

  private struct Node {
    var state: UInt32
    /// ``none`` if nobody has moved yet.
    var last: UInt16
    var choice: UInt16
    var parent: UInt32
  }

  private struct Move {
    var node: UInt32
    var thread: UInt16
    var choice: UInt16
  }

  private static let none = UInt16.max

  private(set) var found: [FindingKey: Found] = [:]
  /// Whether the first finding is enough.
  var stopsAtFirst = false
  private var wanted: Set<FindingKey>
  /// By stored state: findings that a trace shows by reaching it.
  private let goals: [Int: [FindingKey]]
  private var roots: [Root] = []
  private var nodes: [Node] = []
  private var visited: Set<UInt64> = []
  private var judged: [Bool]
  private var loaded = -1
  private var free: [Move] = []
  /// By number of steps: moves that wait for the next number of preemptions.
  private var waiting: [[Move]] = []
  private let judge: Judge

  init(
    wanted: Set<FindingKey>,
    goals: [Int: [FindingKey]],
    judge: Judge,
    _ search: borrowing BreadthFirstSearch
  ) {
    self.wanted = wanted
    self.goals = goals
    self.judge = judge
    judged = Array(repeating: false, count: search.store.count)
  }

  /// Runs until every wanted finding has its order, or `mayGoOn` says no.
  mutating func run(
    from roots: [Root],
    _ search: inout BreadthFirstSearch,
    mayGoOn: (_ nodes: Int) -> Bool
  ) {
    self.roots = roots
    for (number, root) in roots.enumerated() where !wanted.isEmpty {
      let node = Node(
        state: UInt32(root.state),
        last: root.last.map { UInt16($0) } ?? Self.none,
        choice: UInt16(number),
        parent: UInt32.max
      )
      add(node, steps: 0, &search)
    }
    var postponed: [[Move]] = []
    repeat {
      var steps = 1
      var moves = free
      free = []
      while !moves.isEmpty || steps < postponed.count {
        if steps < postponed.count {
          moves += postponed[steps]
          postponed[steps] = []
        }
        for move in moves {
          take(move, steps: steps, &search)
          if wanted.isEmpty { return }
        }
        guard mayGoOn(nodes.count) else { return }
        moves = free
        free = []
        steps += 1
      }
      postponed = waiting
      waiting = []
    } while postponed.contains { !$0.isEmpty } && !wanted.isEmpty
  }

  private mutating func take(_ move: Move, steps: Int, _ search: inout BreadthFirstSearch) {
    let state = Int(nodes[Int(move.node)].state)
    if loaded != state {
      search.explorer.load(state, from: search.store)
      loaded = state
    }
    let mustGoOn = search.explorer.mustGoOn
    let outcome = search.explorer.step(Int(move.thread), choice: Int(move.choice))
    let target = outcome == .completed ? search.findSuccessor() : nil
    var keys: [FindingKey] = []
    search.explorer.judgeStep(judge, outcome, mustGoOnBefore: mustGoOn, into: &keys)
    for key in keys where wanted.contains(key) {
      var schedule = schedule(to: Int(move.node))
      schedule.steps.append(
        Schedule.Step(ThreadID(Int(move.thread)), choice: Int(move.choice))
      )
      settle(key, Found(schedule: schedule, endState: target))
    }
    guard let target else { return }
    add(
      Node(state: UInt32(target), last: move.thread, choice: move.choice, parent: move.node),
      steps: steps,
      &search
    )
  }

  private mutating func add(_ node: Node, steps: Int, _ search: inout BreadthFirstSearch) {
    guard visited.insert(UInt64(node.state) << 16 | UInt64(node.last)).inserted else { return }
    let number = UInt32(nodes.count)
    nodes.append(node)
    let state = Int(node.state)
    search.explorer.load(state, from: search.store)
    loaded = state
    if !judged[state] {
      judged[state] = true
      var keys = goals[state] ?? []
      search.explorer.judgeState(
        judge,
        ignoring: FindingSet(for: judge.machine.program),
        into: &keys
      )
      for key in keys where wanted.contains(key) {
        settle(key, Found(schedule: schedule(to: Int(number)), endState: state))
      }
    }
    postpone(number, node, steps: steps, search.explorer)
  }

  /// Files the moves of a new node: those that cost no preemption for the next step, the others for the next number of preemptions.
  private mutating func postpone(
    _ number: UInt32,
    _ node: Node,
    steps: Int,
    _ explorer: borrowing Explorer
  ) {
    let last = node.last == Self.none ? -1 : Int(node.last)
    let isPreemptible = last >= 0 && explorer.isPreemptible(last)
    func moves(of thread: Int) -> [Move] {
      (0..<explorer.enabled[thread]).map {
        Move(node: number, thread: UInt16(thread), choice: UInt16($0))
      }
    }
    if last >= 0 { free += moves(of: last) }
    for thread in 0..<explorer.threadCount where thread != last && explorer.enabled[thread] > 0 {
      if isPreemptible {
        while waiting.count <= steps + 1 { waiting.append([]) }
        waiting[steps + 1] += moves(of: thread)
      } else {
        free += moves(of: thread)
      }
    }
  }

  private mutating func settle(_ key: FindingKey, _ result: Found) {
    guard wanted.remove(key) != nil else { return }
    found[key] = result
    if stopsAtFirst { wanted = [] }
  }

  private func schedule(to number: Int) -> Schedule {
    var steps: [Schedule.Step] = []
    var node = nodes[number]
    while node.parent != UInt32.max {
      steps.append(Schedule.Step(ThreadID(Int(node.last)), choice: Int(node.choice)))
      node = nodes[Int(node.parent)]
    }
    return Schedule(
      initialState: roots[Int(node.choice)].initialState,
      steps: steps.reversed()
    )
  }
}
