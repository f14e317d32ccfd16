import HeddleChecking
import HeddleDifferential
import HeddleProgram
import HeddleSemantics
import Testing

@testable import HeddleExhaustiveSearch

/// The scenarios on which one or another wrong reduction goes wrong, each right with the engine's, and each wrong with the wrong one.
///
/// A wrong reduction is the right one for a program that differs in the point that it is blind to.
@Suite struct `Every reduction is sound` {
  static let cases: [(name: String, text: String, findings: [String])] = [
    (
      "an invariant sees every combination of what two threads do",
      """
      atomic shared x = 0
      atomic shared y = 0
      thread a { x = 1; x = 0 }
      thread b { y = 1; y = 0 }
      invariant x + y <= 1
      """,
      ["invariant line 5"]
    ),
    (
      "an error ends the run, and others have theirs all the same",
      """
      shared u = 0
      shared v = 0
      thread a { let own = u; assert own == 1 }
      thread b { let own = v; assert own == 1 }
      """,
      ["assertion line 3", "assertion line 4"]
    ),
    (
      "a thread that goes round for ever puts nobody off",
      """
      shared x = 0
      thread a { while true { sleep 1 } }
      thread b { x = 1; assert x == 2 }
      """,
      ["assertion line 3"]
    ),
    (
      "a try-lock sees a lock that is taken only for a moment",
      """
      lock l
      thread a { with l { } }
      thread b { if !l.acquire(blocking: false) { assert 1 > 2 } else { l.release() } }
      """,
      ["assertion line 3"]
    ),
    (
      "main may end while a daemon holds a lock",
      """
      lock l
      daemon thread d may outlive main { }
      daemon thread e { loop { with l { } } }
      thread a { sleep 1; sleep 1 }
      """,
      ["never-terminates e", "daemon-killed e"]
    ),
    (
      "a lock that a stranger releases protects nothing",
      """
      lock l
      shared x = 0
      thread a { l.acquire(); x += 1; sleep 1; x += 1 }
      thread b { sleep 1; if l.locked() { l.release() } }
      thread c { l.acquire(); x += 1; l.release() }
      """,
      ["lost-update x", "deadlock c", "misuse line 4", "misuse line 5", "leak l"]
    ),
    (
      "threads that know their index are not interchangeable",
      """
      atomic shared first = 9
      thread t * 2 { atomic { if first == 9 { first = self.index } } }
      finally { assert first == 0 }
      """,
      ["assertion line 3"]
    ),
  ]

