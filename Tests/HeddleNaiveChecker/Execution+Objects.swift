import HeddleProgram

extension Execution {
  /// The object that a reference selects now.
  func object(_ reference: ObjectReference) throws(Stop) -> Int {
    guard let operand = reference.index else { return reference.first.index }
    let index = value(operand)
    guard (0..<reference.count).contains(index) else { throw misuse }
    return reference.first.index + index
  }

  func kind(_ object: Int) -> SyncObject.Kind { setting.program.objects[object].kind }

  /// The object that `acquire` and `release` act on: a condition's is its lock.
  func lock(of object: Int) -> Int {
    if case .condition(let lock, _) = kind(object) { lock.index } else { object }
  }

  // MARK: Locks, semaphores, conditions

  mutating func executeLocking(_ instruction: Instruction) throws(Stop) {
    switch instruction {
    case .acquire(let reference, let waiting, let result):
      let isAcquired = acquire(lock(of: try object(reference)))
      if !isAcquired, waiting == .blocking { throw .blocked }
      set(result, isAcquired)
    case .release(let reference, let count): try release(lock(of: try object(reference)), count)
    case .conditionWait(let reference): try wait(on: try object(reference))
    case .conditionWake(let reference, let waiting, let result):
      try wake(from: try object(reference), waiting, result)
    case .notify(let reference, let count): try notify(try object(reference), count)
    default: preconditionFailure("not a locking instruction: \(instruction)")
    }
  }

  private mutating func acquire(_ object: Int) -> Bool {
    if case .semaphore = kind(object) {
      guard state.semaphores[object, default: 0] > 0 else { return false }
      state.semaphores[object, default: 0] -= 1
      return true
    }
    let lock = state.locks[object, default: Lock()]
    guard lock.owner == nil || (lock.owner == thread && kind(object) == .rlock) else {
      return false
    }
    state.locks[object] = Lock(owner: thread, count: lock.count + 1)
    return true
  }

  private mutating func release(_ object: Int, _ count: Int) throws(Stop) {
    if case .semaphore(let initial, let isBounded) = kind(object) {
      let permits = try exact(
        state.semaphores[object, default: 0].addingReportingOverflow(count)
      )
      if isBounded, permits > initial { throw misuse }
      state.semaphores[object] = permits
      return
    }
    let lock = state.locks[object, default: Lock()]
    guard lock.owner != nil else { throw misuse }
    if kind(object) == .rlock, lock.owner != thread { throw misuse }
    state.locks[object] = lock.count > 1 ? Lock(owner: lock.owner, count: lock.count - 1) : Lock()
  }

  private func ownsLock(of condition: Int) -> Bool {
    state.locks[lock(of: condition)]?.owner == thread
  }

  private func isFIFO(_ condition: Int) -> Bool {
    if case .condition(_, let isFIFO) = kind(condition) { isFIFO } else { false }
  }

  private mutating func wait(on condition: Int) throws(Stop) {
    guard ownsLock(of: condition) else { throw misuse }
    let lock = lock(of: condition)
    frame.savedLockCount = state.locks[lock, default: Lock()].count
    state.locks[lock] = Lock()
    state.conditions[condition, default: Condition()].waiting.append(thread)
    if !isFIFO(condition) { state.conditions[condition, default: Condition()].waiting.sort() }
  }

  private mutating func wake(
    from object: Int,
    _ waiting: Waiting,
    _ result: Register?
  ) throws(Stop) {
    var condition = state.conditions[object, default: Condition()]
    let current = frame.position - 1
    if condition.waiting.contains(thread) {
      // Out of the wait set without being notified, in a step of its own.
      var ways: [Bool] = []
      if waiting == .timed { ways.append(true) }
      if setting.spuriousWakeups { ways.append(false) }
      if ways.isEmpty { throw .blocked }
      let isTimeOut = ways[choices.pick(of: ways.count)]
      condition.waiting.removeAll { $0 == thread }
      if isTimeOut { condition.timedOut.insert(thread) } else { condition.notified.insert(thread) }
      frame.position = current
    } else {
      let lock = lock(of: object)
      if state.locks[lock]?.owner != nil { throw .blocked }
      state.locks[lock] = Lock(owner: thread, count: frame.savedLockCount)
      frame.savedLockCount = 0
      set(result, condition.notified.contains(thread))
      condition.notified.remove(thread)
      condition.timedOut.remove(thread)
    }
    state.conditions[object] = condition
  }

