import HeddleProgram
import HeddleSolver

// Local work: registers, arithmetic, texts.

extension Encoder {
  /// What an operand holds.
  func value(_ operand: Operand, _ role: Role, _ state: PathState) -> SymbolicValue {
    switch operand {
    case .constant(let value): return SymbolicValue(term: terms.integer(value))
    case .register(let register): return state.registers[register.index]
    case .thisThread: return SymbolicValue(term: terms.integer(role.thread ?? Program.none))
    case .thisIndex:
      let index = role.thread.map { program.instances[$0].indexInType } ?? 0
      return SymbolicValue(term: terms.integer(index))
    case .thisName:
      let name = role.thread.map { program.instances[$0].nameString } ?? 0
      return SymbolicValue(term: terms.integer(name))
    }
  }

  func isTrue(_ operand: Operand, _ role: Role, _ state: PathState) -> Formula {
    terms.not(terms.equal(value(operand, role, state).term, terms.integer(0)))
  }

  /// Executes a local instruction that goes on at the next one.
  func computeLocally(
    _ instruction: Instruction,
    _ position: Int,
    _ role: Role,
    _ state: inout PathState,
    _ result: inout WalkResult
  ) {
    func fail(if condition: Formula) {
      failHere(misuse(at: position), if: condition, role, &state, &result)
    }
    switch instruction {
    case .move(let register, let operand):
      let number = parameters[position].map { SymbolicValue(term: $0) }
      state.registers[register.index] = number ?? value(operand, role, state)
    case .unary(let operation, let register, let operand):
      let old = value(operand, role, state)
      var new = old
      switch operation {
      case .not: new.term = terms.integer(terms.equal(old.term, terms.integer(0)))
      case .negate:
        new.term = terms.difference(terms.integer(0), old.term)
        fail(if: terms.not(terms.fitsWord(new.term)))
      }
      state.registers[register.index] = new
    case .binary(let operation, let register, let left, let right):
      let (left, right) = (value(left, role, state), value(right, role, state))
      if operation.ordersTexts,
        terms.value(of: left.term) == nil || terms.value(of: right.term) == nil
      {
        let construct = "the order of texts that are not fixed"
        addFrontier(state.guardFormula, .notEncoded(construct, line: line(of: position)))
        // Whatever follows is behind the frontier.
        state.guardFormula = terms.no
        return
      }
      var new = SymbolicValue(term: left.term, sources: union(left.sources + right.sources))
      new.term = compute(operation, left.term, right.term, at: position, state, fail)
      state.registers[register.index] = new
    case .loadRegister(let register, let range, let index):
      let index = value(index, role, state).term
      fail(if: terms.not(isIndex(index, below: range.count)))
      guard range.count > 0 else { return }
      var chosen = state.registers[range.first.index]
      for offset in 1..<max(1, range.count) {
        let isHere = terms.equal(index, terms.integer(offset))
        chosen = merge(isHere, state.registers[range.first.index + offset], chosen)
      }
      state.registers[register.index] = chosen
    case .storeRegister(let range, let index, let operand):
      let index = value(index, role, state).term
      let new = value(operand, role, state)
      fail(if: terms.not(isIndex(index, below: range.count)))
      for offset in 0..<range.count {
        let isHere = terms.equal(index, terms.integer(offset))
        let register = range.first.index + offset
        state.registers[register] = merge(isHere, new, state.registers[register])
      }
    case .requireValue(let operand), .requireOptionalRange(let operand):
      let isNone = terms.equal(value(operand, role, state).term, terms.integer(Program.none))
      fail(if: isNone)
    case .format(let register, let template):
      format(register, template, position, role, &state)
    case .print: break
    default: preconditionFailure("internal error: \(instruction) is no local work")
    }
  }

  func isIndex(_ index: IntegerTerm, below count: Int) -> Formula {
    terms.and(
      terms.lessOrEqual(terms.integer(0), index),
      terms.less(index, terms.integer(count))
    )
  }

