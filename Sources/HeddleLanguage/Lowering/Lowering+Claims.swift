import HeddleDiagnostics
import HeddleProgram

extension Lowering {
  // MARK: Claims

  /// Emits an `assert`, `assume` or `invariant`.
  ///
  /// A message that has to be evaluated is so only if the claim fails.
  mutating func lowerClaim(
    _ kind: Claim.Kind,
    _ condition: ResolvedExpression,
    message: ResolvedExpression?,
    at span: SourceSpan
  ) {
    let (operand, comparison) = lowerClaimed(condition)
    let end = makeLabel()
    var claim = Claim(
      kind: kind,
      span: span,
      conditionSpan: condition.span,
      message: nil,
      comparison: comparison
    )
    let isEvaluated = message.map { !isAtHand($0) } ?? false
    if isEvaluated {
      let failure = makeLabel()
      emit(.branch(operand, otherwise: failure.target), at: condition.span)
      emit(.jump(end.target), at: condition.span)
      place(failure)
    }
    if let message { claim.message = template(for: message) }
    program.claims.append(claim)
    let id = ClaimID(program.claims.count - 1)
    emit(kind == .assumption ? .assume(operand, id) : .assert(operand, id), at: span)
    place(end)
  }

  /// Whether a text can be shown without any instruction.
  private func isAtHand(_ text: ResolvedExpression) -> Bool {
    switch text.kind {
    case .constant, .none, .local, .thisThread, .thisIndex, .thisName, .instance: true
    case .text: text.parts.allSatisfy { isAtHand($0) }
    default: false
    }
  }

  /// The value of a condition; the sides too if it is a comparison.
  private mutating func lowerClaimed(
    _ condition: ResolvedExpression
  ) -> (Operand, Claim.Comparison?) {
    guard case .binary(let operation, let left, let right) = condition.kind,
      operation != .and, operation != .or
    else { return (lowerRequired(condition), nil) }
    let sides = lowerSides(operation, left, right)
    let operand = lowerComparison(operation, sides, of: left, into: nil, at: condition.span)
    guard sides.known == nil, let node = left.node else { return (operand, nil) }
    let base = scenario.types.base(of: node) ?? .integer
    let comparison = Claim.Comparison(
      operation: lowered(operation, ofStrings: base == .string),
      left: sides.left,
      leftSpan: left.span,
      right: sides.right,
      rightSpan: right.span,
      type: ValueType(base, isOptional: isOptional(left) || isOptional(right))
    )
    return (operand, comparison)
  }

  // MARK: Texts

  /// Evaluates the values in a text; the template is new.
  mutating func template(for value: ResolvedExpression) -> TemplateID {
    program.templates.append(pieces(of: value))
    return TemplateID(program.templates.count - 1)
  }

  private mutating func pieces(of value: ResolvedExpression) -> [TemplatePiece] {
    switch value.kind {
    case .text(let pieces):
      var lowered: [TemplatePiece] = []
      for piece in pieces {
        switch piece {
        case .text(let text): lowered.append(.text(text))
        case .value(let value): lowered.append(hole(value))
        }
      }
      return lowered
    case .constant(let index) where isString(value): return [.text(strings.texts[index])]
    case .none: return [.text("none")]
    default:
      guard case .array(let node, _) = value.type else { return [hole(value)] }
      return arrayPieces(lowerArray(value), type: scenario.types.valueType(of: node))
    }
  }

  private func isString(_ value: ResolvedExpression) -> Bool {
    value.node.map { scenario.types.base(of: $0) == .string } ?? false
  }

  private mutating func hole(_ value: ResolvedExpression) -> TemplatePiece {
    let type = value.node.map { scenario.types.valueType(of: $0) } ?? ValueType(.integer)
    let operand = lower(value, into: nil)
    return .value(operand, type)
  }

  private func arrayPieces(_ range: RegisterRange, type: ValueType) -> [TemplatePiece] {
    var pieces: [TemplatePiece] = [.text("[")]
    for (position, register) in range.registers.enumerated() {
      if position > 0 { pieces.append(.text(", ")) }
      pieces.append(.value(.register(register), type))
    }
    return pieces + [.text("]")]
  }

  /// A string that is made at run time.
  mutating func lowerText(_ value: ResolvedExpression, into result: Register?) -> Operand {
    let template = template(for: value)
    let register = result ?? makeRegister()
    emit(.format(register, template), at: value.span)
    return .register(register)
  }
}