  private mutating func notify(_ object: Int, _ count: Int?) throws(Stop) {
    guard ownsLock(of: object) else { throw misuse }
    var condition = state.conditions[object, default: Condition()]
    let count = min(count ?? Int.max, condition.waiting.count)
    var woken = Array(condition.waiting.prefix(count))
    if !isFIFO(object) {
      let ways = combinations(condition.waiting, count: count)
      woken = ways[choices.pick(of: ways.count)]
    }
    condition.waiting.removeAll { woken.contains($0) }
    condition.notified.formUnion(woken)
    state.conditions[object] = condition
  }

  // MARK: Events

  mutating func executeEvent(_ instruction: Instruction) throws(Stop) {
    switch instruction {
    case .eventSet(let reference):
      let object = try object(reference)
      var event = state.events[object, default: Event()]
      event.isSet = true
      event.released.formUnion(event.waiting)
      event.waiting = []
      state.events[object] = event
    case .eventClear(let reference):
      state.events[try object(reference), default: Event()].isSet = false
    case .eventWait(let reference, let waiting, let result):
      let object = try object(reference)
      let isSet = state.events[object, default: Event()].isSet
      set(result, isSet)
      if kind(object) == .event(isCleared: false) {
        if !isSet, waiting == .blocking { throw .blocked }
      } else if isSet {
        frame.position += 1
      } else {
        state.events[object, default: Event()].waiting.insert(thread)
      }
    case .eventWake(let reference, let waiting, let result):
      let object = try object(reference)
      let isReleased = state.events[object, default: Event()].released.contains(thread)
      if !isReleased, waiting == .blocking { throw .blocked }
      state.events[object, default: Event()].released.remove(thread)
      state.events[object, default: Event()].waiting.remove(thread)
      set(result, isReleased)
    default: preconditionFailure("not an event instruction: \(instruction)")
    }
  }

  // MARK: Barriers, after the source of threading.Barrier

  mutating func executeBarrier(_ instruction: Instruction) throws(Stop) {
    switch instruction {
    case .barrierArrive(let reference, let result, let onBroken):
      let object = try object(reference)
      let phase = state.barriers[object, default: Barrier()].phase
      if phase == .draining || phase == .resetting { throw .blocked }
      if phase == .broken {
        set(result, false)
        go(to: onBroken)
        return
      }
      let index = state.barriers[object, default: Barrier()].count
      if let result { set(result, index) }
      state.barriers[object, default: Barrier()].count += 1
      if case .barrier(index + 1) = kind(object) {
        state.barriers[object, default: Barrier()].phase = .draining
        exit(object)
        frame.position += 1
      }
    case .barrierLeave(let reference, let waiting, let onBroken):
      let object = try object(reference)
      if state.barriers[object, default: Barrier()].phase == .filling {
        if waiting == .blocking { throw .blocked }
        state.barriers[object, default: Barrier()].phase = .broken
      }
      if state.barriers[object, default: Barrier()].phase != .draining { go(to: onBroken) }
      exit(object)
    case .barrierAbort(let reference):
      state.barriers[try object(reference), default: Barrier()].phase = .broken
    case .barrierReset(let reference):
      let object = try object(reference)
      let barrier = state.barriers[object, default: Barrier()]
      if barrier.count == 0 {
        state.barriers[object, default: Barrier()].phase = .filling
      } else if barrier.phase == .filling || barrier.phase == .broken {
        state.barriers[object, default: Barrier()].phase = .resetting
      }
    default: preconditionFailure("not a barrier instruction: \(instruction)")
    }
  }

