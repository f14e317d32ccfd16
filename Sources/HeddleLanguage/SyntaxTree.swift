import HeddleDiagnostics

/// A name with its place.
struct Name: Equatable {
  var text: String
  var span: SourceSpan
}

/// A scenario as written: names are not resolved, types not checked.
struct SyntaxTree {
  /// The declarations in source order.
  var declarations: [Declaration] = []
}

// MARK: Declarations

/// One declaration at the top level.
struct Declaration {
  var kind: Kind
  /// From the first to the last token.
  var span: SourceSpan

  enum Kind {
    case constant(name: Name, value: Expression)
    case shared(SharedDeclaration)
    case sync(SyncDeclaration)
    case thread(ThreadDeclaration)
    case function(FunctionDeclaration)
    case main(Block)
    case finally(Block)
    case invariant(condition: Expression, message: Expression?)
    case expect(Expectation)
    case allow(kind: Name, on: Name)
  }
}

/// `[atomic] shared NAME[: Type] = value`; a thread's field has the same shape, with `var`.
struct SharedDeclaration {
  var name: Name
  var isAtomic: Bool
  var type: TypeSyntax?
  var value: Expression
}

/// A lock, semaphore, event and so on, or an array of them.
struct SyncDeclaration {
  var name: Name
  var kind: Kind
  /// The count in `lock fork[n]`.
  var count: Expression?

  enum Kind {
    case lock
    case rlock
    case event
    case semaphore(initial: Expression, isBounded: Bool)
    case barrier(parties: Expression)
    case condition(lock: Name?, isFIFO: Bool)
    case queue(order: QueueOrder, capacity: Expression?)
  }

  enum QueueOrder: Equatable { case fifo, lifo, priority }
}

/// `[daemon] thread NAME(parameters): Base * count may outlive main { … }`.
struct ThreadDeclaration {
  var name: Name
  var isDaemon: Bool
  /// `nil` if no parenthesised list is written.
  var parameters: [Parameter]?
  var base: Name?
  /// The names in `: Worker(name)`, which repeat the parameters of the base; `nil` if not written.
  var baseArguments: [Name]? = nil
  var count: Expression?
  var mayOutliveMain: Bool
  var body: Body

  enum Body {
    /// The statements that run.
    case statements(Block)
    /// Fields, methods and `run`.
    case members([Member], span: SourceSpan)
  }

  enum Member {
    case field(SharedDeclaration, span: SourceSpan)
    case method(FunctionDeclaration, span: SourceSpan)
    case run(Block, isOverride: Bool, span: SourceSpan)
  }
}

/// `[override] func NAME(parameters) { … }`.
struct FunctionDeclaration {
  var name: Name
  var isOverride: Bool
  var parameters: [Parameter]
  var body: Block
}

struct Parameter {
  var name: Name
  var type: TypeSyntax?
}

/// `expect …`.
struct Expectation {
  var outcome: Outcome
  var span: SourceSpan

  enum Outcome {
    case pass
    case inconclusive
    /// `subjects` is what follows `on` or `between`, or the bare names; empty for any subject.
    case finding(kind: Name, relation: Relation, subjects: [Name])
  }

  enum Relation: Equatable { case any, on, between, bare }
}

/// `Int`, `Bool`, `String`, `Thread`, `T?`, `[T]`.
indirect enum TypeSyntax {
  case name(Name)
  case optional(TypeSyntax, span: SourceSpan)
  case array(TypeSyntax, span: SourceSpan)

  var span: SourceSpan {
    switch self {
    case .name(let name): name.span
    case .optional(_, let span), .array(_, let span): span
    }
  }
}

// MARK: Statements

/// `{ … }`, braces included in the span.
struct Block {
  var statements: [Statement]
  var span: SourceSpan
}

struct Statement {
  var kind: Kind
  /// From the first to the last token.
  var span: SourceSpan

  indirect enum Kind {
    /// `let x: T = value else { … }`; `isVariable` for `var`; the name `_` is allowed.
    case binding(
      name: Name,
      isVariable: Bool,
      type: TypeSyntax?,
      value: Expression,
      otherwise: Block?
    )
    /// `target = value`; with an operator, `target += value`.
    case assignment(target: Expression, operation: BinaryOperator?, value: Expression)
    /// A call or a `start` as a statement; `otherwise` is its `else` block.
    case expression(Expression, otherwise: Block?)
    /// `otherwise` is a block, or a block of a single `if` statement for `else if`.
    case conditional(condition: Expression, then: Block, otherwise: Block?)
    case whileLoop(condition: Expression, body: Block)
    case loop(body: Block)
    case forLoop(name: Name, sequence: ForSequence, body: Block)
    case breakLoop
    case continueLoop
    case returnValue(Expression?)
    case with(Expression, body: Block)
    case atomic(condition: Expression?, body: Block)
    case choose([Block])
    case tryFinally(body: Block, finally: Block)
    case fail(message: Expression?)
    case assert(condition: Expression, message: Expression?)
    case assume(Expression)
    case print(Expression)
    case sleep(Expression)
    case join(Expression, timeout: Expression?)
  }

  enum ForSequence {
    case range(lower: Expression, upper: Expression, isClosed: Bool)
    case array(Expression)
  }
}

// MARK: Expressions

struct Expression {
  var kind: Kind
  var span: SourceSpan

  indirect enum Kind {
    case integer(Int)
    case boolean(Bool)
    case none
    /// Text pieces and interpolations in order.
    case string([StringPiece])
    case name(String)
    /// `self`
    case selfReference
    /// `super`, only before `.method(…)`
    case superReference
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    case member(Expression, Name)
    case index(Expression, Expression)
    /// `f(a)`, `object.method(a, timeout: 1)`; the callee is a `name` or a `member`.
    case call(callee: Expression, arguments: [Argument])
    /// `[value; count]`
    case repeatedArray(value: Expression, count: Expression)
    /// `[a, b, c]`
    case array([Expression])
    /// `start w(arguments) * count`; the target is a `name` (or any expression, to be rejected).
    case start(target: Expression, arguments: [Argument], count: Expression?)
    case any(AnyDomain)
    case parenthesized(Expression)
    /// Where the parser recovered; a diagnostic has been given.
    case missing
  }

  enum AnyDomain {
    case range(lower: Expression, upper: Expression, isClosed: Bool)
    /// `any Int`, `any Bool`
    case type(Name)
    /// `any >= 1`, every number from there on
    case atLeast(Expression)
  }
}

enum StringPiece {
  case text(String)
  case interpolation(Expression)
}

struct Argument {
  var label: Name?
  var value: Expression
}

enum UnaryOperator: String { case minus = "-", not = "!" }

enum BinaryOperator: String {
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
  case add = "+"
  case subtract = "-"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case and = "&&"
  case or = "||"
}
