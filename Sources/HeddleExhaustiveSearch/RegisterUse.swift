import HeddleProgram

/// What the code of a thread declaration does with its registers.
struct RegisterUse {
  /// By register: the instructions that write it, ascending.
  private(set) var writes: [[Int]]
  /// The registers that a variable is read into.
  private(set) var loads: [VariableID: Set<Int>] = [:]
  /// The registers that items of a queue are taken into, by the first queue of an array.
  private(set) var gets: [ObjectID: Set<Int>] = [:]
  /// By register: those that are computed from it.
  private var followers: [Set<Int>]

  /// - Complexity: O(instructions x elements of the arrays that they work on).
  init(_ type: ThreadType, of program: Program) {
    writes = Array(repeating: [], count: type.registerCount)
    followers = Array(repeating: [], count: type.registerCount)
    var arrays: Set<Int> = []
    for position in program.reachable(from: [type.entry]) {
      let instruction = program.instructions[position.index]
      let changed = program.registersChanged(by: instruction)
      for register in changed { writes[register.index].append(position.index) }
      switch instruction {
      case .load(let register, let place):
        loads[place.variable, default: []].insert(register.index)
      case .get(let register, let queue, _, _):
        gets[queue.first, default: []].insert(register.index)
      case .storeRegister(let range, let index, let value):
        // One element stands for all: which of them is written is not known.
        let first = range.first.index
        if arrays.insert(first).inserted {
          followers[first].formUnion(changed.map(\.index))
          for register in changed { followers[register.index].insert(first) }
        }
        for source in [index, value].compactMap(\.register) {
          followers[source.index].insert(first)
        }
      case .move, .unary, .binary, .loadRegister, .format:
        for source in program.registersRead(by: instruction) {
          followers[source.index].formUnion(changed.map(\.index))
        }
      default: break
      }
    }
  }

  /// The registers, and all that are computed from them.
  func derived(from registers: Set<Int>) -> Set<Int> {
    var derived = registers
    var pending = Array(registers)
    while let register = pending.popLast() {
      for follower in followers[register] where derived.insert(follower).inserted {
        pending.append(follower)
      }
    }
    return derived
  }
}

extension Program {
  /// The registers that an instruction writes, the elements of an array among them.
  fileprivate func registersChanged(by instruction: Instruction) -> [Register] {
    if case .storeRegister(let range, _, _) = instruction { return range.registers }
    return registersWritten(by: instruction)
  }
}
