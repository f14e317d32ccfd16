import BigInt
import HeddleSemantics

extension BreadthFirstSearch {
  /// The number of orders: of different maximal sequences of steps from an initial state.
  ///
  /// A failed assertion or a misuse ends an order; a failed `assume` makes it none. Every state must be stored.
  ///
  /// - Returns: `nil` if the graph has a cycle, since then there are infinitely many, or if it had to stop.
  /// - Complexity: O(states + transitions) steps and additions of integers of any length.
  mutating func countOrders(_ graph: ComponentGraph, _ hearing: inout PhaseHearing) -> BigInt? {
    guard !graph.isCyclic.contains(true) else { return nil }
    var counts: [BigInt] = Array(repeating: 0, count: store.count)
    // A number of 64 bits and its array for each state; where they are longer the graph is long as well.
    hearing.bytes = graph.byteCount + counts.count * 6 * MemoryLayout<Int>.stride
    guard hearing.mayGoOnNow() else { return nil }
    for state in graph.order {
      explorer.load(Int(state), from: store)
      guard explorer.canMove else {
        counts[Int(state)] = 1
        continue
      }
      var sum = BigInt(0)
      guard hearing.mayGoOn(after: 1 + explorer.enabled.count) else { return nil }
      for thread in 0..<explorer.threadCount {
        for choice in 0..<explorer.enabled[thread] {
          switch explorer.step(thread, choice: choice) {
          case .completed:
            if let target = findSuccessor() { sum += counts[target] }
          case .assertionFailed, .misuse: sum += 1
          case .excluded, .limit: break
          }
        }
      }
      counts[Int(state)] = sum
    }
    return initialStates.reduce(BigInt(failedBeginnings)) { $0 + counts[$1] }
  }
}
