import HeddleChecking
import HeddleProgram

/// What is reported, and under which key: what the program allows is not.
struct Reporting {
  private let program: Program
  private let firsts: [ObjectID]

  init(_ program: Program) {
    self.program = program
    var known: [String: ObjectID] = [:]
    firsts = program.objects.enumerated().map { index, object in
      if let first = known[object.declaredName] { return first }
      known[object.declaredName] = ObjectID(index)
      return ObjectID(index)
    }
  }

  private func isAllowed(_ kind: FindingKind, _ name: String) -> Bool {
    program.allowances.contains { $0.kind == kind && Subject.matches($0.subject, name) }
  }

  func race(_ variable: Int) -> Bool {
    let declaration = program.variables[variable]
    return !declaration.isAtomic && !isAllowed(.dataRace, declaration.name)
  }

  func lostUpdate(_ variable: Int) -> Bool {
    !isAllowed(.lostUpdate, program.variables[variable].name)
  }

  func leak(ofObject object: Int) -> Bool {
    !isAllowed(.leak, program.objects[object].declaredName)
  }

  func leak(ofType type: Int) -> Bool { !isAllowed(.leak, program.threadTypes[type].name) }

  func firstOfDeclaration(_ object: Int) -> ObjectID { firsts[object] }

  /// The finding that ends a run so; `nil` for an assumption.
  func key(of outcome: FailureOutcome) -> FindingKey? {
    switch outcome {
    case .claim(let claim):
      program.claims[claim.index].kind == .invariant
        ? .invariant(program.original(of: claim)) : .assertion(program.original(of: claim))
    case .misuse(let statement): .misuse(statement)
    case .excluded: nil
    }
  }
}