  private func compute(
    _ operation: BinaryOperation,
    _ left: IntegerTerm,
    _ right: IntegerTerm,
    at position: Int,
    _ state: PathState,
    _ fail: (Formula) -> Void
  ) -> IntegerTerm {
    func checked(_ term: IntegerTerm) -> IntegerTerm {
      fail(terms.not(terms.fitsWord(term)))
      return term
    }
    switch operation {
    case .add: return checked(terms.sum([left, right]))
    case .subtract: return checked(terms.difference(left, right))
    case .multiply: return checked(terms.product(left, right))
    case .divide, .modulo:
      fail(terms.equal(right, terms.integer(0)))
      if operation == .modulo { return terms.floorRemainder(left, right) }
      return checked(terms.floorQuotient(left, right))
    case .equal: return terms.integer(terms.equal(left, right))
    case .notEqual: return terms.integer(terms.not(terms.equal(left, right)))
    case .less: return terms.integer(terms.less(left, right))
    case .lessOrEqual: return terms.integer(terms.lessOrEqual(left, right))
    case .greater: return terms.integer(terms.less(right, left))
    case .greaterOrEqual: return terms.integer(terms.lessOrEqual(right, left))
    case .stringLess, .stringLessOrEqual, .stringGreater, .stringGreaterOrEqual:
      guard let left = terms.value(of: left), let right = terms.value(of: right) else {
        preconditionFailure("internal error: texts that are not known are compared")
      }
      return terms.integer(terms.truth(compareTexts(operation, left, right)))
    }
  }

  private func compareTexts(_ operation: BinaryOperation, _ left: Int, _ right: Int) -> Bool {
    func isLess(_ left: Int, _ right: Int) -> Bool {
      let texts = strings.texts
      guard texts.indices.contains(left), texts.indices.contains(right) else { return false }
      return left != right
        && texts[left].unicodeScalars.lexicographicallyPrecedes(texts[right].unicodeScalars)
    }
    return switch operation {
    case .stringLess: isLess(left, right)
    case .stringLessOrEqual: !isLess(right, left)
    case .stringGreater: isLess(right, left)
    default: !isLess(left, right)
    }
  }

  /// A text is only made where all its values are known: equal texts have to be equal numbers.
  private func format(
    _ register: Register,
    _ template: TemplateID,
    _ position: Int,
    _ role: Role,
    _ state: inout PathState
  ) {
    var text = ""
    var sources: [Source] = []
    for piece in program.templates[template.index] {
      switch piece {
      case .text(let literal): text += literal
      case .value(let operand, let type):
        let value = value(operand, role, state)
        sources += value.sources
        guard let known = terms.value(of: value.term) else {
          let construct = "a text made from values that are not fixed"
          addFrontier(state.guardFormula, .notEncoded(construct, line: line(of: position)))
          // Whatever follows is behind the frontier.
          state.guardFormula = terms.no
          return
        }
        text += self.text(of: known, as: type)
      }
    }
    let number = strings.intern(text)
    state.registers[register.index] = SymbolicValue(
      term: terms.integer(number),
      sources: union(sources)
    )
  }

  func text(of value: Int, as type: ValueType) -> String {
    if type.isOptional, value == Program.none { return "none" }
    switch type.base {
    case .integer: return String(value)
    case .boolean: return value != 0 ? "true" : "false"
    case .string: return strings.texts.indices.contains(value) ? strings.texts[value] : ""
    case .thread:
      return program.instances.indices.contains(value) ? program.instances[value].name : "none"
    }
  }
}

extension BinaryOperation {
  /// Whether it compares texts by their order.
  fileprivate var ordersTexts: Bool {
    switch self {
    case .stringLess, .stringLessOrEqual, .stringGreater, .stringGreaterOrEqual: true
    default: false
    }
  }
}
