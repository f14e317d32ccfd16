import HeddleProgram
import HeddleSolver

/// One visible step of one thread, somewhere in its unrolled code, that a run may take or not.
struct Event {
  /// The position in ``Encoder/events``.
  let number: Int
  let thread: Int
  /// The position among the events of the thread; a run takes them in this order.
  let order: Int
  /// The visible instruction.
  let position: Int
  /// Whether the run brings the thread to the instruction.
  let reached: Formula
  /// Whether the run takes the step.
  ///
  /// Unconstrained beyond `executed -> reached`: every run may be cut short anywhere.
  let executed: Formula
  /// When.
  let clock: IntegerTerm
  /// Events that come before this one in every run that has it.
  let certain: Set<Int>
  /// Threads that have ended before this event in every run that has it.
  let joined: Set<Int>
  /// The outcome of the step as a ``Schedule`` counts them; `nil` if it has only one.
  var choice: IntegerTerm?
  /// What the thread accesses next while it stands here.
  var accesses: [PendingAccess] = []
  /// Locks the thread may hold while it stands here.
  var held: [Int: Formula] = [:]
  /// The locks that the thread waits for while it stands here, each with the condition that it is the one.
  var awaited: [(lock: Int, condition: Formula)] = []
  /// By queue that counts tasks: how many items a daemon that stands here has taken and not marked done.
  var taken: [Int: IntegerTerm] = [:]
  /// What ends the run in this step, in the order of happening.
  var failures: [Int] = []
}

/// An access that a thread makes in its next step.
struct PendingAccess {
  var slot: Int
  var isWrite: Bool
  var isAtomic: Bool
  var condition: Formula
}

/// A moment in a run: right before an event, or after all of them.
enum Moment: Hashable {
  case event(Int)
  case end
}

/// A read of an element of a shared variable.
struct MemoryRead {
  var event: Int
  var slot: Int
  var condition: Formula
  var value: IntegerTerm
}

/// A write of an element of a shared variable.
struct MemoryWrite {
  var event: Int
  var slot: Int
  var condition: Formula
  var value: IntegerTerm
}

/// A store that may lose what another thread wrote.
struct StoreRecord {
  var event: Int
  var slot: Int
  var condition: Formula
  /// The reads that the value was computed from.
  var sources: [Source]
}

/// A read that a value was computed from, if the condition holds.
struct Source: Hashable {
  var read: Int
  var condition: Formula
}

/// Something that ends the run: a failed claim, misuse, or an assumption that does not hold.
struct Failure {
  /// The finding; `nil` for an assumption.
  var outcome: FailureOutcome
  var condition: Formula
  /// The step in which it happens; `nil` for the local work before the first step.
  var event: Int?
  var thread: Int
}

/// An execution of an instruction, or the moment at which a thread stands before it.
struct Visit {
  var condition: Formula
  var moment: Moment

  /// When in a run.
  enum Moment {
    /// In the state at the end, which nothing has ended before.
    case end
    /// In a step, or in the work before the first, after so many known failures.
    case step(Int?, thread: Int, failures: Int)
  }
}

/// What ends a run.
enum FailureOutcome: Hashable {
  case claim(ClaimID)
  case misuse(StatementID)
  case excluded(ClaimID)
}

/// A place where the encoding ends although the program may go on.
struct Frontier {
  var condition: Formula
  /// The event whose step comes here; `nil` for the work before the first step.
  var reason: SymbolicLimit
}
