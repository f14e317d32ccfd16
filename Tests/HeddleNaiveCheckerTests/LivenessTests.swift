import HeddleNaiveChecker
import HeddleProgram
import Testing

@Suite struct `Infinite runs in the naive checker` {
  /// A thread that reads `flag` until it is set, or for ever; and one that sets it, or not.
  private func spinning(sets: Bool, isDaemon: Bool = false) -> Program {
    var builder = ProgramBuilder()
    let flag = builder.variable("flag", 0)
    builder.thread("spinner", isDaemon: isDaemon) { builder in
      let head = builder.next
      return [
        .load(.r(0), flag), .branch(.r(0), otherwise: InstructionID(head.index + 3)), .end,
        .backEdge(head),
      ]
    }
    builder.thread("setter") { _ in
      sets ? [.store(flag, .constant(1)), .end] : [.sleep, .end]
    }
    return builder.program
  }

  @Test func `a spin ends if the other thread is treated fairly`() {
    #expect(findings(spinning(sets: true)) == ["data-race flag"])
    #expect(findings(spinning(sets: true), fairness: .weak) == ["data-race flag"])
    #expect(
      findings(spinning(sets: true), fairness: .none) == [
        "data-race flag", "never-terminates setter", "never-terminates spinner",
      ]
    )
    #expect(findings(spinning(sets: false)) == ["never-terminates spinner"])
    #expect(NaiveChecker(program: spinning(sets: false)).check().orders == nil)
  }

  @Test func `a daemon is judged once everything else has ended`() {
    #expect(findings(spinning(sets: false, isDaemon: true)) == ["never-terminates spinner"])
    #expect(findings(spinning(sets: true, isDaemon: true)) == ["data-race flag"])
    var program = spinning(sets: false, isDaemon: true)
    program.threadTypes[0].mayOutliveMain = true
    #expect(findings(program) == [])
  }

  @Test func `weak fairness lets a lock starve a thread, strong fairness does not`() {
    var builder = ProgramBuilder()
    let lock = builder.object("guard", .lock)
    let stop = builder.object("stop", .event(isCleared: false))
    builder.thread("greedy") { builder in
      let head = builder.next.index
      return [
        .acquire(lock), .release(lock), .observe(.r(0), stop, .isSet),
        .branch(.r(0), otherwise: InstructionID(head + 5)), .end, .backEdge(InstructionID(head)),
      ]
    }
    builder.thread("modest") { _ in [.acquire(lock), .release(lock), .eventSet(stop), .end] }
    #expect(findings(builder.program) == [])
    #expect(
      findings(builder.program, fairness: .weak) == [
        "never-terminates greedy", "never-terminates modest",
      ]
    )
  }

  @Test func `threads that are stuck while another runs on are blocked for ever`() {
    var builder = ProgramBuilder()
    let go = builder.object("go", .event(isCleared: false))
    builder.thread("runner") { builder in [.sleep, .backEdge(builder.next)] }
    builder.thread("stuck") { _ in [.eventWait(go, .blocking, result: nil), .end] }
    #expect(findings(builder.program) == ["blocked-forever stuck", "never-terminates runner"])
  }

  /// A `main` that joins a thread which joins a third that never ends.
  private func joining(isDaemon: Bool) -> Program {
    var builder = ProgramBuilder()
    builder.thread("main", isMain: true) { _ in
      [
        .start(ThreadTypeID(1), count: 1, arguments: 0, results: Register(0)),
        .start(ThreadTypeID(2), count: 1, arguments: 1, results: Register(1)),
        .join(.thread(.r(1)), .blocking), .end,
      ]
    }
    builder.thread("runner", isDaemon: isDaemon) { builder in [.sleep, .backEdge(builder.next)] }
    builder.thread("between", parameters: 1) { _ in [.join(.thread(.r(0)), .blocking), .end] }
    var program = builder.program
    program.argumentLists = [[], [.r(0)]]
    return program
  }

  @Test func `a thread that merely joins one that never ends is not reported`() {
    #expect(findings(joining(isDaemon: false)) == ["never-terminates runner"])
  }

  @Test func `joining a daemon that never ends is being blocked for ever`() {
    #expect(
      findings(joining(isDaemon: true)) == ["blocked-forever between", "blocked-forever main"]
    )
  }

  @Test func `a loop without visible operations is parked and goes on for ever`() {
    var builder = ProgramBuilder()
    builder.thread("busy") { builder in [.move(.r(0), .constant(1)), .backEdge(builder.next)] }
    builder.thread("other") { _ in [.sleep, .end] }
    let result = NaiveChecker(program: builder.program).check()
    #expect(result.findings.map(\.description).contains("never-terminates busy"))
    #expect(result.states == 2)
    #expect(result.transitions == 3)
  }

  @Test func `a long local loop goes on in the next step`() {
    var builder = ProgramBuilder()
    builder.thread("busy") { builder in
      let head = builder.next.index
      return [
        .binary(.add, .r(0), .r(0), .constant(1)),
        .binary(.less, .r(1), .r(0), .constant(25_000)),
        .branch(.r(1), otherwise: InstructionID(head + 4)), .backEdge(InstructionID(head)), .end,
      ]
    }
    let result = NaiveChecker(program: builder.program).check()
    #expect(result.states == 3)
    #expect(result.orders == 1)
    #expect(result.findings.isEmpty)
  }
}
