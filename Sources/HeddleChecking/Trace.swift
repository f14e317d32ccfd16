public import HeddleDiagnostics
public import HeddleProgram
public import HeddleSemantics

/// One replayed order, with everything that a report shows of it.
public struct Trace: Sendable {
  /// The order itself.
  public var schedule: Schedule
  /// How often a thread that could have gone on was switched away from, except at `sleep`; a loop counts once.
  public var preemptions: Int
  /// Whether no order shows the finding with fewer preemptions, or with as few and fewer steps.
  public var isShortest = true
  /// The state before the first step.
  public var initial: Snapshot
  /// What the initial local work of the threads that run from the start printed or raised.
  public var initialEvents: [StepEvent]
  /// The steps in order, from number 1.
  public var steps: [TraceStep]
  /// For an endless run, the number of the step from which it repeats.
  public var loopFrom: Int?
  /// How the last step ended.
  public var outcome: StepOutcome
  /// The claims that failed in the last state, with the two sides of their comparisons: several invariants can fail in one.
  public var failedClaims: [FailedClaim]
  /// The misuse that ended the run, or those that an invariant or `finally` committed in the last state.
  public var misuses: [Misuse]
  /// What the threads could access next in the last state.
  public var pendingAccesses: [PendingAccess]
}

/// A use that Python would answer with an exception.
public struct Misuse: Sendable, Equatable {
  /// What was wrong.
  public var kind: MisuseKind
  /// The instruction.
  public var position: InstructionID
  /// Who committed it: a thread, or `nil` for `finally` and invariants.
  public var thread: ThreadID?
  /// The variables that its statement has read, by the names of ``Snapshot/variables``, each with the last value.
  public var reads: [NamedValue]
  /// The number of the element that it works on; `nil` if it works on no array.
  public var index: Int?
}

/// A claim that turned out false at the end of a trace.
public struct FailedClaim: Sendable, Equatable {
  /// Which.
  public var claim: ClaimID
  /// Who checked it: a thread, or `nil` for `finally` and invariants.
  public var thread: ThreadID?
  /// The user's message.
  public var message: String?
  /// What it demands, for example `balance == 150`.
  public var expected: String
  /// What was there, for example `balance == 100`; `nil` if the condition is not one comparison.
  public var got: String?
  /// The variables that were read to check it, by the names of ``Snapshot/variables``.
  public var reads: [String]
}

/// An access to a shared variable that a thread could make next in the last state of a trace.
public struct PendingAccess: Sendable, Equatable {
  /// Whose next step it is.
  public var thread: ThreadID
  /// The variable.
  public var variable: VariableID
  /// The element, by the names of ``Snapshot/variables``.
  public var name: String
  /// Whether it writes.
  public var isWrite: Bool
  /// Whether it is part of an atomic block.
  public var isAtomic: Bool
}

/// One step of a trace.
public struct TraceStep: Sendable {
  /// The step's number, from 1.
  public var number: Int
  /// Who took it.
  public var thread: ThreadID
  /// The thread's name.
  public var threadName: String
  /// Which outcome of the step.
  public var choice: Int
  /// The visible instruction.
  public var position: InstructionID
  /// The expression or statement that the visible operation stands for.
  public var span: SourceSpan
  /// Its line and column.
  public var location: SourceLocation
  /// The statement's text on one line.
  public var source: String
  /// What the visible operation was, for example `read`, `acquire` or `atomic`.
  public var action: String
  /// What it was done to: `balance`, `seen[2]`, `guard`, a thread; `nil` for `sleep` and choices.
  public var object: String?
  /// The value read, written, put or got.
  public var value: String?
  /// The value before a write.
  public var oldValue: String?
  /// What to show behind the source, in ASCII.
  ///
  /// For example `-> 0`, `50 -> 100 (from step 1's 0)`, `takes guard`, `waits`.
  public var effect: String
  /// Whether the step before it was another thread's, which could have gone on.
  public var preempts: Bool
  /// Everything that happened, in order.
  public var events: [StepEvent]
  /// The step whose read this step's write was computed from, if an update was lost.
  public var staleReadStep: Int?
  /// The state after the step.
  public var after: Snapshot

  /// The line of the statement.
  public var line: Int { location.line }
}

/// The named contents of a state.
public struct Snapshot: Sendable, Equatable {
  /// Shared variables, array elements and fields: `balance`, `seen[2]`, `worker#1.handled`, in order of declaration.
  public var variables: [NamedValue]
  /// Locks, queues and so on: `guard` `held by deposit#1`, `tasks` `[1, 2] (2 unfinished)`.
  public var objects: [NamedValue]
  /// By thread instance.
  public var threads: [ThreadStatus]
}

/// A name with the text of its value.
public struct NamedValue: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The value's text.
  public var value: String

  /// Creates a pair.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// Where a thread is in a state.
public struct ThreadStatus: Sendable, Equatable {
  /// What it can do next.
  public enum Condition: Sendable, Equatable {
    case notStarted
    case ready
    case blocked
    case ended
  }

  /// Which thread.
  public var thread: ThreadID
  /// Its name.
  public var name: String
  /// Whether it is a daemon.
  public var isDaemon: Bool
  /// What it can do next.
  public var condition: Condition
  /// The instruction at which it stands, if it runs.
  public var position: InstructionID?
  /// The line of that instruction.
  public var line: Int?
  /// The text of its statement on one line.
  public var source: String?
  /// The locks it holds, by name.
  public var holds: [String]
  /// If blocked: what it waits for, for example `lock right`, `an item in tasks`, `deposit#1 to end`.
  public var waitsFor: String?
  /// If blocked: the same as a fact.
  public var blockage: Blockage?
  /// If blocked: the threads that own what it waits for, as far as somebody does.
  public var blockers: [ThreadID]
}
