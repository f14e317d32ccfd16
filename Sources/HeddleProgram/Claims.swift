public import HeddleDiagnostics

// What a scenario claims, expects and allows.

/// What an `assert`, `invariant` or `assume` says.
public struct Claim: Sendable, Equatable {
  /// The two sides of a comparison, so that a failure can show what was expected and what was there.
  public struct Comparison: Sendable, Equatable {
    /// How they are compared.
    public var operation: BinaryOperation
    /// The left side's value at the instruction that checks the claim.
    public var left: Operand
    /// The left side's text.
    public var leftSpan: SourceSpan
    /// The right side's value.
    public var right: Operand
    /// The right side's text.
    public var rightSpan: SourceSpan
    /// The type of both.
    public var type: ValueType

    /// Creates a comparison.
    public init(
      operation: BinaryOperation,
      left: Operand,
      leftSpan: SourceSpan,
      right: Operand,
      rightSpan: SourceSpan,
      type: ValueType
    ) {
      self.operation = operation
      self.left = left
      self.leftSpan = leftSpan
      self.right = right
      self.rightSpan = rightSpan
      self.type = type
    }
  }

  /// Which statement it is.
  public enum Kind: Sendable, Equatable { case assertion, invariant, assumption }

  /// Which statement it is.
  public var kind: Kind
  /// The whole statement.
  public var span: SourceSpan
  /// The condition.
  public var conditionSpan: SourceSpan
  /// The user's message.
  public var message: TemplateID?
  /// The sides, if the condition is one comparison.
  public var comparison: Comparison?

  /// Creates a claim.
  public init(
    kind: Kind,
    span: SourceSpan,
    conditionSpan: SourceSpan,
    message: TemplateID?,
    comparison: Comparison?
  ) {
    self.kind = kind
    self.span = span
    self.conditionSpan = conditionSpan
    self.message = message
    self.comparison = comparison
  }
}

/// Code that only reads, evaluated in one go on a state: an invariant or `finally`.
///
/// It ends with ``Instruction/observerEnd``, and uses registers of its own that are not part of a state.
public struct Observer: Sendable, Equatable {
  /// Its first instruction.
  public var entry: InstructionID
  /// The number of its registers.
  public var registerCount: Int

  /// Creates an observer.
  public init(entry: InstructionID, registerCount: Int) {
    self.entry = entry
    self.registerCount = registerCount
  }
}

/// One `expect` line.
public struct Expectation: Sendable, Equatable {
  /// What is expected.
  public enum Outcome: Sendable, Equatable {
    case pass
    case inconclusive
    /// A finding; with no subjects, on whatever subject.
    case finding(FindingKind, subjects: [String])
  }

  /// What is expected.
  public var outcome: Outcome
  /// The line.
  public var span: SourceSpan

  /// Creates an expectation.
  public init(outcome: Outcome, span: SourceSpan) {
    self.outcome = outcome
    self.span = span
  }
}

/// One `allow` line: a finding that is intended.
public struct Allowance: Sendable, Equatable {
  /// The kind that is not reported.
  public var kind: FindingKind
  /// The variable's or object's declared name.
  public var subject: String
  /// The line.
  public var span: SourceSpan

  /// Creates an allowance.
  public init(kind: FindingKind, subject: String, span: SourceSpan) {
    self.kind = kind
    self.subject = subject
    self.span = span
  }
}
