import HeddleChecking
import HeddleExhaustiveSearch
import HeddleProgram
import Testing

/// Scenarios that explode for a known reason.
@Suite struct `What makes the states so many` {
  private func explosion(
    _ text: String,
    states: Int = 4_000,
    reductions: Set<Reduction> = []
  ) throws -> (Explosion, Program) {
    var question = Question(try program(text), limits: Limits(states: states))
    question.reductions = reductions
    let answer = ExhaustiveEngine().answer(question, supervisor: .none)
    #expect(answer.limit == .states(states))
    return (try #require(answer.explosion), question.program)
  }

  /// Who wrote when is all in `log`, and nothing else depends on it.
  @Test(arguments: [[], Set(Reduction.allCases)])
  func `is a variable that keeps a history`(reductions: Set<Reduction>) throws {
    let (explosion, program) = try explosion(
      """
      atomic shared log = 0
      shared total = 0
      thread writer * 6 {
          for _ in 0..<2 { atomic { log = log * 7 + self.index + 1 } }
      }
      """,
      reductions: reductions
    )
    #expect(explosion.differences.first?.subject == .variable(VariableID(0)))
    let share = explosion.differences.first?.share ?? 0
    #expect(share > 0.8 && share < 1)
    #expect(explosion.sentences(in: program).contains { $0.hasSuffix("only in `log`") })
  }

  /// Each local of `t` is made from `x`, so that nothing but `x` is to blame.
  @Test func `is not told twice, of a variable and of what is computed from it`() throws {
    let (explosion, _) = try explosion(
      "shared x = 0\nthread t * 6 { let old = x; let next = old * 3 + self.index; x = next }"
    )
    #expect(explosion.differences.first?.subject == .variable(VariableID(0)))
    #expect(
      !explosion.differences.contains { if case .local = $0.subject { true } else { false } }
    )
  }

  @Test func `is a number that grows in a loop without end`() throws {
    let (explosion, program) = try explosion(
      """
      atomic shared next_ticket = 0
      atomic shared door = false

      thread customer * 2 {
          loop {
              atomic { next_ticket += 1 }
              door = true
          }
      }
      """
    )
    let growth = try #require(explosion.growths.first)
    #expect(growth.subject == .variable(VariableID(0)))
    #expect(growth.isEndless)
    #expect(growth.from == 0 && growth.to > 20)
    let sentence = try #require(explosion.sentences(in: program).first)
    #expect(
      sentence.hasPrefix("`next_ticket` grows without bound in the loop at line 5: from 0 to ")
    )
    #expect(explosion.advice(in: program)?.contains("the loop at line 5") == true)
  }

  @Test func `is a number that a loop with an end makes smaller`() throws {
    let (explosion, _) = try explosion(
      """
      atomic shared left = 100000
      atomic shared done = false
      thread worker * 2 {
          while left > 0 { atomic { left -= 1 } }
          done = true
      }
      """
    )
    let growth = try #require(explosion.growths.first)
    #expect(growth.subject == .variable(VariableID(0)))
    #expect(!growth.isEndless)
    #expect(growth.from == 100_000 && growth.to < growth.from)
  }

  @Test func `is what a queue holds`() throws {
    let (explosion, program) = try explosion(
      """
      queue tasks(capacity: 8)
      thread producer {
          for _ in 0..<8 { let task = any 0...9; tasks.put(task) }
      }
      """
    )
    #expect(explosion.differences.first?.subject == .object(ObjectID(0)))
    #expect(explosion.sentences(in: program).contains { $0.hasSuffix("only in `tasks`") })
  }

  @Test func `is a local that remembers too much`() throws {
    let (explosion, _) = try explosion(
      """
      thread chooser * 3 {
          let choice = any 0...30
          sleep 1
          assert choice >= 0
      }
      """
    )
    guard case .local(ThreadTypeID(0), .some)? = explosion.differences.first?.subject else {
      Issue.record("\(explosion)")
      return
    }
  }

  @Test func `is nothing but the orders themselves`() throws {
    let steps = Array(repeating: "sleep 1", count: 4).joined(separator: "; ")
    let (explosion, program) = try explosion("thread sleeper * 8 { \(steps) }")
    #expect(explosion.growths == [])
    #expect(explosion.differences.map(\.subject) == [.positions(ThreadTypeID(0))])
    #expect(
      explosion.sentences(in: program).first?.hasSuffix(
        "only in where the 8 `sleeper` threads stand"
      ) == true
    )
  }

  @Test func `is not asked where a search ends by itself, or by a limit of the machine`() throws {
    let complete = ExhaustiveEngine().answer(
      Question(try program("shared x = 0\nthread t * 2 { x += 1 }")),
      supervisor: .none
    )
    #expect(complete.explosion == nil)
    let full = ExhaustiveEngine().answer(
      Question(try program("queue q\nthread t { loop { q.put(1) } }")),
      supervisor: .none
    )
    #expect(full.limit != nil && full.explosion == nil)
  }

  @Test func `is the same every time`() throws {
    let text = "shared x = 0\nthread t * 6 { for _ in 0..<3 { x += 1 } }"
    let first = try explosion(text).0
    #expect(try explosion(text).0 == first)
  }
}
