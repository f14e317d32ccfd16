import BigInt

/// A number to compute probabilities with.
protocol HitProbability {
  static var zero: Self { get }
  static var one: Self { get }
  static func + (left: Self, right: Self) -> Self
  /// Divides by a positive number.
  func divided(by divisor: Int) -> Self
  /// The probability among those runs alone that are not `excluded`.
  func conditioned(without excluded: Self) -> Self
  /// Whether it has become too large to be worth its exactness.
  var isUnwieldy: Bool { get }
  /// The most operations that are worth being spent on all systems of equations together.
  static var maximumWork: Int { get }
  /// Solves a system of which it is known that there is one solution.
  ///
  /// - Parameters:
  ///   - system: The equations.
  ///   - work: The operations that are left; as many as it takes are taken away.
  ///   - hearing: Says when to stop.
  /// - Returns: `nil` if the work is not enough, the numbers become unwieldy, or it has to stop.
  static func solve(
    _ system: HitSystem<Self>,
    _ work: inout Int,
    _ hearing: inout PhaseHearing
  ) -> [Self]?
}

/// The equations of the states of one component: `x[i] = constants[i] + sum of x[target] / divisor over terms[i]`.
struct HitSystem<Number> {
  var constants: [Number]
  var terms: [[(target: Int, divisor: Int)]]
}

/// A fraction in lowest terms.
struct Rational: Equatable {
  /// Larger denominators are given up.
  static let maximumBits = 512

  /// Larger systems of equations are given up.
  static let maximumSystem = 64

  let numerator: BigInt
  let denominator: BigInt

  init(_ numerator: BigInt, _ denominator: BigInt) {
    let divisor = numerator.greatestCommonDivisor(with: denominator)
    let sign: BigInt = denominator < 0 ? -1 : 1
    self.numerator = divisor == 0 ? 0 : sign * numerator / divisor
    self.denominator = divisor == 0 ? 1 : sign * denominator / divisor
  }

  static func - (left: Rational, right: Rational) -> Rational {
    Rational(
      left.numerator * right.denominator - right.numerator * left.denominator,
      left.denominator * right.denominator
    )
  }

  static func * (left: Rational, right: Rational) -> Rational {
    Rational(left.numerator * right.numerator, left.denominator * right.denominator)
  }

  static func / (left: Rational, right: Rational) -> Rational {
    Rational(left.numerator * right.denominator, left.denominator * right.numerator)
  }
}

extension Rational: HitProbability {
  static var zero: Rational { Rational(0, 1) }
  static var one: Rational { Rational(1, 1) }

  static func + (left: Rational, right: Rational) -> Rational {
    Rational(
      left.numerator * right.denominator + right.numerator * left.denominator,
      left.denominator * right.denominator
    )
  }

  func divided(by divisor: Int) -> Rational { Rational(numerator, denominator * BigInt(divisor)) }

  func conditioned(without excluded: Rational) -> Rational { self / (.one - excluded) }

  var isUnwieldy: Bool { denominator.magnitude.bitWidth > Self.maximumBits }

  static let maximumWork = 1_000_000

  /// Gaussian elimination; a pivot that is not 0 is exact enough.
  static func solve(
    _ system: HitSystem<Rational>,
    _ work: inout Int,
    _ hearing: inout PhaseHearing
  ) -> [Rational]? {
    let count = system.constants.count
    guard count <= maximumSystem else { return nil }
    work -= count * count * count
    guard work > 0 else { return nil }
    var rows = (0..<count).map { row in
      var entries = Array(repeating: Rational.zero, count: count)
      entries[row] = .one
      for (target, divisor) in system.terms[row] {
        entries[target] = entries[target] - Rational.one.divided(by: divisor)
      }
      return entries + [system.constants[row]]
    }
    for column in 0..<count {
      guard let pivot = (column..<count).first(where: { rows[$0][column] != .zero }) else {
        preconditionFailure("internal error: the chances of a component are not determined")
      }
      rows.swapAt(column, pivot)
      let scale = rows[column][column]
      for index in column...count { rows[column][index] = rows[column][index] / scale }
      for row in 0..<count where row != column && rows[row][column] != .zero {
        let factor = rows[row][column]
        for index in column...count where rows[column][index] != .zero {
          rows[row][index] = rows[row][index] - factor * rows[column][index]
        }
        // Each operation takes as long as some steps of the machine.
        guard !rows[row][count].isUnwieldy, hearing.mayGoOn(after: 8 * count) else { return nil }
      }
    }
    return rows.map { $0[count] }
  }
}

/// Two numbers between which a probability certainly lies.
///
/// Every operation rounds outwards by a whole unit in the last place, twice what the rounding of floating-point numbers can amount to.
struct ProbabilityInterval: Equatable {
  var lower: Double
  var upper: Double

  /// Iterating stops when every interval is narrower than this part of its upper end.
  static let relativeWidth = 1e-9
  static let maximumWork = 400_000_000

  init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  private static func outwards(_ lower: Double, _ upper: Double) -> ProbabilityInterval {
    ProbabilityInterval(max(0, lower.nextDown), min(1, upper.nextUp))
  }
}

extension ProbabilityInterval: HitProbability {
  static var zero: ProbabilityInterval { ProbabilityInterval(0, 0) }
  static var one: ProbabilityInterval { ProbabilityInterval(1, 1) }

  static func + (left: ProbabilityInterval, right: ProbabilityInterval) -> ProbabilityInterval {
    // Adding nothing is exact.
    if left == .zero { return right }
    if right == .zero { return left }
    return outwards(left.lower + right.lower, left.upper + right.upper)
  }

  func divided(by divisor: Int) -> ProbabilityInterval {
    if divisor == 1 || self == .zero { return self }
    return .outwards(lower / Double(divisor), upper / Double(divisor))
  }

  func conditioned(without excluded: ProbabilityInterval) -> ProbabilityInterval {
    if excluded == .zero { return self }
    let most = (1 - excluded.lower).nextUp
    let least = (1 - excluded.upper).nextDown
    return .outwards(lower / most, least > 0 ? upper / least : 1)
  }

  var isUnwieldy: Bool { false }

  /// Interval iteration: from below starting with 0 and from above starting with 1, in turn (Haddad and Monmege, "Interval iteration
  /// algorithm for MDPs and IMDPs", 2018); what is left between the two when the work is used up is the error.
  static func solve(
    _ system: HitSystem<ProbabilityInterval>,
    _ work: inout Int,
    _ hearing: inout PhaseHearing
  ) -> [ProbabilityInterval]? {
    let count = system.constants.count
    // From above 0 is never reached.
    if system.constants.allSatisfy({ $0 == .zero }) {
      return Array(repeating: .zero, count: count)
    }
    var values = Array(repeating: ProbabilityInterval(0, 1), count: count)
    repeat {
      var isSettled = true
      for row in 0..<count {
        var sum = system.constants[row]
        for (target, divisor) in system.terms[row] {
          sum = sum + values[target].divided(by: divisor)
        }
        work -= 1 + system.terms[row].count
        guard hearing.mayGoOn() else { return nil }
        values[row].lower = max(values[row].lower, sum.lower)
        values[row].upper = min(values[row].upper, sum.upper)
        let width = values[row].upper - values[row].lower
        if width > values[row].upper * relativeWidth { isSettled = false }
      }
      if isSettled { break }
    } while work > 0
    return values
  }
}
