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
  /// By thread type.
  let registerUse: [RegisterUse]

  init(_ machine: Machine) {
    program = machine.program
    layout = machine.layout
    registerUse = machine.program.threadTypes.map { RegisterUse($0, of: machine.program) }
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
      parts.append(
        Part(
          subject: .variable(VariableID(index)),
          slots: Array(start..<start + variable.elementCount),
          dependents: slots { $0.loads[VariableID(index)] ?? [] }
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
      let members = (first.index..<index).map { ObjectID($0) }
      let dependents = self.slots { use in
        members.reduce(into: []) { $0.formUnion(use.gets[$1] ?? []) }
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
    for register in 0..<program.threadTypes[type].registerCount {
      // None for a parameter that nobody writes.
      let writer = registerUse[type].writes[register].first
      parts.append(
        Part(
          subject: .local(ThreadTypeID(type), writer.map { program.instructionStatements[$0] }),
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

  /// The slots of the registers that get a value from some others, at once or through more of them.
  private func slots(of registers: (RegisterUse) -> Set<Int>) -> [Int] {
    var slots: [Int] = []
    for (type, use) in registerUse.enumerated() {
      let derived = use.derived(from: registers(use))
      for instance in instances(of: type) {
        slots += derived.map { layout.threads[instance].registers + $0 }
      }
    }
    return slots.sorted()
  }
}
