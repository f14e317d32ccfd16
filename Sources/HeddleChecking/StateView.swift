import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// Reads states of a machine as ``Snapshot`` values.
struct StateView {
  let machine: Machine
  private let program: Program
  /// Every element of every variable.
  private let elements: [(name: String, slot: Int, type: ValueType)]
  /// By instruction that a thread can stand at: the text of its statement.
  private let statementTexts: [String]

  init(_ machine: Machine) {
    self.machine = machine
    program = machine.program
    statementTexts = program.statements.map { [program] in program.foldedText($0.span) }
    var elements: [(name: String, slot: Int, type: ValueType)] = []
    for (index, variable) in program.variables.enumerated() {
      let start = machine.layout.variables[index]
      for element in 0..<variable.elementCount {
        let name = Self.name(of: element, in: variable, program)
        elements.append((name, start + element, variable.type))
      }
    }
    self.elements = elements
  }

  // MARK: Names and texts

  /// `balance`, `seen[2]`, `worker#1.handled`, `worker#1.seen[2]`.
  static func name(of element: Int, in variable: Variable, _ program: Program) -> String {
    switch variable.shape {
    case .scalar: return variable.name
    case .array: return "\(variable.name)[\(element)]"
    case .field(let slots, let length, let isArray):
      let owner = slots.firstIndex(of: element / length) ?? 0
      let field = variable.name.split(separator: ".").last.map(String.init) ?? variable.name
      let name = "\(program.instances[owner].name).\(field)"
      return isArray ? "\(name)[\(element % length)]" : name
    }
  }

  func name(of variable: VariableID, element: Int) -> String {
    Self.name(of: element, in: program.variables[variable.index], program)
  }

  func name(of thread: ThreadID) -> String { program.instances[thread.index].name }

  func name(of object: ObjectID) -> String { program.objects[object.index].name }

  /// A value as one would write it: strings in quotes.
  func text(of value: Int, as type: ValueType) -> String {
    machine.literal(of: value, as: type)
  }

  /// A text as a string literal.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  func text(of value: Int, in variable: VariableID) -> String {
    text(of: value, as: program.variables[variable.index].type)
  }

  func text(ofItem value: Int, in queue: ObjectID) -> String {
    guard case .queue(_, _, _, _, let items) = program.objects[queue.index].kind else {
      return String(value)
    }
    return text(of: value, as: items)
  }

  func source(of position: InstructionID) -> String {
    statementTexts[program.instructionStatements[position.index].index]
  }

  // MARK: Snapshots

  /// The state as names and texts; parts that are as before share their storage with `previous`.
  func snapshot(of state: inout MutableSpan<Int>, previous: Snapshot?) -> Snapshot {
    var snapshot = previous ?? emptySnapshot()
    for (index, element) in elements.enumerated() {
      let value = text(of: state[element.slot], as: element.type)
      if snapshot.variables[index].value != value { snapshot.variables[index].value = value }
    }
    for index in program.objects.indices {
      let value = text(of: ObjectID(index), &state)
      if snapshot.objects[index].value != value { snapshot.objects[index].value = value }
    }
    let held = heldLocks(&state)
    for index in program.instances.indices {
      let status = status(of: index, holds: held[index], &state)
      if snapshot.threads[index] != status { snapshot.threads[index] = status }
    }
    return snapshot
  }

  private func emptySnapshot() -> Snapshot {
    Snapshot(
      variables: elements.map { NamedValue(name: $0.name, value: "") },
      objects: program.objects.map { NamedValue(name: $0.name, value: "") },
      threads: program.instances.enumerated().map { index, instance in
        ThreadStatus(
          thread: ThreadID(index),
          name: instance.name,
          isDaemon: program.threadTypes[instance.type.index].isDaemon,
          condition: .notStarted,
          holds: [],
          blockers: []
        )
      }
    )
  }

  private func heldLocks(_ state: inout MutableSpan<Int>) -> [[String]] {
    var held = Array(repeating: [String](), count: program.instances.count)
    for (index, object) in program.objects.enumerated() {
      switch object.kind {
      case .lock, .rlock:
        if let owner = machine.owner(of: ObjectID(index), in: state.span) {
          held[owner.index].append(object.name)
        }
      default: break
      }
    }
    return held
  }

  private func text(of object: ObjectID, _ state: inout MutableSpan<Int>) -> String {
    switch machine.contents(of: object, in: &state) {
    case .lock(let owner, let depth):
      guard let owner else { return "free" }
      return "held by \(name(of: owner))" + (depth > 1 ? ", \(depth) times" : "")
    case .semaphore(let permits): return counted(permits, "permit")
    case .condition(let waiters):
      return waiters.isEmpty ? "nobody waits" : "\(listed(waiters.map(name))) waiting"
    case .event(let isSet, let waiters):
      let text = isSet ? "set" : "not set"
      return waiters.isEmpty ? text : "\(text), \(listed(waiters.map(name))) waiting"
    case .barrier(let phase, let waiting, let parties):
      switch phase {
      case .filling: return "\(waiting) of \(parties) waiting"
      case .draining: return "open, \(waiting) of \(parties) still to leave"
      case .resetting: return "being reset"
      case .broken: return "broken"
      }
    case .queue(let items, let unfinished):
      let text = items.map { self.text(ofItem: $0, in: object) }.joined(separator: ", ")
      return "[\(text)]" + (unfinished.map { " (\($0) unfinished)" } ?? "")
    }
  }

  private func status(
    of thread: Int,
    holds: [String],
    _ state: inout MutableSpan<Int>
  ) -> ThreadStatus {
    let instance = program.instances[thread]
    let position = machine.position(of: thread, in: state.span)
    var status = ThreadStatus(
      thread: ThreadID(thread),
      name: instance.name,
      isDaemon: program.threadTypes[instance.type.index].isDaemon,
      condition: machine.hasEnded(thread, in: state.span) ? .ended : .notStarted,
      position: position,
      line: position.map { program.line(of: $0) },
      source: position.map { source(of: $0) },
      holds: holds,
      blockers: []
    )
    guard position != nil else { return status }
    status.condition = .ready
    if let blockage = machine.blockage(of: thread, in: &state) {
      status.condition = .blocked
      status.blockage = blockage
      status.waitsFor = program.text(of: blockage) { $0 }
      status.blockers = blockers(blockage, &state)
    }
    return status
  }

  /// The threads that own what is waited for, as far as somebody does.
  private func blockers(_ blockage: Blockage, _ state: inout MutableSpan<Int>) -> [ThreadID] {
    switch blockage {
    case .acquiring(let object), .lockOfCondition(_, let object):
      if case .semaphore = program.objects[object.index].kind { return [] }
      return machine.owner(of: object, in: state.span).map { [$0] } ?? []
    case .threads(let threads): return threads
    default: return []
    }
  }
}
