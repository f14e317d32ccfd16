import HeddleNaiveChecker
import HeddleProgram
import Testing

@Suite struct `Updates, races and claims in the naive checker` {
  private func threads(_ code: (Place) -> [Instruction]) -> Program {
    var builder = ProgramBuilder()
    let variable = builder.variable("x", 0)
    builder.thread("alice", count: 2) { _ in code(variable) + [.end] }
    return builder.program
  }

  @Test func `a value that does not come from the variable loses nothing`() {
    #expect(
      findings(threads { [.load(.r(0), $0), .store($0, .constant(1))] }) == ["data-race x"]
    )
    #expect(
      findings(
        threads {
          [.load(.r(0), $0), .binary(.equal, .r(1), .r(0), .constant(0)), .store($0, .r(1))]
        }
      ) == ["lost-update x", "data-race x folded"]
    )
  }

  @Test func `the two halves in two atomic blocks lose updates without a race`() {
    let program = threads { x in
      [
        .atomicBegin(hasGuard: false), .load(.r(0), x), .atomicEnd,
        .atomicBegin(hasGuard: false), .store(x, .r(0)), .atomicEnd,
      ]
    }
    #expect(findings(program) == ["lost-update x"])
    #expect(NaiveChecker(program: program).check().orders == 6)
  }

  @Test func `a compare-and-set in one atomic step loses nothing`() {
    let program = threads { x in
      [
        .atomicBegin(hasGuard: false), .load(.r(0), x), .atomicEnd,
        .atomicBegin(hasGuard: false), .load(.r(1), x), .store(x, .r(0)), .atomicEnd,
      ]
    }
    #expect(findings(program) == [])
  }

  @Test func `a race needs one access outside atomic blocks`() {
    let program = threads { x in
      [.atomicBegin(hasGuard: false), .store(x, .constant(1)), .atomicEnd]
    }
    #expect(findings(program) == [])
    var builder = ProgramBuilder()
    let x = builder.variable("x", 0)
    builder.thread("alice") { _ in
      [.atomicBegin(hasGuard: false), .store(x, .constant(1)), .atomicEnd, .end]
    }
    builder.thread("bob") { _ in [.load(.r(0), x), .end] }
    #expect(findings(builder.program) == ["data-race x"])
    var atomic = builder.program
    atomic.variables[0].isAtomic = true
    #expect(findings(atomic) == [])
  }

  @Test func `a guard that is false blocks, and is evaluated with its step`() {
    var builder = ProgramBuilder()
    let x = builder.variable("x", 0)
    builder.thread("alice") { _ in
      [
        .atomicBegin(hasGuard: true), .load(.r(0), x), .atomicGuard(.r(0)), .store(x, .constant(2)),
        .atomicEnd, .end,
      ]
    }
    builder.thread("bob") { _ in
      [.atomicBegin(hasGuard: false), .store(x, .constant(1)), .atomicEnd, .end]
    }
    let result = NaiveChecker(program: builder.program).check()
    #expect(result.findings.isEmpty)
    #expect(result.orders == 1)
    var alone = builder.program
    alone.instructions[8] = .sleep
    #expect(findings(alone).contains("deadlock alice"))
  }

  @Test func `an assertion that also fails without a lost update is not folded`() {
    var builder = ProgramBuilder()
    let x = builder.variable("x", 0)
    builder.thread("alice", count: 2) { _ in
      [.load(.r(0), x), .binary(.add, .r(0), .r(0), .constant(1)), .store(x, .r(0)), .end]
    }
    let claim = builder.claim(.assertion)
    for (least, isFolded) in [(2, true), (3, false)] {
      var variant = builder
      variant.finally([
        .load(.r(0), x), .binary(.greaterOrEqual, .r(1), .r(0), .constant(least)),
        .assert(.r(1), claim),
      ])
      #expect(findings(variant.program).contains("assertion line 6\(isFolded ? " folded" : "")"))
    }
  }

  @Test func `choices are enumerated, and a failed assumption does not count`() {
    var builder = ProgramBuilder()
    let assumption = builder.claim(.assumption)
    let claim = builder.claim(.assertion)
    builder.thread("alice") { _ in
      [
        .any(.r(0), lower: .constant(0), upper: .constant(9)),
        .binary(.less, .r(1), .r(0), .constant(4)), .assume(.r(1), assumption),
        .binary(.less, .r(1), .r(0), .constant(3)), .assert(.r(1), claim), .end,
      ]
    }
    let result = NaiveChecker(program: builder.program).check()
    #expect(result.orders == 4)
    #expect(result.findings.map(\.description) == ["assertion line 2 (0 preemptions, 1 steps)"])
  }

  @Test func `arithmetic rounds as in Python and overflow is misuse`() {
    func run(_ operation: BinaryOperation, _ left: Int, _ right: Int, _ expected: Int) -> [String] {
      var builder = ProgramBuilder()
      let claim = builder.claim(.assertion)
      builder.thread("alice") { _ in
        [
          .binary(operation, .r(0), .constant(left), .constant(right)),
          .binary(.equal, .r(0), .r(0), .constant(expected)), .assert(.r(0), claim), .end,
        ]
      }
      return findings(builder.program)
    }
    #expect(run(.divide, -7, 2, -4) == [])
    #expect(run(.modulo, -7, 2, 1) == [])
    #expect(run(.divide, 7, -2, -4) == [])
    #expect(run(.modulo, 7, -2, -1) == [])
    #expect(run(.modulo, Int.min, -1, 0) == [])
    #expect(run(.divide, Int.min, -1, 0) == ["misuse line 2"])
    #expect(run(.divide, 1, 0, 0) == ["misuse line 2"])
    #expect(run(.add, Int.max, 1, 0) == ["misuse line 2"])
  }

  @Test func `an invariant is checked in the first state and after every step`() {
    var builder = ProgramBuilder()
    let x = builder.variable("x", 0)
    let claim = builder.claim(.invariant)
    builder.thread("alice") { _ in [.store(x, .constant(1)), .store(x, .constant(0)), .end] }
    builder.invariant([
      .load(.r(0), x), .binary(.equal, .r(0), .r(0), .constant(0)), .assert(.r(0), claim),
    ])
    let result = NaiveChecker(program: builder.program).check()
    #expect(result.findings.map(\.description) == ["invariant line 2 (0 preemptions, 1 steps)"])
    #expect(result.states == 3)
  }

  @Test func `what no run executes is vacuous`() {
    var builder = ProgramBuilder()
    let claim = builder.claim(.assumption)
    builder.thread("alice") { _ in
      [.assume(.constant(0), claim), .sleep, .end]
    }
    let result = NaiveChecker(program: builder.program).check()
    #expect(
      result.findings.map(\.description) == ["vacuous line 2", "vacuous line 3", "vacuous line 4"]
    )
    #expect(result.orders == 0)
    #expect(result.verdict == .pass)
  }
}
