/// The number of a thread instance in ``Program/instances``; a thread handle's value is this number.
public struct ThreadID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The position in the table, from 0.
  public let index: Int
  /// Wraps a position.
  public init(_ index: Int) { self.index = index }
  /// Orders by position.
  public static func < (left: ThreadID, right: ThreadID) -> Bool { left.index < right.index }
  /// For dumps, for example `t3`.
  public var description: String { "t\(index)" }
}

/// The number of a thread declaration in ``Program/threadTypes``.
public struct ThreadTypeID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The position in the table, from 0.
  public let index: Int
  /// Wraps a position.
  public init(_ index: Int) { self.index = index }
  /// Orders by position.
  public static func < (left: ThreadTypeID, right: ThreadTypeID) -> Bool {
    left.index < right.index
  }
  /// For dumps, for example `T3`.
  public var description: String { "T\(index)" }
}

/// The number of a shared variable, array or field in ``Program/variables``.
public struct VariableID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The position in the table, from 0.
  public let index: Int
  /// Wraps a position.
  public init(_ index: Int) { self.index = index }
  /// Orders by position.
  public static func < (left: VariableID, right: VariableID) -> Bool { left.index < right.index }
  /// For dumps, for example `v3`.
  public var description: String { "v\(index)" }
}

/// The number of a lock, event, queue and so on in ``Program/objects``; array elements are separate.
public struct ObjectID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The position in the table, from 0.
  public let index: Int
  /// Wraps a position.
  public init(_ index: Int) { self.index = index }
  /// Orders by position.
  public static func < (left: ObjectID, right: ObjectID) -> Bool { left.index < right.index }
  /// For dumps, for example `o3`.
  public var description: String { "o\(index)" }
}

/// The position of an instruction in ``Program/instructions``; 0 is never a target.
public struct InstructionID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The position in the table, from 0.
  public let index: Int
  /// Wraps a position.
  public init(_ index: Int) { self.index = index }
  /// Orders by position.
  public static func < (left: InstructionID, right: InstructionID) -> Bool {
    left.index < right.index
  }
  /// For dumps, for example `@17`.
  public var description: String { "@\(index)" }
}

/// The number of a source statement in ``Program/statements``; inlined copies share it.
public struct StatementID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The position in the table, from 0.
  public let index: Int
  /// Wraps a position.
  public init(_ index: Int) { self.index = index }
  /// Orders by position.
  public static func < (left: StatementID, right: StatementID) -> Bool { left.index < right.index }
  /// For dumps, for example `s3`.
  public var description: String { "s\(index)" }
}

/// A register of a thread's frame: a local variable, a parameter or an intermediate value.
public struct Register: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The position in the frame, from 0; parameters come first.
  public let index: Int
  /// Wraps a position.
  public init(_ index: Int) { self.index = index }
  /// Orders by position.
  public static func < (left: Register, right: Register) -> Bool { left.index < right.index }
  /// For dumps, for example `r3`.
  public var description: String { "r\(index)" }
}

/// The number of a text with holes in ``Program/templates``.
public struct TemplateID: Sendable, Hashable {
  /// The position in the table, from 0.
  public let index: Int
  /// Wraps a position.
  public init(_ index: Int) { self.index = index }
}

/// The number of an `assert`, `invariant` or `assume` in ``Program/claims``.
public struct ClaimID: Sendable, Hashable, Comparable {
  /// The position in the table, from 0.
  public let index: Int
  /// Wraps a position.
  public init(_ index: Int) { self.index = index }
  /// Orders by position.
  public static func < (left: ClaimID, right: ClaimID) -> Bool { left.index < right.index }
}
