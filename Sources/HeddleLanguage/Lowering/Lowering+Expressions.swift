import HeddleDiagnostics
import HeddleProgram

extension Lowering {
  /// Emits the evaluation of an expression; returns where its value is.
  ///
  /// The result register may be written to, if the value is not at hand anyway; `otherwise` is what happens instead if the operation fails.
  mutating func lower(
    _ value: ResolvedExpression,
    into result: Register?,
    otherwise: [ResolvedStatement]? = nil
  ) -> Operand {
    let span = value.span
    switch value.kind {
    case .constant(let constant): return .constant(constant)
    case .none: return .constant(Program.none)
    case .thisThread: return .thisThread
    case .thisIndex: return .thisIndex
    case .thisName: return .thisName
    case .text: return lowerText(value, into: result)
    case .local, .localElement, .variable, .element, .field, .fieldElement:
      let place = lowerPlace(value)
      return load(place, into: result, at: span)
    case .elementOfValue(let array, let index):
      return lowerElement(of: array, at: index, into: result, span: span)
    case .count(let array): return .constant(lengthOfArray(array))
    case .instance(let thread): return .constant(firstInstance(of: thread))
    case .unary(let operation, let operand):
      return lowerUnary(operation, operand, into: result, at: span)
    case .binary(let operation, let left, let right):
      return lowerBinary(operation, left, right, into: result, at: span)
    case .call(let function, let isVirtual, let arguments):
      return lowerCall(
        function,
        isVirtual: isVirtual,
        arguments,
        into: result,
        isUsed: true,
        at: span
      )
    case .operation(let operation, let object, let waiting):
      return lowerOperation(
        operation,
        on: object,
        waiting,
        into: result,
        isUsed: true,
        otherwise: otherwise,
        at: span
      )
    case .start(let thread, let arguments, let count):
      let register = result ?? makeRegister()
      lowerStart(thread, arguments, count: count, results: register, at: span)
      return .register(register)
    case .startAgain(let handle):
      _ = lowerRequired(handle)
      emit(.misuse(.startedTwice), at: span)
      return .constant(0)
    case .join(let target, let waiting):
      lowerJoin(target, waiting, at: span)
      return .constant(0)
    case .isAlive(let handle):
      let operand = lowerRequired(handle)
      let register = result ?? makeRegister()
      emit(.isAlive(register, operand), at: span)
      return .register(register)
    case .any(let lower, let upper, let isClosed):
      return lowerAny(lower, upper, isClosed: isClosed, into: result, at: span)
    case .anyInteger:
      let register = result ?? makeRegister()
      emit(.anyInteger(register), at: span)
      return .register(register)
    case .everyNumber(let number):
      let register = result ?? makeRegister()
      lowerEveryNumber(number, into: register, at: span)
      return .register(register)
    case .instances, .array, .repeated, .error:
      preconditionFailure("internal error: an array or a mistake where a value is lowered")
    }
  }

  /// Emits the evaluation of an expression that must not be `none`.
  mutating func lowerRequired(_ value: ResolvedExpression) -> Operand {
    let operand = lower(value, into: nil)
    requireValue(operand, of: value)
    return operand
  }

  /// Emits a move of the number that the program is made for, and notes that it stands for every number.
  private mutating func lowerEveryNumber(
    _ number: Int,
    into register: Register,
    at span: SourceSpan
  ) {
    let count = program.instructions.count
    emit(.move(register, .constant(program.parameters[number].value)), at: span)
    if program.instructions.count > count {
      program.parameters[number].positions.append(InstructionID(count))
    }
  }

  // MARK: Optional values

  func isOptional(_ value: ResolvedExpression) -> Bool {
    value.node.map { scenario.types.isOptional($0) } ?? false
  }

  /// Emits the check that a value that may be `none` is not.
  mutating func requireValue(_ operand: Operand, of value: ResolvedExpression) {
    if isOptional(value) { emit(.requireValue(operand), at: value.span) }
  }

  /// Emits the checks for a value that flows to a place of the given type.
  mutating func checkFlow(
    _ operand: Operand,
    of value: ResolvedExpression,
    into type: TypeNode
  ) {
    if isOptional(value) {
      if !scenario.types.isOptional(type) { emit(.requireValue(operand), at: value.span) }
    } else if !scenario.isNeverMinimum(value) {
      checkRange(operand, into: type, at: value.span)
    }
  }

  /// Emits the check that an integer that flows to an optional place is not taken for `none`.
  mutating func checkRange(_ operand: Operand, into type: TypeNode, at span: SourceSpan) {
    let target = scenario.types.valueType(of: type)
    guard target.isOptional, target.base == .integer else { return }
    if case .constant(let constant) = operand, constant != Program.none { return }
    emit(.requireOptionalRange(operand), at: span)
  }

  // MARK: Operators

  private mutating func lowerUnary(
    _ operation: UnaryOperator,
    _ operand: ResolvedExpression,
    into result: Register?,
    at span: SourceSpan
  ) -> Operand {
    let value = lowerRequired(operand)
    if case .constant(let constant) = value {
      if operation == .not { return .constant(1 - constant) }
      if constant != Int.min { return .constant(-constant) }
    }
    let register = result ?? makeRegister()
    emit(.unary(operation == .not ? .not : .negate, register, value), at: span)
    return .register(register)
  }

