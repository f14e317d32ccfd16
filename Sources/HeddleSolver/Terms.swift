/// A statement about numbers and propositions; belongs to the ``TermBank`` that made it.
public struct Formula: Sendable, Hashable {
  let index: Int32
}

/// An integer of unlimited size; belongs to the ``TermBank`` that made it.
public struct IntegerTerm: Sendable, Hashable {
  let index: Int32
}

/// One term; its parts are indices of earlier terms.
enum TermNode: Hashable {
  case truth(Bool)
  case proposition(Int)
  case not(Int32)
  /// Sorted, without repetitions, at least two.
  case and([Int32])
  /// Sorted, without repetitions, at least two.
  case or([Int32])
  case less(Int32, Int32)
  case equal(Int32, Int32)
  case integer(Int)
  case variable(Int)
  /// At least two.
  case sum([Int32])
  case difference(Int32, Int32)
  case product(Int32, Int32)
  /// Rounds so that the remainder is not negative, as SMT-LIB's `div`.
  case quotient(Int32, Int32)
  /// Never negative, as SMT-LIB's `mod`.
  case remainder(Int32, Int32)
  case choice(Int32, Int32, Int32)
  /// At most so many of some formulas hold.
  case atMost([Int32], Int)
}

extension TermNode {
  /// What the term is made of.
  var parts: [Int32] {
    switch self {
    case .truth, .proposition, .integer, .variable: []
    case .not(let part): [part]
    case .and(let parts), .or(let parts), .sum(let parts), .atMost(let parts, _): parts
    case .less(let left, let right), .equal(let left, let right), .difference(let left, let right),
      .product(let left, let right), .quotient(let left, let right),
      .remainder(let left, let right):
      [left, right]
    case .choice(let condition, let then, let otherwise): [condition, then, otherwise]
    }
  }
}

/// What is known about the value of an integer term; `nil` is no bound.
struct TermBounds: Equatable {
  var lower: Int?
  var upper: Int?

  static let unknown = TermBounds(lower: nil, upper: nil)

  /// The sum, without bounds that 64 bits do not hold.
  static func + (left: TermBounds, right: TermBounds) -> TermBounds {
    TermBounds(lower: add(left.lower, right.lower), upper: add(left.upper, right.upper))
  }

  /// The negated bounds.
  static prefix func - (bounds: TermBounds) -> TermBounds {
    TermBounds(lower: negated(bounds.upper), upper: negated(bounds.lower))
  }

  /// The smallest bounds around both.
  func union(_ other: TermBounds) -> TermBounds {
    var hull = TermBounds.unknown
    if let lower, let otherLower = other.lower { hull.lower = min(lower, otherLower) }
    if let upper, let otherUpper = other.upper { hull.upper = max(upper, otherUpper) }
    return hull
  }

  /// The products, without bounds that 64 bits do not hold.
  static func * (left: TermBounds, right: TermBounds) -> TermBounds {
    guard let lowest = left.lower, let highest = left.upper, let least = right.lower,
      let greatest = right.upper
    else { return .unknown }
    let corners = [(lowest, least), (lowest, greatest), (highest, least), (highest, greatest)]
      .map { $0.0.multipliedReportingOverflow(by: $0.1) }
    guard !corners.contains(where: \.overflow) else { return .unknown }
    let products = corners.map(\.partialValue)
    return TermBounds(lower: products.min(), upper: products.max())
  }

  private static func add(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return nil }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : sum
  }

  private static func negated(_ value: Int?) -> Int? {
    guard let value, value != Int.min else { return nil }
    return -value
  }
}

/// The quotient that leaves a remainder that is not negative, as SMT-LIB's `div` and `mod`; `nil` if there is none in 64 bits.
func euclideanDivision(_ left: Int, _ right: Int) -> (quotient: Int, remainder: Int)? {
  guard right != 0, !(left == Int.min && right == -1), right != Int.min else { return nil }
  let quotient = left / right
  let remainder = left - quotient * right
  guard remainder < 0 else { return (quotient, remainder) }
  return (quotient - right.signum(), remainder + abs(right))
}
