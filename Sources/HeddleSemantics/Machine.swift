public import HeddleProgram

/// Choices about what a scenario means.
public struct MachineOptions: Sendable, Equatable {
  /// How many items an unbounded queue may hold before the verdict becomes inconclusive; at least 1.
  public var maximumQueueLength: Int
  /// Whether a condition may wake a waiter that nobody notified.
  public var allowsSpuriousWakeups: Bool

  /// Whether a step at `any Int` takes its choice as the value.
  ///
  /// Else it is a limit: no search can try them all.
  public var takesChosenIntegers: Bool

  /// Creates options; the defaults are the language's.
  public init(
    maximumQueueLength: Int = 64,
    allowsSpuriousWakeups: Bool = false,
    takesChosenIntegers: Bool = false
  ) {
    self.maximumQueueLength = max(1, maximumQueueLength)
    self.allowsSpuriousWakeups = allowsSpuriousWakeups
    self.takesChosenIntegers = takesChosenIntegers
  }
}

/// The one executable meaning of a program: which threads have a step in a state, and what the step does.
///
/// A state is the first ``StateLayout/width`` words of a buffer of ``StateLayout/bufferWidth`` words; the rest is
/// workspace. All methods may use the workspace, and only ``apply(_:choice:to:effects:)`` changes the state. Nothing
/// here prints, reads a clock, or depends on the order of a hash table: equal calls give equal results.
public final class Machine: Sendable {
  /// More outcomes of one choice than this are a limit.
  public static let maximumChoices = 65_536
  /// More different texts than this are a limit.
  public static let maximumStrings = 1_000_000
  /// After so many turns of loops within one step a thread is parked, and goes on in its next step.
  public static let maximumLocalTurns = 10_000
  /// After so many turns of loops a block that must be one step is a limit.
  static let maximumBlockTurns = 1_000_000

  /// What is executed.
  public let program: Program
  /// How.
  public let options: MachineOptions
  /// Where everything is in a state.
  public let layout: StateLayout

  let code: [Instruction]
  /// By instruction.
  let operations: [Operation]
  let strings: StringTable
  /// By thread instance: its declaration.
  let typeOfThread: [Int]
  /// By thread type.
  let taintLayouts: [TaintLayout]
  /// The registers that remember reads, those of one variable next to each other.
  let trackers: [TaintTracker]
  /// The trackers of variable `v` are `trackerStarts[v] ..< trackerStarts[v + 1]`.
  let trackerStarts: [Int]
  /// What to reset where a thread comes to a halt.
  let resets: ResetTable
  /// By thread: whether all others have to wait for it.
  let isDaemon: [Bool]
  /// By thread and queue that counts tasks: the position among the thread's taken words.
  let takenPositions: [Int]
  /// By thread.
  let frames: [Frame]
  /// By thread: the slot of the control word.
  let controls: [Int]
  /// The control words of the threads that are not daemons.
  let controlsToEnd: [Int]
  /// By object: what it is.
  let kinds: [SyncObject.Kind]
  /// The locks and rlocks, with the slots of their owners.
  let ownerSlots: [(object: ObjectID, slot: Int)]
  /// By variable: the number of elements.
  let elementCounts: [Int]

  /// Prepares a program for execution: analyses its code and lays out its states.
  public init(_ program: Program, options: MachineOptions = MachineOptions()) {
    self.program = program
    self.options = options
    code = program.instructions
    strings = StringTable(literals: program.strings, limit: Self.maximumStrings)
    typeOfThread = program.instances.map(\.type.index)
    isDaemon = program.instances.map { program.threadTypes[$0.type.index].isDaemon }
    let builder = LayoutBuilder(program, options: options)
    layout = builder.layout
    taintLayouts = builder.taintLayouts
    operations = builder.operations
    trackers = builder.trackers
    trackerStarts = builder.trackerStarts
    resets = builder.resets
    takenPositions = builder.takenPositions
    controls = layout.threads.map(\.control)
    controlsToEnd = zip(controls, isDaemon).filter { !$0.1 }.map(\.0)
    frames = layout.threads.enumerated().map { [typeOfThread] thread, slots in
      Frame(
        thread: thread,
        registers: slots.registers,
        taint: slots.taint,
        type: typeOfThread[thread]
      )
    }
    kinds = program.objects.map(\.kind)
    ownerSlots = program.objects.indices.compactMap { [layout] index in
      switch program.objects[index].kind {
      case .lock, .rlock: (ObjectID(index), layout.objects[index])
      default: nil
      }
    }
    elementCounts = program.variables.map(\.elementCount)
  }

