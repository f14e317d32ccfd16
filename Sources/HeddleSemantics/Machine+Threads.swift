import HeddleProgram

// Starting and joining threads.

extension Machine {
  func start(
    _ type: ThreadTypeID,
    _ count: Int,
    _ arguments: Int,
    _ results: Register?,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let declaration = program.threadTypes[type.index]
    let instances =
      declaration.firstInstance.index..<declaration.firstInstance.index + declaration.instanceCount
    // Instances start in the order of their numbers, so the first free one is the next.
    let free = instances.filter { state[layout.threads[$0].control] == ControlWord.notStarted }
    guard free.count >= count else { throw .limit(.threads(type)) }
    let started = Array(free.prefix(count))
    for (number, thread) in started.enumerated() {
      let slots = layout.threads[thread]
      for (parameter, argument) in program.argumentLists[arguments].enumerated() {
        state[slots.registers + parameter] = value(argument, frame, &state)
      }
      if let results {
        write(thread, to: Register(results.index + number), frame, &state)
      }
      state[slots.control] = declaration.entry.index
    }
    effects.record(.started(started.map { ThreadID($0) }))
    for thread in started {
      try advance(thread, from: declaration.entry.index, choice: nil, &state, &effects)
    }
    return position + 1
  }

  /// The threads that a `join` waits for.
  func targets(of target: JoinTarget, _ frame: Frame, _ state: inout MutableSpan<Int>) -> [Int] {
    switch target {
    case .thread(let handle): return [value(handle, frame, &state)]
    case .threads(let range):
      var threads: [Int] = []
      for register in range.registers { threads.append(state[frame.registers + register.index]) }
      return threads
    }
  }

  /// Whether a blocking `join` has a step: all have ended, or it is misuse.
  func canJoin(_ target: JoinTarget, _ frame: Frame, _ state: inout MutableSpan<Int>) -> Bool {
    switch target {
    case .thread(let handle):
      return whatJoiningDoes(value(handle, frame, &state), frame, &state) != .waits
    case .threads(let range):
      for register in range.first.index..<range.first.index + range.count {
        switch whatJoiningDoes(state[frame.registers + register], frame, &state) {
        case .waits: return false
        case .misuse: return true
        case .goesOn: break
        }
      }
      return true
    }
  }

  private enum Joining { case goesOn, waits, misuse }

  private func whatJoiningDoes(
    _ other: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) -> Joining {
    // A join of itself or of nothing is a step that is misuse.
    if other == frame.thread || other == Program.none { return .misuse }
    return state[controls[other]] >= 0 ? .waits : .goesOn
  }

  func join(
    _ target: JoinTarget,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let threads = targets(of: target, frame, &state)
    if threads.contains(frame.thread) { throw .misuse(.joinOfItself, at: position) }
    if threads.contains(Program.none) { throw .misuse(.noneUsed, at: position) }
    var haveEnded = true
    for thread in threads where state[controls[thread]] >= 0 { haveEnded = false }
    if haveEnded {
      for thread in threads { state[controls[thread]] = ControlWord.endedAndJoined }
      effects.record(.joined(threads.map { ThreadID($0) }))
    } else {
      effects.record(.timedOutJoining(threads.map { ThreadID($0) }))
    }
    return position + 1
  }
}
