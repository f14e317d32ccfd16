import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// The states in which an endless run can stay, with the edges between them.
///
/// Only the states of cyclic components are kept, so an acyclic graph costs nothing. States are renumbered from 0 in the order of their
/// components.
///
/// ### Layout
///     edges     of state `n`: `edgeStarts[n] ..< edgeStarts[n + 1]`, in the order of threads and choices
struct CycleGraph {
  struct Edge {
    var thread: Int
    var choice: Int
    /// How many single steps of the thread it is made of.
    var length: Int
    /// Renumbered; -1 if it leaves the component or ends the run.
    var target: Int
  }

  let threadCount: Int
  /// By renumbered state: its number in the store.
  private(set) var states: [Int] = []
  /// By number in the store: the renumbered state.
  private(set) var numbers: [Int: Int] = [:]
  private(set) var edges: [Edge] = []
  private(set) var edgeStarts: [Int] = [0]
  /// By renumbered state: the threads that have a step.
  private(set) var enabled: [BitSet] = []
  /// The components, as ranges of renumbered states.
  private(set) var components: [Range<Int>] = []
  /// By component: whether no edge leaves it for another state.
  private(set) var isBottom: [Bool] = []

  init(
    _ search: inout BreadthFirstSearch,
    _ graph: ComponentGraph,
    _ hearing: inout PhaseHearing
  ) {
    threadCount = search.explorer.threadCount
    var start = 0
    while start < graph.order.count, hearing.mayGoOn() {
      let component = graph.components[Int(graph.order[start])]
      var end = start
      while end < graph.order.count, graph.components[Int(graph.order[end])] == component {
        end += 1
      }
      if graph.isCyclic[Int(component)] { add(graph.order[start..<end], graph, &search, &hearing) }
      start = end
    }
  }

  private mutating func add(
    _ members: ArraySlice<UInt32>,
    _ graph: ComponentGraph,
    _ search: inout BreadthFirstSearch,
    _ hearing: inout PhaseHearing
  ) {
    let first = states.count
    for member in members.sorted() {
      numbers[Int(member)] = states.count
      states.append(Int(member))
    }
    var leaves = false
    for state in first..<states.count {
      let component = graph.components[states[state]]
      var here = BitSet(capacity: threadCount)
      var found: [Edge] = []
      search.forEachSuccessor(of: states[state]) { thread, choice, length, target in
        here.insert(thread)
        var edge = Edge(thread: thread, choice: choice, length: length, target: -1)
        if let target {
          if graph.components[target] == component {
            edge.target = numbers[target] ?? -1
          } else {
            leaves = true
          }
        }
        found.append(edge)
      }
      edges += found
      edgeStarts.append(edges.count)
      hearing.bytes = graph.byteCount + byteCount
      guard hearing.mayGoOn(after: 1 + found.count) else { return }
      enabled.append(here)
    }
    components.append(first..<states.count)
    isBottom.append(!leaves)
  }

  /// Bytes in use: for a state its numbers and what is enabled, with a dictionary that is half full.
  var byteCount: Int {
    edges.count * MemoryLayout<Edge>.stride + states.count * 14 * MemoryLayout<Int>.stride
  }

  /// The steps that an edge stands for; only the first may have more than one outcome.
  func steps(of edge: Edge) -> [Schedule.Step] {
    (0..<edge.length).map {
      Schedule.Step(ThreadID(edge.thread), choice: $0 == 0 ? edge.choice : 0)
    }
  }

  func edges(of state: Int) -> ArraySlice<Edge> { edges[edgeStarts[state]..<edgeStarts[state + 1]] }

  /// The threads that have a step in some of the states.
  func enabledSomewhere(in states: [Int], _ hearing: inout PhaseHearing) -> BitSet {
    var threads = BitSet(capacity: threadCount)
    for state in states where hearing.mayGoOn() { threads.formUnion(enabled[state]) }
    return threads
  }

  /// The threads that have a step in all of the states.
  func enabledEverywhere(in states: [Int], _ hearing: inout PhaseHearing) -> BitSet {
    guard let first = states.first else { return BitSet(capacity: threadCount) }
    var threads = enabled[first]
    for state in states where hearing.mayGoOn() { threads.formIntersection(enabled[state]) }
    return threads
  }

  /// The threads that take steps between the states; `members` says by renumbered state which belong.
  func moving(
    in states: [Int],
    members: [Bool],
    _ hearing: inout PhaseHearing
  ) -> BitSet {
    var threads = BitSet(capacity: threadCount)
    for state in states where hearing.mayGoOn() {
      for edge in edges(of: state) where edge.target >= 0 && members[edge.target] {
        threads.insert(edge.thread)
      }
    }
    return threads
  }

  /// The cyclic strongly connected components of the subgraph of the given states (Tarjan).
  func cyclicComponents(
    of subset: [Int],
    members: [Bool],
    _ hearing: inout PhaseHearing
  ) -> [[Int]] {
    var index: [Int: Int] = [:]
    var low: [Int: Int] = [:]
    var isOpen: Set<Int> = []
    var open: [Int] = []
    var result: [[Int]] = []
    for root in subset where index[root] == nil {
      var stack = [(state: root, next: edgeStarts[root])]
      index[root] = index.count
      low[root] = index[root]
      open.append(root)
      isOpen.insert(root)
      while let frame = stack.last {
        guard hearing.mayGoOn() else { return result }
        let state = frame.state
        if frame.next < edgeStarts[state + 1] {
          stack[stack.count - 1].next += 1
          let target = edges[frame.next].target
          guard target >= 0, members[target] else { continue }
          if index[target] == nil {
            index[target] = index.count
            low[target] = index[target]
            open.append(target)
            isOpen.insert(target)
            stack.append((target, edgeStarts[target]))
          } else if isOpen.contains(target) {
            low[state] = min(low[state] ?? 0, index[target] ?? 0)
          }
          continue
        }
        stack.removeLast()
        if let parent = stack.last {
          low[parent.state] = min(low[parent.state] ?? 0, low[state] ?? 0)
        }
        guard low[state] == index[state] else { continue }
        var component: [Int] = []
        while let member = open.popLast() {
          isOpen.remove(member)
          component.append(member)
          if member == state { break }
        }
        let hasLoop =
          component.count > 1 || edges(of: state).contains { $0.target == state }
        if hasLoop { result.append(component.sorted()) }
      }
    }
    return result
  }
}
