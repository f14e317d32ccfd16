/// `event NAME`: a flag to wait for.
public struct Event: SynchronizationObject {
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
      "event \(name)",
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
        "event \(name)[\(count.code.text)]",
        [count.code],
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }
}

extension Event {
  /// Lets everybody through who waits or comes.
  public func set() -> Call<Void> { Call(code.member("set").call()) }

  /// Makes those who come wait again.
  public func clear() -> Call<Void> { Call(code.member("clear").call()) }

  /// Whether it is set.
  public func isSet() -> Call<Bool> { Call(code.member("is_set").call()) }

  /// Waits until it is set.
  public func wait() -> Call<Bool> { Call(code.member("wait").call()) }

  /// Waits, but perhaps not until it is set; whether it was.
  public func wait(timeout seconds: some Value<Int>) -> Call<Bool> {
    Call(code.member("wait").call([seconds.code.labeled("timeout")]))
  }
}

/// `barrier NAME(parties)`: where threads wait until enough have arrived.
public struct Barrier: SynchronizationObject {
  /// Its name.
  public let code: Code

  /// The object that a piece of code names.
  public init(code: Code) { self.code = code }

  /// Declares one, for a constant number of threads.
  public init(
    _ name: String,
    _ parties: some Value<Int>,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = declaredCode(
      name,
      "barrier \(name)(\(parties.code.text))",
      [parties.code],
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  /// Declares an array of them, with a constant count.
  public static func array(
    _ name: String,
    count: some Value<Int>,
    _ parties: some Value<Int>,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> ObjectArray<Self> {
    ObjectArray(
      declaredCode(
        name,
        "barrier \(name)[\(count.code.text)](\(parties.code.text))",
        [count.code, parties.code],
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }

  /// Waits for the others; how many had arrived before.
  ///
  /// It fails if the barrier is or gets broken.
  public func wait() -> Attempt<Int> { Attempt(code.member("wait").call()) }

  /// Waits, but perhaps not until enough have arrived, which breaks the barrier.
  public func wait(timeout seconds: some Value<Int>) -> Attempt<Int> {
    Attempt(code.member("wait").call([seconds.code.labeled("timeout")]))
  }

  /// Breaks it.
  public func abort() -> Call<Void> { Call(code.member("abort").call()) }

  /// Makes it usable again.
  public func reset() -> Call<Void> { Call(code.member("reset").call()) }

  /// Whether it is broken.
  public func isBroken() -> Call<Bool> { Call(code.member("broken").call()) }

  /// How many wait in it.
  public func waiting() -> Call<Int> { Call(code.member("n_waiting").call()) }
}
