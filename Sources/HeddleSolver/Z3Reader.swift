#if Z3 && canImport(CZ3)
import CZ3

/// Makes terms of a bank from what libz3 answers.
@safe struct Z3Reader {
  private let context: Z3Context
  /// What the variables of the answer stand for.
  private let variables: [IntegerTerm]
  /// How many terms may still be read: an answer is a graph, and is read as a tree.
  private var allowance = 20_000

  private var terms: TermBank { context.terms }

  init(_ context: Z3Context, _ variables: [IntegerTerm]) {
    self.context = context
    self.variables = variables
  }

  /// The formula; `nil` if it has something that the bank has not, or is too large.
  mutating func formula(_ term: Z3_ast) -> Formula? {
    allowance -= 1
    guard allowance > 0, let (kind, parts) = unsafe application(term) else { return nil }
    switch kind {
    case Z3_OP_TRUE: return terms.yes
    case Z3_OP_FALSE: return terms.no
    case Z3_OP_NOT: return unsafe formula(parts[0]).map { terms.not($0) }
    case Z3_OP_AND: return unsafe formulas(parts).map { terms.and($0) }
    case Z3_OP_OR: return unsafe formulas(parts).map { terms.or($0) }
    case Z3_OP_IMPLIES:
      return unsafe formulas(parts).map { terms.implies($0[0], $0[1]) }
    case Z3_OP_EQ: return unsafe integers(parts).map { terms.equal($0[0], $0[1]) }
    case Z3_OP_LE: return unsafe integers(parts).map { terms.lessOrEqual($0[0], $0[1]) }
    case Z3_OP_GE: return unsafe integers(parts).map { terms.lessOrEqual($0[1], $0[0]) }
    case Z3_OP_LT: return unsafe integers(parts).map { terms.less($0[0], $0[1]) }
    case Z3_OP_GT: return unsafe integers(parts).map { terms.less($0[1], $0[0]) }
    default: return nil
    }
  }

  private mutating func integer(_ term: Z3_ast) -> IntegerTerm? {
    allowance -= 1
    guard allowance > 0 else { return nil }
    switch unsafe Z3_get_ast_kind(context.handle, term) {
    case Z3_VAR_AST:
      let number = Int(unsafe Z3_get_index_value(context.handle, term))
      return variables.indices.contains(number) ? variables[number] : nil
    case Z3_NUMERAL_AST:
      var value: Int64 = 0
      guard unsafe Z3_get_numeral_int64(context.handle, term, &value) else { return nil }
      return terms.integer(Int(value))
    default: break
    }
    guard let (kind, parts) = unsafe application(term) else { return nil }
    if kind == Z3_OP_ITE {
      guard let condition = unsafe formula(parts[0]), let then = unsafe integer(parts[1]),
        let otherwise = unsafe integer(parts[2])
      else { return nil }
      return terms.choice(condition, then, otherwise)
    }
    guard let parts = unsafe integers(parts), let first = parts.first else { return nil }
    switch kind {
    case Z3_OP_ADD: return terms.sum(parts)
    case Z3_OP_SUB: return parts.dropFirst().reduce(first) { terms.difference($0, $1) }
    case Z3_OP_UMINUS: return terms.difference(terms.integer(0), first)
    case Z3_OP_MUL: return parts.dropFirst().reduce(first) { terms.product($0, $1) }
    case Z3_OP_IDIV: return terms.quotient(first, parts[1])
    case Z3_OP_MOD: return terms.remainder(first, parts[1])
    default: return nil
    }
  }

  private mutating func formulas(_ parts: [Z3_ast]) -> [Formula]? {
    unsafe all(parts) { unsafe $0.formula($1) }
  }

  private mutating func integers(_ parts: [Z3_ast]) -> [IntegerTerm]? {
    unsafe all(parts) { unsafe $0.integer($1) }
  }

  private mutating func all<Part>(
    _ parts: [Z3_ast],
    _ read: (inout Self, Z3_ast) -> Part?
  ) -> [Part]? {
    var result: [Part] = []
    for number in unsafe parts.indices {
      guard let part = unsafe read(&self, parts[number]) else { return nil }
      result.append(part)
    }
    return result
  }

  private func application(_ term: Z3_ast) -> (kind: Z3_decl_kind, parts: [Z3_ast])? {
    guard unsafe Z3_get_ast_kind(context.handle, term) == Z3_APP_AST else { return nil }
    let application = unsafe Z3_to_app(context.handle, term)
    let kind = unsafe Z3_get_decl_kind(
      context.handle,
      Z3_get_app_decl(context.handle, application)
    )
    let count = unsafe Z3_get_app_num_args(context.handle, application)
    var parts: [Z3_ast] = unsafe []
    for number in 0..<count {
      guard let part = unsafe Z3_get_app_arg(context.handle, application, number) else {
        return nil
      }
      unsafe parts.append(part)
    }
    return unsafe (kind, parts)
  }
}
#endif
