import HeddleChecking
import HeddleExhaustiveSearch
import HeddleProgram
import Synchronization
import Testing

/// Counts how often an engine asks in each phase, and interrupts it at one of these questions.
private final class Listener: Sendable {
  private let counts = Mutex([Progress.Phase: Int]())
  private let phase: Progress.Phase
  private let last: Int

  /// Interrupts at question number `last` of a phase.
  init(_ phase: Progress.Phase, last: Int = .max) {
    self.phase = phase
    self.last = last
  }

  func count(_ phase: Progress.Phase) -> Int { counts.withLock { $0[phase, default: 0] } }

  var supervisor: Supervisor {
    Supervisor { progress in
      self.counts.withLock { counts in
        counts[progress.phase, default: 0] += 1
        return counts[self.phase, default: 0] >= self.last ? .interrupted : .goOn
      }
    }
  }
}

@Suite struct `Every phase asks whether it may go on` {
  /// Two threads that never end, one that waits for ever, and a daemon that does.
  private static let endless = """
    atomic shared x = 0
    event never
    thread spinner * 2 {
        loop { let n = any 0...9; atomic { x = (x + n) % 40 } }
    }
    thread waiter { never.wait() }
    expect never-terminates on spinner
    """

  /// All that is asked for beside the verdict, and a finding.
  private static let finite = """
    shared x = 0
    thread t * 3 {
        let n = any 0...3
        let old = x
        x = old + n
    }
    """

  /// Threads with much code that asks for their own index.
  private static func long(threads: Int, statements: Int) -> String {
    let code = String(repeating: "  a[self.index] = 1\n", count: statements)
    return "shared a = [0; \(threads)]\nthread t * \(threads) {\n\(code)}\n"
  }

  @Test func `where the steps of much code are looked at, and stops at once`() throws {
    let question = Question(try program(Self.long(threads: 8, statements: 2_000)))
    let whole = Listener(.preparing)
    let interrupted = Listener(.searching, last: 1)
    _ = ExhaustiveEngine().answer(
      question,
      supervisor: Supervisor { progress in
        _ = whole.supervisor.progress(progress)
        return interrupted.supervisor.progress(progress)
      }
    )
    let count = whole.count(.preparing)
    #expect(count > 8 * 2_000 / 4_096)
    for last in [1, 2, count / 2, count] {
      let listener = Listener(.preparing, last: last)
      let answer = ExhaustiveEngine().answer(question, supervisor: listener.supervisor)
      #expect(answer.limit == .interrupted && answer.findings.isEmpty)
      #expect(answer.statistics.states == 0)
      #expect(listener.count(.preparing) == last)
    }
  }

  /// Sixty threads with as much code as a file can hold would be three million steps to look at.
  @Test func `and looks at code once if there is too much of it for each thread`() throws {
    func questions(threads: Int) throws -> Int {
      let listener = Listener(.preparing)
      let stop = Listener(.searching, last: 1)
      let text = Self.long(threads: threads, statements: 17_600)
      _ = ExhaustiveEngine().answer(
        Question(try program(text)),
        supervisor: Supervisor { progress in
          _ = listener.supervisor.progress(progress)
          return stop.supervisor.progress(progress)
        }
      )
      return listener.count(.preparing)
    }
    #expect(try questions(threads: 60) < questions(threads: 2))
  }

  @Test(arguments: [[], Set(Reduction.allCases)], [Fairness.strong, .weak])
  func `where endless runs are judged, and stops at once`(
    reductions: Set<Reduction>,
    fairness: Fairness
  ) throws {
    var question = Question(try program(Self.endless), fairness: fairness)
    question.reductions = reductions
    let whole = Listener(.judgingCycles)
    let answer = ExhaustiveEngine().answer(question, supervisor: whole.supervisor)
    #expect(answer.limit == nil)
    #expect(answer.findings.contains { $0.key.kind == .neverTerminates })
    // Components, the graph of the cycles, and where the waiter never moves: each goes through all steps.
    let count = whole.count(.judgingCycles)
    #expect(count > 3 * answer.statistics.transitions / 4_096)
    for last in [1, 2, count / 2, count] {
      let listener = Listener(.judgingCycles, last: last)
      let answer = ExhaustiveEngine().answer(question, supervisor: listener.supervisor)
      #expect(answer.limit == .interrupted, "at question \(last) of \(count)")
      #expect(listener.count(.judgingCycles) == last)
      #expect(answer.established.isCompleteButForEndlessRuns)
    }
  }

