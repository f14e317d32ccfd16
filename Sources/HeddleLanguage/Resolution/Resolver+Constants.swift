import HeddleDiagnostics
import HeddleProgram

/// How many constants may be in the middle of their evaluation.
private let deepestConstants = 200

extension Resolver {
  /// Replaces the values of constants by those that were given from outside.
  mutating func applySettings() {
    let top = SourceSpan(start: 0, end: 0)
    for name in options.constants.keys.sorted() {
      guard let value = options.constants[name] else { continue }
      guard case .constant(let index) = globals[name] else {
        report(.unknownConstant(name, constants: constants.map(\.name.text)), at: top)
        continue
      }
      let span = constants[index].name.span
      if case .any(.atLeast(let minimum)) = constants[index].value.kind {
        let least = constantInteger(minimum, role: "the smallest number", minimum: 1)
        if let least, value < least { report(.settingTooSmall(name, minimum: least), at: top) }
      }
      // The written value decides the type, so that `--set` cannot turn a flag into a number.
      switch constantType(constants[index].value) {
      case .boolean where value == 0 || value == 1:
        constants[index].state = .done(boolean(value == 1, at: span))
      case .integer, nil: constants[index].state = .done(integer(value, at: span))
      case let type?: report(.constantHasOtherType(name, type: type.phrase), at: span)
      }
    }
  }

  /// The type of a literal or negated literal; `nil` if it takes more than a look.
  private func constantType(_ expression: Expression) -> ValueType.Base? {
    switch expression.kind {
    case .parenthesized(let inner): constantType(inner)
    case .integer: .integer
    case .boolean: .boolean
    case .string: .string
    case .unary(.not, _): .boolean
    case .binary(let operation, _, _):
      switch operation {
      case .multiply, .divide, .modulo, .add, .subtract: .integer
      default: .boolean
      }
    default: nil
    }
  }

  /// Evaluates every constant, so that mistakes in unused ones are found too.
  mutating func evaluateConstants() {
    for index in constants.indices { _ = constantValue(index, from: constants[index].name.span) }
  }

  /// The value of a constant that is used at `span`.
  mutating func constantValue(_ index: Int, from span: SourceSpan) -> ResolvedExpression {
    switch constants[index].state {
    case .done(var value):
      value.span = span
      return value
    case .inProgress:
      reportCycle(to: index)
      return .error(at: span)
    case .pending: break
    }
    guard constantsInProgress.count < deepestConstants else {
      report(.constantsTooDeep(limit: deepestConstants), at: span)
      return .error(at: span)
    }
    if case .any(.atLeast(let minimum)) = constants[index].value.kind {
      return declareEveryNumber(index, minimum, from: span)
    }
    constants[index].state = .inProgress
    constantsInProgress.append(index)
    var value = constantValue(constants[index].value, role: "a constant")
    if value.isNone {
      report(.notConstant("a constant"), at: value.span)
      value = .error(at: value.span)
    }
    constantsInProgress.removeLast()
    constants[index].state = .done(value)
    value.span = span
    return value
  }

  /// A constant that stands for every number of threads; programs are made for two of them at least.
  private mutating func declareEveryNumber(
    _ index: Int,
    _ minimum: Expression,
    from span: SourceSpan
  ) -> ResolvedExpression {
    constants[index].state = .inProgress
    constantsInProgress.append(index)
    let least = constantInteger(
      minimum,
      role: "the least number of threads",
      minimum: 1,
      maximum: mostThreads
    )
    constantsInProgress.removeLast()
    let name = constants[index].name
    scenario.parameters.append(
      ThreadParameter(
        name: name.text,
        span: name.span,
        minimum: least ?? 1,
        value: max(2, least ?? 1)
      )
    )
    var value = ResolvedExpression(
      kind: .everyNumber(scenario.parameters.count - 1),
      type: .value(scenario.types.make(.integer, from: name.span)),
      span: name.span
    )
    constants[index].state = .done(value)
    value.span = span
    return value
  }

  /// The number of the parameter that an expression names.
  mutating func everyNumber(_ expression: Expression) -> Int? {
    guard case .name(let name) = expression.kind, case .constant(let index)? = globals[name],
      case .everyNumber(let number) = constantValue(index, from: expression.span).kind
    else { return nil }
    return number
  }

  private mutating func reportCycle(to index: Int) {
    let start = constantsInProgress.firstIndex(of: index) ?? 0
    let cycle = Array(constantsInProgress[start...]) + [index]
    // Whichever member the evaluation began with, the report begins with the first one declared.
    let first = cycle.min() ?? index
    let offset = cycle.firstIndex(of: first) ?? 0
    let members = cycle.dropLast()
    let rotated = Array(members[offset...] + members[..<offset]) + [first]
    report(
      .constantCycle(rotated.map { constants[$0].name.text }),
      at: constants[first].name.span
    )
  }

