public import HeddleProgram

/// A part of a scenario without a name: `main`, `finally`, a claim or an expectation.
public protocol ScenarioClause: Sendable {
  /// How the scenario declares it.
  var declaration: ScenarioDeclaration { get }
}

/// `main { … }`: the main thread.
///
/// Other threads run once they are started.
public struct Main: ScenarioClause {
  /// How the scenario declares it.
  public let declaration: ScenarioDeclaration

  /// Declares what the main thread runs.
  public init(
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column,
    @StatementBuilder body: () -> [ScenarioStatement]
  ) {
    let statements = body()
    declaration = ScenarioDeclaration(
      .block("main", statements),
      mentions: statements.flatMap(\.mentions),
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }
}

/// `finally { … }`: evaluated, in one step, once all threads but daemons have ended.
public struct Finally: ScenarioClause {
  /// How the scenario declares it.
  public let declaration: ScenarioDeclaration

  /// Declares what is looked at in the end; it only reads.
  public init(
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column,
    @StatementBuilder body: () -> [ScenarioStatement]
  ) {
    let statements = body()
    declaration = ScenarioDeclaration(
      .block("finally", statements),
      mentions: statements.flatMap(\.mentions),
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }
}

/// `invariant condition, "message"`: holds in every state.
public struct Invariant: ScenarioClause {
  /// How the scenario declares it.
  public let declaration: ScenarioDeclaration

  /// Declares what has to hold.
  public init(
    _ condition: some Value<Bool>,
    _ message: String? = nil,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    let suffix = message.map { ", " + $0.code.text } ?? ""
    declaration = ScenarioDeclaration(
      "invariant \(condition.code.text)\(suffix)",
      [condition.code],
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }
}

/// `expect …`: what the scenario is expected to show.
public struct Expect: ScenarioClause {
  /// How the scenario declares it.
  public let declaration: ScenarioDeclaration

  /// Expects a finding on each of the subjects, or on any if none is named; a deadlock is between all of them.
  public init(
    _ kind: FindingKind,
    on subjects: any Named...,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    let names = subjects.map(\.code.text).joined(separator: ", ")
    let relation = kind == .deadlock ? " between " : subjects.count == 1 ? " on " : " "
    declaration = ScenarioDeclaration(
      "expect \(kind.rawValue)\(names.isEmpty ? "" : relation + names)",
      subjects.map(\.code),
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  private init(outcome: String, at place: SwiftLocation) {
    declaration = ScenarioDeclaration("expect \(outcome)", at: place)
  }

  /// `expect pass`, which is expected without any such line.
  public static func pass(
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> Expect {
    Expect(
      outcome: "pass",
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  /// `expect inconclusive`: a limit is expected to be reached.
  public static func inconclusive(
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> Expect {
    Expect(
      outcome: "inconclusive",
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }
}

/// `allow kind on subject`: a finding that is intended, and not reported.
public struct Allow: ScenarioClause {
  /// How the scenario declares it.
  public let declaration: ScenarioDeclaration

  /// Allows a data race, a lost update or a leak.
  public init(
    _ kind: FindingKind,
    on subject: some Named,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    declaration = ScenarioDeclaration(
      "allow \(kind.rawValue) on \(subject.code.text)",
      [subject.code],
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }
}
