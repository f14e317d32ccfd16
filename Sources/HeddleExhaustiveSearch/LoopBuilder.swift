import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Finds a short fair loop through a state of a fair component.
///
/// First the shortest loop on which every thread that has to move does; if keeping track of who has moved is too much, a loop
/// that visits a step of each moving thread in turn, which is fair because the component is.
struct LoopBuilder {
  private let graph: CycleGraph
  private let component: FairComponent
  private let fairness: Fairness
  private var members: [Bool]

  /// How many pairs of state and moved threads the exact search may visit.
  private static let budget = 100_000

  init(_ graph: CycleGraph, _ component: FairComponent, _ fairness: Fairness) {
    self.graph = graph
    self.component = component
    self.fairness = fairness
    members = Array(repeating: false, count: graph.states.count)
    for state in component.states { members[state] = true }
  }

  /// The steps of a loop from `state` back to it; `thread`, if given, moves in it.
  ///
  /// Incomplete if it has to stop before.
  func loop(
    from state: Int,
    through thread: Int?,
    _ hearing: inout PhaseHearing
  ) -> [Schedule.Step] {
    shortestLoop(from: state, through: thread, &hearing) ?? roundTrip(from: state, &hearing)
  }

  // MARK: The exact search

  private struct Node: Hashable {
    var state: Int
    var moved: UInt64
    /// Enabled somewhere on the way under strong fairness, everywhere under weak fairness.
    var owed: UInt64
  }

  private func shortestLoop(
    from start: Int,
    through thread: Int?,
    _ hearing: inout PhaseHearing
  ) -> [Schedule.Step]? {
    guard graph.threadCount <= 64 else { return nil }
    let all = graph.enabled[start].words[0]
    let root = Node(state: start, moved: 0, owed: fairness == .none ? 0 : all)
    var parents: [Node: (Node, CycleGraph.Edge)] = [:]
    var seen: Set<Node> = [root]
    var layer = [root]
    while !layer.isEmpty, seen.count < Self.budget {
      var next: [Node] = []
      for node in layer where hearing.mayGoOn() {
        for edge in graph.edges(of: node.state) where edge.target >= 0 && members[edge.target] {
          var following = node
          following.state = edge.target
          following.moved |= 1 << UInt64(edge.thread)
          let enabled = graph.enabled[edge.target].words[0]
          switch fairness {
          case .strong: following.owed |= enabled
          case .weak: following.owed &= enabled
          case .none: break
          }
          guard seen.insert(following).inserted else { continue }
          parents[following] = (node, edge)
          let isFair = following.owed & ~following.moved == 0
          let takesThread = thread.map { following.moved >> UInt64($0) & 1 != 0 } ?? true
          if following.state == start, isFair, takesThread {
            return steps(to: following, from: root, parents)
          }
          next.append(following)
        }
      }
      layer = next
    }
    return nil
  }

  private func steps(
    to last: Node,
    from root: Node,
    _ parents: [Node: (Node, CycleGraph.Edge)]
  ) -> [Schedule.Step] {
    var edges: [CycleGraph.Edge] = []
    var node = last
    while let (parent, edge) = parents[node] {
      edges.append(edge)
      if parent == root { break }
      node = parent
    }
    return edges.reversed().flatMap(graph.steps)
  }

  // MARK: The round trip

  private func roundTrip(from start: Int, _ hearing: inout PhaseHearing) -> [Schedule.Step] {
    var steps: [Schedule.Step] = []
    var state = start
    for thread in 0..<graph.threadCount where component.moving.contains(thread) {
      if steps.contains(where: { $0.thread.index == thread }) { continue }
      state = walk(from: state, &steps, &hearing) { edge in edge.thread == thread }
    }
    if state != start { _ = walk(from: state, &steps, &hearing) { $0.target == start } }
    return steps
  }

  /// Appends a shortest walk whose last edge satisfies `isLast`; returns where it ends.
  private func walk(
    from start: Int,
    _ steps: inout [Schedule.Step],
    _ hearing: inout PhaseHearing,
    until isLast: (CycleGraph.Edge) -> Bool
  ) -> Int {
    var cameBy: [Int: (from: Int, edge: CycleGraph.Edge)] = [:]
    var layer = [start]
    var seen: Set<Int> = [start]
    while !layer.isEmpty {
      var next: [Int] = []
      for state in layer where hearing.mayGoOn() {
        for edge in graph.edges(of: state) where edge.target >= 0 && members[edge.target] {
          if isLast(edge) {
            var tail = [edge]
            var at = state
            while at != start, let (from, edge) = cameBy[at] {
              tail.append(edge)
              at = from
            }
            steps += tail.reversed().flatMap(graph.steps)
            return edge.target
          }
          if seen.insert(edge.target).inserted {
            cameBy[edge.target] = (state, edge)
            next.append(edge.target)
          }
        }
      }
      layer = next
    }
    return start
  }
}
