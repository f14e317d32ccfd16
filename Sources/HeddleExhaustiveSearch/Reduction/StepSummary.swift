import HeddleProgram
import HeddleSemantics

/// What one step of a thread may do, from where the thread stands to wherever it may halt next.
struct StepSummary {
  /// Everything that the visible instruction and the local work after it may do.
  var footprint: Footprint
  /// The same without a read or write with which the step begins.
  var footprintAfterAccess: Footprint
  /// The disciplined locks without which the step cannot be taken: those surely held before it, and the one it blocks for.
  var requiredLocks: BitSet
  /// Whether the thread may end in it.
  var mayEnd = false
  /// Whether it may go back to the head of a loop that is not known to end.
  var mayTurn = false
  /// Where the thread may halt after it.
  var halts: [Int] = []
  /// The declarations of which it starts threads.
  var starts: [ThreadTypeID] = []
}

extension StepSummary {
  /// About the memory that it takes in a table of steps.
  var byteCount: Int { 2 * footprint.byteCount + MemoryLayout<Self>.stride }

  /// Adds what is done besides the access.
  mutating func formUnion(_ other: Footprint) {
    footprint.formUnion(other)
    footprintAfterAccess.formUnion(other)
  }
}

extension Instruction {
  /// Whether it is a read or write of a shared variable.
  fileprivate var isAccess: Bool {
    switch self {
    case .load, .store: true
    default: false
    }
  }
}

/// Sums up the steps of one class of threads.
struct StepSummarizer {
  private let program: Program
  private let effects: OperationEffects
  private let boundedTurns: Set<Int>
  /// Locks that somebody else may release: at its end a thread looks at who owns them.
  private let undisciplined: [Int]

  init(_ effects: OperationEffects, _ code: [ThreadCode]) {
    program = effects.program
    self.effects = effects
    boundedTurns = BoundedLoops.backEdges(of: effects.program, code)
    undisciplined = effects.program.objects.indices.filter {
      guard case .lock = effects.program.objects[$0].kind else { return false }
      return !effects.discipline.isDisciplined[$0]
    }
  }

  /// The step that a thread standing at `position` may take; `threads` are the instances of its class.
  func step(
    at position: InstructionID,
    of threads: [Int],
    _ constants: RegisterConstants,
    _ holds: MustHold
  ) -> StepSummary {
    var summary = emptySummary
    for object in program.objects.indices
    where isDisciplinedLock(object) && holds.count(object, at: position) > 0 {
      summary.requiredLocks.insert(object)
    }
    if let lock = lockWaitedFor(at: position, constants) { summary.requiredLocks.insert(lock) }
    collect(from: position, isFirst: true, constants, &summary)
    if summary.mayEnd {
      // Which of the class it is is not known, but each ends only itself, so that ends commute.
      var end = Footprint(resourceCount: effects.resources.count)
      for thread in threads {
        end.updates.insert(effects.resources.thread(thread))
        end.signals.insert(effects.resources.thread(thread))
      }
      summary.formUnion(end)
      addEnd(&summary)
    }
    return summary
  }

  private var emptySummary: StepSummary {
    let nothing = Footprint(resourceCount: effects.resources.count)
    return StepSummary(
      footprint: nothing,
      footprintAfterAccess: nothing,
      requiredLocks: BitSet(capacity: program.objects.count)
    )
  }

  /// Where a thread may halt first, after its entry.
  func beginning(at entry: InstructionID, _ constants: RegisterConstants) -> [Int] {
    var summary = emptySummary
    collect(from: entry, isFirst: false, constants, &summary)
    return summary.halts
  }

  private func addEnd(_ summary: inout StepSummary) {
    var looks = Footprint(resourceCount: effects.resources.count)
    for lock in undisciplined { looks.reads.insert(effects.resources.object(lock)) }
    summary.formUnion(looks)
  }

  private func isDisciplinedLock(_ object: Int) -> Bool {
    switch program.objects[object].kind {
    case .lock, .rlock: effects.discipline.isDisciplined[object]
    default: false
    }
  }

