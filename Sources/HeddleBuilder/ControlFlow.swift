// The statements of the language, each a function with the word that the language uses for it.

// MARK: Locals

/// Stands for `let name = value`.
public func Let<Content: ScenarioType>(
  _ name: Local<Content>,
  _ value: some Value<Content>
) -> ScenarioStatement {
  .binding("let", name.code, Content.self, value.code)
}

/// Stands for `let name = value`, of an optional.
public func Let<Content: ScalarType>(
  _ name: Local<Content?>,
  _ value: some Value<Content>
) -> ScenarioStatement {
  .binding("let", name.code, Content?.self, value.code)
}

/// `let name = value else { … }`: the block has to leave.
public func Let<Content: ScenarioType>(
  _ name: Local<Content>,
  _ value: Attempt<Content>,
  @StatementBuilder orElse: () -> [ScenarioStatement]
) -> ScenarioStatement {
  ScenarioStatement.binding("let", name.code, Content.self, value.code)
    .followed(by: "else", orElse())
}

/// Stands for `var name = value`.
public func Var<Content: ScenarioType>(
  _ name: LocalVariable<Content>,
  _ value: some Value<Content>
) -> ScenarioStatement {
  .binding("var", name.code, Content.self, value.code)
}

/// Stands for `var name = value`, of an optional.
public func Var<Content: ScalarType>(
  _ name: LocalVariable<Content?>,
  _ value: some Value<Content>
) -> ScenarioStatement {
  .binding("var", name.code, Content?.self, value.code)
}

/// Stands for `var name = none`.
public func Var<Content: ScalarType>(
  _ name: LocalVariable<Content?>,
  _ value: NoValue
) -> ScenarioStatement {
  .binding("var", name.code, Content?.self, value.code)
}

extension ScenarioStatement {
  fileprivate static func binding<Content: ScenarioType>(
    _ word: String,
    _ name: Code,
    _ type: Content.Type,
    _ value: Code
  ) -> Self {
    ScenarioStatement("\(word) \(typedName(name.text, type)) = \(value.text)", value)
  }
}

// MARK: Branches and loops

/// Stands for `if condition { … }`.
public struct If: StatementConvertible {
  /// The statement.
  public let statement: ScenarioStatement

  /// Runs the statements if the condition holds.
  public init(
    _ condition: some Value<Bool>,
    @StatementBuilder then body: () -> [ScenarioStatement]
  ) {
    statement = ScenarioStatement(
      block: "if \(condition.code.text)",
      condition.code,
      body: body()
    )
  }

  private init(_ statement: ScenarioStatement) { self.statement = statement }

  /// Stands for `else if condition { … }`.
  public func elseIf(
    _ condition: some Value<Bool>,
    @StatementBuilder then body: () -> [ScenarioStatement]
  ) -> If {
    If(statement.followed(by: "else if \(condition.code.text)", body(), condition.code))
  }

  /// Stands for `else { … }`.
  public func orElse(@StatementBuilder _ body: () -> [ScenarioStatement]) -> ScenarioStatement {
    statement.followed(by: "else", body())
  }
}

/// Stands for `while condition { … }`.
public func While(
  _ condition: some Value<Bool>,
  @StatementBuilder body: () -> [ScenarioStatement]
) -> ScenarioStatement {
  ScenarioStatement(block: "while \(condition.code.text)", condition.code, body: body())
}

/// `loop { … }`: repeats until it is left.
public func Loop(@StatementBuilder body: () -> [ScenarioStatement]) -> ScenarioStatement {
  ScenarioStatement(block: "loop", body: body())
}

/// Stands for `for name in range { … }`.
public func For(
  _ name: String,
  in range: some IntegerRange,
  @StatementBuilder body: (Local<Int>) -> [ScenarioStatement]
) -> ScenarioStatement {
  ScenarioStatement(
    block: "for \(name) in \(range.code.text)",
    range.code,
    body: body(Local(name))
  )
}

/// Stands for `for _ in range { … }`.
public func For(
  _ range: some IntegerRange,
  @StatementBuilder body: () -> [ScenarioStatement]
) -> ScenarioStatement {
  ScenarioStatement(block: "for _ in \(range.code.text)", range.code, body: body())
}

/// Stands for `for name in array { … }`.
public func For<Item: ScalarType>(
  _ name: String,
  in array: some Value<[Item]>,
  @StatementBuilder body: (Local<Item>) -> [ScenarioStatement]
) -> ScenarioStatement {
  ScenarioStatement(
    block: "for \(name) in \(array.code.text)",
    array.code,
    body: body(Local(name))
  )
}

