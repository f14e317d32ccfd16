public import HeddleProgram

// States as people see them: what an object holds, and what a blocked thread waits for.

/// The contents of a lock, queue and so on, decoded.
public enum ObjectContents: Sendable, Equatable {
  /// A lock, or an rlock that its owner holds `depth` times; the depth of a held lock is 1, of a free one 0.
  case lock(owner: ThreadID?, depth: Int)
  case semaphore(permits: Int)
  /// The threads in the wait set: by number, or in the order in which they came.
  case condition(waiters: [ThreadID])
  case event(isSet: Bool, waiters: [ThreadID])
  case barrier(BarrierPhase, waiting: Int, parties: Int)
  /// Encoded items, the next one to be got first unless the queue is last in, first out. `unfinished` is `nil` if nobody asks.
  case queue(items: [Int], unfinished: Int?)
}

/// What a barrier is doing.
public enum BarrierPhase: Sendable, Hashable {
  case filling
  case draining
  case resetting
  case broken
}

/// What a blocked thread waits for.
public enum Blockage: Sendable, Equatable {
  /// A lock, an rlock or a permit of a semaphore.
  case acquiring(ObjectID)
  /// A notification.
  case notification(ObjectID)
  /// The lock of a condition, after the notification.
  case lockOfCondition(ObjectID, lock: ObjectID)
  case event(ObjectID)
  /// The other parties of a barrier.
  case parties(ObjectID, missing: Int)
  /// The threads that have not yet left a barrier.
  case barrierToEmpty(ObjectID)
  case item(ObjectID)
  case room(ObjectID)
  /// A queue's unfinished tasks.
  case tasksDone(ObjectID, unfinished: Int)
  /// Those of the threads to be joined that have not ended.
  case threads([ThreadID])
  /// The guard of an atomic block.
  case condition

  /// The object that is waited for or at; `nil` for threads and conditions of atomic blocks.
  public var object: ObjectID? {
    switch self {
    case .acquiring(let object), .notification(let object), .lockOfCondition(_, let object),
      .event(let object), .parties(let object, _), .barrierToEmpty(let object), .item(let object),
      .room(let object), .tasksDone(let object, _):
      object
    case .threads, .condition: nil
    }
  }
}

extension Machine {
  /// What an object holds in a state.
  public func contents(of object: ObjectID, in state: inout MutableSpan<Int>) -> ObjectContents {
    let slot = layout.objects[object.index]
    switch kinds[object.index] {
    case .lock:
      let owner = state[slot]
      return .lock(owner: owner > 0 ? ThreadID(owner - 1) : nil, depth: owner > 0 ? 1 : 0)
    case .rlock:
      let owner = state[slot]
      return .lock(owner: owner > 0 ? ThreadID(owner - 1) : nil, depth: state[slot + 1])
    case .semaphore: return .semaphore(permits: state[slot])
    case .condition: return .condition(waiters: waiters(at: object, &state).map { ThreadID($0) })
    case .event:
      let waiters = waiters(at: object, &state).map { ThreadID($0) }
      return .event(isSet: state[slot] != 0, waiters: waiters)
    case .barrier(let parties):
      let phase: BarrierPhase =
        switch state[slot] {
        case BarrierState.draining: .draining
        case BarrierState.resetting: .resetting
        case BarrierState.broken: .broken
        default: .filling
        }
      return .barrier(phase, waiting: state[slot + 1], parties: parties)
    case .queue:
      let queue = slots(ofQueue: object)
      var items: [Int] = []
      for item in 0..<state[queue.count] { items.append(state[queue.items + item]) }
      return .queue(items: items, unfinished: queue.unfinished >= 0 ? state[queue.unfinished] : nil)
    }
  }

  /// What a thread that has no step waits for; `nil` if it does not run or has a step.
  public func blockage(of thread: Int, in state: inout MutableSpan<Int>) -> Blockage? {
    guard let position = position(of: thread, in: state.span),
      choices(of: thread, in: &state) == 0
    else { return nil }
    let frame = frame(of: thread)
    switch code[position.index] {
    case .acquire(let reference, _, _):
      return peek(reference, frame, &state).map { .acquiring(lockBehind($0)) }
    case .conditionWake(let reference, _, _):
      return peek(reference, frame, &state).map { object in
        isRegisteredAsWaiter(thread, in: state.span)
          ? .notification(object) : .lockOfCondition(object, lock: lockBehind(object))
      }
    case .eventWait(let reference, _, _), .eventWake(let reference, _, _):
      return peek(reference, frame, &state).map { .event($0) }
    case .barrierArrive(let reference, _, _):
      return peek(reference, frame, &state).map { .barrierToEmpty($0) }
    case .barrierLeave(let reference, _, _):
      return peek(reference, frame, &state).map { object in
        guard case .barrier(_, let waiting, let parties) = contents(of: object, in: &state) else {
          preconditionFailure("internal error: barrierLeave at something else")
        }
        return .parties(object, missing: parties - waiting)
      }
    case .put(let reference, _, _, _): return peek(reference, frame, &state).map { .room($0) }
    case .get(_, let reference, _, _): return peek(reference, frame, &state).map { .item($0) }
    case .queueJoin(let reference):
      return peek(reference, frame, &state).map {
        .tasksDone($0, unfinished: state[slots(ofQueue: $0).unfinished])
      }
    case .join(let target, _):
      let waitedFor = targets(of: target, frame, &state)
      return .threads(
        waitedFor.filter { state[layout.threads[$0].control] >= 0 }.map { ThreadID($0) }
      )
    case .atomicBegin: return .condition
    default: return nil
    }
  }
}
