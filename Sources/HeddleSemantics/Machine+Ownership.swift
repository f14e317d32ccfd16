public import HeddleProgram

// Who holds what, and who waits for whom.

extension Machine {
  /// The locks and rlocks that a thread owns, in the order of declaration.
  public func heldLocks(of thread: Int, in state: Span<Int>) -> [ObjectID] {
    program.objects.indices.compactMap { index in
      switch program.objects[index].kind {
      case .lock, .rlock:
        state[layout.objects[index]] == thread + 1 ? ObjectID(index) : nil
      default: nil
      }
    }
  }

  /// Whether a daemon has taken an item from a queue that counts tasks and has not called `task_done` for it.
  public func hasUnfinishedItems(_ thread: Int, in state: Span<Int>) -> Bool {
    let slots = layout.threads[thread]
    guard slots.taken >= 0 else { return false }
    for slot in slots.taken..<slots.end where state[slot] > 0 { return true }
    return false
  }

  /// The number of items in a queue; `nil` if the object is something else.
  public func itemCount(of object: ObjectID, in state: Span<Int>) -> Int? {
    layout.queues[object.index].map { state[$0.count] }
  }

  /// The threads that a blocked thread waits for: the owner of its lock, or the unfinished threads it joins.
  ///
  /// Empty for whoever can move, and for whoever waits for something that belongs to no thread.
  public func blockers(of thread: Int, in state: inout MutableSpan<Int>) -> [Int] {
    guard choices(of: thread, in: &state) == 0 else { return [] }
    let position = state[controls[thread]]
    guard position > 0 else { return [] }
    let frame = frame(of: thread)
    switch code[position] {
    case .acquire(let reference, _, _):
      return peek(reference, frame, &state).flatMap { ownerOfLock(lockBehind($0), &state) } ?? []
    case .conditionWake(let reference, _, _):
      guard state[layout.threads[thread].wait] <= 0 else { return [] }
      return peek(reference, frame, &state).flatMap { ownerOfLock(lockBehind($0), &state) } ?? []
    case .join(let target, _):
      return targets(of: target, frame, &state).filter {
        !hasEnded($0, in: state.span)
      }
    default:
      return []
    }
  }

  private func ownerOfLock(_ object: ObjectID, _ state: inout MutableSpan<Int>) -> [Int]? {
    switch kinds[object.index] {
    case .lock, .rlock:
      owner(of: object, in: state.span).map { [$0.index] }
    default: nil
    }
  }

  /// The object that a thread's next instruction works on, or whose wait set it is in; `nil` if there is none.
  public func nextObject(of thread: Int, in state: inout MutableSpan<Int>) -> ObjectID? {
    let position = state[controls[thread]]
    guard position > 0, let reference = code[position].object else { return nil }
    return peek(reference, frame(of: thread), &state)
  }

  /// The unfinished threads that a thread standing at a blocking `join` waits for; `nil` if it stands elsewhere.
  public func awaitedThreads(of thread: Int, in state: inout MutableSpan<Int>) -> [Int]? {
    let position = state[controls[thread]]
    guard position > 0, case .join(let target, .blocking) = code[position] else { return nil }
    return targets(of: target, frame(of: thread), &state).filter { !hasEnded($0, in: state.span) }
  }
}
