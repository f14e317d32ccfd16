/// Messages about declarations and names.
extension ResolutionMessage {
  static func duplicateName(_ name: String) -> Self {
    Self("'\(name)' is declared twice")
  }

  static func nameShadowsGlobal(_ name: String) -> Self {
    Self("'\(name)' is the name of a declaration already; nothing may hide another name")
  }

  static func nameShadowsLocal(_ name: String) -> Self {
    Self("'\(name)' is visible here already; nothing may hide another name")
  }

  static func unknownName(_ name: String, among candidates: [String]) -> Self {
    if ["time", "threading", "queue", "random", "asyncio"].contains(name) {
      return Self("there are no modules such as '\(name)': write 'sleep 2', 'lock l', 'queue q'")
    }
    return Self("unknown name '\(name)'" + suggestion(for: name, among: candidates))
  }

  static func assignedNameIsUnknown(_ name: String, among candidates: [String]) -> Self {
    let near = suggestion(for: name, among: candidates)
    let declaration =
      "; 'var \(name) = …' declares it here, 'shared \(name) = …' outside for all threads"
    return Self("unknown name '\(name)'" + (near.isEmpty ? declaration : near))
  }

  static func unknownFunction(_ name: String, among candidates: [String]) -> Self {
    if name == "len" { return Self("there is no 'len'; the length of an array 'a' is 'a.count'") }
    return Self("unknown function '\(name)'" + suggestion(for: name, among: candidates))
  }

  static func unknownType(_ name: String) -> Self {
    let near = suggestion(for: name, among: ["Int", "Bool", "String", "Thread"])
    let all = "; types are Int, Bool, String, Thread, 'T?' and '[T]'"
    return Self("unknown type '\(name)'" + (near.isEmpty ? all : near))
  }

  static func unknownThread(_ name: String, among candidates: [String]) -> Self {
    Self("unknown thread '\(name)'" + suggestion(for: name, among: candidates))
  }

  static func unknownLock(_ name: String, among candidates: [String]) -> Self {
    Self("unknown lock '\(name)'" + suggestion(for: name, among: candidates))
  }

  static func notAThread(_ name: String, kind: String) -> Self {
    Self("'\(name)' is \(withArticle(kind)), not a thread")
  }

  static func notALock(_ name: String, kind: String) -> Self {
    Self("a condition waits with a lock or an rlock; '\(name)' is \(withArticle(kind))")
  }

  static func notCallable(_ name: String, kind: String) -> Self {
    Self("'\(name)' is \(withArticle(kind)) and cannot be called")
  }

  static func threadIsCalled(_ name: String) -> Self {
    Self("'\(name)' is a thread; it is started with 'start \(name)(…)', and then it runs")
  }

  static func threadNamedMain() -> Self {
    Self("the main thread is written 'main { ... }', and no other thread can be called so")
  }

  static func duplicateMain() -> Self { Self("a scenario has one 'main' at most") }

  static func duplicateFinally() -> Self { Self("a scenario has one 'finally' at most") }

  static func mainAsFunction() -> Self {
    Self("a function runs when it is called; the main thread is written 'main { ... }'")
  }

  static func nothingRuns() -> Self {
    Self("a scenario needs a 'main' or at least one thread")
  }

  static func baseCycle(_ name: String) -> Self {
    Self("'\(name)' is derived from itself")
  }

  static func baseIsNotAClass(_ name: String) -> Self {
    Self("'\(name)' cannot be a base: its body is not made of fields, methods and 'run'")
  }

  static func missingRun(_ name: String) -> Self {
    Self("'\(name)' has no 'run'")
  }

  static func duplicateMember(_ name: String) -> Self {
    Self("'\(name)' is a member already")
  }

  static func reservedMember(_ name: String) -> Self {
    Self("every thread has a '\(name)' already; no field can be called so")
  }

  static func baseArgument(_ name: String, expected: String, base: String) -> Self {
    Self("the parameters of '\(base)' are handed on by their names: '\(expected)', not '\(name)'")
  }

  static func overrideWithoutBase(_ name: String) -> Self {
    Self("'\(name)' overrides nothing")
  }

  static func missingOverride(_ name: String) -> Self {
    Self("'\(name)' overrides a method of the base; write 'override func \(name)'")
  }

