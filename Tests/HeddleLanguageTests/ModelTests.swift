import Foundation
import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import Testing

@Suite struct `Models` {
  static let files: [String] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../models").standardizedFileURL
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let paths = all?.compactMap { ($0 as? URL)?.path(percentEncoded: false) } ?? []
    return paths.filter { $0.hasSuffix(".heddle") }.sorted()
  }()

  @Test(arguments: files)
  func `load without errors`(path: String) throws {
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    let source = SourceFile(name: path, text: text)
    let result = Frontend.load(source)
    for diagnostic in result.diagnostics {
      let place = source.location(of: diagnostic.span.start)
      Issue.record(
        "\(path):\(place.line):\(place.column) \(diagnostic.message) [\(diagnostic.id)]"
      )
    }
    let program = try #require(result.program)
    #expect(ProgramPrinter(program).text().isEmpty == false)
  }
}
