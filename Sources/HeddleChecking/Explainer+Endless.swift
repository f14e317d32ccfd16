import HeddleProgram
import HeddleSemantics

// Threads that run for ever, and daemons that are killed.

extension Explainer {
  func neverTerminates(_ type: ThreadTypeID, _ evidence: Evidence) -> Told {
    let run = EndlessRun(type, evidence)
    let cause = run.cause
    var told = Told(
      "\(run.names) never terminate\(run.threads.count == 1 ? "s" : "")",
      message: cause,
      story: run.story,
      why: "\(cause).",
      advice: run.advice
    )
    let declaration = program.threadTypes[type.index]
    var notes = LoopNotes(cause: cause, fairness: fairness.sentence)
    if declaration.isDaemon {
      notes.atExit = atExit(run.threads, evidence)
      notes.acceptance = code("daemon thread \(declaration.name) may outlive main")
    }
    told.explanation.loop = notes
    told.explanation.watched = run.watched
    return told
  }

  /// What CPython does to daemons when the last other thread has ended.
  private func atExit(_ threads: [ThreadStatus], _ evidence: Evidence) -> String {
    let end = program.hasMain ? "at the end of main" : "when the other threads have ended"
    let snapshots = [evidence.trace.initial] + evidence.trace.steps.map(\.after)
    let exit = snapshots.first { snapshot in
      snapshot.threads.allSatisfy {
        $0.isDaemon || $0.condition == .ended || $0.condition == .notStarted
      }
    }
    guard let first = threads.first, let status = exit?.threads[first.thread.index],
      let line = status.line
    else { return "CPython kills it \(end), wherever it stands" }
    return "CPython kills \(status.name) \(end), in this order at line \(line)"
  }

  func daemonKilled(_ type: ThreadTypeID, _ evidence: Evidence) -> Told {
    let name = program.threadTypes[type.index].name
    let end = program.hasMain ? "main ends" : "all other threads have ended"
    let daemons = evidence.final.threads.filter {
      program.instances[$0.thread.index].type == type && $0.condition != .ended
    }
    let title = title(of: .daemonKilled(type))
    let advice =
      "let \(name) finish before the end: stop it with an event and `join` it. To accept it, write "
      + "`may outlive main` behind its declaration."
    if let holder = daemons.first(where: { !$0.holds.isEmpty }) {
      let lock = holder.holds[0]
      let since = evidence.lock(named: lock).flatMap {
        evidence.acquisition(of: $0, by: holder.thread)
      }
      let story =
        "When \(end), \(holder.name) still holds \(code(lock)) (line \(holder.line ?? 0)). CPython "
        + "kills it there: the lock is not released, and no `finally` runs."
      var why = "nothing makes the end wait for \(holder.name)"
      if let since { why += ", which took \(code(lock)) in step \(since.number)" }
      return Told(
        title,
        message: "\(holder.name) holds \(code(lock)) when \(end)",
        story: story,
        why: why + ".",
        advice: advice
      )
    }
    guard let (daemon, queue, value) = takenItem(daemons, evidence) else {
      return Told(
        title,
        story: "\(name) is in the middle of its work when \(end).",
        why: "nothing makes the end wait for it.",
        advice: advice
      )
    }
    let story =
      "When \(end), \(daemon.name) has taken \(value) from \(code(queue)) and not called "
      + "task_done for it (line \(daemon.line ?? 0)). CPython kills it there, and the item is lost."
    return Told(
      title,
      message: "\(daemon.name) has an unfinished item of \(code(queue)) when \(end)",
      story: story,
      why: "nothing makes the end wait for \(daemon.name).",
      advice: "wait with \(code("\(queue).join()")) before the end. To accept it, write "
        + "`may outlive main` behind its declaration."
    )
  }