/// Stands for `for _ in array { … }`.
public func For<Item: ScalarType>(
  _ array: some Value<[Item]>,
  @StatementBuilder body: () -> [ScenarioStatement]
) -> ScenarioStatement {
  ScenarioStatement(block: "for _ in \(array.code.text)", array.code, body: body())
}

/// `for name in array { … }`, where each element is a variable, which is read in a step of its own.
public func For<Item: ScalarType>(
  _ name: String,
  in array: some ArrayOfVariables<Item>,
  @StatementBuilder body: (Local<Item>) -> [ScenarioStatement]
) -> ScenarioStatement {
  For(name, in: Computed<[Item]>(array.code), body: body)
}

/// `for _ in array { … }`, where each element is a variable, which is read in a step of its own.
public func For<Item: ScalarType>(
  _ array: some ArrayOfVariables<Item>,
  @StatementBuilder body: () -> [ScenarioStatement]
) -> ScenarioStatement {
  For(Computed<[Item]>(array.code), body: body)
}

/// `break`: leaves the innermost loop.
public func Break() -> ScenarioStatement { ScenarioStatement("break") }

/// `continue`: goes on with the next turn of the innermost loop.
public func Continue() -> ScenarioStatement { ScenarioStatement("continue") }

/// `return`: leaves a function, or ends the thread.
public func Return() -> ScenarioStatement { ScenarioStatement("return") }

/// `return value`: leaves a function with its value.
public func Return<Content: ScenarioType>(_ value: some Value<Content>) -> ScenarioStatement {
  ScenarioStatement("return \(value.code.text)", value.code)
}

/// `return none`: leaves a function with an optional value.
public func Return(_ value: NoValue) -> ScenarioStatement { ScenarioStatement("return none") }

// MARK: Exceptions

/// Stands for `try { … } finally { … }`.
public func Try(
  @StatementBuilder _ body: () -> [ScenarioStatement],
  @StatementBuilder finally: () -> [ScenarioStatement]
) -> ScenarioStatement {
  ScenarioStatement(block: "try", body: body()).followed(by: "finally", finally())
}

/// `fail "message"`: raises an exception, which ends the thread.
public func Fail(_ message: String? = nil) -> ScenarioStatement {
  ScenarioStatement("fail" + (message.map { " " + $0.code.text } ?? ""))
}

// MARK: Atomic blocks and choices

/// `atomic { … }`: one step, which must not block.
public func Atomic(@StatementBuilder body: () -> [ScenarioStatement]) -> ScenarioStatement {
  ScenarioStatement(block: "atomic", body: body())
}

/// `atomic when condition { … }`: waits until the condition holds, and then is one step.
public func Atomic(
  when condition: some Value<Bool>,
  @StatementBuilder body: () -> [ScenarioStatement]
) -> ScenarioStatement {
  ScenarioStatement(block: "atomic when \(condition.code.text)", condition.code, body: body())
}

/// `choose { … } or { … }`: a step that takes any of the blocks.
public struct Choose: Sendable {
  private let first: ScenarioStatement

  /// The first block; a choice has at least one more.
  public init(@StatementBuilder _ body: () -> [ScenarioStatement]) {
    first = ScenarioStatement(block: "choose", body: body())
  }

  /// Another block.
  public func or(@StatementBuilder _ body: () -> [ScenarioStatement]) -> Choice {
    Choice(statement: first.followed(by: "or", body()))
  }
}

/// A ``Choose`` with at least two blocks.
public struct Choice: StatementConvertible {
  /// The statement.
  public let statement: ScenarioStatement

  /// Another block.
  public func or(@StatementBuilder _ body: () -> [ScenarioStatement]) -> Choice {
    Choice(statement: statement.followed(by: "or", body()))
  }
}

// MARK: Claims and the rest

/// `assert condition, "message"`: ends the run and is reported if the condition does not hold.
public func Assert(_ condition: some Value<Bool>, _ message: String? = nil) -> ScenarioStatement {
  let suffix = message.map { ", " + $0.code.text } ?? ""
  return ScenarioStatement("assert \(condition.code.text)\(suffix)", condition.code)
}

/// `assume condition`: ends the run without a report if the condition does not hold.
public func Assume(_ condition: some Value<Bool>) -> ScenarioStatement {
  ScenarioStatement("assume \(condition.code.text)", condition.code)
}

/// Stands for `print value`.
public func Print<Content: ScalarType>(_ value: some Value<Content>) -> ScenarioStatement {
  ScenarioStatement("print \(value.code.text)", value.code)
}

/// `sleep seconds`: a step without effect, at which switching to another thread is no preemption.
public func Sleep(_ seconds: some Value<Int>) -> ScenarioStatement {
  ScenarioStatement("sleep \(seconds.code.text)", seconds.code)
}
