import HeddleProgram

extension Machine {
  /// How many outcomes the thread's next step has: 0 if it has no step, because it does not run or is blocked.
  ///
  /// - Complexity: O(1) for most instructions; a guard costs what its evaluation costs.
  public func choices(of thread: Int, in state: inout MutableSpan<Int>) -> Int {
    let position = state[controls[thread]]
    guard position > 0 else { return 0 }
    return operations[position].hasChoices ? choices(of: thread, at: position, &state) : 1
  }

  /// Finds how many outcomes each thread's next step has.
  ///
  /// - Parameters:
  ///   - state: The buffer; only its workspace changes.
  ///   - enabled: By thread: gets what ``choices(of:in:)`` says.
  /// - Returns: Whether some thread has a step.
  public func findEnabled(in state: inout MutableSpan<Int>, into enabled: inout [Int]) -> Bool {
    let controls = controls
    let operations = operations
    var enabled = enabled.mutableSpan
    var canMove = false
    for thread in controls.indices {
      let position = state[controls[thread]]
      var choices = 0
      if position > 0 {
        choices =
          operations[position].hasChoices ? self.choices(of: thread, at: position, &state) : 1
        if choices > 0 { canMove = true }
      }
      enabled[thread] = choices
    }
    return canMove
  }

  private func choices(
    of thread: Int,
    at position: Int,
    _ state: inout MutableSpan<Int>
  ) -> Int {
    let frame = frame(of: thread)
    switch code[position] {
    case .acquire(let reference, .blocking, _):
      guard let object = peek(reference, frame, &state) else { return 1 }
      return canAcquire(object, by: thread, &state) ? 1 : 0
    case .conditionWake(let reference, let waiting, _):
      guard let object = peek(reference, frame, &state) else { return 1 }
      if state[layout.threads[thread].wait] == object.index + 1 {
        return (waiting == .timed ? 1 : 0) + (options.allowsSpuriousWakeups ? 1 : 0)
      }
      return state[layout.objects[lockBehind(object).index]] == 0 ? 1 : 0
    case .notify(let reference, let count):
      guard let count, let object = peek(reference, frame, &state), !isFIFO(object) else {
        return 1
      }
      // Without the lock it is misuse, whoever waits.
      guard state[layout.objects[lockBehind(object).index]] == thread + 1 else { return 1 }
      let waiting = waiterCount(at: object, &state)
      guard count < waiting else { return 1 }
      let combinations = Combinations.count(of: count, from: waiting)
      return combinations > Self.maximumChoices ? 1 : combinations
    case .eventWait(let reference, .blocking, _):
      guard let object = peek(reference, frame, &state) else { return 1 }
      return isCleared(object) || state[layout.objects[object.index]] != 0 ? 1 : 0
    case .eventWake(_, .blocking, _):
      return state[layout.threads[thread].wait] == WaitWord.none ? 1 : 0
    case .barrierArrive(let reference, _, _):
      guard let object = peek(reference, frame, &state) else { return 1 }
      let phase = state[layout.objects[object.index]]
      return phase == BarrierState.filling || phase == BarrierState.broken ? 1 : 0
    case .barrierLeave(let reference, .blocking, _):
      guard let object = peek(reference, frame, &state) else { return 1 }
      return state[layout.objects[object.index]] != BarrierState.filling ? 1 : 0
    case .put(let reference, _, .blocking, _):
      guard let object = peek(reference, frame, &state) else { return 1 }
      return isFull(object, &state) ? 0 : 1
    case .get(_, let reference, .blocking, _):
      guard let object = peek(reference, frame, &state) else { return 1 }
      return state[slots(ofQueue: object).count] > 0 ? 1 : 0
    case .queueJoin(let reference):
      guard let object = peek(reference, frame, &state) else { return 1 }
      return state[slots(ofQueue: object).unfinished] == 0 ? 1 : 0
    case .join(let target, .blocking):
      return canJoin(target, frame, &state) ? 1 : 0
    case .any(_, let lower, let upper):
      let low = value(lower, frame, &state)
      let (distance, overflow) = value(upper, frame, &state).subtractingReportingOverflow(low)
      guard !overflow, distance > 0, distance < Self.maximumChoices else { return 1 }
      return distance + 1
    case .choose(let targets):
      return program.targetLists[targets].count
    case .atomicBegin(hasGuard: true):
      return guardHolds(thread, at: position, &state) ? 1 : 0
    default:
      return 1
    }
  }

  /// The object a reference means; `nil` if the index is out of range, which the step itself will report.
  func peek(
    _ reference: ObjectReference,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  )
    -> ObjectID?
  {
    guard let operand = reference.index else { return reference.first }
    let index = value(operand, frame, &state)
    guard index >= 0, index < reference.count else { return nil }
    return ObjectID(reference.first.index + index)
  }

  /// Evaluates the guard of an atomic block on a copy of the thread's registers.
  ///
  /// A guard that fails is a step.
  private func guardHolds(_ thread: Int, at position: Int, _ state: inout MutableSpan<Int>) -> Bool
  {
    let slots = layout.threads[thread]
    for offset in 0..<slots.end - slots.registers {
      state[layout.width + offset] = state[slots.registers + offset]
    }
    var probe = frame(of: thread)
    probe.taint = slots.taint >= 0 ? layout.width + (slots.taint - slots.registers) : -1
    probe.registers = layout.width
    probe.isInsideBlock = true
    probe.isProbe = true
    var effects = StepEffects.ignored
    do throws(Interruption) {
      if case .guardChecked(let holds) = try run(
        &probe,
        from: position + 1,
        choice: nil,
        &state,
        &effects
      ) {
        return holds
      }
      return true
    } catch {
      return true
    }
  }

  /// What the thread's next step accesses, if it is a plain read or write: at most one access.
  ///
  /// An atomic block is answered by ``accessesOfBlock(_:in:effects:)``.
  public func access(of thread: Int, in state: inout MutableSpan<Int>) -> SharedAccess? {
    let position = state[controls[thread]]
    guard position > 0 else { return nil }
    let operation = operations[position]
    guard operation.kind == .load || operation.kind == .store else { return nil }
    do throws(Interruption) {
      let element =
        operation.isScalar ? 0 : try element(accessedAt: position, frame(of: thread), &state)
      return access(operation, operation.slot + element, isAtomic: false)
    } catch {
      return nil
    }
  }

  /// Whether the thread stands at an atomic block.
  public func standsAtBlock(_ thread: Int, in state: Span<Int>) -> Bool {
    let position = state[controls[thread]]
    if position > 0, case .atomicBegin = code[position] { return true }
    return false
  }

  /// What an atomic block accesses, by taking the step on a copy of the state.
  ///
  /// The thread must have a step.
  ///
  /// - Complexity: O(width) and an allocation; ask only where another thread stands at an access.
  public func accessesOfBlock(_ thread: Int, in state: Span<Int>) -> [SharedAccess] {
    var copy: [Int] = []
    copy.reserveCapacity(layout.bufferWidth)
    for slot in 0..<layout.bufferWidth { copy.append(state[slot]) }
    var effects = StepEffects(for: program)
    effects.isRecordingAccesses = true
    var span = copy.mutableSpan
    _ = apply(thread, choice: 0, to: &span, effects: &effects)
    return effects.accesses.filter(\.isAtomic)
  }
}
