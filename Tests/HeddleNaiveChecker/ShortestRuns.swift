/// How long a run has to be: first the preemptions count, then the steps.
struct Cost: Hashable, Comparable {
  var preemptions: Int
  var steps: Int

  static func < (left: Cost, right: Cost) -> Bool {
    (left.preemptions, left.steps) < (right.preemptions, right.steps)
  }
}

/// The least cost of each finding of a state or of a step.
///
/// Dijkstra's search over (state, last thread): all runs with no preemption by their steps, then those with one, and
/// so on.
func leastCosts(_ graph: Graph) -> [Key: Cost] {
  struct Node: Hashable {
    var state: Int
    /// -1 at the start.
    var lastThread: Int
  }
  var costs: [Key: Cost] = [:]
  func note(_ findings: Set<Key>, _ cost: Cost) {
    for key in findings { costs[key] = min(costs[key] ?? cost, cost) }
  }
  var level: [[Node]] = [[]]
  for root in graph.roots {
    note(root.findings, Cost(preemptions: 0, steps: 0))
    if let state = root.target { level[0].append(Node(state: state, lastThread: -1)) }
  }
  var done: Set<Node> = []
  var preemptions = 0
  while !level.isEmpty {
    var nextLevel: [[Node]] = []
    var steps = 0
    while steps < level.count {
      for node in level[steps] where done.insert(node).inserted {
        note(graph.stateFindings[node.state], Cost(preemptions: preemptions, steps: steps))
        let edges = graph.edges[node.state]
        let couldGoOn = edges.contains { $0.thread == node.lastThread && !$0.isSleep }
        for edge in edges {
          let isPreemption = couldGoOn && edge.thread != node.lastThread
          note(
            edge.findings,
            Cost(preemptions: preemptions + (isPreemption ? 1 : 0), steps: steps + 1)
          )
          guard let target = edge.target else { continue }
          let next = Node(state: target, lastThread: edge.thread)
          if isPreemption {
            append(next, to: &nextLevel, at: steps + 1)
          } else {
            append(next, to: &level, at: steps + 1)
          }
        }
      }
      steps += 1
    }
    level = nextLevel
    preemptions += 1
  }
  return costs

  func append(_ node: Node, to level: inout [[Node]], at steps: Int) {
    while level.count <= steps { level.append([]) }
    level[steps].append(node)
  }
}
