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
struct Frame: Sendable {
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
  func frame(of thread: Int) -> Frame { frames[thread] }

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
    effects.touch(thread)
    do throws(Interruption) {
      let position = state[controls[thread]]
      try advance(thread, from: position, choice: choice, &state, &effects)
      return .completed
    } catch {
      return error.outcome
    }
  }

  /// Runs a thread from a position to where it halts next.
  ///
  /// With a choice, the instruction at `position` is the step's visible one.
  @inline(__always)
  func advance(
    _ thread: Int,
    from position: Int,
    choice: Int?,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) {
    var frame = frame(of: thread)
    let halt = try run(&frame, from: position, choice: choice, &state, &effects)
    switch halt {
    case .visible(let next):
      state[controls[thread]] = next
      reset(frame, at: next, &state)
    case .ended(let byException):
      end(thread, &state, &effects)
      if effects.isRecording { effects.record(.ended(byException: byException)) }
    case .observerEnd, .guardChecked:
      preconditionFailure("internal error: a thread ran into the end of an observer")
    }
  }

  private func end(_ thread: Int, _ state: inout MutableSpan<Int>, _ effects: inout StepEffects) {
    let control = controls[thread]
    state[control] = ControlWord.ended
    for slot in control + 1..<layout.threads[thread].end { state[slot] = 0 }
    effects.noteEndOfThread()
    for owned in ownerSlots where state[owned.slot] == thread + 1 { effects.noteHeld(owned.object) }
  }

  /// Resets the registers that are dead, and forgets the reads that no longer matter.
  @inline(__always)
  private func reset(_ frame: Frame, at position: Int, _ state: inout MutableSpan<Int>) {
    let starts = resets.starts
    let resets = resets.resets
    var index = starts[position]
    let end = starts[position &+ 1]
    while index < end {
      state[frame.registers &+ resets[index].offset] &= resets[index].keep
      index &+= 1
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
    let operations = operations
    var position = start
    var mayTakeVisible = choice != nil
    var turns = 0
    while true {
      if operations[position].isVisible, !mayTakeVisible, !frame.isInsideBlock {
        return .visible(position)
      }
      if !frame.isProbe { effects.cover(position) }
      // Each case reads of the operation what it needs: copying all of it first would cost as much as the work.
      switch operations[position].kind {
      case .move:
        let operation = operations[position]
        state[frame.registers &+ operation.result] = value(operation.left, frame, &state)
        combineTaint(operation, frame, &state)
        position &+= 1
      case .binary:
        let operation = operations[position]
        state[frame.registers &+ operation.result] = try apply(
          operation.operation,
          value(operation.left, frame, &state),
          value(operation.right, frame, &state),
          at: position
        )
        combineTaint(operation, frame, &state)
        position &+= 1
      case .jump:
        position = operations[position].target
      case .branch:
        position =
          value(operations[position].left, frame, &state) != 0
          ? position &+ 1 : operations[position].target
      case .backEdge:
        turns &+= 1
        if frame.isInsideBlock {
          if turns > Self.maximumBlockTurns { throw .limit(.endlessBlock) }
        } else if mayTakeVisible {
          mayTakeVisible = false
          if effects.isRecording { recordGoingOn(&effects) }
        } else if turns > Self.maximumLocalTurns {
          return .visible(position)
        }
        position = operations[position].target
      case .load:
        try load(operations[position], at: position, frame, &state, &effects)
        mayTakeVisible = false
        position &+= 1
      case .store:
        try store(operations[position], at: position, frame, &state, &effects)
        mayTakeVisible = false
        position &+= 1
      case .other:
        let instruction = code[position]
        if operations[position].isVisible {
          // They may start, wake or notify others.
          effects.touchAllThreads()
          position = try take(
            instruction,
            at: position,
            choice: choice ?? 0,
            &frame,
            &state,
            &effects
          )
          mayTakeVisible = false
        } else {
          switch try workLocally(instruction, at: position, &frame, &state, &effects) {
          case .next(let next): position = next
          case .halt(let halt): return halt
          }
        }
      }
    }
  }

  @inline(never)
  private func recordGoingOn(_ effects: inout StepEffects) { effects.record(.wentOn) }

  /// How control goes on after a local instruction.
  private enum Flow {
    case next(Int)
    case halt(Halt)
  }

  /// Executes one of the rarer local instructions.
  private func workLocally(
    _ instruction: Instruction,
    at position: Int,
    _ frame: inout Frame,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) throws(Interruption) -> Flow {
    switch instruction {
    case .unary(let operation, let result, let operand):
      let value = self.value(operand, frame, &state)
      state[frame.registers + result.index] = try apply(operation, value, at: position)
      combineTaint(into: result, operand, frame, &state)
    case .loadRegister(let result, let range, let index):
      let source = try register(range, index, frame, &state, at: position)
      state[frame.registers + result.index] = state[frame.registers + source.index]
      combineTaint(into: result, .register(source), frame, &state)
    case .storeRegister(let range, let index, let value):
      let target = try register(range, index, frame, &state, at: position)
      state[frame.registers + target.index] = self.value(value, frame, &state)
      combineTaint(into: target, value, frame, &state)
    case .requireValue(let value):
      if self.value(value, frame, &state) == Program.none {
        throw .misuse(.noneUsed, at: position)
      }
    case .requireOptionalRange(let value):
      if self.value(value, frame, &state) == Program.none {
        throw .misuse(.overflow, at: position)
      }
    case .format(let result, let template):
      let text = text(of: template, frame, &state)
      guard let number = strings.intern(text) else { throw .limit(.strings) }
      state[frame.registers + result.index] = number
      combineTaint(into: result, template, frame, &state)
    case .print(let template):
      if effects.isRecording { effects.record(.printed(text(of: template, frame, &state))) }
    case .assert(let condition, let claim):
      if value(condition, frame, &state) == 0 {
        throw Interruption(outcome: .assertionFailed(claim))
      }
    case .assume(let condition, let claim):
      if value(condition, frame, &state) == 0 { throw Interruption(outcome: .excluded(claim)) }
      effects.passedClaims[claim.index] = true
    case .misuse(let kind):
      throw .misuse(kind, at: position)
    case .fail(let template, let handler):
      if effects.isRecording {
        effects.record(.raised(template.map { text(of: $0, frame, &state) } ?? ""))
      }
      return .next(handler.index)
    case .end(let byException):
      return .halt(.ended(byException: byException))
    case .observerEnd:
      return .halt(.observerEnd)
    case .atomicGuard(let condition):
      let holds = value(condition, frame, &state) != 0
      if frame.isProbe { return .halt(.guardChecked(holds)) }
    case .atomicEnd:
      frame.isInsideBlock = false
    default:
      preconditionFailure("internal error: \(instruction) is not a rare local instruction")
    }
    return .next(position + 1)
  }

  // MARK: Values

  @inline(__always)
  func value(_ value: Operation.Value, _ frame: Frame, _ state: inout MutableSpan<Int>) -> Int {
    if value.register >= 0 { return state[frame.registers &+ value.register] }
    if value.register == Operation.Value.constant { return value.constant }
    return valueOfThread(value, frame)
  }

  private func valueOfThread(_ value: Operation.Value, _ frame: Frame) -> Int {
    switch value.register {
    case Operation.Value.thisThread: frame.thread
    case Operation.Value.thisIndex: program.instances[frame.thread].indexInType
    default: program.instances[frame.thread].nameString
    }
  }

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

  @inline(__always)
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
    case .equal: return left == right ? 1 : 0
    case .notEqual: return left != right ? 1 : 0
    case .less: return left < right ? 1 : 0
    case .lessOrEqual: return left <= right ? 1 : 0
    case .greater: return left > right ? 1 : 0
    case .greaterOrEqual: return left >= right ? 1 : 0
    default: return try applyRareOperation(operation, left, right, at: position)
    }
  }

  @inline(never)
  private func applyRareOperation(
    _ operation: BinaryOperation,
    _ left: Int,
    _ right: Int,
    at position: Int
  )
    throws(Interruption) -> Int
  {
    switch operation {
    case .multiply: return try checked(left.multipliedReportingOverflow(by: right), at: position)
    case .divide, .modulo:
      if right == 0 { throw .misuse(.divisionByZero, at: position) }
      if operation == .modulo, right == -1 { return 0 }
      let quotient = try checked(left.dividedReportingOverflow(by: right), at: position)
      let remainder = left - quotient * right
      let roundsDown = remainder != 0 && (remainder < 0) != (right < 0)
      if operation == .divide { return roundsDown ? quotient - 1 : quotient }
      return roundsDown ? remainder + right : remainder
    case .stringLess: return strings.isLess(left, right) ? 1 : 0
    case .stringLessOrEqual: return strings.isLess(right, left) ? 0 : 1
    case .stringGreater: return strings.isLess(right, left) ? 1 : 0
    case .stringGreaterOrEqual: return strings.isLess(left, right) ? 0 : 1
    default: preconditionFailure("internal error: \(operation) is not a rare operation")
    }
  }

  @inline(__always)
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
