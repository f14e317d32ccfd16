/// `thread NAME(parameters) { … }`: what threads of this kind run.
///
/// A scenario without ``Main`` runs all of its threads from the start; with one, they run once they are started.
public struct ThreadType<each Argument: ScenarioType>: Declared {
  /// Its name.
  public let code: Code
  let parameters: (repeat Parameter<each Argument>)

  /// Declares a thread.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - parameters: What is given at the start.
  ///   - count: How many run, if there is no `main`; otherwise how many are meant to be started.
  ///   - isDaemon: Whether it does not keep the program alive.
  ///   - mayOutliveMain: Whether it is meant to run for ever or to be killed.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  ///   - body: The statements that run.
  public init(
    _ name: String,
    _ parameters: repeat Parameter<each Argument>,
    count: (any Value<Int>)? = nil,
    isDaemon: Bool = false,
    mayOutliveMain: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column,
    @StatementBuilder body: (repeat Parameter<each Argument>) -> [ScenarioStatement]
  ) {
    self.parameters = (repeat each parameters)
    let statements = body(repeat each parameters)
    let head = ThreadHead(
      name: name,
      parameters: parameterList(repeat each parameters),
      count: count?.code,
      isDaemon: isDaemon,
      mayOutliveMain: mayOutliveMain
    )
    code = Code(
      nameOf: ScenarioDeclaration(
        name: name,
        .block(head.text, statements),
        mentions: head.mentions + statements.flatMap(\.mentions),
        at: SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      )
    )
  }

  init(code: Code, parameters: (repeat Parameter<each Argument>)) {
    self.code = code
    self.parameters = parameters
  }

  /// `start NAME(arguments)`: lets a thread run; the value is its handle.
  public func start<each Given: Value>(_ arguments: repeat each Given) -> Call<ThreadHandle>
  where (repeat (each Given).Content) == (repeat each Argument) {
    Call(start(argumentList(repeat each arguments)))
  }

  /// `start NAME(arguments) * count`: lets several threads run, in one step; the value is an array of their handles.
  public func start<each Given: Value>(
    _ arguments: repeat each Given,
    count: some Value<Int>
  ) -> Call<[ThreadHandle]> where (repeat (each Given).Content) == (repeat each Argument) {
    let one = start(argumentList(repeat each arguments))
    return Call(
      Code(
        "\(one.text) * \(count.code.text(atLeast: .unary))",
        .open,
        mentions: one.mentions + count.code.mentions
      )
    )
  }

  private func start(_ arguments: [Code]) -> Code {
    let target = arguments.isEmpty ? code : code.call(arguments)
    return Code("start \(target.text)", .open, mentions: target.mentions)
  }

  /// The thread itself, in a scenario without ``Main`` and for a declaration without a count.
  public var handle: Computed<ThreadHandle> { Computed(code) }

  /// The threads themselves, in a scenario without ``Main`` and for a declaration with a count.
  public var handles: Computed<[ThreadHandle]> { Computed(code) }
}

/// What stands before the brace of a thread's declaration.
struct ThreadHead {
  var name: String
  /// With parentheses; empty if there is no list.
  var parameters: String
  var base: Code?
  var count: Code?
  var isDaemon: Bool
  var mayOutliveMain: Bool

  var text: String {
    (isDaemon ? "daemon thread " : "thread ") + name + parameters
      + (base.map { ": \($0.text)" } ?? "")
      + (count.map { " * \($0.text(atLeast: .unary))" } ?? "")
      + (mayOutliveMain ? " may outlive main" : "")
  }

  var mentions: [ScenarioDeclaration] { (base?.mentions ?? []) + (count?.mentions ?? []) }
}

/// `(a: Int, b: Bool)`; empty if there are no parameters.
func parameterList<each Content: ScenarioType>(
  _ parameters: repeat Parameter<each Content>
) -> String {
  var texts: [String] = []
  for parameter in repeat each parameters { texts.append(parameter.declarationText) }
  return texts.isEmpty ? "" : "(\(texts.joined(separator: ", ")))"
}

/// The arguments of a call.
func argumentList<each Given: Value>(_ arguments: repeat each Given) -> [Code] {
  var codes: [Code] = []
  for argument in repeat each arguments { codes.append(argument.code) }
  return codes
}

// MARK: Handles

/// `self`: the running thread.
public struct ThisThread: Term {
  /// A handle.
  public typealias Content = ThreadHandle
  /// Stands for `self`.
  public let code = Code("self")

  /// Its number among the threads of its declaration, from 0, in the order of starting.
  public var index: Computed<Int> { Computed(code.member("index")) }
}

/// `self`: the running thread.
public let thisThread = ThisThread()

extension Term<ThreadHandle> {
  /// Whether the thread has not ended yet.
  public var isAlive: Computed<Bool> { Computed(code.member("is_alive").call()) }

  /// Its name, for example `worker#1`.
  public var name: Computed<String> { Computed(code.member("name")) }
}

extension Term<ThreadHandle?> {
  /// Whether the thread has not ended yet; it is misuse if there is none.
  public var isAlive: Computed<Bool> { Computed(code.member("is_alive").call()) }

  /// Its name, for example `worker#1`; it is misuse if there is none.
  public var name: Computed<String> { Computed(code.member("name")) }
}

/// A type whose values can be joined: a handle, or an array of handles.
public protocol JoinableType: ScenarioType {}

extension ThreadHandle: JoinableType {}
extension Optional: JoinableType where Wrapped == ThreadHandle {}
extension Array: JoinableType where Element == ThreadHandle {}

/// `join handle`: waits until the thread, or each of several, has ended.
public func Join<Content: JoinableType>(_ threads: some Value<Content>) -> ScenarioStatement {
  ScenarioStatement("join \(threads.code.text)", threads.code)
}

/// `join handle timeout seconds`: waits, but perhaps not until the end.
public func Join<Content: JoinableType>(
  _ threads: some Value<Content>,
  timeout seconds: some Value<Int>
) -> ScenarioStatement {
  ScenarioStatement(
    "join \(threads.code.text) timeout \(seconds.code.text)",
    threads.code,
    seconds.code
  )
}