  private mutating func lowerBinary(
    _ operation: BinaryOperator,
    _ left: ResolvedExpression,
    _ right: ResolvedExpression,
    into result: Register?,
    at span: SourceSpan
  ) -> Operand {
    switch operation {
    case .and, .or: return lowerLogical(operation, left, right, into: result, at: span)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      let sides = lowerSides(operation, left, right)
      return lowerComparison(operation, sides, of: left, into: result, at: span)
    case .add, .subtract, .multiply, .divide, .modulo:
      let first = lower(left, into: nil)
      let second = lower(right, into: nil)
      requireValue(first, of: left)
      requireValue(second, of: right)
      if case .constant(let known) = first, case .constant(let other) = second,
        case .value(let value) = fold(operation, known, other)
      {
        return .constant(value)
      }
      let register = result ?? makeRegister()
      emit(.binary(lowered(operation), register, first, second), at: span)
      return .register(register)
    }
  }

  /// Evaluates the right side only if the left one does not decide.
  private mutating func lowerLogical(
    _ operation: BinaryOperator,
    _ left: ResolvedExpression,
    _ right: ResolvedExpression,
    into result: Register?,
    at span: SourceSpan
  ) -> Operand {
    let register = result ?? makeRegister()
    let end = makeLabel()
    let first = lower(left, into: register)
    requireValue(first, of: left)
    move(first, to: register, at: left.span)
    if operation == .and {
      emit(.branch(.register(register), otherwise: end.target), at: left.span)
    } else {
      let other = makeLabel()
      emit(.branch(.register(register), otherwise: other.target), at: left.span)
      emit(.jump(end.target), at: left.span)
      place(other)
    }
    let second = lower(right, into: register)
    requireValue(second, of: right)
    move(second, to: register, at: right.span)
    place(end)
    return .register(register)
  }

  /// The two sides of a comparison.
  struct Sides {
    var left: Operand
    var right: Operand
    /// What the comparison is if it does not depend on the values.
    var known: Bool?
  }

  mutating func lowerSides(
    _ operation: BinaryOperator,
    _ left: ResolvedExpression,
    _ right: ResolvedExpression
  ) -> Sides {
    var sides = Sides(left: lower(left, into: nil), right: lower(right, into: nil))
    guard operation == .equal || operation == .notEqual else {
      requireValue(sides.left, of: left)
      requireValue(sides.right, of: right)
      return sides
    }
    if left.isNone && !isOptional(right) || right.isNone && !isOptional(left) {
      sides.known = operation == .notEqual
    } else if let node = left.node, let other = right.node {
      // Where one side may be `none`, the other must not be mistaken for it.
      if !left.isNone, !right.isNone {
        if !isOptional(left), !scenario.isNeverMinimum(left) {
          checkRange(sides.left, into: other, at: left.span)
        }
        if !isOptional(right), !scenario.isNeverMinimum(right) {
          checkRange(sides.right, into: node, at: right.span)
        }
      }
    }
    return sides
  }

  mutating func lowerComparison(
    _ operation: BinaryOperator,
    _ sides: Sides,
    of left: ResolvedExpression,
    into result: Register?,
    at span: SourceSpan
  ) -> Operand {
    if let known = sides.known { return .constant(known ? 1 : 0) }
    let isString = left.node.map { scenario.types.base(of: $0) == .string } ?? false
    let isText = isString && operation != .equal && operation != .notEqual
    if !isText, case .constant(let first) = sides.left, case .constant(let second) = sides.right,
      case .value(let value) = fold(operation, first, second)
    {
      return .constant(value)
    }
    let register = result ?? makeRegister()
    emit(
      .binary(lowered(operation, ofStrings: isString), register, sides.left, sides.right),
      at: span
    )
    return .register(register)
  }

  /// The operation of the program that an operator stands for.
  func lowered(_ operation: BinaryOperator, ofStrings: Bool = false) -> BinaryOperation {
    switch operation {
    case .multiply: .multiply
    case .divide: .divide
    case .modulo: .modulo
    case .add: .add
    case .subtract: .subtract
    case .less: ofStrings ? .stringLess : .less
    case .lessOrEqual: ofStrings ? .stringLessOrEqual : .lessOrEqual
    case .greater: ofStrings ? .stringGreater : .greater
    case .greaterOrEqual: ofStrings ? .stringGreaterOrEqual : .greaterOrEqual
    case .equal: .equal
    case .notEqual: .notEqual
    case .and, .or: preconditionFailure("internal error: a logical operator is a branch")
    }
  }

  private mutating func lowerAny(
    _ lower: ResolvedExpression,
    _ upper: ResolvedExpression,
    isClosed: Bool,
    into result: Register?,
    at span: SourceSpan
  ) -> Operand {
    let first = lowerRequired(lower)
    var last = lowerRequired(upper)
    if !isClosed {
      if case .constant(let constant) = last, constant > Int.min {
        last = .constant(constant - 1)
      } else {
        let register = makeRegister()
        emit(.binary(.subtract, register, last, .constant(1)), at: upper.span)
        last = .register(register)
      }
    }
    let register = result ?? makeRegister()
    emit(.any(register, lower: first, upper: last), at: span)
    return .register(register)
  }

  // MARK: Conditions

  /// Goes on if the condition is true, else at the label.
  mutating func lowerCondition(_ condition: ResolvedExpression, otherwise: Label) {
    switch condition.kind {
    case .binary(.and, let left, let right):
      lowerCondition(left, otherwise: otherwise)
      lowerCondition(right, otherwise: otherwise)
    case .binary(.or, let left, let right):
      let other = makeLabel()
      let end = makeLabel()
      lowerCondition(left, otherwise: other)
      emit(.jump(end.target), at: left.span)
      place(other)
      lowerCondition(right, otherwise: otherwise)
      place(end)
    default:
      let operand = lowerRequired(condition)
      emit(.branch(operand, otherwise: otherwise.target), at: condition.span)
    }
  }
}
