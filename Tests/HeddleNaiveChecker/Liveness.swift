import HeddleProgram

/// Who goes on for ever, and who never goes on again.
struct Liveness {
  let graph: Graph
  let fairness: NaiveChecker.Fairness
  let enabled: [Set<Int>]

  init(_ graph: Graph, _ fairness: NaiveChecker.Fairness) {
    self.graph = graph
    self.fairness = fairness
    enabled = graph.edges.map { Set($0.map(\.thread)) }
  }

  /// The findings about the infinite runs, and the daemons that are stuck after everything else.
  func findings() -> Set<Key> {
    var found: Set<Key> = []
    let maximal = cyclic(Array(graph.states.indices))
    // Where no fair run can stay, the run ends soon, and nobody waits for ever.
    for component in maximal where isBottom(component) && !fairParts(component).isEmpty {
      found.formUnion(blockedForever(component))
      found.formUnion(blockedDaemons(component))
    }
    for state in graph.states.indices where graph.edges[state].isEmpty {
      found.formUnion(blockedDaemons([state]))
    }
    for component in maximal.flatMap(fairParts) { found.formUnion(neverEnding(component)) }
    return found
  }

  // MARK: Components

  private func targets(_ state: Int) -> [Int] { graph.edges[state].compactMap(\.target) }

  /// The strongly connected components of the graph on `states` that have an edge.
  private func cyclic(_ states: [Int]) -> [[Int]] {
    components(of: states, successors: targets).filter { component in
      component.count > 1 || targets(component[0]).contains(component[0])
    }
  }

  /// Whether no step leads out of it, as far as is known.
  private func isBottom(_ component: [Int]) -> Bool {
    let members = Set(component)
    return component.allSatisfy { state in
      graph.edges[state].allSatisfy { edge in
        if let target = edge.target { members.contains(target) } else { edge.outcome != .limit }
      }
    }
  }

  /// The threads that take a step within the component.
  private func moving(_ component: [Int]) -> Set<Int> {
    let members = Set(component)
    let edges = component.flatMap { graph.edges[$0] }
    return Set(edges.filter { $0.target.map(members.contains) ?? false }.map(\.thread))
  }

  /// The parts of a component that a fair run can stay in for ever, visiting all of the part again and again.
  private func fairParts(_ component: [Int]) -> [[Int]] {
    let moving = moving(component)
    switch fairness {
    case .none: return [component]
    case .weak:
      let always = component.map { enabled[$0] }.reduce(enabled[component[0]]) {
        $0.intersection($1)
      }
      return always.isSubset(of: moving) ? [component] : []
    case .strong:
      // A thread that could move and never does must not be able to.
      let rest = component.filter { enabled[$0].isSubset(of: moving) }
      return rest.count == component.count ? [component] : cyclic(rest).flatMap(fairParts)
    }
  }

  // MARK: Threads

  private func isDaemon(_ thread: Int) -> Bool { graph.setting.type(of: thread).isDaemon }

  private func running(_ component: [Int]) -> [Int] {
    let state = graph.states[component[0]]
    return state.threads.indices.filter { state.threads[$0].phase == .running }
  }

  private func key(_ kind: FindingKind, _ thread: Int) -> Key {
    Key(kind: kind, subject: graph.setting.type(of: thread).name)
  }

  /// The threads that only join threads that go on for ever, directly or through others like them.
  ///
  /// A join with a timeout waits for nobody.
  /// A daemon that goes on is not told about while somebody waits for it, so joining one is being blocked.
  private func merelyJoining(_ component: [Int], _ moving: Set<Int>) -> Set<Int> {
    let state = graph.states[component[0]]
    var found: Set<Int> = []
    while true {
      let more = running(component).filter { thread in
        guard !moving.contains(thread), !found.contains(thread),
          case .join(let target, .blocking) = graph.setting.program.instructions[
            state.threads[thread].position
          ]
        else { return false }
        var execution = Execution(graph.setting, state)
        execution.thread = thread
        let targets = (try? execution.joined(target)) ?? []
        let unfinished = targets.filter { state.threads[$0].phase == .running }
        return !unfinished.isEmpty
          && unfinished.allSatisfy {
            (moving.contains($0) && !isDaemon($0)) || found.contains($0)
          }
      }
      if more.isEmpty { return found }
      found.formUnion(more)
    }
  }

  // MARK: Findings

  /// The non-daemon threads that can never move again while others do.
  private func blockedForever(_ component: [Int]) -> Set<Key> {
    let canMove = Set(component.flatMap { enabled[$0] })
    // One that could move and does not is told about as well: its run never ends.
    let joining = merelyJoining(component, canMove)
    let blocked = running(component).filter {
      !isDaemon($0) && !canMove.contains($0) && !joining.contains($0)
    }
    return Set(blocked.map { key(.blockedForever, $0) })
  }

  /// The daemons that can never move again after everything else has ended.
  private func blockedDaemons(_ component: [Int]) -> Set<Key> {
    guard graph.setting.allNonDaemonsEnded(in: graph.states[component[0]]) else { return [] }
    let canMove = Set(component.flatMap { enabled[$0] })
    let blocked = running(component).filter {
      isDaemon($0) && !graph.setting.type(of: $0).mayOutliveMain && !canMove.contains($0)
    }
    return Set(blocked.map { key(.daemonBlocked, $0) })
  }

  /// The threads that do not end in a run that stays in the component.
  private func neverEnding(_ component: [Int]) -> Set<Key> {
    let moving = moving(component)
    let joining = merelyJoining(component, moving)
    let isOver = graph.setting.allNonDaemonsEnded(in: graph.states[component[0]])
    let found = running(component).filter { thread in
      if isDaemon(thread) {
        let isIntended = graph.setting.type(of: thread).mayOutliveMain
        return isOver && !isIntended && moving.contains(thread)
      }
      if moving.contains(thread) { return true }
      return !joining.contains(thread) && canEverMove(thread, from: component)
    }
    return Set(found.map { key(.neverTerminates, $0) })
  }

  /// Whether some run from the component reaches a state in which the thread has a step.
  private func canEverMove(_ thread: Int, from component: [Int]) -> Bool {
    var seen = Set(component)
    var open = component
    while let state = open.popLast() {
      if enabled[state].contains(thread) { return true }
      open += targets(state).filter { seen.insert($0).inserted }
    }
    return false
  }
}
