#if Z3 && canImport(CZ3)
import CZ3

/// One fixed point of libz3 in a context of its own, asked once.
@safe final class Z3FixedPoint {
  var interrupter: Interrupter { context.interrupter }
  private let context: Z3Context
  private let fixedPoint: Z3_fixedpoint
  private var relations: [Z3_func_decl?] = unsafe []

  static func make(
    _ terms: TermBank,
    _ limits: Solver.Limits
  ) throws(SolverError) -> Z3FixedPoint {
    try Z3FixedPoint(terms, limits)
  }

  private init(_ terms: TermBank, _ limits: Solver.Limits) throws(SolverError) {
    context = try Z3Context(terms, memoryBytes: limits.memoryBytes, work: limits.workPerCheck)
    guard let fixedPoint = unsafe Z3_mk_fixedpoint(context.handle) else {
      throw .exhausted("there is no memory for a solver")
    }
    unsafe Z3_fixedpoint_inc_ref(context.handle, fixedPoint)
    unsafe self.fixedPoint = fixedPoint
    setParameters()
    try context.throwIfRefused()
  }

  // The context outlives what is in it.
  deinit { unsafe Z3_fixedpoint_dec_ref(context.handle, fixedPoint) }

  private func setParameters() {
    let parameters = unsafe Z3_mk_params(context.handle)
    unsafe Z3_params_inc_ref(context.handle, parameters)
    unsafe Z3_params_set_symbol(
      context.handle,
      parameters,
      context.symbol("engine"),
      context.symbol("spacer")
    )
    // Every relation keeps its parts, and none is merged with others: all of them are asked for.
    for name in ["xform.slice", "xform.inline_linear", "xform.inline_eager"] {
      unsafe Z3_params_set_bool(context.handle, parameters, context.symbol(name), false)
    }
    unsafe Z3_fixedpoint_set_params(context.handle, fixedPoint, parameters)
    unsafe Z3_params_dec_ref(context.handle, parameters)
  }

  func solve(_ clauses: HornClauses) throws(SolverError) -> HornAnswer {
    for (number, parts) in clauses.relations.enumerated() {
      let relation = unsafe relation("r\(number)", parts.count)
      unsafe relations.append(relation)
    }
    let failure = unsafe relation("failure", 0)
    for clause in clauses.clauses { unsafe try add(clause, failure) }
    let query = unsafe Z3_mk_app(context.handle, failure, 0, nil)
    let answer = unsafe Z3_fixedpoint_query(context.handle, fixedPoint, query)
    let code = unsafe Z3_get_error_code(context.handle)
    guard code == Z3_OK else {
      return .unknown(reason: unsafe String(cString: Z3_get_error_msg(context.handle, code)))
    }
    switch answer {
    case Z3_L_TRUE: return .refuted
    case Z3_L_FALSE: return try solution(clauses)
    default:
      let reason = unsafe Z3_fixedpoint_get_reason_unknown(context.handle, fixedPoint)
      return .unknown(reason: unsafe reason.map { unsafe String(cString: $0) } ?? "")
    }
  }

  private func relation(_ name: String, _ count: Int) -> Z3_func_decl? {
    let sorts = unsafe Array<Z3_sort?>(repeating: context.integers, count: count)
    let relation = unsafe Z3_mk_func_decl(
      context.handle,
      context.symbol(name),
      UInt32(count),
      sorts,
      context.truths
    )
    unsafe Z3_fixedpoint_register_relation(context.handle, fixedPoint, relation)
    return unsafe relation
  }

  // MARK: Clauses

  private func add(
    _ clause: HornClauses.Clause,
    _ failure: Z3_func_decl?
  ) throws(SolverError) {
    var body = unsafe [Z3_ast?(try context.translation(of: clause.constraint.index))]
    var roots = [clause.constraint.index]
    if let use = clause.body {
      unsafe body.append(try application(use))
      roots += use.arguments.map(\.index)
    }
    let head: Z3_ast?
    if let use = clause.head {
      unsafe head = try application(use)
      roots += use.arguments.map(\.index)
    } else {
      unsafe head = Z3_mk_app(context.handle, failure, 0, nil)
    }
    let condition = unsafe Z3_mk_and(context.handle, UInt32(body.count), body)
    var rule = unsafe Z3_mk_implies(context.handle, condition, head)
    let unknowns = context.terms.unknowns(below: roots)
    if !unknowns.isEmpty {
      var bound: [Z3_app?] = unsafe []
      for index in unknowns {
        let unknown = unsafe try context.translation(of: index)
        unsafe bound.append(Z3_to_app(context.handle, unknown))
      }
      unsafe rule = Z3_mk_forall_const(
        context.handle,
        0,
        UInt32(bound.count),
        bound,
        0,
        nil,
        rule
      )
    }
    unsafe Z3_fixedpoint_add_rule(context.handle, fixedPoint, rule, nil)
    try context.throwIfRefused()
  }

  private func application(_ use: HornClauses.Use) throws(SolverError) -> Z3_ast? {
    var arguments: [Z3_ast?] = unsafe []
    for argument in use.arguments {
      unsafe arguments.append(try context.translation(of: argument.index))
    }
    return unsafe Z3_mk_app(
      context.handle,
      relations[use.relation],
      UInt32(arguments.count),
      arguments
    )
  }

  // MARK: Solutions

  private func solution(_ clauses: HornClauses) throws(SolverError) -> HornAnswer {
    var formulas: [Formula] = []
    for (number, unknowns) in clauses.relations.enumerated() {
      let cover = unsafe Z3_fixedpoint_get_cover_delta(
        context.handle,
        fixedPoint,
        -1,
        relations[number]
      )
      try context.throwIfRefused()
      guard let cover = unsafe cover else { return .unknown(reason: "there is no solution") }
      var reader = Z3Reader(context, unknowns)
      guard let formula = unsafe reader.formula(cover) else {
        return .unknown(reason: "a solution that no terms express")
      }
      formulas.append(formula)
    }
    return .solved(formulas)
  }
}
#else
/// There is no libz3 in this build: no clauses can be solved.
struct Z3FixedPoint {
  let interrupter = Interrupter()

  static func make(
    _ terms: TermBank,
    _ limits: Solver.Limits
  ) throws(SolverError) -> Z3FixedPoint {
    throw .notAvailable(Z3Backend.whyNotAvailable ?? "")
  }

  func solve(_ clauses: HornClauses) throws(SolverError) -> HornAnswer {
    throw .notAvailable(Z3Backend.whyNotAvailable ?? "")
  }
}
#endif
