import HeddleChecking
import HeddleDifferential
import HeddleExhaustiveSearch
import HeddleProgram
import Testing

/// The scenarios on which random testing found the engine and the naive checker of different minds, made small, with what is right.
@Suite struct `What was judged differently once` {
  static let cases: [(name: String, text: String, fairness: Fairness, findings: [String])] = [
    (
      "one of many is joined by its number: the threads are not interchangeable",
      """
      atomic shared x = 1
      thread t * 2 { if x == 1 { join t[1] } }
      """,
      .strong,
      ["misuse line 2"]
    ),
    (
      "an argument makes a range empty, and the guard keeps the run away from it",
      """
      func f(p) { if p > 0 { let k = any 1...p; return k }; return 0 }
      thread t { assert f(2) > 0 && f(0) == 0 }
      """,
      .strong,
      []
    ),
    (
      "an argument makes a range empty",
      """
      func f(p) { let k = any 1...p; return k }
      thread t { f(0) }
      """,
      .strong,
      ["misuse line 1", "vacuous line 1"]
    ),
    (
      "an argument is an index that is out of range, which only the step itself finds",
      """
      shared a = [0, 0]
      shared x = 0
      func put(i) { a[i] = 1 }
      thread t { put(2) }
      thread u * 2 { x += 1 }
      """,
      .strong,
      ["lost-update x", "misuse line 3"]
    ),
    (
      "an argument is the index of a lock that is out of range",
      """
      lock l[2]
      func put(i) { with l[i] { } }
      invariant !l[0].locked()
      thread t { with l[0] { put(2) } }
      """,
      .strong,
      ["invariant line 3", "misuse line 2"]
    ),
    (
      "a return is executed although what it leaves by never ends",
      """
      lock l
      thread t {
          try {
              return
          } finally {
              l.release()
          }
      }
      """,
      .strong,
      ["misuse line 6"]
    ),
    (
      "an invariant asks for one of many",
      """
      atomic shared x = 0
      thread t * 2 { x = 1; x = 2 }
      invariant t[1].is_alive() || !t[0].is_alive()
      """,
      .strong,
      ["invariant line 3"]
    ),
    (
      "a thread joins many of which it is one, one after the other",
      """
      lock l
      thread t * 2 { if l.acquire(blocking: false) { join t; l.release() } }
      """,
      .strong,
      ["misuse line 2", "vacuous line 2"]
    ),
    (
      "none is put into a priority queue that holds an item",
      """
      priority queue tasks
      thread a { tasks.put(none) }
      thread b { join a; tasks.put(2) }
      """,
      .strong,
      ["misuse line 3"]
    ),
    (
      "the least integer is put into a priority queue of integers",
      """
      priority queue tasks
      thread a {
          tasks.put(1)
          tasks.put(-9223372036854775807 - 1)
          assert tasks.get() < tasks.get()
      }
      """,
      .strong,
      []
    ),
    (
      "who joins a thread that could end and need not is no finding of its own",
      """
      atomic shared flag = true
      thread a { join b }
      thread b { assume !flag }
      thread c { loop { sleep 1 } }
      """,
      .none,
      ["never-terminates b", "never-terminates c", "vacuous line 3"]
    ),
    (
      "a call that is reached never comes back",
      """
      thread Base {
          var handled = 1
          run { fail "disk full" }
      }
      thread t: Base {
          override run {
              super.run()
          }
      }
      """,
      .strong,
      []
    ),
    (
      "a join with a timeout waits for nobody: where threads are passed over, it never ends",
      """
      thread carol { while true { } }
      main { let t = start carol; join t timeout 1 }
      """,
      .none,
      ["never-terminates main", "never-terminates carol"]
    ),
    (
      "a loop without code of its own is reached, and what follows a call that never returns is not",
      """
      func give_up() { fail "disk full" }
      thread t {
          loop {
              give_up()
              break
          }
      }
      """,
      .strong,
      ["vacuous line 5"]
    ),
    (
      "what stands behind a way out is reached by no run",
      """
      atomic shared x = 0
      func f() {
          x = 1
          return
          x = 2
      }
      func forever() { while true { x = 3 } }
      thread a {
          f()
          if x == 9 { return } else { return }
          if x == 1 { x = 4 }
      }
      thread b {
          while true { x = 5; continue; x = 6 }
          x = 7
      }
      thread c {
          forever()
          x = 8
      }
      thread d {
          loop { if x == 1 { break } else { break } }
          fail
          x = 9
      }
      """,
      .strong,
      [
        "never-terminates b", "never-terminates c", "vacuous line 5", "vacuous line 10",
        "vacuous line 11", "vacuous line 14",
        "vacuous line 15", "vacuous line 19", "vacuous line 24",
      ]
    ),
    (
      "one of many waits for all of them, itself too: which one it is matters",
      """
      atomic shared x = 0
      thread t * 2 { choose { join t } or { x = 1; loop { sleep 1 } } }
      """,
      .strong,
      ["blocked-forever t", "never-terminates t", "misuse line 2"]
    ),
    (
      "a lock is released by another than who took it, and has ended",
      """
      atomic shared x = 0
      atomic shared y = 0
      atomic shared z = 0
      lock l
      event held
      event over
      thread a { l.acquire(); held.set(); over.wait() }
      thread b { held.wait(); l.acquire(); x = 1; over.set() }
      thread c { held.wait(); sleep 1; l.release(); over.wait() }
      thread d { held.wait(); if x == 1 { y = 1 }; z = 1; over.wait() }
      finally { assert y == 0 }
      """,
      .strong,
      ["assertion line 11", "leak l"]
    ),
    (
      "a claim in a function fails without a lost update where it is called first, and with one only where it is called last",
      """
      shared x = 1
      func look() { assert x != 2 }
      thread a { let seen = x; x = seen + 1 }
      thread b { look(); x = 0; look() }
      """,
      .strong,
      ["lost-update x", "assertion line 2"]
    ),
    (
      "the least integer is no `none` in a text",
      """
      shared x = -9223372036854775807
      thread t {
          x -= 1
          let y = x
          assert "\\(y)" == "-9223372036854775808"
      }
      """,
      .strong,
      []
    ),
    (
      "texts are equal if their scalars are, as in Python: an accented letter in one scalar and in two",
      """
      priority queue q
      thread t {
          let composed = "\u{E9}"
          let decomposed = "e\u{301}"
          assert composed != decomposed && "\\(composed)" != "\\(decomposed)"
          assert composed > "f" && decomposed < "f"
          q.put("f")
          q.put(decomposed)
          q.put(composed)
          assert q.get() == "e\u{301}" && q.get() == "f" && q.get() == "\u{E9}"
      }
      """,
      .strong,
      []
    ),
    (
      "a call is reached where it stands, whatever becomes of the same function elsewhere",
      """
      shared x = 0
      func step() { x = 1 }
      func ends() { if x < 5 { return 1 } }
      thread t {
          if x == 5 { step() }
          step()
          let a = ends()
          assert a == 1
          if x == 5 { let b = ends() }
          if 0 > 1 { step() } else { step() }
      }
      """,
      .strong,
      ["vacuous line 5", "vacuous line 9", "vacuous line 10"]
    ),
  ]

  @Test func `a claim that takes too long to evaluate is no pass`() throws {
    for text in [
      "thread t { sleep 1 }\nfinally { var n = 0; while n < 2000000 { n += 1 }; assert n < 3 }",
      "func f() { var n = 0; while n < 2000000 { n += 1 }; return n }\nthread t { sleep 1 }\ninvariant f() > 3",
    ] {
      #expect(try answer(text).limit != nil)
      let result = try Checker(engine: ExhaustiveEngine()).check(Question(try program(text)))
      #expect(result.verdict == .inconclusive)
    }
  }

  @Test(arguments: cases)
  func `is judged alike`(
    scenario: (name: String, text: String, fairness: Fairness, findings: [String])
  ) throws {
    let found = try findings(scenario.text, fairness: scenario.fairness)
    #expect(found == scenario.findings, "\(scenario.name)")
    let comparison = Comparison(try program(scenario.text), fairness: scenario.fairness)
    #expect(comparison.report == "", "\(scenario.name)")
  }
}
