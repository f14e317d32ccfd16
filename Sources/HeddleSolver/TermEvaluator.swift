/// Finds the values of terms where those of the unknowns are given.
public struct TermEvaluator {
  private let bank: TermBank
  private var values: [Int32: Int] = [:]

  /// Nothing is given yet.
  public init(_ bank: TermBank) { self.bank = bank }

  /// Gives the value of an unknown.
  public mutating func set(_ unknown: IntegerTerm, to value: Int) { values[unknown.index] = value }

  /// Gives the value of an unknown.
  public mutating func set(_ unknown: Formula, to value: Bool) {
    values[unknown.index] = value ? 1 : 0
  }

  /// The value; `nil` if 64 bits do not hold it or a part of it, or if it depends on an unknown that is not given.
  ///
  /// - Complexity: O(parts of the term that were not evaluated before).
  public mutating func value(of term: IntegerTerm) -> Int? { evaluate(term.index) }

  /// The value; `nil` if it depends on what has none.
  public mutating func value(of formula: Formula) -> Bool? {
    evaluate(formula.index).map { $0 != 0 }
  }

  private mutating func evaluate(_ index: Int32) -> Int? {
    if let known = values[index] { return known }
    guard let result = compute(bank.node(index)) else { return nil }
    values[index] = result
    return result
  }

  private mutating func compute(_ node: TermNode) -> Int? {
    switch node {
    case .truth(let value): return value ? 1 : 0
    case .integer(let value): return value
    case .proposition, .variable: return nil
    case .not(let part): return evaluate(part).map { 1 - $0 }
    case .and(let parts): return connected(parts, neutral: 1)
    case .or(let parts): return connected(parts, neutral: 0)
    case .atMost(let parts, let count):
      let values = parts.map { evaluate($0) }
      guard !values.contains(nil) else { return nil }
      return values.count { $0 == 1 } <= count ? 1 : 0
    case .choice(let condition, let then, let otherwise):
      return evaluate(condition).flatMap { evaluate($0 != 0 ? then : otherwise) }
    case .sum(let parts):
      var sum = 0
      for part in parts {
        guard let value = evaluate(part) else { return nil }
        let (next, overflow) = sum.addingReportingOverflow(value)
        guard !overflow else { return nil }
        sum = next
      }
      return sum
    case .less(let left, let right): return pair(left, right).map { $0 < $1 ? 1 : 0 }
    case .equal(let left, let right): return pair(left, right).map { $0 == $1 ? 1 : 0 }
    case .difference(let left, let right):
      return pair(left, right).flatMap { checked($0.subtractingReportingOverflow($1)) }
    case .product(let left, let right):
      return pair(left, right).flatMap { checked($0.multipliedReportingOverflow(by: $1)) }
    case .quotient(let left, let right), .remainder(let left, let right):
      guard let (left, right) = pair(left, right), let known = euclideanDivision(left, right)
      else { return nil }
      if case .remainder = node { return known.remainder }
      return known.quotient
    }
  }

  /// Whether all, or some, hold: what has no value does not matter where another part decides.
  private mutating func connected(_ parts: [Int32], neutral: Int) -> Int? {
    var isOpen = false
    for part in parts {
      guard let value = evaluate(part) else {
        isOpen = true
        continue
      }
      if value != neutral { return value }
    }
    return isOpen ? nil : neutral
  }

  private mutating func pair(_ left: Int32, _ right: Int32) -> (Int, Int)? {
    guard let left = evaluate(left), let right = evaluate(right) else { return nil }
    return (left, right)
  }

  private func checked(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
    result.overflow ? nil : result.partialValue
  }
}
