import HeddleProgram
import HeddleSolver

/// A place where threads stand between two steps of the collapsed program: everything finite about them.
///
/// A whole lock section is one step (``SectionWalker``), so nobody stands inside one.
struct ControlPoint: Hashable {
  enum Place: Hashable {
    /// Nobody has started the thread.
    case unstarted
    /// Before the visible instruction, or at the beginning of the code.
    case before(Int)
    case ended
  }

  var place: Place
  /// The live registers with one known value.
  var known: [Int: Int] = [:]
  /// The live registers with any other value, ascending.
  var open: [Int] = []
  /// By declaration: how many instances the thread has started.
  var started: [Int: Int] = [:]
  /// The threads that it has seen end.
  var joined: Set<Int> = []
}

/// One step of the collapsed program, along one path through its code.
struct ControlStep {
  var from: Int
  var to: Int
  /// When it is taken, by the values before it and ``fresh``.
  var condition: Formula
  /// By slot: what is written last.
  var contents: [Int: IntegerTerm] = [:]
  /// By register that is open at the target: its value.
  var registers: [Int: IntegerTerm] = [:]
  /// What the step chooses.
  var fresh: [IntegerTerm] = []
  /// The threads it starts, with their arguments.
  var starts: [Start] = []
  /// The threads that must have ended.
  var joins: Set<Int> = []
  /// What it does in shared memory, in order.
  var accesses: [SectionAccess] = []
  /// The instructions it executes.
  var covered: [Int] = []
  /// The assumptions that hold on it.
  var passedClaims: [Int] = []

  struct Start {
    var threads: Range<Int>
    var arguments: [IntegerTerm]

    /// Whether it starts a group, whose threads are all started together.
    func begins(_ group: ThreadGroup) -> Bool { threads.contains(group.threads.lowerBound) }

    /// What a register of the threads holds when they begin: an argument, or 0.
    func value(ofRegister register: Int, _ terms: TermBank) -> IntegerTerm {
      arguments.indices.contains(register) ? arguments[register] : terms.integer(0)
    }
  }

  /// How the step starts a group; `nil` if it does not.
  func start(of group: ThreadGroup) -> Start? { starts.first { $0.begins(group) } }
}

/// An access of shared memory in a step.
struct SectionAccess: Hashable {
  var slot: Int
  var isWrite: Bool
  /// The lock that is held.
  var lock: Int?
  /// Whether it is a part of an atomic block.
  var isAtomic: Bool
}

/// Something that ends the run in a step, or an order of steps that must not be.
struct StepFailure {
  var from: Int
  var condition: Formula
  var outcome: FailureOutcome
}

/// Why nothing can be proved.
struct Unprovable: Error {
  /// A clause without a full stop.
  var reason: String
  /// Whether threads that are told apart could be proved something about.
  var needsEachThread = false
  /// Whether strong fairness is all that is missing.
  var needsFairness = false
  /// Whether there is no point in trying anything else.
  var isFinal = false
}
