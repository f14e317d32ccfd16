import HeddleProgram

/// Why a step stops in the middle.
struct Interruption: Error {
  let outcome: StepOutcome

  static func misuse(_ kind: MisuseKind, at position: Int) -> Interruption {
    Interruption(outcome: .misuse(kind, InstructionID(position)))
  }

  static func limit(_ limit: MachineLimit) -> Interruption {
    Interruption(outcome: .limit(limit))
  }
}

/// Whose code runs, and where its registers are.
struct Frame {
  /// The running thread; -1 for an observer.
  var thread: Int
  /// The slot of register 0.
  var registers: Int
  /// The slot of the first taint word; -1 if the code tracks nothing.
  var taint: Int
  /// Index into ``Machine/taintLayouts``; meaningful only with ``taint``.
  var type: Int
  /// Whether the instructions run as part of an atomic block, an observer or a guard.
  var isInsideBlock = false
  /// Whether only the guard of an atomic block is evaluated, on a copy of the registers.
  var isProbe = false
}

/// Where a piece of code came to a halt.
enum Halt {
  case visible(Int)
  case ended(byException: Bool)
  case observerEnd
  case guardChecked(Bool)
}

extension Machine {
  func frame(of thread: Int) -> Frame {
    let slots = layout.threads[thread]
    return Frame(
      thread: thread,
      registers: slots.registers,
      taint: slots.taint,
      type: typeOfThread[thread]
    )
  }

  /// Takes one step of a thread: its visible instruction and the local work up to the next.
  ///
  /// After any outcome but `completed` the state is that of the moment at which the run stopped.
  ///
  /// - Parameters:
  ///   - thread: A thread that has a step.
  ///   - choice: Which of its outcomes, less than ``choices(of:in:)``.
  ///   - state: The buffer; changed in place.
  ///   - effects: Emptied first, then filled; coverage accumulates.
  /// - Returns: How the step ended.
  public func apply(
    _ thread: Int,
    choice: Int,
    to state: inout MutableSpan<Int>,
    effects: inout StepEffects
  ) -> StepOutcome {
    effects.begin()
    do throws(Interruption) {
      let position = state[layout.threads[thread].control]
      try advance(thread, from: position, choice: choice, &state, &effects)
      return .completed
    } catch {
      return error.outcome
    }
  }

  /// Runs a thread from a position to where it halts next.
  ///
  /// With a choice, the instruction at `position` is the step's visible one.
  func advance(
    _ thread: Int,
    from position: Int,
    choice: Int?,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) {
    var frame = frame(of: thread)
    let slots = layout.threads[thread]
    let halt = try run(&frame, from: position, choice: choice, &state, &effects)
    switch halt {
    case .visible(let next):
      state[slots.control] = next
      reset(slots, at: next, &state)
    case .ended(let byException):
      state[slots.control] = ControlWord.ended
      for slot in slots.control + 1..<slots.end { state[slot] = 0 }
      effects.noteEnd(of: ThreadID(thread))
      effects.record(.ended(byException: byException))
      for (index, object) in program.objects.enumerated() {
        switch object.kind {
        case .lock, .rlock:
          if state[layout.objects[index]] == thread + 1 { effects.noteHeld(ObjectID(index)) }
        default: break
        }
      }
    case .observerEnd, .guardChecked:
      preconditionFailure("internal error: a thread ran into the end of an observer")
    }
  }

  /// Resets the registers that are dead, and forgets the reads that no longer matter.
  private func reset(
    _ slots: StateLayout.ThreadSlots,
    at position: Int,
    _ state: inout MutableSpan<Int>
  ) {
    for index in resets.deadStarts[position]..<resets.deadStarts[position + 1] {
      state[slots.registers + resets.dead[index]] = 0
    }
    for index in resets.maskStarts[position]..<resets.maskStarts[position + 1] {
      state[slots.taint + resets.masks[index].offset] &= resets.masks[index].keep
    }
  }

