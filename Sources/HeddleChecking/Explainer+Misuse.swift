import HeddleProgram
import HeddleSemantics

// Misuse of objects and values, leaks, and code that no run reaches.

extension Explainer {
  func misuse(_ statement: StatementID, _ evidence: Evidence) -> Told {
    let misuse = evidence.trace.misuses.first { misuse in
      program.instructionStatements[misuse.position.index] == statement
    }
    guard let misuse else {
      let title = title(of: .misuse(statement))
      return Told(title, story: "No order is at hand.", why: title, advice: "")
    }
    let kind = misuse.kind
    let line = program.line(of: statement)
    let source = code(program.text(of: statement))
    let who = misuse.thread.map(evidence.name) ?? observer(at: misuse.position)
    let object = misusedObject(evidence)
    let objectCode = object.map { code(evidence.name($0)) } ?? "the object"
    var deed = "\(who) \(kind.deed(on: objectCode))"
    var why = kind.rule
    if let object, let history = history(of: object, kind, evidence) {
      why = history
    } else if let values = values(of: misuse) {
      why = "\(kind.rule.dropLast()); here \(values)."
    }
    if case .requireOptionalRange = program.instructions[misuse.position.index] {
      deed = "\(who) computes the one integer that an `Int?` cannot hold"
      why = "a place that can be `none` holds every 64-bit integer but the least."
    }
    return Told(
      kind.title,
      message: "\(deed.last == "," ? String(deed.dropLast()) : deed) (line \(line))",
      story: "\(deed) in \(source) (line \(line)). \(misuse.inPython)",
      why: why,
      advice: kind == .noneUsed && object != nil
        ? "a priority queue compares its items; let the sentinel be of their type, such as a number above all of them."
        : kind.advice(on: objectCode)
    )
  }

  /// The object that the last step's instruction works on, as far as the program text alone tells.
  private func misusedObject(_ evidence: Evidence) -> ObjectID? {
    guard case .misuse(_, let position) = evidence.trace.outcome else { return nil }
    switch program.instructions[position.index] {
    case .release(let reference, _), .conditionWait(let reference), .notify(let reference, _),
      .taskDone(let reference), .put(let reference, _, _, _):
      if reference.index == nil { return reference.first }
      return nil
    default: return nil
    }
  }

  /// Which code that no thread runs the instruction belongs to.
  private func observer(at position: InstructionID) -> String {
    let last = (program.invariants + [program.finally].compactMap { $0 })
      .filter { $0.entry <= position }.max { $0.entry < $1.entry }
    return code(last == program.finally ? "finally" : "invariant")
  }

  /// The values that the misuse's statement has read, and the length of an array whose index is wrong.
  private func values(of misuse: Misuse) -> String? {
    var facts: [String] = []
    if misuse.kind == .indexOutOfRange {
      let instruction = program.instructions[misuse.position.index]
      switch instruction {
      case .load(_, .element(let variable, _)), .store(.element(let variable, _), _):
        let variable = program.variables[variable.index]
        facts.append("\(code(variable.name)) has \(counted(variable.elementCount, "element"))")
      case .loadRegister(_, let range, _), .storeRegister(let range, _, _):
        facts.append("the array has \(counted(range.count, "element"))")
      default:
        if let object = instruction.object {
          let name = code(program.objects[object.first.index].declaredName)
          facts.append("\(name) has \(counted(object.count, "element"))")
        }
      }
      if let index = misuse.index, !misuse.reads.contains(where: { $0.value == "\(index)" }) {
        facts.append("the index is \(index)")
      }
    }
    facts += misuse.reads.map { "\(code($0.name)) is \($0.value)" }
    return facts.isEmpty ? nil : listed(facts)
  }

  private func history(
    of object: ObjectID,
    _ kind: MisuseKind,
    _ evidence: Evidence
  ) -> String? {
    let name = code(evidence.name(object))
    let steps = evidence.trace.steps
    switch kind {
    case .releaseOfFreeLock, .releaseOfForeignRLock:
      let lock: ObjectID
      if case .condition(let behind, _) = program.objects[object.index].kind {
        lock = behind
      } else {
        lock = object
      }
      if kind == .releaseOfForeignRLock,
        let owner = evidence.final.threads.first(where: { $0.holds.contains(evidence.name(lock)) })
      {
        return "\(name) is held by \(owner.name), and only its owner may release it."
      }
      guard let last = steps.last(where: { $0.events.contains(.released(lock)) }) else {
        return "nobody has taken \(name) in this order."
      }
      return "\(last.threadName) released it already in step \(last.number) (line "
        + "\(last.line))."
    case .taskDoneTooOften:
      var puts = 0
      var done = 0
      for event in steps.flatMap(\.events) {
        if case .put(object, _) = event { puts += 1 }
        if case .markedDone(object) = event { done += 1 }
      }
      return "\(counted(puts, "item was", "items were")) put into \(name), and task_done was "
        + "already called \(counted(done, "time"))."
    case .semaphoreOverBound:
      guard case .semaphore(let initial, _) = program.objects[object.index].kind else { return nil }
      return "\(name) started with \(counted(initial, "permit")), and all of them are free."
    case .waitWithoutLock, .notifyWithoutLock:
      return "\(steps.last?.threadName ?? "the thread") does not hold the lock of \(name)."
    default: return nil
    }
  }