  /// The disciplined lock that the step takes, if it is blocked while somebody else owns it.
  private func lockWaitedFor(at position: InstructionID, _ constants: RegisterConstants) -> Int? {
    let reference: ObjectReference
    switch program.instructions[position.index] {
    case .acquire(let acquired, .blocking, _): reference = acquired
    case .conditionWake(let condition, .blocking, _):
      if effects.options.allowsSpuriousWakeups { return nil }
      reference = condition
    default: return nil
    }
    let candidates = program.candidates(reference, constants, at: position)
    guard candidates.count == 1, let object = candidates.first else { return nil }
    let lock = program.lockBehind(object)
    return isDisciplinedLock(lock) ? lock : nil
  }

  // MARK: Walking through a step

  private struct Place: Hashable {
    var position: Int
    var isInsideBlock: Bool
  }

  /// Follows a step along all its paths.
  private func collect(
    from start: InstructionID,
    isFirst: Bool,
    _ constants: RegisterConstants,
    _ summary: inout StepSummary
  ) {
    var seen: Set<Place> = []
    var pending: [Place] = []
    func follow(_ position: InstructionID, isInsideBlock: Bool) {
      for next in constants.successors(of: position) {
        let place = Place(position: next.index, isInsideBlock: isInsideBlock)
        if seen.insert(place).inserted { pending.append(place) }
      }
    }
    var isAtStart = isFirst
    pending.append(Place(position: start.index, isInsideBlock: false))
    while let place = pending.popLast() {
      let position = InstructionID(place.position)
      let instruction = program.instructions[position.index]
      var isInsideBlock = place.isInsideBlock
      if instruction.isVisible, !isInsideBlock, !isAtStart {
        summary.halts.append(position.index)
        continue
      }
      isAtStart = false
      switch instruction {
      case .backEdge where !isInsideBlock:
        // Local work that goes on for too long is parked here.
        summary.halts.append(position.index)
        if !boundedTurns.contains(position.index) { summary.mayTurn = true }
      case .end: summary.mayEnd = true
      case .atomicBegin: isInsideBlock = true
      case .atomicEnd: isInsideBlock = false
      case .start(let type, _, _, _): addStarted(type, &summary)
      default: break
      }
      let isAccess = position == start && isFirst
      effects.add(instruction, at: position, constants, to: &summary.footprint)
      if !(isAccess && instruction.isAccess) {
        effects.add(instruction, at: position, constants, to: &summary.footprintAfterAccess)
      }
      if case .conditionWake = instruction { summary.halts.append(position.index) }
      follow(position, isInsideBlock: isInsideBlock)
    }
    summary.halts = Array(Set(summary.halts)).sorted()
  }

  /// A started thread does its first local work in the step that starts it.
  private func addStarted(_ type: ThreadTypeID, _ summary: inout StepSummary) {
    summary.starts.append(type)
    var seen: Set<Int> = []
    var pending = [program.threadTypes[type.index].entry]
    while let position = pending.popLast() {
      if program.instructions[position.index].isVisible { continue }
      if case .end = program.instructions[position.index] { addEnd(&summary) }
      for next in program.successors(of: position) where seen.insert(next.index).inserted {
        pending.append(next)
      }
    }
  }
}

/// The loops that end after a number of turns that is known when they begin: `for` over a range or an array.
enum BoundedLoops {
  /// The back edges that only count up a register, which nothing else in the loop writes, to a bound that the head compares it with.
  static func backEdges(of program: Program, _ code: [ThreadCode]) -> Set<Int> {
    var bounded: Set<Int> = []
    for position in code.flatMap(\.positions) {
      guard case .backEdge(let head) = program.instructions[position.index],
        head.index < position.index,
        case .binary(.add, let counter, .register(let counted), .constant(1)) =
          program.instructions[position.index - 1],
        case .binary(let comparison, let test, .register(let compared), let bound) =
          program.instructions[head.index],
        counter == counted, counter == compared,
        comparison == .less || comparison == .lessOrEqual,
        case .branch(.register(let tested), _) = program.instructions[head.index + 1],
        tested == test
      else { continue }
      let loop = head.index..<position.index - 1
      let fixed = [counter, bound.register].compactMap { $0 }
      if !loop.contains(where: { program.mayWrite(fixed, at: $0) }) {
        bounded.insert(position.index)
      }
    }
    return bounded
  }
}

extension Program {
  fileprivate func mayWrite(_ registers: [Register], at position: Int) -> Bool {
    var written = registersWritten(by: instructions[position])
    if case .storeRegister(let range, _, _) = instructions[position] { written += range.registers }
    return written.contains { registers.contains($0) }
  }
}
