import HeddleSolver

/// Proves what one invariant for all states does not, by a relation between numbers for each state of control.
///
/// A relation holds initially, every step leads from states of one relation to states of another, and none has a state that an obligation
/// excludes: constrained Horn clauses, which Spacer solves. Whatever it says is checked again, clause by clause, by a
/// solver that knows nothing of it.
struct HornProof {
  let graph: ControlGraph
  /// What is known to hold in every state.
  private let invariant: [Formula]
  private let limits: Solver.Limits
  private let mayGoOn: @Sendable () -> Bool
  /// By state of control: what holds of its numbers; empty before something is proved.
  private(set) var relations: [Formula] = []
  private(set) var queryCount = 0

  private var system: ProofSystem { graph.system }
  private var terms: TermBank { system.terms }

  /// The work of the search for relations, in Z3's units.
  private static let work: UInt32 = 5_000_000

  init(
    _ graph: ControlGraph,
    knowing invariant: [Formula],
    limits: Solver.Limits,
    mayGoOn: @escaping @Sendable () -> Bool
  ) {
    self.graph = graph
    self.invariant = invariant
    self.limits = limits
    self.mayGoOn = mayGoOn
  }

  /// Whether relations are found that exclude the obligations, and confirmed.
  mutating func findsRelations(
    for obligations: [ProofObligations.Obligation]
  ) throws(SolverError) -> Bool {
    let excluded = graph.states.indices.map { self.excluded(in: $0, obligations) }
    let clauses = self.clauses(excluding: excluded)
    var limits = limits
    limits.workPerCheck = limits.workPerCheck == 0 ? Self.work : min(Self.work, limits.workPerCheck)
    let solver = try HornSolver(terms, limits: limits, mayGoOn: mayGoOn)
    queryCount += 1
    guard case .solved(let found) = try solver.solve(clauses) else { return false }
    let check = try RelationCheck(clauses, terms, limits: self.limits, mayGoOn: mayGoOn)
    defer { queryCount += check.queryCount }
    guard try check.confirms(found) else { return false }
    relations = try check.spread(found, about: Set(system.slots.values))
    return true
  }

  // MARK: Clauses

  /// What must not hold in a state of control.
  private func excluded(
    in state: Int,
    _ obligations: [ProofObligations.Obligation]
  ) -> Formula {
    var substitution = graph.substitution(for: state)
    return substitution(terms.or(obligations.flatMap(\.formulas)))
  }

  private func clauses(excluding excluded: [Formula]) -> HornClauses {
    let known = graph.states.indices.map { state in
      var substitution = graph.substitution(for: state)
      return substitution(terms.and(invariant))
    }
    let inputs = inputs(in: known + excluded + graph.edges.map(\.condition))
    let parts = graph.states.indices.map { inputs + graph.numbers(in: $0).map(graph.term) }
    let facts = SingleFacts(system)
    func clause(
      from state: Int,
      _ condition: Formula,
      to head: HornClauses.Use?
    ) -> HornClauses.Clause {
      let body = HornClauses.Use(state, parts[state])
      let constraint = terms.and(known[state], condition)
      return facts.completed(HornClauses.Clause(body: body, constraint: constraint, head: head))
    }
    let beginning = inputs + graph.numbers(in: 0).map { graph.startingValue($0) }
    let start = HornClauses.Use(0, beginning)
    var clauses = [
      facts.completed(HornClauses.Clause(body: nil, constraint: terms.yes, head: start))
    ]
    for edge in graph.edges {
      let after = graph.numbers(in: edge.to).map { edge.after[$0] ?? graph.term($0) }
      clauses.append(
        clause(from: edge.from, edge.condition, to: HornClauses.Use(edge.to, inputs + after))
      )
    }
    for (state, formula) in excluded.enumerated() where formula != terms.no {
      clauses.append(clause(from: state, formula, to: nil))
    }
    return HornClauses(relations: parts, clauses: clauses)
  }

  /// The unknown initial values that something depends on: relations are about these, too.
  private func inputs(in formulas: [Formula]) -> [IntegerTerm] {
    let unknowns = Set(terms.unknownIntegers(in: formulas))
    return system.inputs.filter(unknowns.contains)
  }
}

/// What is known about single unknowns: their ranges.
private struct SingleFacts {
  private let terms: TermBank
  private var facts: [IntegerTerm: [Formula]] = [:]

  init(_ system: ProofSystem) {
    terms = system.terms
    for fact in system.encoder.facts {
      let unknowns = terms.unknownIntegers(in: [fact])
      if unknowns.count == 1 { facts[unknowns[0], default: []].append(fact) }
    }
  }

  /// The clause with what is known about the unknowns in it.
  func completed(_ clause: HornClauses.Clause) -> HornClauses.Clause {
    var clause = clause
    let arguments = (clause.body?.arguments ?? []) + (clause.head?.arguments ?? [])
    let unknowns = terms.unknownIntegers(in: [clause.constraint], arguments)
    let known = unknowns.flatMap { facts[$0] ?? [] }
    clause.constraint = terms.and(known + [clause.constraint])
    return clause
  }
}
