/// What can be wrong with a scenario.
///
/// The raw value is the name used in `expect`, `allow` and JSON.
public enum FindingKind: String, Sendable, CaseIterable, Comparable {
  case lostUpdate = "lost-update"
  case dataRace = "data-race"
  case deadlock = "deadlock"
  case blockedForever = "blocked-forever"
  case neverTerminates = "never-terminates"
  case daemonBlocked = "daemon-blocked"
  case daemonKilled = "daemon-killed"
  case assertion = "assertion"
  case invariant = "invariant"
  case misuse = "misuse"
  case leak = "leak"
  case vacuous = "vacuous"

  /// Whether a finding of the kind makes a scenario fail.
  public enum Severity: String, Sendable {
    case error
    case warning
  }

  /// The stable code, for example `HD101`.
  public var code: String {
    switch self {
    case .lostUpdate: "HD101"
    case .dataRace: "HD102"
    case .deadlock: "HD201"
    case .blockedForever: "HD202"
    case .neverTerminates: "HD301"
    case .daemonBlocked: "HD302"
    case .daemonKilled: "HD303"
    case .assertion: "HD401"
    case .invariant: "HD402"
    case .misuse: "HD501"
    case .leak: "HD502"
    case .vacuous: "HD601"
    }
  }

  /// Warnings are reported but never make a scenario fail.
  public var severity: Severity {
    switch self {
    case .daemonKilled, .leak, .vacuous: .warning
    default: .error
    }
  }

  /// Orders by code.
  public static func < (left: FindingKind, right: FindingKind) -> Bool { left.code < right.code }
}

/// A use of an object or a value that Python would answer with an exception of its own.
public enum MisuseKind: Int, Sendable, CaseIterable {
  case releaseOfFreeLock
  case releaseOfForeignRLock
  case semaphoreOverBound
  case taskDoneTooOften
  case waitWithoutLock
  case notifyWithoutLock
  case startedTwice
  case joinOfItself
  case indexOutOfRange
  case divisionByZero
  case overflow
  case noneUsed
  case emptyRange
}
