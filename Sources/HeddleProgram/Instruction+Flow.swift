extension Operand {
  /// The register it reads, if any.
  public var register: Register? {
    if case .register(let register) = self { register } else { nil }
  }
}

extension RegisterRange {
  /// The registers in order.
  public var registers: [Register] { (0..<count).map { Register(first.index + $0) } }
}

extension Instruction {
  /// The sync object that it works on.
  public var object: ObjectReference? {
    switch self {
    case .acquire(let object, _, _), .release(let object, _), .conditionWait(let object),
      .conditionWake(let object, _, _), .notify(let object, _), .eventSet(let object),
      .eventClear(let object), .eventWait(let object, _, _), .eventWake(let object, _, _),
      .barrierArrive(let object, _, _), .barrierLeave(let object, _, _),
      .barrierAbort(let object), .barrierReset(let object), .put(let object, _, _, _),
      .get(_, let object, _, _), .taskDone(let object), .queueJoin(let object),
      .observe(_, let object, _):
      object
    default: nil
    }
  }

  /// The number of the element of an array that it works on.
  public var index: Operand? {
    switch self {
    case .load(_, let place), .store(let place, _): place.index
    case .loadRegister(_, _, let index), .storeRegister(_, let index, _): index
    default: object?.index
    }
  }
}

extension Program {
  /// The first of the claims that are copies of one source statement: a function is lowered anew for each call.
  public func original(of claim: ClaimID) -> ClaimID {
    let span = claims[claim.index].span
    return claims.firstIndex { $0.span == span }.map { ClaimID($0) } ?? claim
  }

  /// The instructions that can follow the one at `position`, in the same thread.
  ///
  /// An operation that can fail or be skipped past has more than one.
  public func successors(of position: InstructionID) -> [InstructionID] {
    let next = InstructionID(position.index + 1)
    switch instructions[position.index] {
    case .jump(let target), .backEdge(let target): return [target]
    case .branch(_, let otherwise): return [next, otherwise]
    case .fail(_, let handler): return [handler]
    case .end, .observerEnd, .misuse: return []
    case .eventWait(let object, _, _):
      if case .event(isCleared: true) = objects[object.first.index].kind {
        return [next, InstructionID(position.index + 2)]
      }
      return [next]
    case .barrierArrive(_, _, let onBroken):
      return [next, InstructionID(position.index + 2), onBroken]
    case .barrierLeave(_, _, let onBroken): return [next, onBroken]
    case .put(_, _, let waiting, let onFailure), .get(_, _, let waiting, let onFailure):
      return waiting == .blocking ? [next] : [next, onFailure]
    case .choose(let targets): return targetLists[targets]
    default: return [next]
    }
  }

  /// The instructions that control can reach from some entries, those included, ascending.
  ///
  /// - Complexity: O(instructions).
  public func reachable(from entries: [InstructionID]) -> [InstructionID] {
    var seen = Array(repeating: false, count: instructions.count)
    for entry in entries { seen[entry.index] = true }
    var pending = entries
    while let position = pending.popLast() {
      for next in successors(of: position) where !seen[next.index] {
        seen[next.index] = true
        pending.append(next)
      }
    }
    return seen.indices.filter { seen[$0] }.map { InstructionID($0) }
  }

  /// The code of the threads that have instances, and of the observers, as far as control can come there; ascending.
  public var reachableCode: [InstructionID] {
    var entries = threadTypes.filter { $0.instanceCount > 0 }.map(\.entry)
    entries += (invariants + [finally].compactMap { $0 }).map(\.entry)
    return reachable(from: entries)
  }

  /// The registers that an instruction reads.
  public func registersRead(by instruction: Instruction) -> [Register] {
    var registers: [Register] = []
    func add(_ operand: Operand?) {
      if let register = operand?.register { registers.append(register) }
    }
    func add(_ place: Place) {
      switch place {
      case .scalar: break
      case .element(_, let index): add(index)
      case .field(_, let owner): add(owner)
      case .fieldElement(_, let owner, let index):
        add(owner)
        add(index)
      }
    }
    func add(_ template: TemplateID?) {
      guard let template else { return }
      for case .value(let operand, _) in templates[template.index] { add(operand) }
    }
    func add(_ claim: ClaimID) {
      let claim = claims[claim.index]
      add(claim.message)
      add(claim.comparison?.left)
      add(claim.comparison?.right)
    }
    switch instruction {
    case .move(_, let value), .unary(_, _, let value), .requireValue(let value),
      .requireOptionalRange(let value), .branch(let value, _), .atomicGuard(let value),
      .isAlive(_, let value), .join(.thread(let value), _):
      add(value)
    case .binary(_, _, let left, let right), .any(_, let left, let right):
      add(left)
      add(right)
    case .loadRegister(_, let range, let index):
      registers += range.registers
      add(index)
    case .storeRegister(let range, let index, let value):
      // The elements that are not overwritten stay.
      registers += range.registers
      add(index)
      add(value)
    case .format(_, let template), .print(let template): add(template)
    case .assert(let condition, let claim), .assume(let condition, let claim):
      add(condition)
      add(claim)
    case .fail(let template, _): add(template)
    case .load(_, let place): add(place)
    case .store(let place, let value):
      add(place)
      add(value)
    case .acquire(let object, _, _), .release(let object, _), .conditionWait(let object),
      .conditionWake(let object, _, _), .notify(let object, _), .eventSet(let object),
      .eventClear(let object), .eventWait(let object, _, _), .eventWake(let object, _, _),
      .barrierArrive(let object, _, _), .barrierLeave(let object, _, _), .barrierAbort(let object),
      .barrierReset(let object), .get(_, let object, _, _), .taskDone(let object),
      .queueJoin(let object), .observe(_, let object, _):
      add(object.index)
    case .put(let object, let value, _, _):
      add(object.index)
      add(value)
    case .start(_, _, let arguments, _):
      for argument in argumentLists[arguments] { add(argument) }
    case .join(.threads(let range), _): registers += range.registers
    case .jump, .backEdge, .misuse, .end, .observerEnd, .anyInteger, .choose, .sleep, .atomicBegin,
      .atomicEnd:
      break
    }
    return registers
  }

  /// The registers that an instruction overwrites, on whichever path it goes on.
  ///
  /// A `get` or `barrierArrive` that fails, and an `eventWait` that only registers, leave 0: a front end that still
  /// needs the old value there lets them write to a fresh register.
  public func registersWritten(by instruction: Instruction) -> [Register] {
    switch instruction {
    case .move(let result, _), .unary(_, let result, _), .binary(_, let result, _, _),
      .loadRegister(let result, _, _), .format(let result, _), .load(let result, _),
      .get(let result, _, _, _), .observe(let result, _, _), .isAlive(let result, _),
      .any(let result, _, _), .anyInteger(let result):
      [result]
    case .acquire(_, _, let result), .conditionWake(_, _, let result),
      .eventWait(_, _, let result), .eventWake(_, _, let result), .barrierArrive(_, let result, _):
      result.map { [$0] } ?? []
    case .start(_, let count, _, let results):
      results.map { RegisterRange(first: $0, count: count).registers } ?? []
    default: []
    }
  }
}
