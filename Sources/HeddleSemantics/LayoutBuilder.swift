import HeddleProgram

/// The words to reset when a thread comes to a halt at an instruction.
///
/// The list is flat; `starts[p] ..< starts[p + 1]` belongs to the instruction `p`.
struct ResetTable: Sendable {
  /// A register that is dead, or a taint word of which some bits no longer matter.
  struct Reset: Sendable {
    /// Counted from the thread's first register.
    var offset: Int
    /// The bits that still matter.
    var keep: Int
  }

  var starts: [Int] = [0]
  var resets: [Reset] = []
}

/// Lays out the states of a program, and derives the tables that the machine needs to move in them.
struct LayoutBuilder {
  private(set) var layout = StateLayout()
  private(set) var taintLayouts: [TaintLayout] = []
  private(set) var trackers: [TaintTracker] = []
  private(set) var trackerStarts: [Int] = [0]
  private(set) var operations: [Operation] = []
  private(set) var resets = ResetTable()
  private(set) var takenPositions: [Int] = []

  private let program: Program
  private let analyses: [FlowAnalysis]
  private let countingQueues: [Int]

  init(_ program: Program, options: MachineOptions) {
    self.program = program
    analyses = program.threadTypes.map {
      FlowAnalysis(of: program, entry: $0.entry, registerCount: $0.registerCount)
    }
    var positions = Array(repeating: -1, count: program.objects.count)
    var queues: [Int] = []
    for (index, object) in program.objects.enumerated() {
      guard case .queue(_, _, _, true, _) = object.kind else { continue }
      positions[index] = queues.count
      queues.append(index)
    }
    takenPositions = positions
    countingQueues = queues

    for (type, analysis) in zip(program.threadTypes, analyses) {
      taintLayouts.append(taintLayout(type, analysis))
    }
    placeThreads()
    placeVariables()
    placeObjects(options)
    reserveWorkspace()
    findTrackers()
    prepareCode()
  }

  private func taintLayout(_ type: ThreadType, _ analysis: FlowAnalysis) -> TaintLayout {
    var taint = TaintLayout()
    taint.registerPositions = Array(repeating: -1, count: type.registerCount)
    taint.firstElements = Array(repeating: -1, count: program.variables.count)
    var elements = 0
    for variable in analysis.trackedVariables {
      taint.firstElements[variable.index] = elements
      elements += program.variables[variable.index].elementCount
    }
    guard elements > 0 else { return taint }
    for register in analysis.trackedRegisters {
      taint.registerPositions[register.index] = taint.trackedCount
      taint.trackedCount += 1
    }
    taint.wordsPerRegister = (elements + TaintLayout.perWord - 1) / TaintLayout.perWord
    return taint
  }

  private mutating func placeThreads() {
    for instance in program.instances {
      let type = program.threadTypes[instance.type.index]
      let needs = WaitNeeds(of: program, analyses[instance.type.index].positions)
      var slots = StateLayout.ThreadSlots()
      func reserve(_ words: Int) -> Int {
        defer { layout.width += words }
        return layout.width
      }
      slots.control = reserve(1)
      if needs.wait { slots.wait = reserve(1) }
      if needs.depth { slots.depth = reserve(1) }
      if needs.order { slots.order = reserve(1) }
      slots.registers = reserve(type.registerCount)
      slots.registerCount = type.registerCount
      let taint = taintLayouts[instance.type.index]
      if !taint.isEmpty { slots.taint = reserve(taint.trackedCount * taint.wordsPerRegister) }
      if type.isDaemon, !countingQueues.isEmpty { slots.taken = reserve(countingQueues.count) }
      slots.end = layout.width
      layout.threads.append(slots)
    }
  }

  private mutating func placeVariables() {
    for variable in program.variables {
      layout.variables.append(layout.width)
      layout.width += variable.elementCount
    }
  }

  private mutating func placeObjects(_ options: MachineOptions) {
    for object in program.objects {
      var queue: StateLayout.QueueSlots?
      let start = layout.width
      switch object.kind {
      case .lock, .semaphore, .event: layout.width += 1
      case .rlock, .barrier: layout.width += 2
      case .condition: break
      case .queue(_, let capacity, let bound, let countsTasks, _):
        let limit = options.maximumQueueLength
        let room = max(1, capacity ?? min(bound ?? limit, limit))
        queue = StateLayout.QueueSlots(
          count: start,
          unfinished: countsTasks ? start + 1 : -1,
          items: start + (countsTasks ? 2 : 1),
          capacity: room
        )
        layout.width += room + (countsTasks ? 2 : 1)
      }
      if case .condition = object.kind {
        layout.objects.append(-1)
      } else {
        layout.objects.append(start)
      }
      layout.queues.append(queue)
    }
  }