  @Test(arguments: [Progress.Phase.countingOrders, .weighingOrders, .surveying])
  func `where something is surveyed, and the verdict stands`(phase: Progress.Phase) throws {
    var question = Question(try program(Self.finite))
    question.countsOrders = true
    question.asksOdds = true
    question.surveysCoverage = true
    let whole = Listener(phase)
    let expected = ExhaustiveEngine().answer(question, supervisor: whole.supervisor)
    let count = whole.count(phase)
    #expect(count >= 1 + expected.statistics.states / 4_096)
    #expect(expected.orders != nil && expected.coverage != nil)
    for last in Set([1, (count + 1) / 2, count]) {
      let listener = Listener(phase, last: last)
      let answer = ExhaustiveEngine().answer(question, supervisor: listener.supervisor)
      #expect(listener.count(phase) == last)
      #expect(answer.limit == nil)
      #expect(answer.findings.map(\.key) == expected.findings.map(\.key))
      #expect(answer.findings.map(\.schedule) == expected.findings.map(\.schedule))
      switch phase {
      case .countingOrders: #expect(answer.ordersLimit == .interrupted && answer.orders == nil)
      case .weighingOrders: #expect(answer.odds == .gap(.stopped(.interrupted)))
      default: #expect(answer.coverageLimit == .interrupted && answer.coverage == nil)
      }
    }
  }

  /// The table of the odds is several times what the search needs.
  @Test func `and odds for which there is no memory leave the verdict alone`() throws {
    var question = Question(try program(Self.finite))
    question.asksOdds = true
    let expected = ExhaustiveEngine().answer(question, supervisor: .none)
    let peak = try #require(expected.statistics.peakMemoryBytes)
    var gaps: [OddsAnswer?] = []
    for bytes in stride(from: peak, through: 16 * peak, by: peak / 4) {
      question.limits = Limits(memoryBytes: bytes)
      let answer = ExhaustiveEngine().answer(question, supervisor: .none)
      guard answer.limit == nil else { continue }
      #expect(answer.findings.map(\.key) == expected.findings.map(\.key))
      if answer.odds != .gap(.stopped(.memory(bytes: bytes))) {
        #expect(answer.odds == expected.odds)
      }
      gaps.append(answer.odds)
    }
    #expect(gaps.contains { if case .gap? = $0 { true } else { false } })
    #expect(gaps.contains(expected.odds))
  }
}

@Suite struct `A limit that is reached` {
  /// The table grows by half, by 80 KB and more before these limits; what is stored between two hearings is less than 4 096 states.
  @Test(arguments: [170_000, 230_000, 300_000, 370_000])
  func `stops before a larger table would need more memory than is allowed`(bytes: Int) throws {
    let threads = ["a", "b", "c"].map { name in
      """
      atomic shared \(name) = 0
      thread turn_\(name) { loop { atomic { \(name) = (\(name) + 1) % 60 } } }
      """
    }
    var question = Question(
      try program(threads.joined(separator: "\n")),
      limits: Limits(memoryBytes: bytes)
    )
    question.reductions = []
    let answer = ExhaustiveEngine().answer(question, supervisor: .none)
    #expect(answer.limit == .memory(bytes: bytes))
    let slack = 4_096 * (answer.statistics.bytesPerState + 1)
    let peak = try #require(answer.statistics.peakMemoryBytes)
    #expect(peak <= bytes + slack)
    #expect(peak > bytes / 2)
  }

  /// The assertion fails first after as many steps as the complete search says; nothing before it may be claimed to be more.
  @Test func `says what holds all the same, and no more`() throws {
    let text = """
      atomic shared x = 0
      atomic shared y = 0
      thread a { for _ in 0..<12 { x += 1 } }
      thread b { for _ in 0..<12 { y += 1; assert x + y != 9 } }
      """
    var question = Question(try program(text))
    question.reductions = []
    let whole = ExhaustiveEngine().answer(question, supervisor: .none)
    let shortest = try #require(whole.findings.first { $0.key.kind == .assertion }?.schedule)
    #expect(whole.limit == nil && whole.established.isCompleteButForEndlessRuns)
    var told = Set<Int>()
    for states in 2..<40 {
      question.limits = Limits(states: states)
      let answer = ExhaustiveEngine().answer(question, supervisor: .none)
      #expect(answer.limit == .states(states))
      #expect(!answer.established.isCompleteButForEndlessRuns)
      let steps = try #require(answer.established.steps)
      told.insert(steps)
      if !answer.findings.contains(where: { $0.key.kind == .assertion }) {
        #expect(steps < shortest.steps.count)
      }
    }
    #expect(told.count > 3)
  }

  @Test func `leaves what orders with few preemptions have shown`() throws {
    let steps = Array(repeating: "x += 1", count: 6).joined(separator: "; ")
    let text = "atomic shared x = 0\nthread t * 4 { let n = any 0...9; \(steps) }"
    let answer = ExhaustiveEngine().answer(
      Question(try program(text), limits: Limits(states: 5_000)),
      supervisor: .none
    )
    #expect(answer.limit == .states(5_000))
    #expect(!answer.established.isCompleteButForEndlessRuns)
    // Steps are put off by reductions, so that layers say nothing.
    #expect(answer.established.steps == nil)
  }
}
