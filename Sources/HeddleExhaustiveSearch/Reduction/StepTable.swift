import HeddleProgram
import HeddleSemantics

/// Everything that is known before the search about the steps of a program: what each may do, and what may still come after it.
///
/// Computed once for a program, in time that grows with instructions x classes of threads x resources / 64, not with states.
final class StepTable: Sendable {
  /// A step, of all threads of a class that stand at an instruction.
  struct Step {
    /// All that it may do; without the element that it accesses, if only the state knows which one that is.
    var footprint: Footprint
    /// The element, if only the state knows which one it is.
    var access: Access?
    /// Whether it changes what an invariant looks at, or what counts at the moment when `main` ends.
    var isVisible: Bool
    var mayTurn: Bool
  }

  /// A read or write of an element that is known only in a state.
  struct Access {
    var place: Place
    var isWrite: Bool
  }

  /// What threads of a class may still do from where they stand.
  struct Future: Hashable {
    /// By the disciplined locks without which it cannot be done.
    var parts: [Part]
    /// All that may be brought about.
    var signals: BitSet
    /// The declarations of which threads may be started, by these too.
    var starts: BitSet

    struct Part: Hashable {
      var requiredLocks: [Int]
      var footprint: Footprint
    }
  }

  let resources: ResourceTable
  let effects: OperationEffects
  let constants: [RegisterConstants]
  let steps: [Step]
  let futures: [Future]
  /// By step.
  let isVisible: [Bool]
  /// By step.
  let mayTurn: [Bool]
  /// By thread: where its class begins in ``stepNumbers`` and ``futureNumbers``.
  let rows: [Int]
  /// By class and position, in one row: the number of the step, -1 where no thread halts.
  let stepNumbers: [Int32]
  /// By class and position, in one row: the number of the future, -1 where no thread halts; at position 0 that of a thread not yet started.
  let futureNumbers: [Int32]
  /// Whether some loop is not known to end.
  let mayRunForEver: Bool
  /// Whether threads are started by others at all.
  let startsThreads: Bool

  /// Analyses a program; `nil` if it had to stop.
  init?(_ program: Program, options: MachineOptions, _ hearing: inout PhaseHearing) {
    let code = program.threadTypes.map { ThreadCode($0, of: program) }
    let (classes, ofThread) = ThreadClass.all(of: program, code)
    let constants = classes.map { RegisterConstants($0, of: program) }
    let holds = zip(classes, constants).map { MustHold($0, of: program, $1) }
    self.constants = constants
    let discipline = Discipline(of: program, classes, code, constants, holds)
    resources = ResourceTable(program)
    effects = OperationEffects(
      program: program,
      resources: resources,
      discipline: discipline,
      options: options
    )
    let summarizer = StepSummarizer(effects, code)
    let visibility = Visibility(effects)
    var futureIndex: [Future: Int32] = [:]
    var steps: [Step] = []
    var futures: [Future] = []
    var stepNumbers: [Int32] = []
    var futureNumbers: [Int32] = []
    var mayRunForEver = false
    let reachableStarts = Self.reachableStarts(program, code)
    for (number, threadClass) in classes.enumerated() {
      let threads = ofThread.indices.filter { ofThread[$0] == number }
      let entry = program.threadTypes[threadClass.type.index].entry
      var summaries: [StepSummary?] = Array(repeating: nil, count: program.instructions.count)
      // What a thread does before it first halts belongs to the step that starts it.
      let first = summarizer.beginning(at: entry, constants[number])
      var pending = first
      while let position = pending.popLast() {
        guard summaries[position] == nil else { continue }
        let summary = summarizer.step(
          at: InstructionID(position),
          of: threads,
          constants[number],
          holds[number]
        )
        summaries[position] = summary
        pending += summary.halts
        hearing.bytes += summary.byteCount
        guard hearing.mayGoOn(after: Self.workPerStep) else { return nil }
      }
      var numbers = Array(repeating: Int32(-1), count: program.instructions.count)
      var futureRow = numbers
      let isDaemon = program.threadTypes[threadClass.type.index].isDaemon
      for (position, summary) in summaries.enumerated() {
        guard let summary else { continue }
        mayRunForEver = mayRunForEver || summary.mayTurn
        numbers[position] = Int32(steps.count)
        let access = Self.inexactAccess(at: position, effects, constants[number])
        steps.append(
          Step(
            footprint: access == nil ? summary.footprint : summary.footprintAfterAccess,
            access: access,
            isVisible: visibility.isVisible(summary, isDaemon: isDaemon),
            mayTurn: summary.mayTurn
          )
        )
      }
      let solved = Self.solveFutures(
        summaries,
        program,
        reachableStarts,
        resources.count,
        &hearing
      )
      guard hearing.mayGoOn() else { return nil }
      func intern(_ future: Future) -> Int32 {
        if let known = futureIndex[future] { return known }
        futureIndex[future] = Int32(futures.count)
        futures.append(future)
        return Int32(futures.count - 1)
      }
      for (position, future) in solved.enumerated() {
        if let future { futureRow[position] = intern(future.future) }
      }
      var unstarted = FutureParts(program, resources.count)
      for position in first {
        if let future = solved[position] { unstarted.formUnion(future) }
      }
      futureRow[0] = intern(unstarted.future)
      stepNumbers += numbers
      futureNumbers += futureRow
    }
    self.steps = steps
    self.futures = futures
    self.stepNumbers = stepNumbers
    self.futureNumbers = futureNumbers
    self.mayRunForEver = mayRunForEver
    rows = ofThread.map { $0 * program.instructions.count }
    isVisible = steps.map(\.isVisible)
    mayTurn = steps.map(\.mayTurn)
    startsThreads = reachableStarts.contains { !$0.isEmpty }
  }

