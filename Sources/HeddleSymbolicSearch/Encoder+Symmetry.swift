import HeddleProgram
import HeddleSemantics
import HeddleSolver

extension Encoder {
  /// Interchangeable threads take their first steps in the order of their numbers.
  ///
  /// Every run has a permutation that does, and shows the same findings: none names one of the threads
  /// (``SymmetricThreads``). Of `n!` runs that differ by nothing else, one is left to be refuted.
  func orderAlike() {
    for group in SymmetricThreads.groups(of: program) {
      for (left, right) in zip(group, group.dropFirst()) {
        guard let first = certainStart(left), let second = certainStart(right) else { break }
        let (ours, theirs) = (events[first].executed, events[second].executed)
        addFact(terms.implies(theirs, terms.and(ours, isBefore(first, second))), .alike)
      }
    }
  }

  /// The step that a thread takes first in every run in which it takes any.
  private func certainStart(_ thread: Int) -> Int? {
    guard let first = eventsOfThread[thread].first, let start = starts[thread],
      events[first].reached == start.condition
    else { return nil }
    return first
  }
}
