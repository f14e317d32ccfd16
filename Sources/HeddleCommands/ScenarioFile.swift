import Heddle
import HeddleDiagnostics

/// Reading a scenario's file for a command.
struct ScenarioFile {
  /// The path as the user gave it; `-` for standard input.
  let path: String

  /// The name in messages and reports.
  var displayName: String { path == Files.standardStream ? "standard input" : path }

  /// The scenario; whatever is wrong or suspicious in the text is said on standard error.
  ///
  /// - Throws: ``CommandFailure`` if there is no file to read; if it is no scenario, its diagnostics have been shown.
  func load(
    constants: [String: Int],
    appearance: Appearance,
    _ surroundings: Surroundings
  ) throws(CommandFailure) -> Scenario? {
    let bytes = try Files.bytes(of: path, limit: SourceFile.sizeLimit)
    do throws(InvalidScenario) {
      let scenario = try Scenario(bytes: bytes, file: displayName, constants: constants)
      show(scenario.warnings, in: scenario.program.source, appearance, surroundings)
      return scenario
    } catch {
      show(error.diagnostics, in: error.source, appearance, surroundings)
      return nil
    }
  }

  private func show(
    _ diagnostics: [Diagnostic],
    in source: SourceFile,
    _ appearance: Appearance,
    _ surroundings: Surroundings
  ) {
    guard !diagnostics.isEmpty else { return }
    surroundings.note(render(diagnostics, in: source, color: appearance.colorsNotes))
  }
}

/// How things look, after options, environment and terminal are taken together.
struct Appearance: Equatable {
  /// Whether only ASCII characters are used for drawing.
  var isASCII: Bool
  /// Whether standard output may have colours.
  var colorsOutput: Bool
  /// Whether standard error may have colours.
  var colorsNotes: Bool
  /// How many columns a line may take.
  var columns: Int

  /// The widest output that is made, however wide the terminal.
  static let maximumColumns = 88

  /// Takes the options and the surroundings together.
  init(_ options: AppearanceOptions, _ surroundings: Surroundings) {
    isASCII = options.ascii
    colorsOutput = !options.noColor && surroundings.allowsColor(on: surroundings.output)
    colorsNotes = !options.noColor && surroundings.allowsColor(on: surroundings.notes)
    columns = min(surroundings.columns ?? Self.maximumColumns, Self.maximumColumns)
  }
}
