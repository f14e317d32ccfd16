import HeddleDiagnostics
public import HeddleProgram

/// What a finding is about, in the terms of the program.
///
/// One finding is reported for each key of a scenario, however many orders show it.
public enum FindingKey: Sendable, Hashable {
  case lostUpdate(VariableID)
  case dataRace(VariableID)
  /// The declarations of the threads in the cycle, or of all that are blocked if there is none; ascending.
  case deadlock([ThreadTypeID])
  case blockedForever(ThreadTypeID)
  case neverTerminates(ThreadTypeID)
  case daemonBlocked(ThreadTypeID)
  case daemonKilled(ThreadTypeID)
  case assertion(ClaimID)
  case invariant(ClaimID)
  case misuse(StatementID)
  /// A lock that a thread still held when it ended, or a queue with items left; the declared name's first object.
  case leakedObject(ObjectID)
  case unjoined(ThreadTypeID)
  case unreached(StatementID)
  case excludesEveryRun(ClaimID)

  /// The kind that it belongs to.
  public var kind: FindingKind {
    switch self {
    case .lostUpdate: .lostUpdate
    case .dataRace: .dataRace
    case .deadlock: .deadlock
    case .blockedForever: .blockedForever
    case .neverTerminates: .neverTerminates
    case .daemonBlocked: .daemonBlocked
    case .daemonKilled: .daemonKilled
    case .assertion: .assertion
    case .invariant: .invariant
    case .misuse: .misuse
    case .leakedObject, .unjoined: .leak
    case .unreached, .excludesEveryRun: .vacuous
    }
  }

  /// What `expect … on` and JSON call the subject.
  public func subject(in program: Program) -> String {
    func line(_ statement: StatementID) -> String {
      "line \(program.source.line(of: program.statements[statement.index].span.start))"
    }
    func line(_ claim: ClaimID) -> String {
      "line \(program.source.line(of: program.claims[claim.index].span.start))"
    }
    switch self {
    case .lostUpdate(let variable), .dataRace(let variable):
      return program.variables[variable.index].name
    case .deadlock(let types):
      return types.map { program.threadTypes[$0.index].name }.sorted().joined(separator: ", ")
    case .blockedForever(let type), .neverTerminates(let type), .daemonBlocked(let type),
      .daemonKilled(let type), .unjoined(let type):
      return program.threadTypes[type.index].name
    case .assertion(let claim), .invariant(let claim), .excludesEveryRun(let claim):
      return line(claim)
    case .misuse(let statement), .unreached(let statement): return line(statement)
    case .leakedObject(let object): return program.objects[object.index].declaredName
    }
  }

  /// The order in which findings are reported: by code, then by place in the program.
  var sortKey: [Int] {
    let code = FindingKind.allCases.firstIndex(of: kind) ?? 0
    return switch self {
    case .lostUpdate(let variable), .dataRace(let variable): [code, variable.index]
    case .deadlock(let types): [code] + types.map(\.index)
    case .blockedForever(let type), .neverTerminates(let type), .daemonBlocked(let type),
      .daemonKilled(let type):
      [code, type.index]
    case .assertion(let claim), .invariant(let claim): [code, claim.index]
    case .misuse(let statement): [code, statement.index]
    case .leakedObject(let object): [code, 0, object.index]
    case .unjoined(let type): [code, 1, type.index]
    case .unreached(let statement): [code, 0, statement.index]
    case .excludesEveryRun(let claim): [code, 1, claim.index]
    }
  }
}

extension FindingKey: Comparable {
  /// Orders by code, then by place in the program.
  public static func < (left: FindingKey, right: FindingKey) -> Bool {
    left.sortKey.lexicographicallyPrecedes(right.sortKey)
  }
}

/// One thing that is wrong, or worth a warning, with the shortest order that shows it.
public struct Finding: Sendable {
  /// What it is about.
  public var key: FindingKey
  /// `key`'s subject: a variable, a thread declaration, `line 12`.
  public var subject: String
  /// One sentence without a full stop, for lists and machine formats.
  public var message: String
  /// The order that shows it; `nil` for what no order shows (HD601).
  public var trace: Trace?
  /// The story for people.
  public var explanation: Explanation
  /// Findings that come from this one and need no report of their own.
  public var consequences: [Consequence]
  /// How likely a random run shows it, if that was asked for and there is such a number.
  public var odds: Odds?

  /// Its kind.
  public var kind: FindingKind { key.kind }
  /// Whether it makes the scenario fail.
  public var severity: FindingKind.Severity { key.kind.severity }
}

/// A finding that is folded into the one that causes it.
public struct Consequence: Sendable, Equatable {
  /// What it is about.
  public var key: FindingKey
  /// Its subject.
  public var subject: String
  /// One sentence without a full stop.
  public var message: String
  /// How likely a random run shows it, if that was asked for and there is such a number.
  public var odds: Odds?

  /// Its kind.
  public var kind: FindingKind { key.kind }
}