  /// Observers run on registers of their own; guards run on a copy of their thread's registers and taint.
  private mutating func reserveWorkspace() {
    let observers = (program.invariants + [program.finally].compactMap { $0 }).map(\.registerCount)
    let frames = layout.threads.map { $0.end - $0.registers }
    layout.bufferWidth = layout.width + max(observers.max() ?? 0, frames.max() ?? 0)
  }

  /// By register of a thread type: the variables whose reads it may remember where a thread has come to a halt; elsewhere nobody looks.
  private func rememberedVariables(_ type: Int) -> [BitSet] {
    let analysis = analyses[type]
    let none = BitSet(capacity: program.variables.count)
    var variables = Array(repeating: none, count: program.threadTypes[type].registerCount)
    for position in analysis.positions
    where program.instructions[position.index].isPlaceToHalt {
      for variable in analysis.trackedVariables {
        for register in variables.indices
        where analysis.flows(Register(register), into: variable, at: position) {
          variables[register].insert(variable.index)
        }
      }
    }
    return variables
  }

  private mutating func findTrackers() {
    let remembers = program.threadTypes.indices.map(rememberedVariables)
    for variable in program.variables.indices {
      for thread in program.instances.indices {
        let type = program.instances[thread].type.index
        let taint = taintLayouts[type]
        guard !taint.isEmpty, taint.firstElements[variable] >= 0 else { continue }
        for (register, tracked) in taint.registerPositions.enumerated()
        where tracked >= 0 && remembers[type][register].contains(variable) {
          trackers.append(
            TaintTracker(
              thread: thread,
              taint: layout.threads[thread].taint + tracked * taint.wordsPerRegister,
              firstElement: taint.firstElements[variable]
            )
          )
        }
      }
      trackerStarts.append(trackers.count)
    }
  }

  private mutating func prepareCode() {
    var typeOfPosition = Array(repeating: -1, count: program.instructions.count)
    for (type, analysis) in analyses.enumerated() {
      for position in analysis.positions { typeOfPosition[position.index] = type }
    }
    let tracked = program.threadTypes.indices.map { type in
      analyses[type].trackedVariables.map { bits(of: $0, taintLayouts[type]) }
    }
    for position in program.instructions.indices {
      let type = typeOfPosition[position]
      operations.append(
        Operation(program.instructions[position], layout, type >= 0 ? taintLayouts[type] : nil)
      )
      if type >= 0, program.instructions[position].isPlaceToHalt {
        addResets(at: InstructionID(position), type, tracked[type])
      }
      resets.starts.append(resets.resets.count)
    }
  }

  /// Notes what a thread that halts at `position` may forget; `bits` are those of the tracked variables.
  private mutating func addResets(at position: InstructionID, _ type: Int, _ bits: [[Int]]) {
    let analysis = analyses[type]
    let taint = taintLayouts[type]
    let registerCount = program.threadTypes[type].registerCount
    for register in 0..<registerCount where !analysis.isLive(Register(register), at: position) {
      resets.resets.append(ResetTable.Reset(offset: register, keep: 0))
    }
    for (register, tracked) in taint.registerPositions.enumerated() where tracked >= 0 {
      for word in 0..<taint.wordsPerRegister {
        var (all, keep) = (0, 0)
        for (bits, variable) in zip(bits, analysis.trackedVariables) where bits[word] != 0 {
          all |= bits[word]
          if analysis.flows(Register(register), into: variable, at: position) { keep |= bits[word] }
        }
        guard keep != all else { continue }
        let offset = registerCount + tracked * taint.wordsPerRegister + word
        resets.resets.append(ResetTable.Reset(offset: offset, keep: keep))
      }
    }
  }

  /// The bits that reads of a variable have in the taint words of a register.
  private func bits(of variable: VariableID, _ taint: TaintLayout) -> [Int] {
    var bits = Array(repeating: 0, count: taint.wordsPerRegister)
    let first = taint.firstElements[variable.index]
    for element in first..<first + program.variables[variable.index].elementCount {
      let fresh = TaintLayout.freshBit(of: element)
      bits[TaintLayout.word(of: element)] |= fresh | fresh << TaintLayout.perWord
    }
    return bits
  }
}

/// Which of the optional words a thread needs.
private struct WaitNeeds {
  var wait = false
  var depth = false
  var order = false

  init(of program: Program, _ positions: [InstructionID]) {
    for position in positions {
      switch program.instructions[position.index] {
      case .conditionWait(let reference):
        wait = true
        for object in program.objects[
          reference.first.index..<reference.first.index + reference.count
        ] {
          guard case .condition(let lock, let isFIFO) = object.kind else { continue }
          if case .rlock = program.objects[lock.index].kind { depth = true }
          if isFIFO { order = true }
        }
      case .eventWait(let reference, _, _):
        if case .event(isCleared: true) = program.objects[reference.first.index].kind {
          wait = true
        }
      default: break
      }
    }
  }
}
