#if Z3 && canImport(CZ3)
import CZ3
import Synchronization

/// One context of libz3, with the terms of one bank as libz3 has them.
///
/// The context is one that keeps every term until it is deleted, so no term has to be counted.
@safe final class Z3Context {
  let terms: TermBank
  let interrupter: Interrupter
  let handle: Z3_context
  let integers: Z3_sort
  let truths: Z3_sort
  private var translated: [Z3_ast?] = unsafe []

  /// A context without terms.
  ///
  /// `work` limits its fixed points, in Z3's units, 0 not at all; solvers have a limit of their own.
  init(_ terms: TermBank, memoryBytes: Int?, work: UInt32 = 0) throws(SolverError) {
    self.terms = terms
    let megabytes = memoryBytes.map { max(64, $0 >> 20) } ?? 0
    unsafe Z3_global_param_set("memory_max_size", String(megabytes))
    let configuration = unsafe Z3_mk_config()
    if work > 0 { unsafe Z3_set_param_value(configuration, "rlimit", String(work)) }
    guard let handle = unsafe Z3_mk_context(configuration) else {
      unsafe Z3_del_config(configuration)
      throw .exhausted("there is no memory for a context")
    }
    unsafe Z3_del_config(configuration)
    // Errors are asked for after each call; the default handler ends the process.
    unsafe Z3_set_error_handler(handle, nil)
    guard let integers = unsafe Z3_mk_int_sort(handle),
      let truths = unsafe Z3_mk_bool_sort(handle)
    else {
      unsafe Z3_del_context(handle)
      throw .exhausted("there is no memory for a solver")
    }
    unsafe self.handle = handle
    unsafe self.integers = integers
    unsafe self.truths = truths
    unsafe interrupter = Interrupter(handle)
  }

  deinit {
    interrupter.close()
    unsafe Z3_del_context(handle)
  }

  func symbol(_ name: String) -> Z3_symbol? { unsafe Z3_mk_string_symbol(handle, name) }

  func throwIfRefused() throws(SolverError) {
    let code = unsafe Z3_get_error_code(handle)
    guard code != Z3_OK else { return }
    let message = unsafe String(cString: Z3_get_error_msg(handle, code))
    if code == Z3_MEMOUT_FAIL || message.contains("memory") {
      throw .exhausted("the limit of memory was reached")
    }
    if message.contains("cancel") { throw .exhausted("interrupted") }
    throw .refused(message)
  }

  // MARK: Terms

  /// The term as libz3 has it; parts come before what they are parts of.
  func translation(of index: Int32) throws(SolverError) -> Z3_ast {
    if let known = unsafe known(index) { return unsafe known }
    var pending = [index]
    while let next = pending.last {
      if unsafe known(next) != nil {
        pending.removeLast()
        continue
      }
      let missing = terms.node(next).parts.filter { unsafe known($0) == nil }
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

  private func make(_ node: TermNode) -> Z3_ast? {
    func list(_ parts: [Int32]) -> [Z3_ast?] { unsafe parts.map { unsafe known($0) } }
    switch node {
    case .truth(let value): return unsafe value ? Z3_mk_true(handle) : Z3_mk_false(handle)
    case .proposition(let number):
      return unsafe Z3_mk_const(handle, Z3_mk_string_symbol(handle, "p\(number)"), truths)
    case .variable(let number):
      return unsafe Z3_mk_const(handle, Z3_mk_string_symbol(handle, "i\(number)"), integers)
    case .integer(let value): return unsafe Z3_mk_int64(handle, Int64(value), integers)
    case .not(let part): return unsafe Z3_mk_not(handle, known(part))
    case .and(let parts): return unsafe Z3_mk_and(handle, UInt32(parts.count), list(parts))
    case .or(let parts): return unsafe Z3_mk_or(handle, UInt32(parts.count), list(parts))
    case .atMost(let parts, let count):
      return unsafe Z3_mk_atmost(handle, UInt32(parts.count), list(parts), UInt32(count))
    case .sum(let parts): return unsafe Z3_mk_add(handle, UInt32(parts.count), list(parts))
    case .difference(let left, let right):
      return unsafe Z3_mk_sub(handle, 2, [known(left), known(right)])
    case .product(let left, let right):
      return unsafe Z3_mk_mul(handle, 2, [known(left), known(right)])
    case .less(let left, let right): return unsafe Z3_mk_lt(handle, known(left), known(right))
    case .equal(let left, let right): return unsafe Z3_mk_eq(handle, known(left), known(right))
    case .quotient(let left, let right): return unsafe Z3_mk_div(handle, known(left), known(right))
    case .remainder(let left, let right):
      return unsafe Z3_mk_mod(handle, known(left), known(right))
    case .choice(let condition, let then, let otherwise):
      return unsafe Z3_mk_ite(handle, known(condition), known(then), known(otherwise))
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
/// Nothing to interrupt.
struct Interrupter: Sendable {
  var isInterrupted: Bool { false }
  func interrupt() {}
  func close() {}
}
#endif
