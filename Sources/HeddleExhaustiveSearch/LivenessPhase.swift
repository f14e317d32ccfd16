import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// The findings that only endless runs show: HD301, HD202, and HD302 where other threads go on.
struct LivenessPhase {
  /// One such finding: where a trace has to go, and how it goes on from there.
  struct Suspect {
    var key: FindingKey
    /// Stored states, any of which shows it.
    var goals: [Int]
  }

  private(set) var suspects: [FindingKey: Suspect] = [:]
  private let graph: CycleGraph
  private let fair: [FairComponent]
  /// By renumbered state: its fair component, or -1.
  private var fairOfState: [Int]
  private let fairness: Fairness
  private let judge: Judge
  private let program: Program

  /// Judges, unless it has to stop before: then what it has found is incomplete.
  init(
    _ search: inout BreadthFirstSearch,
    _ components: ComponentGraph,
    fairness: Fairness,
    judge: Judge,
    _ hearing: inout PhaseHearing
  ) {
    let graph = CycleGraph(&search, components, &hearing)
    self.graph = graph
    self.fairness = fairness
    self.judge = judge
    program = judge.machine.program
    fair = graph.fairComponents(fairness, &hearing)
    fairOfState = Array(repeating: -1, count: graph.states.count)
    guard hearing.limit == nil else { return }
    for (number, component) in fair.enumerated() {
      for state in component.states { fairOfState[state] = number }
    }
    for component in fair {
      guard hearing.mayGoOn(after: component.states.count) else { return }
      judgeFair(component, &search, &hearing)
    }
    judgeBottoms(&search, components, &hearing)
  }

  // MARK: Endless runs

  private mutating func judgeFair(
    _ component: FairComponent,
    _ search: inout BreadthFirstSearch,
    _ hearing: inout PhaseHearing
  ) {
    let sample = graph.states[component.states[0]]
    search.explorer.load(sample, from: search.store)
    let mustGoOn = search.explorer.mustGoOn
    let running = (0..<graph.threadCount).filter { search.explorer.isRunning($0) }
    let joining = merelyJoining(running, component.moving, &search)
    for thread in running {
      let type = program.instances[thread].type
      let declaration = program.threadTypes[type.index]
      if component.moving.contains(thread) {
        if !declaration.isDaemon || (!mustGoOn && !declaration.mayOutliveMain) {
          add(.neverTerminates(type), component.states)
        }
      } else if !declaration.isDaemon, !joining.contains(thread),
        canEverMove(thread, from: sample, &search, &hearing)
      {
        add(.neverTerminates(type), component.states)
      }
    }
  }

  private mutating func add(_ key: FindingKey, _ states: [Int]) {
    suspects[key, default: Suspect(key: key, goals: [])].goals += states.map {
      graph.states[$0]
    }
  }

  /// The threads that stand at a `join` of threads that move for ever, or of others that merely join.
  ///
  /// Joining a daemon does not count: as long as somebody waits for it the daemon is not judged, so the waiting itself is the finding. The
  /// current state of the explorer is asked.
  private func merelyJoining(
    _ running: [Int],
    _ moving: BitSet,
    _ search: inout BreadthFirstSearch
  ) -> Set<Int> {
    var joining: Set<Int> = []
    var changed = true
    while changed {
      changed = false
      for thread in running where !moving.contains(thread) && !joining.contains(thread) {
        guard let awaited = search.explorer.awaitedThreads(of: thread), !awaited.isEmpty else {
          continue
        }
        let areReported = awaited.allSatisfy { other in
          moving.contains(other) && !judge.isDaemon(other) || joining.contains(other)
        }
        if areReported {
          joining.insert(thread)
          changed = true
        }
      }
    }
    return joining
  }

