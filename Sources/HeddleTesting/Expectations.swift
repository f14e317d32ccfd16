public import Heddle
import HeddleBuilder
public import HeddleChecking
public import HeddleProgram

extension VerifyOptions {
  /// The language's defaults, with limits that keep a test from taking the machine: one minute and 2 GiB.
  ///
  /// A limit that is reached makes the verdict inconclusive, which fails the test unless it is allowed.
  public static var forTests: VerifyOptions {
    var options = VerifyOptions()
    options.limits = Limits(memoryBytes: 2 << 30, seconds: 60)
    return options
  }
}

/// Expects that no order of the scenario's steps shows an error: no lost update, no race, no deadlock, no thread that never ends, and
/// all that it asserts holds.
///
/// The scenario's own `expect` lines do not count, and warnings do not fail it.
///
/// - Parameters:
///   - scenario: A text, a ``ScenarioFile``, a `ScenarioDefinition` or a `Scenario`.
///   - constants: Values that replace those of the scenario's constants; not for a `Scenario`, which is loaded already.
///   - options: Fairness, limits and the like.
///   - engine: Who answers; `nil` for the engine that fits: Z3 for `any Int`, else the exhaustive one.
///   - allowsInconclusive: Whether it is fine if a limit is reached before every order was tried.
///   - fileID: The test's file.
///   - filePath: The test's file.
///   - line: The line of the expectation.
///   - column: The column of the expectation.
/// - Returns: The result, for further looks at it; `nil` if there was no scenario to verify, which is an issue of its own.
@discardableResult
public func expectPasses(
  _ scenario: some ScenarioSource,
  constants: [String: Int] = [:],
  options: VerifyOptions = .forTests,
  engine: (any Engine)? = nil,
  allowsInconclusive: Bool = false,
  fileID: StaticString = #fileID,
  filePath: StaticString = #filePath,
  line: UInt = #line,
  column: UInt = #column
) -> CheckResult? {
  let check = ScenarioCheck(
    origin: scenario.origin,
    constants: constants,
    options: options,
    engine: engine,
    allowsInconclusive: allowsInconclusive,
    call: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
  )
  let result = check.run()
  if let result { check.expectPass(result, otherwise: "does not pass") }
  return result
}

/// Expects that no order loses an update (HD101) and none has a data race (HD102), whatever else it shows.
///
/// A run ends where an assertion fails or an object is misused, and races that would come after that are not seen: ``expectPasses(_:constants:options:engine:allowsInconclusive:fileID:filePath:line:column:)``
/// says more.
///
/// - Parameters:
///   - scenario: A text, a ``ScenarioFile``, a `ScenarioDefinition` or a `Scenario`.
///   - constants: Values that replace those of the scenario's constants; not for a `Scenario`, which is loaded already.
///   - options: Fairness, limits and the like; its kinds are replaced.
///   - engine: Who answers; `nil` for the engine that fits: Z3 for `any Int`, else the exhaustive one.
///   - allowsInconclusive: Whether it is fine if a limit is reached before every order was tried.
///   - fileID: The test's file.
///   - filePath: The test's file.
///   - line: The line of the expectation.
///   - column: The column of the expectation.
/// - Returns: The result, for further looks at it; `nil` if there was no scenario to verify, which is an issue of its own.
@discardableResult
public func expectRaceFree(
  _ scenario: some ScenarioSource,
  constants: [String: Int] = [:],
  options: VerifyOptions = .forTests,
  engine: (any Engine)? = nil,
  allowsInconclusive: Bool = false,
  fileID: StaticString = #fileID,
  filePath: StaticString = #filePath,
  line: UInt = #line,
  column: UInt = #column
) -> CheckResult? {
  var options = options
  options.kinds = [.lostUpdate, .dataRace]
  let check = ScenarioCheck(
    origin: scenario.origin,
    constants: constants,
    options: options,
    engine: engine,
    allowsInconclusive: allowsInconclusive,
    call: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
  )
  let result = check.run()
  if let result { check.expectPass(result, otherwise: "is not free of races") }
  return result
}

/// Expects that some order shows a finding; others are welcome.
///
/// - Parameters:
///   - kind: What is found.
///   - subjects: What it is on, as in an `expect` line: a variable, a thread, the threads of a deadlock; none for any.
///   - scenario: A text, a ``ScenarioFile``, a `ScenarioDefinition` or a `Scenario`.
///   - constants: Values that replace those of the scenario's constants; not for a `Scenario`, which is loaded already.
///   - options: Fairness, limits and the like. Where it names kinds, `kind` has to be one of them.
///   - engine: Who answers; `nil` for the engine that fits: Z3 for `any Int`, else the exhaustive one.
///   - fileID: The test's file.
///   - filePath: The test's file.
///   - line: The line of the expectation.
///   - column: The column of the expectation.
/// - Returns: The result, for further looks at it; `nil` if there was no scenario to verify, which is an issue of its own.
@discardableResult
public func expectFinding(
  _ kind: FindingKind,
  on subjects: String...,
  in scenario: some ScenarioSource,
  constants: [String: Int] = [:],
  options: VerifyOptions = .forTests,
  engine: (any Engine)? = nil,
  fileID: StaticString = #fileID,
  filePath: StaticString = #filePath,
  line: UInt = #line,
  column: UInt = #column
) -> CheckResult? {
  let check = ScenarioCheck(
    origin: scenario.origin,
    constants: constants,
    options: options,
    engine: engine,
    allowsInconclusive: false,
    call: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
  )
  let result = check.run()
  if let result { check.expectFinding(kind, on: subjects, result) }
  return result
}

/// Expects that the result is what the scenario's own `expect` lines say; without any, that it passes.
///
/// - Parameters:
///   - scenario: A text, a ``ScenarioFile``, a `ScenarioDefinition` or a `Scenario`.
///   - constants: Values that replace those of the scenario's constants; not for a `Scenario`, which is loaded already.
///   - options: Fairness, limits and the like.
///   - engine: Who answers; `nil` for the engine that fits: Z3 for `any Int`, else the exhaustive one.
///   - allowsInconclusive: Whether it is fine if a limit is reached; `expect inconclusive` allows it too.
///   - fileID: The test's file.
///   - filePath: The test's file.
///   - line: The line of the expectation.
///   - column: The column of the expectation.
/// - Returns: The result, for further looks at it; `nil` if there was no scenario to verify, which is an issue of its own.
@discardableResult
public func expectAsDeclared(
  _ scenario: some ScenarioSource,
  constants: [String: Int] = [:],
  options: VerifyOptions = .forTests,
  engine: (any Engine)? = nil,
  allowsInconclusive: Bool = false,
  fileID: StaticString = #fileID,
  filePath: StaticString = #filePath,
  line: UInt = #line,
  column: UInt = #column
) -> CheckResult? {
  let check = ScenarioCheck(
    origin: scenario.origin,
    constants: constants,
    options: options,
    engine: engine,
    allowsInconclusive: allowsInconclusive,
    call: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
  )
  let result = check.run()
  if let result { check.expectDeclared(result) }
  return result
}
