import HeddleNaiveChecker
import HeddleProgram
import Testing

@Suite struct `The naive checker on hand-built programs` {
  /// `balance += 100` by each of `count` threads, with or without its lock, and a `finally` on the sum.
  private func deposits(_ count: Int, isLocked: Bool) -> Program {
    var builder = ProgramBuilder()
    let balance = builder.variable("balance", 0)
    let guardLock = builder.object("guard", .lock)
    builder.thread("deposit", count: count) { _ in
      let update: [Instruction] = [
        .load(.r(0), balance),
        .binary(.add, .r(0), .r(0), .constant(100)),
        .store(balance, .r(0)),
      ]
      let acquire = Instruction.acquire(guardLock, .blocking, result: nil)
      let body = isLocked ? [acquire] + update + [.release(guardLock, count: 1)] : update
      return body + [.end(byException: false)]
    }
    let claim = builder.claim(.assertion)
    builder.finally([
      .load(.r(0), balance),
      .binary(.equal, .r(1), .r(0), .constant(100 * count)),
      .assert(.r(1), claim),
    ])
    return builder.program
  }

  @Test(arguments: [(threads: 2, orders: 6), (threads: 3, orders: 90), (threads: 4, orders: 2520)])
  func `counts the orders of unlocked deposits`(threads: Int, orders: Int) {
    let result = NaiveChecker(program: deposits(threads, isLocked: false)).check()
    #expect(result.orders == .init(orders))
    #expect(result.verdict == .fail)
    #expect(
      result.findings.map(\.description) == [
        "lost-update balance (1 preemptions, 4 steps)",
        "data-race balance (0 preemptions, 1 steps) folded",
        "assertion line 6 (1 preemptions, \(2 * threads) steps) folded",
      ]
    )
  }

  @Test(arguments: [(threads: 2, orders: 2), (threads: 3, orders: 6), (threads: 5, orders: 120)])
  func `counts the orders of locked deposits`(threads: Int, orders: Int) {
    let result = NaiveChecker(program: deposits(threads, isLocked: true)).check()
    #expect(result.orders == .init(orders))
    #expect(result.findings.isEmpty)
    #expect(result.verdict == .pass)
  }
}
