import HeddleSolver
import Testing

/// Relations that satisfy clauses, worked out by hand.
@Suite(.enabled(if: hasSolver)) struct `Clauses` {
  private let terms = TermBank()

  /// `x` starts at a value, is raised by two while it is below ten, and must never satisfy a formula.
  private func counter(
    from start: Int,
    mustNot excluded: (IntegerTerm) -> Formula
  ) -> (clauses: HornClauses, unknown: IntegerTerm) {
    let x = terms.variable()
    let clauses = [
      HornClauses.Clause(
        body: nil,
        constraint: terms.yes,
        head: HornClauses.Use(0, [terms.integer(start)])
      ),
      HornClauses.Clause(
        body: HornClauses.Use(0, [x]),
        constraint: terms.less(x, terms.integer(10)),
        head: HornClauses.Use(0, [terms.sum([x, terms.integer(2)])])
      ),
      HornClauses.Clause(body: HornClauses.Use(0, [x]), constraint: excluded(x), head: nil),
    ]
    return (HornClauses(relations: [[x]], clauses: clauses), x)
  }

  private func solver(work: UInt32 = 5_000_000) throws -> HornSolver {
    try HornSolver(terms, limits: Solver.Limits(workPerCheck: work)) { true }
  }

  @Test
  func `are solved by a relation that holds all that is reached, and nothing that must not be`()
    throws
  {
    let (clauses, x) = counter(from: 0) { terms.less(terms.integer(11), $0) }
    guard case .solved(let relations) = try solver().solve(clauses) else {
      Issue.record("not solved")
      return
    }
    for value in stride(from: 0, through: 10, by: 2) {
      var evaluator = TermEvaluator(terms)
      evaluator.set(x, to: value)
      #expect(evaluator.value(of: relations[0]) == true)
    }
    for value in [12, 13, 1_000] {
      var evaluator = TermEvaluator(terms)
      evaluator.set(x, to: value)
      #expect(evaluator.value(of: relations[0]) == false)
    }
  }

  @Test func `are refuted by a run`() throws {
    let (clauses, _) = counter(from: 1) { terms.equal($0, terms.integer(11)) }
    guard case .refuted = try solver().solve(clauses) else {
      Issue.record("not refuted")
      return
    }
  }

  @Test func `are given up where the work is used up, or somebody says so`() throws {
    let (clauses, _) = counter(from: 0) { terms.less(terms.integer(11), $0) }
    guard case .unknown = try solver(work: 50).solve(clauses) else {
      Issue.record("a limit was not kept")
      return
    }
    // Nothing bounds the search for a relation between two products.
    let (x, y, z) = (terms.variable(), terms.variable(), terms.variable())
    let next = HornClauses.Use(0, [terms.product(x, y), terms.sum([y, z]), terms.product(z, x)])
    let endless = HornClauses(
      relations: [[x, y, z]],
      clauses: [
        HornClauses.Clause(
          body: nil,
          constraint: terms.yes,
          head: HornClauses.Use(0, [terms.integer(2), terms.integer(3), terms.integer(5)])
        ),
        HornClauses.Clause(body: HornClauses.Use(0, [x, y, z]), constraint: terms.yes, head: next),
        HornClauses.Clause(
          body: HornClauses.Use(0, [x, y, z]),
          constraint: terms.equal(terms.product(x, x), terms.sum([y, terms.integer(7)])),
          head: nil
        ),
      ]
    )
    let end = ContinuousClock.now + .milliseconds(300)
    let solver = try HornSolver(terms, limits: Solver.Limits()) { ContinuousClock.now < end }
    guard case .unknown = try solver.solve(endless) else {
      Issue.record("was not interrupted")
      return
    }
    #expect(ContinuousClock.now - end < .seconds(20))
  }
}

/// Terms that are taken apart and put together again, against their values.
@Suite struct `Terms` {
  /// Random terms over some unknowns.
  private struct Maker {
    let terms = TermBank()
    let integers: [IntegerTerm]
    let truths: [Formula]
    var random = SystemRandomNumberGenerator()

    init() {
      let terms = terms
      integers = (0..<3).map { _ in terms.variable() }
      truths = (0..<2).map { _ in terms.proposition() }
    }

