import BigInt
import HeddleProgram

/// Counts the orders from every state of an ``EmbeddedGraph`` on, and those that show errors.
///
/// Where no cycle can be reached, the orders are the paths of a graph without cycles, and are counted from its ends: an
/// order shows an error if it is not one of those that avoid it. Where one can, it is only said which errors can be reached.
struct ContinuationCount {
  /// By state.
  private(set) var continuations: [Continuations] = []
  /// By state, without what the state itself shows.
  private(set) var afterwards: [Continuations] = []
  /// The groups of states in which runs end.
  private(set) var outcomes: [Outcome] = []

  private let graph: EmbeddedGraph
  /// States that reach no cycle, every one after all that it has steps to.
  private let sinksFirst: [Int]
  private let reachesCycle: [Bool]
  /// By state: the steps that lead to it.
  private let incoming: [[Int]]

  /// Counts; `endless` says where errors show that only endless runs have.
  init(_ graph: EmbeddedGraph, endless: [(key: FindingKey, state: Int)]) {
    self.graph = graph
    var incoming: [[Int]] = Array(repeating: [], count: graph.states.count)
    var open = graph.states.map(\.edges.count)
    for (number, edge) in graph.edges.enumerated() {
      if let target = edge.target {
        incoming[target].append(number)
      } else {
        open[edge.source] -= 1
      }
    }
    var sinksFirst = graph.states.indices.filter { open[$0] == 0 }
    var next = 0
    while next < sinksFirst.count {
      for edge in incoming[sinksFirst[next]] {
        let source = graph.edges[edge].source
        open[source] -= 1
        if open[source] == 0 { sinksFirst.append(source) }
      }
      next += 1
    }
    var reachesCycle = Array(repeating: true, count: graph.states.count)
    for state in sinksFirst { reachesCycle[state] = false }
    self.incoming = incoming
    self.sinksFirst = sinksFirst
    self.reachesCycle = reachesCycle
    continuations = continuations(endless, countsOwn: true)
    afterwards = continuations(endless, countsOwn: false)
    outcomes = groupedOutcomes()
  }

  // MARK: Continuations

  private func continuations(
    _ endless: [(key: FindingKey, state: Int)],
    countsOwn: Bool
  ) -> [Continuations] {
    let found = graph.states.flatMap(\.findings) + graph.edges.flatMap(\.findings)
    let keys = Set((found + endless.map(\.key)).filter { $0.kind.severity == .error }).sorted()
    let all = avoiding(countsOwn: true) { _ in false }
    let clean = avoiding(countsOwn: countsOwn) { $0.kind.severity == .error }
    var result = graph.states.indices.map { state in
      Continuations(
        orders: reachesCycle[state] ? nil : all[state],
        clean: reachesCycle[state] ? nil : clean[state],
        counts: [],
        isUndecided: reachesCycle[state] && !endless.isEmpty
      )
    }
    for key in keys {
      let others = avoiding(countsOwn: countsOwn) { $0 == key }
      let reaching = reaching(key, endless, countsOwn: countsOwn)
      let isEndless = endless.contains { $0.key == key }
      for state in graph.states.indices {
        if reachesCycle[state] {
          guard reaching[state] else { continue }
          result[state].counts.append(Continuations.Count(key: key, orders: nil))
          if isEndless { result[state].isUndecided = false }
        } else if all[state] > others[state] {
          let count = all[state] - others[state]
          result[state].counts.append(Continuations.Count(key: key, orders: count))
        }
      }
    }
    return result
  }

  /// By state that reaches no cycle: the number of orders from it that show none of the findings.
  private func avoiding(countsOwn: Bool, _ isAvoided: (FindingKey) -> Bool) -> [BigInt] {
    var afterwards: [BigInt] = Array(repeating: 0, count: graph.states.count)
    var counts: [BigInt] = Array(repeating: 0, count: graph.states.count)
    for number in sinksFirst {
      let state = graph.states[number]
      var sum = BigInt(state.edges.isEmpty ? 1 : 0)
      for edge in graph.edges[state.edges] where !edge.findings.contains(where: isAvoided) {
        if let target = edge.target {
          sum += counts[target]
        } else if !edge.isExcluded {
          sum += 1
        }
      }
      afterwards[number] = sum
      if !state.findings.contains(where: isAvoided) { counts[number] = sum }
    }
    return countsOwn ? counts : afterwards
  }

  /// By state: whether some order from it shows the finding.
  private func reaching(
    _ key: FindingKey,
    _ endless: [(key: FindingKey, state: Int)],
    countsOwn: Bool
  ) -> [Bool] {
    var reaches = graph.states.map { $0.findings.contains(key) }
    for (other, state) in endless where other == key { reaches[state] = true }
    for edge in graph.edges where edge.findings.contains(key) { reaches[edge.source] = true }
    var pending = graph.states.indices.filter { reaches[$0] }
    while let state = pending.popLast() {
      for edge in incoming[state] {
        let source = graph.edges[edge].source
        if reaches[source] { continue }
        reaches[source] = true
        pending.append(source)
      }
    }
    guard !countsOwn else { return reaches }
    return graph.states.map { state in
      graph.edges[state.edges].contains { edge in
        edge.findings.contains(key) || edge.target.map { reaches[$0] } ?? false
      }
    }
  }

  // MARK: Outcomes

  private func groupedOutcomes() -> [Outcome] {
    let ways = waysTo()
    var groups: [[String]: Int] = [:]
    var outcomes: [Outcome] = []
    for (number, state) in graph.states.enumerated() where state.edges.isEmpty {
      let values = state.snapshot.variables + state.snapshot.objects
      let texts = values.map(\.value)
      if let group = groups[texts] {
        if let ways { outcomes[group].orders? += ways[number] }
        continue
      }
      groups[texts] = outcomes.count
      outcomes.append(
        Outcome(
          values: values,
          orders: ways?[number],
          state: number,
          sample: graph.schedule(to: number)
        )
      )
    }
    return outcomes
  }

  /// By state: the number of ways from an initial state to it; `nil` if the graph has a cycle.
  private func waysTo() -> [BigInt]? {
    guard !reachesCycle.contains(true) else { return nil }
    var ways: [BigInt] = Array(repeating: 0, count: graph.states.count)
    for beginning in graph.beginnings {
      if let state = beginning.state { ways[state] += 1 }
    }
    for state in sinksFirst.reversed() {
      for edge in graph.edges[graph.states[state].edges] {
        if let target = edge.target { ways[target] += ways[state] }
      }
    }
    return ways
  }
}
