public import HeddleProgram

/// One way in which two judgements of a scenario differ.
public struct Disagreement: Sendable, CustomStringConvertible {
  /// What they differ in; shrinking a scenario keeps it.
  public enum Kind: Hashable, Sendable {
    /// The scenario, which is to be free of errors, has some.
    case loading
    /// Whether every state was visited.
    case limit
    /// Pass or fail.
    case verdict
    /// Whether the `expect` lines are met.
    case expectation
    /// A finding that the naive checker does not have.
    case onlyEngine(FindingKind)
    /// A finding that the engine does not have.
    case onlyNaive(FindingKind)
    /// The preemptions or steps of a shortest order.
    case length(FindingKind)
    /// The number of orders.
    case orders
    /// The whole answer, on one core and on several.
    case cores
    /// An order that does not replay, or does not show what it is to show.
    case evidence
  }

  /// What they differ in.
  public var kind: Kind
  /// Which engine; empty if it is not about an engine.
  public var variant: String
  /// Both sides, for people.
  public var detail: String

  /// Creates a disagreement.
  public init(kind: Kind, variant: String = "", detail: String) {
    self.kind = kind
    self.variant = variant
    self.detail = detail
  }

  /// The engine and both sides.
  public var description: String { variant.isEmpty ? detail : "[\(variant)] \(detail)" }
}
