#if Z3 && canImport(CZ3)
import CZ3
import Synchronization

/// One context of libz3, with one solver.
///
/// The context is one that keeps every term until it is deleted, so no term has to be counted; a solver lives as long as one question.
@safe final class Z3Backend {
  static var whyNotAvailable: String? { nil }
  static var version: String? {
    var (major, minor, build, revision): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    unsafe Z3_get_version(&major, &minor, &build, &revision)
    return "\(major).\(minor).\(build).\(revision)"
  }
  static var bytesInUse: Int { Int(clamping: Z3_get_estimated_alloc_size()) }

  let interrupter: Interrupter
  private let terms: TermBank
  private let context: Z3_context
  private let solver: Z3_solver
  private var model: Z3_model?
  private var translated: [Z3_ast?] = unsafe []
  private let integers: Z3_sort
  private let truths: Z3_sort

  static func make(_ terms: TermBank, _ limits: Solver.Limits) throws(SolverError) -> Z3Backend {
    try Z3Backend(terms, limits)
  }

  private init(_ terms: TermBank, _ limits: Solver.Limits) throws(SolverError) {
    self.terms = terms
    let megabytes = limits.memoryBytes.map { max(64, $0 >> 20) } ?? 0
    unsafe Z3_global_param_set("memory_max_size", String(megabytes))
    let configuration = unsafe Z3_mk_config()
    guard let context = unsafe Z3_mk_context(configuration) else {
      unsafe Z3_del_config(configuration)
      throw .exhausted("there is no memory for a context")
    }
    unsafe Z3_del_config(configuration)
    // Errors are asked for after each call; the default handler ends the process.
    unsafe Z3_set_error_handler(context, nil)
    guard let solver = unsafe Z3_mk_simple_solver(context),
      let integers = unsafe Z3_mk_int_sort(context), let truths = unsafe Z3_mk_bool_sort(context)
    else {
      unsafe Z3_del_context(context)
      throw .exhausted("there is no memory for a solver")
    }
    unsafe Z3_solver_inc_ref(context, solver)
    unsafe self.context = context
    unsafe self.solver = solver
    unsafe self.integers = integers
    unsafe self.truths = truths
    unsafe interrupter = Interrupter(context)
    setParameters(limits)
    try throwIfRefused()
  }

  deinit {
    interrupter.close()
    if let model = unsafe model { unsafe Z3_model_dec_ref(context, model) }
    unsafe Z3_solver_dec_ref(context, solver)
    unsafe Z3_del_context(context)
  }

  private func setParameters(_ limits: Solver.Limits) {
    let parameters = unsafe Z3_mk_params(context)
    unsafe Z3_params_inc_ref(context, parameters)
    func set(_ name: String, _ value: UInt32) {
      unsafe Z3_params_set_uint(context, parameters, Z3_mk_string_symbol(context, name), value)
    }
    set("random_seed", limits.seed)
    // The older simplex: on orders of steps with sums, half of the time of the newer one.
    set("arith.solver", 2)
    if limits.workPerCheck > 0 { set("rlimit", limits.workPerCheck) }
    unsafe Z3_solver_set_params(context, solver, parameters)
    unsafe Z3_params_dec_ref(context, parameters)
  }

  private func throwIfRefused() throws(SolverError) {
    let code = unsafe Z3_get_error_code(context)
    guard code != Z3_OK else { return }
    let message = unsafe String(cString: Z3_get_error_msg(context, code))
    if code == Z3_MEMOUT_FAIL || message.contains("memory") {
      throw .exhausted("the limit of memory was reached")
    }
    if message.contains("cancel") { throw .exhausted("interrupted") }
    throw .refused(message)
  }

  // MARK: Questions

  func assert(_ formula: Formula) throws(SolverError) {
    unsafe Z3_solver_assert(context, solver, try translation(of: formula.index))
    try throwIfRefused()
  }

  func check(_ assumptions: [Formula]) throws(SolverError) -> Satisfiability {
    var literals: [Z3_ast?] = unsafe []
    for formula in assumptions { unsafe literals.append(try translation(of: formula.index)) }
    let answer = unsafe Z3_solver_check_assumptions(
      context,
      solver,
      UInt32(literals.count),
      literals
    )
    switch answer {
    case Z3_L_TRUE:
      guard let model = unsafe Z3_solver_get_model(context, solver) else {
        try throwIfRefused()
        throw .refused("there is no model")
      }
      unsafe Z3_model_inc_ref(context, model)
      if let old = unsafe self.model { unsafe Z3_model_dec_ref(context, old) }
      unsafe self.model = model
      return .satisfiable
    case Z3_L_FALSE:
      try throwIfRefused()
      return .unsatisfiable
    default:
      let code = unsafe Z3_get_error_code(context)
      if code != Z3_OK { try throwIfRefused() }
      return .unknown(reason: unsafe String(cString: Z3_solver_get_reason_unknown(context, solver)))
    }
  }

  func value(of formula: Formula) throws(SolverError) -> Bool {
    unsafe Z3_get_bool_value(context, try evaluation(of: formula.index)) == Z3_L_TRUE
  }

