/// `semaphore NAME = permits`: a number of permits to take and to give.
public struct Semaphore: Acquirable {
  /// Its name.
  public let code: Code

  /// The object that a piece of code names.
  public init(code: Code) { self.code = code }

  /// Declares one.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - permits: How many there are at the start.
  ///   - isBounded: Whether giving more back than that is misuse.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  public init(
    _ name: String,
    _ permits: some Value<Int>,
    isBounded: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = declaredCode(
      name,
      (isBounded ? "bounded " : "") + "semaphore \(name) = \(permits.code.text)",
      [permits.code],
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  /// Declares an array of them, with a constant count.
  public static func array(
    _ name: String,
    count: some Value<Int>,
    _ permits: some Value<Int>,
    isBounded: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> ObjectArray<Self> {
    ObjectArray(
      declaredCode(
        name,
        (isBounded ? "bounded " : "")
          + "semaphore \(name)[\(count.code.text)] = \(permits.code.text)",
        [count.code, permits.code],
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }

  /// Gives several permits back at once.
  public func release(_ count: some Value<Int>) -> Call<Void> {
    Call(code.member("release").call([count.code]))
  }
}

/// A lock that a condition can go with.
public protocol LockOfCondition: Acquirable {}

extension Lock: LockOfCondition {}
extension ReentrantLock: LockOfCondition {}

/// `condition NAME(lock)`: a place to wait, under a lock, until somebody notifies.
public struct Condition: Acquirable {
  /// Its name.
  public let code: Code

  /// The object that a piece of code names.
  public init(code: Code) { self.code = code }

  /// Declares a condition with an rlock of its own.
  public init(
    _ name: String,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = declaredCode(
      name,
      "condition \(name)",
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  /// Declares a condition on a lock.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - lock: The lock.
  ///   - isFIFO: Whether waiters are woken in the order in which they came; otherwise in any.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  public init(
    _ name: String,
    _ lock: some LockOfCondition,
    isFIFO: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = declaredCode(
      name,
      "condition \(name)(\(lock.code.text)\(isFIFO ? ", order: fifo" : ""))",
      [lock.code],
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  /// Declares an array of conditions, each with an rlock of its own.
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
        "condition \(name)[\(count.code.text)]",
        [count.code],
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }

  /// Declares an array of conditions, each on the lock with its index.
  public static func array<Object: LockOfCondition>(
    _ name: String,
    count: some Value<Int>,
    _ locks: ObjectArray<Object>,
    isFIFO: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> ObjectArray<Self> {
    ObjectArray(
      declaredCode(
        name,
        "condition \(name)[\(count.code.text)](\(locks.code.text)\(isFIFO ? ", order: fifo" : ""))",
        [count.code, locks.code],
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }

  /// Releases the lock, waits for a notification, and takes the lock again.
  public func wait() -> Call<Bool> { Call(code.member("wait").call()) }

  /// Waits, but perhaps not until a notification; whether there was one.
  public func wait(timeout seconds: some Value<Int>) -> Call<Bool> {
    Call(code.member("wait").call([seconds.code.labeled("timeout")]))
  }

  /// Wakes one waiter, if there is one.
  public func notify() -> Call<Void> { Call(code.member("notify").call()) }

  /// Wakes several waiters, as far as there are some.
  public func notify(_ count: some Value<Int>) -> Call<Void> {
    Call(code.member("notify").call([count.code]))
  }

  /// Wakes all waiters.
  public func notifyAll() -> Call<Void> { Call(code.member("notify_all").call()) }
}
