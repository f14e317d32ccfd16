/// A statement of a thread, a function, `main` or `finally`.
public struct ScenarioStatement: Sendable {
  var lines: [Line]
  var mentions: [ScenarioDeclaration]

  init(_ lines: [Line], mentions: [ScenarioDeclaration]) {
    self.lines = lines
    self.mentions = mentions
  }

  /// A statement on one line, made of the given parts.
  init(_ text: String, _ parts: Code...) {
    self.init([Line(text)], mentions: parts.flatMap(\.mentions))
  }

  /// `header { body }`.
  init(block header: String, _ parts: Code..., body: [ScenarioStatement]) {
    self.init(
      .block(header, body),
      mentions: parts.flatMap(\.mentions) + body.flatMap(\.mentions)
    )
  }

  /// The statement, with `word { body }` on the line of its last brace.
  func followed(by word: String, _ body: [ScenarioStatement], _ parts: Code...) -> Self {
    var result = self
    result.lines.append(toLast: " " + word)
    result.lines.appendBlock(body)
    result.mentions += parts.flatMap(\.mentions) + body.flatMap(\.mentions)
    return result
  }
}

/// Something that can stand as a statement.
public protocol StatementConvertible: Sendable {
  /// The statement.
  var statement: ScenarioStatement { get }
}

extension ScenarioStatement: StatementConvertible {
  /// The statement itself.
  public var statement: ScenarioStatement { self }
}

/// Puts statements one after the other, each with its place in the Swift file.
///
/// Swift's own `if` and `for` choose and repeat statements while the scenario is built; `If` and `For` are
/// statements of the scenario.
@resultBuilder
public enum StatementBuilder {
  /// A statement, with the place at which it begins.
  public static func buildExpression(
    _ statement: some StatementConvertible,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> [ScenarioStatement] {
    let place = SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    var statement = statement.statement
    statement.lines = statement.lines.located(at: place)
    return [statement]
  }

  /// Statements that were put together elsewhere.
  public static func buildExpression(_ statements: [ScenarioStatement]) -> [ScenarioStatement] {
    statements
  }

  /// Statements in order.
  public static func buildBlock(_ parts: [ScenarioStatement]...) -> [ScenarioStatement] {
    parts.flatMap(\.self)
  }

  /// Statements of which Swift leaves some out.
  public static func buildOptional(_ part: [ScenarioStatement]?) -> [ScenarioStatement] {
    part ?? []
  }

  /// The first of two choices.
  public static func buildEither(first part: [ScenarioStatement]) -> [ScenarioStatement] { part }

  /// The second of two choices.
  public static func buildEither(second part: [ScenarioStatement]) -> [ScenarioStatement] { part }

  /// Statements that Swift repeats.
  public static func buildArray(_ parts: [[ScenarioStatement]]) -> [ScenarioStatement] {
    parts.flatMap(\.self)
  }
}

// MARK: Calls

/// A call that may stand alone, and that has a value unless its result is `Void`.
public struct Call<Result: Sendable>: StatementConvertible {
  /// How the scenario says it.
  public let code: Code

  init(_ code: Code) { self.code = code }

  /// The call as a statement.
  public var statement: ScenarioStatement { ScenarioStatement(code.text, code) }
}

extension Call: Value, Term where Result: ScenarioType {
  /// What it answers.
  public typealias Content = Result
}

/// A call that raises an exception if it cannot be done at once or in time, unless there is an `else`.
public struct Attempt<Result: Sendable>: StatementConvertible {
  /// How the scenario says it.
  public let code: Code

  init(_ code: Code) { self.code = code }

  /// The call as a statement.
  public var statement: ScenarioStatement { ScenarioStatement(code.text, code) }

  /// The call as a statement, with what to do if it fails.
  public func orElse(@StatementBuilder _ body: () -> [ScenarioStatement]) -> ScenarioStatement {
    ScenarioStatement(code.text, code).followed(by: "else", body())
  }
}

extension Attempt: Value, Term where Result: ScenarioType {
  /// What it answers if it succeeds.
  public typealias Content = Result
}
