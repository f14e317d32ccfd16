import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import HeddleSemantics
import Testing

/// Heddle's threads and objects do what CPython's do, as recorded by `Tests/Conformance/record.py`.
@Suite struct `Conformance with CPython` {
  private func load(_ conformanceCase: ConformanceCase) -> LoadResult {
    let text = CaseScenario.text(of: conformanceCase)
    return Frontend.load(SourceFile(name: "\(conformanceCase.name).heddle", text: text))
  }

  @Test(arguments: ConformanceFiles.cases)
  func `every operation comes out as it does there, or the case says why not`(
    conformanceCase: ConformanceCase
  ) throws {
    let python = try #require(ConformanceFiles.recorded[conformanceCase.name])
    switch conformanceCase.heddle {
    case .refused:
      #expect(load(conformanceCase).program == nil)
      #expect(conformanceCase.why != nil)
    case .notWritable: #expect(conformanceCase.why != nil)
    case .happens(let expected):
      #expect(try outcomes(of: conformanceCase) == [expected])
      #expect(expected != python, "a departure is written down, and there is none")
      #expect(conformanceCase.why != nil)
    case nil:
      let outcomes = try outcomes(of: conformanceCase)
      if conformanceCase.open != nil {
        #expect(outcomes.contains(python), "\(outcomes)")
        #expect(outcomes.count > 1, "several outcomes are written down, and there is one")
      } else {
        #expect(outcomes == [python])
      }
    }
  }

  private func outcomes(of conformanceCase: ConformanceCase) throws -> Set<[String]> {
    var run = try run(of: conformanceCase)
    return try run.execute()
  }

  private func run(of conformanceCase: ConformanceCase) throws -> ControlledRun {
    let loaded = load(conformanceCase)
    let program = try #require(
      loaded.program,
      "\(CaseScenario.text(of: conformanceCase))\n\(loaded.diagnostics.map(\.message))"
    )
    return ControlledRun(conformanceCase, program)
  }

  @Test func `is recorded for every case, and for nothing else`() {
    #expect(ConformanceFiles.cases.count >= 100)
    #expect(Set(ConformanceFiles.cases.map(\.name)) == Set(ConformanceFiles.recorded.keys))
  }

  @Test func `is shown for every misuse of an object or a thread`() throws {
    var misuses: Set<MisuseKind> = []
    for conformanceCase in ConformanceFiles.cases
    where conformanceCase.heddle != .refused && conformanceCase.heddle != .notWritable {
      var run = try run(of: conformanceCase)
      _ = try run.execute()
      misuses.formUnion(run.misuses)
    }
    // Arithmetic, indices and `any` are no business of `threading` and `queue`.
    let others: Set<MisuseKind> = [.indexOutOfRange, .divisionByZero, .overflow, .emptyRange]
    #expect(misuses == Set(MisuseKind.allCases).subtracting(others))
  }
}
