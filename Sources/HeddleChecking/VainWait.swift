import HeddleProgram
import HeddleSemantics

/// Why what a thread waits for does not come in this order, and what to do about it.
struct VainWait {
  typealias Reason = (why: String, advice: String)

  private let blockage: Blockage
  private let status: ThreadStatus
  private let evidence: Evidence

  init(_ blockage: Blockage, _ status: ThreadStatus, _ evidence: Evidence) {
    self.blockage = blockage
    self.status = status
    self.evidence = evidence
  }

  /// Follows "nobody".
  var missingDeed: String {
    switch blockage {
    case .acquiring, .lockOfCondition: "releases it"
    case .notification: "notifies any more"
    case .event: "sets it any more"
    case .parties: "comes"
    case .barrierToEmpty: "leaves it"
    case .item: "puts one"
    case .room: "takes an item out"
    case .tasksDone: "calls it"
    case .threads: "ends them"
    case .condition: "makes it true"
    }
  }

  var reason: Reason {
    guard let death else { return reasonWithoutDeaths }
    return (
      "\(reasonWithoutDeaths.why) \(death.threadName) was ended by an exception in step "
        + "\(death.number) (line \(death.line)).",
      "let \(death.threadName) do what others wait for on its way out as well, in "
        + "`try { ... } finally { ... }`, or keep it from failing."
    )
  }

  /// The step in which an exception ended a thread that could have done what is waited for.
  private var death: TraceStep? {
    guard let object = blockage.object else { return nil }
    let program = evidence.program
    return evidence.trace.steps.last { step in
      // A thread that fails at once does so in the step that starts it.
      let startsOthers = step.events.contains {
        if case .started = $0 { true } else { false }
      }
      guard step.events.contains(.ended(byException: true)), !startsOthers,
        step.after.threads[step.thread.index].condition == .ended
      else { return false }
      let type = program.threadTypes[program.instances[step.thread.index].type.index]
      return program.reachable(from: [type.entry]).contains { position in
        let instruction = program.instructions[position.index]
        guard helps(instruction), let used = instruction.object else { return false }
        return (used.first.index..<used.first.index + used.count).contains(object.index)
      }
    }
  }

  /// Whether an instruction does what is waited for, if it is done to the right object.
  private func helps(_ instruction: Instruction) -> Bool {
    switch (blockage, instruction) {
    case (.item, .put), (.room, .get), (.event, .eventSet), (.notification, .notify),
      (.acquiring, .release), (.lockOfCondition, .release), (.tasksDone, .taskDone),
      (.parties, .barrierArrive):
      true
    default: false
    }
  }

  private var reasonWithoutDeaths: Reason {
    switch blockage {
    case .acquiring(let object), .lockOfCondition(_, let object):
      if case .semaphore(let initial, _) = evidence.program.objects[object.index].kind {
        return semaphore(object, initial)
      }
      return lock(object)
    case .notification(let object): return notification(object)
    case .event(let object): return event(object)
    case .parties(let object, let missing): return parties(object, missing)
    case .barrierToEmpty(let object):
      return (
        "threads that passed \(name(object)) have not left it.",
        "let every thread that has passed the barrier go on."
      )
    case .item(let queue): return item(queue)
    case .room(let queue):
      return (
        "\(items(puts(queue))) put into \(name(queue)) and \(gets(queue)) taken out, so it is full.",
        "take items out of \(name(queue)) while others put, or make room for all of them."
      )
    case .tasksDone(let queue, _):
      let done = count { if case .markedDone(queue) = $0 { true } else { false } }
      return (
        "\(items(puts(queue))) put into \(name(queue)), and task_done was called "
          + "\(counted(done, "time")).",
        "call `\(evidence.name(queue)).task_done()` once for every item got, on every path."
      )
    case .threads(let threads):
      let names = listed(threads.map(evidence.name), limit: 3)
      return (
        "\(names) never \(threads.count == 1 ? "ends" : "end").",
        "make sure that \(names) \(threads.count == 1 ? "ends" : "end"), or do not join."
      )
    case .condition:
      return (
        "the condition on line \(status.line ?? 0) is false in this state, and nothing changes it.",
        "make the condition true on every path, before the last thread ends."
      )
    }
  }

  // MARK: Locks and semaphores

  private func lock(_ object: ObjectID) -> Reason {
    let advice = "release \(name(object)) on every path; `with \(evidence.name(object)) { }` does."
    let taken = evidence.trace.steps.last { $0.events.contains(.acquired(object)) }
    guard let taken else { return ("\(name(object)) is held by somebody else.", advice) }
    let owner = evidence.final.threads[taken.thread.index]
    let end = owner.condition == .ended ? "and ended without releasing it" : "and still holds it"
    return (
      "\(taken.threadName) took \(name(object)) in step \(taken.number) (line \(taken.line)) \(end).",
      advice
    )
  }

