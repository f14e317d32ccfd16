import ArgumentParser
import HeddleDiagnostics
import HeddleLanguage

/// `heddle format FILE...`.
struct FormatCommand: SurroundedCommand {
  static let configuration = CommandConfiguration(
    commandName: "format",
    abstract: "Lay scenarios out in the one way there is.",
    discussion: """
      Files are rewritten in place, all at once or not at all. Of a folder, all *.heddle files below \
      are formatted. `-` reads standard input and writes standard output.
      """
  )

  @Argument(help: "Scenario files or folders.")
  var files: [String]

  @Flag(help: "Change nothing; name the files that would change, and exit with 1 if there are any.")
  var check = false

  @Flag(help: "Never use colour; so does the environment variable NO_COLOR.")
  var noColor = false

  func execute(_ arguments: [String], _ surroundings: Surroundings) -> ExitStatus {
    var status = ExitStatus.asExpected
    for argument in files {
      do throws(CommandFailure) {
        for path in try Files.scenarios(at: argument) {
          status = status.combined(with: try format(path, surroundings))
        }
      } catch {
        surroundings.error(error.message)
        status = status.combined(with: error.status)
      }
    }
    return status
  }

  private func format(
    _ path: String,
    _ surroundings: Surroundings
  ) throws(CommandFailure) -> ExitStatus {
    let isStandardStream = path == Files.standardStream
    let name = isStandardStream ? "standard input" : path
    let bytes = try Files.bytes(of: path, limit: SourceFile.sizeLimit)
    let colors = !noColor && surroundings.allowsColor(on: surroundings.notes)
    let text: String
    do throws(InvalidSource) {
      let source = try SourceFile.load(name: name, bytes: bytes).get()
      text = try Formatter.format(source).get()
    } catch {
      surroundings.notes(render(error.diagnostics, in: error.source, color: colors))
      return .unusable
    }
    let isChanged = Array(text.utf8) != bytes
    if check {
      if isChanged { surroundings.output("\(printable(name)) is not formatted\n") }
      return isChanged ? .unexpected : .asExpected
    }
    if isStandardStream {
      surroundings.output(text)
    } else if isChanged {
      try Files.write(text, to: path)
    }
    return .asExpected
  }
}