  /// The last item that a daemon took without marking it done.
  private func takenItem(
    _ daemons: [ThreadStatus],
    _ evidence: Evidence
  ) -> (daemon: ThreadStatus, queue: String, value: String)? {
    for daemon in daemons {
      var open: [(queue: ObjectID, value: String)] = []
      for step in evidence.trace.steps where step.thread == daemon.thread {
        for event in step.events {
          switch event {
          case .got(let queue, _):
            if case .queue(_, _, _, true, _) = program.objects[queue.index].kind {
              open.append((queue, step.value ?? "an item"))
            }
          case .markedDone(let queue):
            if let index = open.firstIndex(where: { $0.queue == queue }) { open.remove(at: index) }
          default: break
          }
        }
      }
      if let last = open.last { return (daemon, evidence.name(last.queue), last.value) }
    }
    return nil
  }
}

extension Fairness {
  /// What is assumed, in words.
  var sentence: String {
    switch self {
    case .strong: "a thread that could move again and again does move (strong fairness)"
    case .weak: "a thread that could move all the time does move (weak fairness)"
    case .none: "nothing: any thread may be left waiting for ever (no fairness)"
    }
  }
}

/// The part of a trace that repeats for ever, seen from the threads that never end.
private struct EndlessRun {
  let evidence: Evidence
  /// The threads that never end: those that go round, else those that are left waiting.
  let threads: [ThreadStatus]
  /// Whether they go round; else they are left waiting.
  let isRunning: Bool
  private let loop: ArraySlice<TraceStep>

  init(_ type: ThreadTypeID, _ evidence: Evidence) {
    self.evidence = evidence
    let from = (evidence.trace.loopFrom ?? 1) - 1
    loop = evidence.trace.steps[min(from, evidence.trace.steps.count)...]
    let movers = Set(loop.map(\.thread))
    let own = evidence.final.threads.filter {
      evidence.program.instances[$0.thread.index].type == type && $0.position != nil
    }
    let running = own.filter { movers.contains($0.thread) }
    isRunning = !running.isEmpty
    threads = isRunning ? running : own
  }

  var names: String { listed(threads.map(\.name), limit: 3) }

  private var others: [String] {
    var names: [String] = []
    for step in loop where !threads.contains(where: { $0.thread == step.thread }) {
      if !names.contains(step.threadName) { names.append(step.threadName) }
    }
    return names
  }

  private var lines: [Int] {
    loop.filter { step in threads.contains { $0.thread == step.thread } }.map(\.line)
  }

  private var range: String {
    guard let first = loop.first, let last = loop.last else { return "the same state" }
    return first.number == last.number
      ? "step \(first.number) repeats" : "steps \(first.number) to \(last.number) repeat"
  }

  var story: String {
    if isRunning {
      let end = threads.count == 1 ? "does not end" : "do not end"
      return "\(names) \(end): \(range) for ever."
    }
    let verb = threads.count == 1 ? "does not get" : "do not get"
    return "\(names) \(verb) past line \(threads.first?.line ?? 0): \(range) for ever without "
      + "\(threads.count == 1 ? "it" : "them")."
  }

  var cause: String {
    guard isRunning else { return starvation }
    let verb = threads.count == 1 ? "goes" : "go"
    var text = "\(names) \(verb) round \(linesText(lines))"
    let constant = constantReads
    let failures = failedTries
    if !constant.isEmpty {
      let facts = constant.prefix(2).map { "\(code($0.name)) stays \($0.value)" }
      text += ", and \(listed(Array(facts)))"
    } else if let failure = failures.first {
      text += ", and \(failure)"
    } else if let choice = choiceLine {
      text += ": the choice on line \(choice) goes the same way in every round"
    } else if !others.isEmpty {
      text += " while \(listed(others, limit: 3)) \(others.count == 1 ? "goes" : "go") on"
    } else if !readsAnything {
      text += ", and nothing there ends it"
    }
    return text
  }

  private var starvation: String {
    guard let first = threads.first else { return "a thread is left waiting" }
    let verb = threads.count == 1 ? "waits" : "wait"
    let goal = first.blockage.map { " for \(evidence.program.text(of: $0, code))" } ?? ""
    let couldMove = loop.contains { $0.after.threads[first.thread.index].condition == .ready }
    let chance =
      couldMove ? "could go on now and then, but never gets its turn" : "never gets its chance"
    return "\(names) \(verb)\(goal) (line \(first.line ?? 0)) and \(chance), while "
      + "\(listed(others, limit: 3)) \(others.count == 1 ? "goes" : "go") round"
  }

