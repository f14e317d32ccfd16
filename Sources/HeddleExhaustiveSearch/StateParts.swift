import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// The slots of a state by what they belong to, for those who ask what a state consists of.
struct StateParts {
  /// One part, with the slots that have no meaning without it.
  struct Part {
    var subject: Explosion.Subject
    /// The slots that are its own.
    var slots: [Int]
    /// Registers that hold what was computed from it.
    var dependents: [Int] = []
  }

  /// All parts but ``memory``: variables, objects, locals, positions; in the order of the program.
  private(set) var parts: [Part] = []
  /// The slots in which reads are remembered.
  private(set) var memory: [Int] = []

  private let program: Program
  private let layout: StateLayout
  /// By thread type: its code.
  private let code: [[Instruction]]

  init(_ machine: Machine) {
    program = machine.program
    layout = machine.layout
    let program = machine.program
    code = program.threadTypes.map { type in
      CodeLoops.positions(of: program, from: type.entry).map { program.instructions[$0] }
    }
    addVariables()
    addObjects()
    for type in program.threadTypes.indices { addLocals(type) }
    for type in program.threadTypes.indices { addPositions(type) }
    for thread in layout.threads where thread.taint >= 0 {
      memory += thread.taint..<(thread.taken >= 0 ? thread.taken : thread.end)
    }
  }

  private mutating func addVariables() {
    for (index, variable) in program.variables.enumerated() {
      let start = layout.variables[index]
      let dependents = registerSlots { instruction in
        if case .load(let register, let place) = instruction, place.variable.index == index {
          register
        } else {
          nil
        }
      }
      parts.append(
        Part(
          subject: .variable(VariableID(index)),
          slots: Array(start..<start + variable.elementCount),
          dependents: dependents
        )
      )
    }
  }

  private mutating func addObjects() {
    var index = 0
    while index < program.objects.count {
      let name = program.objects[index].declaredName
      let first = ObjectID(index)
      var slots: [Int] = []
      while index < program.objects.count, program.objects[index].declaredName == name {
        let start = layout.objects[index]
        if start >= 0 { slots += start..<start + wordCount(of: index) }
        index += 1
      }
      let members = first.index..<index
      let dependents = registerSlots { instruction in
        if case .get(let register, let queue, _, _) = instruction,
          members.contains(queue.first.index)
        {
          register
        } else {
          nil
        }
      }
      if !slots.isEmpty {
        parts.append(Part(subject: .object(first), slots: slots, dependents: dependents))
      }
    }
  }

  private func wordCount(of object: Int) -> Int {
    if let queue = layout.queues[object] {
      return queue.items + queue.capacity - layout.objects[object]
    }
    switch program.objects[object].kind {
    case .rlock, .barrier: return 2
    default: return 1
    }
  }

  private mutating func addLocals(_ type: Int) {
    let declaration = program.threadTypes[type]
    for register in 0..<declaration.registerCount {
      parts.append(
        Part(
          subject: .local(ThreadTypeID(type), writer(of: Register(register), in: declaration)),
          slots: instances(of: type).map { layout.threads[$0].registers + register }
        )
      )
    }
  }

  private mutating func addPositions(_ type: Int) {
    let slots = instances(of: type).flatMap { instance in
      let thread = layout.threads[instance]
      return [thread.control, thread.wait, thread.depth, thread.order].filter { $0 >= 0 }
    }
    if !slots.isEmpty { parts.append(Part(subject: .positions(ThreadTypeID(type)), slots: slots)) }
  }

  private func instances(of type: Int) -> [Int] {
    program.instances.indices.filter { program.instances[$0].type.index == type }
  }

  /// The first statement that writes a register; `nil` for a parameter that nobody writes.
  private func writer(of register: Register, in type: ThreadType) -> StatementID? {
    CodeLoops.positions(of: program, from: type.entry).first { position in
      program.registersChanged(by: program.instructions[position]).contains(register)
    }
    .map { program.instructionStatements[$0] }
  }

  /// The slots of the registers that get a value from a source, at once or through other registers.
  private func registerSlots(_ source: (Instruction) -> Register?) -> [Int] {
    var slots: [Int] = []
    for (type, code) in code.enumerated() {
      var derived: Set<Register> = Set(code.compactMap(source))
      var count = 0
      while derived.count > count {
        count = derived.count
        for instruction in code {
          switch instruction {
          case .move, .unary, .binary, .loadRegister, .storeRegister, .format:
            if program.registersRead(by: instruction).contains(where: derived.contains) {
              derived.formUnion(program.registersChanged(by: instruction))
            }
          default: break
          }
        }
      }
      for instance in instances(of: type) {
        slots += derived.map { layout.threads[instance].registers + $0.index }
      }
    }
    return slots.sorted()
  }
}

extension Program {
  /// The registers that an instruction writes, the elements of an array among them.
  func registersChanged(by instruction: Instruction) -> [Register] {
    if case .storeRegister(let range, _, _) = instruction { return range.registers }
    return registersWritten(by: instruction)
  }
}

/// The loops in the code of a program.
struct CodeLoops {
  /// One loop: from its head to its last jump back.
  struct Loop {
    var positions: ClosedRange<Int>
    /// Whether no instruction in it leads out of it.
    var isEndless: Bool
  }

  private let loops: [Loop]

  init(_ program: Program) {
    loops = program.instructions.indices.compactMap { position in
      guard case .backEdge(let head) = program.instructions[position], head.index <= position
      else { return nil }
      let range = head.index...position
      return Loop(
        positions: range,
        isEndless: range.allSatisfy { inside in
          let next = program.successors(of: InstructionID(inside))
          return !next.isEmpty && next.allSatisfy { range.contains($0.index) }
        }
      )
    }
  }

  /// The smallest loop around an instruction.
  func innermost(around position: Int) -> Loop? {
    loops.filter { $0.positions.contains(position) }.min {
      ($0.positions.count, $0.positions.lowerBound) < ($1.positions.count, $1.positions.lowerBound)
    }
  }

  /// The instructions that can be reached from an entry, ascending.
  static func positions(of program: Program, from entry: InstructionID) -> [Int] {
    var seen: Set<Int> = [entry.index]
    var pending = [entry]
    while let position = pending.popLast() {
      for next in program.successors(of: position) where seen.insert(next.index).inserted {
        pending.append(next)
      }
    }
    return seen.sorted()
  }
}
