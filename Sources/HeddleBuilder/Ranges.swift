// Ranges of integers, and what a scenario leaves open.

/// Integers from a first one on.
public protocol IntegerRange: Sendable {
  /// How the scenario says it.
  var code: Code { get }
}

extension Range: IntegerRange where Bound == Int {
  /// `first..<end`.
  public var code: Code { Code("\(lowerBound)..<\(upperBound)", .open) }
}

extension ClosedRange: IntegerRange where Bound == Int {
  /// `first...last`.
  public var code: Code { Code("\(lowerBound)...\(upperBound)", .open) }
}

/// A range whose ends a scenario computes.
public struct ComputedRange: IntegerRange {
  /// How the scenario says it.
  public let code: Code

  init(_ lower: Code, _ symbol: String, _ upper: Code) {
    code = Code(lower.text + symbol + upper.text, .open, mentions: lower.mentions + upper.mentions)
  }
}

/// From the left number up to the right one, without it.
public func ..< (lower: some Term<Int>, upper: some Term<Int>) -> ComputedRange {
  ComputedRange(lower.code, "..<", upper.code)
}

/// From the left number up to the right one, without it.
public func ..< (lower: Int, upper: some Term<Int>) -> ComputedRange {
  ComputedRange(lower.code, "..<", upper.code)
}

/// From the left number up to the right one, without it.
public func ..< (lower: some Term<Int>, upper: Int) -> ComputedRange {
  ComputedRange(lower.code, "..<", upper.code)
}

/// From the left number up to the right one.
public func ... (lower: some Term<Int>, upper: some Term<Int>) -> ComputedRange {
  ComputedRange(lower.code, "...", upper.code)
}

/// From the left number up to the right one.
public func ... (lower: Int, upper: some Term<Int>) -> ComputedRange {
  ComputedRange(lower.code, "...", upper.code)
}

/// From the left number up to the right one.
public func ... (lower: some Term<Int>, upper: Int) -> ComputedRange {
  ComputedRange(lower.code, "...", upper.code)
}

// MARK: Choices

/// `any first...last` in the language: every value of the range.
public func anyOf(_ range: some IntegerRange) -> Computed<Int> {
  Computed(Code("any \(range.code.text)", .open, mentions: range.code.mentions))
}

/// A type of which a scenario may take every value.
public protocol EnumerableType: ScalarType {}

extension Int: EnumerableType {}
extension Bool: EnumerableType {}

/// `any Int`, every 64-bit integer, or `any Bool`.
public func anyOf<Content: EnumerableType>(_ type: Content.Type) -> Computed<Content> {
  Computed(Code("any \(Content.typeText)", .open))
}
