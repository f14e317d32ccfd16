package import HeddleProgram

/// Which registers, and which reads of shared variables, still matter at each instruction of one piece of code.
///
/// Two backward analyses over the code that is reachable from an entry:
/// - *liveness*: a register is live if some path reads it before it is overwritten. Resetting what is dead is a
///   bisimulation (Bozga, Fernandez, Ghirvu, "State space reduction based on live variables analysis", SAS 1999);
/// - *flow into writes*: `(register, variable)` holds if the register's value may still be written to the variable,
///   through any registers. Only such a pair can make a lost update, so only for such a pair is it remembered
///   that the value came from a read of that variable.
package struct FlowAnalysis {
  /// The instructions of the code, ascending.
  package let positions: [InstructionID]
  /// The variables, ascending, some read of which may flow into a write of the same variable.
  package let trackedVariables: [VariableID]
  /// The registers, ascending, that may hold a value that came from a tracked variable and may flow back.
  package let trackedRegisters: [Register]

  private let registerCount: Int
  /// By position: the registers that are live before the instruction.
  private let live: [Int: BitSet]
  /// By position: the pairs `register * storedVariables.count + variable` that hold before the instruction.
  private let flowing: [Int: BitSet]
  private let storedVariables: [VariableID: Int]

  /// Analyses the code that starts at `entry`.
  ///
  /// - Complexity: O(instructions x registers x variables written), times the nesting of loops.
  package init(of program: Program, entry: InstructionID, registerCount: Int) {
    self.registerCount = registerCount
    positions = program.reachable(from: [entry])

    var stored: [VariableID: Int] = [:]
    for position in positions {
      if case .store(let place, _) = program.instructions[position.index],
        stored[place.variable] == nil
      {
        stored[place.variable] = stored.count
      }
    }
    storedVariables = stored

    live = Self.solve(program, positions, capacity: registerCount) { instruction, set in
      for register in program.registersWritten(by: instruction) { set.remove(register.index) }
      for register in program.registersRead(by: instruction) { set.insert(register.index) }
    }
    flowing = Self.solve(program, positions, capacity: registerCount * stored.count) {
      instruction,
      set in
      Self.transferFlow(program, instruction, stored, &set)
    }
    (trackedVariables, trackedRegisters) = Self.tracked(
      program,
      positions,
      registerCount: registerCount,
      stored: stored,
      flowing: flowing
    )
  }

  /// Whether the register's value may still be read after control reaches `position`.
  package func isLive(_ register: Register, at position: InstructionID) -> Bool {
    live[position.index]?.contains(register.index) ?? false
  }

  /// Whether the register's value may still be written to the variable after control reaches `position`.
  package func flows(
    _ register: Register,
    into variable: VariableID,
    at position: InstructionID
  ) -> Bool {
    guard let column = storedVariables[variable], let set = flowing[position.index] else {
      return false
    }
    return set.contains(register.index * storedVariables.count + column)
  }

  /// The least solution of a backward may-analysis; the result is the set before each instruction.
  private static func solve(
    _ program: Program,
    _ positions: [InstructionID],
    capacity: Int,
    transfer: (Instruction, inout BitSet) -> Void
  ) -> [Int: BitSet] {
    var before: [Int: BitSet] = [:]
    for position in positions { before[position.index] = BitSet(capacity: capacity) }
    var changed = true
    while changed {
      changed = false
      for position in positions.reversed() {
        var set = BitSet(capacity: capacity)
        for successor in program.successors(of: position) {
          if let next = before[successor.index] { set.formUnion(next) }
        }
        transfer(program.instructions[position.index], &set)
        if before[position.index]?.formUnion(set) == true { changed = true }
      }
    }
    return before
  }

  /// The registers whose values make up what the instruction writes into `registersWritten`, or into a register array.
  private static func sources(_ program: Program, of instruction: Instruction) -> [Register] {
    switch instruction {
    case .move(_, let value), .unary(_, _, let value):
      value.register.map { [$0] } ?? []
    case .binary(_, _, let left, let right): [left.register, right.register].compactMap { $0 }
    case .loadRegister(_, let range, _): range.registers
    case .format: program.registersRead(by: instruction)
    default: []
    }
  }

  private static func transferFlow(
    _ program: Program,
    _ instruction: Instruction,
    _ stored: [VariableID: Int],
    _ set: inout BitSet
  ) {
    let width = stored.count
    func columns(of registers: [Register], _ set: BitSet) -> [Int] {
      (0..<width).filter { column in
        registers.contains { set.contains($0.index * width + column) }
      }
    }
    func add(_ registers: [Register], _ columns: [Int], _ set: inout BitSet) {
      for register in registers {
        for column in columns { set.insert(register.index * width + column) }
      }
    }
    switch instruction {
    case .store(let place, let value):
      if let register = value.register, let column = stored[place.variable] {
        set.insert(register.index * width + column)
      }
    case .storeRegister(let range, _, let value):
      if let register = value.register {
        add([register], columns(of: range.registers, set), &set)
      }
    default:
      let written = program.registersWritten(by: instruction)
      let columns = columns(of: written, set)
      for register in written {
        for column in 0..<width { set.remove(register.index * width + column) }
      }
      add(sources(program, of: instruction), columns, &set)
    }
  }

  /// What a forward pass, blind to the order of instructions, adds: which registers can be reached from a read at all.
  private static func tracked(
    _ program: Program,
    _ positions: [InstructionID],
    registerCount: Int,
    stored: [VariableID: Int],
    flowing: [Int: BitSet]
  ) -> ([VariableID], [Register]) {
    let width = stored.count
    var holds = BitSet(capacity: registerCount * width)
    var variables: Set<VariableID> = []
    let ownFields = program.ownFields
    for position in positions {
      guard case .load(let register, let place) = program.instructions[position.index],
        !ownFields.contains(place.variable), let column = stored[place.variable],
        flowing[position.index + 1]?.contains(register.index * width + column) == true
      else { continue }
      variables.insert(place.variable)
      holds.insert(register.index * width + column)
    }
    var changed = !variables.isEmpty
    while changed {
      changed = false
      for position in positions {
        let instruction = program.instructions[position.index]
        var from = sources(program, of: instruction)
        var to = program.registersWritten(by: instruction)
        if case .storeRegister(let range, _, let value) = instruction {
          from = value.register.map { [$0] } ?? []
          to = range.registers
        }
        for column in 0..<width
        where from.contains(where: { holds.contains($0.index * width + column) }) {
          for register in to where !holds.contains(register.index * width + column) {
            holds.insert(register.index * width + column)
            changed = true
          }
        }
      }
    }
    let registers = (0..<registerCount).filter { register in
      (0..<width).contains { holds.contains(register * width + $0) }
    }
    return (variables.sorted(), registers.map { Register($0) })
  }
}

extension Program {
  /// The fields that every thread uses only of itself, so that nobody else can make a read of them stale.
  package var ownFields: Set<VariableID> {
    var own: Set<VariableID> = []
    for (index, variable) in variables.enumerated() {
      if case .field = variable.shape { own.insert(VariableID(index)) }
    }
    for instruction in instructions {
      let place: Place
      switch instruction {
      case .load(_, let loaded): place = loaded
      case .store(let stored, _): place = stored
      default: continue
      }
      switch place {
      case .scalar, .element, .field(_, .thisThread), .fieldElement(_, .thisThread, _): break
      case .field, .fieldElement: own.remove(place.variable)
      }
    }
    return own
  }
}
