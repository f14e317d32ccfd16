/// `queue NAME`: items that threads put and get; unbounded unless it has a capacity.
///
/// A queue in which `none` is put, as a sentinel, is a queue of optionals.
public struct Queue<Item: ScalarType>: SynchronizationObject {
  /// In which order items come out.
  public enum Order: Sendable {
    /// In the order in which they were put.
    case fifo
    /// The last one first.
    case lifo
    /// The smallest first.
    case priority

    fileprivate var word: String {
      switch self {
      case .fifo: "queue"
      case .lifo: "lifo queue"
      case .priority: "priority queue"
      }
    }
  }

  /// Its name.
  public let code: Code

  /// The object that a piece of code names.
  public init(code: Code) { self.code = code }

  /// Declares one.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - order: In which order items come out.
  ///   - capacity: How many items it holds at most, constant and at least 1; `nil` for any number.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  public init(
    _ name: String,
    order: Order = .fifo,
    capacity: (any Value<Int>)? = nil,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    code = declaredCode(
      name,
      "\(order.word) \(name)" + (capacity.map { "(capacity: \($0.code.text))" } ?? ""),
      [capacity?.code].compactMap(\.self),
      at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    )
  }

  /// Declares an array of them, with a constant count.
  public static func array(
    _ name: String,
    count: some Value<Int>,
    order: Order = .fifo,
    capacity: (any Value<Int>)? = nil,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) -> ObjectArray<Self> {
    ObjectArray(
      declaredCode(
        name,
        "\(order.word) \(name)[\(count.code.text)]"
          + (capacity.map { "(capacity: \($0.code.text))" } ?? ""),
        [count.code] + [capacity?.code].compactMap(\.self),
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }

  // MARK: Putting

  /// Waits until there is room, and puts an item in.
  public func put(_ item: some Value<Item>) -> Call<Void> { Call(putCode(item.code)) }

  /// Waits, but perhaps not until there is room.
  public func put(_ item: some Value<Item>, timeout seconds: some Value<Int>) -> Attempt<Void> {
    Attempt(putCode(item.code, seconds.code.labeled("timeout")))
  }

  /// Puts an item in if there is room.
  ///
  /// With `true` it waits, as `put(_:)` does.
  public func put(_ item: some Value<Item>, blocking: Bool) -> Attempt<Void> {
    Attempt(putCode(item.code, blocking.code.labeled("blocking")))
  }

  /// Puts an item in if there is room.
  public func putNowait(_ item: some Value<Item>) -> Attempt<Void> {
    Attempt(code.member("put_nowait").call([item.code]))
  }

  fileprivate func putCode(_ arguments: Code...) -> Code { code.member("put").call(arguments) }

  // MARK: Getting

  /// Waits until there is an item, and takes it.
  public func get() -> Call<Item> { Call(code.member("get").call()) }

  /// Waits, but perhaps not until there is an item.
  public func get(timeout seconds: some Value<Int>) -> Attempt<Item> {
    Attempt(code.member("get").call([seconds.code.labeled("timeout")]))
  }

  /// Takes an item if there is one.
  ///
  /// With `true` it waits, as `get()` does.
  public func get(blocking: Bool) -> Attempt<Item> {
    Attempt(code.member("get").call([blocking.code.labeled("blocking")]))
  }

  /// Takes an item if there is one.
  public func getNowait() -> Attempt<Item> { Attempt(code.member("get_nowait").call()) }

  // MARK: Counting

  /// Says that the work on an item that was taken is done.
  public func taskDone() -> Call<Void> { Call(code.member("task_done").call()) }

  /// Waits until that was said for every item that was put in.
  public func join() -> Call<Void> { Call(code.member("join").call()) }

  /// The number of items.
  public func size() -> Call<Int> { Call(code.member("qsize").call()) }

  /// Whether there is no item.
  public func isEmpty() -> Call<Bool> { Call(code.member("empty").call()) }

  /// Whether there is no room.
  public func isFull() -> Call<Bool> { Call(code.member("full").call()) }
}

extension Queue {
  /// Puts a value into a queue of optionals.
  public func put<Wrapped: ScalarType>(_ item: some Value<Wrapped>) -> Call<Void>
  where Item == Wrapped? {
    Call(putCode(item.code))
  }

  /// Waits, but perhaps not until there is room for a value in a queue of optionals.
  public func put<Wrapped: ScalarType>(
    _ item: some Value<Wrapped>,
    timeout seconds: some Value<Int>
  ) -> Attempt<Void> where Item == Wrapped? {
    put(optional(item), timeout: seconds)
  }

  /// Puts a value into a queue of optionals if there is room.
  public func put<Wrapped: ScalarType>(
    _ item: some Value<Wrapped>,
    blocking: Bool
  ) -> Attempt<Void> where Item == Wrapped? {
    put(optional(item), blocking: blocking)
  }

  /// Puts a value into a queue of optionals if there is room.
  public func putNowait<Wrapped: ScalarType>(_ item: some Value<Wrapped>) -> Attempt<Void>
  where Item == Wrapped? {
    putNowait(optional(item))
  }

  /// Puts `none` into a queue of optionals.
  public func put<Wrapped: ScalarType>(_ item: NoValue) -> Call<Void> where Item == Wrapped? {
    Call(putCode(item.code))
  }
}
