/// Writes a program as text, one line for each entry of a table or instruction, for tests and for debugging.
///
/// Variables, objects and threads are written by name, registers as `r3`, positions as `@17`.
public struct ProgramPrinter {
  let program: Program

  /// Prints `program`.
  public init(_ program: Program) {
    self.program = program
  }

  /// The whole program.
  public func text() -> String {
    var lines: [String] = []
    for variable in program.variables { lines.append(line(variable)) }
    for object in program.objects { lines.append(line(object)) }
    for type in program.threadTypes {
      lines.append("")
      lines.append(header(type))
      lines += code(from: type.entry)
    }
    for observer in program.invariants {
      lines.append("")
      lines.append("invariant, \(observer.registerCount) registers")
      lines += code(from: observer.entry)
    }
    if let finally = program.finally {
      lines.append("")
      lines.append("finally, \(finally.registerCount) registers")
      lines += code(from: finally.entry)
    }
    return lines.drop(while: \.isEmpty).joined(separator: "\n") + "\n"
  }

  /// The code from an entry up to the next one.
  public func code(from entry: InstructionID) -> [String] {
    let entries =
      program.threadTypes.map(\.entry.index) + program.invariants.map(\.entry.index)
      + (program.finally.map { [$0.entry.index] } ?? [])
    let end = entries.filter { $0 > entry.index }.min() ?? program.instructions.count
    return (entry.index..<end).map { "  @\($0) " + describe(program.instructions[$0]) }
  }

  // MARK: Tables

  private func line(_ variable: Variable) -> String {
    var text = variable.isAtomic ? "atomic " : ""
    text += "\(variable.name): \(describe(variable.type))"
    switch variable.shape {
    case .scalar: break
    case .array(let length): text += "[\(length)]"
    case .field(let slots, let length, let isArray):
      text += (isArray ? "[\(length)]" : "") + " of \(slots.filter { $0 >= 0 }.count)"
    }
    switch variable.initial {
    case .values(let values):
      let shown = values.prefix(8).map { describe(value: $0, variable.type) }
      text += " = " + shown.joined(separator: ", ") + (values.count > 8 ? ", …" : "")
    case .anyOf(let lower, let upper): text += " = any \(lower)...\(upper)"
    case .anyInteger: text += " = any Int"
    }
    return text
  }

  private func line(_ object: SyncObject) -> String {
    var text: String
    switch object.kind {
    case .lock: text = "lock"
    case .rlock: text = "rlock"
    case .semaphore(let initial, let isBounded):
      text = (isBounded ? "bounded " : "") + "semaphore = \(initial)"
    case .condition(let lock, let isFIFO):
      text = "condition(\(program.objects[lock.index].name)\(isFIFO ? ", fifo" : ""))"
    case .event(let isCleared): text = isCleared ? "event, cleared" : "event"
    case .barrier(let parties): text = "barrier(\(parties))"
    case .queue(let order, let capacity, let bound, let countsTasks, let items):
      text = "\(order) queue of \(describe(items))"
      if let capacity { text += ", capacity \(capacity)" }
      if let bound { text += ", bound \(bound)" }
      if countsTasks { text += ", counts tasks" }
    }
    return "\(object.name): \(text)"
  }

  private func header(_ type: ThreadType) -> String {
    var text = type.isDaemon ? "daemon thread " : "thread "
    text += "\(type.name) * \(type.instanceCount)"
    if type.isCapped { text += ", capped" }
    if type.mayOutliveMain { text += ", may outlive main" }
    return text + ", \(type.parameterCount) of \(type.registerCount) registers"
  }

  /// The type as in an annotation.
  private func describe(_ type: ValueType) -> String {
    let base =
      switch type.base {
      case .integer: "Int"
      case .boolean: "Bool"
      case .string: "String"
      case .thread: "Thread"
      }
    return type.isOptional ? base + "?" : base
  }

  private func describe(value: Int, _ type: ValueType) -> String {
    if type.isOptional, value == Program.none { return "none" }
    switch type.base {
    case .integer: return String(value)
    case .boolean: return value == 0 ? "false" : "true"
    case .string: return "\"\(program.strings[value])\""
    case .thread: return program.instances[value].name
    }
  }

  // MARK: Operands

  func describe(_ operand: Operand) -> String {
    switch operand {
    case .constant(Program.none): "none"
    case .constant(let value): String(value)
    case .register(let register): register.description
    case .thisThread: "self"
    case .thisIndex: "self.index"
    case .thisName: "self.name"
    }
  }

  func describe(_ place: Place) -> String {
    let name = program.variables[place.variable.index].name
    switch place {
    case .scalar: return name
    case .element(_, let index): return "\(name)[\(describe(index))]"
    case .field(_, let owner): return "\(describe(owner)).\(name)"
    case .fieldElement(_, let owner, let index):
      return "\(describe(owner)).\(name)[\(describe(index))]"
    }
  }

  func describe(_ object: ObjectReference) -> String {
    guard let index = object.index else { return program.objects[object.first.index].name }
    return "\(program.objects[object.first.index].declaredName)[\(describe(index))]"
  }

  func describe(_ range: RegisterRange) -> String {
    "r\(range.first.index)..<r\(range.first.index + range.count)"
  }

  func describe(_ template: TemplateID) -> String {
    let pieces = program.templates[template.index].map { piece in
      switch piece {
      case .text(let text): text
      case .value(let operand, _): "\\(\(describe(operand)))"
      }
    }
    return "\"" + pieces.joined() + "\""
  }
}
