/// Z3 with the terms of one bank: assertions that stay, and questions under assumptions.
///
/// Everything is released with the solver. Equal calls get equal answers, unless ``interrupt()`` or a supervisor ends a
/// check: work is limited by counted steps, never by time.
public final class Solver {
  /// Where the terms come from.
  public let terms: TermBank
  /// How many checks were made.
  public private(set) var checkCount = 0
  private let backend: Z3Backend
  private let workPerCheck: UInt32
  private var supervision: Supervision?

  /// How much a solver may use.
  public struct Limits: Sendable {
    /// The work of one check, in Z3's own units, some hundred million in a second; 0 for no limit.
    public var workPerCheck: UInt32
    /// The memory of all solvers of the process together, in bytes; `nil` for no limit.
    public var memoryBytes: Int?
    /// Where the search for a model starts; another seed gives another model, never another answer.
    public var seed: UInt32

    /// Creates limits.
    public init(workPerCheck: UInt32 = 0, memoryBytes: Int? = nil, seed: UInt32 = 0) {
      self.workPerCheck = workPerCheck
      self.memoryBytes = memoryBytes
      self.seed = seed
    }
  }

  /// Whether this build has libz3, and if not, what to do about it.
  public static var whyNotAvailable: String? { Z3Backend.whyNotAvailable }

  /// The version of libz3, for example `4.8.12.0`; `nil` if there is none.
  public static var version: String? { Z3Backend.version }

  /// A solver without assertions.
  ///
  /// - Throws: ``SolverError/notAvailable(_:)`` if this build has no libz3.
  public init(_ terms: TermBank, limits: Limits = Limits()) throws(SolverError) {
    self.terms = terms
    workPerCheck = limits.workPerCheck
    backend = try Z3Backend.make(terms, limits)
  }

  /// Asks `mayGoOn` ten times a second, on another thread, and ends the running and all later checks once it says no.
  public func supervise(_ mayGoOn: @escaping @Sendable () -> Bool) {
    supervision = Supervision(of: backend.interrupter, mayGoOn)
  }

  /// Ends the running and all later checks; may be called on another thread by way of ``supervise(_:)`` only.
  public func interrupt() { backend.interrupter.interrupt() }

  /// Whether a check was ended from outside.
  public var isInterrupted: Bool { backend.interrupter.isInterrupted }

  /// Adds an assertion.
  public func assert(_ formula: Formula) throws(SolverError) {
    if terms.value(of: formula) == true { return }
    try backend.assert(formula)
  }

  /// Whether the assertions and the assumptions have a model.
  ///
  /// After `satisfiable`, ``value(of:)-(IntegerTerm)`` and ``value(of:)-(Formula)`` read the model until the next check
  /// that is `satisfiable` too.
  ///
  /// - Parameters:
  ///   - assumptions: What holds for this check only.
  ///   - work: The work of this check, where the solver's limit is larger.
  /// - Returns: Whether there is a model, or why that is not known.
  /// - Throws: A ``SolverError`` if Z3 refuses the question, or memory runs out.
  public func check(
    assuming assumptions: [Formula] = [],
    work: UInt32? = nil
  ) throws(SolverError) -> Satisfiability {
    checkCount += 1
    if isInterrupted { return .unknown(reason: "interrupted") }
    if assumptions.contains(terms.no) { return .unsatisfiable }
    if let work, workPerCheck == 0 || work < workPerCheck { backend.limit(work: work) }
    defer { if work != nil { backend.limit(work: workPerCheck) } }
    return try backend.check(assumptions.filter { $0 != terms.yes })
  }

  /// The value in the last model; unknowns that do not matter are false.
  public func value(of formula: Formula) throws(SolverError) -> Bool {
    if let value = terms.value(of: formula) { return value }
    return try backend.value(of: formula)
  }

  /// The value in the last model; unknowns that do not matter are 0.
  ///
  /// - Returns: The value; `nil` if 64 bits do not hold it.
  public func value(of term: IntegerTerm) throws(SolverError) -> Int? {
    if let value = terms.value(of: term) { return value }
    return try backend.value(of: term)
  }

  /// The bytes in use by all solvers of the process.
  public static var bytesInUse: Int { Z3Backend.bytesInUse }
}
