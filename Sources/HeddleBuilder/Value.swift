/// What a value in a scenario can be: a type of the scenario language.
public protocol ScenarioType: Sendable {
  /// How the language writes the type, for example `Int?`.
  static var typeText: String { get }
}

/// A type whose values can be compared with each other and stored as one value: all but arrays.
public protocol ScalarType: ScenarioType {}

extension Int: ScalarType {
  /// Stands for `Int`.
  public static var typeText: String { "Int" }
}

extension Bool: ScalarType {
  /// Stands for `Bool`.
  public static var typeText: String { "Bool" }
}

extension String: ScalarType {
  /// Stands for `String`.
  public static var typeText: String { "String" }
}

/// The type of a thread's handle; `Thread` in the language.
public enum ThreadHandle: ScalarType {
  /// Stands for `Thread`.
  public static var typeText: String { "Thread" }
}

extension Optional: ScenarioType where Wrapped: ScalarType {
  /// Stands for `T?`.
  public static var typeText: String { Wrapped.typeText + "?" }
}

extension Optional: ScalarType where Wrapped: ScalarType {}

/// A type whose values are arrays.
public protocol ArrayType: ScenarioType {
  /// The type of the elements.
  associatedtype Item: ScalarType
}

extension Array: ScenarioType where Element: ScalarType {
  /// Stands for `[T]`.
  public static var typeText: String { "[\(Element.typeText)]" }
}

extension Array: ArrayType where Element: ScalarType {
  /// The type of the elements.
  public typealias Item = Element
}

/// Something with a value in a scenario: a variable, a literal, an operation on others.
public protocol Value<Content>: Sendable {
  /// The type of the value.
  associatedtype Content: ScenarioType
  /// How the scenario says it.
  var code: Code { get }
}

/// A value that is more than a literal, so that it can be interpolated into a text.
public protocol Term<Content>: Value {}

/// A value that can be assigned to.
public protocol Assignable<Content>: Term {}

/// The value of an operation.
public struct Computed<Content: ScenarioType>: Term {
  /// How the scenario says it.
  public let code: Code

  init(_ code: Code) { self.code = code }
}

// MARK: Literals

extension Int: Value {
  /// An integer has an integer as its value.
  public typealias Content = Int
  /// The number.
  public var code: Code { Code(String(self), self < 0 ? .unary : .operand) }
}

extension Bool: Value {
  /// A truth value has a truth value as its value.
  public typealias Content = Bool
  /// `true` or `false`.
  public var code: Code { Code(self ? "true" : "false") }
}

extension String: Value {
  /// A text has a text as its value.
  public typealias Content = String
  /// The text between quotes; values that were interpolated are interpolated there too.
  public var code: Code { Code(QuotedText.text(of: self)) }
}

extension Array: Value where Element: Value, Element.Content: ScalarType {
  /// An array of values has an array as its value.
  public typealias Content = [Element.Content]
  /// `[a, b, c]`.
  public var code: Code {
    Code(
      "[\(map(\.code.text).joined(separator: ", "))]",
      mentions: flatMap(\.code.mentions)
    )
  }
}

/// A literal as a value of the scenario: operations on Swift's literals alone are Swift's own.
///
/// `-7 / 2` is -3 before the scenario sees it; `literal(-7) / 2` is the scenario's, and -4.
public func literal<Content: ScalarType>(_ value: some Value<Content>) -> Computed<Content> {
  Computed(value.code)
}

/// `[value; count]`: an array of equal elements.
///
/// - Parameters:
///   - value: The value of every element.
///   - count: How many there are; constant, and at least 1.
/// - Returns: The array.
public func repeated<Content: ScalarType>(
  _ value: some Value<Content>,
  count: some Value<Int>
) -> Computed<[Content]> {
  Computed(
    Code(
      "[\(value.code.text); \(count.code.text)]",
      mentions: value.code.mentions + count.code.mentions
    )
  )
}

/// `none`, which every optional can be.
public struct NoValue: Sendable {
  let code = Code("none")
}

/// The value that says that there is none.
public let none = NoValue()

/// `none` as a value of a certain type, for arguments.
public func none<Content: ScalarType>(_ type: Content.Type) -> Computed<Content?> {
  Computed(none.code)
}

/// A value where an optional is wanted.
public func optional<Content: ScalarType>(_ value: some Value<Content>) -> Computed<Content?> {
  Computed(value.code)
}

extension Value {
  /// The value of an optional; it is misuse if there is none.
  public func unwrapped<Wrapped: ScalarType>() -> Computed<Wrapped> where Content == Wrapped? {
    Computed(code)
  }
}

// MARK: Texts

extension DefaultStringInterpolation {
  /// Interpolates a value of a scenario, which the scenario's text then interpolates.
  public mutating func appendInterpolation(_ value: some Term) {
    appendLiteral(QuotedText.opening + value.code.text + QuotedText.closing)
  }
}

/// Strings that hold interpolated values of a scenario between two characters of their own.
///
/// U+10FFF0 and U+10FFF1 are for private use (Unicode Standard 23.5), so that a text that is meant to be read hardly holds them.
enum QuotedText {
  static let opening = "\u{10FFF0}"
  static let closing = "\u{10FFF1}"

  /// The string as the language writes it, with quotes.
  static func text(of string: String) -> String {
    var result = "\""
    var depth = 0
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\u{10FFF0}":
        // Inside an interpolation the text is code already.
        if depth == 0 { result += "\\(" }
        depth += 1
      case "\u{10FFF1}":
        depth -= 1
        if depth == 0 { result += ")" }
      case "\n" where depth == 0: result += "\\n"
      case "\t" where depth == 0: result += "\\t"
      case "\"" where depth == 0: result += "\\\""
      case "\\" where depth == 0: result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