  private func semaphore(_ object: ObjectID, _ initial: Int) -> Reason {
    var released = 0
    var takers: [ThreadStatus] = []
    var taken = 0
    for step in evidence.trace.steps {
      for event in step.events {
        switch event {
        case .acquired(object):
          taken += 1
          let taker = evidence.final.threads[step.thread.index]
          if !takers.contains(where: { $0.thread == taker.thread }) { takers.append(taker) }
        case .released(object):
          if case .release(_, let count) = evidence.program.instructions[step.position.index] {
            released += count
          } else {
            released += 1
          }
        default: break
        }
      }
    }
    let history =
      "\(name(object)) began with \(counted(initial, "permit")); "
      + (released == 0 ? "none was" : released == 1 ? "1 was" : "\(released) were")
      + " released and \(taken == 0 ? "none" : String(taken)) taken"
    let waitWithOne = takers.filter { $0.blockage == .acquiring(object) }
    if !waitWithOne.isEmpty, waitWithOne.count == takers.count {
      let names = listed(takers.map(\.name), limit: 3)
      return (
        "\(history): \(names) \(takers.count == 1 ? "has" : "each have") taken one and "
          + "\(takers.count == 1 ? "waits" : "wait") for another.",
        "do not wait for a permit while holding one: take all that are needed under a lock, one "
          + "thread at a time."
      )
    }
    let by = takers.isEmpty ? "" : " by \(listed(takers.map(\.name), limit: 3))"
    let advice =
      initial == 0
      ? "release \(name(object)) once for every `acquire`, on every path."
      : "release \(name(object)) on every path; `with \(evidence.name(object)) { }` does."
    return ("\(history)\(by).", advice)
  }

  // MARK: Conditions

  private func notification(_ object: ObjectID) -> Reason {
    let start =
      evidence.trace.steps.last { step in
        step.thread == status.thread && step.events.contains(.beganToWait(object))
      }?.number ?? 0
    if let reason = wastedNotify(object) { return reason }
    if let early = lastNotify(object, before: start, wokeSomebody: false) {
      return (
        "\(early.threadName)'s notify in step \(early.number) (line \(early.line)) came before "
          + "\(status.name) began to wait in step \(start), and woke nobody.",
        "wait in a loop on a variable that is set before the notify and read under the same "
          + "lock: `while !ready { \(evidence.name(object)).wait() }`."
      )
    }
    if let later = lastNotify(object, after: start, wokeSomebody: true) {
      return (
        "\(later.threadName)'s notify in step \(later.number) (line \(later.line)) woke "
          + "\(listed(woken(by: later, object).map(evidence.name))) instead of \(status.name).",
        "wake all that may have to go on: \(code("\(evidence.name(object)).notify_all()"))."
      )
    }
    let nobody =
      "after \(status.name) began to wait in step \(start), nobody notifies \(name(object))"
    let advice = "notify \(name(object)) after every change that a waiter may wait for."
    for step in evidence.trace.steps.reversed() where step.number > start {
      for case .notified(let other, let woken) in step.events
      where other != object && woken.isEmpty && lockBehind(other) == lockBehind(object) {
        return (
          "\(nobody): \(step.threadName)'s notify in step \(step.number) (line \(step.line)) is on "
            + "\(name(other)), where nobody waits.", advice
        )
      }
    }
    return ("\(nobody).", advice)
  }

  /// A notify that woke a thread that went straight back to wait.
  private func wastedNotify(_ object: ObjectID) -> Reason? {
    let steps = evidence.trace.steps
    for notify in steps.reversed() {
      for thread in woken(by: notify, object) {
        let wake = steps.first {
          $0.number > notify.number && $0.thread == thread
            && $0.events.contains(.stoppedWaiting(object))
        }
        guard let wake else { continue }
        let own = steps.filter { $0.number > wake.number && $0.thread == thread }
        guard let again = own.firstIndex(where: { $0.events.contains(.beganToWait(object)) }),
          !own[..<again].contains(where: { $0.events.contains(where: \.isWrite) }),
          own[(again + 1)...].isEmpty, othersWait(for: object, since: notify.number, than: thread)
        else { continue }
        return (
          "\(notify.threadName)'s notify in step \(notify.number) (line \(notify.line)) woke "
            + "\(evidence.name(thread)), which could not use it and waits again since step "
            + "\(own[again].number).",
          "wake all waiters with \(code("\(evidence.name(object)).notify_all()")), or give each "
            + "purpose a condition of its own."
        )
      }
    }
    return nil
  }

