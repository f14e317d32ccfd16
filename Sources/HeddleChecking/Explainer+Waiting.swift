import HeddleProgram
import HeddleSemantics

// Deadlocks, and threads that wait for something that never comes.

extension Explainer {
  func deadlock(_ types: [ThreadTypeID], _ evidence: Evidence) -> Told {
    let analysis = WaitingAnalysis(evidence)
    var told =
      analysis.cycle.isEmpty
      ? stuck(analysis, evidence) : circle(analysis, evidence, othersRun: false)
    told.explanation.waiting = analysis.picture(of: analysis.blocked)
    return told
  }

  func blockedForever(_ type: ThreadTypeID, _ evidence: Evidence) -> Told {
    let analysis = WaitingAnalysis(evidence)
    let own = analysis.blocked.filter { program.instances[$0.thread.index].type == type }
    let isCircle = analysis.cycle.contains { status in own.contains { $0.thread == status.thread } }
    let core = isCircle ? analysis.blocked.filter(analysis.isInCycle) : own
    var told: Told
    if isCircle {
      told = circle(analysis, evidence, othersRun: true)
    } else {
      let names = listed(own.map(\.name), limit: 3)
      let title = "\(names) blocked for ever"
      told = waitingInVain(
        title,
        own,
        evidence,
        nobody: "none of the threads that still run ever"
      )
    }
    told.explanation.waiting = analysis.picture(of: core + analysis.dependents(on: core))
    return told
  }

  func daemonBlocked(_ type: ThreadTypeID, _ evidence: Evidence) -> Told {
    let analysis = WaitingAnalysis(evidence)
    let own = analysis.blocked.filter { program.instances[$0.thread.index].type == type }
    let names = listed(own.map(\.name), limit: 3)
    var told = waitingInVain(
      "daemon \(names) left waiting for ever",
      own,
      evidence,
      nobody: "everything else has ended, so nobody"
    )
    if let status = own.first {
      told.explanation.why +=
        " At that moment CPython would end the program and kill \(status.name) at line "
        + "\(status.line ?? 0)."
    }
    told.explanation.advice +=
      " To accept it, write `may outlive main` behind the declaration of "
      + "\(program.threadTypes[type.index].name)."
    told.explanation.waiting = analysis.picture(of: own)
    return told
  }

  // MARK: Circles

  private func circle(
    _ analysis: WaitingAnalysis,
    _ evidence: Evidence,
    othersRun: Bool
  ) -> Told {
    let cycle = analysis.cycle
    let names = cycle.map(\.name)
    let title =
      cycle.count == 1
      ? "deadlock of \(names[0]) with itself"
      : cycle.count <= 3
        ? "deadlock between \(listed(names))" : "deadlock of \(cycle.count) threads"
    let end = othersRun ? "can ever go on, while other threads do." : "can ever go on."
    let held = cycle.indices.map {
      analysis.wantedLock(cycle[($0 + cycle.count - 1) % cycle.count])
    }
    let parts = cycle.indices.map { analysis.sentence(for: cycle[$0], holding: held[$0]) }
    var story: String
    var message: String
    switch cycle.count {
    case 1:
      let since = held[0].flatMap { evidence.acquisition(of: $0, by: cycle[0].thread) }
      message = "\(names[0]) waits for \(analysis.short(cycle[0])), which it holds itself"
      story = message
      if let since { story += " since step \(since.number)" }
      story += ". It can never go on."
    case 2...4:
      message = parts.joined(separator: "; ")
      story = message + (cycle.count == 2 ? ". Neither \(end)" : ". None of them \(end)")
    default:
      let first = cycle.prefix(3).map { "\($0.name) for \(analysis.short($0))" }
      message = "\(cycle.count) threads wait for each other in a circle"
      story = "\(message): \(first.joined(separator: ", ")) and so on. None of them \(end)"
    }
    message = othersRun ? "\(message), while other threads go on" : message
    return Told(
      title,
      message: message,
      story: story,
      why: whyCircle(analysis, evidence, held),
      advice: adviceForCircle(analysis, evidence, held)
    )
  }

  private func whyCircle(
    _ analysis: WaitingAnalysis,
    _ evidence: Evidence,
    _ held: [ObjectID?]
  ) -> String {
    let cycle = analysis.cycle
    if cycle.count == 1 { return "a plain lock cannot be taken twice, not even by its owner." }
    let orders = cycle.indices.compactMap { index -> String? in
      guard let lock = held[index], let wanted = analysis.wantedLock(cycle[index]),
        let step = evidence.acquisition(of: lock, by: cycle[index].thread)
      else { return nil }
      return "\(cycle[index].name) takes \(code(evidence.name(lock))) (line "
        + "\(step.line)) before \(code(evidence.name(wanted))) (line "
        + "\(cycle[index].line ?? 0))"
    }
    if orders.count == cycle.count, orders.count <= 3 {
      return orders.joined(separator: "; ") + "."
    }
    if orders.count == cycle.count {
      return "each of the \(cycle.count) threads has taken one lock before the next one in the "
        + "circle could: \(orders[0])."
    }
    let joiner = cycle.first { analysis.wantedLock($0) == nil }
    guard let joiner else { return "each waits for what the next one has." }
    return "\(joiner.name) waits at line \(joiner.line ?? 0) for a thread to end that needs "
      + "something of its own to get there."
  }

