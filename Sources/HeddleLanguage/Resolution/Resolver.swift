import HeddleDiagnostics
import HeddleProgram

/// Turns the parsed tree into a ``ResolvedScenario``: names, types, constants.
///
/// The order is: all top-level names; constants, each when it is first needed; objects, variables
/// and the heads of threads and functions; then the bodies, `main` first, so that what it starts is
/// known in the threads. A mistake is reported once; an expression with a mistake has the type
/// `error`, about which nobody complains again.
struct Resolver {
  let tree: SyntaxTree
  let options: LoadOptions
  var scenario: ResolvedScenario
  var diagnostics: DiagnosticList

  /// What each top-level name stands for.
  var globals: [String: GlobalSymbol] = [:]
  /// The place of each top-level name.
  var globalSpans: [String: SourceSpan] = [:]
  /// The top-level names in source order, for suggestions.
  var globalNames: [String] = []
  var constants: [ConstantSymbol] = []
  /// The constants that are being evaluated, outermost first.
  var constantsInProgress: [Int] = []
  /// The thread declarations in source order.
  var threadDeclarations: [(symbol: ThreadSymbolID, declaration: ThreadDeclaration)] = []
  /// Where a thread is in ``threadDeclarations``.
  var threadPositions: [ThreadSymbolID: Int] = [:]
  /// The functions at the top level in source order.
  var functionDeclarations: [(symbol: FunctionID, declaration: FunctionDeclaration)] = []
  /// Bodies that are declared but not resolved yet.
  var pendingBodies: [PendingBody] = []
  /// The elements of all arrays that belong to the state.
  var elementsInState = 0
  /// Operands of `<` and its like, checked when all types are known.
  var orderChecks: [OrderCheck] = []
  /// Field accesses through handles, checked when all declarations of handles are known.
  var fieldChecks: [FieldCheck] = []
  /// Where names are looked up at the moment.
  var context = BodyContext(ownerName: "")

  init(
    tree: SyntaxTree,
    source: SourceFile,
    options: LoadOptions,
    diagnostics: DiagnosticList
  ) {
    self.tree = tree
    self.options = options
    self.diagnostics = diagnostics
    scenario = ResolvedScenario(source: source)
  }

  /// Resolves everything; the result is only meaningful if no error was reported.
  mutating func resolve() {
    declareNames()
    applySettings()
    evaluateConstants()
    declareThreads()
    declareObjectsAndVariables()
    declareBodies()
    resolveBodies()
    resolveInvariants()
    finishTypes()
    resolveExpectations()
    if scenario.threads.isEmpty, !diagnostics.hasErrors {
      let end = scenario.source.bytes.count
      let function = scenario.functions.first { $0.name == "main" }
      report(
        function == nil ? .nothingRuns() : .mainAsFunction(),
        at: function?.span ?? SourceSpan(start: 0, end: min(end, 1))
      )
    }
  }

  /// Adds a diagnostic.
  mutating func report(
    _ message: ResolutionMessage,
    at span: SourceSpan,
    notes: [Diagnostic.Note] = []
  ) {
    diagnostics.report(message, at: span, notes: notes)
  }

  /// A note that shows where `name` is declared.
  func declarationNote(_ name: String) -> [Diagnostic.Note] {
    guard let span = globalSpans[name] else { return [] }
    return [Diagnostic.Note("'\(name)' is declared here", at: span)]
  }
}

/// A `const` and how far it has been evaluated.
struct ConstantSymbol {
  enum State {
    case pending
    case inProgress
    case done(ResolvedExpression)
  }

  let name: Name
  let value: Expression
  var state = State.pending
}

/// A body to resolve once everything is declared.
struct PendingBody {
  let function: FunctionID
  let owner: ThreadSymbolID?
  let hasSelf: Bool
  /// What a block that is not a function may not do: `return` a value.
  let isFunction: Bool
  let block: Block
}

/// An operand that must be an integer or a string.
struct OrderCheck {
  let node: TypeNode
  let operation: BinaryOperator
  let span: SourceSpan
}

/// A field access through a handle whose declaration may still become more general.
struct FieldCheck {
  let handle: TypeNode
  let field: VariableID
  let span: SourceSpan
}

/// Where names are looked up.
struct BodyContext {
  /// For the statement table.
  var ownerName: String
  /// The declaration whose fields and methods are visible.
  var owner: ThreadSymbolID?
  /// Whether there is a `self`.
  var hasSelf = false
  /// The function whose `return` ends it.
  var function: FunctionID?
  var isFunction = false
  /// Whether only constants are visible; what the value is for.
  var constantRole: String?
  var visible: [String: LocalID] = [:]
  /// The names that each enclosing block declared, innermost last.
  var blocks: [[String]] = [[]]
  var loopDepth = 0
  /// Whether it is inside the `finally` of a `try`, which nothing may leave.
  var isInFinally = false
  /// The place of the expression that may stand for any number of threads: what starts them, or what is joined, as a whole.
  var wholeTeam: SourceSpan?
  /// The innermost enclosing statement.
  var statement: StatementNumber?
}
