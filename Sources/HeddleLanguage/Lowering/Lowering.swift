import HeddleDiagnostics
import HeddleProgram

/// The greatest number of instructions; every inlined call counts as one more.
let mostInstructions = 1_000_000
/// The greatest sum, over the thread declarations, of instructions times registers times variables written: 4 MiB of bits, a fraction of a second of analysis.
let mostFlowFacts = 1 << 25
/// How deeply statements and calls may be nested once functions are inlined.
let deepestNesting = 500

/// Turns a resolved scenario without mistakes into a ``Program``.
///
/// Every thread declaration gets code of its own with all functions and methods inlined, so that
/// the program has no calls. Jumps go to labels first; ``finish()`` replaces them by positions.
struct Lowering {
  let scenario: ResolvedScenario
  let counts: ThreadCounts
  var program: Program
  var diagnostics = DiagnosticList()

  /// What is known of every label.
  var labels: [LabelState] = []
  /// Calls that were inlined, which count against the limit of instructions.
  var inlinedCalls = 0
  /// The current depth of nesting.
  var depth = 0
  /// Whether a limit was reached, so that no more is emitted.
  var isStopped = false
  /// Whether control reaches the next instruction.
  var isReachable = true
  /// What is known of the body that is being lowered.
  var frame = LoweringFrame()

  /// For each thread symbol its declaration in the program, if its code can run.
  var threadTypes: [ThreadTypeID?] = []
  /// The string values.
  var strings: TextNumbers
  /// For each object symbol its first object.
  var objects: [ObjectID] = []
  /// For each statement number what became of it.
  var fates: [StatementFate]

  init(_ scenario: ResolvedScenario, _ counts: ThreadCounts, name: String) {
    self.scenario = scenario
    self.counts = counts
    program = Program(name: name, source: scenario.source)
    strings = scenario.strings
    fates = Array(repeating: StatementFate(), count: scenario.statements.count)
  }

  /// The program; with diagnostics instead if a limit was reached.
  mutating func lower() -> Program? {
    // Position 0 is never a target; label 0 stands for it.
    labels = [LabelState(position: 0, isAlive: true)]
    program.instructions = [.end(byException: false)]
    program.instructionSpans = [SourceSpan(start: 0, end: 0)]
    program.instructionStatements = [StatementID(0)]
    program.parameters = scenario.parameters
    addInstances()
    addObjects()
    addVariables()
    for thread in threadOrder where threadTypes[thread.index] != nil { lower(thread) }
    lowerObservers()
    program.expectations = scenario.expectations
    program.allowances = scenario.allowances
    program.strings = strings.texts
    finish()
    checkState()
    checkCode()
    return diagnostics.hasErrors ? nil : program
  }

  /// `main` first, then the declarations in source order.
  var threadOrder: [ThreadSymbolID] {
    let all = scenario.threads.indices.map { ThreadSymbolID(index: $0) }
    return all.filter { $0 == scenario.main } + all.filter { $0 != scenario.main }
  }
}

/// What became of a statement, taking all places together into which its function was inlined.
struct StatementFate {
  /// Whether it was lowered.
  var isLowered = false
  /// Whether it stands in the code of an observer, or of a thread that has instances.
  var canRun = false
  /// Whether control comes to it there.
  var isAlive = false
}

/// What is known while the code of one thread or observer is emitted.
struct LoweringFrame {
  /// The declaration of the thread that runs the code.
  var thread: ThreadSymbolID?
  /// Whether that thread has instances.
  var canRun = true
  /// Where the values of visible locals and parameters are.
  var bindings: [LocalID: Binding] = [:]
  /// The next free register; those below it are in use.
  var nextRegister = 0
  /// The greatest number of registers that were in use at a time.
  var registerCount = 0
  /// What has to happen before control leaves, innermost last.
  var cleanups: [Cleanup] = []
  /// The landing pads that are needed, by cleanup.
  var landingPads: [Int: Label] = [:]
  /// The number of the next cleanup.
  var nextCleanup = 0
  /// The loops around, innermost last.
  var loops: [LoopTargets] = []
  /// Where `return` goes.
  var returnTarget = ReturnTarget.end
  /// The statement that is being lowered.
  var statement = StatementNumber(index: 0)
  /// Ends by an exception that nothing catches, by the statement that raises it.
  var exceptionEnds: [(statement: StatementNumber, label: Label, span: SourceSpan)] = []
}

/// A place in the code that may not be known yet.
struct Label: Hashable {
  let index: Int
  /// What stands for it in an instruction until ``Lowering/finish()``.
  var target: InstructionID { InstructionID(index) }
  /// For instructions that never use their target.
  static let unused = Label(index: 0)
}

/// What is known of a label while code is emitted.
struct LabelState {
  /// The instruction that it stands for; `nil` until it is placed.
  var position: Int?
  /// Whether control comes there: by a jump, or, once it is placed, from the code before it.
  var isAlive = false
}

/// Where the value of a local is.
enum Binding {
  case value(Operand)
  case array(RegisterRange)
}

/// What has to happen when control leaves a `with`, an `atomic` or a `try`.
struct Cleanup {
  enum Kind {
    case release(ObjectReference)
    case atomicEnd
    case block([ResolvedStatement])
  }

  let number: Int
  let kind: Kind
  let span: SourceSpan
  let statement: StatementNumber
}

/// Where `break` and `continue` go.
struct LoopTargets {
  let end: Label
  let next: Label
  /// The number of cleanups outside the loop.
  let cleanupCount: Int
}

/// Where `return` goes.
enum ReturnTarget {
  /// It ends the thread.
  case end
  /// It ends the observer.
  case observerEnd
  /// To the end of an inlined body, with the value in a register.
  case inlined(Label, result: Register?, type: TypeNode, cleanupCount: Int)
}
