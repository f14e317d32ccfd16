import HeddleChecking
import HeddleProgram
import HeddleSolver

/// Proves that a program is free of some kinds of findings, for all orders and inputs, by an invariant.
///
/// The invariant is guessed: all equations between the columns that random runs satisfied, and bounds. Then Z3 checks that it holds
/// initially and is kept by every step; what is not kept is dropped, or for equations replaced by what still holds
/// (Flanagan and Leino, "Houdini, an annotation assistant for ESC/Java", FME 2001). Only what is left, and checked, is used.
final class Prover {
  let system: ProofSystem
  let columns: [ProofColumn]
  private let solver: Solver
  private(set) var sampler: RunSampler
  private var hull: AffineHull
  private(set) var relations: [AffineHull.Relation] = []
  private(set) var candidates: [ProofCandidate] = []
  /// The literal that stands for the present invariant.
  private var invariant: Formula
  private let columnTerms: [IntegerTerm]

  private var terms: TermBank { system.terms }
  var queryCount: Int { solver.checkCount }
  var isInterrupted: Bool { solver.isInterrupted }

  /// Runs that add nothing new end the guessing.
  private static let idleRuns = 8
  private static let maximumRuns = 80
  /// More columns are not looked at.
  private static let maximumColumns = 700
  /// How often the invariant may be weakened.
  private static let maximumRepairs = 400
  /// Questions that may be put while it is weakened.
  private static let maximumChecks = 3_000

  init(
    _ system: ProofSystem,
    limits: Solver.Limits,
    mayGoOn: @escaping @Sendable () -> Bool
  )
    throws(SolverError)
  {
    self.system = system
    columns = system.columns
    columnTerms = columns.map { system.value($0) }
    sampler = RunSampler(system)
    hull = AffineHull(columnCount: columns.count)
    invariant = system.terms.yes
    solver = try Solver(system.terms, limits: limits)
    solver.supervise(mayGoOn)
    for fact in system.encoder.facts { try solver.assert(fact) }
  }

  // MARK: Guessing and checking

  /// Finds an invariant that is checked; `nil` if everything that was guessed is.
  ///
  /// Where a run comes to a state that an obligation excludes, there is no need to go on.
  func findInvariant(
    for obligations: [ProofObligations.Obligation]
  ) throws(SolverError) -> Unprovable? {
    guard columns.count <= Self.maximumColumns else {
      return Unprovable(
        reason: "the scenario is too large for a proof by invariants",
        isFinal: true
      )
    }
    var idle = 0
    var violated: String?
    var guesses = ProofCandidate.all(of: system).map { candidate in
      (candidate: candidate, formula: candidate.formula(system) { system.value($0) })
    }
    for _ in 0..<Self.maximumRuns where idle < Self.idleRuns {
      let before = hull.rank
      sampler.run { evaluator in
        observe(&evaluator)
        if violated == nil {
          violated =
            obligations.first { obligation in
              obligation.formulas.contains { evaluator.value(of: $0) == true }
            }?.reason
        }
        guesses.removeAll { evaluator.value(of: $0.formula) != true }
      }
      guard !sampler.hasFailed else { return Unprovable(reason: "a run fails", isFinal: true) }
      if let violated { return Unprovable(reason: violated, isFinal: true) }
      idle = hull.rank == before ? idle + 1 : 0
    }
    relations = hull.relations
    candidates = guesses.map(\.candidate)
    try restate()
    return try keepSteps()
  }

  /// Weakens the invariant until the beginning satisfies it and every step keeps it.
  private func keepSteps() throws(SolverError) -> Unprovable? {
    var steps: [(group: Int, step: ControlStep)?] = [nil]
    for (group, members) in system.groups.enumerated() {
      steps += members.steps.map { (group, $0) }
    }
    var (next, kept, repairs) = (0, 0, 0)
    // A weaker invariant has to be kept by the steps that were looked at before, too.
    while kept < steps.count {
      switch try weaken(steps[next]) {
      case .kept:
        kept += 1
        next = (next + 1) % steps.count
      case .unknown(let reason): return Unprovable(reason: "Z3 gave up on an invariant: \(reason)")
      case .weakened:
        (kept, repairs) = (0, repairs + 1)
        guard repairs <= Self.maximumRepairs, solver.checkCount <= Self.maximumChecks else {
          return Unprovable(reason: "no invariant was found in \(repairs) attempts")
        }
        try restate()
      }
    }
    return nil
  }

