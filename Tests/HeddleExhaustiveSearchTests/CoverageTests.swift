import HeddleChecking
import HeddleExhaustiveSearch
import HeddleProgram
import HeddleSemantics
import Testing

@Suite struct `The survey of coverage` {
  private func coverage(_ text: String) throws -> (Coverage, Program) {
    var question = Question(try program(text))
    question.surveysCoverage = true
    let answer = ExhaustiveEngine().answer(question, supervisor: .none)
    return (try #require(answer.coverage), question.program)
  }

  private func outcomes(_ coverage: Coverage) -> [String] {
    coverage.outcomes.map { outcome in
      outcome.values.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }.sorted()
  }

  /// Two unlocked deposits of 100 and 50 end with either one or with both.
  @Test func `lists the values and the ends of a scenario`() throws {
    let (coverage, program) = try coverage(
      """
      shared balance = 0
      thread deposit(amount) { let current = balance; balance = current + amount }
      main {
          let a = start deposit(100)
          let b = start deposit(50)
          join a
          join b
      }
      """
    )
    #expect(coverage.values.map(\.name) == ["balance"])
    #expect(coverage.values[0].values == ["0", "50", "100", "150"])
    #expect(outcomes(coverage) == ["balance=100", "balance=150", "balance=50"])
    #expect(coverage.outcomeCount == 3)
    #expect(coverage.reachedStatementCount == coverage.statementCount)
    // Every sample order ends as it says.
    for outcome in coverage.outcomes {
      let trace = try Replayer(Machine(program)).replay(#require(outcome.order))
      #expect(trace.steps.last?.after.variables == outcome.values)
    }
  }

  @Test func `surveys the plain graph, whatever may be left out otherwise`() throws {
    let text = "shared x = 0\nthread t * 4 { atomic { x += 1 } }\nfinally { assert x == 4 }"
    let (coverage, program) = try coverage(text)
    #expect(coverage.values[0].values == ["0", "1", "2", "3", "4"])
    #expect(outcomes(coverage) == ["x=4"])
    var question = Question(program)
    #expect(ExhaustiveEngine().answer(question, supervisor: .none).statistics.states < 16)
    question.surveysCoverage = true
    #expect(ExhaustiveEngine().answer(question, supervisor: .none).statistics.states == 16)
  }

  @Test func `lists elements, strings and absent values as they are written`() throws {
    let (coverage, _) = try coverage(
      """
      shared seen: [Int] = [0; 2]
      shared last: Int? = none
      shared word = "a"
      thread t * 2 { seen[self.index] = self.index + 5 }
      thread u { last = 3; word = "b" }
      """
    )
    #expect(coverage.values.map(\.elementCount) == [2, 1, 1])
    #expect(
      coverage.values.map(\.values) == [["0", "5", "6"], ["none", "3"], ["\"a\"", "\"b\""]]
    )
    #expect(outcomes(coverage) == ["seen[0]=5 seen[1]=6 last=3 word=\"b\""])
  }

  @Test func `counts what is never reached`() throws {
    let (coverage, _) = try coverage("shared x = 0\nthread t { if x == 1 { x = 2 } }")
    #expect(coverage.statementCount == 2)
    #expect(coverage.reachedStatementCount == 1)
  }

  @Test func `bounds its lists, and says how many there are`() throws {
    let (coverage, _) = try coverage("shared x = 0\nthread t { let n = any 0...99; x = n }")
    #expect(coverage.values[0].count == 100)
    #expect(coverage.values[0].values.count == Coverage.maximumValues)
    #expect(coverage.values[0].largest == "99")
    #expect(coverage.outcomeCount == 100)
    #expect(coverage.outcomes.count == Coverage.maximumOutcomes)
  }

  /// Main ends at any moment; what the daemon does afterwards is no end of the scenario.
  @Test func `takes the moment at which the last thread ends that has to`() throws {
    let (coverage, _) = try coverage(
      """
      atomic shared x = 0
      daemon thread ticker may outlive main { x = 1; x = 2 }
      main { start ticker }
      """
    )
    #expect(outcomes(coverage) == ["x=0"])
    #expect(coverage.values[0].values == ["0", "1", "2"])
  }

  @Test func `is not there if the search is not complete`() throws {
    var question = Question(
      try program("shared x = 0\nthread t * 4 { x += 1 }"),
      limits: Limits(states: 10)
    )
    question.surveysCoverage = true
    #expect(ExhaustiveEngine().answer(question, supervisor: .none).coverage == nil)
  }
}
