import HeddleProgram

/// Which registers hold one known value whenever control reaches an instruction, for all threads of a class.
///
/// Constant propagation along the branches that can be taken (Wegman and Zadeck, "Constant propagation with conditional branches", 1991).
/// It folds `self.index` and what is computed from it, so that `fork[(left + 1) % n]` is one fork.
struct RegisterConstants {
  private let program: Program
  private let threadClass: ThreadClass
  /// By position: the registers' values, `nil` for unknown; no entry where control never comes.
  private var before: [Int: [Int?]] = [:]

  /// - Complexity: O(instructions x registers), times the number of registers in the worst case.
  init(_ threadClass: ThreadClass, of program: Program) {
    self.program = program
    self.threadClass = threadClass
    let type = program.threadTypes[threadClass.type.index]
    var entry: [Int?] = Array(repeating: 0, count: type.registerCount)
    for (index, value) in threadClass.parameters.enumerated() { entry[index] = value }
    before[type.entry.index] = entry
    var pending = [type.entry]
    while let position = pending.popLast() {
      guard var values = before[position.index] else { continue }
      transfer(program.instructions[position.index], &values)
      for next in successors(of: position, values) where merge(values, into: next.index) {
        pending.append(next)
      }
    }
  }

  /// The instructions that can follow the one at `position` for the threads of the class.
  func successors(of position: InstructionID) -> [InstructionID] {
    successors(of: position, before[position.index] ?? [])
  }

  private func successors(of position: InstructionID, _ values: [Int?]) -> [InstructionID] {
    if case .branch(let condition, let otherwise) = program.instructions[position.index],
      let known = value(condition, values)
    {
      return [known != 0 ? InstructionID(position.index + 1) : otherwise]
    }
    return program.successors(of: position)
  }

  private init(ofObserversOf program: Program) {
    self.program = program
    threadClass = ThreadClass(type: ThreadTypeID(0), instance: -1, parameters: [])
  }

  /// For code that belongs to no thread: only constants are known.
  static func unknown(of program: Program) -> RegisterConstants {
    RegisterConstants(ofObserversOf: program)
  }

  /// The operand's value when control is at `position`; `nil` if it is not always the same.
  func value(_ operand: Operand, at position: InstructionID) -> Int? {
    value(operand, before[position.index] ?? [])
  }

  private func value(_ operand: Operand, _ values: [Int?]) -> Int? {
    switch operand {
    case .constant(let value): value
    case .register(let register): register.index < values.count ? values[register.index] : nil
    case .thisThread: threadClass.instance >= 0 ? threadClass.instance : nil
    case .thisIndex:
      threadClass.instance >= 0 ? program.instances[threadClass.instance].indexInType : nil
    case .thisName: nil
    }
  }

  private mutating func merge(_ values: [Int?], into position: Int) -> Bool {
    guard let old = before[position] else {
      before[position] = values
      return true
    }
    let merged = zip(old, values).map { $0 == $1 ? $0 : nil }
    before[position] = merged
    return merged != old
  }

  private func transfer(_ instruction: Instruction, _ values: inout [Int?]) {
    switch instruction {
    case .move(let result, let operand):
      values[result.index] = value(operand, values)
    case .unary(.not, let result, let operand):
      values[result.index] = value(operand, values).map { $0 == 0 ? 1 : 0 }
    case .binary(let operation, let result, let left, let right):
      values[result.index] = fold(operation, value(left, values), value(right, values))
    case .storeRegister(let range, _, _):
      for register in range.registers { values[register.index] = nil }
    default:
      for register in program.registersWritten(by: instruction) { values[register.index] = nil }
    }
  }

  /// What the semantics compute; `nil` where it is misuse, or is not needed for an index.
  private func fold(_ operation: BinaryOperation, _ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return nil }
    func checked(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
      result.overflow ? nil : result.partialValue
    }
    switch operation {
    case .add: return checked(left.addingReportingOverflow(right))
    case .subtract: return checked(left.subtractingReportingOverflow(right))
    case .multiply: return checked(left.multipliedReportingOverflow(by: right))
    case .modulo:
      // Rounds towards negative infinity, for the divisors that index arithmetic has.
      guard right > 0 else { return nil }
      let remainder = left % right
      return remainder < 0 ? remainder + right : remainder
    case .equal: return left == right ? 1 : 0
    case .notEqual: return left != right ? 1 : 0
    case .less: return left < right ? 1 : 0
    case .lessOrEqual: return left <= right ? 1 : 0
    case .greater: return left > right ? 1 : 0
    case .greaterOrEqual: return left >= right ? 1 : 0
    case .divide, .stringLess, .stringLessOrEqual, .stringGreater, .stringGreaterOrEqual:
      return nil
    }
  }
}
