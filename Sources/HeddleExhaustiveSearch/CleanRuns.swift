import HeddleChecking
import HeddleSemantics

extension BreadthFirstSearch {
  /// The findings that show up in runs in which no update is lost, before or in the same step.
  ///
  /// An assertion or invariant that fails only in the other runs is a consequence of the lost update, not a finding of its own.
  mutating func keysWithoutLostUpdates(_ judge: Judge) -> FindingSet {
    var clean = FindingSet(for: judge.machine.program)
    var seen = Array(repeating: false, count: store.count)
    var pending: [Int] = initialStates
    for state in pending { seen[state] = true }
    var keys: [FindingKey] = []
    while let state = pending.popLast() {
      explorer.load(state, from: store)
      explorer.judgeState(judge, ignoring: clean, into: &keys)
      let mustGoOn = explorer.mustGoOn
      for thread in 0..<explorer.threadCount {
        for choice in 0..<explorer.enabled[thread] {
          let outcome = explorer.step(thread, choice: choice)
          guard explorer.effects.lostUpdates.isEmpty else { continue }
          explorer.judgeStep(judge, outcome, mustGoOnBefore: mustGoOn, into: &keys)
          if outcome == .completed, let target = findSuccessor(), !seen[target] {
            seen[target] = true
            pending.append(target)
          }
        }
      }
      for key in keys { clean.insert(key) }
      keys.removeAll(keepingCapacity: true)
    }
    return clean
  }
}