  func value(of term: IntegerTerm) throws(SolverError) -> Int? {
    var value: Int64 = 0
    let numeral = unsafe try evaluation(of: term.index)
    return unsafe Z3_get_numeral_int64(context, numeral, &value) ? Int(value) : nil
  }

  private func evaluation(of index: Int32) throws(SolverError) -> Z3_ast {
    guard let model = unsafe model else { throw .refused("there is no model") }
    var result: Z3_ast?
    let isEvaluated = unsafe Z3_model_eval(
      context,
      model,
      try translation(of: index),
      true,
      &result
    )
    guard isEvaluated, let result = unsafe result else {
      try throwIfRefused()
      throw .refused("a term has no value")
    }
    return unsafe result
  }

  // MARK: Terms

  /// The term as libz3 has it; parts come before what they are parts of.
  private func translation(of index: Int32) throws(SolverError) -> Z3_ast {
    if let known = unsafe known(index) { return unsafe known }
    var pending = [index]
    while let next = pending.last {
      if unsafe known(next) != nil {
        pending.removeLast()
        continue
      }
      let missing = parts(of: terms.node(next)).filter { unsafe known($0) == nil }
      if missing.isEmpty {
        pending.removeLast()
        while unsafe translated.count <= Int(next) { unsafe translated.append(nil) }
        unsafe translated[Int(next)] = make(terms.node(next))
      } else {
        pending += missing
      }
    }
    guard let result = unsafe known(index) else {
      try throwIfRefused()
      throw .refused("a term could not be made")
    }
    return unsafe result
  }

  private func known(_ index: Int32) -> Z3_ast? {
    unsafe translated.indices.contains(Int(index)) ? translated[Int(index)] : nil
  }

  private func parts(of node: TermNode) -> [Int32] {
    switch node {
    case .truth, .proposition, .integer, .variable: []
    case .not(let part): [part]
    case .and(let parts), .or(let parts), .sum(let parts), .atMost(let parts, _): parts
    case .less(let left, let right), .equal(let left, let right), .difference(let left, let right),
      .product(let left, let right), .quotient(let left, let right),
      .remainder(let left, let right):
      [left, right]
    case .choice(let condition, let then, let otherwise): [condition, then, otherwise]
    }
  }

  private func make(_ node: TermNode) -> Z3_ast? {
    func list(_ parts: [Int32]) -> [Z3_ast?] { unsafe parts.map { unsafe known($0) } }
    switch node {
    case .truth(let value): return unsafe value ? Z3_mk_true(context) : Z3_mk_false(context)
    case .proposition(let number):
      return unsafe Z3_mk_const(context, Z3_mk_string_symbol(context, "p\(number)"), truths)
    case .variable(let number):
      return unsafe Z3_mk_const(context, Z3_mk_string_symbol(context, "i\(number)"), integers)
    case .integer(let value): return unsafe Z3_mk_int64(context, Int64(value), integers)
    case .not(let part): return unsafe Z3_mk_not(context, known(part))
    case .and(let parts): return unsafe Z3_mk_and(context, UInt32(parts.count), list(parts))
    case .or(let parts): return unsafe Z3_mk_or(context, UInt32(parts.count), list(parts))
    case .atMost(let parts, let count):
      return unsafe Z3_mk_atmost(context, UInt32(parts.count), list(parts), UInt32(count))
    case .sum(let parts): return unsafe Z3_mk_add(context, UInt32(parts.count), list(parts))
    case .difference(let left, let right):
      return unsafe Z3_mk_sub(context, 2, [known(left), known(right)])
    case .product(let left, let right):
      return unsafe Z3_mk_mul(context, 2, [known(left), known(right)])
    case .less(let left, let right): return unsafe Z3_mk_lt(context, known(left), known(right))
    case .equal(let left, let right): return unsafe Z3_mk_eq(context, known(left), known(right))
    case .quotient(let left, let right): return unsafe Z3_mk_div(context, known(left), known(right))
    case .remainder(let left, let right):
      return unsafe Z3_mk_mod(context, known(left), known(right))
    case .choice(let condition, let then, let otherwise):
      return unsafe Z3_mk_ite(context, known(condition), known(then), known(otherwise))
    }
  }
}

/// Ends the checks of a context from another thread, as long as the context lives.
final class Interrupter: Sendable {
  @safe private struct State: @unchecked Sendable {
    var context: Z3_context?
    var isInterrupted = false
  }

  private let state: Mutex<State>

  init(_ context: Z3_context) { state = unsafe Mutex(State(context: context)) }

  var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

  func interrupt() {
    state.withLock { state in
      state.isInterrupted = true
      // It only ends a check that runs, so it is called again and again.
      if let context = unsafe state.context { unsafe Z3_interrupt(context) }
    }
  }

  func close() { state.withLock { unsafe $0.context = nil } }
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

  func assert(_ formula: Formula) throws(SolverError) { throw Self.missing }
  func check(_ assumptions: [Formula]) throws(SolverError) -> Satisfiability { throw Self.missing }
  func value(of formula: Formula) throws(SolverError) -> Bool { throw Self.missing }
  func value(of term: IntegerTerm) throws(SolverError) -> Int? { throw Self.missing }
}

/// Nothing to interrupt.
struct Interrupter: Sendable {
  var isInterrupted: Bool { false }
  func interrupt() {}
  func close() {}
}
#endif
