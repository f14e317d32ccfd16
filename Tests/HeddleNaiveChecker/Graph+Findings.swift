import HeddleProgram

extension Graph {
  /// Whether an `allow` line, or `may outlive main`, says that the finding is intended.
  func isAllowed(_ key: Key) -> Bool {
    setting.program.allowances.contains { $0.kind == key.kind && $0.subject == key.subject }
  }

  func lineOfStatement(at position: Int) -> String {
    let program = setting.program
    let statement = program.statements[program.instructionStatements[position].index]
    return "line \(program.source.line(of: statement.span.start))"
  }

  func lineOfClaim(_ claim: Int) -> String {
    "line \(setting.program.source.line(of: setting.program.claims[claim].span.start))"
  }

  /// What is wrong when code stops.
  func finding(_ stop: Stop) -> Key? {
    switch stop {
    case .assertion(let claim):
      let isInvariant = setting.program.claims[claim].kind == .invariant
      return Key(
        kind: isInvariant ? .invariant : .assertion,
        subject: lineOfClaim(claim),
        claim: claim
      )
    case .misuse(let position): return Key(kind: .misuse, subject: lineOfStatement(at: position))
    case .blocked, .assumption, .limit: return nil
    }
  }

  // MARK: In a state

  /// The data races among the accesses of the threads' next steps.
  func races(_ accesses: [[Access]]) -> Set<Key> {
    var found: Set<Key> = []
    for (number, left) in accesses.enumerated() {
      for access in left {
        for other in accesses[(number + 1)...].joined() where access.element == other.element {
          let variable = setting.program.variables[access.element.variable]
          guard access.isWrite || other.isWrite, !(access.isInAtomic && other.isInAtomic),
            !variable.isAtomic
          else { continue }
          found.insert(Key(kind: .dataRace, subject: variable.name))
        }
      }
    }
    return found.filter { !isAllowed($0) }
  }

  /// The invariants that are false, and what is wrong with `finally` if it is its time.
  mutating func failedObservers(_ state: State) -> Set<Key> {
    var observers = setting.program.invariants
    if let finally = setting.program.finally, setting.allNonDaemonsEnded(in: state) {
      observers.append(finally)
    }
    var found: Set<Key> = []
    for observer in observers {
      var execution = Execution(setting, state)
      let stop = execution.attempt { (step) throws(Stop) in try step.observe(observer) }
      note(execution.effects)
      guard let stop else { continue }
      _ = end(stop)
      if let key = finding(stop) { found.insert(key) }
    }
    return found
  }

  /// The deadlock of a state in which nobody can move, if it is one.
  func deadlock(_ state: State) -> Set<Key> {
    if setting.allNonDaemonsEnded(in: state) { return [] }
    let running = state.threads.indices.filter { state.threads[$0].phase == .running }
    let waits = running.map { waitedFor(by: $0, in: state) }
    let waitsOf = Dictionary(uniqueKeysWithValues: zip(running, waits))
    let cycles = components(of: running) { waitsOf[$0, default: []] }
      .filter { members in
        members.contains { member in
          waitsOf[member, default: []].contains { members.contains($0) }
        }
      }
    var threads = cycles.flatMap { $0 }
    if threads.isEmpty { threads = running.filter { !setting.type(of: $0).isDaemon } }
    let names = Set(threads.map { setting.type(of: $0).name }).sorted()
    return [Key(kind: .deadlock, subject: names.joined(separator: ", "))]
  }

  /// The threads without which a blocked thread cannot go on.
  private func waitedFor(by thread: Int, in state: State) -> [Int] {
    var execution = Execution(setting, state)
    execution.thread = thread
    do {
      switch setting.program.instructions[state.threads[thread].position] {
      case .acquire(let reference, _, _):
        let lock = execution.lock(of: try execution.object(reference))
        return state.locks[lock]?.owner.map { [$0] } ?? []
      case .conditionWake(let reference, _, _):
        let object = try execution.object(reference)
        guard state.conditions[object]?.waiting.contains(thread) == false else { return [] }
        return state.locks[execution.lock(of: object)]?.owner.map { [$0] } ?? []
      case .join(let target, _):
        return try execution.joined(target).filter { state.threads[$0].phase == .running }
      default: return []
      }
    } catch {
      return []
    }
  }

  // MARK: At the end

  /// What is left behind in the state in which the last non-daemon thread has ended.
  func leftBehind(_ state: State) -> Set<Key> {
    var found: Set<Key> = []
    for (object, queue) in state.queues where !queue.items.isEmpty {
      found.insert(Key(kind: .leak, subject: setting.program.objects[object].declaredName))
    }
    for (number, thread) in state.threads.enumerated() {
      let type = setting.type(of: number)
      if setting.program.hasMain, !type.isMain, !type.isDaemon, thread.phase == .ended,
        !thread.isJoined
      {
        found.insert(Key(kind: .leak, subject: type.name))
      }
      if type.isDaemon, !type.mayOutliveMain, thread.phase == .running {
        let holdsLock = state.locks.values.contains { $0.owner == number }
        if holdsLock || thread.owedTasks.values.contains(where: { $0 > 0 }) {
          found.insert(Key(kind: .daemonKilled, subject: type.name))
        }
      }
    }
    return found
  }
}
