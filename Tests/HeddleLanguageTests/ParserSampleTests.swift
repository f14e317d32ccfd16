import HeddleDiagnostics
import Testing

@testable import HeddleLanguage

@Suite struct `Parsing valid scenarios` {
  @Test(arguments: Samples.names)
  func `every sample parses without diagnostics`(name: String) {
    let source = Samples.source(name)
    let diagnostics = parse(source).diagnostics
    #expect(diagnostics.map { "\(source.location(of: $0.span.start)): \($0.message)" } == [])
  }
}
