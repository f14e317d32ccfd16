public import Heddle
public import HeddleBuilder

/// Something that gives a test its scenario.
///
/// A string literal in the test, a ``ScenarioFile``, a `ScenarioDefinition` written in Swift, or a `Scenario` that was loaded before.
public protocol ScenarioSource: Sendable {
  /// Where the scenario comes from.
  var origin: ScenarioOrigin { get }
}

/// Where a scenario comes from, which decides where a failure is shown.
public enum ScenarioOrigin: Sendable {
  /// A text in a Swift file; a failure is at the line of the literal.
  case text(String)
  /// A file; a failure is at its line.
  case file(ScenarioFile)
  /// Swift; a failure is at the statement.
  case definition(ScenarioDefinition)
  /// A scenario that is loaded already; a failure is at the expectation's own line.
  case loaded(Scenario)
}

extension String: ScenarioSource {
  /// The text of a scenario.
  public var origin: ScenarioOrigin { .text(self) }
}

extension ScenarioFile: ScenarioSource {
  /// The file.
  public var origin: ScenarioOrigin { .file(self) }
}

extension ScenarioDefinition: ScenarioSource {
  /// The definition.
  public var origin: ScenarioOrigin { .definition(self) }
}

extension Scenario: ScenarioSource {
  /// The scenario.
  public var origin: ScenarioOrigin { .loaded(self) }
}