  static func overrideParameters(_ name: String, expected: Int) -> Self {
    Self("'\(name)' overrides a method with \(count(expected, "parameter"))")
  }

  static func missingBaseParameter(_ name: String, base: String) -> Self {
    Self("the parameters must include '\(name)', which the base '\(base)' has")
  }

  static func threadNeedsArguments(_ name: String) -> Self {
    Self("without a 'main' nobody starts '\(name)', so it cannot have parameters")
  }

  static func unknownConstant(_ name: String, constants: [String]) -> Self {
    let listed = constants.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    let rest = constants.count > 8 ? ", …" : ""
    let near = suggestion(for: name, among: constants)
    let all = "; the scenario has \(constants.isEmpty ? "none" : listed + rest)"
    return Self("no constant '\(name)' can be set" + (near.isEmpty ? all : near))
  }

  static func constantHasOtherType(_ name: String, type: String) -> Self {
    Self("'\(name)' is \(type) and cannot be set to this number")
  }

  static func selfOutsideThread() -> Self {
    Self("'self' is a thread's own handle; only the body or a method of a thread has one")
  }

  static func superOutsideMethod() -> Self {
    Self("'super' is for methods of a thread that has a base")
  }

  static func outlivesWithoutDaemon(_ name: String) -> Self {
    Self("only a daemon can outlive 'main', as in 'daemon thread \(name) may outlive main'")
  }

  static func unknownMember(_ name: String, of owner: String, among candidates: [String]) -> Self {
    Self("\(owner) has no '\(name)'" + suggestion(for: name, among: candidates))
  }

  static func unknownMethod(_ name: String, of kind: String, methods: [String]) -> Self {
    if let usual = usualMethods[name], methods.contains(usual.method) {
      return Self("\(withArticle(kind)) has no method '\(name)'; \(usual.advice)")
    }
    let near = suggestion(for: name, among: methods)
    let all = "; it has " + methods.joined(separator: ", ")
    return Self("\(withArticle(kind)) has no method '\(name)'" + (near.isEmpty ? all : near))
  }

  static func methodNeedsCall(_ name: String) -> Self {
    Self("'\(name)' is a method; write '\(name)()'")
  }

  static func memberIsNotAMethod(_ name: String) -> Self {
    Self("'\(name)' is a field and cannot be called")
  }

  static func methodOfOtherThread(_ name: String) -> Self {
    Self("a thread can only call its own methods; '\(name)' belongs to another thread")
  }

  static func ownNameOfOther(_ name: String) -> Self {
    Self("'\(name)' is known of the own thread only; write 'self.\(name)'")
  }

  static func ambiguousField(_ name: String, owners: [String]) -> Self {
    Self(
      "'\(name)' is a field of \(owners.joined(separator: " and ")), "
        + "and which of them the handle refers to is not known here"
    )
  }

  static func fieldOfOtherDeclaration(_ name: String, owner: String) -> Self {
    Self("'\(name)' is a field of '\(owner)', and the handle may refer to another thread")
  }

  /// `no parameters`, `1 parameter`, `3 parameters`.
  static func count(_ number: Int, _ noun: String) -> String {
    switch number {
    case 0: "no \(noun)s"
    case 1: "1 \(noun)"
    default: "\(number) \(noun)s"
    }
  }
}

/// Methods of other libraries, with those that do the same here, and how they are called.
private let usualMethods: [String: (method: String, advice: String)] = [
  "lock": ("acquire", "it is taken with 'acquire()', or for a block with 'with'"),
  "unlock": ("release", "it is given back with 'release()'"),
  "signal": ("notify", "one waiter is woken by 'notify()'"),
  "broadcast": ("notify_all", "all waiters are woken by 'notify_all()'"),
  "notifyAll": ("notify_all", "all waiters are woken by 'notify_all()'"),
  "await": ("wait", "a thread waits with 'wait()'"),
  "wait_for": ("wait", "write 'while !condition { name.wait() }'"),
  "push": ("put", "an item is put in with 'put(…)'"),
  "pop": ("get", "an item is taken out with 'get()'"),
  "size": ("qsize", "the number of items is 'qsize()'"),
]
