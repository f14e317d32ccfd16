import HeddleProgram

extension Construct {
  static let ofThreads: [Construct] = [
    Construct(
      "a started thread comes after its start, a joined one before its join",
      """
      shared x = 0
      thread child { assert x == 1; x = 2 }
      main {
          x = 1
          let t = start child
          join t
          assert x == 2
      }
      """
    ),
    Construct(
      "who is not joined races",
      [.dataRace, .assertion, .leak],
      """
      shared x = 0
      thread child { x = 2 }
      main {
          let t = start child
          assert x == 0
      }
      """
    ),
    Construct(
      "a join with a timeout may give up only while the other runs",
      [.assertion],
      """
      atomic shared x = 0
      thread child { x = 1; sleep 1 }
      main {
          let t = start child
          join t timeout 1
          if t.is_alive() { assert x == 0 } else { assert x == 1 }
          join t
      }
      """
    ),
    Construct(
      "two that join each other are stuck",
      [.deadlock],
      """
      lock guard
      thread child { with guard { } }
      main {
          with guard {
              let t = start child
              join t
          }
      }
      """
    ),
    Construct(
      "a daemon is killed while it holds a lock",
      [.daemonKilled],
      """
      lock guard
      daemon thread helper { with guard { sleep 1 } }
      main {
          start helper
          sleep 1
      }
      """
    ),
    Construct(
      "a daemon waits for what nobody does any more",
      [.daemonBlocked],
      """
      event go
      daemon thread helper { go.wait() }
      main { start helper }
      """
    ),
    Construct(
      "a daemon that has taken an item has to finish it",
      [.daemonKilled, .daemonBlocked],
      """
      queue tasks
      daemon thread helper {
          let task = tasks.get()
          sleep 1
          tasks.task_done()
          let other = tasks.get()
      }
      main {
          start helper
          tasks.put(1)
          sleep 1
      }
      allow leak on tasks
      """
    ),
    Construct(
      "fields belong to their thread",
      """
      thread Worker(name) {
          var handled = 0
          run { handled += name }
      }
      main {
          let a = start Worker(1)
          let b = start Worker(2)
          join a
          join b
          assert a.handled == 1 && b.handled == 2
      }
      """
    ),
    Construct(
      "an exception ends its thread, and what cleans up runs",
      [.leak],
      """
      lock guard
      lock other
      shared x = 0
      thread t {
          with guard {
              other.acquire()
              try { fail "disk full" } finally { x = 1 }
          }
      }
      finally { assert x == 1; assert !guard.locked() }
      """
    ),
  ]

  static let ofMemory: [Construct] = [
    Construct(
      "a read sees the last write",
      """
      shared x = 0
      thread t { x = 1; x = 2; let seen = x; assert seen == 2 }
      """
    ),
    Construct(
      "writes come in one order for all",
      """
      atomic shared x = 0
      atomic shared y = 0
      shared left = 0
      shared right = 0
      thread a { x = 1; left = y }
      thread b { y = 1; right = x }
      finally { assert left == 1 || right == 1 }
      """
    ),
    Construct(
      "a value is seen by one who reads in between",
      [.assertion],
      """
      atomic shared x = 0
      thread writer { x = 1; x = 0 }
      thread reader { assert x == 0 }
      """
    ),
    Construct(
      "an invariant holds in every state",
      [.invariant],
      """
      atomic shared x = 0
      thread t { x = 1; x = 0 }
      invariant x == 0
      """
    ),
    Construct(
      "elements are variables of their own",
      """
      shared cells: [Int] = [0; 2]
      thread t * 2 { cells[self.index] = cells[self.index] + 1 }
      finally { assert cells[0] + cells[1] == 2 }
      """
    ),
    Construct(
      "an index may be anything that is read",
      [.lostUpdate, .dataRace, .assertion],
      """
      shared cells: [Int] = [0; 2]
      atomic shared next = 0
      thread t * 2 {
          let mine = next
          next = 1 - mine
          cells[mine] += 1
      }
      finally { assert cells[0] < 2 && cells[1] == 1 }
      """
    ),
    Construct(
      "an atomic block is one step",
      """
      atomic shared x = 0
      thread t * 3 { atomic { let old = x; x = old + 1 } }
      finally { assert x == 3 }
      """
    ),
    Construct(
      "a compare-and-set loses nothing that it has seen",
      """
      atomic shared x = 0
      atomic shared set = 0
      thread t * 2 {
          let old = x
          atomic { if x == old { x = old + 1; set += 1 } }
      }
      finally { assert x == set }
      """
    ),
    Construct(
      "a block waits for its guard",
      """
      atomic shared x = 0
      thread a { x = 1 }
      thread b { atomic when x == 1 { x = 2 } }
      finally { assert x == 2 }
      """
    ),
    Construct(
      "a guard that never holds blocks",
      [.deadlock],
      """
      atomic shared x = 0
      thread a { x = 1; x = 0 }
      thread b { atomic when x == 1 { x = 2 } }
      """
    ),
    Construct(
      "a block races with a plain access",
      [.dataRace],
      """
      shared x = 0
      thread a { atomic { x = 1 } }
      thread b { x = 2 }
      """
    ),
    Construct(
      "a value keeps where it came from through locals",
      [.lostUpdate],
      """
      atomic shared x = 0
      thread t * 2 {
          var sum = 0
          let old = x
          if old < 1 { sum = old * 2 } else { sum = old + 1 }
          x = sum + 1
      }
      """
    ),
  ]