  /// Whether another thread has waited on the condition since before a step.
  private func othersWait(for object: ObjectID, since number: Int, than thread: ThreadID) -> Bool {
    evidence.final.threads.contains { other in
      other.thread != thread && other.blockage == .notification(object)
        && evidence.trace.steps.last {
          $0.thread == other.thread && $0.events.contains(.beganToWait(object))
        }.map { $0.number < number } ?? false
    }
  }

  private func woken(by step: TraceStep, _ object: ObjectID) -> [ThreadID] {
    for case .notified(object, let woken) in step.events { return woken }
    return []
  }

  private func lastNotify(
    _ object: ObjectID,
    before end: Int = .max,
    after start: Int = 0,
    wokeSomebody: Bool
  ) -> TraceStep? {
    evidence.trace.steps.last { step in
      step.number < end && step.number > start
        && step.events.contains {
          if case .notified(object, let woken) = $0 { woken.isEmpty != wokeSomebody } else { false }
        }
    }
  }

  private func lockBehind(_ object: ObjectID) -> ObjectID? {
    if case .condition(let lock, _) = evidence.program.objects[object.index].kind {
      lock
    } else {
      nil
    }
  }

  // MARK: Events and barriers

  private func event(_ object: ObjectID) -> Reason {
    let advice =
      "let some thread set \(name(object)) on every path, and do not clear it before all have "
      + "seen it."
    let cleared = last { if case .clearedEvent(object) = $0 { true } else { false } }
    let set = last { if case .setEvent(object) = $0 { true } else { false } }
    guard let set else { return ("nobody sets \(name(object)) in this order.", advice) }
    guard let cleared, cleared.number > set.number else {
      return ("\(name(object)) was set in step \(set.number).", advice)
    }
    let clearing =
      cleared.thread == set.thread ? "cleared it again" : "\(cleared.threadName) cleared it again"
    return (
      "\(set.threadName) set \(name(object)) in step \(set.number) and \(clearing) in step "
        + "\(cleared.number) (line \(cleared.line)), before \(status.name) looked.", advice
    )
  }

  private func parties(_ object: ObjectID, _ missing: Int) -> Reason {
    let advice = "let as many threads come to \(name(object)) as it waits for, on every path."
    guard case .barrier(let parties) = evidence.program.objects[object.index].kind else {
      return ("too few threads come.", advice)
    }
    return ("\(name(object)) opens for \(parties) threads, and \(parties - missing) came.", advice)
  }

  // MARK: Queues

  private func item(_ queue: ObjectID) -> Reason {
    if let reason = itemTakenAfterLook(queue) { return reason }
    let puts = puts(queue)
    let advice =
      "put one item for every `get`; to end workers, put one sentinel for each of them into "
      + "\(name(queue))."
    guard puts > 0 else { return ("nothing is put into \(name(queue)) in this order.", advice) }
    let taken = puts == 1 ? "and it was taken" : "and all were taken"
    return (
      "\(items(puts)) put into \(name(queue)), \(taken) before \(status.name) got there.", advice
    )
  }

  /// The thread saw that there was an item, and another one took it.
  private func itemTakenAfterLook(_ queue: ObjectID) -> Reason? {
    let look = evidence.trace.steps.last { step in
      step.thread == status.thread
        && step.events.contains {
          switch $0 {
          case .observed(queue, .queueSize, let value): value > 0
          case .observed(queue, .queueIsEmpty, let value): value == 0
          default: false
          }
        }
    }
    guard let look else { return nil }
    let thief = evidence.trace.steps.last { step in
      step.number > look.number
        && step.events.contains { if case .got(queue, _) = $0 { true } else { false } }
    }
    guard let thief, thief.thread != status.thread else { return nil }
    return (
      "\(status.name) saw in step \(look.number) (line \(look.line)) that \(name(queue)) was not "
        + "empty, and \(thief.threadName) took the item in step \(thief.number).",
      "look and take in one step: \(code("\(evidence.name(queue)).get(blocking: false)")) with "
        + "an `else`."
    )
  }

  private func puts(_ queue: ObjectID) -> Int {
    count { if case .put(queue, _) = $0 { true } else { false } }
  }

  private func gets(_ queue: ObjectID) -> Int {
    count { if case .got(queue, _) = $0 { true } else { false } }
  }

  private func items(_ number: Int) -> String { counted(number, "item was", "items were") }

  // MARK: Events of the trace

  private func name(_ object: ObjectID) -> String { code(evidence.name(object)) }

  private func last(_ isWanted: (StepEvent) -> Bool) -> TraceStep? {
    evidence.trace.steps.last { $0.events.contains(where: isWanted) }
  }

  private func count(_ isWanted: (StepEvent) -> Bool) -> Int {
    evidence.trace.steps.reduce(0) { $0 + $1.events.count(where: isWanted) }
  }
}
