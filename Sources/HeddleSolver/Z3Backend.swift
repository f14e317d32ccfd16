#if Z3 && canImport(CZ3)
import CZ3
import Synchronization

/// One solver of libz3 in a context of its own; it lives as long as one question.
@safe final class Z3Backend {
  static var whyNotAvailable: String? { nil }
  static var version: String? {
    var (major, minor, build, revision): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    unsafe Z3_get_version(&major, &minor, &build, &revision)
    return "\(major).\(minor).\(build).\(revision)"
  }
  static var bytesInUse: Int { Int(clamping: Z3_get_estimated_alloc_size()) }

  var interrupter: Interrupter { context.interrupter }
  private let context: Z3Context
  private let solver: Z3_solver
  private var model: Z3_model?

  static func make(_ terms: TermBank, _ limits: Solver.Limits) throws(SolverError) -> Z3Backend {
    try Z3Backend(terms, limits)
  }

  private init(_ terms: TermBank, _ limits: Solver.Limits) throws(SolverError) {
    context = try Z3Context(terms, memoryBytes: limits.memoryBytes)
    guard let solver = unsafe Z3_mk_simple_solver(context.handle) else {
      throw .exhausted("there is no memory for a solver")
    }
    unsafe Z3_solver_inc_ref(context.handle, solver)
    unsafe self.solver = solver
    // The older simplex: on orders of steps with sums, half of the time of the newer one.
    // And nothing happens that need not, the first guess of every choice: a fifth less, and models with fewer steps.
    set(["random_seed": limits.seed, "arith.solver": 2, "phase_selection": 0])
    limit(work: limits.workPerCheck)
    try context.throwIfRefused()
  }

  deinit {
    // The context outlives what is in it.
    if let model = unsafe model { unsafe Z3_model_dec_ref(context.handle, model) }
    unsafe Z3_solver_dec_ref(context.handle, solver)
  }

  private func set(_ values: KeyValuePairs<String, UInt32>) {
    let parameters = unsafe Z3_mk_params(context.handle)
    unsafe Z3_params_inc_ref(context.handle, parameters)
    for (name, value) in values {
      unsafe Z3_params_set_uint(context.handle, parameters, context.symbol(name), value)
    }
    unsafe Z3_solver_set_params(context.handle, solver, parameters)
    unsafe Z3_params_dec_ref(context.handle, parameters)
  }

  // MARK: Questions

  /// Limits the work of each check from now on; 0 is no limit.
  func limit(work: UInt32) { set(["rlimit": work]) }

  func assert(_ formula: Formula) throws(SolverError) {
    unsafe Z3_solver_assert(context.handle, solver, try context.translation(of: formula.index))
    try context.throwIfRefused()
  }

  func check(_ assumptions: [Formula]) throws(SolverError) -> Satisfiability {
    var literals: [Z3_ast?] = unsafe []
    for formula in assumptions {
      unsafe literals.append(try context.translation(of: formula.index))
    }
    let answer = unsafe Z3_solver_check_assumptions(
      context.handle,
      solver,
      UInt32(literals.count),
      literals
    )
    switch answer {
    case Z3_L_TRUE:
      guard let model = unsafe Z3_solver_get_model(context.handle, solver) else {
        try context.throwIfRefused()
        throw .refused("there is no model")
      }
      unsafe Z3_model_inc_ref(context.handle, model)
      if let old = unsafe self.model { unsafe Z3_model_dec_ref(context.handle, old) }
      unsafe self.model = model
      return .satisfiable
    case Z3_L_FALSE:
      try context.throwIfRefused()
      return .unsatisfiable
    default:
      let code = unsafe Z3_get_error_code(context.handle)
      if code != Z3_OK { try context.throwIfRefused() }
      return .unknown(
        reason: unsafe String(cString: Z3_solver_get_reason_unknown(context.handle, solver))
      )
    }
  }

  func value(of formula: Formula) throws(SolverError) -> Bool {
    unsafe Z3_get_bool_value(context.handle, try evaluation(of: formula.index)) == Z3_L_TRUE
  }

  func value(of term: IntegerTerm) throws(SolverError) -> Int? {
    var value: Int64 = 0
    let numeral = unsafe try evaluation(of: term.index)
    return unsafe Z3_get_numeral_int64(context.handle, numeral, &value) ? Int(value) : nil
  }

  private func evaluation(of index: Int32) throws(SolverError) -> Z3_ast {
    guard let model = unsafe model else { throw .refused("there is no model") }
    var result: Z3_ast?
    let isEvaluated = unsafe Z3_model_eval(
      context.handle,
      model,
      try context.translation(of: index),
      true,
      &result
    )
    guard isEvaluated, let result = unsafe result else {
      try context.throwIfRefused()
      throw .refused("a term has no value")
    }
    return unsafe result
  }
}
#else
/// There is no libz3 in this build: no solver can be made, and none answers.
struct Z3Backend {
  static var whyNotAvailable: String? {
    #if Z3
    "this build of Heddle has no Z3: libz3 was not there when it was built. Install it "
      + "(apt-get install libz3-dev) and build anew (swift package clean, swift build)"
    #else
    "this build of Heddle has no Z3: it was built without the package trait 'Z3'"
    #endif
  }
  static var version: String? { nil }
  static var bytesInUse: Int { 0 }
  private static var missing: SolverError { .notAvailable(whyNotAvailable ?? "") }

  let interrupter = Interrupter()

  static func make(_ terms: TermBank, _ limits: Solver.Limits) throws(SolverError) -> Z3Backend {
    throw missing
  }

  func limit(work: UInt32) {}
  func assert(_ formula: Formula) throws(SolverError) { throw Self.missing }
  func check(_ assumptions: [Formula]) throws(SolverError) -> Satisfiability { throw Self.missing }
  func value(of formula: Formula) throws(SolverError) -> Bool { throw Self.missing }
  func value(of term: IntegerTerm) throws(SolverError) -> Int? { throw Self.missing }
}
#endif
