import HeddleProgram

/// What a run is made of and how it is told to behave; the same for every step.
struct Setting {
  let program: Program
  let maxQueue: Int
  let spuriousWakeups: Bool
  let strings: StringTable

  /// The declaration that a thread instance runs.
  func type(of thread: Int) -> ThreadType {
    program.threadTypes[program.instances[thread].type.index]
  }

  /// Whether all non-daemon threads that were started have ended.
  func allNonDaemonsEnded(in state: State) -> Bool {
    state.threads.indices.allSatisfy {
      type(of: $0).isDaemon || state.threads[$0].phase != .running
    }
  }
}

/// Why a step does not lead to a next state.
enum Stop: Error {
  /// It cannot be taken.
  case blocked
  case assertion(claim: Int)
  case assumption
  /// By the instruction at a position.
  case misuse(position: Int)
  /// What grew too large.
  case limit(String)
}

/// A read or write of a shared variable in a step.
struct Access: Hashable {
  var element: Element
  var isWrite: Bool
  var isInAtomic: Bool
}

/// What happened in a step besides the change of the state.
struct Effects {
  /// The variables on which an update was lost.
  var lostUpdates: Set<Int> = []
  /// The declared names of locks that ended threads still own.
  var keptLocks: Set<String> = []
  var accesses: Set<Access> = []
  var executed: Set<Int> = []
  var evaluatedAssumptions: Set<Int> = []
  var trueAssumptions: Set<Int> = []
}

/// A step that is being taken.
struct Execution {
  /// How many `backEdge`s a thread takes in one step.
  static let maxBackEdges = 10_000
  /// How many it takes in an atomic block or an observer, which cannot be interrupted.
  static let maxIndivisibleBackEdges = 100_000

  let setting: Setting
  var state: State
  var choices: Choices
  var effects = Effects()
  /// The thread whose code runs; the one after the last is that of an observer.
  var thread = 0
  /// The instruction that is being executed.
  var current = 0
  /// In an atomic block, the elements it has loaded so far.
  var atomicLoads: Set<Element>?

  init(_ setting: Setting, _ state: State, _ choices: Choices = Choices()) {
    self.setting = setting
    self.state = state
    self.choices = choices
  }

  var frame: ThreadState {
    get { state.threads[thread] }
    set { state.threads[thread] = newValue }
  }

  /// Takes one step of `thread`: its visible instruction and the local work after it.
  mutating func step(of thread: Int) throws(Stop) {
    self.thread = thread
    if case .backEdge = setting.program.instructions[frame.position] {
      // Parked: taking the edge is the step.
      try runLocalWork()
      return
    }
    try execute()
    try runAtomicBlock()
    try runLocalWork()
  }

  /// Goes on up to the end of the atomic block, if one was just entered.
  private mutating func runAtomicBlock() throws(Stop) {
    var backEdges = 0
    while atomicLoads != nil {
      try count(&backEdges)
      try execute()
    }
  }

  /// Goes on up to the next visible instruction.
  mutating func runLocalWork() throws(Stop) {
    var backEdges = 0
    while frame.phase == .running {
      let instruction = setting.program.instructions[frame.position]
      if instruction.isVisible { return }
      if case .backEdge = instruction {
        if backEdges == Self.maxBackEdges { return }
        backEdges += 1
      }
      try execute()
    }
  }

  /// Evaluates an invariant or `finally` on the state.
  mutating func observe(_ observer: Observer) throws(Stop) {
    thread = state.threads.count
    var frame = ThreadState(phase: .running, position: observer.entry.index)
    frame.registers = Array(repeating: 0, count: observer.registerCount)
    frame.readings = Array(repeating: [], count: observer.registerCount)
    state.threads.append(frame)
    var backEdges = 0
    while self.frame.phase == .running {
      try count(&backEdges)
      try execute()
    }
  }

  private func count(_ backEdges: inout Int) throws(Stop) {
    guard case .backEdge = setting.program.instructions[frame.position] else { return }
    backEdges += 1
    if backEdges > Self.maxIndivisibleBackEdges {
      throw .limit("code that cannot be interrupted goes on for too long")
    }
  }

  /// Lets a thread run, and does its first local work.
  mutating func launch(_ thread: Int, arguments: [Int]) throws(Stop) {
    let type = setting.type(of: thread)
    var frame = ThreadState(phase: .running, position: type.entry.index)
    let empty = Array(repeating: 0, count: max(0, type.registerCount - arguments.count))
    frame.registers = arguments + empty
    frame.readings = Array(repeating: [], count: frame.registers.count)
    state.threads[thread] = frame
    let starter = self.thread
    self.thread = thread
    try runLocalWork()
    self.thread = starter
  }

  /// Ends the running thread.
  mutating func end() {
    for (object, lock) in state.locks where lock.owner == thread {
      effects.keptLocks.insert(setting.program.objects[object].declaredName)
    }
    frame = ThreadState(phase: .ended, isJoined: frame.isJoined)
  }
}
