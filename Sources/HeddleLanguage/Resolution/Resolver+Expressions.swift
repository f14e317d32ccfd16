import HeddleDiagnostics
import HeddleProgram

extension Resolver {
  /// Resolves an expression that may be an array or a call without a result.
  mutating func resolve(_ expression: Expression) -> ResolvedExpression {
    let span = expression.span
    switch expression.kind {
    case .integer(let value): return integer(value, at: span)
    case .boolean(let value): return boolean(value, at: span)
    case .none:
      return ResolvedExpression(
        kind: .none,
        type: .value(scenario.types.make(isOptional: true)),
        span: span
      )
    case .string(let pieces): return resolveString(pieces, span: span)
    case .name(let name): return resolveName(name, span: span)
    case .selfReference: return resolveSelf(span)
    case .superReference:
      report(.superOutsideMethod(), at: span)
      return .error(at: span)
    case .unary(let operation, let operand): return resolveUnary(operation, operand, span: span)
    case .binary(let operation, let left, let right):
      return resolveBinary(operation, left, right, span: span)
    case .member(let object, let name): return resolveMember(object, name, span: span)
    case .index(let array, let index): return resolveIndex(array, index, span: span)
    case .call(let callee, let arguments): return resolveCall(callee, arguments, span: span)
    case .repeatedArray(let value, let count):
      return resolveRepeated(value, count, span: span)
    case .array(let values): return resolveArray(values, span: span)
    case .start(let target, let arguments, let count):
      return resolveStart(target, arguments, count, span: span)
    case .any(let domain):
      if context.constantRole != nil {
        report(.anyOutsideInitialValue(), at: span)
        return .error(at: span)
      }
      return resolveAny(domain, span: span)
    case .parenthesized(let inner):
      var value = resolve(inner)
      value.span = span
      return value
    case .missing: return .error(at: span)
    }
  }

  /// Resolves an expression that must be a single value.
  mutating func resolveValue(_ expression: Expression) -> ResolvedExpression {
    singleValue(resolve(expression))
  }

  /// Reports what is not a single value.
  mutating func singleValue(_ value: ResolvedExpression) -> ResolvedExpression {
    switch value.type {
    case .value, .error: return value
    case .nothing:
      reportNoValue(value)
    case .array:
      report(
        isSharedArray(value) ? .sharedArrayAsValue(sourceText(value)) : .arrayAsValue(),
        at: value.span
      )
    }
    return .error(at: value.span)
  }

  mutating func reportNoValue(_ value: ResolvedExpression) {
    report(.noValue(sourceText(value)), at: value.span)
  }

  /// Whether it is a whole array of the state.
  func isSharedArray(_ value: ResolvedExpression) -> Bool {
    switch value.kind {
    case .variable, .field: true
    default: false
    }
  }

  /// The text of an expression.
  func sourceText(_ value: ResolvedExpression) -> String { scenario.source.text(value.span) }

  /// Resolves what decides an `if` or the like.
  mutating func resolveCondition(_ expression: Expression) -> ResolvedExpression {
    let value = resolveValue(expression)
    requireCondition(value)
    return value
  }

  /// Resolves the text of a message.
  mutating func resolveMessage(_ expression: Expression) -> ResolvedExpression {
    let value = resolveValue(expression)
    require(value, .string, role: "a message")
    return value
  }

  /// Resolves what is printed, which may be a local array.
  mutating func resolvePrinted(_ expression: Expression) -> ResolvedExpression {
    let value = resolve(expression)
    if case .array = value.type, !isSharedArray(value) { return value }
    return singleValue(value)
  }

  // MARK: Strings

  private mutating func resolveString(
    _ pieces: [StringPiece],
    span: SourceSpan
  ) -> ResolvedExpression {
    var resolved: [ResolvedPiece] = []
    var text = ""
    var isError = false
    for piece in pieces {
      switch piece {
      case .text(let part): text += part
      case .interpolation(let expression):
        let value = resolveValue(expression)
        if value.isError { isError = true }
        if let constant = constantText(value) {
          text += constant
          continue
        }
        if !text.isEmpty { resolved.append(.text(text)) }
        text = ""
        resolved.append(.value(value))
      }
    }
    if isError { return .error(at: span) }
    if resolved.isEmpty { return constant(scenario.strings.intern(text), .string, at: span) }
    if !text.isEmpty { resolved.append(.text(text)) }
    let type = scenario.types.make(.string, from: span)
    return ResolvedExpression(kind: .text(resolved), type: .value(type), span: span)
  }

