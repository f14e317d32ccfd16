/// The smallest affine space around some points, and the equations that hold on it.
///
/// Computed modulo a prime, by elimination in reduced echelon form; an equation whose coefficients are no small fractions is left out.
/// Nothing depends on these equations being right: they are guesses (Karr, "Affine relationships among variables of a
/// program", Acta Informatica 6, 1976), and who uses them checks them.
struct AffineHull {
  /// An equation: the sum of coefficient times column is 0.
  struct Relation: Hashable {
    /// By column; those that are 0 are left out.
    var coefficients: [Int: Int]
  }

  private let columnCount: Int
  /// Reduced rows, each 1 at its pivot, which is 0 in all others; ascending by pivot.
  private var rows: [(pivot: Int, values: [UInt64])] = []

  /// A prime: 2^61 - 1.
  private static let prime: UInt64 = (1 << 61) - 1

  /// No points yet, of so many coordinates; one of them should be a constant 1.
  init(columnCount: Int) { self.columnCount = columnCount }

  /// One more than the dimension.
  var rank: Int { rows.count }

  /// Adds a point.
  ///
  /// - Returns: Whether it was outside.
  /// - Complexity: O(columns x rank).
  mutating func add(_ point: [Int]) -> Bool {
    var values = point.map { Self.residue($0) }
    for row in rows where values[row.pivot] != 0 {
      Self.subtract(row.values, times: values[row.pivot], from: &values)
    }
    guard let pivot = values.firstIndex(where: { $0 != 0 }) else { return false }
    let inverse = Self.inverse(values[pivot])
    for index in values.indices { values[index] = Self.product(values[index], inverse) }
    for index in rows.indices where rows[index].values[pivot] != 0 {
      Self.subtract(values, times: rows[index].values[pivot], from: &rows[index].values)
    }
    let place = rows.firstIndex { $0.pivot > pivot } ?? rows.count
    rows.insert((pivot, values), at: place)
    return true
  }

  /// Equations that all points satisfy: each says what one column is, as a combination of columns before it.
  ///
  /// - Complexity: O(columns x rank).
  var relations: [Relation] {
    let pivots = Set(rows.map(\.pivot))
    return (0..<columnCount).filter { !pivots.contains($0) }.compactMap { free in
      var fractions: [(column: Int, numerator: Int, denominator: Int)] = [(free, 1, 1)]
      for row in rows where row.values[free] != 0 {
        guard let (numerator, denominator) = Self.fraction(row.values[free]) else { return nil }
        fractions.append((row.pivot, -numerator, denominator))
      }
      let scale = fractions.reduce(1) { Self.leastCommonMultiple($0, $1.denominator) }
      guard scale <= Self.largestDenominator else { return nil }
      var coefficients: [Int: Int] = [:]
      for (column, numerator, denominator) in fractions {
        coefficients[column] = numerator * (scale / denominator)
      }
      return Relation(coefficients: coefficients)
    }
  }

  // MARK: Numbers modulo the prime

  private static let largestDenominator = 1 << 20

  private static func residue(_ value: Int) -> UInt64 {
    let rest = value % Int(prime)
    return UInt64(rest < 0 ? rest + Int(prime) : rest)
  }

  private static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (high, low) = left.multipliedFullWidth(by: right)
    let sum = (low & prime) + (low >> 61 | high << 3)
    return sum >= prime ? sum - prime : sum
  }

  private static func subtract(_ row: [UInt64], times factor: UInt64, from values: inout [UInt64]) {
    for index in values.indices where row[index] != 0 {
      let part = product(row[index], factor)
      values[index] = values[index] >= part ? values[index] - part : values[index] + prime - part
    }
  }

  /// By Fermat's little theorem.
  private static func inverse(_ value: UInt64) -> UInt64 {
    var result: UInt64 = 1
    var power = value
    var exponent = prime - 2
    while exponent > 0 {
      if exponent & 1 == 1 { result = product(result, power) }
      power = product(power, power)
      exponent >>= 1
    }
    return result
  }

  /// The fraction of small numbers with this residue, by the extended Euclidean algorithm; `nil` if there is none.
  private static func fraction(_ value: UInt64) -> (numerator: Int, denominator: Int)? {
    var (old, new) = (Int(prime), Int(value))
    var (oldFactor, newFactor) = (0, 1)
    while new > 1 << 40 {
      let quotient = old / new
      (old, new) = (new, old - quotient * new)
      (oldFactor, newFactor) = (newFactor, oldFactor - quotient * newFactor)
    }
    guard newFactor != 0, abs(newFactor) <= largestDenominator else { return nil }
    return newFactor < 0 ? (-new, -newFactor) : (new, newFactor)
  }

  private static func leastCommonMultiple(_ left: Int, _ right: Int) -> Int {
    var (a, b) = (left, right)
    while b != 0 { (a, b) = (b, a % b) }
    let (product, overflow) = (left / a).multipliedReportingOverflow(by: right)
    return overflow ? Int.max : product
  }
}
