@_exported public import HeddleChecking
@_exported public import HeddleDiagnostics
public import HeddleBuilder
import HeddleLanguage
@_exported public import HeddleProgram

/// A thread scenario that is ready to be verified.
///
/// Load it, verify it, and let the result explain itself:
///
/// ```swift
/// let bank = try Scenario(text: text, file: "bank.heddle")
/// let result = try bank.verify()
/// print(result.explanation)
/// ```
///
/// ``verification(_:engine:)`` does the same beside other work, with progress and cancellation.
///
/// Nothing here prints, reads files, or asks a clock: equal texts and options give equal results.
public struct Scenario: Sendable {
  /// The scenario after names and types are resolved.
  public let program: Program
  /// What is suspicious in the text, by place.
  public let warnings: [Diagnostic]
  /// Values that replace those of `const` declarations.
  let constants: [String: Int]

  /// The scenario's text.
  public var source: String { program.source.text(0..<program.source.bytes.count) }

  /// Reads a scenario.
  ///
  /// - Parameters:
  ///   - text: The scenario's text.
  ///   - file: The name used in messages; without folder and extension it is the scenario's name.
  ///   - constants: Values that replace those of `const` declarations.
  /// - Throws: ``InvalidScenario`` with everything that is wrong in the text.
  /// - Complexity: O(length of the text) and of the code it stands for.
  public init(
    text: String,
    file: String = "scenario.heddle",
    constants: [String: Int] = [:]
  ) throws(InvalidScenario) {
    try self.init(bytes: Array(text.utf8), file: file, constants: constants)
  }

  /// Reads a scenario from the bytes of a file.
  ///
  /// - Parameters:
  ///   - bytes: The file's content; what is not UTF-8 text is reported like any other mistake.
  ///   - file: The name used in messages; without folder and extension it is the scenario's name.
  ///   - constants: Values that replace those of `const` declarations.
  /// - Throws: ``InvalidScenario`` with everything that is wrong in the text.
  public init(
    bytes: [UInt8],
    file: String,
    constants: [String: Int] = [:]
  ) throws(InvalidScenario) {
    let source: SourceFile
    switch SourceFile.load(name: file, bytes: bytes) {
    case .success(let file): source = file
    case .failure(let invalid):
      throw InvalidScenario(source: invalid.source, diagnostics: invalid.diagnostics)
    }
    try self.init(source, constants)
  }

  /// Reads a scenario that is written in Swift.
  ///
  /// - Parameters:
  ///   - definition: The scenario; places are those of its text, `source`.
  ///   - constants: Values that replace those of its constants.
  /// - Throws: ``InvalidScenario`` with everything that Swift's types could not find wrong.
  public init(
    _ definition: ScenarioDefinition,
    constants: [String: Int] = [:]
  ) throws(InvalidScenario) {
    try self.init(definition.sourceFile, constants)
  }

  init(_ source: SourceFile, _ constants: [String: Int]) throws(InvalidScenario) {
    self.constants = constants
    let loaded = Frontend.load(source, options: LoadOptions(constants: constants))
    guard let program = loaded.program else {
      throw InvalidScenario(source: source, diagnostics: loaded.diagnostics)
    }
    self.program = program
    warnings = loaded.diagnostics
  }
}

/// Why a text is no scenario.
public struct InvalidScenario: Error, Sendable, Equatable {
  /// The text in which the diagnostics have their places.
  public let source: SourceFile
  /// What is wrong and what is suspicious, by place; at least one is an error.
  public let diagnostics: [Diagnostic]
}

extension InvalidScenario: CustomStringConvertible {
  /// The diagnostics, each with its line of the text.
  public var description: String { render(diagnostics, in: source) }
}
