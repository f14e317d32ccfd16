import HeddleDiagnostics
import HeddleProgram

/// Builds small programs without a front end; every instruction is its own statement on its own line.
struct ProgramBuilder {
  private(set) var program: Program
  private let noSpan = SourceSpan(start: 0, end: 0)

  init() {
    let text = String(repeating: "\n", count: 100)
    program = Program(name: "test", source: SourceFile(name: "test.heddle", text: text))
    add([.end(byException: false)])
  }

  /// Adds instructions; `at` gives the position that the first gets.
  mutating func add(_ instructions: [Instruction]) {
    for instruction in instructions {
      let line = program.statements.count
      let span = SourceSpan(start: line, end: line)
      program.statements.append(Statement(span: span, owner: "test", parent: nil))
      program.instructions.append(instruction)
      program.instructionSpans.append(span)
      program.instructionStatements.append(StatementID(line))
    }
  }

  var next: InstructionID { InstructionID(program.instructions.count) }

  mutating func variable(_ name: String, _ value: Int) -> Place {
    program.variables.append(
      Variable(
        name: name,
        span: noSpan,
        type: ValueType(.integer),
        isAtomic: false,
        shape: .scalar,
        initial: .values([value])
      )
    )
    return .scalar(VariableID(program.variables.count - 1))
  }

  mutating func object(_ name: String, _ kind: SyncObject.Kind) -> ObjectReference {
    program.objects.append(SyncObject(name: name, declaredName: name, span: noSpan, kind: kind))
    return ObjectReference(ObjectID(program.objects.count - 1))
  }

  mutating func claim(_ kind: Claim.Kind) -> ClaimID {
    let span = SourceSpan(start: program.statements.count, end: program.statements.count)
    program.claims.append(
      Claim(kind: kind, span: span, conditionSpan: span, message: nil, comparison: nil)
    )
    return ClaimID(program.claims.count - 1)
  }

  mutating func thread(
    _ name: String,
    count: Int = 1,
    isDaemon: Bool = false,
    isMain: Bool = false,
    parameters: Int = 0,
    registers: Int = 4,
    _ code: (inout ProgramBuilder) -> [Instruction]
  ) {
    var type = ThreadType(name: name, span: noSpan, entry: next)
    add(code(&self))
    type.isDaemon = isDaemon
    type.isMain = isMain
    type.parameterCount = parameters
    type.registerCount = registers
    type.firstInstance = ThreadID(program.instances.count)
    type.instanceCount = count
    for index in 0..<count {
      program.instances.append(
        ThreadInstance(
          type: ThreadTypeID(program.threadTypes.count),
          indexInType: index,
          name: "\(name)#\(index)",
          nameString: 0
        )
      )
    }
    program.threadTypes.append(type)
  }

  mutating func finally(_ code: [Instruction]) {
    program.finally = Observer(entry: next, registerCount: 4)
    add(code + [.observerEnd])
  }

  mutating func invariant(_ code: [Instruction]) {
    program.invariants.append(Observer(entry: next, registerCount: 4))
    add(code + [.observerEnd])
  }
}

extension Operand {
  static func r(_ number: Int) -> Operand { .register(Register(number)) }
}

extension Register {
  static func r(_ number: Int) -> Register { Register(number) }
}
