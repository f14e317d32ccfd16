public import HeddleProgram

/// How a step ended.
public enum StepOutcome: Sendable, Hashable {
  /// The thread stands at its next visible instruction, or has ended.
  case completed
  /// A failed `assert`: the run ends with HD401.
  case assertionFailed(ClaimID)
  /// A failed `assume`: the run is of no interest.
  case excluded(ClaimID)
  /// The run ends with HD501 at the instruction.
  case misuse(MisuseKind, InstructionID)
  /// The machine cannot represent what comes next: nothing may be concluded.
  case limit(MachineLimit)
}

/// What the machine cannot represent.
public enum MachineLimit: Sendable, Hashable {
  /// An unbounded queue that grew past ``MachineOptions/maximumQueueLength``.
  case queueLength(ObjectID)
  /// More instances of a declaration than could be counted beforehand.
  case threads(ThreadTypeID)
  /// `any Int`: only a symbolic engine can take every value.
  case symbolicValue
  /// A choice, an `any` or a `notify`, with more than ``Machine/maximumChoices`` outcomes.
  case choices
  /// An atomic block, an invariant or `finally` that went round a loop more than a million times.
  case endlessBlock
  /// More than ``Machine/maximumStrings`` different texts.
  case strings
}

/// One observable thing that happened in a step, for traces.
///
/// Places are slots of the state (``StateLayout``), values are encoded.
public enum StepEvent: Sendable, Hashable {
  case read(VariableID, element: Int, value: Int)
  /// `isLostUpdate` if the value was computed from a read that has become stale.
  case wrote(VariableID, element: Int, old: Int, new: Int, isLostUpdate: Bool)
  case acquired(ObjectID)
  case failedToAcquire(ObjectID)
  case released(ObjectID)
  /// Released the lock and joined the wait set of a condition, or began to wait for an event or at a barrier.
  case beganToWait(ObjectID)
  case stoppedWaiting(ObjectID)
  case timedOut(ObjectID)
  case wokeSpuriously(ObjectID)
  case notified(ObjectID, woken: [ThreadID])
  case setEvent(ObjectID)
  case clearedEvent(ObjectID)
  case sawEvent(ObjectID)
  case arrived(ObjectID, index: Int, isLast: Bool)
  case leftBarrier(ObjectID)
  /// Waited in vain, so that it broke the barrier for all who wait there.
  case brokeBarrier(ObjectID)
  case foundBroken(ObjectID)
  case abortedBarrier(ObjectID)
  case resetBarrier(ObjectID)
  case put(ObjectID, value: Int)
  case got(ObjectID, value: Int)
  case foundFull(ObjectID)
  case foundEmpty(ObjectID)
  case markedDone(ObjectID)
  case joinedQueue(ObjectID)
  case observed(ObjectID, Observation, value: Int)
  case started([ThreadID])
  case joined([ThreadID])
  case timedOutJoining([ThreadID])
  case sawAlive(ThreadID, Bool)
  case chose(value: Int)
  case choseBranch(Int)
  case slept
  case wentOn
  case printed(String)
  case raised(String)
  case ended(byException: Bool)
}

/// What a step did beside changing the state.
///
/// Reused from step to step, so that a step allocates nothing.
public struct StepEffects: Sendable {
  /// The first variable whose update was lost in this step; nearly always the only one.
  public private(set) var lostUpdate: VariableID?
  /// The other variables whose update was lost in this step.
  public private(set) var furtherLostUpdates: [VariableID] = []
  /// Whether a thread ended in this step.
  public private(set) var endsThread = false
  /// The locks that an ended thread still holds.
  public private(set) var heldByEnded: [ObjectID] = []
  /// By instruction: whether it was ever executed.
  public var covered: [Bool]
  /// By claim: whether an `assume` ever let a run pass.
  public var passedClaims: [Bool]
  /// What happened, if ``isRecording``.
  public private(set) var events: [StepEvent] = []
  /// Whether ``events`` is filled.
  public var isRecording: Bool
  /// The slots read and written, if ``isRecordingAccesses``: for the accesses of an atomic block.
  public private(set) var accesses: [SharedAccess] = []
  /// Whether ``accesses`` is filled.
  public var isRecordingAccesses = false
  /// The slots that the running atomic block has loaded.
  private(set) var atomicLoads: [Int] = []
  /// The threads whose words the step may have changed: thread `t` is bit `t % 64`.
  ///
  /// What was shared may have changed in any case.
  public private(set) var touchedThreads: UInt64 = 0
  /// Whether the step did nothing of all this, as most do; coverage aside.
  public private(set) var isEmpty = true

