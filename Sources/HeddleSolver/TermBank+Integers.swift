extension TermBank {
  /// A known integer.
  public func integer(_ value: Int) -> IntegerTerm {
    IntegerTerm(index: make(.integer(value), TermBounds(lower: value, upper: value)))
  }

  /// A new unknown integer.
  public func variable() -> IntegerTerm {
    IntegerTerm(index: make(.variable(nextVariable())))
  }

  /// The value of a term without unknowns; `nil` if it has some, or if 64 bits do not hold it.
  public func value(of term: IntegerTerm) -> Int? {
    if case .integer(let value) = node(term.index) { value } else { nil }
  }

  /// 1 for true and 0 for false.
  public func integer(_ formula: Formula) -> IntegerTerm {
    choice(formula, integer(1), integer(0))
  }

  /// The second if the first, else the third.
  public func choice(
    _ condition: Formula,
    _ then: IntegerTerm,
    _ otherwise: IntegerTerm
  ) -> IntegerTerm {
    if let value = value(of: condition) { return value ? then : otherwise }
    if then == otherwise { return then }
    if case .not(let inner) = node(condition.index) {
      return choice(Formula(index: inner), otherwise, then)
    }
    let hull = bounds(then.index).union(bounds(otherwise.index))
    return IntegerTerm(
      index: make(.choice(condition.index, then.index, otherwise.index), hull)
    )
  }

  // MARK: Arithmetic

  /// The sum of all.
  public func sum(_ terms: [IntegerTerm]) -> IntegerTerm {
    var constant = 0
    var rest: [Int32] = []
    for term in terms {
      guard let value = value(of: term) else {
        rest.append(term.index)
        continue
      }
      let (next, overflow) = constant.addingReportingOverflow(value)
      if overflow { rest.append(term.index) } else { constant = next }
    }
    if constant != 0 || rest.isEmpty { rest.append(integer(constant).index) }
    if rest.count == 1 { return IntegerTerm(index: rest[0]) }
    rest.sort()
    let start = TermBounds(lower: 0, upper: 0)
    return IntegerTerm(index: make(.sum(rest), rest.reduce(start) { $0 + bounds($1) }))
  }

  /// `left - right`.
  public func difference(_ left: IntegerTerm, _ right: IntegerTerm) -> IntegerTerm {
    if left == right { return integer(0) }
    if let right = value(of: right), right != Int.min {
      return sum([left, integer(-right)])
    }
    let known = bounds(left.index) + -bounds(right.index)
    return IntegerTerm(index: make(.difference(left.index, right.index), known))
  }

  /// `left * right`.
  public func product(_ left: IntegerTerm, _ right: IntegerTerm) -> IntegerTerm {
    if let left = value(of: left), let right = value(of: right) {
      let (product, overflow) = left.multipliedReportingOverflow(by: right)
      if !overflow { return integer(product) }
    }
    if value(of: left) == 0 || value(of: right) == 0 { return integer(0) }
    if value(of: left) == 1 { return right }
    if value(of: right) == 1 { return left }
    return IntegerTerm(
      index: make(.product(min(left.index, right.index), max(left.index, right.index)))
    )
  }

  /// The quotient rounded towards negative infinity, as Python's `//`; meaningless for a divisor of 0.
  ///
  /// SMT-LIB's `div` and `mod` leave a remainder that is not negative. For a negative divisor that is one less than the
  /// floor wherever there is a remainder.
  public func floorQuotient(_ left: IntegerTerm, _ right: IntegerTerm) -> IntegerTerm {
    if let left = value(of: left), let right = value(of: right), right != 0,
      !(left == Int.min && right == -1)
    {
      return integer(floorDivide(left, right))
    }
    let (quotient, remainder) = (quotient(left, right), remainder(left, right))
    let isExact = equal(remainder, integer(0))
    let rounded = choice(isExact, quotient, difference(quotient, integer(1)))
    return choice(less(right, integer(0)), rounded, quotient)
  }

  /// The remainder of ``floorQuotient(_:_:)``, with the sign of the divisor, as Python's `%`.
  public func floorRemainder(_ left: IntegerTerm, _ right: IntegerTerm) -> IntegerTerm {
    if let left = value(of: left), let right = value(of: right), right != 0 {
      return integer(right == -1 ? 0 : left - floorDivide(left, right) * right)
    }
    let remainder = remainder(left, right)
    let isExact = equal(remainder, integer(0))
    let negative = choice(isExact, remainder, sum([remainder, right]))
    return choice(less(right, integer(0)), negative, remainder)
  }

  /// SMT-LIB's `div`; meaningless for a divisor of 0.
  func quotient(_ left: IntegerTerm, _ right: IntegerTerm) -> IntegerTerm {
    if let left = value(of: left), let right = value(of: right),
      let known = euclideanDivision(left, right)
    {
      return integer(known.quotient)
    }
    return IntegerTerm(index: make(.quotient(left.index, right.index)))
  }

  /// SMT-LIB's `mod`; meaningless for a divisor of 0.
  func remainder(_ left: IntegerTerm, _ right: IntegerTerm) -> IntegerTerm {
    if let left = value(of: left), let right = value(of: right),
      let known = euclideanDivision(left, right)
    {
      return integer(known.remainder)
    }
    return IntegerTerm(index: make(.remainder(left.index, right.index)))
  }

  private func floorDivide(_ left: Int, _ right: Int) -> Int {
    let quotient = left / right
    let remainder = left % right
    return remainder != 0 && (remainder < 0) != (right < 0) ? quotient - 1 : quotient
  }

  // MARK: Comparisons

  /// `left < right`.
  public func less(_ left: IntegerTerm, _ right: IntegerTerm) -> Formula {
    if left == right { return no }
    let (ours, theirs) = (bounds(left.index), bounds(right.index))
    if let upper = ours.upper, let lower = theirs.lower, upper < lower { return yes }
    if let lower = ours.lower, let upper = theirs.upper, lower >= upper { return no }
    if let split = split(left, right, less) { return split }
    return Formula(index: make(.less(left.index, right.index)))
  }

  /// `left <= right`.
  public func lessOrEqual(_ left: IntegerTerm, _ right: IntegerTerm) -> Formula {
    not(less(right, left))
  }

  /// `left == right`.
  public func equal(_ left: IntegerTerm, _ right: IntegerTerm) -> Formula {
    if left == right { return yes }
    let (ours, theirs) = (bounds(left.index), bounds(right.index))
    if let upper = ours.upper, let lower = theirs.lower, upper < lower { return no }
    if let upper = theirs.upper, let lower = ours.lower, upper < lower { return no }
    if let split = split(left, right, equal) { return split }
    return Formula(
      index: make(.equal(min(left.index, right.index), max(left.index, right.index)))
    )
  }

  /// Compares a choice between known values with a known value by comparing the values.
  private func split(
    _ left: IntegerTerm,
    _ right: IntegerTerm,
    _ compare: (IntegerTerm, IntegerTerm) -> Formula
  ) -> Formula? {
    // The depth keeps a graph of choices from being walked as a tree.
    func isKnown(_ index: Int32, depth: Int = 4) -> Bool {
      switch node(index) {
      case .integer: true
      case .choice(_, let then, let otherwise):
        depth > 0 && isKnown(then, depth: depth - 1) && isKnown(otherwise, depth: depth - 1)
      default: false
      }
    }
    if case .choice(let condition, let then, let otherwise) = node(left.index),
      value(of: right) != nil, isKnown(left.index)
    {
      return choice(
        Formula(index: condition),
        compare(IntegerTerm(index: then), right),
        compare(IntegerTerm(index: otherwise), right)
      )
    }
    if case .choice(let condition, let then, let otherwise) = node(right.index),
      value(of: left) != nil, isKnown(right.index)
    {
      return choice(
        Formula(index: condition),
        compare(left, IntegerTerm(index: then)),
        compare(left, IntegerTerm(index: otherwise))
      )
    }
    return nil
  }

  /// The second if the first, else the third.
  public func choice(_ condition: Formula, _ then: Formula, _ otherwise: Formula) -> Formula {
    if then == otherwise { return then }
    return or(and(condition, then), and(not(condition), otherwise))
  }

  /// Whether a 64-bit signed integer holds the value.
  public func fitsWord(_ term: IntegerTerm) -> Formula {
    let known = bounds(term.index)
    if known.lower != nil, known.upper != nil { return yes }
    return and(
      lessOrEqual(integer(Int.min), term),
      lessOrEqual(term, integer(Int.max))
    )
  }
}

extension TermBank {
  /// The term, whose bounds whoever calls this has asserted or derived.
  public func bounded(
    _ term: IntegerTerm,
    from lower: Int,
    through upper: Int
  ) -> IntegerTerm {
    if lower == upper { return integer(lower) }
    narrow(term.index, TermBounds(lower: lower, upper: upper))
    return term
  }
}
