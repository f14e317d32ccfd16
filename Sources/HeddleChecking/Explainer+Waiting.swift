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
    let all = analysis.blocked.filter { program.instances[$0.thread.index].type == type }
    // Who waits for a thread that can move may get what it wants.
    let stuck = all.filter { status in
      status.blockers.allSatisfy { evidence.final.threads[$0.index].condition != .ready }
    }
    let own = stuck.isEmpty ? all : stuck
    let isCircle = analysis.cycle.contains { status in own.contains { $0.thread == status.thread } }
    let core = isCircle ? analysis.blocked.filter(analysis.isInCycle) : own
    var told: Told
    if isCircle {
      told = circle(analysis, evidence, othersRun: true)
      let mine = own.filter(analysis.isInCycle).map(\.name)
      let rest = analysis.cycle.map(\.name).filter { !mine.contains($0) }
      let partners = rest.isEmpty ? "itself" : listed(rest, limit: 3)
      told.explanation.title =
        mine.count > 1
        ? "\(listed(mine, limit: 3)) blocked for ever: deadlock"
        : "\(listed(mine)) blocked for ever: deadlock with \(partners)"
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
      message = "\(names[0]) waits for \(analysis.short(cycle[0])), "
      message += held[0] == nil ? "and is one of them" : "which it holds itself"
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
    if cycle.count == 1 {
      return held[0] == nil
        ? "a thread that waits for its own end never ends."
        : "a plain lock cannot be taken twice, not even by its owner."
    }
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
    guard let index = cycle.firstIndex(where: { $0.thread == joiner.thread }),
      let lock = held[index]
    else { return "threads that wait for each other to end never end." }
    let name = code(evidence.name(lock))
    let wanting = cycle[(index + cycle.count - 1) % cycle.count]
    return "\(joiner.name) keeps \(name) while it waits for another thread to end (line "
      + "\(joiner.line ?? 0)), and \(wanting.name) needs \(name) to get on."
  }

  private func adviceForCircle(
    _ analysis: WaitingAnalysis,
    _ evidence: Evidence,
    _ held: [ObjectID?]
  ) -> String {
    let cycle = analysis.cycle
    if cycle.count == 1 {
      guard held[0] != nil else { return "join from another thread." }
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
    let names = listed(roots.map(\.name), limit: 3)
    let title = "deadlock: \(names) blocked"
    if let told = waitingWithLock(title, analysis, evidence) { return told }
    // Those that wait for the same as the first one are told of together.
    let others = analysis.blocked.filter { status in
      !roots.contains { $0.thread == status.thread && $0.blockage == roots[0].blockage }
    }
    var told = waitingInVain(title, roots, evidence, nobody: "nobody")
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

  /// A thread waits for something that others would do, and holds a lock that one of them needs.
  private func waitingWithLock(
    _ title: String,
    _ analysis: WaitingAnalysis,
    _ evidence: Evidence
  ) -> Told? {
    for keeper in analysis.roots where analysis.wantedLock(keeper) == nil {
      for other in analysis.blocked {
        guard let lock = analysis.wantedLock(other), other.blockers.contains(keeper.thread),
          let step = evidence.acquisition(of: lock, by: keeper.thread)
        else { continue }
        let name = code(evidence.name(lock))
        let message =
          "\(keeper.name) holds \(name) and waits for \(analysis.short(keeper)); \(other.name) "
          + "waits for \(name)"
        return Told(
          title,
          message: message,
          story: message + ". Neither can ever go on.",
          why: "\(keeper.name) keeps \(name), which it took in step \(step.number) (line "
            + "\(step.line)), while it waits at line \(keeper.line ?? 0).",
          advice: "do not hold \(name) while waiting at line \(keeper.line ?? 0): release it "
            + "before, or wait with a condition of \(name) itself."
        )
      }
    }
    return nil
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
    let wait = VainWait(blockage, first, evidence)
    let reason = wait.reason
    var message =
      "\(names) \(verb) for \(program.text(of: blockage, code)) (line \(first.line ?? 0))"
    if case .threads = blockage {
      message += ", which never happens"
    } else {
      message += ", and \(nobody) \(wait.missingDeed)"
    }
    return Told(
      title,
      message: message,
      story: message + ".",
      why: reason.why,
      advice: reason.advice
    )
  }
}
