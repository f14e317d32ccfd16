import HeddleProgram

/// An instruction with all that can be looked up beforehand, as plain integers.
///
/// What most steps consist of (moves, arithmetic, branches, reads and writes) is executed from here; of everything else only ``Kind/other``
/// is known, and the ``Instruction`` itself is executed.
struct Operation: Sendable {
  enum Kind: UInt8, Sendable {
    case move, binary, jump, branch, backEdge, load, store, other
  }

  /// An operand: a register, a constant, or something about the running thread.
  struct Value: Sendable {
    static let constant = -1
    static let thisThread = -2
    static let thisIndex = -3
    static let thisName = -4

    /// The register, or one of the negative numbers above.
    var register = Self.constant
    var constant = 0
    /// Where the register's taint is among its thread's taint words; -1 if it is not tracked.
    var taint = -1
  }

  var kind = Kind.other
  /// Whether it begins a step of its own.
  var isVisible = false
  /// Whether the number of its outcomes may be other than 1.
  var hasChoices = false
  var operation = BinaryOperation.add
  /// Whether ``slot`` is the only element there is.
  var isScalar = false
  /// The register that is written; -1 for none.
  var result = -1
  /// Where the result's taint is; -1 if it is not tracked.
  var resultTaint = -1
  /// The number of taint words of a register.
  var taintWords = 0
  /// Where control goes on if not at the next instruction.
  var target = 0
  var left = Value()
  var right = Value()
  /// The variable, and the slot of its first element.
  var variable = -1
  var slot = 0
  /// The number of the variable's first element in the taint layout; -1 if it is not tracked.
  var firstElement = -1
}

extension Operation {
  /// Looks up what an instruction of a thread type needs.
  ///
  /// - Parameters:
  ///   - instruction: The instruction.
  ///   - layout: Where everything is.
  ///   - taint: The taint layout of the code's thread type; `nil` for the code of observers.
  init(_ instruction: Instruction, _ layout: StateLayout, _ taint: TaintLayout?) {
    isVisible = instruction.isVisible
    taintWords = taint?.wordsPerRegister ?? 0
    hasChoices = Self.hasChoices(instruction)
    func position(of register: Register) -> Int {
      guard let taint, taint.registerPositions[register.index] >= 0 else { return -1 }
      return taint.registerPositions[register.index] * taint.wordsPerRegister
    }
    func value(_ operand: Operand) -> Value {
      switch operand {
      case .constant(let constant): Value(constant: constant)
      case .register(let register):
        Value(register: register.index, taint: position(of: register))
      case .thisThread: Value(register: Value.thisThread)
      case .thisIndex: Value(register: Value.thisIndex)
      case .thisName: Value(register: Value.thisName)
      }
    }
    func write(to register: Register) {
      result = register.index
      resultTaint = position(of: register)
    }
    func refer(to place: Place) {
      variable = place.variable.index
      slot = layout.variables[variable]
      firstElement = taint?.firstElements[variable] ?? -1
      if case .scalar = place { isScalar = true }
    }
    switch instruction {
    case .move(let register, let operand):
      kind = .move
      write(to: register)
      left = value(operand)
    case .binary(let operation, let register, let first, let second):
      kind = .binary
      self.operation = operation
      write(to: register)
      left = value(first)
      right = value(second)
    case .jump(let position):
      kind = .jump
      target = position.index
    case .branch(let condition, let position):
      kind = .branch
      left = value(condition)
      target = position.index
    case .backEdge(let position):
      kind = .backEdge
      target = position.index
    case .load(let register, let place):
      kind = .load
      write(to: register)
      refer(to: place)
    case .store(let place, let operand):
      kind = .store
      left = value(operand)
      refer(to: place)
    default: break
    }
  }

  /// Whether ``Machine/choices(of:in:)`` has to look at more than the instruction.
  private static func hasChoices(_ instruction: Instruction) -> Bool {
    switch instruction {
    case .acquire(_, .blocking, _), .conditionWake, .notify, .eventWait(_, .blocking, _),
      .eventWake(_, .blocking, _), .barrierArrive, .barrierLeave(_, .blocking, _),
      .put(_, _, .blocking, _), .get(_, _, .blocking, _), .queueJoin, .join(_, .blocking), .any,
      .choose, .atomicBegin(hasGuard: true):
      true
    default: false
    }
  }
}
