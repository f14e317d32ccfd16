import BigInt
import HeddleChecking
import HeddleExhaustiveSearch
import Testing

@Suite struct `Orders are counted exactly` {
  /// `n` threads of `k` steps that never block have (n k)! / (k!)^n orders: the multinomial coefficient.
  private func multinomial(_ threads: Int, _ steps: Int) -> BigInt {
    func factorial(_ n: Int) -> BigInt { (1...max(1, n)).reduce(BigInt(1)) { $0 * BigInt($1) } }
    return factorial(threads * steps)
      / (0..<threads).reduce(BigInt(1)) { product, _ in
        product * factorial(steps)
      }
  }

  @Test(arguments: [(threads: 2, orders: 6), (threads: 3, orders: 90), (threads: 4, orders: 2_520)])
  func `of unlocked deposits, as published for the language`(threads: Int, orders: Int) throws {
    let answer = try answer(
      """
      shared balance = 0
      thread deposit * \(threads) {
          let current = balance
          balance = current + 100
      }
      """
    )
    #expect(answer.orders == BigInt(orders))
    #expect(answer.orders == multinomial(threads, 2))
  }

  @Test(arguments: [(threads: 2, orders: 2), (threads: 3, orders: 6), (threads: 5, orders: 120)])
  func `of locked deposits: the orders in which the lock is taken`(threads: Int, orders: Int) throws
  {
    let answer = try answer(
      """
      shared balance = 0
      lock guard
      thread deposit * \(threads) {
          with guard { balance += 100 }
      }
      """
    )
    #expect(answer.orders == BigInt(orders))
  }

  @Test(arguments: [(threads: 2, steps: 3), (threads: 3, steps: 20), (threads: 4, steps: 6)])
  func `also where they exceed 64 bits`(threads: Int, steps: Int) throws {
    let sleeps = Array(repeating: "sleep 1", count: steps).joined(separator: "; ")
    let answer = try answer("thread sleeper * \(threads) { \(sleeps) }")
    #expect(answer.orders == multinomial(threads, steps))
    var states = 1
    for _ in 0..<threads { states *= steps + 1 }
    #expect(answer.statistics.states == states)
  }

  @Test
  func `counting each outcome of a choice, and runs that end early, but not those assumed away`()
    throws
  {
    #expect(try answer("thread a { let n = any 0...3 }").orders == 4)
    #expect(try answer("thread a { choose { sleep 1 } or { sleep 1; sleep 1 } }").orders == 2)
    #expect(try answer("thread a { let n = any 0...3; assume n > 0 }").orders == 3)
    #expect(try answer("thread a { let n = any 0...3; assert n > 0 }").orders == 4)
    #expect(try answer("thread a { assert 1 > 2 }").orders == 1)
    #expect(try answer("shared opening = any 0...2\nthread a { let n = opening }").orders == 3)
  }

  @Test func `counting a notification without the lock once, however many wait`() throws {
    let waiters = "condition c\nthread w * 2 { with c { c.wait() } }\n"
    // It ends the run wherever it comes: at first, after either waiter has taken the lock, or waits (2 each), and the same
    // while the other has taken the lock, or waits too (2 each).
    let answer = try answer(waiters + "thread n { c.notify() }")
    #expect(answer.orders == 9)
  }

  @Test func `and there is no number where a run can go on for ever`() throws {
    #expect(try answer("thread a { loop { sleep 1 } }").orders == nil)
  }

  /// Two threads that read and then write one variable, written out by hand: a pair of letters is a read and a write of
  /// the thread, dead registers are reset, and what was read is remembered until it is written.
  ///
  ///     nobody  a.  .b  aa  bb  ab (both read)  aa.b  bb.a  aab (b read after), aab (b read before) ...
  ///
  /// By position: (0,0) 1, (1,0) 1, (0,1) 1, (1,1) 1, (2,0) 1, (0,2) 1, (2,1) 2, (1,2) 2, (2,2) 2: 12 states.
  @Test func `and states too: twelve for two unlocked deposits`() throws {
    let answer = try answer(
      "shared x = 0\nthread t * 2 { let old = x; x = old + 1 }"
    )
    #expect(answer.statistics.states == 12)
    #expect(answer.statistics.transitions == 14)
  }

  /// Parents, ways and buckets: everything that the search keeps for a state besides the state.
  @Test func `and a state costs at most 64 bytes beyond its own words`() throws {
    let answer = try answer(
      "atomic shared x = 0\nthread t * 6 { let old = x; x = old + 1 }"
    )
    let statistics = answer.statistics
    let peak = try #require(statistics.peakMemoryBytes)
    #expect(peak / statistics.states - statistics.bytesPerState <= 64)
  }
}
