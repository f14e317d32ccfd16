import HeddleNaiveChecker
import HeddleProgram
import Testing

/// What the naive checker finds, without costs and without unreached statements.
func findings(
  _ program: Program,
  fairness: NaiveChecker.Fairness = .strong,
  spuriousWakeups: Bool = false
) -> [String] {
  let checker = NaiveChecker(
    program: program,
    fairness: fairness,
    spuriousWakeups: spuriousWakeups
  )
  return checker.check().findings.filter { $0.kind != .vacuous }
    .map { "\($0.kind.rawValue) \($0.subject)\($0.isFolded ? " folded" : "")" }
}

extension Instruction {
  static func acquire(_ object: ObjectReference) -> Instruction {
    .acquire(object, .blocking, result: nil)
  }
  static func release(_ object: ObjectReference) -> Instruction { .release(object, count: 1) }
  static var end: Instruction { .end(byException: false) }
}

@Suite struct `Locks, conditions and events in the naive checker` {
  @Test func `a deadlock's cycle is told from its victims`() {
    var builder = ProgramBuilder()
    let left = builder.object("left", .lock)
    let right = builder.object("right", .lock)
    let both: [Instruction] = [.release(left), .release(right), .end]
    builder.thread("alice") { _ in [.acquire(left), .acquire(right)] + both }
    builder.thread("bob") { _ in [.acquire(right), .acquire(left)] + both }
    builder.thread("victim") { _ in [.acquire(left), .release(left), .end] }
    #expect(findings(builder.program) == ["deadlock alice, bob"])
  }

  @Test func `a lock of a dead thread blocks without a cycle`() {
    var builder = ProgramBuilder()
    let lock = builder.object("guard", .lock)
    builder.thread("alice", count: 2) { _ in [.acquire(lock), .end] }
    #expect(findings(builder.program) == ["deadlock alice", "leak guard"])
  }

  @Test func `a lock may be released by a stranger, an rlock only by its owner`() {
    for kind in [SyncObject.Kind.lock, .rlock] {
      var builder = ProgramBuilder()
      let lock = builder.object("guard", kind)
      let done = builder.object("done", .event(isCleared: false))
      builder.thread("owner") { _ in [.acquire(lock), .eventSet(done), .end] }
      builder.thread("stranger") { _ in
        [.eventWait(done, .blocking, result: nil), .release(lock), .end]
      }
      let misuse = kind == .rlock ? ["misuse line 6"] : []
      // Whether the owner ends before or after the release decides whether it leaves the lock behind.
      #expect(findings(builder.program) == misuse + ["leak guard"])
    }
  }

  @Test func `an rlock is free after as many releases as acquisitions`() {
    var builder = ProgramBuilder()
    let lock = builder.object("again", .rlock)
    let twice: [Instruction] = [.acquire(lock), .acquire(lock), .release(lock), .release(lock)]
    builder.thread("alice", count: 2) { _ in twice + [.end] }
    let result = NaiveChecker(program: builder.program).check()
    #expect(result.findings.isEmpty)
    #expect(result.orders == 2)
  }

  /// A consumer that waits once for `ready`, and a producer that notifies once; on an rlock held twice.
  private func handover(_ lockKind: SyncObject.Kind, waiting: Waiting = .blocking) -> Program {
    var builder = ProgramBuilder()
    let lock = builder.object("mutex", lockKind)
    let ready = builder.object(
      "ready",
      .condition(lock: ObjectID(0), isFIFO: false)
    )
    let isTwice = lockKind == .rlock
    builder.thread("consumer") { _ in
      [.acquire(lock)] + (isTwice ? [.acquire(lock)] : [])
        + [.conditionWait(ready), .conditionWake(ready, waiting, result: nil), .release(lock)]
        + (isTwice ? [.release(lock)] : []) + [.end]
    }
    builder.thread("producer") { _ in
      [.acquire(lock), .notify(ready, count: 1), .release(lock), .end]
    }
    return builder.program
  }

  @Test(arguments: [SyncObject.Kind.lock, .rlock])
  func `a notification before the wait is lost`(lock: SyncObject.Kind) {
    #expect(findings(handover(lock)) == ["deadlock consumer"])
    #expect(findings(handover(lock, waiting: .timed)) == [])
    #expect(findings(handover(lock), spuriousWakeups: true) == [])
  }