  // MARK: Leaks

  func leakedObject(_ object: ObjectID, _ evidence: Evidence) -> Told {
    let declared = program.objects[object.index].declaredName
    let objects = program.objects.indices.filter { program.objects[$0].declaredName == declared }
    let allowance = code("allow leak on \(declared)")
    let title = title(of: .leakedObject(object))
    if case .queue = program.objects[object.index].kind {
      let left = objects.compactMap { index -> String? in
        let contents = evidence.final.objects[index]
        return contents.value.hasPrefix("[]")
          ? nil : "\(code(contents.name)) holds \(contents.value)"
      }
      let contents = left.first ?? "\(code(declared)) still holds items"
      return Told(
        title,
        message: "at the end \(contents)",
        story: "When all threads but daemons have ended, \(contents).",
        why: "more items were put than taken.",
        advice: "take every item before the end, or accept it: \(allowance)."
      )
    }
    let holder = evidence.final.threads.first { status in
      status.condition == .ended
        && status.holds.contains { name in objects.contains { program.objects[$0].name == name } }
    }
    guard let holder, let lock = holder.holds.first else {
      return Told(
        title,
        story: "A thread ends while it holds \(code(declared)).",
        why: "nobody releases it.",
        advice: "use `with \(declared) { }`."
      )
    }
    let since = evidence.lock(named: lock).flatMap {
      evidence.acquisition(of: $0, by: holder.thread)
    }
    let taken = since.map { " It took it in step \($0.number) (line \($0.line))." } ?? ""
    return Told(
      title,
      message: "\(holder.name) ends without releasing \(code(lock))",
      story: "\(holder.name) ends while it holds \(code(lock)).\(taken)",
      why: "whoever wants \(code(lock)) from now on waits for ever.",
      advice:
        "use `with \(declared) { }`, which releases on every path, or accept it: \(allowance)."
    )
  }

  func unjoined(_ type: ThreadTypeID, _ evidence: Evidence) -> Told {
    let name = program.threadTypes[type.index].name
    let names = evidence.final.threads.filter {
      program.instances[$0.thread.index].type == type && $0.condition == .ended
    }.map(\.name)
    let some = listed(names, limit: 3)
    return Told(
      title(of: .unjoined(type)),
      message: "the run ends and nobody has joined \(some)",
      story: "The run ends, and nobody has joined \(some).",
      why: "whoever started \(some) cannot know whether that work is done.",
      advice: "`join` before using the results, make `\(name)` a daemon, or accept it: "
        + "\(code("allow leak on \(name)"))."
    )
  }

  // MARK: Vacuous

  func unreached(_ statement: StatementID) -> Told {
    let source = code(program.text(of: statement))
    let owner = program.statements[statement.index].owner
    let line = program.line(of: statement)
    return Told(
      title(of: .unreached(statement)),
      message: "\(source) in \(owner)",
      story: "No order reaches \(source) in \(owner) (line \(line)).",
      why: "a claim that is never evaluated, and code that never runs, prove nothing.",
      advice: "remove it, or correct the condition that keeps every run away from it."
    )
  }

  func excludesEveryRun(_ claim: ClaimID) -> Told {
    let condition = code(program.foldedText(program.claims[claim.index].conditionSpan))
    let line = program.line(of: claim)
    return Told(
      title(of: .excludesEveryRun(claim)),
      message: "\(condition) is never true (line \(line))",
      story: "Every run that comes to `assume` on line \(line) is left out: \(condition) is never "
        + "true there.",
      why: "what comes after it is checked in no run at all.",
      advice: "weaken the assumption, or correct the values that lead to it."
    )
  }
}