  /// The access of a step that begins with a read or write of one of several elements.
  private static func inexactAccess(
    at position: Int,
    _ effects: OperationEffects,
    _ constants: RegisterConstants
  ) -> Access? {
    let access: Access
    switch effects.program.instructions[position] {
    case .load(_, let place): access = Access(place: place, isWrite: false)
    case .store(let place, _): access = Access(place: place, isWrite: true)
    default: return nil
    }
    let elements = effects.resources.elements(
      of: access.place,
      constants,
      at: InstructionID(position)
    )
    return elements.count > 1 ? access : nil
  }

  /// What one step costs here, in single steps of a search.
  private static let workPerStep = 8

  // MARK: Futures

  /// By position, what is still to come there; incomplete if the hearing ended it.
  private static func solveFutures(
    _ summaries: [StepSummary?],
    _ program: Program,
    _ reachableStarts: [BitSet],
    _ resourceCount: Int,
    _ hearing: inout PhaseHearing
  ) -> [FutureParts?] {
    var futures: [FutureParts?] = Array(repeating: nil, count: summaries.count)
    for (position, summary) in summaries.enumerated() {
      guard let summary else { continue }
      var own = FutureParts(program, resourceCount)
      own.add(summary, reachableStarts)
      futures[position] = own
      hearing.bytes += summary.byteCount
      guard hearing.mayGoOn() else { return futures }
    }
    let order = summaries.indices.reversed().filter { summaries[$0] != nil }
    var changed = true
    while changed {
      changed = false
      for position in order {
        for halt in summaries[position]?.halts ?? [] {
          if let next = futures[halt], futures[position]?.formUnion(next) == true { changed = true }
        }
        guard hearing.mayGoOn(after: workPerStep) else { return futures }
      }
    }
    return futures
  }

  /// By declaration: the declarations of which its threads may start threads, directly or through threads that they start.
  private static func reachableStarts(_ program: Program, _ code: [ThreadCode]) -> [BitSet] {
    var starts = code.map { body in
      var types = BitSet(capacity: program.threadTypes.count)
      for position in body.positions {
        if case .start(let type, _, _, _) = program.instructions[position.index] {
          types.insert(type.index)
        }
      }
      return types
    }
    var changed = true
    while changed {
      changed = false
      for type in starts.indices {
        for started in starts[type].elements where starts[type].formUnion(starts[started]) {
          changed = true
        }
      }
    }
    return starts
  }
}

/// A future while it is computed.
private struct FutureParts {
  var parts: [BitSet: Footprint] = [:]
  var signals: BitSet
  var starts: BitSet

  init(_ program: Program, _ resourceCount: Int) {
    signals = BitSet(capacity: resourceCount)
    starts = BitSet(capacity: program.threadTypes.count)
  }

  mutating func add(_ summary: StepSummary, _ reachableStarts: [BitSet]) {
    insert(summary.footprint, summary.requiredLocks)
    for type in summary.starts {
      starts.insert(type.index)
      starts.formUnion(reachableStarts[type.index])
    }
  }

  @discardableResult
  private mutating func insert(_ footprint: Footprint, _ locks: BitSet) -> Bool {
    signals.formUnion(footprint.signals)
    guard var known = parts[locks] else {
      parts[locks] = footprint
      return true
    }
    let changed = known.formUnion(footprint)
    parts[locks] = known
    return changed
  }

  @discardableResult
  mutating func formUnion(_ other: FutureParts) -> Bool {
    var changed = signals.formUnion(other.signals)
    if starts.formUnion(other.starts) { changed = true }
    for (locks, footprint) in other.parts where insert(footprint, locks) { changed = true }
    return changed
  }

  /// The parts in an order that does not depend on hashing.
  var future: StepTable.Future {
    let sorted = parts.map {
      StepTable.Future.Part(requiredLocks: $0.key.elements, footprint: $0.value)
    }.sorted { $0.requiredLocks.lexicographicallyPrecedes($1.requiredLocks) }
    return StepTable.Future(parts: sorted, signals: signals, starts: starts)
  }
}

/// Which steps may not be moved against others, although nothing conflicts, because the state between them is looked at.
///
/// - An invariant looks at every state, so a step that changes what it reads is visible (condition C2 of ample sets: Clarke, Grumberg, Peled,
///   "Model checking", 1999, chapter 10).
/// - While daemons run, the moment at which the last other thread ends is looked at: what a daemon holds then, what is left in queues, and
///   what `finally` says from then on. So are all ends of other threads visible, and everything that daemons change.
private struct Visibility {
  private var observed: BitSet
  private let hasDaemons: Bool

  init(_ effects: OperationEffects) {
    let program = effects.program
    hasDaemons = program.instances.contains { program.threadTypes[$0.type.index].isDaemon }
    var footprint = Footprint(resourceCount: effects.resources.count)
    var observers = program.invariants
    if hasDaemons, let finally = program.finally { observers.append(finally) }
    let unknown = RegisterConstants.unknown(of: program)
    for position in program.reachable(from: observers.map(\.entry)) {
      effects.add(program.instructions[position.index], at: position, unknown, to: &footprint)
    }
    observed = footprint.reads
    observed.formUnion(footprint.writes)
  }

  func isVisible(_ summary: StepSummary, isDaemon: Bool) -> Bool {
    let footprint = summary.footprint
    if footprint.changes(observed) { return true }
    guard hasDaemons else { return false }
    if isDaemon {
      return !footprint.writes.isEmpty || !footprint.updates.isEmpty || !footprint.signals.isEmpty
    }
    return summary.mayEnd || !summary.starts.isEmpty
  }
}