  private func adviceForCircle(
    _ analysis: WaitingAnalysis,
    _ evidence: Evidence,
    _ held: [ObjectID?]
  ) -> String {
    let cycle = analysis.cycle
    if cycle.count == 1 {
      let lock = analysis.short(cycle[0])
      return "do not take \(lock) again at line \(cycle[0].line ?? 0), or make it an `rlock`."
    }
    for index in cycle.indices where analysis.wantedLock(cycle[index]) == nil {
      guard let lock = held[index] else { continue }
      return "release \(code(evidence.name(lock))) before the `join` on line "
        + "\(cycle[index].line ?? 0)."
    }
    for index in cycle.indices {
      guard let lock = held[index], let wanted = analysis.wantedLock(cycle[index]), wanted < lock,
        let step = evidence.acquisition(of: lock, by: cycle[index].thread)
      else { continue }
      let lines = linesText([step.line, cycle[index].line ?? 0])
      return "take the locks in one order everywhere: in \(cycle[index].name) "
        + "\(code(evidence.name(wanted))) before \(code(evidence.name(lock))) (\(lines))."
    }
    return "let one of them end, or release what it holds, before it waits for the other."
  }

  // MARK: Without a circle

  /// Nobody can move, but nobody waits in a circle.
  private func stuck(_ analysis: WaitingAnalysis, _ evidence: Evidence) -> Told {
    let roots = analysis.roots
    // Those that wait for the same as the first one are told of together.
    let others = analysis.blocked.filter { status in
      !roots.contains { $0.thread == status.thread && $0.blockage == roots[0].blockage }
    }
    let names = listed(roots.map(\.name), limit: 3)
    var told = waitingInVain("deadlock: \(names) blocked", roots, evidence, nobody: "nobody")
    if let first = others.first {
      told.explanation.story +=
        others.count == 1
        ? " \(first.name) waits for \(analysis.short(first))."
        : others.allSatisfy { $0.blockage == first.blockage }
          ? " \(listed(others.map(\.name), limit: 3)) wait for \(analysis.short(first))."
          : " \(listed(others.map(\.name), limit: 3)) wait as well."
    }
    return told
  }

  /// Threads that wait for something that never comes.
  private func waitingInVain(
    _ title: String,
    _ threads: [ThreadStatus],
    _ evidence: Evidence,
    nobody: String
  ) -> Told {
    guard let first = threads.first, let blockage = first.blockage else {
      return Told(
        title,
        story: "A thread waits for something that never comes.",
        why: "nobody is left to do it.",
        advice: "make sure that somebody does it."
      )
    }
    let same = threads.filter { $0.blockage == blockage }
    let names = listed(same.map(\.name), limit: 3)
    let verb = same.count == 1 ? "waits" : "wait"
    let facts = VainWait(blockage, first, evidence)
    let message =
      "\(names) \(verb) for \(program.text(of: blockage, code)) (line \(first.line ?? 0)), and "
      + "\(nobody) \(facts.missingDeed)"
    return Told(
      title,
      message: message,
      story: message + ".",
      why: facts.why,
      advice: facts.advice
    )
  }
}

/// Why what a thread waits for does not come in this order.
private struct VainWait {
  let blockage: Blockage
  let status: ThreadStatus
  let evidence: Evidence

  init(_ blockage: Blockage, _ status: ThreadStatus, _ evidence: Evidence) {
    self.blockage = blockage
    self.status = status
    self.evidence = evidence
  }

  private func name(_ object: ObjectID) -> String { code(evidence.name(object)) }

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