extension MisuseKind {
  /// What is wrong, in a few words.
  var title: String {
    switch self {
    case .releaseOfFreeLock: "release of a lock that nobody holds"
    case .releaseOfForeignRLock: "release of an rlock by a thread that does not own it"
    case .semaphoreOverBound: "bounded semaphore released too often"
    case .taskDoneTooOften: "`task_done` called too often"
    case .waitWithoutLock: "`wait` without the condition's lock"
    case .notifyWithoutLock: "`notify` without the condition's lock"
    case .startedTwice: "thread started twice"
    case .joinOfItself: "thread joins itself"
    case .indexOutOfRange: "index out of range"
    case .divisionByZero: "division by zero"
    case .overflow: "integer overflow"
    case .noneUsed: "`none` used as a value"
    case .emptyRange: "`any` over an empty range"
    }
  }

  /// What the thread does, after its name.
  func deed(on object: String) -> String {
    switch self {
    case .releaseOfFreeLock: "releases \(object), which nobody holds,"
    case .releaseOfForeignRLock: "releases \(object), which it does not own,"
    case .semaphoreOverBound: "releases \(object) once too often"
    case .taskDoneTooOften: "calls task_done on \(object) once too often"
    case .waitWithoutLock: "waits on \(object) without its lock"
    case .notifyWithoutLock: "notifies \(object) without its lock"
    case .startedTwice: "starts a thread a second time"
    case .joinOfItself: "waits for its own end"
    case .indexOutOfRange: "uses an index that is out of range"
    case .divisionByZero: "divides by zero"
    case .overflow: "computes a value beyond 64 bits"
    case .noneUsed: "uses `none` where a value is needed"
    case .emptyRange: "chooses from an empty range"
    }
  }

  /// The rule that is broken.
  var rule: String {
    switch self {
    case .releaseOfFreeLock: "only a lock that is held can be released."
    case .releaseOfForeignRLock: "an rlock is released by the thread that took it."
    case .semaphoreOverBound: "a bounded semaphore never has more permits than at the start."
    case .taskDoneTooOften: "`task_done` is called once for each item that was put."
    case .waitWithoutLock, .notifyWithoutLock: "a condition is used while its lock is held."
    case .startedTwice: "a thread runs once."
    case .joinOfItself: "a thread that waits for its own end never ends."
    case .indexOutOfRange: "an array of n elements has the indices 0 to n-1."
    case .divisionByZero: "a divisor may not be 0."
    case .overflow: "a result has to fit into a 64-bit signed integer."
    case .noneUsed: "`none` has no value."
    case .emptyRange: "the lower bound may not be above the upper one."
    }
  }

  func advice(on object: String) -> String {
    switch self {
    case .releaseOfFreeLock, .releaseOfForeignRLock:
      "release \(object) once, in the thread that took it; `with` does both."
    case .semaphoreOverBound: "release \(object) only after an `acquire` that succeeded."
    case .taskDoneTooOften: "call task_done once after each `get`, and nowhere else."
    case .waitWithoutLock, .notifyWithoutLock: "put the call inside `with` on \(object)."
    case .startedTwice: "start a new instance: `start` the declaration, not the handle."
    case .joinOfItself: "join from another thread."
    case .indexOutOfRange: "check the index first, or make the array longer."
    case .divisionByZero: "check the divisor first."
    case .overflow: "bound the values, for example with `any 0...100` or an `assume`."
    case .noneUsed: "compare with `none` first."
    case .emptyRange: "check the bounds first."
    }
  }
}

extension Misuse {
  /// What Python does, in a sentence.
  var inPython: String {
    switch kind {
    case .releaseOfFreeLock: raises("RuntimeError: release unlocked lock")
    case .releaseOfForeignRLock: raises("RuntimeError: cannot release un-acquired lock")
    case .semaphoreOverBound: raises("ValueError: Semaphore released too many times")
    case .taskDoneTooOften: raises("ValueError: task_done() called too many times")
    case .waitWithoutLock: raises("RuntimeError: cannot wait on un-acquired lock")
    case .notifyWithoutLock: raises("RuntimeError: cannot notify on un-acquired lock")
    case .startedTwice: raises("RuntimeError: threads can only be started once")
    case .joinOfItself: raises("RuntimeError: cannot join current thread")
    case .indexOutOfRange:
      (index ?? 0) < 0
        ? "Python counts a negative index from the end."
        : raises("IndexError: list index out of range")
    case .divisionByZero: raises("ZeroDivisionError")
    case .overflow: "Heddle's integers have 64 bits, Python's have no bound."
    case .noneUsed: raises("TypeError")
    case .emptyRange: raises("ValueError: empty range")
    }
  }

  private func raises(_ exception: String) -> String { "Python raises `\(exception)`." }
}