  // MARK: Constant expressions

  /// Resolves an expression in which only constants are visible, to a constant or `none`.
  mutating func constantValue(_ expression: Expression, role: String) -> ResolvedExpression {
    let outer = context
    defer { context = outer }
    context = BodyContext(ownerName: "")
    context.constantRole = role
    let value = resolveValue(expression)
    if value.isError || value.constant != nil || value.isNone { return value }
    report(.notConstant(role), at: expression.span)
    return .error(at: expression.span)
  }

  /// A constant of a type; `none` is in no type by itself.
  mutating func constantValue(
    _ expression: Expression,
    _ type: ValueType.Base,
    role: String
  ) -> ResolvedExpression? {
    let value = constantValue(expression, role: role)
    guard !value.isNone else {
      report(.notConstant(role), at: expression.span)
      return nil
    }
    require(value, type, role: role)
    return value
  }

  /// A constant integer of at least `minimum` and at most `maximum`.
  mutating func constantInteger(
    _ expression: Expression,
    role: String,
    minimum: Int,
    maximum: Int? = nil
  ) -> Int? {
    guard let value = constantValue(expression, .integer, role: role), let number = value.constant,
      base(of: value) == .integer
    else { return nil }
    guard number >= minimum else {
      report(.negativeValue(role, minimum: minimum), at: expression.span)
      return nil
    }
    if let maximum, number > maximum {
      report(.tooManyThreads(limit: maximum), at: expression.span)
      return nil
    }
    return number
  }

  /// The length of an array of values or objects; those in the state add up.
  mutating func arrayLength(
    _ expression: Expression,
    role: String,
    isInState: Bool = false
  ) -> Int? {
    guard let length = constantInteger(expression, role: role, minimum: 1) else { return nil }
    guard length <= longestArray else {
      report(.arrayTooLong(limit: longestArray), at: expression.span)
      return nil
    }
    guard isInState else { return length }
    elementsInState += length
    guard elementsInState <= largestState else {
      report(.stateTooLarge(words: elementsInState, limit: largestState), at: expression.span)
      return nil
    }
    return length
  }

  // MARK: Building constants

  /// An integer constant.
  mutating func integer(_ value: Int, at span: SourceSpan) -> ResolvedExpression {
    constant(value, .integer, at: span)
  }

  /// A boolean constant.
  mutating func boolean(_ value: Bool, at span: SourceSpan) -> ResolvedExpression {
    constant(value ? 1 : 0, .boolean, at: span)
  }

  /// An encoded constant of a base type.
  mutating func constant(
    _ value: Int,
    _ base: ValueType.Base,
    at span: SourceSpan
  ) -> ResolvedExpression {
    ResolvedExpression(
      kind: .constant(value),
      type: .value(scenario.types.make(base, from: span)),
      span: span
    )
  }
}

// MARK: Folding

/// What became of an operation on constants.
enum Folded {
  case value(Int)
  case overflow
  case divisionByZero
}

/// The result of an arithmetic operation or an integer comparison.
func fold(_ operation: BinaryOperator, _ left: Int, _ right: Int) -> Folded {
  func checked(_ result: (partialValue: Int, overflow: Bool)) -> Folded {
    result.overflow ? .overflow : .value(result.partialValue)
  }
  switch operation {
  case .add: return checked(left.addingReportingOverflow(right))
  case .subtract: return checked(left.subtractingReportingOverflow(right))
  case .multiply: return checked(left.multipliedReportingOverflow(by: right))
  case .divide, .modulo:
    if right == 0 { return .divisionByZero }
    let (quotient, overflow) = left.dividedReportingOverflow(by: right)
    if overflow { return operation == .modulo ? .value(0) : .overflow }
    let remainder = left - quotient * right
    // Both round towards negative infinity.
    let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
    if operation == .divide { return .value(isBelow ? quotient - 1 : quotient) }
    return .value(isBelow ? remainder + right : remainder)
  case .less: return .value(left < right ? 1 : 0)
  case .lessOrEqual: return .value(left <= right ? 1 : 0)
  case .greater: return .value(left > right ? 1 : 0)
  case .greaterOrEqual: return .value(left >= right ? 1 : 0)
  case .equal: return .value(left == right ? 1 : 0)
  case .notEqual: return .value(left != right ? 1 : 0)
  case .and: return .value(left & right)
  case .or: return .value(left | right)
  }
}
