import HeddleProgram

/// The words to reset when a thread comes to a halt at an instruction.
///
/// Offsets count from the thread's first register and first taint word. Both lists are flat; `starts[p] ..< starts[p + 1]`
/// belongs to the instruction `p`.
struct ResetTable: Sendable {
  var deadStarts: [Int] = [0]
  var dead: [Int] = []
  var maskStarts: [Int] = [0]
  /// Taint words, with the bits that still matter.
  var masks: [(offset: Int, keep: Int)] = []
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

  private mutating func findTrackers() {
    for variable in program.variables.indices {
      for thread in program.instances.indices {
        let taint = taintLayouts[program.instances[thread].type.index]
        guard !taint.isEmpty, taint.firstElements[variable] >= 0 else { continue }
        for register in 0..<taint.trackedCount {
          trackers.append(
            TaintTracker(
              thread: thread,
              taint: layout.threads[thread].taint + register * taint.wordsPerRegister,
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
    for position in program.instructions.indices {
      let type = typeOfPosition[position]
      operations.append(
        Operation(program.instructions[position], layout, type >= 0 ? taintLayouts[type] : nil)
      )
      if type >= 0, canHalt(at: position) { addResets(at: InstructionID(position), type) }
      resets.deadStarts.append(resets.dead.count)
      resets.maskStarts.append(resets.masks.count)
    }
  }

  private func canHalt(at position: Int) -> Bool {
    if case .backEdge = program.instructions[position] { return true }
    return program.instructions[position].isVisible
  }

  private mutating func addResets(at position: InstructionID, _ type: Int) {
    let analysis = analyses[type]
    let taint = taintLayouts[type]
    for register in 0..<program.threadTypes[type].registerCount
    where !analysis.isLive(Register(register), at: position) {
      resets.dead.append(register)
    }
    for (register, tracked) in taint.registerPositions.enumerated() where tracked >= 0 {
      var keep = Array(repeating: 0, count: taint.wordsPerRegister)
      for variable in analysis.trackedVariables
      where analysis.flows(Register(register), into: variable, at: position) {
        let first = taint.firstElements[variable.index]
        for element in first..<first + program.variables[variable.index].elementCount {
          let bit = element % TaintLayout.perWord
          keep[element / TaintLayout.perWord] |= 1 << bit | 1 << (bit + TaintLayout.perWord)
        }
      }
      for (word, bits) in keep.enumerated() {
        resets.masks.append((tracked * taint.wordsPerRegister + word, bits))
      }
    }
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
