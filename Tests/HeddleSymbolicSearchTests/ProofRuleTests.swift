import HeddleChecking
import HeddleProgram
import Testing

@testable import HeddleSymbolicSearch

/// Where a rule for proofs does not apply, nothing is proved by it.
@Suite(.enabled(if: hasSolver)) struct `A proof is refused` {
  /// Scenarios that look as if sections were one step, or nobody could get in between.
  static let traps: [Construct] = [
    Construct(
      "a value carried from one section to the next",
      """
      shared x = 0
      lock guard
      thread t * 2 {
          var seen = 0
          with guard { seen = x }
          with guard { x = seen + 1 }
      }
      """
    ),
    Construct(
      "an assumption that no run meets, in a statement that every run reaches",
      """
      shared x = 0
      thread t { assume 0 >= 0 && x == 1 }
      """
    ),
    Construct(
      "a reader without the lock",
      """
      shared a = 0
      shared b = 0
      lock guard
      thread writer { with guard { a += 1; b += 1 } }
      thread reader { let x = a; let y = b; assert x == y }
      """
    ),
    Construct(
      "another lock for the same variable",
      """
      shared a = 0
      lock left
      lock right
      thread one { with left { a += 1 } }
      thread two { with right { a += 1 } }
      """
    ),
    Construct(
      "an invariant that is false in the middle of a section",
      """
      shared a = 0
      shared b = 0
      lock guard
      thread t * 2 { with guard { a += 1; b += 1 } }
      invariant a == b
      """
    ),
    Construct(
      "an invariant over variables of two locks",
      """
      shared a = 0
      shared b = 0
      lock left
      lock right
      thread one { with left { a = 1; a = 0 } }
      thread two { with right { b = 1; b = 0 } }
      invariant a + b < 2
      """
    ),
    Construct(
      "a daemon that is killed in its section",
      """
      shared a = 0
      lock guard
      daemon thread d { with guard { a += 1 } }
      thread t { with guard { a += 1 } }
      """
    ),
    Construct(
      "a `finally` that comes in the middle of a daemon's section",
      """
      shared a = 0
      lock guard
      daemon thread d may outlive main { with guard { a += 1; a -= 1 } }
      thread t { with guard { sleep 1 } }
      finally { assert a == 0 }
      """
    ),
    Construct(
      "a thread that nobody joins",
      """
      shared a = 0
      lock guard
      thread t { with guard { a += 1 } }
      main { let h = start t }
      """
    ),
    Construct(
      "a thread that never ends",
      """
      shared a = 0
      lock guard
      thread t { while true { with guard { a = 1 } } }
      """
    ),
    Construct(
      "an overflow",
      """
      shared a = 9223372036854775800
      lock guard
      thread t * 2 { with guard { a += 5 } }
      """
    ),
    Construct(
      "a race of interchangeable threads at one place",
      """
      shared a = 0
      thread t * 2 { a = 1 }
      """
    ),
    Construct(
      "a statement that no run reaches",
      """
      shared a = 0
      lock guard
      thread t * 2 { with guard { if a < 0 { a = 5 } } }
      """
    ),
    Construct(
      "a race of a write that an assumption ends the run behind",
      """
      shared x = [0, 0]
      thread a { let v = any 0...1; x[v] = 1; assume v == 0 }
      thread b { x[1] = 2 }
      """
    ),
    Construct(
      "a section that an assumption ends the run in",
      """
      atomic shared x = [0, 0]
      shared z = 0
      lock m
      thread a {
          let v = any 0...1
          with m { x[v] = 1; let y = z; assume v + y == 0 }
      }
      thread b { let seen = x[1]; assert seen == 0 }
      """
    ),
    Construct(
      "an invariant over what an assumption ends the run behind",
      """
      shared x = [0, 0]
      shared z = 0
      shared w = 0
      lock m
      lock n
      thread a {
          let v = any 0...1
          with m { x[v] = 5; let y = z; assume v + y == 0 }
      }
      thread b { with n { w = 1; w = 0 } }
      invariant !(x[1] == 5 && w == 1)
      """
    ),
    Construct(
      "a `finally` that sees what a daemon wrote before an assumption ended the run",
      """
      shared x = [0, 0]
      shared z = 0
      lock m
      daemon thread d may outlive main {
          let v = any 0...1
          with m { x[v] = 1; let y = z; assume v + y == 0 }
      }
      thread t { sleep 1 }
      finally { assert x[1] == 0 }
      """
    ),
    Construct(
      "an invariant over two atomic blocks of a section",
      """
      atomic shared x = 0
      atomic shared z = 0
      lock m
      lock n
      thread a { with m { atomic { x = 5 }; atomic { x = 0 } } }
      thread b { with n { atomic { z = 1 }; atomic { z = 0 } } }
      invariant !(x == 5 && z == 1)
      """
    ),
    Construct(
      "an invariant over two sections that an assumption ends the run in",
      """
      shared x = 0
      shared w = 0
      shared z = any 0...1
      lock m
      lock n
      thread a { with m { x = 5; assume z == 1 } }
      thread b { with n { w = 1; assume z == 1 } }
      invariant !(x == 5 && w == 1 && z == 0)
      """
    ),
    Construct(
      "a `join` of an endless thread, behind which an assumption ends the run",
      """
      atomic shared s = 0
      daemon thread d may outlive main { while true { s = 1 } }
      thread t { sleep 1 }
      main {
          let a = start t
          let b = start d
          let team = [a, b]
          let v = any 0...1
          join team[v]
          assume v == 0
      }
      """
    ),
    Construct(
      "a thread that fails when it is started, though an assumption follows",
      """
      shared s = 0
      thread t(p) { assert p == 0; s = 1 }
      main { let v = any 0...1; let h = start t(v); assume v == 0; join h }
      """
    ),
    Construct(
      "a thread that fails when it is started with any value, though an assumption follows",
      """
      shared s = 0
      thread t(p) { assert p >= 0; s = 1 }
      main { let v = any Int; let h = start t(v); assume v >= 0; join h }
      """
    ),
    Construct(
      "an atomic block against a section",
      """
      atomic shared a = 0
      lock guard
      thread one { with guard { let x = a; a = x + 1 } }
      thread two { atomic { a += 1 } }
      finally { assert a == 2 }
      """
    ),
  ]

  @Test(arguments: [Fairness.weak, .none])
  func `without strong fairness where threads are endless`(fairness: Fairness) throws {
    let text = """
      lock m
      shared x = 0
      daemon thread busy may outlive main { while true { with m { x = 2 } } }
      thread one { with m { x = 1 } }
      """
    var question = Question(try program(text), fairness: fairness)
    #expect(SymbolicEngine().answer(question, supervisor: .none).proof == nil)
    question.kinds = [.dataRace, .lostUpdate]
    #expect(SymbolicEngine().answer(question, supervisor: .none).proof != nil)
  }

  @Test func `where an invariant misuses something, and only that is asked`() throws {
    let text = """
      shared x = 0
      lock m
      thread t * 2 { with m { x += 1 } }
      invariant 10 / x < 100
      """
    var question = Question(try program(text))
    question.kinds = [.misuse]
    #expect(SymbolicEngine().answer(question, supervisor: .none).proof == nil)
  }

  /// What holds where all threads were started, and fails where `main` started none.
  @Test(arguments: ["start w", "start w * 2", "start w * n"])
  func `not for what is only so if threads are started`(start: String) throws {
    let count = start.hasSuffix("n") ? "n" : start.hasSuffix("2") ? "2" : "1"
    let text = """
      const n = \(count == "n" ? "any >= 1" : "2")
      shared go = any Int
      shared x = 0
      lock g
      thread w { with g { x += 1 } }
      main { if go == 1 { \(start) } }
      finally { assert x == \(count) }
      """
    var question = Question(try program(text))
    question.kinds = [.assertion]
    #expect(SymbolicEngine().answer(question, supervisor: .none).proof == nil)
    let either = text.replacing("assert x ==", with: "assert x == 0 || x ==")
    question.program = try program(either)
    let answer = SymbolicEngine().answer(question, supervisor: .none)
    #expect(answer.proof != nil, "\(String(describing: answer.limit))")
  }

  /// Claims that only a value fails which random runs hardly come to, so that everything depends on what is stated about the others.
  static let rare = [
    """
    shared x = 0
    lock g
    thread t { with g { assert x != 12345 } }
    main {
        let n = any Int
        assume n > 0
        start t
        with g { x = n }
    }
    """,
    """
    shared x = 0
    lock g
    thread late { with g { x += 5 } }
    main {
        let a = any -2...60000
        with g { x = a }
        start late
        assert a <= 60000 && a >= -2
    }
    finally { assert x <= 60000 }
    """,
    """
    shared x = 0
    lock g
    main {
        let a = any -2...60000
        with g { x = a + a }
        with g { assert x != 119_998 }
        assert a <= 60000 && a >= -2
    }
    """,
  ]

  @Test(arguments: rare) func `not for what a rare value breaks`(text: String) throws {
    var question = Question(try program(text))
    question.kinds = [.assertion]
    let answer = SymbolicEngine().answer(question, supervisor: .none)
    #expect(answer.proof == nil)
    #expect(answer.findings.map(\.key.kind) == [.assertion])
  }

  @Test func `where two different threads update what only single steps protect`() throws {
    var question = Question(
      try program("atomic shared x = 0\nthread a { x += 1 }\nthread b { x += 1 }")
    )
    question.kinds = [.lostUpdate]
    let answer = SymbolicEngine().answer(question, supervisor: .none)
    #expect(answer.proof == nil)
    #expect(answer.findings.map(\.key.kind) == [.lostUpdate])
  }

  @Test(arguments: traps) func `for`(construct: Construct) throws {
    let question = Question(try program(construct.text))
    var attempt = ProofAttempt(question, limits: .init()) { true }
    guard case .open = try attempt.run() else {
      Issue.record("proved: \(construct.text)")
      return
    }
    let result = try differences(construct.text)
    #expect(result.differences.isEmpty)
  }

  @Test func `for a scenario of any number of threads that only small numbers satisfy`() throws {
    let text = """
      const n = any >= 1
      shared a = 0
      lock guard
      thread t * n { with guard { a += 1 } }
      invariant a < 1000
      finally { assert a == n }
      """
    let answer = SymbolicEngine().answer(Question(try program(text)), supervisor: .none)
    #expect(answer.proof == nil)
    #expect(answer.limit != nil)
  }

  @Test func `not for what holds with every number`() throws {
    let text = """
      const n = any >= 1
      const m = any >= 2
      shared a = 0
      lock guard
      thread up * n { with guard { a += 3 } }
      thread down * m { with guard { a -= 1 } }
      finally { assert a == 3 * n - m }
      """
    let answer = SymbolicEngine().answer(Question(try program(text)), supervisor: .none)
    #expect(answer.proof != nil)
    #expect(answer.limit == nil)
  }
}