  /// What the threads try in the loop and never get.
  private var failedTries: [String] {
    var tries: [String] = []
    var succeeded: Set<ObjectID> = []
    func note(_ object: ObjectID, _ state: String) {
      let text = "\(code(evidence.name(object))) is \(state) whenever it tries"
      if !tries.contains(text) { tries.append(text) }
    }
    for step in loop where threads.contains(where: { $0.thread == step.thread }) {
      for event in step.events {
        switch event {
        case .acquired(let object), .got(let object, _), .put(let object, _):
          succeeded.insert(object)
        case .failedToAcquire(let object): note(object, "taken")
        case .foundEmpty(let object): note(object, "empty")
        case .foundFull(let object): note(object, "full")
        default: break
        }
      }
    }
    let names = succeeded.map { code(evidence.name($0)) }
    return tries.filter { text in !names.contains { text.hasPrefix($0 + " ") } }
  }

  /// The line of a choice that the threads make in the loop.
  private var choiceLine: Int? {
    loop.first { step in
      threads.contains { $0.thread == step.thread }
        && step.events.contains {
          switch $0 {
          case .choseBranch, .chose: true
          default: false
          }
        }
    }?.line
  }

  private var readsAnything: Bool {
    loop.contains { step in
      threads.contains { $0.thread == step.thread }
        && step.events.contains {
          switch $0 {
          case .read, .observed, .sawAlive: true
          default: false
          }
        }
    }
  }

  /// What the threads read in every round with the same answer, and nobody changes in the loop.
  private var constantReads: [(name: String, value: String)] {
    var values: [(name: String, value: String)] = []
    var changing: Set<String> = []
    func note(_ name: String, _ value: String) {
      if let known = values.first(where: { $0.name == name }) {
        if known.value != value { changing.insert(name) }
      } else {
        values.append((name, value))
      }
    }
    for step in loop {
      let isOwn = threads.contains { $0.thread == step.thread }
      for event in step.events {
        switch event {
        case .wrote(let variable, let element, _, _, _):
          changing.insert(evidence.name(variable, element))
        case .read(let variable, let element, _) where isOwn:
          let name = evidence.name(variable, element)
          note(name, evidence.value(of: name, in: step.after))
        case .observed(let object, let observation, let value) where isOwn:
          let text = observation.isNumber ? String(value) : value != 0 ? "true" : "false"
          note("\(evidence.name(object)).\(observation.method)()", text)
        case .sawAlive(let thread, let isAlive) where isOwn:
          note("\(evidence.name(thread)).is_alive()", "\(isAlive)")
        default: break
        }
      }
    }
    return values.filter { !changing.contains($0.name) }
  }

  /// The variables in the loop, for columns of their own.
  var watched: [String] {
    var names: [String] = []
    for step in loop {
      for event in step.events {
        switch event {
        case .read(let variable, let element, _), .wrote(let variable, let element, _, _, _):
          let name = evidence.name(variable, element)
          if !names.contains(name) { names.append(name) }
        default: break
        }
      }
    }
    return Array(names.prefix(3))
  }

  var advice: String {
    guard isRunning else {
      return "let the others wait for a turn too: a fair lock, a queue, or a variable that says "
        + "who is next."
    }
    let constant = constantReads
    if let first = constant.first {
      return "some thread must change \(code(first.name)) on every path, before it ends."
    }
    if !failedTries.isEmpty {
      return "let the others leave room for \(names): wait for a turn in a queue, or stop taking "
        + "while somebody asks."
    }
    if choiceLine != nil {
      return "choices are never fair: bound the number of rounds, or let something else than a "
        + "choice end the loop."
    }
    if !others.isEmpty || threads.count > 1 {
      return "let one of the threads give way for good: an order of precedence, or a lock around "
        + "the whole attempt."
    }
    return "give the loop a way out: an event that another thread sets, as in "
      + "`while !stop.is_set()`, and `join` the thread after setting it."
  }
}
