import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// The strongly connected components of the stored graph (Tarjan, "Depth-first search and linear graph algorithms", 1972).
///
/// No edge is stored for the graph as a whole: each state is expanded once more, and its successors are kept only while
/// it is on the search's own stack. Components are numbered so that every edge leads to a component of an equal or lower number.
struct ComponentGraph {
  /// By state: the number of its component.
  private(set) var components: [UInt32]
  /// The number of components.
  private(set) var count = 0
  /// The states, ordered by component: sinks first.
  private(set) var order: [UInt32] = []
  /// By component: whether it has an edge inside, so that a run can stay in it.
  private(set) var isCyclic: [Bool] = []

  /// Whether some run can go on for ever.
  var hasCycle: Bool { isCyclic.contains(true) }

  /// Finds the components, unless it has to stop before.
  ///
  /// - Complexity: O(states + transitions) steps of the machine.
  init(_ search: inout BreadthFirstSearch, _ hearing: inout PhaseHearing) {
    let stateCount = search.store.count
    components = []
    // Four arrays of numbers, one for each state.
    let tableBytes = stateCount * 4 * MemoryLayout<UInt32>.stride
    hearing.bytes = tableBytes
    guard hearing.mayGoOnNow() else { return }
    components = Array(repeating: UInt32.max, count: stateCount)
    order.reserveCapacity(stateCount)
    var index: [UInt32] = Array(repeating: 0, count: stateCount)
    var low: [UInt32] = Array(repeating: 0, count: stateCount)
    var hasSelfLoop: Set<UInt32> = []
    var counter: UInt32 = 1
    var open: [UInt32] = []
    var edges: [UInt32] = []
    var stack: [(state: UInt32, nextEdge: Int, edgesStart: Int)] = []

    func push(
      _ state: UInt32,
      _ search: inout BreadthFirstSearch,
      _ hearing: inout PhaseHearing
    ) -> Bool {
      index[Int(state)] = counter
      low[Int(state)] = counter
      counter += 1
      open.append(state)
      let start = edges.count
      search.forEachSuccessor(of: Int(state)) { _, _, _, target in
        if let target {
          edges.append(UInt32(target))
          if target == Int(state) { hasSelfLoop.insert(state) }
        }
      }
      stack.append((state, start, start))
      hearing.bytes =
        tableBytes + (open.count + edges.count) * MemoryLayout<UInt32>.stride
        + stack.count * MemoryLayout<(UInt32, Int, Int)>.stride
      return hearing.mayGoOn(after: 1 + edges.count - start)
    }

    for root in search.initialStates where index[root] == 0 {
      guard push(UInt32(root), &search, &hearing) else { return }
      while let frame = stack.last {
        let state = Int(frame.state)
        if frame.nextEdge < edges.count {
          stack[stack.count - 1].nextEdge += 1
          let target = Int(edges[frame.nextEdge])
          if index[target] == 0 {
            guard push(UInt32(target), &search, &hearing) else { return }
          } else if components[target] == UInt32.max {
            low[state] = min(low[state], index[target])
          }
          continue
        }
        edges.removeSubrange(frame.edgesStart...)
        stack.removeLast()
        if let parent = stack.last {
          low[Int(parent.state)] = min(low[Int(parent.state)], low[state])
        }
        if low[state] == index[state] { close(state, &open, hasSelfLoop) }
      }
    }
  }

  /// Bytes in use.
  var byteCount: Int {
    (components.count + order.count) * MemoryLayout<UInt32>.stride + isCyclic.count
  }

  private mutating func close(_ root: Int, _ open: inout [UInt32], _ hasSelfLoop: Set<UInt32>) {
    let start = order.count
    while let state = open.popLast() {
      components[Int(state)] = UInt32(count)
      order.append(state)
      if Int(state) == root { break }
    }
    isCyclic.append(order.count - start > 1 || hasSelfLoop.contains(UInt32(root)))
    count += 1
  }
}
