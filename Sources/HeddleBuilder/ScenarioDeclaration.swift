/// A declaration of a scenario: its text, where it was written, and which others it needs.
public struct ScenarioDeclaration: Sendable {
  /// The declared name; empty for `main`, `finally` and claims.
  let name: String
  var lines: [Line]
  /// The declarations whose names stand in the text, as often as they do.
  let mentions: [ScenarioDeclaration]

  init(name: String = "", _ lines: [Line], mentions: [ScenarioDeclaration], at place: SwiftLocation)
  {
    self.name = name
    self.lines = lines.located(at: place)
    self.mentions = mentions
  }

  /// A declaration on one line.
  init(name: String = "", _ text: String, _ parts: [Code] = [], at place: SwiftLocation) {
    self.init(name: name, [Line(text)], mentions: parts.flatMap(\.mentions), at: place)
  }

  /// Whether it takes lines of its own, with an empty line around it.
  var isBlock: Bool { lines.count > 1 || lines.first?.text.hasSuffix("}") == true }

  /// Equal for a declaration that is written, or merely mentioned, several times.
  var identity: String { name + "\n" + lines.map(\.text).joined(separator: "\n") }
}

/// Something with a name, which a finding can be on.
public protocol Named: Sendable {
  /// Its name.
  var code: Code { get }
}

/// Something with a name that a scenario declares.
///
/// Listed in a ``ScenarioDefinition`` it is declared there; one that is only used is declared before its first use.
public protocol Declared: Named {}

extension Declared {
  var declarations: [ScenarioDeclaration] { Array(code.mentions.prefix(1)) }
}
