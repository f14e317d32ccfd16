import HeddleProgram
import HeddleSemantics
import HeddleSolver

// Visible steps of threads.

extension Encoder {
  /// Takes one visible step outside atomic blocks.
  func takeVisible(_ thread: Int, _ position: Int, _ state: PathState) -> [Way] {
    let role = Role.thread(thread)
    let instruction = program.instructions[position]
    if let construct = unsupported(instruction, role, state) {
      let limit = SymbolicLimit.notEncoded(construct, line: line(of: position))
      addFrontier(state.guardFormula, limit)
      return []
    }
    let before = state
    var state = state
    let event = makeEvent(thread, position, &state)
    // Who stands at an instruction has come there, even if it is blocked for good.
    visits[position, default: []] += [
      Visit(
        condition: events[event].executed,
        moment: .step(event, thread: thread, failures: failures.count)
      ),
      Visit(condition: stopped(event), moment: .end),
    ]
    func next() -> [Way] { [Way(target: position + 1, state: state)] }
    func write(_ value: IntegerTerm, to register: Register?) {
      if let register { state.registers[register.index] = SymbolicValue(term: value) }
    }
    switch instruction {
    case .load(let register, let place):
      state.registers[register.index] = load(event, place, role, before, &state)
    case .store(let place, let operand): store(event, place, operand, role, before, &state)
    case .acquire(let reference, let waiting, let result):
      let acquired = acquire(event, reference, waiting, before, &state)
      write(terms.integer(acquired), to: result)
    case .release(let reference, let count): release(event, reference, count, before, &state)
    case .eventSet(let reference):
      failOnBadIndex(reference, event, before, &state)
      withObject(reference, event, before) { object, condition, _ in
        eventObjects[object, default: EventUse()].sets.append((event, condition))
      }
    case .eventClear(let reference):
      failOnBadIndex(reference, event, before, &state)
      withObject(reference, event, before) { object, condition, _ in
        eventObjects[object, default: EventUse()].clears.append((event, condition))
      }
    case .eventWait(let reference, let waiting, let result):
      return waitForEvent(event, reference, waiting, result, before, state)
    case .eventWake(let reference, let waiting, let result):
      let released = wake(event, reference, waiting, before, &state)
      write(terms.integer(released), to: result)
    case .put(let reference, let operand, let waiting, let onFailure):
      return put(event, reference, operand, waiting, onFailure.index, before, state)
    case .get(let register, let reference, let waiting, let onFailure):
      return get(event, register, reference, waiting, onFailure.index, before, state)
    case .taskDone(let reference): markDone(event, reference, before, &state)
    case .queueJoin(let reference): joinQueue(event, reference, before, &state)
    case .observe(let register, let reference, let observation):
      let value = observe(observation, reference, role, before, .event(event))
      failOnBadIndex(reference, event, before, &state)
      write(value, to: register)
    case .isAlive(let register, let handle):
      write(isAlive(handle, role, before, .event(event)), to: register)
    case .start(let type, let count, let arguments, let results):
      start(event, type, count, arguments, results, before, &state)
    case .join(let target, let waiting): join(event, target, waiting, before, &state)
    case .any(let register, let lower, let upper):
      let (low, high) = (value(lower, role, before).term, value(upper, role, before).term)
      let choice = boundedVariable(from: 0, through: max(0, distance(low, high)))
      events[event].choice = choice
      fail(misuse(at: position), if: terms.less(high, low), thread, &state)
      write(terms.sum([low, choice]), to: register)
    case .anyInteger(let register):
      let choice = boundedVariable(from: Int.min, through: Int.max)
      events[event].choice = choice
      write(choice, to: register)
    case .choose(let list):
      let targets = program.targetLists[list]
      let choice = boundedVariable(from: 0, through: targets.count - 1)
      events[event].choice = choice
      return targets.enumerated().map { number, target in
        var way = state
        let isChosen = terms.equal(choice, terms.integer(number))
        way.guardFormula = terms.and(state.guardFormula, isChosen)
        return Way(target: target.index, state: way)
      }
    case .atomicBegin: beginBlock(event, position, before, &state)
    default: break
    }
    return next()
  }

  private func distance(_ low: IntegerTerm, _ high: IntegerTerm) -> Int {
    guard let low = terms.value(of: low), let high = terms.value(of: high) else { return 0 }
    return high.subtractingReportingOverflow(low).partialValue
  }

