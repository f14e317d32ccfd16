/// `var NAME = value` in a thread's class: a variable that each of its threads has, and that all can see.
public struct Field<Content: ScalarType>: Assignable, ThreadMember, Named {
  /// Its name.
  public let code: Code
  /// How the class declares it.
  public let member: MemberDeclaration

  /// Declares a field.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - value: The value at the start, constant.
  ///   - isAtomic: Whether it is meant to be read while it is written: no data race is reported on it.
  public init(_ name: String, _ value: some Value<Content>, isAtomic: Bool = false) {
    code = Code(name)
    member = .field(name, Content.self, value.code, isAtomic)
  }

  /// Declares an optional field that is `none` at the start.
  public init<Wrapped: ScalarType>(_ name: String, _ value: NoValue, isAtomic: Bool = false)
  where Content == Wrapped? {
    code = Code(name)
    member = .field(name, Content.self, value.code, isAtomic)
  }
}

/// `var NAME = [a, b]` in a thread's class.
public struct FieldArray<Element: ScalarType>: ThreadMember, Named, ArrayOfVariables {
  /// Its name.
  public let code: Code
  /// How the class declares it.
  public let member: MemberDeclaration

  /// Declares a field with several elements.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - values: The elements at the start: `[1, 2]` or ``repeated(_:count:)``.
  ///   - isAtomic: Whether it is meant to be read while it is written: no data race is reported on it.
  public init(_ name: String, _ values: some Value<[Element]>, isAtomic: Bool = false) {
    code = Code(name)
    member = .field(name, [Element].self, values.code, isAtomic)
  }
}

/// The field of another thread, with several elements.
public struct FieldElements<Element: ScalarType>: ArrayOfVariables {
  /// How the scenario says it.
  public let code: Code
}

extension Term<ThreadHandle> {
  /// `handle.field`: the field of another thread.
  public subscript<Content: ScalarType>(field: Field<Content>) -> Place<Content> {
    Place(code.member(field.code.text))
  }

  /// `handle.field`: the field of another thread, with several elements.
  public subscript<Element: ScalarType>(field: FieldArray<Element>) -> FieldElements<Element> {
    FieldElements(code: code.member(field.code.text))
  }
}

/// `func NAME(parameters) { … }` in a thread's class; subclasses may override it.
public struct Method<Result: Sendable, each Argument: ScenarioType>: ThreadMember {
  /// How the class declares it.
  public let member: MemberDeclaration
  private let name: String
  private let parameters: (repeat Parameter<each Argument>)

  /// Declares a method without a value.
  public init(
    _ name: String,
    _ parameters: repeat Parameter<each Argument>,
    @StatementBuilder body: (repeat Parameter<each Argument>) -> [ScenarioStatement]
  ) where Result == Void {
    self.name = name
    self.parameters = (repeat each parameters)
    member = .function(name, parameterList(repeat each parameters), body(repeat each parameters))
  }

  /// Declares a method that returns a value of the given type.
  public init(
    _ name: String,
    _ parameters: repeat Parameter<each Argument>,
    returning result: Result.Type,
    @StatementBuilder body: (repeat Parameter<each Argument>) -> [ScenarioStatement]
  ) where Result: ScenarioType {
    self.name = name
    self.parameters = (repeat each parameters)
    member = .function(name, parameterList(repeat each parameters), body(repeat each parameters))
  }

  /// A call of the running thread's version.
  public func callAsFunction<each Given: Value>(_ arguments: repeat each Given) -> Call<Result>
  where (repeat (each Given).Content) == (repeat each Argument) {
    Call(Code(name).call(argumentList(repeat each arguments)))
  }

  /// `super.NAME(arguments)`: a call of the base's version.
  public func callBase<each Given: Value>(_ arguments: repeat each Given) -> Call<Result>
  where (repeat (each Given).Content) == (repeat each Argument) {
    Call(Code("super.\(name)").call(argumentList(repeat each arguments)))
  }

  /// `override func NAME(parameters) { … }`: the version of a subclass.
  public func override(
    @StatementBuilder _ body: (repeat Parameter<each Argument>) -> [ScenarioStatement]
  ) -> MemberDeclaration {
    .function(
      name,
      parameterList(repeat each parameters),
      body(repeat each parameters),
      isOverride: true
    )
  }
}

/// `run { … }`: what a thread of the class runs.
public struct Run: ThreadMember {
  /// How the class declares it.
  public let member: MemberDeclaration

  /// Declares what is run; `isOverride` if the base has a `run` too.
  public init(isOverride: Bool = false, @StatementBuilder body: () -> [ScenarioStatement]) {
    member = .block(isOverride ? "override run" : "run", body())
  }

  /// `super.run()`: what the base runs.
  public static func callBase() -> Call<Void> { Call(Code("super.run").call()) }
}

/// A field, a method or `run`, as a thread's class declares it.
public struct MemberDeclaration: ThreadMember {
  var lines: [Line]
  let mentions: [ScenarioDeclaration]

  /// The declaration itself.
  public var member: MemberDeclaration { self }

  fileprivate static func field<Content: ScenarioType>(
    _ name: String,
    _ type: Content.Type,
    _ value: Code,
    _ isAtomic: Bool
  ) -> Self {
    let head = (isAtomic ? "atomic " : "") + "var " + typedName(name, type)
    return Self(lines: [Line("\(head) = \(value.text)")], mentions: value.mentions)
  }

  fileprivate static func function(
    _ name: String,
    _ parameters: String,
    _ body: [ScenarioStatement],
    isOverride: Bool = false
  ) -> Self {
    let word = isOverride ? "override func" : "func"
    return block("\(word) \(name)\(parameters.isEmpty ? "()" : parameters)", body)
  }

  fileprivate static func block(_ header: String, _ body: [ScenarioStatement]) -> Self {
    Self(lines: .block(header, body), mentions: body.flatMap(\.mentions))
  }
}

/// Something that a thread's class declares.
public protocol ThreadMember: Sendable {
  /// How it declares it.
  var member: MemberDeclaration { get }
}

/// Puts the members of a thread's class one after the other, each with its place in the Swift file.
@resultBuilder
public enum MemberBuilder {
  /// A member, with the place at which it is listed.
  public static func buildExpression(
    _ member: some ThreadMember,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> [MemberDeclaration] {
    let place = SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    var member = member.member
    member.lines = member.lines.located(at: place)
    return [member]
  }

  /// Members in order.
  public static func buildBlock(_ parts: [MemberDeclaration]...) -> [MemberDeclaration] {
    parts.flatMap(\.self)
  }
}