  /// The number of thread instances.
  public var threadCount: Int { typeOfThread.count }

  /// Whether steps make new texts; which number a text gets then depends on which step was taken first.
  public var makesTexts: Bool {
    code.contains { if case .format = $0 { true } else { false } }
  }

  // MARK: Asking a state

  /// Whether the thread has been started.
  public func hasStarted(_ thread: Int, in state: Span<Int>) -> Bool {
    state[controls[thread]] != 0
  }

  /// Whether the thread runs: started and not ended.
  public func isRunning(_ thread: Int, in state: Span<Int>) -> Bool {
    state[controls[thread]] > 0
  }

  /// Whether the thread has ended.
  public func hasEnded(_ thread: Int, in state: Span<Int>) -> Bool {
    state[controls[thread]] < 0
  }

  /// Whether the thread has ended and was never joined.
  public func isUnjoined(_ thread: Int, in state: Span<Int>) -> Bool {
    state[controls[thread]] == ControlWord.ended
  }

  /// The instruction at which a running thread stands; `nil` if it does not run.
  public func position(of thread: Int, in state: Span<Int>) -> InstructionID? {
    let control = state[controls[thread]]
    return control > 0 ? InstructionID(control) : nil
  }

  /// Marks the instructions at which threads stand as covered: who is blocked there has reached it.
  public func coverPositions(in state: Span<Int>, _ effects: inout StepEffects) {
    let controls = controls
    for thread in controls.indices {
      let position = state[controls[thread]]
      if position > 0 { effects.cover(position) }
    }
  }

  /// Whether a non-daemon thread still runs.
  public func someoneMustEnd(in state: Span<Int>) -> Bool {
    let controls = controlsToEnd
    for thread in controls.indices where state[controls[thread]] > 0 { return true }
    return false
  }

  /// Whether the thread waits in the wait set of a condition, or is registered at an event, and nobody has woken it.
  public func isRegisteredAsWaiter(_ thread: Int, in state: Span<Int>) -> Bool {
    let wait = layout.threads[thread].wait
    return wait >= 0 && state[wait] > 0
  }

  /// The owner of a lock or rlock; `nil` if it is free.
  public func owner(of object: ObjectID, in state: Span<Int>) -> ThreadID? {
    let owner = state[layout.objects[object.index]]
    return owner > 0 ? ThreadID(owner - 1) : nil
  }

  /// The text of an encoded value.
  public func text(of value: Int, as type: ValueType) -> String {
    if type.isOptional, value == Program.none { return "none" }
    switch type.base {
    case .integer: return String(value)
    case .boolean: return value != 0 ? "true" : "false"
    case .string: return strings.text(value)
    case .thread:
      return program.instances.indices.contains(value) ? program.instances[value].name : "none"
    }
  }
}

/// The values of a control word that are not positions.
enum ControlWord {
  static let notStarted = 0
  static let ended = -1
  static let endedAndJoined = -2
}

/// A register whose value may come from a read of a variable.
struct TaintTracker: Sendable {
  let thread: Int
  /// The first taint word of the register.
  let taint: Int
  /// The number of the variable's first element in the thread's taint layout.
  let firstElement: Int
  /// The slot of the taint word of the variable's first element.
  let slot: Int
  /// The first element's bit for *fresh*.
  let fresh: Int

  init(thread: Int, taint: Int, firstElement: Int) {
    self.thread = thread
    self.taint = taint
    self.firstElement = firstElement
    slot = taint + TaintLayout.word(of: firstElement)
    fresh = TaintLayout.freshBit(of: firstElement)
  }
}