  var why: String {
    switch blockage {
    case .acquiring(let object), .lockOfCondition(_, let object): return whyNotReleased(object)
    case .notification(let object): return whyNotNotified(object)
    case .event(let object):
      let cleared = last { if case .clearedEvent(object) = $0 { true } else { false } }
      let set = last { if case .setEvent(object) = $0 { true } else { false } }
      guard let set else { return "nobody sets \(name(object)) in this order." }
      guard let cleared, cleared.number > set.number else {
        return "\(name(object)) was set in step \(set.number)."
      }
      return "\(set.threadName) set \(name(object)) in step \(set.number), and "
        + "\(cleared.threadName) cleared it again in step \(cleared.number) (line "
        + "\(cleared.line)), before \(status.name) looked."
    case .parties(let object, _):
      guard case .barrier(let parties) = evidence.program.objects[object.index].kind,
        case .parties(_, let missing) = blockage
      else { return "too few threads come." }
      return "\(name(object)) opens for \(parties) threads, and \(parties - missing) came."
    case .barrierToEmpty(let object): return "threads that passed \(name(object)) have not left it."
    case .item(let queue):
      let puts = count { if case .put(queue, _) = $0 { true } else { false } }
      if puts == 0 { return "nothing is put into \(name(queue)) in this order." }
      return "\(counted(puts, "item was", "items were")) put into \(name(queue)), and all were "
        + "taken before \(status.name) got there."
    case .room(let queue):
      let gets = count { if case .got(queue, _) = $0 { true } else { false } }
      let puts = count { if case .put(queue, _) = $0 { true } else { false } }
      return "\(counted(puts, "item was", "items were")) put into \(name(queue)) and \(gets) taken "
        + "out, so it is full."
    case .tasksDone(let queue, _):
      let done = count { if case .markedDone(queue) = $0 { true } else { false } }
      let puts = count { if case .put(queue, _) = $0 { true } else { false } }
      return "\(counted(puts, "item was", "items were")) put into \(name(queue)), and task_done "
        + "was called \(counted(done, "time"))."
    case .threads: return "the threads it joins never end."
    case .condition:
      return "the condition on line \(status.line ?? 0) is false in this state, and nothing "
        + "changes it."
    }
  }

  private func whyNotReleased(_ object: ObjectID) -> String {
    let takers = evidence.trace.steps.filter { $0.events.contains(.acquired(object)) }
    guard let last = takers.last else { return "\(name(object)) has no permit to begin with." }
    if case .semaphore = evidence.program.objects[object.index].kind {
      let releases = count { if case .released(object) = $0 { true } else { false } }
      return "\(name(object)) was taken \(counted(takers.count, "time")) and released "
        + "\(counted(releases, "time"))."
    }
    let owner = evidence.final.threads[last.thread.index]
    let end = owner.condition == .ended ? "and ended without releasing it" : "and still holds it"
    return "\(last.threadName) took \(name(object)) in step \(last.number) (line "
      + "\(last.line)) \(end)."
  }

  private func whyNotNotified(_ object: ObjectID) -> String {
    let began = evidence.trace.steps.last { step in
      step.thread == status.thread && step.events.contains(.beganToWait(object))
    }
    let start = began?.number ?? 0
    let early = evidence.trace.steps.last { step in
      step.number < start
        && step.events.contains {
          if case .notified(object, let woken) = $0 { woken.isEmpty } else { false }
        }
    }
    if let early {
      return "\(early.threadName)'s notify in step \(early.number) (line \(early.line)) "
        + "came before \(status.name) began to wait in step \(start), and woke nobody."
    }
    let later = evidence.trace.steps.last { step in
      step.number > start
        && step.events.contains {
          if case .notified(object, let woken) = $0 { !woken.isEmpty } else { false }
        }
    }
    if let later, case .notified(_, let woken)? = later.events.first {
      return "\(later.threadName)'s notify in step \(later.number) (line \(later.line)) "
        + "woke \(listed(woken.map(evidence.name))) instead of \(status.name)."
    }
    return "after \(status.name) began to wait in step \(start), nobody notifies \(name(object))."
  }

  var advice: String {
    switch blockage {
    case .acquiring(let object), .lockOfCondition(_, let object):
      return "release \(name(object)) on every path; `with \(evidence.name(object)) { }` does."
    case .notification(let object):
      return "wait in a loop on a variable that is set before the notify and read under the same "
        + "lock: `while !ready { \(evidence.name(object)).wait() }`."
    case .event(let object):
      return "let some thread set \(name(object)) on every path, and do not clear it before all "
        + "have seen it."
    case .parties(let object, _):
      return "let as many threads come to \(name(object)) as it waits for, on every path."
    case .barrierToEmpty: return "let every thread that has passed the barrier go on."
    case .item(let queue):
      return "put one item for every `get`; to end workers, put one sentinel for each of them "
        + "into \(name(queue))."
    case .room(let queue):
      return "take items out of \(name(queue)) while others put, or make room for all of them."
    case .tasksDone(let queue, _):
      return "call `\(evidence.name(queue)).task_done()` once for every item got, on every path."
    case .threads: return "make sure that the joined threads end."
    case .condition: return "make the condition true on every path, before the last thread ends."
    }
  }

  private func last(_ isWanted: (StepEvent) -> Bool) -> TraceStep? {
    evidence.trace.steps.last { $0.events.contains(where: isWanted) }
  }

  private func count(_ isWanted: (StepEvent) -> Bool) -> Int {
    evidence.trace.steps.reduce(0) { $0 + $1.events.count(where: isWanted) }
  }
}
