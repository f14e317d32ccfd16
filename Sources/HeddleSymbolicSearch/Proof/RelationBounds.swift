import HeddleSolver

/// What equations say about variables if everything else in them is only known to be within bounds.
///
/// It follows from the equations and the bounds. But a solver that has to find it out looks at one place of the threads after the other, because
/// the bounds that it explains a conflict with are those of the places it has just chosen.
struct RelationBounds {
  private let system: ProofSystem
  private let columns: [ProofColumn]
  /// The bounds that hold wherever the threads are.
  private var known: [IntegerTerm: ClosedRange<Int>] = [:]
  private var terms: TermBank { system.terms }

  init(_ system: ProofSystem, _ columns: [ProofColumn], _ candidates: [ProofCandidate]) {
    self.system = system
    self.columns = columns
    var lower: [ProofColumn: Int] = [:]
    var upper: [ProofColumn: Int] = [:]
    for candidate in candidates where candidate.group == nil {
      switch candidate.claim {
      case .atLeast(let column, let bound): lower[column] = max(lower[column] ?? bound, bound)
      case .atMost(let column, let bound): upper[column] = min(upper[column] ?? bound, bound)
      case .ordered, .ended: break
      }
    }
    for (column, bound) in lower {
      guard let limit = upper[column], bound <= limit else { continue }
      known[system.value(column)] = bound...limit
    }
  }

  /// The bounds of the variables in an equation, wherever they follow.
  func formulas(_ relation: AffineHull.Relation) -> [Formula] {
    let indices = relation.coefficients.keys.sorted()
    return indices.compactMap { index in
      guard case .slot = columns[index], known[system.value(columns[index])] == nil else {
        return nil
      }
      return formula(relation, of: index, indices.filter { $0 != index })
    }
  }

  private func formula(
    _ relation: AffineHull.Relation,
    of index: Int,
    _ others: [Int]
  ) -> Formula? {
    var rest: [IntegerTerm] = [terms.integer(0)]
    var exceptions: [Formula] = []
    for other in others {
      // A variable at a place of a thread is 0 wherever else that is.
      if case .slotAt(_, let group, let point) = columns[other] {
        exceptions.append(system.stands[group][point])
      } else {
        rest.append(part(relation, other))
      }
    }
    guard let range = TermRanges(of: [terms.sum(rest)], in: terms).ranges(where: known)[0],
      range.lowerBound > Int.min
    else { return nil }
    let value = part(relation, index)
    let isWithin = terms.and(
      terms.lessOrEqual(terms.integer(-range.upperBound), value),
      terms.lessOrEqual(value, terms.integer(-range.lowerBound))
    )
    return terms.or(exceptions + [isWithin])
  }

  private func part(_ relation: AffineHull.Relation, _ index: Int) -> IntegerTerm {
    terms.product(
      terms.integer(relation.coefficients[index] ?? 0),
      system.value(columns[index])
    )
  }
}