  private func canEverMove(
    _ thread: Int,
    from state: Int,
    _ search: inout BreadthFirstSearch,
    _ hearing: inout PhaseHearing
  ) -> Bool {
    var seen: Set<Int> = [state]
    var pending = [state]
    while let state = pending.popLast() {
      var targets: [Int] = []
      search.forEachSuccessor(of: state) { _, _, _, target in
        if let target { targets.append(target) }
      }
      if search.explorer.enabled[thread] > 0 { return true }
      for target in targets where seen.insert(target).inserted { pending.append(target) }
      guard hearing.mayGoOn(after: 1 + targets.count) else { return false }
    }
    return false
  }

  /// The loop that a trace of HD301 goes on with at a state that it reached.
  func loop(
    for key: FindingKey,
    at state: Int,
    _ hearing: inout PhaseHearing
  ) -> [Schedule.Step]? {
    guard case .neverTerminates(let type) = key, let number = graph.numbers[state],
      fairOfState[number] >= 0
    else { return nil }
    let component = fair[fairOfState[number]]
    let thread = program.instances.indices.first {
      program.instances[$0].type == type && component.moving.contains($0)
    }
    return LoopBuilder(graph, component, fairness).loop(from: number, through: thread, &hearing)
  }

  // MARK: Threads that never move again

  private mutating func judgeBottoms(
    _ search: inout BreadthFirstSearch,
    _ components: ComponentGraph,
    _ hearing: inout PhaseHearing
  ) {
    var blocked: [Int: [Int]] = [:]
    for (number, range) in graph.components.enumerated() where graph.isBottom[number] {
      guard hearing.mayGoOn() else { return }
      // Where no fair run can stay the run soon ends in another finding, and nobody waits for ever.
      guard range.contains(where: { fairOfState[$0] >= 0 }) else { continue }
      let states = Array(range)
      let enabled = graph.enabledSomewhere(in: states, &hearing)
      search.explorer.load(graph.states[states[0]], from: search.store)
      let mustGoOn = search.explorer.mustGoOn
      let running = (0..<graph.threadCount).filter { search.explorer.isRunning($0) }
      let joining = merelyJoining(running, enabled, &search)
      for thread in running where !enabled.contains(thread) {
        if let type = judge.blockableDaemon(thread), !mustGoOn {
          add(.daemonBlocked(type), states)
        }
        let declaration = program.threadTypes[program.instances[thread].type.index]
        if !declaration.isDaemon, !joining.contains(thread) {
          blocked[thread, default: []].append(graph.states[states[0]])
        }
      }
    }
    for (thread, bottoms) in blocked.sorted(by: { $0.key < $1.key }) {
      let key = FindingKey.blockedForever(program.instances[thread].type)
      suspects[key, default: Suspect(key: key, goals: [])].goals +=
        whereBlocked(thread, bottoms, &search, components, &hearing)
    }
  }

  /// The states in which a running thread can never move again, and from which one of the given components can be reached:
  /// the finding is reported when it forms, not only when the others have settled into their loop.
  private func whereBlocked(
    _ thread: Int,
    _ bottoms: [Int],
    _ search: inout BreadthFirstSearch,
    _ components: ComponentGraph,
    _ hearing: inout PhaseHearing
  ) -> [Int] {
    var canMove = Array(repeating: false, count: components.count)
    var reaches = canMove
    for state in bottoms { reaches[Int(components.components[state])] = true }
    for state in components.order {
      let own = Int(components.components[Int(state)])
      var steps = 1
      search.forEachSuccessor(of: Int(state)) { mover, _, _, target in
        steps += 1
        if mover == thread { canMove[own] = true }
        guard let target else { return }
        let other = Int(components.components[target])
        if canMove[other] { canMove[own] = true }
        if reaches[other] { reaches[own] = true }
      }
      guard hearing.mayGoOn(after: steps) else { return [] }
    }
    return components.components.indices.filter { state in
      let component = Int(components.components[state])
      guard hearing.mayGoOn(), !canMove[component], reaches[component] else { return false }
      search.explorer.load(state, from: search.store)
      return search.explorer.isRunning(thread)
    }
  }
}
