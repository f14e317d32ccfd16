/// A lock, a queue, an event and so on, or an element of an array of them.
public protocol SynchronizationObject: Declared {
  /// The object that a piece of code names.
  init(code: Code)
}

/// An array of objects of one kind, each with a life of its own.
public struct ObjectArray<Object: SynchronizationObject>: Declared {
  /// Its name.
  public let code: Code

  init(_ code: Code) { self.code = code }

  /// An object, from 0; an index out of range is misuse.
  public subscript(index: some Value<Int>) -> Object { Object(code: code.element(index.code)) }
}

/// The name of a new declaration on one line.
func declaredCode(
  _ name: String,
  _ text: String,
  _ parts: [Code] = [],
  at place: SwiftLocation
) -> Code {
  Code(nameOf: ScenarioDeclaration(name: name, text, parts, at: place))
}

/// What `with` can take: a lock, an rlock, a semaphore, or the lock of a condition.
public protocol Acquirable: SynchronizationObject {}

/// `with object { … }`: takes it, and gives it back however the block is left.
public func With(
  _ object: some Acquirable,
  @StatementBuilder body: () -> [ScenarioStatement]
) -> ScenarioStatement {
  ScenarioStatement(block: "with \(object.code.text)", object.code, body: body())
}

extension Acquirable {
  /// Waits until it is free, and takes it.
  public func acquire() -> Call<Bool> { Call(code.member("acquire").call()) }

  /// Waits, but perhaps not until it is free; whether it was taken.
  public func acquire(timeout seconds: some Value<Int>) -> Call<Bool> {
    Call(code.member("acquire").call([seconds.code.labeled("timeout")]))
  }

  /// Takes it if it is free; whether it was.
  ///
  /// With `true` it waits, as `acquire()` does.
  public func acquire(blocking: Bool) -> Call<Bool> {
    Call(code.member("acquire").call([blocking.code.labeled("blocking")]))
  }

  /// Gives it back.
  public func release() -> Call<Void> { Call(code.member("release").call()) }
}

/// `lock NAME`: one thread at a time; any thread may release it.
public struct Lock: Acquirable {
  /// Its name.
  public let code: Code

  /// The object that a piece of code names.
  public init(code: Code) { self.code = code }

  /// Declares one.
  public init(
    _ name: String,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = declaredCode(
      name,
      "lock \(name)",
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  /// Declares an array of them, with a constant count.
  public static func array(
    _ name: String,
    count: some Value<Int>,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> ObjectArray<Self> {
    ObjectArray(
      declaredCode(
        name,
        "lock \(name)[\(count.code.text)]",
        [count.code],
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }
}

/// `rlock NAME`: a lock that its owner may take again.
public struct ReentrantLock: Acquirable {
  /// Its name.
  public let code: Code

  /// The object that a piece of code names.
  public init(code: Code) { self.code = code }

  /// Declares one.
  public init(
    _ name: String,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = declaredCode(
      name,
      "rlock \(name)",
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  /// Declares an array of them, with a constant count.
  public static func array(
    _ name: String,
    count: some Value<Int>,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> ObjectArray<Self> {
    ObjectArray(
      declaredCode(
        name,
        "rlock \(name)[\(count.code.text)]",
        [count.code],
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }
}

extension Lock {
  /// Whether somebody holds it.
  public func isLocked() -> Call<Bool> { Call(code.member("locked").call()) }
}

extension ReentrantLock {
  /// Whether somebody holds it.
  public func isLocked() -> Call<Bool> { Call(code.member("locked").call()) }
}
