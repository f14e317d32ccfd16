import HeddleDiagnostics
import HeddleProgram

/// Messages about statements, calls and where they may stand.
extension ResolutionMessage {
  static func wrongArgumentCount(
    _ name: String,
    expected: Int,
    found: Int,
    labels: [String] = []
  ) -> Self {
    let takes = "'\(name)' takes \(count(expected, "argument"))"
    guard found > expected, !labels.isEmpty else { return Self("\(takes), not \(found)") }
    return Self("\(takes) without a label; with one it takes \(listed(labels))")
  }

  /// `'timeout:' and 'blocking:'`.
  private static func listed(_ labels: [String]) -> String {
    labels.sorted().map { "'\($0):'" }.joined(separator: " and ")
  }

  static func unexpectedLabel(_ label: String) -> Self {
    Self("arguments are given by position, without '\(label):'")
  }

  static func unknownLabel(_ label: String, of method: String, among labels: [String]) -> Self {
    var way = suggestion(for: label, among: labels)
    if way.isEmpty {
      way = "; it takes \(labels.isEmpty ? "no named argument" : listed(labels))"
    }
    return Self("'\(method)' has no argument '\(label):'" + way)
  }

  static func notAllowedHere(_ deed: String, in place: String) -> Self {
    Self("this \(deed), which is not allowed in \(place)")
  }

  static func callNotAllowedHere(_ deed: String, in place: String) -> Self {
    Self("this calls what \(deed), which is not allowed in \(place)")
  }

  static func duplicateLabel(_ label: String) -> Self {
    Self("'\(label):' is given twice")
  }

  static func timeoutWithNonblocking() -> Self {
    Self("'timeout:' and 'blocking: false' exclude each other")
  }

  static func assignmentToConstant(_ name: String, kind: String) -> Self {
    Self("'\(name)' is \(withArticle(kind)) and cannot be assigned to")
  }

  static func assignmentToLet(_ name: String) -> Self {
    Self("'\(name)' is declared with 'let' and cannot be assigned to; declare it with 'var'")
  }

  static func assignmentToParameter(_ name: String) -> Self {
    Self("'\(name)' is a parameter and cannot be assigned to; copy it to a 'var'")
  }

  static func assignmentToLoopVariable(_ name: String) -> Self {
    Self("'\(name)' is set by the loop and cannot be assigned to")
  }

  static func notAssignable() -> Self {
    Self("only a variable, an element or a field can be assigned to")
  }

  static func unusedResult() -> Self {
    Self("an expression that does nothing; only calls and 'start' are statements")
  }

  static func outsideLoop(_ keyword: String) -> Self {
    Self("'\(keyword)' is only for loops")
  }

  static func leavesFinally(_ keyword: String) -> Self {
    Self("'\(keyword)' cannot leave a 'finally' block")
  }

  static func returnValueOutsideFunction() -> Self {
    Self("a thread has no result; only a function returns a value")
  }

  static func elseNeedsFailure(_ hint: String) -> Self {
    Self("'else' is for an operation that can fail; \(hint)")
  }

  static func elseMustLeave(_ name: String) -> Self {
    Self("this 'else' must leave by return, break, continue or fail: '\(name)' has no value here")
  }

  static func withNeedsLock(_ kind: String) -> Self {
    Self("'with' takes a lock, an rlock, a semaphore or a condition, not \(withArticle(kind))")
  }

  static func withNeedsObject() -> Self {
    Self("'with' takes a lock, an rlock, a semaphore or a condition")
  }

  static func objectNeedsIndex(_ name: String, kind: String) -> Self {
    Self("'\(name)' is an array; write '\(name)[…]' for one \(kind)")
  }

  static func objectIsNotAnArray(_ name: String, kind: String) -> Self {
    Self("'\(name)' is a single \(kind), not an array")
  }

  static func joinNeedsHandle(_ name: String, kind: String) -> Self {
    Self("'join' takes a thread handle; '\(name)' is \(withArticle(kind))")
  }

  static func startNeedsThread() -> Self {
    Self("'start' takes the name of a thread declaration")
  }

  static func notAllowed(_ what: String, in place: String) -> Self {
    Self("\(what) is not allowed in \(place)")
  }

  static func callNotAllowed(_ name: String, what: String, in place: String) -> Self {
    Self("'\(name)' cannot be called in \(place): \(what) in it")
  }

  static func recursion(_ chain: [String]) -> Self {
    Self("functions cannot be recursive: " + chain.joined(separator: " -> "))
  }

  static func neverStarted(_ name: String) -> Self {
    Self("'\(name)' is never started", severity: .warning)
  }

  static func startCountDiffers(_ name: String, declared: Int, started: Int) -> Self {
    Self(
      "'\(name)' is declared with \(declared) threads, but \(started) can be started",
      severity: .warning
    )
  }

  static func unknownKind(_ kind: String, among kinds: [String]) -> Self {
    let parts = kinds.filter { $0.split(separator: "-").contains { $0 == kind } }
    let meant =
      FindingKind.allCases.first { $0.code == kind }?.rawValue
      ?? (parts.count == 1 ? parts[0] : nil)
    let way = meant.map { "; did you mean '\($0)'?" } ?? suggestion(for: kind, among: kinds)
    return Self("unknown kind of finding '\(kind)'" + way)
  }

  static func kindCannotBeAllowed(_ kind: String) -> Self {
    Self("only data-race, lost-update and leak can be allowed, not \(kind)")
  }

  static func kindHasNoSubject(_ kind: String) -> Self {
    Self("a finding of the kind \(kind) is about a line, not about a name; leave the name out")
  }

  static func unknownSubject(_ name: String, wanted: String, among candidates: [String]) -> Self {
    Self("no \(wanted) is called '\(name)'" + suggestion(for: name, among: candidates))
  }

  static func ambiguousSubject(_ name: String, candidates: [String]) -> Self {
    Self(
      "'\(name)' is a field of several threads; write "
        + candidates.map { "'\($0)'" }.joined(separator: " or ")
    )
  }
}

/// Messages about the limits of a scenario.
extension ResolutionMessage {
  static func tooManyThreads(limit: Int) -> Self {
    Self("a scenario has at most \(limit) threads in all")
  }

  static func arrayTooLong(limit: Int) -> Self {
    Self("an array has at most \(limit) elements")
  }

  static func stateTooLarge(words: Int, limit: Int) -> Self {
    Self("one state would take about \(words) words; at most \(limit) are possible")
  }

  static func programTooLarge(limit: Int) -> Self {
    Self("the program has more than \(limit) instructions after its functions are inlined")
  }

  static func codeTooLarge(
    instructions: Int,
    registers: Int,
    variables: Int,
    limit: Int
  ) -> Self {
    Self(
      "too much code to analyse: \(instructions) instructions with \(registers) registers that write to "
        + "\(variables) variables; the product of the three is at most \(limit)"
    )
  }

  static func callsTooDeep(limit: Int) -> Self {
    Self("functions call one another through more than \(limit) levels")
  }
}
