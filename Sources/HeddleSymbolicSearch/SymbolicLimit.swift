import HeddleChecking
import HeddleProgram

/// Why an answer of the symbolic engine is not complete.
struct SymbolicLimit: Hashable {
  /// What was not looked at, for example `the loop in line 12 was unrolled 8 times`.
  var reason: String
  /// What a user can do about it in the scenario; `nil` for nothing.
  var advice: String?
  /// Whether the exhaustive engine would not meet it.
  var isOfEngine = false
  /// Whether more rounds of a loop could help.
  var isUnrolling = false

  /// A construct that has no encoding.
  static func notEncoded(_ construct: String, line: Int) -> SymbolicLimit {
    SymbolicLimit(
      reason: "the z3 engine does not model \(construct) (line \(line))",
      isOfEngine: true
    )
  }

  /// A loop that may go on.
  static func unrolled(line: Int, times: Int) -> SymbolicLimit {
    SymbolicLimit(
      reason: "the loop in line \(line) was unrolled \(times) times, and can go on",
      advice: "bound the loop",
      isOfEngine: true,
      isUnrolling: true
    )
  }

  /// More steps than are encoded.
  static var tooLarge: SymbolicLimit {
    SymbolicLimit(
      reason: "the scenario has more steps than the z3 engine encodes",
      advice: "make the scenario smaller: fewer threads or rounds"
    )
  }

  /// An unbounded queue that may hold more than allowed.
  static func queueLength(_ queue: String, _ length: Int) -> SymbolicLimit {
    SymbolicLimit(
      reason: "the queue `\(queue)`, which is unbounded, may hold more than \(length) items",
      advice: "bound it with `capacity:`, or allow more with `--max-queue`"
    )
  }

  /// The limit as a user sees it.
  func limit(of program: Program) -> EngineLimit {
    var ways = [advice].compactMap { $0 }
    if isOfEngine {
      // Nothing else can try all values of `any Int`.
      let range =
        SymbolicEngine.isNeeded(for: program) ? ", with a small range instead of `any Int`" : ""
      ways.append("use `--engine exhaustive`\(range)")
    }
    return EngineLimit(reason: reason, advice: ways.joined(separator: ", or "))
  }
}
