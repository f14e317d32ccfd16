import HeddleProgram

extension Execution {
  /// Executes the instruction at the running thread's position.
  ///
  /// The instruction takes effect completely, or it throws and the state is not to be used.
  mutating func execute() throws(Stop) {
    current = frame.position
    effects.executed.insert(current)
    frame.position += 1
    let instruction = setting.program.instructions[current]
    switch instruction {
    case .move(let result, let operand): set(result, value(operand), readings(operand))
    case .unary(.not, let result, let operand):
      set(result, value(operand) == 0 ? 1 : 0, readings(operand))
    case .unary(.negate, let result, let operand):
      let negated = try exact(0.subtractingReportingOverflow(value(operand)))
      set(result, negated, readings(operand))
    case .binary(let operation, let result, let left, let right):
      let both = readings(left).union(readings(right))
      set(result, try apply(operation, value(left), value(right)), both)
    case .loadRegister(let result, let range, let index):
      let element = Operand.register(try register(in: range, at: index))
      set(result, value(element), readings(element))
    case .storeRegister(let range, let index, let operand):
      set(try register(in: range, at: index), value(operand), readings(operand))
    case .requireValue(let operand), .requireOptionalRange(let operand):
      if value(operand) == Program.none { throw misuse }
    case .format(let result, let template): format(result, template)
    case .print: break
    case .load(let result, let place): try load(result, place)
    case .store(let place, let operand): try store(place, operand)
    case .any(let result, let lower, let upper):
      try choose(result, from: value(lower), through: value(upper))
    case .anyInteger: throw .limit("any Int")
    case .sleep: break
    case .start(let type, let count, let arguments, let results):
      try start(type, count, setting.program.argumentLists[arguments], results)
    case .join(let target, let waiting): try join(target, waiting)
    case .isAlive(let result, let operand):
      guard state.threads.indices.contains(value(operand)) else { throw misuse }
      set(result, state.threads[value(operand)].phase == .running)
    case .atomicBegin: atomicLoads = []
    case .atomicGuard(let operand): if value(operand) == 0 { throw .blocked }
    case .atomicEnd: atomicLoads = nil
    case .jump, .branch, .backEdge, .choose, .assert, .assume, .misuse, .fail, .end, .observerEnd:
      try executeControl(instruction)
    case .acquire, .release, .conditionWait, .conditionWake, .notify:
      try executeLocking(instruction)
    case .eventSet, .eventClear, .eventWait, .eventWake: try executeEvent(instruction)
    case .barrierArrive, .barrierLeave, .barrierAbort, .barrierReset:
      try executeBarrier(instruction)
    case .put, .get, .taskDone, .queueJoin: try executeQueue(instruction)
    case .observe(let result, let reference, let observation):
      set(result, answer(observation, of: try object(reference)))
    }
  }

  private mutating func executeControl(_ instruction: Instruction) throws(Stop) {
    switch instruction {
    case .jump(let target), .backEdge(let target), .fail(_, let target): go(to: target)
    case .branch(let operand, let otherwise): if value(operand) == 0 { go(to: otherwise) }
    case .choose(let targets):
      let targets = setting.program.targetLists[targets]
      go(to: targets[choices.pick(of: targets.count)])
    case .assert(let operand, let claim):
      if value(operand) == 0 { throw .assertion(claim: claim.index) }
    case .assume(let operand, let claim):
      effects.evaluatedAssumptions.insert(claim.index)
      if value(operand) == 0 { throw .assumption }
      effects.trueAssumptions.insert(claim.index)
    case .misuse: throw misuse
    case .end:
      atomicLoads = nil
      end()
    case .observerEnd: frame.phase = .ended
    default: preconditionFailure("not a control instruction: \(instruction)")
    }
  }

  mutating func go(to target: InstructionID) { frame.position = target.index }

  private mutating func choose(_ result: Register, from lower: Int, through upper: Int) throws(Stop)
  {
    if lower > upper { throw misuse }
    let (span, overflow) = upper.subtractingReportingOverflow(lower)
    if overflow || span >= 65_536 { throw .limit("the choices of any") }
    set(result, lower + choices.pick(of: span + 1))
  }

  // MARK: Threads

  private mutating func start(
    _ type: ThreadTypeID,
    _ count: Int,
    _ arguments: [Operand],
    _ results: Register?
  ) throws(Stop) {
    let declaration = setting.program.threadTypes[type.index]
    let first = declaration.firstInstance.index
    let fresh = (first..<first + declaration.instanceCount).filter {
      state.threads[$0].phase == .notStarted
    }
    if fresh.count < count { throw .limit("the threads of \(declaration.name)") }
    let values = arguments.map { value($0) }
    for (offset, thread) in fresh.prefix(count).enumerated() {
      if let results { set(Register(results.index + offset), thread) }
      try launch(thread, arguments: values)
    }
  }

  private mutating func join(_ target: JoinTarget, _ waiting: Waiting) throws(Stop) {
    if waiting == .blocking { try joinOneByOne(target) }
    let targets = try joined(target)
    if targets.contains(thread) { throw misuse }
    if targets.contains(where: { state.threads[$0].phase == .running }) { return }
    for target in targets { state.threads[target].isJoined = true }
  }

  /// Waits for the first that is running; what is wrong with one shows when those before it have ended.
  private func joinOneByOne(_ target: JoinTarget) throws(Stop) {
    for other in handles(of: target) {
      if other == thread || !state.threads.indices.contains(other) { throw misuse }
      if state.threads[other].phase == .running { throw .blocked }
    }
  }

  private func handles(of target: JoinTarget) -> [Int] {
    switch target {
    case .thread(let operand): [value(operand)]
    case .threads(let range): range.registers.map { value(.register($0)) }
    }
  }

  /// The threads that a `join` of the running thread waits for.
  func joined(_ target: JoinTarget) throws(Stop) -> [Int] {
    let targets = handles(of: target)
    if !targets.allSatisfy(state.threads.indices.contains) { throw misuse }
    return targets
  }
}