  /// Executes instructions until the code comes to a halt.
  func run(
    _ frame: inout Frame,
    from start: Int,
    choice: Int?,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Halt {
    var position = start
    var mayTakeVisible = choice != nil
    var turns = 0
    while true {
      let instruction = code[position]
      if !frame.isInsideBlock, !mayTakeVisible, instruction.isVisible { return .visible(position) }
      if !frame.isProbe { effects.covered[position] = true }
      switch instruction {
      case .move(let result, let value):
        state[frame.registers + result.index] = self.value(value, frame, &state)
        combineTaint(into: result, value, nil, frame, &state)
        position += 1
      case .unary(let operation, let result, let operand):
        let value = self.value(operand, frame, &state)
        state[frame.registers + result.index] =
          try apply(operation, value, at: position)
        combineTaint(into: result, operand, nil, frame, &state)
        position += 1
      case .binary(let operation, let result, let left, let right):
        let value = try apply(
          operation,
          self.value(left, frame, &state),
          self.value(right, frame, &state),
          at: position
        )
        state[frame.registers + result.index] = value
        combineTaint(into: result, left, right, frame, &state)
        position += 1
      case .loadRegister(let result, let range, let index):
        let source = try register(range, index, frame, &state, at: position)
        state[frame.registers + result.index] = state[frame.registers + source.index]
        combineTaint(into: result, .register(source), nil, frame, &state)
        position += 1
      case .storeRegister(let range, let index, let value):
        let target = try register(range, index, frame, &state, at: position)
        state[frame.registers + target.index] = self.value(value, frame, &state)
        combineTaint(into: target, value, nil, frame, &state)
        position += 1
      case .requireValue(let value):
        if self.value(value, frame, &state) == Program.none {
          throw .misuse(.noneUsed, at: position)
        }
        position += 1
      case .requireOptionalRange(let value):
        if self.value(value, frame, &state) == Program.none {
          throw .misuse(.overflow, at: position)
        }
        position += 1
      case .format(let result, let template):
        let text = text(of: template, frame, &state)
        guard let number = strings.intern(text) else { throw .limit(.strings) }
        state[frame.registers + result.index] = number
        combineTaint(into: result, template, frame, &state)
        position += 1
      case .jump(let target):
        position = target.index
      case .branch(let condition, let otherwise):
        position = value(condition, frame, &state) != 0 ? position + 1 : otherwise.index
      case .backEdge(let target):
        turns += 1
        if frame.isInsideBlock {
          if turns > Self.maximumBlockTurns { throw .limit(.endlessBlock) }
        } else if mayTakeVisible {
          mayTakeVisible = false
          effects.record(.wentOn)
        } else if turns > Self.maximumLocalTurns {
          return .visible(position)
        }
        position = target.index
      case .print(let template):
        if effects.isRecording { effects.record(.printed(text(of: template, frame, &state))) }
        position += 1
      case .assert(let condition, let claim):
        if value(condition, frame, &state) == 0 {
          throw Interruption(outcome: .assertionFailed(claim))
        }
        position += 1
      case .assume(let condition, let claim):
        if value(condition, frame, &state) == 0 { throw Interruption(outcome: .excluded(claim)) }
        effects.passedClaims[claim.index] = true
        position += 1
      case .misuse(let kind):
        throw .misuse(kind, at: position)
      case .fail(let template, let handler):
        if effects.isRecording {
          effects.record(.raised(template.map { text(of: $0, frame, &state) } ?? ""))
        }
        position = handler.index
      case .end(let byException):
        return .ended(byException: byException)
      case .observerEnd:
        return .observerEnd
      case .atomicGuard(let condition):
        let holds = value(condition, frame, &state) != 0
        if frame.isProbe { return .guardChecked(holds) }
        position += 1
      case .atomicBegin:
        frame.isInsideBlock = true
        mayTakeVisible = false
        position += 1
      case .atomicEnd:
        frame.isInsideBlock = false
        position += 1
      default:
        position = try take(
          instruction,
          at: position,
          choice: choice ?? 0,
          frame,
          &state,
          &effects
        )
        mayTakeVisible = false
      }
    }
  }

  // MARK: Values

  func value(_ operand: Operand, _ frame: Frame, _ state: inout MutableSpan<Int>) -> Int {
    switch operand {
    case .constant(let value): value
    case .register(let register): state[frame.registers + register.index]
    case .thisThread: frame.thread
    case .thisIndex: program.instances[frame.thread].indexInType
    case .thisName: program.instances[frame.thread].nameString
    }
  }

  private func register(
    _ range: RegisterRange,
    _ index: Operand,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>,
    at position: Int
  ) throws(Interruption) -> Register {
    let index = value(index, frame, &state)
    guard index >= 0, index < range.count else { throw .misuse(.indexOutOfRange, at: position) }
    return Register(range.first.index + index)
  }

  func text(of template: TemplateID, _ frame: Frame, _ state: inout MutableSpan<Int>) -> String {
    var text = ""
    for piece in program.templates[template.index] {
      switch piece {
      case .text(let literal): text += literal
      case .value(let operand, let type):
        text += self.text(of: value(operand, frame, &state), as: type)
      }
    }
    return text
  }

  private func apply(
    _ operation: UnaryOperation,
    _ value: Int,
    at position: Int
  )
    throws(Interruption) -> Int
  {
    switch operation {
    case .not: return value == 0 ? 1 : 0
    case .negate:
      let (result, overflow) = 0.subtractingReportingOverflow(value)
      if overflow { throw .misuse(.overflow, at: position) }
      return result
    }
  }

  private func apply(
    _ operation: BinaryOperation,
    _ left: Int,
    _ right: Int,
    at position: Int
  )
    throws(Interruption) -> Int
  {
    switch operation {
    case .add: return try checked(left.addingReportingOverflow(right), at: position)
    case .subtract: return try checked(left.subtractingReportingOverflow(right), at: position)
    case .multiply: return try checked(left.multipliedReportingOverflow(by: right), at: position)
    case .divide, .modulo:
      if right == 0 { throw .misuse(.divisionByZero, at: position) }
      if operation == .modulo, right == -1 { return 0 }
      let quotient = try checked(left.dividedReportingOverflow(by: right), at: position)
      let remainder = left - quotient * right
      let roundsDown = remainder != 0 && (remainder < 0) != (right < 0)
      if operation == .divide { return roundsDown ? quotient - 1 : quotient }
      return roundsDown ? remainder + right : remainder
    case .equal: return left == right ? 1 : 0
    case .notEqual: return left != right ? 1 : 0
    case .less: return left < right ? 1 : 0
    case .lessOrEqual: return left <= right ? 1 : 0
    case .greater: return left > right ? 1 : 0
    case .greaterOrEqual: return left >= right ? 1 : 0
    case .stringLess: return strings.isLess(left, right) ? 1 : 0
    case .stringLessOrEqual: return strings.isLess(right, left) ? 0 : 1
    case .stringGreater: return strings.isLess(right, left) ? 1 : 0
    case .stringGreaterOrEqual: return strings.isLess(left, right) ? 0 : 1
    }
  }

  private func checked(
    _ result: (partialValue: Int, overflow: Bool),
    at position: Int
  )
    throws(Interruption) -> Int
  {
    if result.overflow { throw .misuse(.overflow, at: position) }
    return result.partialValue
  }
}