  @Test func `notify wakes any waiter, or the first if first come first served`() {
    for (isFIFO, orders) in [(false, 2), (true, 1)] {
      var builder = ProgramBuilder()
      let lock = builder.object("mutex", .lock)
      let ready = builder.object("ready", .condition(lock: ObjectID(0), isFIFO: isFIFO))
      let first = builder.object("first", .event(isCleared: false))
      let second = builder.object("second", .event(isCleared: false))
      func waiter(_ before: [Instruction], _ after: [Instruction]) -> [Instruction] {
        before + [.acquire(lock)] + after
          + [
            .conditionWait(ready), .conditionWake(ready, .blocking, result: nil), .release(lock),
            .end,
          ]
      }
      builder.thread("alice") { _ in waiter([], [.eventSet(first)]) }
      builder.thread("bob") { _ in
        waiter([.eventWait(first, .blocking, result: nil)], [.eventSet(second)])
      }
      builder.thread("producer") { _ in
        [
          .eventWait(second, .blocking, result: nil), .acquire(lock), .notify(ready, count: 1),
          .release(lock), .end,
        ]
      }
      let found = findings(builder.program)
      #expect(found == (isFIFO ? ["deadlock bob"] : ["deadlock alice", "deadlock bob"]))
      let result = NaiveChecker(program: builder.program).check()
      // Only the moments at which waiters arrive and the choice differ.
      #expect(result.orders.map { $0 % .init(orders) == 0 } == true)
    }
  }

  @Test func `a wait without the lock is misuse`() {
    var builder = ProgramBuilder()
    _ = builder.object("mutex", .lock)
    let ready = builder.object("ready", .condition(lock: ObjectID(0), isFIFO: false))
    builder.thread("alice") { _ in
      [.conditionWait(ready), .conditionWake(ready, .blocking, result: nil), .end]
    }
    builder.thread("bob") { _ in [.notify(ready, count: nil), .end] }
    #expect(findings(builder.program) == ["misuse line 2", "misuse line 5"])
  }

  @Test func `a waiter passes although the event is cleared at once`() {
    var builder = ProgramBuilder()
    let go = builder.object("go", .event(isCleared: true))
    let here = builder.object("here", .event(isCleared: false))
    builder.thread("waiter") { _ in
      [
        .eventSet(here), .eventWait(go, .blocking, result: nil),
        .eventWake(go, .blocking, result: nil), .end,
      ]
    }
    builder.thread("setter") { _ in
      [
        .eventWait(here, .blocking, result: nil), .eventSet(go), .eventClear(go),
        .end,
      ]
    }
    // Stuck only if it comes after the clearing.
    let result = NaiveChecker(program: builder.program).check()
    #expect(result.findings.map(\.description) == ["deadlock waiter (1 preemptions, 5 steps)"])
    // It registers before the set, or passes before the clearing, or is too late.
    #expect(result.orders == 6)
  }

  @Test func `a semaphore counts and may be bounded`() {
    for isBounded in [true, false] {
      var builder = ProgramBuilder()
      let slots = builder.object("slots", .semaphore(initial: 1, isBounded: isBounded))
      builder.thread("alice") { _ in [.acquire(slots), .end] }
      builder.thread("bob") { _ in [.release(slots), .end] }
      #expect(findings(builder.program) == (isBounded ? ["misuse line 4"] : []))
    }
  }
}

@Suite struct `Barriers and queues in the naive checker` {
  private func meeting(
    parties: Int,
    _ threads: Int,
    _ waiting: Waiting = .blocking,
    aborts: Bool = false
  ) -> Program {
    var builder = ProgramBuilder()
    let gate = builder.object("gate", .barrier(parties: parties))
    builder.thread("alice", count: threads) { builder in
      let end = builder.next.index + 3
      return [
        .barrierArrive(gate, result: Register(0), onBroken: InstructionID(end)),
        .barrierLeave(gate, waiting, onBroken: InstructionID(end)), .end,
        .fail(nil, handler: InstructionID(end + 1)), .end(byException: true),
      ]
    }
    if aborts { builder.thread("bob") { _ in [.barrierAbort(gate), .end] } }
    return builder.program
  }