  static let ofValues: [Construct] = [
    Construct(
      "division rounds towards negative infinity",
      """
      shared a = any -7...7
      shared b = any -3...3
      main {
          let divisor = b
          assume divisor != 0
          let n = a
          let quotient = n / divisor
          let rest = n % divisor
          assert quotient * divisor + rest == n
          if divisor > 0 { assert rest >= 0 && rest < divisor }
          if divisor < 0 { assert rest <= 0 && rest > divisor }
      }
      """
    ),
    Construct(
      "division by zero is misuse",
      [.misuse],
      """
      shared a = any 0...3
      main { let n = 6 / a }
      """
    ),
    Construct(
      "a sum that 64 bits do not hold is misuse",
      [.misuse],
      """
      shared a = any 0...3
      main { let n = 9223372036854775805 + a }
      """
    ),
    Construct(
      "a sum that they hold is none",
      """
      shared a = any 0...2
      main { let n = 9223372036854775805 + a }
      """
    ),
    Construct(
      "every value of a range is tried",
      [.assertion],
      """
      main {
          let n = any 3...6
          assert n != 6
      }
      """
    ),
    Construct(
      "every branch is tried",
      [.assertion],
      """
      shared x = 0
      main {
          choose { x = 1 } or { x = 2 } or { x = 3 }
          assert x < 3
      }
      """
    ),
    Construct(
      "what is assumed holds from there on",
      """
      main {
          let n = any 0...9
          assume n > 4
          assert n * n >= 25
      }
      """
    ),
    Construct(
      "an assumption that no run meets is reported",
      [.vacuous],
      """
      main {
          let n = any 0...9
          assume n > 9
          assert n < 0
      }
      """
    ),
    Construct(
      "a statement that no run reaches is reported",
      [.vacuous],
      """
      shared x = 0
      thread t * 2 { with guard { x = 1 } }
      lock guard
      main {
          let team = start t * 2
          join team
          if x == 0 { print "never" }
      }
      """
    ),
    Construct(
      "none is no value",
      [.misuse],
      """
      shared item: Int? = none
      thread a { with guard { item = 1 } }
      lock guard
      thread b { with guard { let n = item + 1 } }
      """
    ),
    Construct(
      "texts are compared",
      [.assertion],
      """
      shared mood = "idle"
      lock guard
      thread a { with guard { mood = "busy" } }
      thread b { with guard { assert mood != "busy" } }
      """
    ),
    Construct(
      "a loop goes on as long as its condition holds",
      """
      shared x = 0
      main {
          while x < 5 { x += 1 }
          assert x == 5
      }
      """
    ),
    Construct(
      "a loop may end in any round",
      [.assertion],
      """
      atomic shared stop = false
      shared rounds = 0
      thread stopper { stop = true }
      thread looper {
          for _ in 0..<3 {
              if stop { break }
              rounds += 1
          }
      }
      finally { assert rounds != 2 }
      """
    ),
  ]
}
