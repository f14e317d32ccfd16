import HeddleProgram
import HeddleSemantics

/// What single instructions do to the shared state.
///
/// The pairs that commute though they work on the same object (Godefroid, "Partial-order methods for the verification of concurrent systems",
/// LNCS 1032, 1996, chapter 3):
/// - a `put` and a blocking `get` of a FIFO queue, wherever both can be taken: they work on different ends;
/// - a `release` of a semaphore with another, and with a blocking `acquire`;
/// - `set` of an event with another, and with a wait that passes;
/// - `task_done`, if whoever calls it has taken an item: the number of unfinished tasks cannot get below 0, and a `join` cannot pass before it.
/// Everything else on one object conflicts. An operation that may give up, because it is timed or does not block, looks at what it waits for.
struct OperationEffects {
  let program: Program
  let resources: ResourceTable
  let discipline: Discipline
  let options: MachineOptions

  /// Adds what an instruction does.
  func add(
    _ instruction: Instruction,
    at position: InstructionID,
    _ constants: RegisterConstants,
    to footprint: inout Footprint
  ) {
    switch instruction {
    case .load(_, let place):
      for element in resources.elements(of: place, constants, at: position) {
        footprint.reads.insert(element)
      }
    case .store(let place, _):
      for element in resources.elements(of: place, constants, at: position) {
        footprint.writes.insert(element)
        footprint.signals.insert(element)
      }
    case .start(let type, _, _, _):
      footprint.writes.insert(resources.type(type))
      for thread in program.threadTypes[type.index].instances {
        footprint.writes.insert(resources.thread(thread))
        footprint.signals.insert(resources.thread(thread))
      }
    case .join(let target, let waiting):
      let threads = threads(of: target, constants, at: position)
      if waiting != .blocking { addStatus(of: threads, to: &footprint) }
      // That they are joined now is looked at when `main` ends.
      for thread in threads { footprint.updates.insert(resources.thread(thread)) }
    case .isAlive(_, let handle):
      let known = constants.value(handle, at: position)
      addStatus(of: known.map { [$0] } ?? Array(program.instances.indices), to: &footprint)
    default:
      guard let reference = instruction.object else { return }
      for object in program.candidates(reference, constants, at: position) {
        add(instruction, on: object, to: &footprint)
      }
    }
  }

  /// The threads that a `join` may wait for; all if it is not known.
  func threads(
    of target: JoinTarget,
    _ constants: RegisterConstants,
    at position: InstructionID
  ) -> [Int] {
    if case .thread(let handle) = target, let thread = constants.value(handle, at: position),
      program.instances.indices.contains(thread)
    {
      return [thread]
    }
    return Array(program.instances.indices)
  }

  private func addStatus(of threads: [Int], to footprint: inout Footprint) {
    for thread in threads where program.instances.indices.contains(thread) {
      footprint.reads.insert(resources.thread(thread))
    }
  }

  // MARK: Sync objects

  private func add(_ instruction: Instruction, on object: Int, to footprint: inout Footprint) {
    let main = resources.object(object)
    let second = resources.object(object, .second)
    let lock = resources.object(program.lockBehind(object))
    switch program.objects[object].kind {
    case .lock, .rlock, .condition:
      addLock(instruction, main: main, lock: lock, to: &footprint)
    case .semaphore(_, let isBounded):
      addSemaphore(instruction, isBounded: isBounded, main: main, second: second, to: &footprint)
    case .event(let isCleared):
      addEvent(instruction, isCleared: isCleared, main, to: &footprint)
    case .barrier:
      if case .observe = instruction {
        footprint.reads.insert(main)
      } else {
        footprint.writes.insert(main)
        footprint.signals.insert(main)
      }
    case .queue(let order, let capacity, let bound, _, _):
      // A queue that may meet its limit, or whose ends are not apart, is one thing.
      let isLimited = (capacity ?? bound).map { $0 > options.maximumQueueLength } ?? true
      let hasEnds = order == .fifo && (capacity != nil || !isLimited)
      let ends = [main, hasEnds ? main : second]
      addQueue(instruction, object, get: ends, put: hasEnds ? [second] : ends, to: &footprint)
    }
  }

  private func addLock(
    _ instruction: Instruction,
    main: Int,
    lock: Int,
    to footprint: inout Footprint
  ) {
    switch instruction {
    case .observe:
      footprint.reads.insert(lock)
    case .notify:
      // Beginning to wait and waking up count as writes of the lock, so that conflicts need no resource of the waiters.
      footprint.reads.insert(lock)
      footprint.signals.insert(main)
    default:
      footprint.writes.insert(lock)
      footprint.signals.insert(lock)
    }
  }

  private func addSemaphore(
    _ instruction: Instruction,
    isBounded: Bool,
    main: Int,
    second: Int,
    to footprint: inout Footprint
  ) {
    switch instruction {
    case .acquire(_, let waiting, _):
      footprint.writes.insert(main)
      footprint.signals.insert(second)
      if waiting != .blocking { footprint.reads.insert(second) }
    case .release(_, let count):
      footprint.updates.insert(second)
      footprint.signals.insert(main)
      // A bounded one may be released too often, and so may one that is given permits by the billion.
      if isBounded || count > 1 << 32 { footprint.writes.insert(main) }
    default:
      footprint.reads.insert(main)
      footprint.reads.insert(second)
    }
  }

  private func addEvent(
    _ instruction: Instruction,
    isCleared: Bool,
    _ main: Int,
    to footprint: inout Footprint
  ) {
    switch instruction {
    case .observe:
      footprint.reads.insert(main)
    case .eventSet:
      footprint.signals.insert(main)
      footprint.updates.insert(main)
    case .eventWait(_, let waiting, _) where !isCleared:
      if waiting != .blocking { footprint.reads.insert(main) }
    default:
      footprint.writes.insert(main)
      footprint.signals.insert(main)
    }
  }

  private func addQueue(
    _ instruction: Instruction,
    _ object: Int,
    get: [Int],
    put: [Int],
    to footprint: inout Footprint
  ) {
    let main = resources.object(object)
    let second = resources.object(object, .second)
    let tasks = resources.object(object, .third)
    switch instruction {
    case .put(_, _, let waiting, _):
      for end in put { footprint.writes.insert(end) }
      if waiting != .blocking { footprint.reads.insert(main) }
      footprint.updates.insert(tasks)
      footprint.signals.insert(second)
    case .get(_, _, let waiting, _):
      for end in get { footprint.writes.insert(end) }
      if waiting != .blocking { footprint.reads.insert(second) }
      footprint.signals.insert(main)
    case .taskDone:
      if !discipline.isDisciplined[object] { footprint.writes.insert(tasks) }
      footprint.signals.insert(tasks)
    case .queueJoin:
      footprint.reads.insert(tasks)
    default:
      footprint.reads.insert(main)
      footprint.reads.insert(second)
    }
  }
}