  /// Effects for the steps of a program.
  public init(for program: Program, isRecording: Bool = false) {
    covered = Array(repeating: false, count: program.instructions.count)
    passedClaims = Array(repeating: false, count: program.claims.count)
    self.isRecording = isRecording
  }

  /// For code whose effects nobody asks for; coverage is not marked either.
  static let ignored = StepEffects()

  private init() {
    covered = []
    passedClaims = []
    isRecording = false
  }

  /// Marks an instruction as executed.
  @inline(__always)
  public mutating func cover(_ position: Int) {
    // Nearly always it is marked already, and reading is cheaper than writing.
    if !covered[position] { covered[position] = true }
  }

  /// Marks what others have covered too.
  public mutating func addCoverage(of other: StepEffects) {
    for position in covered.indices where other.covered[position] { covered[position] = true }
    for claim in passedClaims.indices where other.passedClaims[claim] { passedClaims[claim] = true }
  }

  @inline(__always)
  mutating func begin() {
    touchedThreads = 0
    if !isEmpty { clear() }
  }

  @inline(__always)
  mutating func touch(_ thread: Int) {
    touchedThreads |= 1 &<< UInt64(truncatingIfNeeded: thread & 63)
  }

  mutating func touchAllThreads() { touchedThreads = UInt64.max }

  @inline(never)
  private mutating func clear() {
    isEmpty = true
    lostUpdate = nil
    endsThread = false
    if !furtherLostUpdates.isEmpty { furtherLostUpdates.removeAll(keepingCapacity: true) }
    if !heldByEnded.isEmpty { heldByEnded.removeAll(keepingCapacity: true) }
    if !events.isEmpty { events.removeAll(keepingCapacity: true) }
    if !accesses.isEmpty { accesses.removeAll(keepingCapacity: true) }
    if !atomicLoads.isEmpty { atomicLoads.removeAll(keepingCapacity: true) }
  }

  mutating func record(_ event: @autoclosure () -> StepEvent) {
    if isRecording {
      isEmpty = false
      events.append(event())
    }
  }

  mutating func recordAccess(_ access: @autoclosure () -> SharedAccess) {
    if isRecordingAccesses {
      isEmpty = false
      accesses.append(access())
    }
  }

  @inline(never)
  mutating func noteAtomicLoad(of slot: Int) {
    isEmpty = false
    atomicLoads.append(slot)
  }

  @inline(never)
  mutating func noteLostUpdate(_ variable: VariableID) {
    isEmpty = false
    if lostUpdate == nil {
      lostUpdate = variable
    } else if lostUpdate != variable, !furtherLostUpdates.contains(variable) {
      furtherLostUpdates.append(variable)
    }
  }

  mutating func noteEndOfThread() {
    isEmpty = false
    endsThread = true
  }

  mutating func noteHeld(_ object: ObjectID) {
    isEmpty = false
    if !heldByEnded.contains(object) { heldByEnded.append(object) }
  }
}

/// An access to a shared variable that a thread's next step makes.
public struct SharedAccess: Sendable, Hashable {
  /// The variable.
  public var variable: VariableID
  /// The slot of the element in the state.
  public var slot: Int
  /// Whether it writes.
  public var isWrite: Bool
  /// Whether the access is part of an atomic block.
  public var isAtomic: Bool
}
