import HeddleProgram

extension Machine {
  /// Executes one visible instruction but a read or write; returns where the thread goes on.
  func take(
    _ instruction: Instruction,
    at position: Int,
    choice: Int,
    _ frame: inout Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Int {
    let next = position + 1
    switch instruction {
    case .acquire(let reference, _, let result):
      return try acquire(reference, result, at: position, frame, &state, &effects)
    case .release(let reference, let count):
      return try release(reference, count, at: position, frame, &state, &effects)
    case .conditionWait(let reference):
      return try conditionWait(reference, at: position, frame, &state, &effects)
    case .conditionWake(let reference, let waiting, let result):
      return try conditionWake(
        reference,
        waiting,
        result,
        at: position,
        choice: choice,
        frame,
        &state,
        &effects
      )
    case .notify(let reference, let count):
      return try notify(reference, count, at: position, choice: choice, frame, &state, &effects)
    case .eventSet(let reference):
      return try eventSet(reference, at: position, frame, &state, &effects)
    case .eventClear(let reference):
      let object = try object(reference, frame, &state, at: position)
      state[layout.objects[object.index]] = 0
      effects.record(.clearedEvent(object))
      return next
    case .eventWait(let reference, _, let result):
      return try eventWait(reference, result, at: position, frame, &state, &effects)
    case .eventWake(let reference, _, let result):
      return try eventWake(reference, result, at: position, frame, &state, &effects)
    case .barrierArrive(let reference, let result, let onBroken):
      return try barrierArrive(reference, result, onBroken, at: position, frame, &state, &effects)
    case .barrierLeave(let reference, _, let onBroken):
      return try barrierLeave(reference, onBroken, at: position, frame, &state, &effects)
    case .barrierAbort(let reference):
      let object = try object(reference, frame, &state, at: position)
      state[layout.objects[object.index]] = BarrierState.broken
      effects.record(.abortedBarrier(object))
      return next
    case .barrierReset(let reference):
      return try barrierReset(reference, at: position, frame, &state, &effects)
    case .put(let reference, let value, _, let onFailure):
      return try put(reference, value, onFailure, at: position, frame, &state, &effects)
    case .get(let result, let reference, _, let onFailure):
      return try get(result, reference, onFailure, at: position, frame, &state, &effects)
    case .taskDone(let reference):
      return try taskDone(reference, at: position, frame, &state, &effects)
    case .queueJoin(let reference):
      let object = try object(reference, frame, &state, at: position)
      effects.record(.joinedQueue(object))
      return next
    case .observe(let result, let reference, let observation):
      let object = try object(reference, frame, &state, at: position)
      let value = observe(observation, object, &state)
      write(value, to: result, frame, &state)
      effects.record(.observed(object, observation, value: value))
      return next
    case .start(let type, let count, let arguments, let results):
      return try start(type, count, arguments, results, at: position, frame, &state, &effects)
    case .join(let target, _):
      return try join(target, at: position, frame, &state, &effects)
    case .isAlive(let result, let handle):
      let thread = value(handle, frame, &state)
      let isAlive = state[controls[thread]] > 0
      write(isAlive ? 1 : 0, to: result, frame, &state)
      effects.record(.sawAlive(ThreadID(thread), isAlive))
      return next
    case .any(let result, let lower, let upper):
      let low = value(lower, frame, &state)
      let high = value(upper, frame, &state)
      guard low <= high else { throw .misuse(.emptyRange, at: position) }
      let (distance, overflow) = high.subtractingReportingOverflow(low)
      guard !overflow, distance < Self.maximumChoices else { throw .limit(.choices) }
      write(low + choice, to: result, frame, &state)
      effects.record(.chose(value: low + choice))
      return next
    case .anyInteger(let result):
      guard options.takesChosenIntegers else { throw .limit(.symbolicValue) }
      write(choice, to: result, frame, &state)
      effects.record(.chose(value: choice))
      return next
    case .choose(let targets):
      effects.record(.choseBranch(choice))
      return program.targetLists[targets][choice].index
    case .atomicBegin:
      frame.isInsideBlock = true
      return next
    case .sleep:
      effects.record(.slept)
      return next
    default:
      preconditionFailure("internal error: \(instruction) is not a visible instruction")
    }
  }

  // MARK: Reads and writes

  @inline(__always)
  func load(
    _ operation: Operation,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) {
    let element =
      operation.isScalar ? 0 : try element(accessedAt: position, frame, &state)
    let slot = operation.slot &+ element
    let value = state[slot]
    state[frame.registers &+ operation.result] = value
    setFresh(operation, element: element, frame, &state)
    if frame.isInsideBlock, !frame.isProbe { effects.noteAtomicLoad(of: slot) }
    if effects.isRecording || effects.isRecordingAccesses {
      recordRead(at: position, slot, value, frame, &effects)
    }
  }

  /// Takes down a read for those who ask for more than its outcome.
  @inline(never)
  private func recordRead(
    at position: Int,
    _ slot: Int,
    _ value: Int,
    _ frame: Frame,
    _ effects: inout StepEffects
  ) {
    let operation = operations[position]
    let variable = VariableID(operation.variable)
    effects.record(.read(variable, element: slot - operation.slot, value: value))
    effects.recordAccess(access(operation, slot, isAtomic: frame.isInsideBlock))
  }

  /// The same for a write.
  @inline(never)
  private func recordWrite(
    at position: Int,
    _ slot: Int,
    _ old: Int,
    _ new: Int,
    isLostUpdate: Bool,
    _ frame: Frame,
    _ effects: inout StepEffects
  ) {
    let operation = operations[position]
    effects.record(
      .wrote(
        VariableID(operation.variable),
        element: slot - operation.slot,
        old: old,
        new: new,
        isLostUpdate: isLostUpdate
      )
    )
    effects.recordAccess(access(operation, slot, isAtomic: frame.isInsideBlock))
  }

  @inline(__always)
  func store(
    _ operation: Operation,
    at position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) {
    let element =
      operation.isScalar ? 0 : try element(accessedAt: position, frame, &state)
    let slot = operation.slot &+ element
    let value = value(operation.left, frame, &state)
    let isLost =
      isStale(operation, element: element, frame, &state)
      && !(frame.isInsideBlock && effects.atomicLoads.contains(slot))
    if isLost { effects.noteLostUpdate(VariableID(operation.variable)) }
    if effects.isRecording || effects.isRecordingAccesses {
      recordWrite(
        at: position,
        slot,
        state[slot],
        value,
        isLostUpdate: isLost,
        frame,
        &effects
      )
    }
    state[slot] = value
    makeStale(operation.variable, element: element, writer: frame.thread, &state, &effects)
  }

  func access(_ operation: Operation, _ slot: Int, isAtomic: Bool) -> SharedAccess {
    SharedAccess(
      variable: VariableID(operation.variable),
      slot: slot,
      isWrite: operation.kind == .store,
      isAtomic: isAtomic
    )
  }

  // MARK: Places and objects

  /// The number of the element that the read or write at a position refers to.
  @inline(never)
  func element(
    accessedAt position: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) throws(Interruption) -> Int {
    switch code[position] {
    case .load(_, let place), .store(let place, _):
      return try element(of: place, frame, &state, at: position)
    default: preconditionFailure("internal error: neither a read nor a write")
    }
  }

  /// Writes a value that came from no read.
  func write(_ value: Int, to register: Register?, _ frame: Frame, _ state: inout MutableSpan<Int>)
  {
    guard let register else { return }
    state[frame.registers + register.index] = value
    clearTaint(of: register, frame, &state)
  }

  /// The number of the element that a place refers to.
  private func element(
    of place: Place,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    at position: Int
  ) throws(Interruption) -> Int {
    switch place {
    case .scalar: return 0
    case .element(let variable, let index):
      let index = value(index, frame, &state)
      guard index >= 0, index < elementCounts[variable.index] else {
        throw .misuse(.indexOutOfRange, at: position)
      }
      return index
    case .field(let variable, let owner):
      return try fieldStart(variable, owner, frame, &state, at: position).start
    case .fieldElement(let variable, let owner, let index):
      let (start, length) = try fieldStart(variable, owner, frame, &state, at: position)
      let index = value(index, frame, &state)
      guard index >= 0, index < length else { throw .misuse(.indexOutOfRange, at: position) }
      return start + index
    }
  }

  private func fieldStart(
    _ variable: VariableID,
    _ owner: Operand,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    at position: Int
  ) throws(Interruption) -> (start: Int, length: Int) {
    let thread = value(owner, frame, &state)
    guard case .field(let slots, let length, _) = program.variables[variable.index].shape,
      slots.indices.contains(thread), slots[thread] >= 0
    else { throw .misuse(.noneUsed, at: position) }
    return (slots[thread] * length, length)
  }

  func object(
    _ reference: ObjectReference,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    at position: Int
  ) throws(Interruption) -> ObjectID {
    guard let operand = reference.index else { return reference.first }
    let index = value(operand, frame, &state)
    guard index >= 0, index < reference.count else { throw .misuse(.indexOutOfRange, at: position) }
    return ObjectID(reference.first.index + index)
  }

  func observe(
    _ observation: Observation,
    _ object: ObjectID,
    _ state: inout MutableSpan<Int>
  )
    -> Int
  {
    let slot = layout.objects[object.index]
    switch observation {
    case .isLocked:
      if case .condition(let lock, _) = kinds[object.index] {
        return state[layout.objects[lock.index]] != 0 ? 1 : 0
      }
      return state[slot] != 0 ? 1 : 0
    case .isSet: return state[slot]
    case .queueSize: return state[slot]
    case .queueIsEmpty: return state[slot] == 0 ? 1 : 0
    case .queueIsFull:
      guard case .queue(_, .some(let capacity), _, _, _) = kinds[object.index] else {
        return 0
      }
      return state[slot] >= capacity ? 1 : 0
    case .barrierIsBroken: return state[slot] == BarrierState.broken ? 1 : 0
    case .barrierWaiting: return state[slot] == BarrierState.filling ? state[slot + 1] : 0
    }
  }
}
