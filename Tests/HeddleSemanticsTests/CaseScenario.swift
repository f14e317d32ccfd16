import Foundation

/// Writes a case as a scenario.
///
/// Each thread stands at a `sleep` before each of its operations, so that a step there lets it begin, and prints how
/// the operation with a number came out: `#3 returns True`.
struct CaseScenario {
  private let conformanceCase: ConformanceCase
  /// Functions for operations that may raise: only there can a thread go on after it.
  private var functions: [String] = []
  private var started: Set<String> = []

  private init(_ conformanceCase: ConformanceCase) { self.conformanceCase = conformanceCase }

  /// The scenario's text.
  static func text(of conformanceCase: ConformanceCase) -> String {
    var scenario = CaseScenario(conformanceCase)
    let threads = conformanceCase.threadNames.map { scenario.thread($0) }
    let objects = conformanceCase.declarations.map { scenario.object($0.name, $0.expression) }
    return (objects + scenario.functions + threads).joined(separator: "\n") + "\n"
  }

  // MARK: Declarations

  private func object(_ name: String, _ expression: String) -> String {
    let parts = expression.split(separator: "(", omittingEmptySubsequences: false)
    let argument = parts[1].dropLast()
    switch parts[0] {
    case "Lock": return "lock \(name)"
    case "RLock": return "rlock \(name)"
    case "Semaphore": return "semaphore \(name) = \(argument.isEmpty ? "1" : argument)"
    case "BoundedSemaphore": return "bounded semaphore \(name) = \(argument)"
    case "Condition":
      let order = conformanceCase.wakesInOrder ? ", order: fifo" : ""
      return argument.isEmpty ? "condition \(name)" : "condition \(name)(\(argument)\(order))"
    case "Event": return "event \(name)"
    case "Barrier": return "barrier \(name)(\(argument))"
    default:
      let kind = [
        "Queue": "queue", "LifoQueue": "lifo queue", "PriorityQueue": "priority queue",
      ][String(parts[0])]
      let capacity = argument.isEmpty ? "" : "(capacity: \(argument))"
      return "\(kind ?? "") \(name)\(capacity)"
    }
  }

  private mutating func thread(_ name: String) -> String {
    var lines: [String] = []
    var hasEnd = false
    for (number, step) in conformanceCase.steps.enumerated()
    where step.thread == name && step.operation != "times out" {
      lines.append("sleep 1")
      lines += operation(step.operation, number, of: name)
      hasEnd = step.operation == "ends" || step.operation.hasSuffix("fails")
    }
    if !hasEnd { lines.append("sleep 1") }
    let daemon = conformanceCase.isDaemon(name) ? "daemon " : ""
    let header = name == "main" ? "main" : "\(daemon)thread \(name)"
    return "\(header) {\n" + lines.map { "    \($0)\n" }.joined() + "}"
  }

  // MARK: Operations

  private mutating func operation(_ text: String, _ number: Int, of thread: String) -> [String] {
    if text == "ends" { return [] }
    if text == "fails" { return ["fail \"on purpose\""] }
    let done = "print \"#\(number) returns None\""
    if text.hasPrefix("with ") {
      let body = text.dropFirst("with ".count).split(separator: ":")
      return body.count == 1
        ? ["with \(body[0]) { }", done] : ["with \(body[0]) { fail \"on purpose\" }"]
    }
    let parts = text.split(separator: ".", maxSplits: 1)
    let receiver = String(parts[0])
    let (method, arguments) = call(String(parts[1]))
    if conformanceCase.threadNames.contains(receiver) {
      return threadOperation(receiver, method, arguments, number, by: thread)
    }
    let call = "\(receiver).\(method)(\(arguments))"
    if let exception = exception(receiver, method, arguments) {
      let failure = "else { print \"#\(number) raises \(exception)\"; return }"
      functions.append(
        method.hasPrefix("put")
          ? "func op\(number)() { \(call) \(failure)\n    \(done)\n}"
          : "func op\(number)() { let v = \(call) \(failure)\n    \(answer("v", number))\n}"
      )
      return ["op\(number)()"]
    }
    return answers(method)
      ? ["let v\(number) = \(call)", answer("v\(number)", number)] : [call, done]
  }

  private mutating func threadOperation(
    _ thread: String,
    _ method: String,
    _ arguments: String,
    _ number: Int,
    by actor: String
  ) -> [String] {
    let done = "print \"#\(number) returns None\""
    let handle =
      thread == actor ? "self" : conformanceCase.hasMain ? "handle_\(thread)" : thread
    switch method {
    case "start" where started.insert(thread).inserted:
      return ["let \(handle) = start \(thread)", done]
    case "start": return ["start \(handle)", done]
    case "is_alive": return ["let v\(number) = \(handle).is_alive()", answer("v\(number)", number)]
    default: return ["\(handle).\(method)(\(arguments))", done]
    }
  }

  private func answer(_ value: String, _ number: Int) -> String {
    "print \"#\(number) returns \\(\(value))\""
  }

  /// `get(block=False)` as `get` and `blocking: false`; a property is a call here.
  private func call(_ text: String) -> (method: String, arguments: String) {
    let parts = text.split(separator: "(", maxSplits: 1)
    guard parts.count == 2 else { return (text, "") }
    let arguments = parts[1].dropLast().replacing("block=", with: "blocking=")
      .replacing("False", with: "false").replacing("True", with: "true").replacing("=T", with: "=1")
      .replacing("None", with: "none").replacing("'", with: "\"").replacing("=", with: ": ")
    return (String(parts[0]), String(arguments))
  }

  private func answers(_ method: String) -> Bool {
    [
      "acquire", "wait", "get", "get_nowait", "locked", "is_set", "qsize", "empty", "full",
      "broken", "n_waiting",
    ].contains(method)
  }

  /// What a call may raise without being misuse.
  private func exception(_ receiver: String, _ method: String, _ arguments: String) -> String? {
    let expression = conformanceCase.declarations.first { $0.name == receiver }?.expression ?? ""
    if expression.hasPrefix("Barrier"), method == "wait" { return "BrokenBarrierError" }
    guard expression.contains("Queue") else { return nil }
    let mayFail =
      method.hasSuffix("_nowait") || arguments.contains("timeout") || arguments.contains("false")
    return mayFail ? (method.hasPrefix("get") ? "Empty" : "Full") : nil
  }
}
