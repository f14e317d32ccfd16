/// How often something can happen at most: a number, or without bound.
struct Multiplicity: Equatable {
  /// The bounded part; never less than 0, and cut at ``largest``.
  var count: Int
  /// Whether it can happen any number of times besides.
  var isUnbounded = false

  /// Greater counts make no difference to anybody.
  static let largest = 1 << 40

  static let zero = Multiplicity(count: 0)
  static let once = Multiplicity(count: 1)

  /// Either may happen as often as it can.
  static func + (left: Multiplicity, right: Multiplicity) -> Multiplicity {
    Multiplicity(
      count: min(left.count + right.count, largest),
      isUnbounded: left.isUnbounded || right.isUnbounded
    )
  }

  /// The right side happens within each of the left.
  static func * (left: Multiplicity, right: Multiplicity) -> Multiplicity {
    let (product, overflow) = left.count.multipliedReportingOverflow(by: right.count)
    let isUnbounded =
      left.isUnbounded && (right.isUnbounded || right.count > 0)
      || right.isUnbounded && left.count > 0
    return Multiplicity(
      count: overflow ? largest : min(product, largest),
      isUnbounded: isUnbounded
    )
  }

  /// One of both happens.
  static func either(_ left: Multiplicity, _ right: Multiplicity) -> Multiplicity {
    Multiplicity(
      count: max(left.count, right.count),
      isUnbounded: left.isUnbounded || right.isUnbounded
    )
  }
}
