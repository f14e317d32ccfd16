/// Unknown relations, and clauses that they have to satisfy (constrained Horn clauses).
///
/// Relations that do are inductive invariants: see Bjørner, Gurfinkel, McMillan and Rybalchenko, "Horn clause solvers for program
/// verification", 2015.
public struct HornClauses {
  /// A relation with the terms that stand for its parts.
  public struct Use {
    /// The number of the relation.
    public var relation: Int
    /// As many terms as the relation has parts.
    public var arguments: [IntegerTerm]

    /// Uses a relation.
    public init(_ relation: Int, _ arguments: [IntegerTerm]) {
      self.relation = relation
      self.arguments = arguments
    }
  }

  /// Whenever the body and the constraint hold, so does the head; all unknowns in it have any values.
  public struct Clause {
    /// `nil` if the constraint is all.
    public var body: Use?
    /// What else has to hold.
    public var constraint: Formula
    /// `nil` if the body and the constraint must not hold together.
    public var head: Use?

    /// Creates a clause.
    public init(body: Use?, constraint: Formula, head: Use?) {
      self.body = body
      self.constraint = constraint
      self.head = head
    }
  }

  /// By relation: the unknowns that a solution is told with.
  public var relations: [[IntegerTerm]]
  /// What has to hold.
  public var clauses: [Clause]

  /// Creates clauses over relations.
  public init(relations: [[IntegerTerm]], clauses: [Clause]) {
    self.relations = relations
    self.clauses = clauses
  }
}

/// What a solver says about clauses.
public enum HornAnswer {
  /// By relation: a formula over its unknowns. Whoever uses it has to check it.
  case solved([Formula])
  /// No relations satisfy the clauses.
  case refuted
  /// Neither was established within the limits.
  case unknown(reason: String)
}

/// Looks for relations that satisfy clauses, with Z3's engine Spacer (Komuravelli, Gurfinkel and Chaki, "SMT-based model checking for
/// recursive programs", CAV 2014).
public final class HornSolver {
  private let backend: Z3FixedPoint
  private let supervision: Supervision

  /// A solver for clauses over the terms of a bank; `workPerCheck` limits one question.
  ///
  /// - Throws: ``SolverError/notAvailable(_:)`` if this build has no libz3.
  public init(
    _ terms: TermBank,
    limits: Solver.Limits,
    mayGoOn: @escaping @Sendable () -> Bool
  ) throws(SolverError) {
    backend = try Z3FixedPoint.make(terms, limits)
    supervision = Supervision(of: backend.interrupter, mayGoOn)
  }

  /// Looks for a solution.
  ///
  /// - Complexity: undecidable; bounded by the limits.
  public func solve(_ clauses: HornClauses) throws(SolverError) -> HornAnswer {
    try backend.solve(clauses)
  }
}
