import HeddleProgram

// `queue.Queue`, `LifoQueue` and `PriorityQueue`.

extension Machine {
  func slots(ofQueue object: ObjectID) -> StateLayout.QueueSlots {
    guard let slots = layout.queues[object.index] else {
      preconditionFailure("internal error: a queue operation on something else")
    }
    return slots
  }

  func isFull(_ object: ObjectID, _ state: inout MutableSpan<Int>) -> Bool {
    guard case .queue(_, .some(let capacity), _, _, _) = kinds[object.index] else {
      return false
    }
    return state[slots(ofQueue: object).count] >= capacity
  }

  func put(
    _ reference: ObjectReference,
    _ operand: Operand,
    _ onFailure: InstructionID,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let queue = slots(ofQueue: object)
    if isFull(object, &state) {
      effects.record(.foundFull(object))
      return onFailure.index
    }
    guard case .queue(let order, _, _, _, let items) = kinds[object.index] else {
      preconditionFailure("internal error: a queue operation on something else")
    }
    let value = value(operand, frame, &state)
    let count = state[queue.count]
    guard count < queue.capacity else { throw .limit(.queueLength(object)) }
    var index = count
    if order == .priority, count > 0 {
      // Python would compare the two, and `None` has no order.
      if items.isOptional, value == Program.none || state[queue.items] == Program.none {
        throw .misuse(.noneUsed, at: position)
      }
      while index > 0, comesBefore(value, state[queue.items + index - 1], items) {
        state[queue.items + index] = state[queue.items + index - 1]
        index -= 1
      }
    }
    state[queue.items + index] = value
    state[queue.count] = count + 1
    if queue.unfinished >= 0 { state[queue.unfinished] += 1 }
    effects.record(.put(object, value: value))
    return position + 1
  }

  private func comesBefore(_ left: Int, _ right: Int, _ type: ValueType) -> Bool {
    type.base == .string ? strings.isLess(left, right) : left < right
  }

  func get(
    _ result: Register,
    _ reference: ObjectReference,
    _ onFailure: InstructionID,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let queue = slots(ofQueue: object)
    let count = state[queue.count]
    guard count > 0 else {
      write(0, to: result, frame, &state)
      effects.record(.foundEmpty(object))
      return onFailure.index
    }
    let value: Int
    if case .queue(.lifo, _, _, _, _) = kinds[object.index] {
      value = state[queue.items + count - 1]
    } else {
      value = state[queue.items]
      for index in 1..<max(1, count) {
        state[queue.items + index - 1] = state[queue.items + index]
      }
    }
    state[queue.items + count - 1] = 0
    state[queue.count] = count - 1
    if let taken = takenSlot(object, frame.thread) { state[taken] += 1 }
    write(value, to: result, frame, &state)
    effects.record(.got(object, value: value))
    return position + 1
  }

  func taskDone(
    _ reference: ObjectReference,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let object = try object(reference, frame, &state, at: position)
    let queue = slots(ofQueue: object)
    guard state[queue.unfinished] > 0 else { throw .misuse(.taskDoneTooOften, at: position) }
    state[queue.unfinished] -= 1
    if let taken = takenSlot(object, frame.thread), state[taken] > 0 { state[taken] -= 1 }
    effects.record(.markedDone(object))
    return position + 1
  }

  /// Where a daemon counts the items of the queue that it has taken and not marked done.
  func takenSlot(_ object: ObjectID, _ thread: Int) -> Int? {
    guard thread >= 0, layout.threads[thread].taken >= 0, takenPositions[object.index] >= 0 else {
      return nil
    }
    return layout.threads[thread].taken + takenPositions[object.index]
  }
}
