import HeddleDiagnostics
import HeddleProgram

/// A scenario whose names are resolved and whose types are inferred; nothing is inlined yet.
struct ResolvedScenario {
  let source: SourceFile
  var types = TypeTable()
  var variables: [VariableSymbol] = []
  var objects: [ObjectSymbol] = []
  var threads: [ThreadSymbol] = []
  var functions: [FunctionSymbol] = []
  var locals: [LocalSymbol] = []
  /// The literal strings; a string constant is an index here.
  var strings = TextNumbers()
  /// The `main` block, if there is one.
  var main: ThreadSymbolID?
  var finally: FunctionID?
  var invariants: [ResolvedInvariant] = []
  var expectations: [HeddleProgram.Expectation] = []
  var allowances: [Allowance] = []
  /// The constants that stand for every number of threads.
  var parameters: [ThreadParameter] = []
  /// Every statement of the source, with its number.
  var statements: [StatementRecord] = []

  init(source: SourceFile) { self.source = source }
}

/// A source statement's number: a position in ``ResolvedScenario/statements``.
struct StatementNumber: Hashable {
  let index: Int
}

/// What the statement table of the lowered program will say about a statement.
struct StatementRecord {
  /// Without the blocks that belong to it.
  var span: SourceSpan
  var owner: String
  var parent: StatementNumber?
}

/// An `invariant`.
struct ResolvedInvariant {
  var condition: ResolvedExpression
  var message: ResolvedExpression?
  var statement: StatementNumber
}

// MARK: Statements

/// A statement; what a name in it stands for is known.
struct ResolvedStatement {
  var kind: Kind
  /// Without the blocks that belong to it.
  var span: SourceSpan
  var number: StatementNumber

  indirect enum Kind {
    /// `nil` for `let _ = …`.
    case binding(LocalID?, value: ResolvedExpression, otherwise: [ResolvedStatement]?)
    case assignment(
      target: ResolvedExpression,
      operation: BinaryOperator?,
      value: ResolvedExpression
    )
    case expression(ResolvedExpression, otherwise: [ResolvedStatement]?)
    case conditional(
      ResolvedExpression,
      then: [ResolvedStatement],
      otherwise: [ResolvedStatement]
    )
    case whileLoop(ResolvedExpression, body: [ResolvedStatement])
    case loop(body: [ResolvedStatement])
    case forRange(
      LocalID?,
      lower: ResolvedExpression,
      upper: ResolvedExpression,
      isClosed: Bool,
      body: [ResolvedStatement]
    )
    case forEach(LocalID?, array: ResolvedExpression, body: [ResolvedStatement])
    case breakLoop
    case continueLoop
    case returnValue(ResolvedExpression?)
    case with(ResolvedObject, body: [ResolvedStatement])
    case atomic(ResolvedExpression?, body: [ResolvedStatement])
    case choose([[ResolvedStatement]])
    case tryFinally(body: [ResolvedStatement], finally: [ResolvedStatement])
    case fail(ResolvedExpression?)
    case assert(ResolvedExpression, message: ResolvedExpression?)
    case assume(ResolvedExpression)
    case print(ResolvedExpression)
    case sleep(ResolvedExpression)
  }
}

// MARK: Expressions

/// What an expression is.
enum ResolvedType {
  case value(TypeNode)
  /// A local array, or a whole shared array where one may be written.
  case array(TypeNode, length: Int?)
  /// A call that has no result.
  case nothing
  /// A mistake that has been reported.
  case error
}

/// An expression; what a name in it stands for is known.
struct ResolvedExpression {
  var kind: Kind
  var type: ResolvedType
  var span: SourceSpan

  indirect enum Kind {
    /// An encoded integer, boolean or string.
    case constant(Int)
    case none
    case text([ResolvedPiece])
    case local(LocalID)
    case localElement(LocalID, index: ResolvedExpression)
    /// An element of an array that has no name: a literal, or the threads of a declaration.
    case elementOfValue(ResolvedExpression, index: ResolvedExpression)
    /// The length of an array parameter.
    case count(ResolvedExpression)
    /// A shared variable.
    case variable(VariableID)
    case element(VariableID, index: ResolvedExpression)
    case field(VariableID, owner: ResolvedExpression)
    case fieldElement(VariableID, owner: ResolvedExpression, index: ResolvedExpression)
    case thisThread
    case thisIndex
    case thisName
    /// The handle of the only thread of a declaration, in a scenario without `main`.
    case instance(ThreadSymbolID)
    /// The handles of all threads of a declaration, in a scenario without `main`.
    case instances(ThreadSymbolID)
    case unary(UnaryOperator, ResolvedExpression)
    case binary(BinaryOperator, ResolvedExpression, ResolvedExpression)
    case array([ResolvedExpression])
    case repeated(ResolvedExpression)
    case call(FunctionID, isVirtual: Bool, arguments: [ResolvedExpression])
    case operation(ObjectOperation, on: ResolvedObject, waiting: Waiting)
    case start(ThreadSymbolID, arguments: [ResolvedExpression], count: Int)
    /// A `start` of a thread that is running already.
    case startAgain(ResolvedExpression)
    case join(ResolvedExpression, waiting: Waiting)
    case isAlive(ResolvedExpression)
    /// Both bounds belong to the domain unless it is half open.
    case any(lower: ResolvedExpression, upper: ResolvedExpression, isClosed: Bool)
    case anyInteger
    /// A constant that stands for every number of threads, by its number in the scenario.
    case everyNumber(Int)
    case error
  }

  /// Where a mistake has been reported.
  static func error(at span: SourceSpan) -> ResolvedExpression {
    ResolvedExpression(kind: .error, type: .error, span: span)
  }

  /// Whether a mistake in it has been reported.
  var isError: Bool {
    if case .error = type { true } else { false }
  }

  /// Its type if it is a single value.
  var node: TypeNode? {
    if case .value(let node) = type { node } else { nil }
  }

  /// The encoded value if it is known.
  var constant: Int? {
    if case .constant(let value) = kind { value } else { nil }
  }

  /// Whether it is the literal `none`.
  var isNone: Bool {
    if case .none = kind { true } else { false }
  }
}

/// A piece of an interpolated string.
enum ResolvedPiece {
  case text(String)
  case value(ResolvedExpression)
}

/// A lock, queue and so on as an operation names it.
struct ResolvedObject {
  var symbol: ObjectSymbolID
  /// Present exactly if it is an array.
  var index: ResolvedExpression?
  var span: SourceSpan
}

/// A method of a sync object.
enum ObjectOperation {
  case acquire
  case release(count: Int)
  case conditionWait
  /// All waiters if `nil`.
  case notify(count: Int?)
  case eventSet
  case eventClear
  case eventWait
  case barrierWait
  case barrierAbort
  case barrierReset
  case put(ResolvedExpression)
  case get
  case taskDone
  case queueJoin
  case observe(Observation)
}
