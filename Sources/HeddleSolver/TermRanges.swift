/// Finds in which range the values of some terms lie, given ranges of variables.
///
/// Intervals are combined without regard to what holds together, so a range may be too large, never too small.
public struct TermRanges {
  private let bank: TermBank
  private let terms: [IntegerTerm]
  /// The terms and all their parts, parts first.
  private let parts: [Int32]

  /// Prepares to find the ranges of terms.
  ///
  /// - Complexity: O(parts log parts).
  public init(of terms: [IntegerTerm], in bank: TermBank) {
    self.bank = bank
    self.terms = terms
    var seen = Set(terms.map(\.index))
    var pending = Array(seen)
    while let next = pending.popLast() {
      for part in Self.integers(in: bank.node(next)) where seen.insert(part).inserted {
        pending.append(part)
      }
    }
    parts = seen.sorted()
  }

  /// Whether a term is one of the terms, or a part of one.
  public func contains(_ term: IntegerTerm) -> Bool { parts.contains(term.index) }

  /// How many terms one evaluation looks at.
  public var size: Int { parts.count }

  /// Finds the range of each term.
  ///
  /// - Parameter known: The ranges of variables, where they are smaller than what the bank knows.
  /// - Returns: For each term its range; `nil` where 64 bits may not hold it.
  public func ranges(where known: [IntegerTerm: ClosedRange<Int>]) -> [ClosedRange<Int>?] {
    var bounds: [Int32: TermBounds] = [:]
    for index in parts {
      if let range = known[IntegerTerm(index: index)] {
        bounds[index] = TermBounds(lower: range.lowerBound, upper: range.upperBound)
      } else {
        bounds[index] = Self.bounds(of: bank.node(index), bank.bounds(index)) {
          bounds[$0] ?? .unknown
        }
      }
    }
    return terms.map { term in
      guard let lower = bounds[term.index]?.lower, let upper = bounds[term.index]?.upper else {
        return nil
      }
      return lower...max(lower, upper)
    }
  }

  private static func integers(in node: TermNode) -> [Int32] {
    switch node {
    case .sum(let parts): parts
    case .difference(let left, let right), .product(let left, let right),
      .choice(_, let left, let right):
      [left, right]
    default: []
    }
  }

  private static func bounds(
    of node: TermNode,
    _ known: TermBounds,
    _ part: (Int32) -> TermBounds
  ) -> TermBounds {
    switch node {
    case .sum(let parts):
      return parts.dropFirst().reduce(part(parts[0])) { $0 + part($1) }
    case .difference(let left, let right): return part(left) + -part(right)
    case .product(let left, let right): return part(left) * part(right)
    case .choice(_, let left, let right): return part(left).union(part(right))
    default: return known
    }
  }
}
