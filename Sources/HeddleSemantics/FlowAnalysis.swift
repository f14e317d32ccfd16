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

  /// The registers that are live before each instruction.
  private let live: PositionSets
  /// The pairs `register * storedVariables.count + column` that hold before each instruction.
  private let flowing: PositionSets
  private let storedVariables: StoredVariables

  /// Sets of the same size at the instructions of some code.
  private struct PositionSets {
    /// By instruction of the program: which set; -1 if it is no part of the code.
    private var indices: [Int32]
    private var sets: [BitSet]

    init(_ program: Program, _ positions: [InstructionID], capacity: Int) {
      indices = Array(repeating: -1, count: program.instructions.count)
      for (index, position) in positions.enumerated() { indices[position.index] = Int32(index) }
      sets = Array(repeating: BitSet(capacity: capacity), count: positions.count)
    }

    subscript(position: InstructionID) -> BitSet? {
      guard let index = index(of: position) else { return nil }
      return sets[index]
    }

    func contains(_ element: Int, at position: InstructionID) -> Bool {
      guard let index = index(of: position) else { return false }
      return sets[index].contains(element)
    }

    /// Adds to the set at an instruction of the code; returns whether anything was new.
    mutating func formUnion(_ set: BitSet, at position: InstructionID) -> Bool {
      sets[Int(indices[position.index])].formUnion(set)
    }

    private func index(of position: InstructionID) -> Int? {
      guard indices.indices.contains(position.index), indices[position.index] >= 0 else {
        return nil
      }
      return Int(indices[position.index])
    }
  }

  /// The variables that the code writes to, with a column for each.
  private struct StoredVariables {
    private(set) var count = 0
    /// By variable; -1 if the code does not write to it.
    private var columns: [Int]

    init(_ program: Program, _ positions: [InstructionID]) {
      columns = Array(repeating: -1, count: program.variables.count)
      for position in positions {
        guard case .store(let place, _) = program.instructions[position.index],
          columns[place.variable.index] < 0
        else { continue }
        columns[place.variable.index] = count
        count += 1
      }
    }

    subscript(variable: VariableID) -> Int? {
      columns[variable.index] < 0 ? nil : columns[variable.index]
    }
  }

  /// Analyses the code that starts at `entry`.
  ///
  /// - Complexity: O(instructions x registers x variables written), times the nesting of loops.
  package init(of program: Program, entry: InstructionID, registerCount: Int) {
    positions = program.reachable(from: [entry])
    let stored = StoredVariables(program, positions)
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
    live.contains(register.index, at: position)
  }

  /// Whether the register's value may still be written to the variable after control reaches `position`.
  package func flows(
    _ register: Register,
    into variable: VariableID,
    at position: InstructionID
  ) -> Bool {
    guard let column = storedVariables[variable] else { return false }
    return flowing.contains(register.index * storedVariables.count + column, at: position)
  }

  /// The least solution of a backward may-analysis; the result is the set before each instruction.
  private static func solve(
    _ program: Program,
    _ positions: [InstructionID],
    capacity: Int,
    transfer: (Instruction, inout BitSet) -> Void
  ) -> PositionSets {
    var before = PositionSets(program, positions, capacity: capacity)
    var changed = true
    while changed {
      changed = false
      for position in positions.reversed() {
        var set = BitSet(capacity: capacity)
        for successor in program.successors(of: position) {
          if let next = before[successor] { set.formUnion(next) }
        }
        transfer(program.instructions[position.index], &set)
        if before.formUnion(set, at: position) { changed = true }
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
    _ stored: StoredVariables,
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
    stored: StoredVariables,
    flowing: PositionSets
  ) -> ([VariableID], [Register]) {
    let width = stored.count
    var holds = BitSet(capacity: registerCount * width)
    var variables: Set<VariableID> = []
    let ownFields = program.ownFields
    for position in positions {
      guard case .load(let register, let place) = program.instructions[position.index],
        !ownFields.contains(place.variable), let column = stored[place.variable],
        flowing.contains(
          register.index * width + column,
          at: InstructionID(position.index + 1)
        )
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
