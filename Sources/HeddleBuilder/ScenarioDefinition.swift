public import HeddleDiagnostics

/// A scenario written in Swift.
///
/// ```swift
/// let balance = Shared("balance", 0)
/// let mutex = Lock("mutex")
///
/// let bank = ScenarioDefinition("bank") {
///   ThreadType("deposit", count: 2) {
///     With(mutex) {
///       balance += 100
///     }
///   }
///   Finally {
///     Assert(balance == 200)
///   }
/// }
/// ```
///
/// Its meaning is that of its text, ``source``, which the language's own front end reads. Variables, locks and threads are Swift values;
/// they may be listed, and are declared where that is done. What is only used is declared before its first use. (What only a text
/// interpolates has to be listed.)
public struct ScenarioDefinition: Sendable {
  /// The scenario's name.
  public let name: String
  /// The scenario as a text that the command line takes too.
  ///
  /// It is laid out as `heddle format` does it.
  public let source: String
  /// By line, from the first, the Swift that the line stands for; `nil` for empty lines.
  private let locations: [SwiftLocation?]

  /// Defines a scenario.
  public init(_ name: String, @DeclarationBuilder _ content: () -> [ScenarioDeclaration]) {
    self.name = name
    let lines = ScenarioDefinition.lines(of: ScenarioDefinition.ordered(content()))
    source = lines.map { line in
      String(repeating: "    ", count: line.indentation) + line.text + "\n"
    }.joined()
    locations = lines.map(\.location)
  }

  /// The text as a source file for the front end.
  public var sourceFile: SourceFile { SourceFile(name: "\(name).heddle", text: source) }

  /// Where a line of the text, from 1, comes from.
  public func location(ofLine line: Int) -> SwiftLocation? {
    guard locations.indices.contains(line - 1) else { return nil }
    return locations[line - 1]
  }

  /// The declarations, those that are only mentioned before the first that does so.
  private static func ordered(_ listed: [ScenarioDeclaration]) -> [ScenarioDeclaration] {
    let listedIdentities = Set(listed.map(\.identity))
    var emitted: Set<String> = []
    var result: [ScenarioDeclaration] = []
    func emit(_ declaration: ScenarioDeclaration) {
      guard emitted.insert(declaration.identity).inserted else { return }
      for mention in declaration.mentions where !listedIdentities.contains(mention.identity) {
        emit(mention)
      }
      result.append(declaration)
    }
    for declaration in listed {
      // Claims may be repeated; names may not, but their second mention is no second declaration.
      if declaration.name.isEmpty { emitted.remove(declaration.identity) }
      emit(declaration)
    }
    return result
  }

  /// The lines, with an empty one around what takes several and before the claims.
  private static func lines(of declarations: [ScenarioDeclaration]) -> [Line] {
    var lines: [Line] = []
    var previous: ScenarioDeclaration?
    for declaration in declarations {
      if let previous,
        previous.isBlock || declaration.isBlock || isClaim(previous) != isClaim(declaration)
      {
        lines.append(Line(""))
      }
      lines += declaration.lines
      previous = declaration
    }
    return lines
  }

  private static func isClaim(_ declaration: ScenarioDeclaration) -> Bool {
    declaration.name.isEmpty
  }
}

/// Puts the declarations of a scenario one after the other.
@resultBuilder
public enum DeclarationBuilder {
  /// A declaration with a name.
  public static func buildExpression(_ declared: some Declared) -> [ScenarioDeclaration] {
    declared.declarations
  }

  /// `main`, `finally`, a claim or an expectation.
  public static func buildExpression(_ clause: some ScenarioClause) -> [ScenarioDeclaration] {
    [clause.declaration]
  }

  /// Declarations in order.
  public static func buildBlock(_ parts: [ScenarioDeclaration]...) -> [ScenarioDeclaration] {
    parts.flatMap(\.self)
  }

  /// Declarations of which Swift leaves some out.
  public static func buildOptional(_ part: [ScenarioDeclaration]?) -> [ScenarioDeclaration] {
    part ?? []
  }

  /// The first of two choices.
  public static func buildEither(first part: [ScenarioDeclaration]) -> [ScenarioDeclaration] {
    part
  }

  /// The second of two choices.
  public static func buildEither(second part: [ScenarioDeclaration]) -> [ScenarioDeclaration] {
    part
  }

  /// Declarations that Swift repeats.
  public static func buildArray(_ parts: [[ScenarioDeclaration]]) -> [ScenarioDeclaration] {
    parts.flatMap(\.self)
  }
}
