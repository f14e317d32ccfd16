public import HeddleDiagnostics

/// A scenario after names and types are resolved: flat code, tables, and what is claimed about it.
///
/// Every engine and every report works on this; no front end's syntax is left in it. Build it with a front end, and
/// check it with ``ProgramVerifier`` when a new one is written.
public struct Program: Sendable {
  /// The scenario's name: its file name without folder and extension.
  public var name: String
  /// The text that all spans refer to.
  public var source: SourceFile
  /// The literal strings; a string value is an index here, and strings made at run time come after.
  public var strings: [String] = []
  /// The thread declarations; `main`, if there is one, is the first.
  public var threadTypes: [ThreadType] = []
  /// All thread instances, those of one declaration next to each other in the order of starting.
  public var instances: [ThreadInstance] = []
  /// Shared variables, arrays and fields.
  public var variables: [Variable] = []
  /// Locks, events, queues and so on; the elements of an array next to each other.
  public var objects: [SyncObject] = []
  /// The code of all threads and observers.
  public var instructions: [Instruction] = []
  /// For each instruction, the smallest text it stands for.
  public var instructionSpans: [SourceSpan] = []
  /// For each instruction, the statement it belongs to.
  public var instructionStatements: [StatementID] = []
  /// The statements of the source that were lowered, in source order.
  public var statements: [Statement] = []
  /// Texts with holes, for `print`, `fail`, messages and interpolated strings.
  public var templates: [[TemplatePiece]] = []
  /// Argument lists of `start`.
  public var argumentLists: [[Operand]] = []
  /// Branch targets of `choose`.
  public var targetLists: [[InstructionID]] = []
  /// Every `assert`, `invariant` and `assume`.
  public var claims: [Claim] = []
  /// The invariants, in source order.
  public var invariants: [Observer] = []
  /// The `finally` block.
  public var finally: Observer?
  /// The `expect` lines, in source order; none means `expect pass`.
  public var expectations: [Expectation] = []
  /// The `allow` lines.
  public var allowances: [Allowance] = []
  /// The numbers of threads that may be any; the program has a certain number of them.
  public var parameters: [ThreadParameter] = []

  /// Creates an empty program for a front end to fill.
  public init(name: String, source: SourceFile) {
    self.name = name
    self.source = source
  }

  /// Whether the scenario has a `main`, so that threads run only once they are started.
  public var hasMain: Bool { threadTypes.first?.isMain ?? false }
}

/// One thread declaration.
public struct ThreadType: Sendable, Equatable {
  /// The declared name; `main` for the main block.
  public var name: String
  /// The place of the name in its declaration.
  public var span: SourceSpan
  /// Whether it is the `main` block.
  public var isMain = false
  /// Whether it is a daemon.
  public var isDaemon = false
  /// Whether HD301 to HD303 are not reported for it.
  public var mayOutliveMain = false
  /// Its first instruction.
  public var entry: InstructionID
  /// The number of registers in a frame; the first ``parameterCount`` are the parameters.
  public var registerCount = 0
  /// The number of parameters.
  public var parameterCount = 0
  /// The instances are `firstInstance ..< firstInstance + instanceCount`.
  public var firstInstance = ThreadID(0)
  /// How many instances there can be.
  public var instanceCount = 0

  /// The numbers of its instances.
  public var instances: Range<Int> { firstInstance.index..<firstInstance.index + instanceCount }
  /// Whether `instanceCount` is a cut through an unbounded number; starting more is then a limit, not impossible.
  public var isCapped = false

  /// The number in ``Program/parameters`` that says how many instances there are, if that may be any number.
  public var countParameter: Int?

  /// Creates a declaration whose code begins at `entry`.
  public init(name: String, span: SourceSpan, entry: InstructionID) {
    self.name = name
    self.span = span
    self.entry = entry
  }
}

/// A constant that stands for every number of threads: `const n = any >= 1`.
public struct ThreadParameter: Sendable, Equatable {
  /// The constant's name.
  public var name: String
  /// The place of the name in its declaration.
  public var span: SourceSpan
  /// The least number.
  public var minimum: Int
  /// The number that the program was made for.
  public var value: Int
  /// The moves of this value to a register: everything that depends on the number besides how many threads there are.
  public var positions: [InstructionID] = []

  /// Creates a parameter.
  public init(name: String, span: SourceSpan, minimum: Int, value: Int) {
    self.name = name
    self.span = span
    self.minimum = minimum
    self.value = value
  }
}

/// One thread that can run.
public struct ThreadInstance: Sendable, Equatable {
  /// What it runs.
  public var type: ThreadTypeID
  /// `self.index`.
  public var indexInType: Int
  /// `self.name`: `main`, `alice`, `worker#2`.
  public var name: String
  /// Its name as a string value.
  public var nameString: Int

