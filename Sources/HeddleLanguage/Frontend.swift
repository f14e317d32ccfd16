public import HeddleDiagnostics
public import HeddleProgram

/// What became of a scenario's text.
public struct LoadResult: Sendable {
  /// The program; `nil` if there is any error.
  public let program: Program?
  /// All errors and warnings, sorted by place.
  public let diagnostics: [Diagnostic]
}

/// The way from the text of a scenario to its program.
public enum Frontend {
  /// Parses, resolves, checks and lowers a scenario.
  ///
  /// If the text cannot be parsed, nothing is said about names and types: most of that would be
  /// wrong because of what was not understood.
  public static func load(_ source: SourceFile, options: LoadOptions = .init()) -> LoadResult {
    let (tree, mistakes) = parse(source)
    guard !mistakes.contains(where: { $0.severity == .error }) else {
      return LoadResult(program: nil, diagnostics: mistakes)
    }
    var resolver = Resolver(
      tree: tree,
      source: source,
      options: options,
      diagnostics: DiagnosticList()
    )
    resolver.resolve()
    var diagnostics = resolver.diagnostics
    let program = lower(resolver.scenario, &diagnostics)
    let sorted = (mistakes + diagnostics.diagnostics).enumerated().sorted { left, right in
      (left.element.span, left.offset) < (right.element.span, right.offset)
    }
    return LoadResult(program: program, diagnostics: sorted.map(\.element))
  }

  private static func lower(
    _ scenario: ResolvedScenario,
    _ diagnostics: inout DiagnosticList
  ) -> Program? {
    let mistakes = diagnostics.diagnostics.count
    let graph = CallGraph(scenario, &diagnostics)
    // Without recursion, the rest can be said even if names or types are wrong.
    guard diagnostics.diagnostics.count == mistakes else { return nil }
    diagnostics.add(RestrictionCheck(scenario, graph).diagnostics)
    guard !diagnostics.hasErrors else { return nil }
    let counts = ThreadCounts(scenario, graph, &diagnostics)
    guard !diagnostics.hasErrors else { return nil }
    var lowering = Lowering(scenario, counts, name: name(of: scenario.source))
    let program = lowering.lower()
    diagnostics.add(lowering.diagnostics)
    if let program { ProgramVerifier.verify(program) }
    return program
  }

  /// The file name without folder and `.heddle`.
  private static func name(of source: SourceFile) -> String {
    let file = source.name.split(separator: "/").last.map(String.init) ?? source.name
    return file.hasSuffix(".heddle") ? String(file.dropLast(7)) : file
  }
}
