import HeddleDiagnostics
import HeddleProgram

/// Something that can be read and written.
enum LoweredPlace {
  /// A register, or what a parameter stands for.
  case operand(Operand)
  /// An element of a local array.
  case registers(RegisterRange, index: Operand)
  case shared(Place)
}

extension Lowering {
  /// Evaluates what a place depends on.
  mutating func lowerPlace(_ value: ResolvedExpression) -> LoweredPlace {
    switch value.kind {
    case .local(let local):
      guard case .value(let operand)? = frame.bindings[local] else {
        preconditionFailure("internal error: the local '\(name(of: local))' has no value")
      }
      return .operand(operand)
    case .localElement(let local, let index):
      guard case .array(let range)? = frame.bindings[local] else {
        preconditionFailure("internal error: the array '\(name(of: local))' has no registers")
      }
      return element(of: range, at: index)
    case .variable(let variable): return .shared(.scalar(variable))
    case .element(let variable, let index):
      let count = scenario.variables[variable.index].initial.count
      return .shared(.element(variable, index: lowerIndex(index, count: count)))
    case .field(let variable, let owner):
      return .shared(.field(variable, owner: lowerRequired(owner)))
    case .fieldElement(let variable, let owner, let index):
      let handle = lowerRequired(owner)
      let count = scenario.variables[variable.index].initial.count
      let position = lowerIndex(index, count: count)
      return .shared(.fieldElement(variable, owner: handle, index: position))
    default: preconditionFailure("internal error: not a place")
    }
  }

  private func name(of local: LocalID) -> String { scenario.locals[local.index].name }

  /// Evaluates an index: that it is out of range is found by the instruction that uses it.
  ///
  /// An argument of a call can be a constant that is out of range, which no instruction has as an operand.
  mutating func lowerIndex(_ index: ResolvedExpression, count: Int) -> Operand {
    let operand = lowerRequired(index)
    guard case .constant(let constant) = operand, !(0..<count).contains(constant) else {
      return operand
    }
    let register = makeRegister()
    emit(.move(register, operand), at: index.span)
    return .register(register)
  }

  private mutating func element(
    of range: RegisterRange,
    at index: ResolvedExpression
  ) -> LoweredPlace {
    let position = lowerIndex(index, count: range.count)
    guard case .constant(let constant) = position else {
      return .registers(range, index: position)
    }
    return .operand(.register(Register(range.first.index + constant)))
  }

  mutating func load(
    _ place: LoweredPlace,
    into result: Register? = nil,
    at span: SourceSpan
  ) -> Operand {
    switch place {
    case .operand(let operand): return operand
    case .registers(let range, let index):
      let register = result ?? makeRegister()
      emit(.loadRegister(register, from: range, index: index), at: span)
      return .register(register)
    case .shared(let place):
      let register = result ?? makeRegister()
      emit(.load(register, place), at: span)
      return .register(register)
    }
  }

  mutating func store(_ operand: Operand, to place: LoweredPlace, at span: SourceSpan) {
    switch place {
    case .operand(.register(let register)): move(operand, to: register, at: span)
    case .operand: preconditionFailure("internal error: a constant is written to")
    case .registers(let range, let index):
      emit(.storeRegister(range, index: index, value: operand), at: span)
    case .shared(let place): emit(.store(place, operand), at: span)
    }
  }

  // MARK: Arrays

  /// The registers of an array, which are its own if it has a name.
  mutating func lowerArray(_ value: ResolvedExpression) -> RegisterRange {
    if case .local(let local) = value.kind, case .array(let range)? = frame.bindings[local] {
      return range
    }
    guard case .array(let node, _) = value.type else {
      preconditionFailure("internal error: not an array")
    }
    let range = makeRegisters(lengthOfArray(value))
    lower(value, node, into: range, flowingInto: node)
    return range
  }

  /// Emits the evaluation of an array into registers.
  mutating func lower(
    _ value: ResolvedExpression,
    _ node: TypeNode,
    into range: RegisterRange,
    flowingInto type: TypeNode
  ) {
    switch value.kind {
    case .array(let elements):
      for (element, register) in zip(elements, range.registers) {
        scoped { lowering in
          let operand = lowering.lower(element, into: register)
          lowering.checkFlow(operand, of: element, into: type)
          lowering.move(operand, to: register, at: element.span)
        }
      }
    case .repeated(let element):
      scoped { lowering in
        let operand = lowering.lower(element, into: nil)
        lowering.checkFlow(operand, of: element, into: type)
        for register in range.registers {
          lowering.emit(.move(register, operand), at: value.span)
        }
      }
    case .start(let thread, let arguments, let count):
      lowerStart(thread, arguments, count: count, results: range.first, at: value.span)
    case .startAgain: _ = lower(value, into: nil)
    case .instances(let thread):
      let first = firstInstance(of: thread)
      for (offset, register) in range.registers.enumerated() {
        emit(.move(register, .constant(first + offset)), at: value.span)
      }
    case .local(let local):
      guard case .array(let source)? = frame.bindings[local] else { return }
      copy(source, to: range, from: node, to: type, at: value.span)
    default: preconditionFailure("internal error: not an array")
    }
  }

  private mutating func copy(
    _ source: RegisterRange,
    to target: RegisterRange,
    from node: TypeNode,
    to type: TypeNode,
    at span: SourceSpan
  ) {
    for (old, new) in zip(source.registers, target.registers) {
      if scenario.types.isOptional(node) {
        if !scenario.types.isOptional(type) { emit(.requireValue(.register(old)), at: span) }
      } else {
        checkRange(.register(old), into: type, at: span)
      }
      emit(.move(new, .register(old)), at: span)
    }
  }

  mutating func lowerElement(
    of array: ResolvedExpression,
    at index: ResolvedExpression,
    into result: Register?,
    span: SourceSpan
  ) -> Operand {
    if case .instances(let thread) = array.kind, let constant = index.constant {
      return .constant(firstInstance(of: thread) + constant)
    }
    let range = lowerArray(array)
    return load(element(of: range, at: index), into: result, at: span)
  }

  /// The number of elements of an array.
  func lengthOfArray(_ value: ResolvedExpression) -> Int {
    if case .array(_, let length?) = value.type { return length }
    guard case .local(let local) = value.kind, case .array(let range)? = frame.bindings[local]
    else {
      preconditionFailure("internal error: an array of unknown length")
    }
    return range.count
  }

  /// The number of the first thread of a declaration.
  func firstInstance(of thread: ThreadSymbolID) -> Int {
    guard let type = threadTypes[thread.index] else { return 0 }
    return program.threadTypes[type.index].firstInstance.index
  }
}