  private mutating func exit(_ object: Int) {
    var barrier = state.barriers[object, default: Barrier()]
    barrier.count -= 1
    if barrier.count == 0, barrier.phase != .broken { barrier.phase = .filling }
    state.barriers[object] = barrier
  }

  // MARK: Queues

  mutating func executeQueue(_ instruction: Instruction) throws(Stop) {
    switch instruction {
    case .put(let reference, let operand, let waiting, let onFailure):
      let object = try object(reference)
      if isFull(object) {
        if waiting == .blocking { throw .blocked }
        go(to: onFailure)
      } else {
        try put(value(operand), into: object)
      }
    case .get(let result, let reference, let waiting, let onFailure):
      let object = try object(reference)
      if let item = take(from: object) {
        set(result, item)
        if owesTasks(for: object) { frame.owedTasks[object, default: 0] += 1 }
      } else {
        if waiting == .blocking { throw .blocked }
        set(result, 0)
        go(to: onFailure)
      }
    case .taskDone(let reference):
      let object = try object(reference)
      guard state.queues[object, default: Queue()].unfinished > 0 else { throw misuse }
      state.queues[object, default: Queue()].unfinished -= 1
      if owesTasks(for: object) {
        // A call for an item that somebody else took pays no debt in advance.
        frame.owedTasks[object] = max(0, frame.owedTasks[object, default: 0] - 1)
      }
    case .queueJoin(let reference):
      if state.queues[try object(reference), default: Queue()].unfinished > 0 { throw .blocked }
    default: preconditionFailure("not a queue instruction: \(instruction)")
    }
  }

  /// Whether to count what the running thread owes a queue.
  private func owesTasks(for object: Int) -> Bool {
    guard case .queue(_, _, _, countsTasks: true, _) = kind(object) else { return false }
    let type = setting.type(of: thread)
    return type.isDaemon && !type.mayOutliveMain
  }

  private func isFull(_ object: Int) -> Bool {
    guard case .queue(_, let capacity?, _, _, _) = kind(object) else { return false }
    return state.queues[object, default: Queue()].items.count >= capacity
  }

  private mutating func put(_ item: Int, into object: Int) throws(Stop) {
    guard case .queue(let order, let capacity, _, let countsTasks, let type) = kind(object) else {
      preconditionFailure("not a queue")
    }
    var queue = state.queues[object, default: Queue()]
    queue.items.append(item)
    if capacity == nil, queue.items.count > setting.maxQueue {
      throw .limit("the items of \(setting.program.objects[object].name)")
    }
    if order == .priority {
      // `none` is less than nothing, and greater than nothing.
      if type.isOptional, queue.items.count > 1, queue.items.contains(Program.none) {
        throw misuse
      }
      let strings = setting.strings
      queue.items.sort { left, right in
        if left == Program.none || right == Program.none || type.base != .string {
          return left < right
        }
        return strings.isLess(left, right)
      }
    }
    if countsTasks { queue.unfinished += 1 }
    state.queues[object] = queue
  }

  private mutating func take(from object: Int) -> Int? {
    guard case .queue(let order, _, _, _, _) = kind(object),
      !state.queues[object, default: Queue()].items.isEmpty
    else { return nil }
    return order == .lifo
      ? state.queues[object, default: Queue()].items.removeLast()
      : state.queues[object, default: Queue()].items.removeFirst()
  }

  // MARK: Questions

  func answer(_ question: Observation, of object: Int) -> Int {
    let queue = state.queues[object, default: Queue()]
    let barrier = state.barriers[object, default: Barrier()]
    return switch question {
    case .isLocked: state.locks[lock(of: object)]?.owner != nil ? 1 : 0
    case .isSet: state.events[object, default: Event()].isSet ? 1 : 0
    case .queueSize: queue.items.count
    case .queueIsEmpty: queue.items.isEmpty ? 1 : 0
    case .queueIsFull: isFull(object) ? 1 : 0
    case .barrierIsBroken: barrier.phase == .broken ? 1 : 0
    case .barrierWaiting: barrier.phase == .filling ? barrier.count : 0
    }
  }
}
