import HeddleChecking
import HeddleProgram
import HeddleSolver

/// The attempt to prove, by an invariant, that a program has no finding of the kinds that are wanted.
struct ProofAttempt {
  /// How it ended.
  enum Result {
    case proved(Proof)
    case open(reason: String)
  }

  private let question: Question
  private let limits: Solver.Limits
  private let mayGoOn: @Sendable () -> Bool
  private(set) var queryCount = 0
  private(set) var stepCount = 0

  /// The work of one question at most, in the solver's units.
  private static let workPerCheck: UInt32 = 150_000_000

  init(_ question: Question, limits: Solver.Limits, mayGoOn: @escaping @Sendable () -> Bool) {
    self.question = question
    self.limits = limits
    self.mayGoOn = mayGoOn
  }

  /// Tries with interchangeable threads counted, then with each thread by itself.
  mutating func run() throws(SolverError) -> Result {
    let counted = system(countsThreads: true)
    switch counted {
    case .success(let system): return try prove(system)
    case .failure(let reason):
      guard reason.needsEachThread, question.program.parameters.isEmpty else {
        return .open(reason: reason.reason)
      }
    }
    switch system(countsThreads: false) {
    case .success(let system): return try prove(system)
    case .failure(let reason): return .open(reason: reason.reason)
    }
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

  private mutating func prove(_ system: ProofSystem) throws(SolverError) -> Result {
    stepCount = system.groups.reduce(0) { $0 + $1.steps.count }
    // What `checkInvariants` has visited says nothing about the states that observers see.
    system.encoder.visits = [:]
    let obligations = ProofObligations(system, kinds: question.kinds).all()
    if let open = obligations.first(where: \.formulas.isEmpty) { return .open(reason: open.reason) }
    guard system.encoder.frontiers.isEmpty, system.encoder.deferred.isEmpty else {
      return .open(reason: "`invariant` or `finally` has no constraints for proofs")
    }
    // Steps are small: a question that takes long is one that no invariant of this form answers.
    var limits = limits
    if limits.workPerCheck == 0 || limits.workPerCheck > Self.workPerCheck {
      limits.workPerCheck = Self.workPerCheck
    }
    let prover = try Prover(system, limits: limits, mayGoOn: mayGoOn)
    defer { queryCount += prover.queryCount }
    if let reason = try prover.findInvariant(for: obligations) {
      return .open(reason: reason.reason)
    }
    for obligation in obligations {
      switch try prover.excludes(obligation.formulas) {
      case true?: break
      case false?: return .open(reason: obligation.reason)
      case nil: return .open(reason: "\(obligation.reason), on which Z3 gave up")
      }
    }
    // The guard of a proof that proves too much: everything is reached, in runs.
    guard isVacuityExcluded(prover.sampler) else {
      return .open(reason: "whether every statement is reached")
    }
    let statement = ProofStatement(system, prover.columns)
    return .proved(statement.proof(prover.relations, prover.candidates))
  }

  /// Whether the runs that were tried reach every statement (HD601).
  private func isVacuityExcluded(_ sampler: RunSampler) -> Bool {
    guard question.kinds.isEmpty || question.kinds.contains(.vacuous) else { return true }
    let program = question.program
    var covered = program.instructions.indices.map { sampler.covered.contains($0) }
    for position in sampler.observed { covered[position] = true }
    let passed = program.claims.indices.map { sampler.passedClaims.contains($0) }
    return Vacuity.findings(of: program, covered: covered, passedClaims: passed).isEmpty
  }
}
