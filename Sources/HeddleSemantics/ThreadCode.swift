package import HeddleProgram

/// The code of one thread declaration.
package struct ThreadCode {
  /// The instructions that can be reached from the entry, ascending.
  package let positions: [InstructionID]
  /// Whether it asks for `self.index`, `self.name` or its own handle.
  package let asksForItself: Bool

  /// Finds the code of a declaration.
  package init(_ type: ThreadType, of program: Program) {
    positions = program.reachable(from: [type.entry])
    asksForItself = positions.contains { position in
      program.operands(of: program.instructions[position.index]).contains {
        switch $0 {
        case .thisIndex, .thisThread, .thisName: true
        case .constant, .register: false
        }
      }
    }
  }
}

extension Program {
  /// The operands that an instruction's effect depends on; what it merely prints is left out.
  package func operands(of instruction: Instruction) -> [Operand] {
    func operands(of place: Place) -> [Operand] {
      switch place {
      case .scalar: []
      case .element(_, let index): [index]
      case .field(_, let owner): [owner]
      case .fieldElement(_, let owner, let index): [owner, index]
      }
    }
    switch instruction {
    case .move(_, let value), .unary(_, _, let value), .requireValue(let value),
      .requireOptionalRange(let value), .branch(let value, _), .atomicGuard(let value),
      .isAlive(_, let value), .join(.thread(let value), _), .assert(let value, _),
      .assume(let value, _), .loadRegister(_, _, let value):
      return [value]
    case .binary(_, _, let left, let right), .any(_, let left, let right),
      .storeRegister(_, let left, let right):
      return [left, right]
    case .format(_, let template):
      return templates[template.index].compactMap {
        if case .value(let operand, _) = $0 { operand } else { nil }
      }
    case .load(_, let place): return operands(of: place)
    case .store(let place, let value): return operands(of: place) + [value]
    case .put(let object, let value, _, _): return [object.index].compactMap { $0 } + [value]
    case .start(_, _, let arguments, _): return argumentLists[arguments]
    default:
      return instruction.object?.index.map { [$0] } ?? []
    }
  }
}
