import HeddleChecking
import HeddleSemantics

/// A set of states between which a fair run can go on for ever.
struct FairComponent {
  /// Renumbered states, ascending.
  var states: [Int]
  /// The threads that take steps in it for ever.
  var moving: BitSet
}

extension CycleGraph {
  /// All sets of states in which a fair run can stay, each as large as possible.
  ///
  /// - *Strong* fairness is a Streett condition for each thread, and its emptiness is decided by repeated decomposition: a thread that is
  ///   enabled somewhere in a component but takes no step in it has to be disabled for ever, so the states where it is
  ///   enabled are removed and the rest is decomposed again (Lichtenstein, Pnueli, "Checking that finite state concurrent
  ///   programs satisfy their linear specification", POPL 1985; Emerson, Lei 1987).
  /// - *Weak* fairness is violated by a component only if a thread is enabled everywhere in it and takes no step in it.
  /// - Without fairness every component counts.
  ///
  /// - Complexity: O(threads x (states + edges) of cyclic components) for strong fairness.
  func fairComponents(_ fairness: Fairness, _ hearing: inout PhaseHearing) -> [FairComponent] {
    var result: [FairComponent] = []
    var members = Array(repeating: false, count: states.count)
    var pending: [[Int]] = components.reversed().map { Array($0) }
    while hearing.mayGoOn(), let component = pending.popLast() {
      for state in component { members[state] = true }
      defer { for state in component { members[state] = false } }
      let moving = moving(in: component, members: members, &hearing)
      let starved: BitSet =
        switch fairness {
        case .strong: enabledSomewhere(in: component, &hearing).subtracting(moving)
        case .weak: enabledEverywhere(in: component, &hearing).subtracting(moving)
        case .none: BitSet(capacity: threadCount)
        }
      if starved.isEmpty {
        result.append(FairComponent(states: component, moving: moving))
        continue
      }
      // Under weak fairness every part of the component starves the same thread.
      guard fairness == .strong else { continue }
      let rest = component.filter { !enabled[$0].intersects(starved) }
      for state in component { members[state] = false }
      for state in rest { members[state] = true }
      pending += cyclicComponents(of: rest, members: members, &hearing).reversed()
      for state in rest { members[state] = false }
    }
    return result
  }
}
