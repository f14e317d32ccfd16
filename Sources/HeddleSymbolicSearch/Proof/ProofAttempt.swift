import HeddleChecking
import HeddleProgram
import HeddleSolver

/// The attempt to prove, by an invariant, that a program has no finding of the kinds that are wanted.
struct ProofAttempt {
  /// How it ended.
  enum Result {
    case proved(Proof)
    case open(Unprovable)
  }

  private let question: Question
  private let limits: Solver.Limits
  private let mayGoOn: @Sendable () -> Bool
  private(set) var queryCount = 0
  private(set) var stepCount = 0

  /// The work of one question at most, in the solver's units.
  private static let workPerCheck: UInt32 = 150_000_000
  /// Runs that are tried beyond those of the guessing, until all statements are reached.
  private static let moreRuns = 60

  init(_ question: Question, limits: Solver.Limits, mayGoOn: @escaping @Sendable () -> Bool) {
    self.question = question
    self.limits = limits
    self.mayGoOn = mayGoOn
  }

  /// Tries with interchangeable threads counted, then with each thread by itself.
  mutating func run() throws(SolverError) -> Result {
    var reason = ""
    switch system(countsThreads: true) {
    case .success(let system):
      let hasGroups = system.groups.contains(where: \.isCounted)
      let result = try prove(system, goesOn: !hasGroups)
      guard hasGroups, case .open(let open) = result, !open.isFinal else { return result }
      reason = open.reason
    case .failure(let failure):
      reason = failure.reason
      guard failure.needsEachThread else { return .open(failure) }
    }
    guard question.program.parameters.isEmpty,
      case .success(let system) = system(countsThreads: false)
    else { return .open(Unprovable(reason: reason)) }
    return try prove(system, goesOn: true)
  }

  private func system(countsThreads: Bool) -> Swift.Result<ProofSystem, Unprovable> {
    Swift.Result { () throws(Unprovable) in
      try ProofSystem(
        question.program,
        options: question.machineOptions,
        countsThreads: countsThreads
      )
    }
  }

  /// Tries with one invariant, and if that is not enough and it may go on, with relations for each state of control.
  private mutating func prove(
    _ system: ProofSystem,
    goesOn: Bool
  ) throws(SolverError) -> Result {
    stepCount = system.groups.reduce(0) { $0 + $1.steps.count }
    // What `checkInvariants` has visited says nothing about the states that observers see.
    system.encoder.visits = [:]
    var obligations = ProofObligations(
      system,
      kinds: question.kinds,
      fairness: question.fairness
    ).all()
    let unfair = obligations.first(where: \.needsFairness)
    obligations.removeAll(where: \.needsFairness)
    if let open = obligations.first(where: \.formulas.isEmpty) {
      return .open(Unprovable(reason: open.reason))
    }
    guard system.encoder.frontiers.isEmpty, system.encoder.deferred.isEmpty else {
      return .open(Unprovable(reason: "`invariant` or `finally` has no constraints for proofs"))
    }
    // Steps are small: a question that takes long is one that no invariant of this form answers.
    var limits = limits
    if limits.workPerCheck == 0 || limits.workPerCheck > Self.workPerCheck {
      limits.workPerCheck = Self.workPerCheck
    }
    let prover = try Prover(system, limits: limits, mayGoOn: mayGoOn)
    defer { queryCount += prover.queryCount }
    let open: Unprovable?
    let weak = try prover.findInvariant(for: obligations)
    if let weak { open = weak } else { open = try unproved(obligations, by: prover) }
    var statement = ProofStatement(system, prover.columns)
    if weak == nil { statement.invariants = (prover.relations, prover.candidates) }
    if let open {
      // What ends is unrolled, which takes less time.
      let isEndless = system.groups.contains(where: \.isCyclic)
      guard goesOn, isEndless, !open.isFinal else { return .open(open) }
      // Only what every step keeps is known to hold.
      let known = weak == nil ? prover.statements : []
      guard let cases = try cases(system, obligations, knowing: known, limits) else {
        return .open(open)
      }
      statement.cases = cases
    }
    // The guard of a proof that proves too much: everything is reached, in runs.
    guard isVacuityExcluded(prover.sampler) else {
      return .open(Unprovable(reason: "whether every statement is reached"))
    }
    guard let proof = statement.proof else {
      return .open(Unprovable(reason: "the relations that Z3 found have no words"))
    }
    if let unfair {
      return .open(Unprovable(reason: unfair.reason, needsFairness: true, isFinal: true))
    }
    return .proved(proof)
  }

  /// The first obligation that the invariant does not fulfil.
  private func unproved(
    _ obligations: [ProofObligations.Obligation],
    by prover: Prover
  ) throws(SolverError) -> Unprovable? {
    for obligation in obligations {
      switch try prover.excludes(obligation.formulas) {
      case true?: break
      case false?: return Unprovable(reason: obligation.reason)
      case nil: return Unprovable(reason: "\(obligation.reason), on which Z3 gave up")
      }
    }
    return nil
  }

  /// Relations for each state of control that fulfil the obligations; `nil` if none are found.
  private mutating func cases(
    _ system: ProofSystem,
    _ obligations: [ProofObligations.Obligation],
    knowing invariant: [Formula],
    _ limits: Solver.Limits
  ) throws(SolverError) -> HornProof? {
    guard let graph = try? ControlGraph(system, mayGoOn: mayGoOn) else { return nil }
    var proof = HornProof(graph, knowing: invariant, limits: limits, mayGoOn: mayGoOn)
    defer { queryCount += proof.queryCount }
    do throws(SolverError) {
      return try proof.findsRelations(for: obligations) ? proof : nil
    } catch .refused {
      // What Spacer does not take may be unrolled all the same.
      return nil
    }
  }

  /// Whether the runs that were tried reach every statement (HD601), or some more.
  private func isVacuityExcluded(_ sampler: RunSampler) -> Bool {
    guard question.kinds.isEmpty || question.kinds.contains(.vacuous) else { return true }
    var sampler = sampler
    for _ in 0..<Self.moreRuns {
      if reachesEverything(sampler) { return true }
      sampler.run { _ in }
      if sampler.hasFailed { return false }
    }
    return false
  }

  private func reachesEverything(_ sampler: RunSampler) -> Bool {
    let program = question.program
    var covered = program.instructions.indices.map { sampler.covered.contains($0) }
    for position in sampler.observed { covered[position] = true }
    let passed = program.claims.indices.map { sampler.passedClaims.contains($0) }
    return passesAssumptions(sampler)
      && Vacuity.findings(of: program, covered: covered, passedClaims: passed).isEmpty
  }

  /// Whether every assumption has held in some run: a run that one ends is none of those that were tried, so that it would seem not to be made.
  private func passesAssumptions(_ sampler: RunSampler) -> Bool {
    let program = question.program
    let passed = Set(sampler.passedClaims.map { program.original(of: ClaimID($0)) })
    return program.reachableCode.allSatisfy { position in
      guard case .assume(_, let claim) = program.instructions[position.index] else { return true }
      return passed.contains(program.original(of: claim))
    }
  }
}
