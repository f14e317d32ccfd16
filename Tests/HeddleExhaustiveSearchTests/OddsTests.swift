import BigInt
import HeddleChecking
import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import HeddleScenarioGenerator
import HeddleSemantics
import Testing

@testable import HeddleExhaustiveSearch
@testable import HeddleNaiveChecker

@Suite struct `Odds under a uniformly random scheduler` {
  /// The odds of all findings, as `kind subject`.
  private func odds(_ text: String, fairness: Fairness = .strong) throws -> [String: Odds] {
    var question = Question(try program(text), fairness: fairness)
    question.asksOdds = true
    let answer = ExhaustiveEngine().answer(question, supervisor: .none)
    guard case .odds(let odds) = try #require(answer.odds) else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: odds.map { key, value in
        ("\(key.kind.rawValue) \(key.subject(in: question.program))", value)
      }
    )
  }

  private func fraction(_ numerator: Int, _ denominator: Int) -> Odds {
    Odds(.exact(numerator: BigInt(numerator), denominator: BigInt(denominator)))
  }

  /// Whoever begins has read; in half of the runs the other one reads as well before the first has written, and then one of the two is lost.
  @Test func `two unlocked deposits lose one every second time`() throws {
    let odds = try odds("shared x = 0\nthread t * 2 { let old = x; x = old + 1 }")
    #expect(odds == ["lost-update x": fraction(1, 2), "data-race x": fraction(1, 1)])
  }

  /// By hand: after the first start, half of the runs start the second thread and are where two deposits begin, 1/2.
  ///
  /// The other half read first; of those half write before the other thread exists, and the rest lose in half of the cases. 1/4 + 1/8.
  @Test func `starting them one by one makes it three in eight`() throws {
    let odds = try odds(
      """
      shared x = 0
      thread t { let old = x; x = old + 1 }
      main {
          let a = start t
          let b = start t
          join a
          join b
          assert x == 2
      }
      """
    )
    #expect(odds["lost-update x"] == fraction(3, 8))
    #expect(odds["assertion line 8"] == fraction(3, 8))
  }

  /// Whoever takes a first lock takes the second one next in half of the runs; in the other half both wait.
  @Test func `two locks in opposite order lock up every second time`() throws {
    let odds = try odds(
      """
      lock a
      lock b
      thread one { with a { with b { } } }
      thread two { with b { with a { } } }
      """
    )
    #expect(odds == ["deadlock one, two": fraction(1, 2)])
  }

  @Test func `outcomes of choices and initial values are equally likely too`() throws {
    #expect(
      try odds("thread t { let n = any 0...4; assert n != 3 }") == [
        "assertion line 1": fraction(1, 5)
      ]
    )
    #expect(
      try odds("shared n = any 0...2\nthread t { let m = n; assert m != 1 }") == [
        "assertion line 2": fraction(1, 3)
      ]
    )
  }

  @Test func `what an assumption excludes does not count`() throws {
    #expect(
      try odds("thread t { let n = any 0...4; assume n > 1; assert n != 3 }") == [
        "assertion line 1": fraction(1, 3)
      ]
    )
  }

  /// One in three fails, one in three leaves, one in three goes round again: the geometric series says 1/2.
  @Test func `a loop that is left some day has a number`() throws {
    let text = """
      thread t {
          loop {
              let n = any 0...2
              if n == 0 { assert false }
              if n == 1 { break }
          }
      }
      """
    #expect(try odds(text)["assertion line 4"] == fraction(1, 2))
  }

  /// The gambler's ruin: from 3 of 10, a fair game is won with 3/10.
  @Test func `so has a walk between two ends`() throws {
    let text = """
      shared purse = 3
      thread gambler {
          loop {
              choose { atomic { purse += 1 } } or { atomic { purse -= 1 } }
              let now = purse
              if now == 0 { break }
              assert now != 10
          }
      }
      """
    #expect(try odds(text)["assertion line 7"] == fraction(3, 10))
  }

  @Test func `what happens again and again for ever happens surely, endless runs have no number`()
    throws
  {
    let text = """
      shared x = 0
      thread a { loop { x = 1 } }
      thread b { loop { x = 2 } }
      """
    let odds = try odds(text)
    #expect(odds == ["data-race x": fraction(1, 1)])
  }

  @Test func `intervals contain the fractions, and are narrow`() throws {
    for text in [
      "shared x = 0\nthread t * 3 { x += 1 }",
      "shared x = 0\nthread t * 2 { for _ in 0..<3 { x += 1 } }",
      """
      shared purse = 3
      thread gambler {
          loop {
              choose { atomic { purse += 1 } } or { atomic { purse -= 1 } }
              let now = purse
              if now == 0 { break }
              assert now != 10
          }
      }
      """,
      """
      atomic shared flag = false
      shared x = 0
      thread spinner { while !flag { }; x += 1 }
      thread setter { x += 1; flag = true; x += 1 }
      """,
    ] {
      let judge = Judge(Machine(try program(text)))
      var search = BreadthFirstSearch(judge, .plain, limits: Limits(), supervisor: .none)
      search.run()
      var hearing = PhaseHearing(
        PhaseWatch(Limits(), .none),
        .weighingOrders,
        states: search.store.count,
        bytes: 0
      )
      let graph = ComponentGraph(&search, &hearing)
      let keys = search.found.sorted
      var exact = HittingOdds<Rational>(
        keys,
        goals: [:],
        judge: judge,
        stateCount: search.store.count,
        hasAssumptions: false
      )
      var bounded = HittingOdds<ProbabilityInterval>(
        keys,
        goals: [:],
        judge: judge,
        stateCount: search.store.count,
        hasAssumptions: false
      )
      let fractions = try #require(exact.run(&search, graph, &hearing))
      let intervals = try #require(bounded.run(&search, graph, &hearing))
      #expect(!keys.isEmpty)
      for (fraction, interval) in zip(fractions, intervals) {
        let value = Odds(
          .exact(numerator: fraction.numerator, denominator: fraction.denominator)
        ).probability
        #expect(interval.lower <= value && value <= interval.upper)
        #expect(interval.upper - interval.lower < 1e-8)
      }
    }
  }

  // MARK: Every order, one by one

  /// The probability of each finding by walking every order of the naive checker's graph, without looking at a state twice for any other reason
  /// than that an order passes through it.
  private func bruteForce(_ program: Program) -> [String: Double]? {
    let graph = Graph(
      Setting(
        program: program,
        maxQueue: 64,
        spuriousWakeups: false,
        strings: HeddleNaiveChecker.StringTable(program.strings)
      ),
      stateLimit: 400
    )
    guard graph.limits.isEmpty, let orders = numberOfOrders(graph), orders <= 20_000 else {
      return nil
    }
    var hit: [String: Double] = [:]
    var counted: [String: Double] = [:]
    func name(_ key: Key) -> String { "\(key.kind.rawValue) \(key.subject)" }
    // At the end of an order all findings that it has shown are booked.
    func book(_ shown: Set<String>, _ weight: Double, excluded: Bool) {
      for key in shown { hit[key, default: 0] += weight }
      if excluded { for key in shown { counted[key, default: 0] += weight } }
    }
    var excludedWeight = 0.0
    func follow(_ edge: Edge, _ shown: Set<String>, _ weight: Double) {
      let shown = shown.union(edge.findings.map(name))
      switch edge.outcome {
      case .ended(let counts):
        book(shown, weight, excluded: !counts)
        if !counts { excludedWeight += weight }
      case .limit: break
      case .state(let state):
        let shown = shown.union(graph.stateFindings[state].map(name))
        let edges = graph.edges[state]
        if edges.isEmpty { return book(shown, weight, excluded: false) }
        let threads = Set(edges.map(\.thread)).count
        for edge in edges {
          let choices = edges.count { $0.thread == edge.thread }
          follow(edge, shown, weight / Double(threads * choices))
        }
      }
    }
    for root in graph.roots { follow(root, [], 1 / Double(graph.roots.count)) }
    return hit.mapValues { $0 }.reduce(into: [:]) { result, entry in
      let missed = excludedWeight - counted[entry.key, default: 0]
      result[entry.key] = entry.value / (1 - missed)
    }
  }

  @Test(arguments: UInt64(1)...8)
  func `are those of all orders, walked one by one`(seed: UInt64) throws {
    var generator = ScenarioGenerator(seed: seed &+ 500)
    var compared = 0
    for _ in 0..<60 {
      let text = generator.next()
      guard let program = Frontend.load(SourceFile(name: "random.heddle", text: text)).program,
        let expected = bruteForce(program)
      else { continue }
      compared += 1
      var question = Question(program)
      question.asksOdds = true
      let answer = ExhaustiveEngine().answer(question, supervisor: .none)
      guard case .odds(let odds) = answer.odds else {
        Issue.record("no odds for\n\(text)")
        continue
      }
      // Where two claims stand on one line, the naive checker's names run together.
      var byName: [String: [Double]] = [:]
      // What daemons wait for in vain the naive checker judges on the whole graph, not along an order.
      for (key, value) in odds where key.kind != .daemonBlocked {
        byName["\(key.kind.rawValue) \(key.subject(in: program))", default: []].append(
          value.probability
        )
      }
      #expect(Set(byName.keys) == Set(expected.keys), "seed \(seed)\n\(text)")
      for (name, values) in byName where values.count == 1 {
        let difference = abs(values[0] - expected[name, default: -1])
        #expect(difference < 1e-9, "\(name): \(values[0]), \(expected[name] ?? -1)\n\(text)")
      }
    }
    #expect(compared >= 5)
  }

  // MARK: Numbers

  @Test(arguments: [
    (1, 1, 1), (9, 10, 2), (1, 2, 7), (99, 100, 1), (1, 6, 26), (1, 1_000, 4_603),
    (1, 1_000_000, 4_605_168),
  ])
  func `the runs for 99 % are the least that are enough`(
    numerator: Int,
    denominator: Int,
    runs: Int
  ) {
    #expect(fraction(numerator, denominator).runsForConfidence == runs)
  }

  @Test func `a probability that no machine number holds is still a number`() {
    let odds = Odds(.exact(numerator: 1, denominator: BigInt(10).power(400)))
    #expect(odds.probability >= 0)
    #expect(odds.runsForConfidence == nil)
    let rare = Odds(.exact(numerator: BigInt(3).power(300), denominator: BigInt(3).power(302)))
    #expect(abs(rare.probability - 1.0 / 9) < 1e-15)
  }

  @Test func `there are none if the search is not complete`() throws {
    var question = Question(
      try program("shared x = 0\nthread t * 4 { x += 1 }"),
      limits: Limits(states: 10)
    )
    question.asksOdds = true
    let answer = ExhaustiveEngine().answer(question, supervisor: .none)
    #expect(answer.odds == .gap(.searchIsIncomplete))
  }
}
