import HeddleProgram

// Locks, rlocks and semaphores: `threading.Lock`, `RLock`, `Semaphore`, `BoundedSemaphore`.

extension Machine {
  /// A condition stands for its lock.
  func lockBehind(_ object: ObjectID) -> ObjectID {
    if case .condition(let lock, _) = kinds[object.index] { lock } else { object }
  }

  func canAcquire(_ object: ObjectID, by thread: Int, _ state: inout MutableSpan<Int>) -> Bool {
    let object = lockBehind(object)
    let slot = layout.objects[object.index]
    switch kinds[object.index] {
    case .semaphore: return state[slot] > 0
    case .rlock: return state[slot] == 0 || state[slot] == thread + 1
    default: return state[slot] == 0
    }
  }

  func acquire(
    _ reference: ObjectReference,
    _ result: Register?,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = lockBehind(try object(reference, frame, &state, at: position))
    let slot = layout.objects[object.index]
    let succeeds = canAcquire(object, by: frame.thread, &state)
    if succeeds {
      switch kinds[object.index] {
      case .semaphore: state[slot] -= 1
      case .rlock:
        state[slot] = frame.thread + 1
        state[slot + 1] += 1
      default: state[slot] = frame.thread + 1
      }
      effects.record(.acquired(object))
    } else {
      effects.record(.failedToAcquire(object))
    }
    write(succeeds ? 1 : 0, to: result, frame, &state)
    return position + 1
  }

  func release(
    _ reference: ObjectReference,
    _ count: Int,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = lockBehind(try object(reference, frame, &state, at: position))
    let slot = layout.objects[object.index]
    switch kinds[object.index] {
    case .semaphore(let initial, let isBounded):
      let (permits, overflow) = state[slot].addingReportingOverflow(count)
      if overflow || isBounded && permits > initial {
        throw .misuse(.semaphoreOverBound, at: position)
      }
      state[slot] = permits
    case .rlock:
      if state[slot] == 0 { throw .misuse(.releaseOfFreeLock, at: position) }
      if state[slot] != frame.thread + 1 { throw .misuse(.releaseOfForeignRLock, at: position) }
      state[slot + 1] -= 1
      if state[slot + 1] == 0 { state[slot] = 0 }
    default:
      if state[slot] == 0 { throw .misuse(.releaseOfFreeLock, at: position) }
      state[slot] = 0
    }
    effects.record(.released(object))
    return position + 1
  }
}