  /// What cannot be encoded about a step, in words; `nil` if it can.
  private func unsupported(_ instruction: Instruction, _ role: Role, _ state: PathState) -> String?
  {
    switch instruction {
    case .conditionWait, .conditionWake, .notify: return "conditions"
    case .barrierArrive, .barrierLeave, .barrierAbort, .barrierReset: return "barriers"
    case .put(let reference, _, _, _), .get(_, let reference, _, _):
      switch program.objects[reference.first.index].kind {
      case .queue(order: .lifo, _, _, _, _): return "queues that are last in, first out"
      case .queue(order: .priority, _, _, _, _): return "priority queues"
      default: return nil
      }
    case .acquire(let reference, _, _), .release(let reference, _):
      return unsupportedLocking(reference, role, state)
    case .observe(_, _, .barrierIsBroken), .observe(_, _, .barrierWaiting): return "barriers"
    case .any(_, let lower, let upper):
      guard let low = terms.value(of: value(lower, role, state).term),
        let high = terms.value(of: value(upper, role, state).term)
      else { return "an `any` whose range is not fixed" }
      let (distance, overflow) = high.subtractingReportingOverflow(low)
      return overflow || distance >= Machine.maximumChoices
        ? "a range of more than 65 536 values" : nil
    case .start(let type, let count, _, _): return unsupportedStart(type, count, role, state)
    case .join(let target, _): return unsupportedJoin(target, role, state)
    case .isAlive(let handle, _):
      _ = handle
      return nil
    default: return nil
    }
  }

  // MARK: Shared variables

  private func load(
    _ event: Int,
    _ place: Place,
    _ role: Role,
    _ before: PathState,
    _ state: inout PathState
  ) -> SymbolicValue {
    let (slots, isInvalid) = slots(place, role, before)
    for (slot, condition) in slots {
      events[event].accesses.append(
        PendingAccess(slot: slot, isWrite: false, isAtomic: false, condition: condition)
      )
    }
    failInPlace(place, isInvalid, event, &state)
    var parts: [(read: Int, condition: Formula)] = []
    for (slot, condition) in slots {
      let happens = terms.and(events[event].executed, condition)
      parts.append((read(event, slot, if: happens), condition))
    }
    return combined(parts)
  }

  private func failInPlace(
    _ place: Place,
    _ isInvalid: Formula,
    _ event: Int,
    _ state: inout PathState
  ) {
    fail(
      misuse(at: events[event].position),
      if: isInvalid,
      events[event].thread,
      &state
    )
  }

  private func store(
    _ event: Int,
    _ place: Place,
    _ operand: Operand,
    _ role: Role,
    _ before: PathState,
    _ state: inout PathState
  ) {
    let (slots, isInvalid) = slots(place, role, before)
    let new = value(operand, role, before)
    failInPlace(place, isInvalid, event, &state)
    for (slot, condition) in slots {
      events[event].accesses.append(
        PendingAccess(slot: slot, isWrite: true, isAtomic: false, condition: condition)
      )
      let happens = terms.and(events[event].executed, condition)
      write(event, slot, new.term, if: happens)
      let sources = new.sources.filter { reads[$0.read].slot == slot }
      if !sources.isEmpty {
        stores.append(
          StoreRecord(event: event, slot: slot, condition: happens, sources: sources)
        )
      }
    }
  }

  // MARK: Objects

  /// The objects that a reference may mean, each with its condition.
  func objects(
    _ reference: ObjectReference,
    _ role: Role,
    _ state: PathState
  ) -> [(object: Int, condition: Formula)] {
    guard let operand = reference.index else { return [(reference.first.index, terms.yes)] }
    let index = value(operand, role, state).term
    var result: [(object: Int, condition: Formula)] = []
    for offset in 0..<reference.count {
      let isHere = terms.equal(index, terms.integer(offset))
      if isHere != terms.no { result.append((reference.first.index + offset, isHere)) }
    }
    return result
  }

  /// An index out of range is misuse in the step itself, which is never blocked.
  func failOnBadIndex(
    _ reference: ObjectReference,
    _ event: Int,
    _ before: PathState,
    _ state: inout PathState
  ) {
    guard let operand = reference.index else { return }
    let role = Role.thread(events[event].thread)
    let index = value(operand, role, before).term
    let isInvalid = terms.not(isIndex(index, below: reference.count))
    fail(misuse(at: events[event].position), if: isInvalid, events[event].thread, &state)
  }

  /// Does something for each object that a reference may mean, with the conditions that the step works on it and that it is the one.
  func withObject(
    _ reference: ObjectReference,
    _ event: Int,
    _ before: PathState,
    _ body: (_ object: Int, _ happens: Formula, _ isMeant: Formula) -> Void
  ) {
    for (object, condition) in objects(reference, .thread(events[event].thread), before) {
      body(object, terms.and(events[event].executed, condition), condition)
    }
  }
}
