/// Why a solver could not do its work.
public enum SolverError: Error, Sendable, Hashable {
  /// This build has no libz3; the text says how to get one.
  case notAvailable(String)
  /// The memory or the work allowed is used up, or somebody interrupted it.
  case exhausted(String)
  /// libz3 refuses something: a mistake of Heddle's own.
  case refused(String)
}

extension SolverError: CustomStringConvertible {
  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .notAvailable(let hint): hint
    case .exhausted(let reason): "Z3 gave up: \(reason)"
    case .refused(let reason): "Z3 reports: \(reason)"
    }
  }
}

/// What a solver says about its assertions and some assumptions.
public enum Satisfiability: Sendable, Hashable {
  case satisfiable
  case unsatisfiable
  /// Neither was established within the limits.
  case unknown(reason: String)
}