  /// The text of a value that is known.
  private func constantText(_ value: ResolvedExpression) -> String? {
    if value.isNone { return "none" }
    guard let constant = value.constant else { return nil }
    switch base(of: value) {
    case .integer: return String(constant)
    case .boolean: return constant == 1 ? "true" : "false"
    case .string: return scenario.strings.texts[constant]
    case .thread, nil: return nil
    }
  }

  // MARK: Operators

  private mutating func resolveUnary(
    _ operation: UnaryOperator,
    _ operand: Expression,
    span: SourceSpan
  ) -> ResolvedExpression {
    let value: ResolvedExpression
    let base: ValueType.Base
    switch operation {
    case .not:
      value = resolveCondition(operand)
      base = .boolean
    case .minus:
      value = resolveValue(operand)
      require(value, .integer, role: "what '-' takes")
      base = .integer
    }
    if value.isError { return .error(at: span) }
    if let known = value.constant, self.base(of: value) == base {
      if operation == .not { return boolean(known == 0, at: span) }
      if known != Int.min { return integer(-known, at: span) }
      if context.constantRole != nil {
        report(.constantOverflow(), at: span)
        return .error(at: span)
      }
    }
    let type = scenario.types.make(base, from: span)
    return ResolvedExpression(kind: .unary(operation, value), type: .value(type), span: span)
  }

  private mutating func resolveBinary(
    _ operation: BinaryOperator,
    _ left: Expression,
    _ right: Expression,
    span: SourceSpan
  ) -> ResolvedExpression {
    let isLogical = operation == .and || operation == .or
    let first = isLogical ? resolveCondition(left) : resolveValue(left)
    let second = isLogical ? resolveCondition(right) : resolveValue(right)
    let result: ValueType.Base
    var isConsistent = true
    switch operation {
    case .add, .subtract, .multiply, .divide, .modulo:
      let before = diagnostics.diagnostics.count
      require(first, .integer, role: "what '\(operation.rawValue)' takes")
      require(second, .integer, role: "what '\(operation.rawValue)' takes")
      isConsistent = diagnostics.diagnostics.count == before
      result = .integer
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      isConsistent = unifySides(first, second, operation, span)
      if isConsistent, let node = first.node {
        orderChecks.append(OrderCheck(node: node, operation: operation, span: first.span))
      }
      result = .boolean
    case .equal, .notEqual:
      isConsistent = unifySides(first, second, operation, span)
      result = .boolean
    case .and, .or: result = .boolean
    }
    // A comparison is a Bool whatever its sides are: no reason for silence about the rest.
    if result == .integer, first.isError || second.isError || !isConsistent {
      return .error(at: span)
    }
    if isConsistent, let folded = folded(operation, first, second, result, span: span) {
      return folded
    }
    let type = scenario.types.make(result, from: span)
    return ResolvedExpression(
      kind: .binary(operation, first, second),
      type: .value(type),
      span: span
    )
  }

  /// Makes both sides of a comparison of one type.
  private mutating func unifySides(
    _ left: ResolvedExpression,
    _ right: ResolvedExpression,
    _ operation: BinaryOperator,
    _ span: SourceSpan
  ) -> Bool {
    guard let first = left.node, let second = right.node else { return false }
    do throws(TypeTable.Conflict) {
      try scenario.types.unify(first, with: second)
      return true
    } catch {
      report(
        .comparisonMismatch(operation.rawValue, left: error.wanted, right: error.found),
        at: span,
        notes: originNote(of: first, unlessAt: left.span, found: error.wanted)
          + originNote(of: second, unlessAt: right.span, found: error.found)
      )
      return false
    }
  }

