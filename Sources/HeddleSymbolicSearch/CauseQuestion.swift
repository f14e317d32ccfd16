import HeddleChecking
import HeddleProgram
import HeddleSolver

// Which findings are only consequences of a lost update.

extension SymbolicSession {
  /// The work of the question for a cause: without an answer there is still a verdict.
  private static var causeWork: UInt32 { 5_000_000 }

  /// Whether a claim fails in no run without a lost update, whatever the inputs.
  ///
  /// If some run without one shows it too, only such runs are left in the entry: they tell it apart from the lost update. Where Z3
  /// gives up, the claim stands by itself.
  func isConsequence(_ entry: inout Shown, among keys: Set<FindingKey>) throws(SolverError) -> Bool
  {
    guard entry.key.kind == .assertion || entry.key.kind == .invariant,
      keys.contains(where: { $0.kind == .lostUpdate })
    else { return false }
    let nothingLost = terms.proposition()
    let losses = terms.or(inquiries.losses.map(\.condition))
    try solver.assert(terms.implies(nothingLost, terms.not(losses)))
    switch try check(entry.literals + [nothingLost], work: Self.causeWork) {
    case .satisfiable: entry.literals.append(nothingLost)
    case .unsatisfiable: return true
    case .unknown: break
    }
    return false
  }

  /// The lost update that a finding is folded into; `nil` if it is a finding of its own.
  ///
  /// A data race belongs to the lost update on its variable, a claim that is a consequence to the first of the order that shows it.
  func cause(
    of key: FindingKey,
    first: FindingKey?,
    isConsequence: Bool,
    among keys: Set<FindingKey>
  ) -> FindingKey? {
    let cause: FindingKey?
    if case .dataRace(let variable) = key {
      cause = .lostUpdate(variable)
    } else {
      cause = isConsequence ? first : nil
    }
    return cause.flatMap { keys.contains($0) ? $0 : nil }
  }

  /// The first lost update of the run in the last model.
  func firstLoss() throws(SolverError) -> FindingKey? {
    for event in try ModelReader(self).events() {
      for loss in inquiries.losses where loss.event == event {
        if try solver.value(of: loss.condition) { return .lostUpdate(loss.variable) }
      }
    }
    return nil
  }
}