  private func observe(_ evaluator: inout TermEvaluator) {
    var point: [Int] = []
    for term in columnTerms {
      guard let value = evaluator.value(of: term) else { return }
      point.append(value)
    }
    _ = hull.add(point)
  }

  /// What the invariant says.
  var statements: [Formula] {
    var statements = relations.map { relation in
      terms.equal(system.sum(relation, columns) { system.value($0) }, terms.integer(0))
    }
    statements += candidates.map { $0.formula(system, system.value) }
    let bounds = RelationBounds(system, columns, candidates)
    return statements + relations.flatMap { bounds.formulas($0) }
  }

  private func restate() throws(SolverError) {
    invariant = terms.proposition()
    for statement in statements { try solver.assert(terms.implies(invariant, statement)) }
  }

  private enum Weakening {
    case kept
    case weakened
    case unknown(String)
  }

  /// Drops from the invariant what a step does not keep, or what the beginning does not satisfy.
  private func weaken(_ step: (group: Int, step: ControlStep)?) throws(SolverError) -> Weakening {
    guard let (group, step) = step else {
      return try weaken(assuming: [system.beginning]) { self.system.value($0) }
    }
    let condition = system.condition(of: step, in: group)
    return try weaken(assuming: [invariant, condition]) { column in
      self.system.value(column, after: step, of: group) ?? self.system.value(column)
    }
  }

  private func weaken(
    assuming assumptions: [Formula],
    _ after: (ProofColumn) -> IntegerTerm
  ) throws(SolverError) -> Weakening {
    var broken: [Formula] = []
    for relation in relations {
      // What does not change stays as it was.
      let isTouched = relation.coefficients.keys.contains {
        after(columns[$0]) != system.value(columns[$0])
      }
      guard isTouched || !assumptions.contains(invariant) else { continue }
      let sum = system.sum(relation, columns, after)
      broken.append(terms.not(terms.equal(sum, terms.integer(0))))
    }
    for candidate in candidates {
      let formula = candidate.formula(system, after)
      if assumptions.contains(invariant), formula == candidate.formula(system, system.value) {
        continue
      }
      broken.append(terms.not(formula))
    }
    let isBroken = terms.or(broken)
    guard isBroken != terms.no else { return .kept }
    let ask = terms.proposition()
    try solver.assert(terms.implies(ask, terms.and(assumptions + [isBroken])))
    switch try solver.check(assuming: [ask]) {
    case .unsatisfiable: return .kept
    case .unknown(let reason): return .unknown(reason)
    case .satisfiable: break
    }
    var point: [Int] = []
    for column in columns {
      guard let value = try solver.value(of: after(column)) else {
        return .unknown("a value that 64 bits do not hold")
      }
      point.append(value)
    }
    var kept: [ProofCandidate] = []
    for candidate in candidates where try solver.value(of: candidate.formula(system, after)) {
      kept.append(candidate)
    }
    let isOutside = hull.add(point)
    guard isOutside || kept.count < candidates.count else {
      return .unknown("the model shows nothing new")
    }
    candidates = kept
    if isOutside { relations = hull.relations }
    return .weakened
  }

  // MARK: Using it

  /// Whether no state that satisfies the invariant satisfies any of the formulas; `nil` if Z3 does not know.
  func excludes(_ formulas: [Formula]) throws(SolverError) -> Bool? {
    let ask = terms.proposition()
    try solver.assert(terms.implies(ask, terms.and(invariant, terms.or(formulas))))
    switch try solver.check(assuming: [ask]) {
    case .unsatisfiable: return true
    case .satisfiable: return false
    case .unknown: return nil
    }
  }
}
