/// Checks the rules that every program obeys; each kind of instruction states its own.
///
/// Run it after every lowering. A violation is a mistake of the front end, never of its user.
///
/// It does not check types: an integer that stands for a boolean and one that stands for a thread
/// look the same.
public struct ProgramVerifier {
  let program: Program
  /// The code that is looked at.
  var region = Region()
  private let found = Violations()
  /// What is wrong, in the order of finding it.
  private var violations: [String] { found.messages }

  /// Shared, so that a check can describe the verifier while it adds to the list.
  private final class Violations {
    var messages: [String] = []
  }

  /// The code of one thread declaration or observer.
  struct Region {
    var name = ""
    var registerCount = 0
    var isObserver = false
  }

  /// What a point in the code is inside of.
  enum Atomicity: Equatable {
    case outside
    /// Between `atomicBegin(hasGuard: true)` and its `atomicGuard`.
    case inGuard
    case inside
  }

  private init(_ program: Program) {
    self.program = program
  }

  /// All violations of the rules, with what is there and what should be.
  public static func violations(in program: Program) -> [String] {
    var verifier = ProgramVerifier(program)
    verifier.checkTables()
    guard verifier.violations.isEmpty else { return verifier.violations }
    verifier.checkCode()
    return verifier.violations
  }

  /// Stops with an internal error if a rule is violated.
  public static func verify(_ program: Program) {
    if let first = violations(in: program).first {
      preconditionFailure("internal error: \(program.name): \(first)")
    }
  }

  /// Notes a violation unless `condition` holds.
  func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition, found.messages.count < 100 { found.messages.append(message()) }
  }

  // MARK: Tables

  private func checkTables() {
    let count = program.instructions.count
    expect(count > 0, "there is no instruction at position 0")
    expect(
      program.instructionSpans.count == count,
      "\(program.instructionSpans.count) spans for \(count) instructions"
    )
    expect(
      program.instructionStatements.count == count,
      "\(program.instructionStatements.count) statements for \(count) instructions"
    )
    for (position, statement) in program.instructionStatements.enumerated() {
      expect(
        program.statements.indices.contains(statement.index),
        "@\(position) belongs to \(statement) of \(program.statements.count)"
      )
    }
    for (index, statement) in program.statements.enumerated() {
      guard let parent = statement.parent else { continue }
      expect(parent.index < index, "s\(index) comes before the statement around it, \(parent)")
    }
    checkThreads()
    checkObjects()
    for variable in program.variables { check(variable) }
  }

  private func checkThreads() {
    var next = 0
    for (index, type) in program.threadTypes.enumerated() {
      expect(
        type.firstInstance.index == next,
        "\(type.name) begins with \(type.firstInstance), not t\(next)"
      )
      expect(!type.isMain || index == 0 && type.instanceCount == 1, "main is not the first thread")
      expect(
        type.parameterCount <= type.registerCount,
        "\(type.name) has \(type.parameterCount) parameters in \(type.registerCount) registers"
      )
      next += type.instanceCount
    }
    expect(program.instances.count == next, "\(program.instances.count) instances, not \(next)")
    for (index, instance) in program.instances.enumerated() {
      guard program.threadTypes.indices.contains(instance.type.index) else {
        expect(false, "t\(index) is of the unknown type \(instance.type)")
        continue
      }
      let type = program.threadTypes[instance.type.index]
      expect(
        type.firstInstance.index + instance.indexInType == index,
        "t\(index) is number \(instance.indexInType) of \(type.name)"
      )
      expect(
        program.strings.indices.contains(instance.nameString)
          && program.strings[instance.nameString] == instance.name,
        "t\(index) has a name that is not a string value"
      )
    }
  }

  private func checkObjects() {
    for object in program.objects {
      switch object.kind {
      case .condition(let lock, _):
        guard program.objects.indices.contains(lock.index) else {
          expect(false, "\(object.name) waits with the unknown \(lock)")
          continue
        }
        switch program.objects[lock.index].kind {
        case .lock, .rlock: break
        default: expect(false, "\(object.name) waits with \(program.objects[lock.index].name)")
        }
      case .semaphore(let initial, _):
        expect(initial >= 0, "\(object.name) begins with \(initial) permits")
      case .barrier(let parties): expect(parties > 0, "\(object.name) has \(parties) parties")
      case .queue(_, let capacity, let bound, _, _):
        expect((capacity ?? 1) > 0, "\(object.name) has room for \(capacity ?? 0) items")
        expect((bound ?? 0) >= 0, "\(object.name) has the bound \(bound ?? 0)")
      case .lock, .rlock, .event: break
      }
    }
  }

  private func check(_ variable: Variable) {
    if case .field(let slots, let length, let isArray) = variable.shape {
      expect(
        slots.count == program.instances.count,
        "\(variable.name) has \(slots.count) slots for \(program.instances.count) threads"
      )
      let used = slots.filter { $0 >= 0 }
      expect(used == Array(0..<used.count), "\(variable.name) has copies in the order \(used)")
      expect(isArray || length == 1, "\(variable.name) is no array but has \(length) elements")
    }
    switch variable.initial {
    case .values(let values):
      expect(
        values.count == variable.elementCount,
        "\(variable.name) has \(values.count) values for \(variable.elementCount) elements"
      )
    case .anyOf(let lower, let upper):
      expect(lower <= upper, "\(variable.name) begins with one of \(lower)...\(upper)")
    case .anyInteger: break
    }
  }

  // MARK: Code

  private mutating func checkCode() {
    for type in program.threadTypes {
      region = Region(name: type.name, registerCount: type.registerCount)
      walk(from: type.entry)
    }
    for observer in program.invariants + (program.finally.map { [$0] } ?? []) {
      region = Region(
        name: "the observer at \(observer.entry)",
        registerCount: observer.registerCount,
        isObserver: true
      )
      walk(from: observer.entry)
    }
  }

  /// Checks all instructions that can be reached from an entry.
  private func walk(from entry: InstructionID) {
    guard isTarget(entry) else { return expect(false, "\(region.name) begins at \(entry)") }
    var atomicity: [Int: Atomicity] = [entry.index: .outside]
    var pending = [entry]
    while let position = pending.popLast() {
      guard violations.isEmpty, let before = atomicity[position.index] else { return }
      let after = check(program.instructions[position.index], at: position, before)
      guard violations.isEmpty else { return }
      for next in program.successors(of: position) {
        guard isTarget(next) else {
          return expect(false, "\(place(position)) goes on at \(next)")
        }
        guard let known = atomicity[next.index] else {
          atomicity[next.index] = after
          pending.append(next)
          continue
        }
        expect(
          known == after,
          "\(place(next)) is reached both \(known) and \(after) an atomic block"
        )
      }
    }
  }

  func isTarget(_ position: InstructionID) -> Bool {
    (1..<program.instructions.count).contains(position.index)
  }

  /// A position for messages.
  func place(_ position: InstructionID) -> String { "\(position) in \(region.name)" }
}
