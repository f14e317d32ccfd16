public import BigInt

/// How likely a run under a uniformly random scheduler shows a finding.
///
/// Such a scheduler lets every thread that has a step take the next one with equal probability; the outcomes of a choice, and the initial
/// states, are equally likely too. Runs that an `assume` ends before they show the finding do not count. No real scheduler is
/// uniformly random: the number says how rare a finding is, not how often a machine shows it.
public struct Odds: Sendable, Equatable {
  /// What is known of the probability.
  public enum Value: Sendable, Equatable {
    /// A fraction in lowest terms.
    case exact(numerator: BigInt, denominator: BigInt)
    /// It lies between the two, rounding included.
    case between(lower: Double, upper: Double)
  }

  /// What is known of the probability.
  public var value: Value

  /// Wraps what is known.
  public init(_ value: Value) { self.value = value }

  /// The probability, from 0 to 1.
  public var probability: Double {
    switch value {
    case .exact(let numerator, let denominator): Self.quotient(numerator, denominator)
    case .between(let lower, let upper): lower + (upper - lower) / 2
    }
  }

  /// The most by which the probability may be off; 0 if it is exact but for the last digit of a floating-point number.
  public var error: Double {
    switch value {
    case .exact: 0
    case .between(let lower, let upper): (upper - lower) / 2
    }
  }

  /// The least number of independent runs of which at least one shows the finding with a probability of 99 %: ln 0.01 / ln (1 - p), rounded up.
  ///
  /// Of two bounds the lower decides, so that the runs are enough in any case. Beyond 1 000 the number is as good as floating-point numbers are.
  /// `nil` if it does not fit into a machine integer.
  public var runsForConfidence: Int? {
    let probability =
      if case .between(let lower, _) = value { lower } else { probability }
    guard probability < 1 else { return 1 }
    let runs = (-4.605_170_185_988_091 / Self.logarithm(ofOneMinus: probability)).rounded(.up)
    guard runs.isFinite, runs < 0x1p62 else { return nil }
    return settled(max(1, Int(runs)))
  }

  /// The number of runs, made right where rounding may have moved it: exactly if the fraction is known and the number is small.
  private func settled(_ runs: Int) -> Int {
    guard case .exact(let numerator, let denominator) = value, runs <= 1_000 else { return runs }
    func isEnough(_ runs: Int) -> Bool {
      (denominator - numerator).power(runs) * 100 <= denominator.power(runs)
    }
    var runs = runs
    while runs > 1, isEnough(runs - 1) { runs -= 1 }
    while !isEnough(runs) { runs += 1 }
    return runs
  }

  /// The nearest quotient of two large numbers: both are cut to their leading 62 bits first.
  private static func quotient(_ numerator: BigInt, _ denominator: BigInt) -> Double {
    func leading(_ number: BigInt) -> (digits: Double, shift: Int) {
      let shift = max(0, number.magnitude.bitWidth - 62)
      return (Double(Int(number >> shift)), shift)
    }
    let (above, aboveShift) = leading(numerator)
    let (below, belowShift) = leading(denominator)
    return Double(sign: .plus, exponent: aboveShift - belowShift, significand: above / below)
  }

  /// The natural logarithm of 1 - x for 0 <= x < 1, precise for small x too.
  ///
  /// The series of the inverse hyperbolic tangent: log(1 - x) = -2 artanh(x / (2 - x)). Near 1 the argument is halved first, by
  /// log(y) = log(2 y) - log 2.
  static func logarithm(ofOneMinus x: Double) -> Double {
    var rest = x
    var halvings = 0.0
    while rest > 0.5 {
      // 1 - x = (2 - 2 x) / 2, and 2 - 2 x = 1 - (2 x - 1).
      rest = 2 * rest - 1
      halvings += 1
    }
    let argument = rest / (2 - rest)
    let square = argument * argument
    var power = argument
    var sum = 0.0
    var term = 1.0
    while power / term > sum * 0x1p-60 {
      sum += power / term
      power *= square
      term += 2
    }
    return -2 * sum - halvings * 0.693_147_180_559_945_3
  }
}

/// Why there are no odds, though they were asked for.
public enum OddsGap: Sendable, Equatable {
  /// Not every order was covered.
  case searchIsIncomplete
  /// The table would have more numbers, one for each state and finding, than `limit`.
  case tooManyStates(numbers: Int, limit: Int)
  /// The search was complete, but a limit was reached before the odds were known.
  case stopped(LimitReached)
}

/// What an engine says when it is asked for odds.
public enum OddsAnswer: Sendable, Equatable {
  /// By finding; those that only an endless run shows have none, since no step shows them.
  case odds([FindingKey: Odds])
  case gap(OddsGap)
}
