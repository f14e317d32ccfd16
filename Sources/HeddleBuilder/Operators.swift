// The operators of the language, on typed values. Operations on literals alone stay Swift's own.

// MARK: Numbers

/// The sum; a result beyond 64 bits is misuse.
public func + (left: some Value<Int>, right: some Value<Int>) -> Computed<Int> {
  Computed(.binary(left.code, "+", right.code, .addition))
}

/// The difference; a result beyond 64 bits is misuse.
public func - (left: some Value<Int>, right: some Value<Int>) -> Computed<Int> {
  Computed(.binary(left.code, "-", right.code, .addition))
}

/// The product; a result beyond 64 bits is misuse.
public func * (left: some Value<Int>, right: some Value<Int>) -> Computed<Int> {
  Computed(.binary(left.code, "*", right.code, .multiplication))
}

/// The quotient, rounded towards negative infinity; a division by zero is misuse.
public func / (left: some Value<Int>, right: some Value<Int>) -> Computed<Int> {
  Computed(.binary(left.code, "/", right.code, .multiplication))
}

/// The remainder, with the sign of the divisor; a division by zero is misuse.
public func % (left: some Value<Int>, right: some Value<Int>) -> Computed<Int> {
  Computed(.binary(left.code, "%", right.code, .multiplication))
}

/// The number with the other sign.
public prefix func - (operand: some Term<Int>) -> Computed<Int> {
  Computed(.unary("-", operand.code))
}

// MARK: Comparisons

/// Whether two values are equal.
public func == <Content: ScalarType>(
  left: some Value<Content>,
  right: some Value<Content>
) -> Computed<Bool> {
  Computed(.binary(left.code, "==", right.code, .comparison))
}

/// Whether two values differ.
public func != <Content: ScalarType>(
  left: some Value<Content>,
  right: some Value<Content>
) -> Computed<Bool> {
  Computed(.binary(left.code, "!=", right.code, .comparison))
}

/// Whether an optional is the value.
public func == <Content: ScalarType>(
  left: some Term<Content?>,
  right: some Value<Content>
) -> Computed<Bool> {
  Computed(.binary(left.code, "==", right.code, .comparison))
}

/// Whether an optional is another value or `none`.
public func != <Content: ScalarType>(
  left: some Term<Content?>,
  right: some Value<Content>
) -> Computed<Bool> {
  Computed(.binary(left.code, "!=", right.code, .comparison))
}

/// Whether an optional is `none`.
public func == <Content: ScalarType>(left: some Term<Content?>, right: NoValue) -> Computed<Bool> {
  Computed(.binary(left.code, "==", right.code, .comparison))
}

/// Whether an optional has a value.
public func != <Content: ScalarType>(left: some Term<Content?>, right: NoValue) -> Computed<Bool> {
  Computed(.binary(left.code, "!=", right.code, .comparison))
}

/// A type whose values have an order: integers and strings.
public protocol OrderedType: ScalarType {}

extension Int: OrderedType {}
extension String: OrderedType {}

/// Whether the left value comes before the right one.
public func < <Content: OrderedType>(
  left: some Value<Content>,
  right: some Value<Content>
) -> Computed<Bool> {
  Computed(.binary(left.code, "<", right.code, .comparison))
}

/// Whether the left value does not come after the right one.
public func <= <Content: OrderedType>(
  left: some Value<Content>,
  right: some Value<Content>
) -> Computed<Bool> {
  Computed(.binary(left.code, "<=", right.code, .comparison))
}

/// Whether the left value comes after the right one.
public func > <Content: OrderedType>(
  left: some Value<Content>,
  right: some Value<Content>
) -> Computed<Bool> {
  Computed(.binary(left.code, ">", right.code, .comparison))
}

/// Whether the left value does not come before the right one.
public func >= <Content: OrderedType>(
  left: some Value<Content>,
  right: some Value<Content>
) -> Computed<Bool> {
  Computed(.binary(left.code, ">=", right.code, .comparison))
}

// MARK: Truth values

/// Whether both hold; the right one is evaluated only if the left one holds.
public func && (left: some Value<Bool>, right: some Value<Bool>) -> Computed<Bool> {
  Computed(.binary(left.code, "&&", right.code, .and))
}

/// Whether one of both holds; the right one is evaluated only if the left one does not.
public func || (left: some Value<Bool>, right: some Value<Bool>) -> Computed<Bool> {
  Computed(.binary(left.code, "||", right.code, .or))
}

/// Whether the operand does not hold.
public prefix func ! (operand: some Term<Bool>) -> Computed<Bool> {
  Computed(.unary("!", operand.code))
}

// MARK: Assignments

infix operator <- : AssignmentPrecedence

/// Writes a value: `target = value` in the language.
public func <- <Content: ScalarType>(
  target: some Assignable<Content>,
  value: some Value<Content>
) -> ScenarioStatement {
  .assignment(target.code, "=", value.code)
}

/// Writes a value to an optional.
public func <- <Content: ScalarType>(
  target: some Assignable<Content?>,
  value: some Value<Content>
) -> ScenarioStatement {
  .assignment(target.code, "=", value.code)
}

/// Writes `none` to an optional.
public func <- <Content: ScalarType>(
  target: some Assignable<Content?>,
  value: NoValue
) -> ScenarioStatement {
  .assignment(target.code, "=", value.code)
}

/// Reads, adds and writes: two steps if the target is shared.
public func += (target: some Assignable<Int>, value: some Value<Int>) -> ScenarioStatement {
  .assignment(target.code, "+=", value.code)
}

/// Reads, subtracts and writes: two steps if the target is shared.
public func -= (target: some Assignable<Int>, value: some Value<Int>) -> ScenarioStatement {
  .assignment(target.code, "-=", value.code)
}

/// Reads, multiplies and writes: two steps if the target is shared.
public func *= (target: some Assignable<Int>, value: some Value<Int>) -> ScenarioStatement {
  .assignment(target.code, "*=", value.code)
}

/// Reads, divides and writes: two steps if the target is shared.
public func /= (target: some Assignable<Int>, value: some Value<Int>) -> ScenarioStatement {
  .assignment(target.code, "/=", value.code)
}

/// Reads, takes the remainder and writes: two steps if the target is shared.
public func %= (target: some Assignable<Int>, value: some Value<Int>) -> ScenarioStatement {
  .assignment(target.code, "%=", value.code)
}

extension ScenarioStatement {
  fileprivate static func assignment(_ target: Code, _ symbol: String, _ value: Code) -> Self {
    ScenarioStatement("\(target.text) \(symbol) \(value.text)", target, value)
  }
}