  private mutating func folded(
    _ operation: BinaryOperator,
    _ left: ResolvedExpression,
    _ right: ResolvedExpression,
    _ base: ValueType.Base,
    span: SourceSpan
  ) -> ResolvedExpression? {
    // `false && x` is known, but x is still checked at run time only if it is reached.
    guard let first = left.constant, let second = right.constant else { return nil }
    let isOrder = [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(operation)
    if isOrder, self.base(of: left) == .string {
      let texts = scenario.strings.texts
      // `none` has no text: comparing it is misuse at run time.
      guard texts.indices.contains(first), texts.indices.contains(second) else { return nil }
      return boolean(
        compareScalars(texts[first], texts[second], operation),
        at: span
      )
    }
    switch HeddleLanguage.fold(operation, first, second) {
    case .value(let value): return constant(value, base, at: span)
    case .overflow where context.constantRole != nil: report(.constantOverflow(), at: span)
    case .divisionByZero where context.constantRole != nil:
      report(.constantDivisionByZero(), at: span)
    default: return nil
    }
    return .error(at: span)
  }

  /// Compares strings by their Unicode scalars.
  private func compareScalars(_ left: String, _ right: String, _ operation: BinaryOperator) -> Bool
  {
    let isLess = left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
    let isGreater = right.unicodeScalars.lexicographicallyPrecedes(left.unicodeScalars)
    return switch operation {
    case .less: isLess
    case .lessOrEqual: !isGreater
    case .greater: isGreater
    default: !isLess
    }
  }

  // MARK: Arrays

  private mutating func resolveRepeated(
    _ value: Expression,
    _ count: Expression,
    span: SourceSpan
  ) -> ResolvedExpression {
    if context.constantRole != nil {
      report(.arrayAsValue(), at: span)
      return .error(at: span)
    }
    let element = resolveValue(value)
    let length = arrayLength(count, role: "the length of an array")
    guard let node = element.node, let length else { return .error(at: span) }
    return ResolvedExpression(
      kind: .repeated(element),
      type: .array(node, length: length),
      span: span
    )
  }

  private mutating func resolveArray(
    _ values: [Expression],
    span: SourceSpan
  ) -> ResolvedExpression {
    if context.constantRole != nil {
      report(.arrayAsValue(), at: span)
      return .error(at: span)
    }
    guard !values.isEmpty else {
      report(.emptyArray(), at: span)
      return .error(at: span)
    }
    let node = scenario.types.make()
    let elements = values.map { value in
      let element = resolveValue(value)
      flow(element, into: node, role: "an element of the array")
      return element
    }
    if elements.contains(where: \.isError) { return .error(at: span) }
    return ResolvedExpression(
      kind: .array(elements),
      type: .array(node, length: elements.count),
      span: span
    )
  }

  // MARK: Any value

  mutating func resolveAny(_ domain: Expression.AnyDomain, span: SourceSpan) -> ResolvedExpression {
    switch domain {
    case .atLeast:
      report(.everyNumberElsewhere(), at: span)
      return .error(at: span)
    case .type(let name):
      switch name.text {
      case "Int":
        let type = scenario.types.make(.integer, from: span)
        return ResolvedExpression(kind: .anyInteger, type: .value(type), span: span)
      case "Bool":
        let type = scenario.types.make(.boolean, from: span)
        let kind = ResolvedExpression.Kind.any(
          lower: integer(0, at: span),
          upper: integer(1, at: span),
          isClosed: true
        )
        return ResolvedExpression(kind: kind, type: .value(type), span: span)
      default:
        report(.unknownAnyType(name.text), at: name.span)
        return .error(at: span)
      }
    case .range(let low, let high, let isClosed):
      let lower = resolveValue(low)
      let upper = resolveValue(high)
      require(lower, .integer, role: "a bound of a range")
      require(upper, .integer, role: "a bound of a range")
      if lower.isError || upper.isError { return .error(at: span) }
      if context.constantRole != nil, lower.constant == nil || upper.constant == nil {
        report(.notConstant("an initial value"), at: span)
        return .error(at: span)
      }
      if let first = lower.constant, let last = upper.constant,
        isClosed ? first > last : first >= last
      {
        report(.emptyRange(lower: first, upper: last, isClosed: isClosed), at: span)
        return .error(at: span)
      }
      let type = scenario.types.make(.integer, from: span)
      return ResolvedExpression(
        kind: .any(lower: lower, upper: upper, isClosed: isClosed),
        type: .value(type),
        span: span
      )
    }
  }
}
