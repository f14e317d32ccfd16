public import HeddleProgram

/// What holds in every state between steps, and why a scenario therefore passes, in a form that others can check again.
///
/// Whole lock sections are one step here, so the invariants hold wherever no thread holds a lock.
public struct Proof: Sendable, Equatable {
  /// Where a thread can be between two steps.
  public enum Place: Sendable, Hashable {
    case unstarted
    /// Its next instruction, with values that some registers have there.
    case before(InstructionID, registers: [Int: Int])
    case ended
  }

  /// A number that is part of a sum.
  public enum Quantity: Sendable, Hashable {
    case one
    /// How many threads there are, by the number of the parameter.
    case parameter(Int)
    /// An element of a variable, by its position among all elements.
    case variable(Int)
    /// What an element was at the beginning.
    case initial(Int)
    /// How many of the threads of a declaration, by its first thread, are somewhere.
    case threads(first: ThreadID, Place)
    /// What an element was at the beginning, if the thread is there, else 0.
    case initialWhile(Int, ThreadID, Place)
    /// An element of a variable, if the thread is there, else 0.
    case variableWhile(Int, ThreadID, Place)
    /// The value of a register, if the thread is there, else 0.
    case register(Int, ThreadID, Place)
  }

  /// One part of a sum.
  public struct Part: Sendable, Hashable {
    /// How often the quantity is taken.
    public var factor: Int
    /// What is taken.
    public var quantity: Quantity

    /// Creates a part.
    public init(factor: Int, quantity: Quantity) {
      self.factor = factor
      self.quantity = quantity
    }
  }

  /// A sum that is 0, or at least 0.
  public struct Invariant: Sendable, Hashable {
    /// The statement, in the words of the scenario.
    public var text: String
    /// The sum.
    public var parts: [Part]
    /// Whether it is 0; else it is at least 0.
    public var isEquation: Bool
    /// It is claimed while the thread is at one of the places; without a thread, always.
    public var thread: ThreadID?
    /// Where the thread is.
    public var places: [Place]
    /// Whether it is worth showing to people.
    public var isNotable: Bool

    /// Creates an invariant.
    public init(
      text: String,
      parts: [Part],
      isEquation: Bool,
      thread: ThreadID? = nil,
      places: [Place] = [],
      isNotable: Bool = false
    ) {
      self.text = text
      self.parts = parts
      self.isEquation = isEquation
      self.thread = thread
      self.places = places
      self.isNotable = isNotable
    }
  }

  /// A sum that is 0, or at least 0.
  public struct Comparison: Sendable, Hashable {
    /// The sum.
    public var parts: [Part]
    /// Whether it is 0; else it is at least 0.
    public var isEquation: Bool

    /// Creates a comparison.
    public init(parts: [Part], isEquation: Bool) {
      self.parts = parts
      self.isEquation = isEquation
    }
  }

  /// Something that holds in a case.
  public struct Claim: Sendable, Hashable {
    /// The statement, in the words of the scenario.
    public var text: String
    /// At least one of them holds.
    public var alternatives: [Comparison]

    /// Creates a claim.
    public init(text: String, alternatives: [Comparison]) {
      self.text = text
      self.alternatives = alternatives
    }
  }

  /// One combination of places and values that runs can come to, and what holds there.
  public struct Case: Sendable, Hashable {
    /// By thread: where it is.
    public var places: [Place]
    /// By position among the elements of all variables: the value of an element.
    public var values: [Int: Int]
    /// All of them hold.
    public var claims: [Claim]

    /// Creates a case.
    public init(places: [Place], values: [Int: Int], claims: [Claim]) {
      self.places = places
      self.values = values
      self.claims = claims
    }
  }

  /// What was covered beside every order, for example `every input`.
  public var scope: [String]
  /// All of them together are kept by every step.
  public var invariants: [Invariant]
  /// In every state between steps, one of them is there; none if the invariants are enough.
  ///
  /// Steps lead from states of a case that satisfy the invariants to states of a case.
  public var cases: [Case]
  /// What the cases have in common, in the words of the scenario.
  public var summary: [String]

  /// Creates a proof.
  public init(
    scope: [String],
    invariants: [Invariant],
    cases: [Case] = [],
    summary: [String] = []
  ) {
    self.scope = scope
    self.invariants = invariants
    self.cases = cases
    self.summary = summary
  }
}
