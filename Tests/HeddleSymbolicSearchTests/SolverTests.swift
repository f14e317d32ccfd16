import HeddleChecking
import HeddleSolver
import HeddleSymbolicSearch
import Synchronization
import Testing

@Suite(.enabled(if: hasSolver)) struct `The solver` {
  /// Pigeons in fewer holes: no model, and no short proof.
  private func pigeons(_ count: Int, in solver: Solver) throws {
    let terms = solver.terms
    let places = (0..<count).map { _ in (1..<count).map { _ in terms.proposition() } }
    for place in places { try solver.assert(terms.or(place)) }
    for hole in 0..<count - 1 {
      for left in 0..<count {
        for right in left + 1..<count {
          try solver.assert(terms.not(terms.and(places[left][hole], places[right][hole])))
        }
      }
    }
  }

  @Test func `counts its work, so that equal questions end equally`() throws {
    var answers: [Satisfiability] = []
    for _ in 0..<2 {
      let solver = try Solver(TermBank(), limits: Solver.Limits(workPerCheck: 200_000))
      try pigeons(12, in: solver)
      answers.append(try solver.check())
    }
    #expect(answers[0] == answers[1])
    guard case .unknown = answers[0] else {
      Issue.record("no limit was reached: \(answers[0])")
      return
    }
  }

  @Test func `ends a running check when told so`() throws {
    let solver = try Solver(TermBank())
    // Takes longer than anyone waits.
    try pigeons(14, in: solver)
    let end = ContinuousClock.now + .milliseconds(300)
    solver.supervise { ContinuousClock.now < end }
    let answer = try solver.check()
    print("a check ended \(ContinuousClock.now - end) after it was told so")
    #expect(solver.isInterrupted)
    guard case .unknown = answer else {
      Issue.record("answered \(answer)")
      return
    }
    #expect(try solver.check() == .unknown(reason: "interrupted"))
  }

  @Test(arguments: [-8, -7, -1, 0, 1, 7, 8], [-3, -2, -1, 1, 2, 3])
  func `divides as Python does`(left: Int, right: Int) throws {
    let terms = TermBank()
    let solver = try Solver(terms)
    let (dividend, divisor) = (terms.variable(), terms.variable())
    try solver.assert(terms.equal(dividend, terms.integer(left)))
    try solver.assert(terms.equal(divisor, terms.integer(right)))
    let quotient = terms.floorQuotient(dividend, divisor)
    let remainder = terms.floorRemainder(dividend, divisor)
    #expect(try solver.check() == .satisfiable)
    let expected = Int((Double(left) / Double(right)).rounded(.down))
    #expect(try solver.value(of: quotient) == expected)
    #expect(try solver.value(of: remainder) == left - expected * right)
    let known = (terms.integer(left), terms.integer(right))
    #expect(terms.value(of: terms.floorQuotient(known.0, known.1)) == expected)
    #expect(terms.value(of: terms.floorRemainder(known.0, known.1)) == left - expected * right)
  }
}

@Suite struct `What follows from a formula that holds` {
  private let terms = TermBank()

  private func bounds(
    _ formula: Formula,
    of term: IntegerTerm,
    where implied: [Formula: Consequences] = [:]
  ) -> [Int?] {
    let bounds = Consequences(of: formula, in: terms) { implied[$0] }.bounds[term]
    return [bounds?.lower, bounds?.upper]
  }

  @Test func `is what its conjunctions say`() {
    let x = terms.variable()
    let isNatural = terms.lessOrEqual(terms.integer(0), x)
    let isSmall = terms.less(x, terms.integer(10))
    #expect(bounds(terms.and(isNatural, isSmall), of: x) == [0, 9])
    #expect(bounds(terms.not(terms.or(terms.not(isNatural), isSmall)), of: x) == [10, nil])
    #expect(bounds(terms.equal(x, terms.integer(7)), of: x) == [7, 7])
    #expect(bounds(terms.or(isNatural, isSmall), of: x) == [nil, nil])
  }

  @Test func `is what is left of a disjunction, and what a proposition brings with it`() {
    let x = terms.variable()
    let (p, q) = (terms.proposition(), terms.proposition())
    let isNatural = terms.lessOrEqual(terms.integer(0), x)
    let isSmall = terms.less(x, terms.integer(10))
    // An assumption of two parts as it is lowered: the second is looked at where the first holds.
    let fails = terms.or(
      terms.and(p, terms.not(isNatural)),
      terms.and(terms.and(p, isNatural), terms.not(isSmall))
    )
    #expect(bounds(terms.and(p, terms.not(fails)), of: x) == [0, 9])
    #expect(bounds(terms.not(fails), of: x) == [nil, nil])
    let known = Consequences(of: isSmall, in: terms) { _ in nil }
    #expect(bounds(terms.and(isNatural, q), of: x, where: [q: known]) == [0, 9])
    #expect(bounds(terms.and(isNatural, terms.not(q)), of: x, where: [q: known]) == [0, nil])
  }
}