    mutating func integer(_ depth: Int) -> IntegerTerm {
      let choice = Int.random(in: 0..<9, using: &random)
      guard depth > 0, choice > 1 else {
        return choice % 2 == 0
          ? integers[Int.random(in: 0..<3, using: &random)]
          : terms.integer(Int.random(in: -4...4, using: &random))
      }
      let (left, right) = (integer(depth - 1), integer(depth - 1))
      switch choice {
      case 2, 3: return terms.sum([left, right, integer(depth - 1)])
      case 4: return terms.difference(left, right)
      case 5: return terms.product(left, right)
      case 6: return terms.floorQuotient(left, right)
      case 7: return terms.floorRemainder(left, right)
      default: return terms.choice(formula(depth - 1), left, right)
      }
    }

    mutating func formula(_ depth: Int, isLinear: Bool = false) -> Formula {
      let choice = Int.random(in: 0..<8, using: &random)
      guard depth > 0 else {
        return isLinear
          ? terms.less(integers[0], integers[1]) : truths[Int.random(in: 0..<2, using: &random)]
      }
      switch choice {
      case 0: return terms.not(formula(depth - 1, isLinear: isLinear))
      case 1, 2:
        let parts = (0..<3).map { _ in formula(depth - 1, isLinear: isLinear) }
        return choice == 1 ? terms.and(parts) : terms.or(parts)
      case 3 where !isLinear: return terms.atMost(1, of: truths + [formula(depth - 1)])
      case 4, 5: return terms.less(operand(depth, isLinear), operand(depth, isLinear))
      default: return terms.equal(operand(depth, isLinear), operand(depth, isLinear))
      }
    }

    private mutating func operand(_ depth: Int, _ isLinear: Bool) -> IntegerTerm {
      guard isLinear else { return integer(depth - 1) }
      let factor = terms.integer(Int.random(in: -3...3, using: &random))
      let unknown = terms.product(factor, integers[Int.random(in: 0..<3, using: &random)])
      return terms.difference(unknown, terms.sum([integers[0], terms.integer(2)]))
    }

    /// Gives all unknowns values.
    mutating func evaluator() -> (TermEvaluator, [Int], [Bool]) {
      let values = integers.map { _ in Int.random(in: -3...3, using: &random) }
      let truths = self.truths.map { _ in Bool.random(using: &random) }
      var evaluator = TermEvaluator(terms)
      for (unknown, value) in zip(integers, values) { evaluator.set(unknown, to: value) }
      for (unknown, value) in zip(self.truths, truths) { evaluator.set(unknown, to: value) }
      return (evaluator, values, truths)
    }
  }

  @Test func `have the same value with known values in the place of unknowns`() {
    var maker = Maker()
    for _ in 0..<2_000 {
      let (number, formula) = (maker.integer(3), maker.formula(3))
      var (evaluator, values, truths) = maker.evaluator()
      var substitution = TermSubstitution(maker.terms)
      for (unknown, value) in zip(maker.integers, values).dropFirst() {
        substitution.replace(unknown, by: maker.terms.integer(value))
      }
      for (unknown, value) in zip(maker.truths, truths) {
        substitution.replace(unknown, by: maker.terms.truth(value))
      }
      var rest = TermEvaluator(maker.terms)
      rest.set(maker.integers[0], to: values[0])
      // Where the divisor is 0 there is no value; less is evaluated where it is not asked for.
      if let value = evaluator.value(of: number) {
        #expect(rest.value(of: substitution(number)) == value)
      }
      if let value = evaluator.value(of: formula) {
        #expect(rest.value(of: substitution(formula)) == value)
      }
    }
  }

  @Test func `that are linear have clauses that are true where they are`() throws {
    var maker = Maker()
    var told = 0
    for _ in 0..<2_000 {
      let formula = maker.formula(3, isLinear: true)
      guard let clauses = maker.terms.linearClauses(of: formula) else { continue }
      told += 1
      var (evaluator, values, _) = maker.evaluator()
      let holds = clauses.allSatisfy { clause in
        clause.contains { comparison in
          let sum = zip(maker.integers, values).reduce(comparison.constant) {
            $0 + (comparison.coefficients[$1.0] ?? 0) * $1.1
          }
          return comparison.isEquation ? sum == 0 : sum >= 0
        }
      }
      #expect(evaluator.value(of: formula) == holds)
    }
    #expect(told > 1_000)
    let product = maker.terms.product(maker.integers[0], maker.integers[1])
    #expect(maker.terms.linearClauses(of: maker.terms.equal(product, maker.integers[2])) == nil)
  }
}
