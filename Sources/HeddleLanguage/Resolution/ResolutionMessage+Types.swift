import HeddleProgram

/// Messages about types, values and constants.
extension ResolutionMessage {
  static func typeMismatch(
    _ role: String,
    wanted: ValueType.Base,
    found: ValueType.Base
  ) -> Self {
    Self("\(role) is \(wanted.phrase), not \(found.phrase)")
  }

  static func comparisonMismatch(
    _ operation: String,
    left: ValueType.Base,
    right: ValueType.Base
  ) -> Self {
    Self("'\(operation)' compares values of one type, not \(left.phrase) with \(right.phrase)")
  }

  static func conditionNotBoolean(found: ValueType.Base, isOptional: Bool) -> Self {
    let hint =
      found == .integer && !isOptional
      ? "compare it, for example with '!= 0'" : "compare it, for example with '!= none'"
    return Self("a condition is a Bool, not \(found.phrase); \(hint)")
  }

  static func noOrder(_ operation: String, found: ValueType.Base) -> Self {
    Self("'\(operation)' compares integers or strings, not \(found.phrase)")
  }

  static func noneInNonOptional(_ role: String) -> Self {
    Self("\(role) is declared without '?' and cannot be 'none'")
  }

  static func minimumInOptional() -> Self {
    Self("the least integer stands for 'none' in an optional Int and cannot be stored there")
  }

  static func noValue(_ name: String) -> Self {
    Self("'\(name)' has no result")
  }

  static func objectAsValue(_ name: String, kind: String) -> Self {
    let question = ["event": "is_set", "lock": "locked"][kind].map { "; ask '\(name).\($0)()'" }
    return Self("'\(name)' is \(withArticle(kind)), which is not a value\(question ?? "")")
  }

  static func functionAsValue(_ name: String) -> Self {
    Self("'\(name)' is a function; call it as '\(name)()'")
  }

  static func threadAsValue(_ name: String) -> Self {
    Self("'\(name)' is a declaration; keep the handle that 'start \(name)' gives")
  }

  static func arrayAsValue() -> Self {
    Self("a single value is needed here; an array is read element by element")
  }

  static func sharedArrayAsValue(_ name: String) -> Self {
    Self("a shared array is read element by element; '\(name)' as a whole is not a value")
  }

  static func notAnArray() -> Self {
    Self("only an array has elements")
  }

  static func arrayNeeded(_ role: String) -> Self {
    Self("\(role) is an array")
  }

  static func arrayLengthMismatch(expected: Int, found: Int) -> Self {
    Self("the array has \(count(expected, "element")), this one has \(count(found, "element"))")
  }

  static func emptyArray() -> Self {
    Self("an array has at least one element")
  }

  static func nestedArray() -> Self {
    Self("the elements of an array are single values")
  }

  static func optionalArray() -> Self {
    Self("an array cannot be optional; its elements can: '[T?]'")
  }

  static func arrayParameterOfThread(_ name: String) -> Self {
    Self("'\(name)': arrays cannot be handed to a thread; use a shared array")
  }

  static func indexOutOfRange(_ index: Int, length: Int) -> Self {
    Self("index \(index) is outside 0..<\(length)")
  }

  static func notConstant(_ role: String) -> Self {
    Self("\(role) must be known before the run: constants, literals and arithmetic on them")
  }

  static func everyNumberElsewhere() -> Self {
    Self("'any >= 1' is the value of a constant that threads are counted by: const n = any >= 1")
  }

  static func everyNumberStarts(_ name: String, of constant: String) -> Self {
    Self(
      "to prove it for every number, 'main' starts '\(name)' exactly once: "
        + "start \(name) * \(constant)"
    )
  }

  static func threadsOfEveryNumber(_ name: String) -> Self {
    Self("there is any number of threads '\(name)', so that they cannot be named one by one")
  }

  static func constantCycle(_ names: [String]) -> Self {
    Self("a constant is defined by itself: " + names.joined(separator: " -> "))
  }

  static func constantsTooDeep(limit: Int) -> Self {
    Self("constants refer to one another through more than \(limit) steps")
  }

  static func constantOverflow() -> Self {
    Self("the result does not fit into 64 bits")
  }

  static func constantDivisionByZero() -> Self {
    Self("division by zero")
  }

  static func emptyRange(lower: Int, upper: Int, isClosed: Bool) -> Self {
    Self("\(lower)\(isClosed ? "..." : "..<")\(upper) has no value")
  }

  static func settingTooSmall(_ name: String, minimum: Int) -> Self {
    Self("'\(name)' is at least \(minimum), as its declaration says")
  }

  static func negativeValue(_ role: String, minimum: Int) -> Self {
    Self("\(role) is at least \(minimum)")
  }

  static func unknownAnyType(_ name: String) -> Self {
    Self("'any' takes a range, 'Int' or 'Bool', not '\(name)'")
  }

  static func anyOutsideInitialValue() -> Self {
    Self("'any' stands alone, and is the initial value of a 'shared' variable or a field")
  }

  static func notAThreadHandle(found: ValueType.Base) -> Self {
    Self("a thread handle is needed here, not \(found.phrase)")
  }
}
