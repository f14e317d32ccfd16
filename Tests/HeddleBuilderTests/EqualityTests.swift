import Foundation
import HeddleBuilder
import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import Testing

@Suite struct `Scenarios in Swift` {
  static let models = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../models").standardizedFileURL

  /// All tables of a program but its spans, which depend on comments and line breaks.
  static func tables(of program: Program) -> [String] {
    let parts: [Any] = [
      program.strings, program.threadTypes, program.instances, program.variables, program.objects,
      program.instructions, program.instructionStatements, program.statements, program.templates,
      program.argumentLists, program.targetLists, program.claims, program.invariants,
      program.finally as Any, program.expectations, program.allowances,
    ]
    return parts.map { part in
      "\(part)".replacing(#/HeddleDiagnostics\.SourceSpan\(start: \d+, end: \d+\)/#, with: "_")
        .replacing("), ", with: "),\n")
    }
  }

  @Test(arguments: ModelsInSwift.all.map(\.path))
  func `are the same program as the text`(path: String) throws {
    let definition = try #require(ModelsInSwift.all.first { $0.path == path }).definition
    let file = Self.models.appending(path: path + ".heddle")
    let text = SourceFile(name: path, text: try String(contentsOf: file, encoding: .utf8))
    let fromText = Frontend.load(text)
    let fromSwift = Frontend.load(definition.sourceFile)
    #expect(fromSwift.diagnostics.map(\.message) == fromText.diagnostics.map(\.message))
    let expected = Self.tables(of: try #require(fromText.program))
    let actual = Self.tables(of: try #require(fromSwift.program))
    for (wanted, got) in zip(expected, actual) { #expect(got == wanted) }
  }

  @Test func `are told apart where a single number differs`() throws {
    func tables(_ amount: Int) throws -> [String] {
      let balance = Shared("balance", 0)
      let definition = ScenarioDefinition("bank") {
        ThreadType("deposit", count: 2) { balance += amount }
      }
      return Self.tables(of: try #require(Frontend.load(definition.sourceFile).program))
    }
    #expect(try tables(100) == tables(100))
    #expect(try tables(100) != tables(101))
  }

  @Test(arguments: ModelsInSwift.all.map(\.path))
  func `are laid out as heddle format does it`(path: String) throws {
    let definition = try #require(ModelsInSwift.all.first { $0.path == path }).definition
    let formatted = try Formatter.format(definition.sourceFile).get()
    #expect(definition.source == formatted)
  }

  @Test(arguments: ModelsInSwift.all.map(\.path))
  func `know the Swift of every line`(path: String) throws {
    let definition = try #require(ModelsInSwift.all.first { $0.path == path }).definition
    for (index, line) in definition.source.split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().enumerated()
    {
      #expect((definition.location(ofLine: index + 1) == nil) == line.isEmpty)
    }
  }
}
