/// What the runs of a completely searched scenario did: how far into the code, with which values, to which ends.
///
/// Values are those between two steps: what a variable holds for a moment inside an atomic block is not among them.
public struct Coverage: Sendable, Equatable {
  /// The values that one shared variable took, all elements of an array or field together.
  public struct Values: Sendable, Equatable {
    /// The variable's name.
    public var name: String
    /// The number of its elements; 1 for a scalar.
    public var elementCount: Int
    /// The smallest different values as one would write them, ascending; at most ``Coverage/maximumValues``.
    public var values: [String]
    /// The largest value, if there are more than ``values`` holds.
    public var largest: String?
    /// How many different values there are.
    public var count: Int

    /// Creates a list of values.
    public init(
      name: String,
      elementCount: Int,
      values: [String],
      largest: String?,
      count: Int
    ) {
      self.name = name
      self.elementCount = elementCount
      self.values = values
      self.largest = largest
      self.count = count
    }
  }

  /// One way for the shared variables to end.
  public struct Outcome: Sendable, Equatable {
    /// The shared variables, by element, at the moment when the last non-daemon thread has ended.
    public var values: [NamedValue]
    /// How many different states end so.
    public var stateCount: Int
    /// An order that ends so, with as few steps as possible; `nil` if it is long.
    public var order: Schedule?

    /// Creates an outcome.
    public init(values: [NamedValue], stateCount: Int, order: Schedule?) {
      self.values = values
      self.stateCount = stateCount
      self.order = order
    }
  }

  /// How many values of a variable are listed.
  public static let maximumValues = 16
  /// How many outcomes are listed.
  public static let maximumOutcomes = 20

  /// The statements that have code in some thread, and how many of them some run reaches.
  public var statementCount = 0
  /// The statements that some run reaches.
  public var reachedStatementCount = 0
  /// The values of each shared variable, in order of declaration.
  public var values: [Values] = []
  /// Different outcomes in the order in which the search met them; at most ``maximumOutcomes``.
  public var outcomes: [Outcome] = []
  /// How many different outcomes there are.
  public var outcomeCount = 0

  /// Nothing covered yet.
  public init() {}
}
