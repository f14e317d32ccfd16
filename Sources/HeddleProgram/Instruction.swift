/// Where an instruction takes a value from.
public enum Operand: Sendable, Hashable {
  case constant(Int)
  case register(Register)
  /// The own handle: the number of the running thread.
  case thisThread
  /// `self.index`: the position among the instances of the own declaration, from 0.
  case thisIndex
  /// `self.name` as a string value.
  case thisName
}

/// A shared variable, or an element of a shared array, or a field of a thread instance.
public enum Place: Sendable, Hashable {
  case scalar(VariableID)
  /// The index is checked against the variable's length.
  case element(VariableID, index: Operand)
  /// A field of the thread that `owner` is the handle of.
  case field(VariableID, owner: Operand)
  case fieldElement(VariableID, owner: Operand, index: Operand)

  /// The variable, whichever element.
  public var variable: VariableID {
    switch self {
    case .scalar(let variable), .element(let variable, _), .field(let variable, _),
      .fieldElement(let variable, _, _):
      variable
    }
  }

  /// The number of the element of an array; `nil` if the variable is none.
  public var index: Operand? {
    switch self {
    case .scalar, .field: nil
    case .element(_, let index), .fieldElement(_, _, let index): index
    }
  }
}

/// One sync object, or an element of an array of them.
public struct ObjectReference: Sendable, Hashable {
  /// The object, or the first of the array.
  public let first: ObjectID
  /// The number of objects in the array; 1 for a single object.
  public let count: Int
  /// The checked index into the array; `nil` for a single object.
  public let index: Operand?

  /// Refers to `first`, or to the element of the array that starts there.
  public init(_ first: ObjectID, count: Int = 1, index: Operand? = nil) {
    self.first = first
    self.count = count
    self.index = index
  }
}

/// What an operation does while it cannot proceed.
public enum Waiting: Sendable, Hashable {
  /// It has no step.
  case blocking
  /// It may time out.
  case timed
  /// It fails at once.
  case nonblocking
}

/// Consecutive registers: a local array.
public struct RegisterRange: Sendable, Hashable {
  /// The first register.
  public let first: Register
  /// How many, 0 or more.
  public let count: Int

  /// The registers `first ..< first + count`.
  public init(first: Register, count: Int) {
    self.first = first
    self.count = count
  }
}

/// What `join` waits for.
public enum JoinTarget: Sendable, Hashable {
  case thread(Operand)
  /// All threads of a local array of handles.
  case threads(RegisterRange)
}

/// Something that can be asked about a sync object.
public enum Observation: Sendable, Hashable {
  case isLocked
  case isSet
  case queueSize
  case queueIsEmpty
  case queueIsFull
  case barrierIsBroken
  case barrierWaiting
}

/// An operation on one value.
public enum UnaryOperation: Sendable, Hashable {
  case negate
  case not
}

/// An operation on two values; division and modulo round towards negative infinity.
public enum BinaryOperation: Sendable, Hashable {
  case add, subtract, multiply, divide, modulo
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  /// Compares the texts of two strings by their Unicode scalars.
  case stringLess, stringLessOrEqual, stringGreater, stringGreaterOrEqual
}

/// One operation of a lowered program.
///
/// A *visible* instruction (``isVisible``) is one step of its thread, together with the local instructions that follow
/// it up to the next visible one. Control goes on at the next instruction unless said otherwise. All payloads are plain
/// integers, so that a switch over an instruction neither allocates nor counts references.
public enum Instruction: Sendable, Hashable {
  // MARK: Local work
  case move(Register, Operand)
  case unary(UnaryOperation, Register, Operand)
  case binary(BinaryOperation, Register, Operand, Operand)
  case loadRegister(Register, from: RegisterRange, index: Operand)
  case storeRegister(RegisterRange, index: Operand, value: Operand)
  /// Misuse if the operand is `none`.
  case requireValue(Operand)
  /// Misuse if the operand, an `Int` about to become an `Int?`, is the one value that stands for `none`.
  case requireOptionalRange(Operand)
  /// Interns the text of a template as a string value.
  case format(Register, TemplateID)
  case jump(InstructionID)
  /// Goes on at the next instruction if the operand is true, else at the target.
  case branch(Operand, otherwise: InstructionID)
  /// Jumps back to the head of a loop. Local work that has gone on for too long is parked here and goes on in the
  /// thread's next step, so that a loop without visible operations ends no search.
  case backEdge(InstructionID)
  case print(TemplateID)
  /// Ends the run with HD401 unless the operand is true.
  case assert(Operand, ClaimID)
  /// Ends the run without a finding unless the operand is true.
  case assume(Operand, ClaimID)
  case misuse(MisuseKind)
  /// An exception: goes on at the handler, which releases, runs `finally` blocks and ends the thread.
  case fail(TemplateID?, handler: InstructionID)
  /// The thread has ended.
  case end(byException: Bool)
  /// The end of `invariant` and `finally` code.
  case observerEnd

