import HeddleProgram

// Conditions, events and barriers: what threads wait for without owning it.

/// The first word of a barrier; the same states as `threading.Barrier` has.
enum BarrierState {
  static let filling = 0
  static let draining = 1
  static let resetting = -1
  static let broken = -2
}

/// The values of a wait word that are not `object + 1`.
enum WaitWord {
  static let none = 0
  static let timedOut = -1
}

extension Machine {
  // MARK: Conditions

  func conditionWait(
    _ reference: ObjectReference,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let lock = lockBehind(object)
    let slot = layout.objects[lock.index]
    let slots = layout.threads[frame.thread]
    guard state[slot] == frame.thread + 1 else { throw .misuse(.waitWithoutLock, at: position) }
    if case .rlock = kinds[lock.index] {
      state[slots.depth] = state[slot + 1]
      state[slot + 1] = 0
    }
    state[slot] = 0
    if case .condition(_, isFIFO: true) = kinds[object.index] {
      state[slots.order] = waiterCount(at: object, &state) + 1
    }
    state[slots.wait] = object.index + 1
    effects.record(.beganToWait(object))
    return position + 1
  }

  func conditionWake(
    _ reference: ObjectReference,
    _ waiting: Waiting,
    _ result: Register?,
    at position: Int,
    choice: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let slots = layout.threads[frame.thread]
    if state[slots.wait] == object.index + 1 {
      // Nobody notified it: it times out, or wakes for no reason. The lock comes in a step of its own.
      let timesOut = waiting == .timed && choice == 0
      removeWaiter(frame.thread, as: timesOut ? WaitWord.timedOut : WaitWord.none, object, &state)
      effects.record(timesOut ? .timedOut(object) : .wokeSpuriously(object))
      return position
    }
    let lock = lockBehind(object)
    let slot = layout.objects[lock.index]
    state[slot] = frame.thread + 1
    if case .rlock = kinds[lock.index] {
      state[slot + 1] = state[slots.depth]
      state[slots.depth] = 0
    }
    write(state[slots.wait] == WaitWord.timedOut ? 0 : 1, to: result, frame, &state)
    state[slots.wait] = WaitWord.none
    effects.record(.stoppedWaiting(object))
    return position + 1
  }

  func notify(
    _ reference: ObjectReference,
    _ count: Int?,
    at position: Int,
    choice: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    guard state[layout.objects[lockBehind(object).index]] == frame.thread + 1 else {
      throw .misuse(.notifyWithoutLock, at: position)
    }
    let waiters = waiters(at: object, &state)
    let woken: [Int]
    if let count, count < waiters.count {
      if isFIFO(object) {
        woken = Array(waiters.prefix(count))
      } else {
        guard Combinations.count(of: count, from: waiters.count) <= Self.maximumChoices else {
          throw .limit(.choices)
        }
        woken = Combinations.combination(choice, of: count, from: waiters)
      }
    } else {
      woken = waiters
    }
    for thread in woken { removeWaiter(thread, as: WaitWord.none, object, &state) }
    effects.record(.notified(object, woken: woken.map { ThreadID($0) }))
    return position + 1
  }

  func isFIFO(_ object: ObjectID) -> Bool {
    if case .condition(_, isFIFO: true) = kinds[object.index] { true } else { false }
  }

  /// The threads in a wait set: by number, or in the order in which they came.
  func waiters(at object: ObjectID, _ state: inout MutableSpan<Int>) -> [Int] {
    var waiting: [Int] = []
    for (thread, slots) in layout.threads.enumerated()
    where slots.wait >= 0 && state[slots.wait] == object.index + 1 {
      waiting.append(thread)
    }
    guard isFIFO(object) else { return waiting }
    let turns = waiting.map { state[layout.threads[$0].order] }
    return zip(turns, waiting).sorted { $0.0 < $1.0 }.map(\.1)
  }

  func waiterCount(at object: ObjectID, _ state: inout MutableSpan<Int>) -> Int {
    var count = 0
    for slots in layout.threads where slots.wait >= 0 && state[slots.wait] == object.index + 1 {
      count += 1
    }
    return count
  }

  private func removeWaiter(
    _ thread: Int,
    as word: Int,
    _ object: ObjectID,
    _ state: inout MutableSpan<Int>
  ) {
    let slots = layout.threads[thread]
    state[slots.wait] = word
    guard isFIFO(object) else { return }
    let turn = state[slots.order]
    state[slots.order] = 0
    for waiter in waiters(at: object, &state)
    where state[layout.threads[waiter].order] > turn {
      state[layout.threads[waiter].order] -= 1
    }
  }

