/// The strongly connected components of the graph on `nodes`, in some order (Tarjan 1972, without recursion).
///
/// Successors that are not among `nodes` are ignored.
func components(of nodes: [Int], successors: (Int) -> [Int]) -> [[Int]] {
  let members = Set(nodes)
  var order: [Int: Int] = [:]
  var low: [Int: Int] = [:]
  var open: [Int] = []
  var isOpen: Set<Int> = []
  var found: [[Int]] = []
  for root in nodes where order[root] == nil {
    var path: [(node: Int, rest: [Int])] = []
    func enter(_ node: Int) {
      order[node] = order.count
      low[node] = order[node]
      open.append(node)
      isOpen.insert(node)
      path.append((node: node, rest: successors(node).filter(members.contains)))
    }
    enter(root)
    while let (node, rest) = path.last {
      if let next = rest.last {
        path[path.count - 1].rest.removeLast()
        if order[next] == nil {
          enter(next)
        } else if isOpen.contains(next) {
          low[node] = min(low[node, default: 0], order[next, default: 0])
        }
        continue
      }
      path.removeLast()
      if let parent = path.last?.node {
        low[parent] = min(low[parent, default: 0], low[node, default: 0])
      }
      guard low[node] == order[node] else { continue }
      var component: [Int] = []
      while let member = open.popLast() {
        isOpen.remove(member)
        component.append(member)
        if member == node { break }
      }
      found.append(component)
    }
  }
  return found
}
