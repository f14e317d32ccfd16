import HeddleDiagnostics
import HeddleProgram

extension Lowering {
  // MARK: Instructions

  /// Appends an instruction of the current statement, unless control never gets there.
  mutating func emit(_ instruction: Instruction, at span: SourceSpan) {
    guard isReachable, !isStopped else { return }
    guard program.instructions.count + inlinedCalls < mostInstructions else {
      return stop(.programTooLarge(limit: mostInstructions), at: span)
    }
    markTargets(of: instruction)
    program.instructions.append(instruction)
    program.instructionSpans.append(span)
    program.instructionStatements.append(StatementID(frame.statement.index))
    switch instruction {
    case .jump, .backEdge, .fail, .end, .observerEnd, .misuse, .choose: isReachable = false
    default: break
    }
  }

  /// Reports a limit, and lets everything else be skipped.
  mutating func stop(_ message: ResolutionMessage, at span: SourceSpan) {
    guard !isStopped else { return }
    isStopped = true
    diagnostics.report(message, at: span)
  }

  /// Counts one level of nesting around `body`.
  mutating func nested(at span: SourceSpan, _ body: (inout Lowering) -> Void) {
    guard depth < deepestNesting else {
      return stop(.callsTooDeep(limit: deepestNesting), at: span)
    }
    depth += 1
    body(&self)
    depth -= 1
  }

  // MARK: Labels

  mutating func makeLabel() -> Label {
    labels.append(LabelState())
    return Label(index: labels.count - 1)
  }

  /// Lets a label stand for the next instruction, which control reaches if it reached the one before or some jump goes there.
  mutating func place(_ label: Label) {
    isReachable = isReachable || labels[label.index].isAlive
    labels[label.index] = LabelState(position: program.instructions.count, isAlive: isReachable)
  }

  private mutating func markTargets(of instruction: Instruction) {
    var targets: [InstructionID] = []
    _ = instruction.mapTargets { target in
      targets.append(target)
      return target
    }
    if case .choose(let list) = instruction { targets = program.targetLists[list] }
    for target in targets {
      guard labels[target.index].position == nil || labels[target.index].isAlive else {
        preconditionFailure("internal error: code at label \(target.index) was left out")
      }
      labels[target.index].isAlive = true
    }
  }

  // MARK: Registers

  /// A register that is in use until the end of the innermost scope.
  mutating func makeRegister() -> Register { makeRegisters(1).first }

  mutating func makeRegisters(_ count: Int) -> RegisterRange {
    let range = RegisterRange(first: Register(frame.nextRegister), count: count)
    frame.nextRegister += count
    frame.registerCount = max(frame.registerCount, frame.nextRegister)
    return range
  }

  /// Frees the registers that `body` takes.
  mutating func scoped(_ body: (inout Lowering) -> Void) {
    let mark = frame.nextRegister
    body(&self)
    frame.nextRegister = mark
  }

  // MARK: The end

  /// Replaces labels by positions, and numbers the statements that were lowered.
  mutating func finish() {
    guard !isStopped else { return }
    let labels = labels
    func position(_ target: InstructionID) -> InstructionID {
      guard let position = labels[target.index].position else {
        preconditionFailure("internal error: label \(target.index) was never placed")
      }
      return InstructionID(position)
    }
    for index in program.instructions.indices {
      program.instructions[index] = program.instructions[index].mapTargets(position)
    }
    program.targetLists = program.targetLists.map { $0.map(position) }
    numberStatements()
  }

  /// Checks the limit for the size of a state by an estimate.
  mutating func checkState() {
    guard !diagnostics.hasErrors else { return }
    let words = program.stateWords
    if words > largestState {
      let span = program.variables.first?.span ?? program.threadTypes.first?.span
      diagnostics.report(
        .stateTooLarge(words: words, limit: largestState),
        at: span ?? SourceSpan(start: 0, end: 0)
      )
    }
  }
}

extension Lowering {
  /// Checks the limit for what the analysis of a thread's code has to remember: at every instruction, which register may flow into which variable.
  mutating func checkCode() {
    guard !diagnostics.hasErrors else { return }
    var facts = 0
    for type in program.threadTypes {
      let positions = program.reachable(from: [type.entry])
      var stored: Set<VariableID> = []
      for position in positions {
        if case .store(let place, _) = program.instructions[position.index] {
          stored.insert(place.variable)
        }
      }
      // No overflow: instructions, and words of a state, are few.
      facts += positions.count * type.registerCount * (1 + stored.count)
      guard facts <= mostFlowFacts else {
        return diagnostics.report(
          .codeTooLarge(
            instructions: positions.count,
            registers: type.registerCount,
            variables: stored.count,
            limit: mostFlowFacts
          ),
          at: type.span
        )
      }
    }
  }
}

extension Instruction {
  /// The same instruction with other targets.
  func mapTargets(_ map: (InstructionID) -> InstructionID) -> Instruction {
    switch self {
    case .jump(let target): .jump(map(target))
    case .backEdge(let target): .backEdge(map(target))
    case .branch(let condition, let otherwise): .branch(condition, otherwise: map(otherwise))
    case .fail(let template, let handler): .fail(template, handler: map(handler))
    case .barrierArrive(let barrier, let result, let onBroken):
      .barrierArrive(barrier, result: result, onBroken: map(onBroken))
    case .barrierLeave(let barrier, let waiting, let onBroken):
      .barrierLeave(barrier, waiting, onBroken: map(onBroken))
    case .put(let queue, let item, let waiting, let onFailure):
      .put(queue, item, waiting, onFailure: map(onFailure))
    case .get(let result, let queue, let waiting, let onFailure):
      .get(result, queue, waiting, onFailure: map(onFailure))
    default: self
    }
  }
}