  // MARK: Events

  /// Whether a thread that waits for the event registers first, so that a `clear` cannot take the wake-up back.
  func isCleared(_ object: ObjectID) -> Bool {
    if case .event(isCleared: true) = kinds[object.index] { true } else { false }
  }

  func eventSet(
    _ reference: ObjectReference,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    state[layout.objects[object.index]] = 1
    if isCleared(object) {
      for slots in layout.threads where slots.wait >= 0 && state[slots.wait] == object.index + 1 {
        state[slots.wait] = WaitWord.none
      }
    }
    effects.record(.setEvent(object))
    return position + 1
  }

  func eventWait(
    _ reference: ObjectReference,
    _ result: Register?,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let isSet = state[layout.objects[object.index]] != 0
    write(isSet ? 1 : 0, to: result, frame, &state)
    guard isCleared(object) else {
      effects.record(isSet ? .sawEvent(object) : .timedOut(object))
      return position + 1
    }
    if isSet {
      effects.record(.sawEvent(object))
      return position + 2
    }
    state[layout.threads[frame.thread].wait] = object.index + 1
    effects.record(.beganToWait(object))
    return position + 1
  }

  func eventWake(
    _ reference: ObjectReference,
    _ result: Register?,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let slot = layout.threads[frame.thread].wait
    let wasReleased = state[slot] == WaitWord.none
    state[slot] = WaitWord.none
    write(wasReleased ? 1 : 0, to: result, frame, &state)
    effects.record(wasReleased ? .stoppedWaiting(object) : .timedOut(object))
    return position + 1
  }

  // MARK: Barriers

  func barrierArrive(
    _ reference: ObjectReference,
    _ result: Register?,
    _ onBroken: InstructionID,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let slot = layout.objects[object.index]
    guard case .barrier(let parties) = kinds[object.index] else {
      preconditionFailure("internal error: barrierArrive at something else")
    }
    if state[slot] == BarrierState.broken {
      write(0, to: result, frame, &state)
      effects.record(.foundBroken(object))
      return onBroken.index
    }
    let index = state[slot + 1]
    write(index, to: result, frame, &state)
    let isLast = index + 1 == parties
    effects.record(.arrived(object, index: index, isLast: isLast))
    guard isLast else {
      state[slot + 1] = index + 1
      return position + 1
    }
    state[slot] = index > 0 ? BarrierState.draining : BarrierState.filling
    return position + 2
  }

  func barrierLeave(
    _ reference: ObjectReference,
    _ onBroken: InstructionID,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let slot = layout.objects[object.index]
    let timesOut = state[slot] == BarrierState.filling
    if timesOut { state[slot] = BarrierState.broken }
    let passes = state[slot] == BarrierState.draining
    state[slot + 1] -= 1
    if state[slot + 1] == 0, state[slot] != BarrierState.broken {
      state[slot] = BarrierState.filling
    }
    effects.record(
      passes ? .leftBarrier(object) : timesOut ? .brokeBarrier(object) : .foundBroken(object)
    )
    return passes ? position + 1 : onBroken.index
  }

  func barrierReset(
    _ reference: ObjectReference,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let slot = layout.objects[object.index]
    if state[slot + 1] == 0 {
      state[slot] = BarrierState.filling
    } else if state[slot] == BarrierState.filling || state[slot] == BarrierState.broken {
      state[slot] = BarrierState.resetting
    }
    effects.record(.resetBarrier(object))
    return position + 1
  }
}

/// The ways to take some of several, in lexicographic order.
enum Combinations {
  /// How many ways there are to take `size` of `count`, at most `Machine.maximumChoices + 1`.
  static func count(of size: Int, from count: Int) -> Int {
    var result = 1
    for step in 0..<min(size, count - size) {
      result = result * (count - step) / (step + 1)
      if result > Machine.maximumChoices { return Machine.maximumChoices + 1 }
    }
    return result
  }

  /// The combination with the given number.
  static func combination(_ number: Int, of size: Int, from elements: [Int]) -> [Int] {
    var number = number
    var size = size
    var chosen: [Int] = []
    for (index, element) in elements.enumerated() where size > 0 {
      let withElement = count(of: size - 1, from: elements.count - index - 1)
      if number < withElement {
        chosen.append(element)
        size -= 1
      } else {
        number -= withElement
      }
    }
    return chosen
  }
}
