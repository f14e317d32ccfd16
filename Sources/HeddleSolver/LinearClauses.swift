/// A sum of unknowns and a constant that is 0, or at least 0.
public struct LinearComparison: Hashable, Sendable {
  /// By unknown: how often it is taken; never 0.
  public var coefficients: [IntegerTerm: Int] = [:]
  /// What is added.
  public var constant = 0
  /// Whether the sum is 0; else it is at least 0.
  public var isEquation = false
}

extension TermBank {
  /// The formula as a conjunction of disjunctions of comparisons; `nil` if it has no such form of a moderate size.
  ///
  /// - Complexity: O(parts of the formula), with at most `limit` disjunctions at any time.
  public func linearClauses(of formula: Formula, limit: Int = 64) -> [[LinearComparison]]? {
    clauses(formula, isNegated: false, limit)
  }

  private func clauses(
    _ formula: Formula,
    isNegated: Bool,
    _ limit: Int
  ) -> [[LinearComparison]]? {
    func all(_ parts: [Int32]) -> [[LinearComparison]]? {
      var result: [[LinearComparison]] = []
      for part in parts {
        guard let more = clauses(Formula(index: part), isNegated: isNegated, limit) else {
          return nil
        }
        result += more
      }
      return result.count <= limit ? result : nil
    }
    func some(_ parts: [Int32]) -> [[LinearComparison]]? {
      var result: [[LinearComparison]] = [[]]
      for part in parts {
        guard let more = clauses(Formula(index: part), isNegated: isNegated, limit) else {
          return nil
        }
        result = result.flatMap { left in more.map { left + $0 } }
        guard result.count <= limit else { return nil }
      }
      return result
    }
    switch node(formula.index) {
    case .truth(let value): return value != isNegated ? [] : [[]]
    case .not(let inner): return clauses(Formula(index: inner), isNegated: !isNegated, limit)
    case .and(let parts): return isNegated ? some(parts) : all(parts)
    case .or(let parts): return isNegated ? all(parts) : some(parts)
    case .less(let left, let right):
      // Integers: a < b is b - a - 1 >= 0, and its opposite a - b >= 0.
      let sides = isNegated ? (left, right) : (right, left)
      return comparison(sides.0, sides.1, offset: isNegated ? 0 : -1).map { [[$0]] }
    case .equal(let left, let right):
      guard !isNegated else {
        guard let below = comparison(right, left, offset: -1),
          let above = comparison(left, right, offset: -1)
        else { return nil }
        return [[below, above]]
      }
      return comparison(left, right, offset: 0).map { comparison in
        var comparison = comparison
        comparison.isEquation = true
        return [[comparison]]
      }
    default: return nil
    }
  }

  private func comparison(_ left: Int32, _ right: Int32, offset: Int) -> LinearComparison? {
    var sum = LinearComparison(constant: offset)
    guard add(left, times: 1, to: &sum), add(right, times: -1, to: &sum) else { return nil }
    sum.coefficients = sum.coefficients.filter { $0.value != 0 }
    return sum
  }

  /// Adds a term to a sum; `false` if it is not linear, or 64 bits do not hold a factor.
  private func add(_ index: Int32, times factor: Int, to sum: inout LinearComparison) -> Bool {
    func add(_ value: Int, to total: inout Int) -> Bool {
      let (product, overflows) = value.multipliedReportingOverflow(by: factor)
      let (next, overflow) = total.addingReportingOverflow(product)
      total = next
      return !overflows && !overflow
    }
    switch node(index) {
    case .integer(let value): return add(value, to: &sum.constant)
    case .variable:
      return add(1, to: &sum.coefficients[IntegerTerm(index: index), default: 0])
    case .sum(let parts): return parts.allSatisfy { self.add($0, times: factor, to: &sum) }
    case .difference(let left, let right):
      let (negated, overflow) = 0.subtractingReportingOverflow(factor)
      return !overflow && self.add(left, times: factor, to: &sum)
        && self.add(right, times: negated, to: &sum)
    case .product(let left, let right):
      let (known, other) =
        value(of: IntegerTerm(index: left)).map { ($0, right) }
        ?? value(of: IntegerTerm(index: right)).map { ($0, left) } ?? (0, -1)
      let (next, overflow) = known.multipliedReportingOverflow(by: factor)
      return other >= 0 && !overflow && self.add(other, times: next, to: &sum)
    default: return false
    }
  }
}