  @Test(
    arguments: cases + ofOperations + ofStacks,
    [EngineVariant.reference] + EngineVariant.reduced
  )
  func `on the scenarios made against it`(
    scenario: (name: String, text: String, findings: [String]),
    variant: EngineVariant
  ) throws {
    let program = try program(scenario.text)
    let result = try Checker(engine: ExhaustiveEngine()).check(variant.question(program, .strong))
    #expect(
      Set(result.findings.map { "\($0.kind.rawValue) \($0.subject)" }) == Set(scenario.findings),
      "\(scenario.name)"
    )
  }

  @Test(arguments: [Fairness.weak, .none])
  func `a thread may starve under weaker fairness, and that is not merged away`(
    fairness: Fairness
  ) throws {
    let program = try program(
      "lock l\nthread t * 2 { loop { with l { } } }\nthread u { with l { } }"
    )
    let comparison = Comparison(program, fairness: fairness)
    #expect(comparison.report == "")
  }

  // MARK: Wrong ones

  /// The findings of a search whose strategy was made for another program with the same states.
  private func findings(_ text: String, blindTo change: (inout Program) -> Void) throws -> [String]
  {
    let program = try program(text)
    var other = program
    change(&other)
    let machine = Machine(program)
    var hearing = PhaseHearing(PhaseWatch(Limits(), .none), .preparing, states: 0, bytes: 0)
    let table = try #require(StepTable(other, options: machine.options, &hearing))
    let independence = Independence(table, machine)
    var strategy = SearchStrategy.plain
    strategy.merging = independence
    strategy.mergesAcrossThreads = true
    strategy.ampleSets = AmpleSets(independence, machine)
    strategy.symmetry = Symmetry(Machine(other))
    var search = BreadthFirstSearch(
      Judge(machine),
      strategy,
      limits: Limits(),
      supervisor: .none
    )
    search.run()
    return search.found.sorted.map { "\($0.kind.rawValue) \($0.subject(in: program))" }
  }

  private func replaceInstructions(
    of program: inout Program,
    _ replace: (Instruction) -> Instruction?
  ) {
    for position in program.instructions.indices {
      if let other = replace(program.instructions[position]) {
        program.instructions[position] = other
      }
    }
  }

  @Test func `and one that does not see invariants would be caught`() throws {
    let text = Self.cases[0].text
    #expect(try findings(text) { _ in } == ["invariant line 5"])
    #expect(try findings(text) { $0.invariants = [] } == [])
  }

  @Test func `and one that takes a try-lock for a lock would be caught`() throws {
    let text = Self.cases[3].text
    #expect(try findings(text) { _ in } == ["assertion line 3"])
    let wrong = try findings(text) { program in
      replaceInstructions(of: &program) {
        if case .acquire(let lock, .nonblocking, let result) = $0 {
          return .acquire(lock, .blocking, result: result)
        }
        return nil
      }
    }
    #expect(wrong == [])
  }

  @Test func `and one that takes a daemon for any thread would be caught`() throws {
    let text = Self.cases[4].text
    #expect(try findings(text) { _ in }.contains("daemon-killed e"))
    let wrong = try findings(text) { program in
      for type in program.threadTypes.indices { program.threadTypes[type].isDaemon = false }
    }
    #expect(!wrong.contains("daemon-killed e"))
  }

  @Test func `and one that overlooks a stranger's release would be caught`() throws {
    let text = Self.cases[5].text
    #expect(try findings(text) { _ in }.contains("lost-update x"))
    let wrong = try findings(text) { program in
      let stranger = program.threadTypes[1].entry.index..<program.threadTypes[2].entry.index
      for position in stranger {
        if case .release = program.instructions[position] {
          program.instructions[position] = .sleep
        }
      }
    }
    #expect(!wrong.contains("lost-update x"))
  }

  @Test func `and one that overlooks an index would be caught`() throws {
    let text = Self.cases[6].text
    #expect(try findings(text) { _ in } == ["assertion line 3"])
    let wrong = try findings(text) { program in
      replaceInstructions(of: &program) {
        if case .store(let place, .thisIndex) = $0 { return .store(place, .constant(0)) }
        return nil
      }
    }
    #expect(wrong == [])
  }

  @Test func `and one that overlooks writes would be caught`() throws {
    let text =
      "shared x = 0\nthread t { let old = x; x = old + 1 }\nthread u { let old = x; x = old + 2 }"
    #expect(try findings(text) { _ in } == ["lost-update x", "data-race x"])
    let wrong = try findings(text) { program in
      replaceInstructions(of: &program) {
        if case .store = $0 { return .sleep }
        return nil
      }
    }
    #expect(wrong == [])
  }

  @Test func `and a search of long chains still hears that its time is up`() throws {
    // Ten thousand steps are merged into one, so that states say little about the work.
    let program = try program(
      "shared x = 0\nthread t { for _ in 0..<9000000000 { x += 1 } }\nthread u { x = 1 }"
    )
    var question = Question(program)
    question.limits.seconds = 1
    let answer = ExhaustiveEngine().answer(question, supervisor: Supervisor { _ in .outOfTime })
    #expect(answer.limit == .seconds(1))
    #expect(answer.statistics.states < 100)
  }

  // MARK: Numbers

  struct Size: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var states: Int
    var testDescription: String { name }
  }

  static func philosophers(_ count: Int, isOrdered: Bool) -> String {
    let (first, second) =
      isOrdered ? ("lower(left, right)", "higher(left, right)") : ("left", "right")
    return """
      lock fork[\(count)]
      func lower(a, b) { if a < b { return a }; return b }
      func higher(a, b) { if a < b { return b }; return a }
      thread philosopher * \(count) {
          let left = self.index
          let right = (left + 1) % \(count)
          with fork[\(first)] { with fork[\(second)] { } }
      }
      """
  }

  /// What the reductions leave of families whose plain graphs grow exponentially.
  @Test(arguments: [
    // Who has finished, however many: one state for each number.
    Size(
      name: "locked deposits",
      text: "shared x = 0\nlock l\nthread t * 40 { with l { x += 1 } }",
      states: 40
    ),
    Size(name: "sleepers", text: "thread t * 40 { sleep 1 }", states: 1),
  ])
  func `and leaves few states`(size: Size) throws {
    let program = try program(size.text)
    let answer = ExhaustiveEngine().answer(Question(program), supervisor: .none)
    #expect(answer.statistics.states <= size.states + 1)
    #expect(answer.limit == nil)
  }

  @Test func `and philosophers grow like a polynomial, not like a power`() throws {
    var states: [Int] = []
    for count in [6, 12] {
      let program = try program(Self.philosophers(count, isOrdered: true))
      let answer = ExhaustiveEngine().answer(Question(program), supervisor: .none)
      #expect(answer.findings.filter { $0.key.kind.severity == .error }.isEmpty)
      states.append(answer.statistics.states)
    }
    // A plain search has 4.45 times as many for every philosopher more.
    #expect(states[1] < 16 * states[0])
  }
}
