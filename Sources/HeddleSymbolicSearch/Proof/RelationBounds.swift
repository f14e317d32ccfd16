import HeddleProgram
import HeddleSolver

/// What equations say about variables if everything else in them is only known to be within bounds.
///
/// It follows from the equations and the bounds. But a solver that has to find it out looks at one place of the threads after the other, because
/// the bounds that it explains a conflict with are those of the places it has just chosen.
struct RelationBounds {
  private let system: ProofSystem
  private let columns: [ProofColumn]
  /// The bounds that hold wherever the threads are.
  private var known: [ProofColumn: (lower: Int?, upper: Int?)] = [:]
  private var terms: TermBank { system.terms }

  init(_ system: ProofSystem, _ columns: [ProofColumn], _ candidates: [ProofCandidate]) {
    self.system = system
    self.columns = columns
    for candidate in candidates where candidate.group == nil {
      switch candidate.claim {
      case .atLeast(let column, let bound):
        let lower = known[column]?.lower
        known[column, default: (nil, nil)].lower = max(lower ?? bound, bound)
      case .atMost(let column, let bound):
        let upper = known[column]?.upper
        known[column, default: (nil, nil)].upper = min(upper ?? bound, bound)
      case .ordered, .ended: break
      }
    }
  }

  /// The bounds of the variables in an equation, wherever they follow.
  func formulas(_ relation: AffineHull.Relation) -> [Formula] {
    let indices = relation.coefficients.keys.sorted()
    return indices.compactMap { index in
      let bounds = known[columns[index]]
      guard case .slot = columns[index], bounds?.lower == nil || bounds?.upper == nil,
        let factor = relation.coefficients[index]
      else { return nil }
      return formula(relation, of: columns[index], factor, indices.filter { $0 != index })
    }
  }

  private func formula(
    _ relation: AffineHull.Relation,
    of column: ProofColumn,
    _ factor: Int,
    _ others: [Int]
  ) -> Formula? {
    var (lower, upper) = (0, 0)
    var exceptions: [Formula] = []
    for other in others {
      // A variable at a place of a thread is 0 wherever else that is.
      if case .slotAt(_, let group, let point) = columns[other] {
        exceptions.append(system.stands[group][point])
        continue
      }
      guard let (least, greatest) = bounds(columns[other]),
        let corners = Self.products(relation.coefficients[other] ?? 0, least, greatest),
        let low = Self.sum(lower, corners.lowerBound),
        let high = Self.sum(upper, corners.upperBound)
      else { return nil }
      (lower, upper) = (low, high)
    }
    guard lower > Int.min, upper > Int.min else { return nil }
    let value = terms.product(terms.integer(factor), system.value(column))
    let isWithin = terms.and(
      terms.lessOrEqual(terms.integer(-upper), value),
      terms.lessOrEqual(value, terms.integer(-lower))
    )
    return terms.or(exceptions + [isWithin])
  }

  private func bounds(_ column: ProofColumn) -> (Int, Int)? {
    switch column {
    case .one: return (1, 1)
    case .count(let group, _):
      return (0, system.groups[group].isCounted ? ProofSystem.mostThreads : 1)
    case .parameter(let number):
      return (system.program.parameters[number].minimum, ProofSystem.mostThreads)
    case .input(let number):
      return (system.inputRanges[number].lowerBound, system.inputRanges[number].upperBound)
    case .inputAt(let number, _, _):
      let range = system.inputRanges[number]
      return (min(0, range.lowerBound), max(0, range.upperBound))
    case .register, .slot, .slotAt:
      guard let lower = known[column]?.lower, let upper = known[column]?.upper else { return nil }
      return (lower, upper)
    }
  }

  private static func products(_ factor: Int, _ low: Int, _ high: Int) -> ClosedRange<Int>? {
    let (left, overflow) = factor.multipliedReportingOverflow(by: low)
    let (right, isLarge) = factor.multipliedReportingOverflow(by: high)
    return overflow || isLarge ? nil : min(left, right)...max(left, right)
  }

  private static func sum(_ left: Int, _ right: Int) -> Int? {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : sum
  }
}