  @Test func `the last to arrive opens the barrier`() {
    #expect(findings(meeting(parties: 2, 2)) == [])
    #expect(NaiveChecker(program: meeting(parties: 2, 2)).check().orders == 2)
    #expect(findings(meeting(parties: 1, 2)) == [])
    #expect(findings(meeting(parties: 2, 3)) == ["deadlock alice"])
    #expect(findings(meeting(parties: 2, 1, .timed)) == [])
    #expect(findings(meeting(parties: 2, 1, aborts: true)) == [])
  }

  @Test func `whoever is too late breaks nothing that has opened`() {
    // With a time-out both leave, together or by the broken barrier.
    #expect(NaiveChecker(program: meeting(parties: 2, 2, .timed)).check().orders == 4)
  }

  private func producers(_ kind: SyncObject.Kind, _ items: [Int]) -> Program {
    var builder = ProgramBuilder()
    let claim = builder.claim(.assertion)
    let queue = builder.object("tasks", kind)
    let full = builder.object("full", .event(isCleared: false))
    builder.thread("producer") { _ in
      items.map { .put(queue, .constant($0), .blocking, onFailure: InstructionID(0)) }
        + [.eventSet(full), .end]
    }
    builder.thread("consumer") { _ in
      let get = Instruction.get(Register(0), queue, .blocking, onFailure: InstructionID(0))
      return [
        .eventWait(full, .blocking, result: nil), get,
        .binary(.equal, Register(0), .register(Register(0)), .constant(5)),
        .assert(.register(Register(0)), claim), get, get, .end,
      ]
    }
    return builder.program
  }

  private func queue(_ order: SyncObject.QueueOrder, capacity: Int? = nil) -> SyncObject.Kind {
    .queue(
      order: order,
      capacity: capacity,
      bound: nil,
      countsTasks: false,
      items: ValueType(.integer)
    )
  }

  @Test func `queues give back the first, the last, or the least`() {
    #expect(findings(producers(queue(.fifo), [5, 8, 9])) == [])
    #expect(findings(producers(queue(.lifo), [8, 9, 5])) == [])
    #expect(findings(producers(queue(.priority), [8, 5, 9])) == [])
    #expect(findings(producers(queue(.priority), [8, 9, 5])) == [])
    #expect(
      findings(producers(queue(.fifo), [8, 5, 9]))
        == ["assertion line 2"]
    )
    #expect(
      findings(producers(queue(.fifo, capacity: 2), [5, 8, 9])).contains(
        "deadlock consumer, producer"
      )
    )
    #expect(findings(producers(queue(.fifo), [5, 8, 9, 9])) == ["leak tasks"])
  }

  @Test func `a queue that grows past its limit makes the verdict inconclusive`() {
    let program = producers(queue(.fifo), [5, 8, 9])
    let result = NaiveChecker(program: program, maxQueue: 2).check()
    #expect(result.verdict == .inconclusive)
    #expect(result.limits == ["the items of tasks"])
    #expect(result.orders == nil)
  }

  @Test func `join waits for the tasks, and one task_done too many is misuse`() {
    var builder = ProgramBuilder()
    let tasks = builder.object(
      "tasks",
      .queue(
        order: .fifo,
        capacity: nil,
        bound: nil,
        countsTasks: true,
        items: ValueType(.integer)
      )
    )
    builder.thread("main", isMain: true) { _ in
      [
        .start(ThreadTypeID(1), count: 1, arguments: 0, results: nil),
        .put(tasks, .constant(1), .blocking, onFailure: InstructionID(0)), .queueJoin(tasks), .end,
      ]
    }
    builder.thread("worker", isDaemon: true) { builder in
      let head = builder.next
      return [
        .get(Register(0), tasks, .blocking, onFailure: InstructionID(0)), .taskDone(tasks),
        .backEdge(head),
      ]
    }
    var program = builder.program
    program.argumentLists = [[]]
    #expect(findings(program) == ["daemon-blocked worker"])
    program.instructions[6] = .sleep
    #expect(findings(program) == ["deadlock main"])
    program.instructions[3] = .sleep
    #expect(findings(program) == ["daemon-blocked worker", "daemon-killed worker", "leak tasks"])
    program.instructions[6] = .taskDone(tasks)
    program.instructions[7] = .jump(InstructionID(6))
    #expect(findings(program).contains("misuse line 7"))
  }
}
