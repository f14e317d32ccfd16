import Foundation
import Heddle
import Testing

/// The invariants of reports, checked by something else than what found them.
@Suite(.enabled(if: Scenario.whySymbolicIsMissing == nil)) struct `Proofs` {
  /// A scenario, the numbers of threads it is checked with, and what the report says of it.
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var statement: String
    var parameters: [[String: Int]] = [[:]]
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "deposits",
      text: """
        shared balance = 0
        lock guard
        thread deposit * 4 { with guard { balance += 100 } }
        finally { assert balance == 400 }
        """,
      statement:
        "`balance` is always 100 times the number of `deposit` threads that have ended"
    ),
    Case(
      name: "any number of deposits",
      text: """
        const n = any >= 1
        shared balance = 0
        lock guard
        thread deposit * n { with guard { balance += 100 } }
        finally { assert balance == 100 * n }
        """,
      statement:
        "`balance` is always 100 times the number of `deposit` threads that have ended",
      parameters: [["n": 2], ["n": 3], ["n": 5]]
    ),
    Case(
      name: "any number of counters",
      text: """
        const n = any >= 2
        shared count = 0
        lock guard
        thread counter * n { for _ in 0..<2 { with guard { count += 1 } } }
        finally { assert count == 2 * n }
        """,
      statement:
        "`count` is always 2 times the number of `counter` threads that have ended + "
        + "the number of `counter` threads before line 4 (3 of 3)",
      parameters: [["n": 2], ["n": 4]]
    ),
    Case(
      name: "endless transfers",
      text: """
        shared a = 3
        shared b = 2
        lock guard
        daemon thread transfer * 2 may outlive main {
            while true {
                let amount = any Int
                assume amount > 0
                with guard { if a >= amount { a -= amount; b += amount } }
            }
        }
        thread check { with guard { assert a + b == 5; assert a >= 0 } }
        """,
      statement: "`a` + `b` is always 5"
    ),
    Case(
      name: "any amount",
      text: """
        shared balance = 0
        lock guard
        thread deposit(amount) { with guard { balance += amount } }
        main {
            let amount = any Int
            assume amount > 0 && amount < 1000
            let team = start deposit(amount) * 2
            join team
            assert balance == amount * 2
        }
        """,
      statement: "`balance` is never less than 0"
    ),
    Case(
      name: "different amounts",
      text: """
        shared balance = 0
        lock guard
        thread deposit(amount) { with guard { balance += amount } }
        main {
            let first = start deposit(100)
            let second = start deposit(50)
            join first
            join second
            assert balance == 150
        }
        """,
      statement:
        "`balance` is always (100 if deposit#1 has ended) + (50 if deposit#2 has ended)"
    ),
    Case(
      name: "a value handed over by a flag",
      text: """
        atomic shared value = 0
        atomic shared ready = false
        daemon thread produce may outlive main {
            while true {
                let n = any Int
                assume n >= 2
                if !ready { value = n; ready = true }
            }
        }
        thread consume { if ready { assert value >= 2 } }
        """,
      statement: "`value` is at least 2 while `ready` is true"
    ),
    Case(
      name: "a till that two endless threads guard by flags of their own",
      text: """
        atomic shared wants = [false, false]
        atomic shared turn = 0
        shared balance = 5
        daemon thread take(me) may outlive main {
            while true {
                let amount = any Int
                assume amount >= 0
                wants[me] = true
                turn = 1 - me
                while wants[1 - me] && turn == 1 - me { sleep 0 }
                if balance >= amount { balance -= amount }
                assert balance >= 0
                wants[me] = false
            }
        }
        main { start take(0); start take(1) }
        """,
      statement: "`balance` is at least 0, always"
    ),
    Case(
      name: "a value that may be missing",
      text: """
        shared x: Int? = none
        lock m
        daemon thread writer may outlive main {
            while true {
                let v = any Int
                assume v > 0
                with m { x = v }
            }
        }
        thread reader { with m { let r = x; if r != none { assert r > 0 } } }
        """,
      statement: "`x` is at least 1 or `x` is none, always"
    ),
    Case(
      name: "any number of deposits that main waits for",
      text: """
        const n = any >= 1
        shared balance = 0
        lock guard
        thread deposit { with guard { balance += 100 } }
        main {
            let team = start deposit * n
            join team
            assert balance == 100 * n
        }
        """,
      statement:
        "`balance` is always 100 times the number of `deposit` threads that have ended",
      parameters: [["n": 2], ["n": 3], ["n": 4]]
    ),
  ]

  private func report(_ text: String) throws -> ProofChecker.Report {
    let folder = try Folder()
    let file = try folder.file("proof.heddle", text)
    let run = ToolRun(["verify", file, "--engine", "z3", "--format", "json"])
    #expect(run.status == 0, "\(run.output)")
    let report = try JSONDecoder().decode(ProofChecker.File.self, from: Data(run.output.utf8))
    return try #require(report.scenarios.first?.proof)
  }

  @Test(arguments: cases)
  func `are told in the words of the scenario, and hold in every state and step that is executed`(
    example: Case
  ) throws {
    let report = try report(example.text)
    #expect((report.summary + report.invariants.map(\.text)).contains(example.statement))
    for parameters in example.parameters {
      let checker = try #require(
        ProofChecker(scenario: example.text, report: report, parameters: parameters)
      )
      let (mistakes, states, steps) = checker.mistakes()
      #expect(mistakes.isEmpty)
      #expect(states > 3 && steps > 20, "too little was looked at: \(states), \(steps)")
    }
  }

  @Test func `that are wrong are found out`() throws {
    let example = Self.cases[0]
    let report = try report(example.text)
    for (number, invariant) in report.invariants.enumerated() where invariant.relation == "= 0" {
      var wrong = report
      wrong.invariants[number].sum.append(ProofChecker.Report.Part(factor: -1, of: "one"))
      let checker = try #require(
        ProofChecker(scenario: example.text, report: wrong, parameters: [:])
      )
      #expect(!checker.mistakes().messages.isEmpty)
    }
  }

  @Test func `that steps do not keep are found out, even if every reachable state satisfies them`()
    throws
  {
    let example = Self.cases[3]
    var report = try report(example.text)
    // That neither till is below zero follows from the sum only together with bounds that are dropped here.
    report.invariants.removeAll { $0.relation == "= 0" }
    let checker = try #require(
      ProofChecker(scenario: example.text, report: report, parameters: [:])
    )
    let messages = checker.mistakes().messages
    #expect(!messages.isEmpty && messages.allSatisfy { $0.hasPrefix("not kept") })
  }

  @Test func `says of several numbers no more than was tried`() throws {
    let folder = try Folder()
    let waits = "const n = any >= 1\nconst m = any >= 1\nthread t * n { sleep m }\n"
    let proved = ToolRun(["verify", try folder.file("waits.heddle", waits)]).output
    #expect(proved.contains("every number of threads `n` from 1 to 2147483647"))
    #expect(proved.replacing(#/\s+/#, with: " ").contains("every `m` from 1 to 2147483647"))
    let open = """
      const n = any >= 1
      const m = any >= 1
      shared x = 0
      lock l
      thread t * n { with l { x += 1 } }
      thread u * m { with l { x += 1 } }
      finally { assert x <= 9 }
      """
    let run = ToolRun(["verify", try folder.file("open.heddle", open)])
    #expect(run.status == 3)
    #expect(
      run.output.replacing(#/\s+/#, with: " ").contains(
        "from `n` = 1, `m` = 1, all raised together, up to `n` = 4, `m` = 4"
      )
    )
  }

  @Test(arguments: [
    // The third thread breaks the claim, and with two there is a lost update already.
    (2, 1, ["shown with `n` = 3", "assertion on line 9 is not expected"]),
    (9, 0, ["shown with `n` = 2", "as expected", "not every number of threads was tried"]),
  ])
  func `what is expected of a small number hides nothing that a larger one shows`(
    most: Int,
    status: Int32,
    words: [String]
  ) throws {
    let text = """
      const n = any >= 1
      atomic shared x = 0
      shared y = 0
      lock l
      thread t * n {
          x += 1
          with l {
              y += 1
              assert y <= \(most)
          }
      }
      expect lost-update on x
      """
    let folder = try Folder()
    let run = ToolRun(["verify", try folder.file("larger.heddle", text)])
    #expect(run.status == status)
    let output = run.output.replacing(#/\s+/#, with: " ")
    for part in words { #expect(output.contains(part)) }
  }
}
