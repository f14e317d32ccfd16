import HeddleSolver

/// Checks relations against clauses, one question for each clause.
struct RelationCheck {
  private let clauses: HornClauses
  private let terms: TermBank
  private let solver: Solver

  var queryCount: Int { solver.checkCount }

  /// More claims are not spread, nor over more states.
  private static let mostClaims = 8
  private static let mostStates = 300
  /// Questions that may be put for better words.
  private static let mostChecks = 3_000

  init(
    _ clauses: HornClauses,
    _ terms: TermBank,
    limits: Solver.Limits,
    mayGoOn: @escaping @Sendable () -> Bool
  ) throws(SolverError) {
    self.clauses = clauses
    self.terms = terms
    solver = try Solver(terms, limits: limits)
    solver.supervise(mayGoOn)
  }

  /// Whether every clause holds.
  func confirms(_ relations: [Formula]) throws(SolverError) -> Bool {
    for clause in clauses.clauses {
      let head = clause.head.map { value(of: relations[$0.relation], at: $0) }
      guard try violates(clause, relations, head ?? terms.no) == .unsatisfiable else {
        return false
      }
    }
    return true
  }

  private func violates(
    _ clause: HornClauses.Clause,
    _ relations: [Formula],
    _ head: Formula
  ) throws(SolverError) -> Satisfiability {
    let body = clause.body.map { relations[$0.relation] } ?? terms.yes
    let violation = terms.and([clause.constraint, body, terms.not(head)])
    if violation == terms.no { return .unsatisfiable }
    let ask = terms.proposition()
    try solver.assert(terms.implies(ask, violation))
    return try solver.check(assuming: [ask])
  }

  /// A formula about the unknowns of a relation with what it is used with in their place.
  private func value(of formula: Formula, at use: HornClauses.Use) -> Formula {
    var substitution = TermSubstitution(terms)
    for (unknown, value) in zip(clauses.relations[use.relation], use.arguments) {
      substitution.replace(unknown, by: value)
    }
    return substitution(formula)
  }

  // MARK: Spreading

  /// Relations that say what any of them says about some unknowns wherever it holds, so that it can be told once for many states.
  ///
  /// The relations must be confirmed; then so is the result (Houdini, see ``Prover``).
  func spread(
    _ relations: [Formula],
    about unknowns: Set<IntegerTerm>
  ) throws(SolverError) -> [Formula] {
    guard relations.count <= Self.mostStates else { return relations }
    let claims = frequentClaims(of: relations, about: unknowns)
    var holding = relations.map { _ in claims }
    var (next, kept) = (0, 0)
    while kept < clauses.clauses.count {
      guard solver.checkCount < Self.mostChecks else { return relations }
      let clause = clauses.clauses[next]
      next = (next + 1) % clauses.clauses.count
      kept += 1
      guard let head = clause.head else { continue }
      let stronger = zip(relations, holding).map { terms.and([$0] + $1) }
      let after = holding[head.relation].map { value(of: $0, at: head) }
      switch try violates(clause, stronger, terms.and(after)) {
      case .unsatisfiable: continue
      case .unknown: return relations
      case .satisfiable: break
      }
      var left: [Formula] = []
      for (claim, after) in zip(holding[head.relation], after) where try solver.value(of: after) {
        left.append(claim)
      }
      guard left.count < holding[head.relation].count else { return relations }
      holding[head.relation] = left
      kept = 0
    }
    return zip(relations, holding).map { terms.and([$0] + $1) }
  }

  /// What most relations say about some unknowns.
  private func frequentClaims(
    of relations: [Formula],
    about unknowns: Set<IntegerTerm>
  ) -> [Formula] {
    var counts: [Formula: Int] = [:]
    var claims: [Formula] = []
    for claim in relations.flatMap({ terms.conjuncts(of: $0) })
    where unknowns.isSuperset(of: terms.unknownIntegers(in: [claim])) {
      if counts[claim] == nil { claims.append(claim) }
      counts[claim, default: 0] += 1
    }
    let ranked = claims.enumerated().sorted { left, right in
      let (ours, theirs) = (counts[left.element] ?? 0, counts[right.element] ?? 0)
      return ours != theirs ? ours > theirs : left.offset < right.offset
    }
    return ranked.prefix(Self.mostClaims).map(\.element)
  }
}
