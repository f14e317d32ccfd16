import HeddleDiagnostics
import HeddleProgram

extension Lowering {
  mutating func lowerWhile(
    _ condition: ResolvedExpression,
    _ body: [ResolvedStatement],
    at span: SourceSpan
  ) {
    let head = makeLabel()
    let end = makeLabel()
    place(head)
    if condition.constant != 1 {
      scoped { $0.lowerCondition(condition, otherwise: end) }
    }
    lowerBody(body, end: end, next: head)
    emit(.backEdge(head.target), at: span)
    place(end)
  }

  mutating func lowerLoop(_ body: [ResolvedStatement], at span: SourceSpan) {
    let head = makeLabel()
    let end = makeLabel()
    place(head)
    lowerBody(body, end: end, next: head)
    emit(.backEdge(head.target), at: span)
    place(end)
  }

  /// Emits the body of a loop.
  private mutating func lowerBody(_ body: [ResolvedStatement], end: Label, next: Label) {
    let targets = LoopTargets(end: end, next: next, cleanupCount: frame.cleanups.count)
    frame.loops.append(targets)
    lower(body)
    frame.loops.removeLast()
  }

  /// `break` or `continue`: runs what is pending, and jumps.
  mutating func leaveLoop(at span: SourceSpan, to target: (LoopTargets) -> Label) {
    guard let loop = frame.loops.last else { return }
    runCleanups(downTo: loop.cleanupCount, at: span)
    let label = target(loop)
    // Back to the head of a loop, work that goes on for too long is parked.
    if labels[label.index].position != nil {
      emit(.backEdge(label.target), at: span)
    } else {
      emit(.jump(label.target), at: span)
    }
  }

  // MARK: For

  mutating func lowerRange(
    _ local: LocalID?,
    _ lower: ResolvedExpression,
    _ upper: ResolvedExpression,
    isClosed: Bool,
    _ body: [ResolvedStatement],
    at span: SourceSpan
  ) {
    let counter = makeRegister()
    let first = self.lower(lower, into: counter)
    requireValue(first, of: lower)
    move(first, to: counter, at: lower.span)
    var last = kept(lowerRequired(upper), of: upper)
    var isClosed = isClosed
    if isClosed, case .constant(let value) = last, value < Int.max {
      last = .constant(value + 1)
      isClosed = false
    }
    let head = makeLabel()
    let next = makeLabel()
    let end = makeLabel()
    place(head)
    scoped { lowering in
      let test = lowering.makeRegister()
      lowering.emit(
        .binary(isClosed ? .lessOrEqual : .less, test, .register(counter), last),
        at: span
      )
      lowering.emit(.branch(.register(test), otherwise: end.target), at: span)
    }
    if let local { frame.bindings[local] = .value(.register(counter)) }
    lowerBody(body, end: end, next: next)
    place(next)
    if isClosed {
      // The counter never goes beyond the last value, which may be the greatest integer.
      scoped { lowering in
        let test = lowering.makeRegister()
        lowering.emit(.binary(.notEqual, test, .register(counter), last), at: span)
        lowering.emit(.branch(.register(test), otherwise: end.target), at: span)
      }
    }
    emit(.binary(.add, counter, .register(counter), .constant(1)), at: span)
    emit(.backEdge(head.target), at: span)
    place(end)
  }

  mutating func lowerForEach(
    _ local: LocalID?,
    _ array: ResolvedExpression,
    _ body: [ResolvedStatement],
    at span: SourceSpan
  ) {
    let source = lowerSequence(array)
    let counter = makeRegister()
    let item = makeRegister()
    move(.constant(0), to: counter, at: array.span)
    let head = makeLabel()
    let next = makeLabel()
    let end = makeLabel()
    place(head)
    scoped { lowering in
      let test = lowering.makeRegister()
      lowering.emit(
        .binary(.less, test, .register(counter), .constant(source.length)),
        at: span
      )
      lowering.emit(.branch(.register(test), otherwise: end.target), at: span)
    }
    switch source {
    case .registers(let range):
      if local != nil {
        emit(.loadRegister(item, from: range, index: .register(counter)), at: array.span)
      }
    case .variable(let variable, _):
      emit(.load(item, .element(variable, index: .register(counter))), at: array.span)
    case .field(let variable, let owner, _):
      emit(
        .load(item, .fieldElement(variable, owner: owner, index: .register(counter))),
        at: array.span
      )
    }
    if let local { frame.bindings[local] = .value(.register(item)) }
    lowerBody(body, end: end, next: next)
    place(next)
    emit(.binary(.add, counter, .register(counter), .constant(1)), at: span)
    emit(.backEdge(head.target), at: span)
    place(end)
  }

  /// What a `for` goes through.
  private enum Sequence {
    case registers(RegisterRange)
    case variable(VariableID, length: Int)
    case field(VariableID, owner: Operand, length: Int)

    var length: Int {
      switch self {
      case .registers(let range): range.count
      case .variable(_, let length), .field(_, _, let length): length
      }
    }
  }

  private mutating func lowerSequence(_ array: ResolvedExpression) -> Sequence {
    switch array.kind {
    case .variable(let variable):
      return .variable(variable, length: scenario.variables[variable.index].initial.count)
    case .field(let variable, let owner):
      let handle = kept(lowerRequired(owner), of: owner)
      let length = scenario.variables[variable.index].initial.count
      return .field(variable, owner: handle, length: length)
    default:
      // As in Python, the loop sees what its body writes to elements that it has not reached.
      return .registers(lowerArray(array))
    }
  }

  /// An operand that later statements cannot change.
  mutating func kept(_ operand: Operand, of value: ResolvedExpression) -> Operand {
    guard case .local(let local) = value.kind, scenario.locals[local.index].isMutable else {
      return operand
    }
    let register = makeRegister()
    move(operand, to: register, at: value.span)
    return .register(register)
  }
}
