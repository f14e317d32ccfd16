extension ProgramVerifier {
  /// Checks an instruction; returns what the code after it is inside of.
  func check(
    _ instruction: Instruction,
    at position: InstructionID,
    _ atomicity: Atomicity
  ) -> Atomicity {
    let here = place(position)
    guard hasKnownTables(instruction) else {
      expect(false, "\(here): \(instruction) refers to a table entry that does not exist")
      return atomicity
    }
    let registers =
      program.registersRead(by: instruction) + program.registersWritten(by: instruction)
    for register in registers {
      expect(
        (0..<region.registerCount).contains(register.index),
        "\(here) uses \(register) of \(region.registerCount)"
      )
    }
    checkOperands(of: instruction, here)
    if region.isObserver { checkObserver(instruction, here) }
    checkOperation(instruction, at: position, here)
    return checkAtomicity(instruction, here, atomicity)
  }

  // MARK: Tables

  private func hasKnownTables(_ instruction: Instruction) -> Bool {
    switch instruction {
    case .format(_, let template), .print(let template):
      program.templates.indices.contains(template.index)
    case .fail(let template, _):
      template.map { program.templates.indices.contains($0.index) } ?? true
    case .assert(_, let claim), .assume(_, let claim):
      program.claims.indices.contains(claim.index)
        && (program.claims[claim.index].message
          .map { program.templates.indices.contains($0.index) } ?? true)
    case .start(let type, _, let arguments, _):
      program.threadTypes.indices.contains(type.index)
        && program.argumentLists.indices.contains(arguments)
    case .choose(let targets): program.targetLists.indices.contains(targets)
    default: true
    }
  }

  // MARK: Operands

  private func checkOperands(of instruction: Instruction, _ here: String) {
    switch instruction {
    case .load(_, let place): check(place, here)
    case .store(let place, _): check(place, here)
    case .loadRegister(_, let range, let index), .storeRegister(let range, let index, _):
      check(index, below: range.count, here)
    default: break
    }
    guard let object = instruction.object else { return }
    expect(
      object.count > 0 && object.first.index >= 0
        && object.first.index + object.count <= program.objects.count,
      "\(here) refers to \(object.count) objects from \(object.first)"
    )
    expect(
      object.count == 1 || object.index != nil,
      "\(here) refers to an array without an index"
    )
    if let index = object.index { check(index, below: object.count, here) }
  }

  private func check(_ place: Place, _ here: String) {
    guard program.variables.indices.contains(place.variable.index) else {
      return expect(false, "\(here) refers to the unknown \(place.variable)")
    }
    let variable = program.variables[place.variable.index]
    switch (place, variable.shape) {
    case (.scalar, .scalar), (.field, .field(_, _, isArray: false)): break
    case (.element(_, let index), .array(let length)): check(index, below: length, here)
    case (.fieldElement(_, _, let index), .field(_, let length, isArray: true)):
      check(index, below: length, here)
    default: expect(false, "\(here) takes \(variable.name) for \(place)")
    }
  }

  private func check(_ index: Operand, below count: Int, _ here: String) {
    if case .constant(let constant) = index {
      expect((0..<count).contains(constant), "\(here) has the index \(constant) of \(count)")
    }
  }

  // MARK: Observers

  /// Observers only read, and belong to no thread.
  private func checkObserver(_ instruction: Instruction, _ here: String) {
    switch instruction {
    case .load(_, let place):
      if case .field(_, owner: .thisThread) = place { expect(false, "\(here) has no own thread") }
    case .observe, .isAlive, .observerEnd: break
    case .end, .fail, .atomicGuard, .atomicEnd:
      expect(false, "\(here) is \(instruction) in an observer")
    default:
      expect(!instruction.isVisible, "\(here) is \(instruction) in an observer")
    }
  }

  // MARK: Operations

  private func checkOperation(
    _ instruction: Instruction,
    at position: InstructionID,
    _ here: String
  ) {
    let next =
      position.index + 1 < program.instructions.count
      ? program.instructions[position.index + 1] : nil
    switch instruction {
    case .observerEnd: expect(region.isObserver, "\(here) ends an observer")
    case .conditionWait(let object):
      guard case .conditionWake(object, _, _)? = next else {
        return expect(false, "\(here) waits without waking up")
      }
    case .eventWait(let object, let waiting, _):
      guard case .event(isCleared: true) = program.objects[object.first.index].kind else { return }
      guard case .eventWake(object, waiting, _)? = next else {
        return expect(false, "\(here) waits without waking up")
      }
    case .barrierArrive(let object, _, _):
      guard case .barrierLeave(object, _, _)? = next else {
        return expect(false, "\(here) arrives without leaving")
      }
    case .start(let type, let count, let arguments, _):
      let declaration = program.threadTypes[type.index]
      expect(!declaration.isMain, "\(here) starts main")
      expect(count > 0, "\(here) starts \(count) threads")
      expect(
        program.argumentLists[arguments].count == declaration.parameterCount,
        "\(here) gives \(program.argumentLists[arguments].count) arguments"
      )
    case .choose(let targets):
      expect(!program.targetLists[targets].isEmpty, "\(here) has nothing to choose")
    case .release(_, let count), .notify(_, count: let count?):
      expect(count > 0, "\(here) counts \(count)")
    default: break
    }
    if let object = instruction.object { checkKind(of: object, for: instruction, here) }
  }

  private func checkKind(
    of object: ObjectReference,
    for instruction: Instruction,
    _ here: String
  ) {
    for index in object.first.index..<object.first.index + object.count {
      guard program.objects.indices.contains(index) else { return }
      let target = program.objects[index]
      expect(
        instruction.applies(to: target.kind),
        "\(here): \(instruction) is not for \(target.name)"
      )
    }
  }

  // MARK: Atomic blocks

  private func checkAtomicity(
    _ instruction: Instruction,
    _ here: String,
    _ before: Atomicity
  ) -> Atomicity {
    switch instruction {
    case .atomicBegin(let hasGuard):
      expect(before == .outside, "\(here) begins an atomic block in another one")
      return hasGuard ? .inGuard : .inside
    case .atomicGuard:
      expect(before == .inGuard, "\(here) is the guard of no atomic block")
      return .inside
    case .atomicEnd:
      expect(before == .inside, "\(here) ends no atomic block")
      return .outside
    case .end: expect(before == .outside, "\(here) ends the thread in an atomic block")
    default: break
    }
    switch before {
    case .outside: break
    case .inGuard:
      switch instruction {
      case .load, .observe, .isAlive: break
      default:
        expect(!instruction.isVisible, "\(here): \(instruction) in the guard of an atomic block")
      }
    case .inside: expect(!mayBlock(instruction), "\(here): \(instruction) in an atomic block")
    }
    return before
  }

  /// Whether the instruction may be without a step, or have several.
  private func mayBlock(_ instruction: Instruction) -> Bool {
    switch instruction {
    case .acquire(_, let waiting, _), .get(_, _, let waiting, _): return waiting != .nonblocking
    case .put(let object, _, let waiting, _):
      guard waiting != .nonblocking else { return false }
      let range = object.first.index..<object.first.index + object.count
      return range.contains {
        if case .queue(_, _?, _, _, _) = program.objects[$0].kind { true } else { false }
      }
    case .conditionWait, .conditionWake, .eventWait, .eventWake, .barrierArrive, .barrierLeave,
      .queueJoin, .join, .start, .sleep, .any, .anyInteger, .choose, .notify(_, count: _?):
      return true
    default: return false
    }
  }
}

