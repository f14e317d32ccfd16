/// `func NAME(parameters) { … }`: statements that threads have in common.
///
/// A function whose result is `Void` is called as a statement, any other also as a value.
public struct Function<Result: Sendable, each Argument: ScenarioType>: Declared {
  /// Its name.
  public let code: Code

  /// Declares a function without a value.
  public init(
    _ name: String,
    _ parameters: repeat Parameter<each Argument>,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column,
    @StatementBuilder body: (repeat Parameter<each Argument>) -> [ScenarioStatement]
  ) where Result == Void {
    code = Code(
      nameOf: functionDeclaration(
        name,
        parameterList(repeat each parameters),
        body(repeat each parameters),
        SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }

  /// Declares a function that returns a value.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - parameters: The parameters.
  ///   - result: The type of what it returns.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  ///   - body: The statements.
  public init(
    _ name: String,
    _ parameters: repeat Parameter<each Argument>,
    returning result: Result.Type,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column,
    @StatementBuilder body: (repeat Parameter<each Argument>) -> [ScenarioStatement]
  ) where Result: ScenarioType {
    code = Code(
      nameOf: functionDeclaration(
        name,
        parameterList(repeat each parameters),
        body(repeat each parameters),
        SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }

  /// A call.
  public func callAsFunction<each Given: Value>(_ arguments: repeat each Given) -> Call<Result>
  where (repeat (each Given).Content) == (repeat each Argument) {
    Call(code.call(argumentList(repeat each arguments)))
  }
}

private func functionDeclaration(
  _ name: String,
  _ parameters: String,
  _ body: [ScenarioStatement],
  _ place: SwiftLocation
) -> ScenarioDeclaration {
  ScenarioDeclaration(
    name: name,
    .block("func \(name)\(parameters.isEmpty ? "()" : parameters)", body),
    mentions: body.flatMap(\.mentions),
    at: place
  )
}