  // MARK: Shared variables
  case load(Register, Place)
  case store(Place, Operand)

  // MARK: Locks, semaphores, conditions
  /// On a lock, rlock, semaphore, or condition (then its lock). The result register gets whether it was acquired.
  case acquire(ObjectReference, Waiting, result: Register?)
  /// `count` permits of a semaphore; 1 for the others.
  case release(ObjectReference, count: Int)
  /// Releases the lock and joins the wait set; the next instruction is the `conditionWake` of the same object.
  case conditionWait(ObjectReference)
  /// Enabled when notified, or timed out, and the lock is free: takes it back. Timed: leaves the wait set in a step of its own.
  case conditionWake(ObjectReference, Waiting, result: Register?)
  /// Wakes `count` waiters, all if `nil`.
  case notify(ObjectReference, count: Int?)

  // MARK: Events and barriers
  case eventSet(ObjectReference)
  case eventClear(ObjectReference)
  /// If the event is never cleared (``SyncObject/Kind/event(isCleared:)``): passes once it is set. Else: passes if it is set, skipping the
  /// `eventWake` that follows, or registers as a waiter and goes on there.
  case eventWait(ObjectReference, Waiting, result: Register?)
  /// Enabled once the waiter was released.
  case eventWake(ObjectReference, Waiting, result: Register?)
  /// Blocked while the barrier drains. The last to arrive passes, skipping the `barrierLeave` that follows. The result is the arrival index.
  case barrierArrive(ObjectReference, result: Register?, onBroken: InstructionID)
  case barrierLeave(ObjectReference, Waiting, onBroken: InstructionID)
  case barrierAbort(ObjectReference)
  case barrierReset(ObjectReference)

  // MARK: Queues
  case put(ObjectReference, Operand, Waiting, onFailure: InstructionID)
  case get(Register, ObjectReference, Waiting, onFailure: InstructionID)
  case taskDone(ObjectReference)
  case queueJoin(ObjectReference)
  case observe(Register, ObjectReference, Observation)

  // MARK: Threads
  /// Starts `count` instances with the arguments of the list ``Program/argumentLists``; their handles go to consecutive registers.
  case start(ThreadTypeID, count: Int, arguments: Int, results: Register?)
  case join(JoinTarget, Waiting)
  case isAlive(Register, Operand)

  // MARK: Choices, time, atomic blocks
  /// Every value of the closed range; an empty one is misuse.
  case any(Register, lower: Operand, upper: Operand)
  /// Every 64-bit integer.
  case anyInteger(Register)
  /// Goes on at any one of the targets of ``Program/targetLists``.
  case choose(targets: Int)
  case sleep
  /// All up to the matching `atomicEnd` is one step. With a guard, the code up to `atomicGuard` is evaluated first, and the step is enabled only where it is true.
  case atomicBegin(hasGuard: Bool)
  case atomicGuard(Operand)
  case atomicEnd

  /// Whether a thread can stand at it between two steps: where a step begins, or where long local work is parked.
  public var isPlaceToHalt: Bool {
    if case .backEdge = self { true } else { isVisible }
  }

  /// Whether it begins a step of its own (outside an atomic block).
  public var isVisible: Bool {
    switch self {
    case .move, .unary, .binary, .loadRegister, .storeRegister, .requireValue,
      .requireOptionalRange, .format, .jump, .branch, .backEdge, .print, .assert, .assume, .misuse,
      .fail, .end, .observerEnd, .atomicGuard, .atomicEnd:
      false
    default:
      true
    }
  }
}