extension Instruction {
  /// Whether it is an operation of the kind of object.
  func applies(to kind: SyncObject.Kind) -> Bool {
    switch (self, kind) {
    case (.acquire, .lock), (.acquire, .rlock), (.acquire, .semaphore), (.acquire, .condition),
      (.release, .lock), (.release, .rlock), (.release, .semaphore), (.release, .condition),
      (.conditionWait, .condition), (.conditionWake, .condition), (.notify, .condition),
      (.eventSet, .event), (.eventClear, .event(isCleared: true)), (.eventWait, .event),
      (.eventWake, .event(isCleared: true)), (.barrierArrive, .barrier),
      (.barrierLeave, .barrier), (.barrierAbort, .barrier), (.barrierReset, .barrier),
      (.put, .queue), (.get, .queue):
      true
    case (.taskDone, .queue(_, _, _, let countsTasks, _)),
      (.queueJoin, .queue(_, _, _, let countsTasks, _)):
      countsTasks
    case (.observe(_, _, let observation), _): observation.applies(to: kind)
    default: false
    }
  }
}

extension Observation {
  /// Whether it can be asked about the kind of object.
  func applies(to kind: SyncObject.Kind) -> Bool {
    switch (self, kind) {
    case (.isLocked, .lock), (.isLocked, .rlock), (.isSet, .event), (.queueSize, .queue),
      (.queueIsEmpty, .queue), (.queueIsFull, .queue), (.barrierIsBroken, .barrier),
      (.barrierWaiting, .barrier):
      true
    default: false
    }
  }
}
