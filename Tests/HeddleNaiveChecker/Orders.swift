import BigInt

/// The number of complete runs: sequences of (thread, choice) from the start to an end.
///
/// A failed assertion or a misuse is an end, a failed assumption makes a run not count. `nil` if there are infinitely
/// many, or if not all steps are known.
func numberOfOrders(_ graph: Graph) -> BigInt? {
  guard graph.limits.isEmpty else { return nil }
  let successors = { (state: Int) in graph.edges[state].compactMap(\.target) }
  var orders: [Int: BigInt] = [:]
  func count(_ edge: Edge) -> BigInt {
    switch edge.outcome {
    case .state(let target): orders[target, default: 0]
    case .ended(let counts): counts ? 1 : 0
    case .limit: 0
    }
  }
  // Components come after those they lead to.
  for component in components(of: Array(graph.states.indices), successors: successors) {
    let state = component[0]
    if component.count > 1 || successors(state).contains(state) { return nil }
    orders[state] = graph.edges[state].isEmpty ? 1 : graph.edges[state].map(count).reduce(0, +)
  }
  return graph.roots.map(count).reduce(0, +)
}
