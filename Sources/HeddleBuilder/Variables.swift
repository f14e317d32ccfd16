/// `const NAME = value`: the command line and a test may replace the value.
public struct Constant<Content: ScalarType>: Term, Declared {
  /// Its name.
  public let code: Code

  /// Declares a constant; the value may use other constants.
  public init(
    _ name: String,
    _ value: some Value<Content>,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = Code(
      nameOf: ScenarioDeclaration(
        name: name,
        "const \(name) = \(value.code.text)",
        [value.code],
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }
}

/// `const NAME = any >= 1`: stands for every number of threads, where threads are counted by it; a pass is a proof for all of them.
///
/// The command line and a test may replace it by one number.
public struct EveryNumber: Term, Declared {
  /// What it stands for: integers.
  public typealias Content = Int
  /// Its name.
  public let code: Code

  /// Declares every number from a constant `minimum` on, which is at least 1.
  public init(
    _ name: String,
    from minimum: some Value<Int> = 1,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = Code(
      nameOf: ScenarioDeclaration(
        name: name,
        "const \(name) = any >= \(minimum.code.text)",
        [minimum.code],
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }
}

/// `shared NAME = value`: a variable that all threads see.
public struct Shared<Content: ScalarType>: Assignable, Declared {
  /// Its name.
  public let code: Code

  /// Declares a variable.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - value: The value at the start: constant, or one of `anyOf`.
  ///   - isAtomic: Whether it is meant to be read while it is written: no data race is reported on it.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  public init(
    _ name: String,
    _ value: some Value<Content>,
    isAtomic: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = sharedCode(
      name,
      Content.self,
      value.code,
      isAtomic,
      SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  /// Declares an optional variable that is `none` at the start.
  public init<Wrapped: ScalarType>(
    _ name: String,
    _ value: NoValue,
    isAtomic: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) where Content == Wrapped? {
    code = sharedCode(
      name,
      Content.self,
      value.code,
      isAtomic,
      SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }
}

/// `shared NAME = [a, b]`: an array that all threads see; every element is a variable of its own.
public struct SharedArray<Element: ScalarType>: Declared, ArrayOfVariables {
  /// Its name.
  public let code: Code

  /// Declares an array.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - values: The elements at the start: `[1, 2]` or ``repeated(_:count:)``.
  ///   - isAtomic: Whether it is meant to be read while it is written: no data race is reported on it.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  public init(
    _ name: String,
    _ values: some Value<[Element]>,
    isAtomic: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = sharedCode(
      name,
      [Element].self,
      values.code,
      isAtomic,
      SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }
}

/// Variables with a common name and an index: a shared array, or a field with several elements.
///
/// It is read and written element by element, and is no value as a whole.
public protocol ArrayOfVariables<Element>: Sendable {
  /// The type of the elements.
  associatedtype Element: ScalarType
  /// Its name.
  var code: Code { get }
}

extension ArrayOfVariables {
  /// An element, from 0; an index out of range is misuse.
  public subscript(index: some Value<Int>) -> Place<Element> {
    Place(code.element(index.code))
  }

  /// The number of elements.
  public var count: Computed<Int> { Computed(code.member("count")) }
}

private func sharedCode<Content: ScenarioType>(
  _ name: String,
  _ type: Content.Type,
  _ value: Code,
  _ isAtomic: Bool,
  _ place: SwiftLocation
) -> Code {
  let head = (isAtomic ? "atomic " : "") + "shared " + typedName(name, type)
  return Code(
    nameOf: ScenarioDeclaration(name: name, "\(head) = \(value.text)", [value], at: place)
  )
}

/// A name with its type, if that cannot be told from the value.
func typedName<Content: ScenarioType>(_ name: String, _ type: Content.Type) -> String {
  let text = Content.typeText
  return text.contains("?") ? "\(name): \(text)" : name
}

// MARK: Locals

/// The name of a local value that does not change, given by `Let`.
public struct Local<Content: ScenarioType>: Term {
  /// Its name.
  public let code: Code

  /// Names a local value.
  public init(_ name: String) { code = Code(name) }
}

/// The name of a local variable, declared by `Var`.
public struct LocalVariable<Content: ScenarioType>: Assignable {
  /// Its name.
  public let code: Code

  /// Names a local variable.
  public init(_ name: String) { code = Code(name) }
}

/// A parameter of a thread, a function or a method.
public struct Parameter<Content: ScenarioType>: Term {
  /// Its name.
  public let code: Code

  /// Names a parameter.
  public init(_ name: String) { code = Code(name) }

  /// `name: Type`.
  var declarationText: String { "\(code.text): \(Content.typeText)" }
}

/// An element or a field, which can be assigned to.
public struct Place<Content: ScalarType>: Assignable {
  /// How the scenario says it.
  public let code: Code

  init(_ code: Code) { self.code = code }
}

extension Term where Content: ArrayType {
  /// An element of an array, from 0; an index out of range is misuse.
  public subscript(index: some Value<Int>) -> Computed<Content.Item> {
    Computed(code.element(index.code))
  }

  /// The number of elements of an array.
  public var count: Computed<Int> { Computed(code.member("count")) }
}

extension LocalVariable where Content: ArrayType {
  /// An element of a local array, which can be assigned to; an index out of range is misuse.
  public subscript(index: some Value<Int>) -> Place<Content.Item> {
    Place(code.element(index.code))
  }
}