  /// Creates an instance.
  public init(type: ThreadTypeID, indexInType: Int, name: String, nameString: Int) {
    self.type = type
    self.indexInType = indexInType
    self.name = name
    self.nameString = nameString
  }
}

/// The type of a value as far as it is shown and compared; `none` is ``Program/none`` whatever the type.
public struct ValueType: Sendable, Hashable {
  /// What the integer that encodes a value stands for.
  public enum Base: Sendable, Hashable { case integer, boolean, string, thread }

  /// The type without its `?`.
  public var base: Base
  /// Whether it may be `none`.
  public var isOptional: Bool

  /// Creates a type.
  public init(_ base: Base, isOptional: Bool = false) {
    self.base = base
    self.isOptional = isOptional
  }
}

extension Program {
  /// The encoding of `none` in every optional type.
  public static let none = Int.min
}

/// A shared variable, array, or field.
public struct Variable: Sendable, Equatable {
  /// Where the elements are, and how many.
  public enum Shape: Sendable, Equatable {
    case scalar
    /// A fixed-length array.
    case array(length: Int)
    /// A field: `slots[thread]` is the number of that thread's copy, or -1. A copy has `length` elements (1 for a scalar field).
    case field(slots: [Int], length: Int, isArray: Bool)
  }

  /// The initial value.
  public enum Initial: Sendable, Equatable {
    /// One value for each element, in order.
    case values([Int])
    /// Any value of the closed range.
    case anyOf(lower: Int, upper: Int)
    /// Any 64-bit integer.
    case anyInteger
  }

  /// The name; a field's is `Worker.handled`.
  public var name: String
  /// The place of the name in its declaration.
  public var span: SourceSpan
  /// The type of one element.
  public var type: ValueType
  /// Declared `atomic`: no data race is reported on it.
  public var isAtomic: Bool
  /// Scalar, array or field.
  public var shape: Shape
  /// The value at the start.
  public var initial: Initial

  /// Creates a variable.
  public init(
    name: String,
    span: SourceSpan,
    type: ValueType,
    isAtomic: Bool,
    shape: Shape,
    initial: Initial
  ) {
    self.name = name
    self.span = span
    self.type = type
    self.isAtomic = isAtomic
    self.shape = shape
    self.initial = initial
  }

  /// The number of elements over all copies.
  public var elementCount: Int {
    switch shape {
    case .scalar: 1
    case .array(let length): length
    case .field(let slots, let length, _): ((slots.max() ?? -1) + 1) * length
    }
  }
}

/// One lock, event, queue and so on.
public struct SyncObject: Sendable, Equatable {
  /// In which order a queue gives its items back.
  public enum QueueOrder: Sendable, Equatable { case fifo, lifo, priority }

  /// What it is.
  public enum Kind: Sendable, Equatable {
    case lock
    case rlock
    case semaphore(initial: Int, isBounded: Bool)
    /// Waiters are woken in any order, or first come first served.
    case condition(lock: ObjectID, isFIFO: Bool)
    /// Whether some statement clears it.
    case event(isCleared: Bool)
    case barrier(parties: Int)
    /// `capacity` is `nil` if unbounded; then `bound` is the largest number of items it can hold as far as
    /// the front end can tell, `nil` if it cannot. `countsTasks` if some statement joins it or calls `task_done`.
    case queue(
      order: QueueOrder,
      capacity: Int?,
      bound: Int?,
      countsTasks: Bool,
      items: ValueType
    )
  }

  /// The name; an element's is `fork[2]`.
  public var name: String
  /// The declared name, without the index.
  public var declaredName: String
  /// The place of the name in its declaration.
  public var span: SourceSpan
  /// What it is.
  public var kind: Kind

  /// Creates an object.
  public init(name: String, declaredName: String, span: SourceSpan, kind: Kind) {
    self.name = name
    self.declaredName = declaredName
    self.span = span
    self.kind = kind
  }
}

/// A statement of the source.
public struct Statement: Sendable, Equatable {
  /// The statement's text as shown in traces: without the blocks that belong to it.
  public var span: SourceSpan
  /// The declaration it is in: `deposit`, `main`, `finally`, a function's name.
  public var owner: String
  /// The innermost statement that contains it, for reporting only the outermost unreached one.
  public var parent: StatementID?
  /// Whether it stands in code that can run, and control never comes to it, as behind a `return`.
  public var isDead: Bool

  /// Creates a statement.
  public init(span: SourceSpan, owner: String, parent: StatementID?, isDead: Bool = false) {
    self.span = span
    self.owner = owner
    self.parent = parent
    self.isDead = isDead
  }
}

/// A piece of a text with holes.
public enum TemplatePiece: Sendable, Equatable {
  case text(String)
  case value(Operand, ValueType)
}
