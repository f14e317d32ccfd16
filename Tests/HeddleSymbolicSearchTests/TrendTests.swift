import HeddleChecking
import Testing

@testable import HeddleSymbolicSearch

/// What follows from updates that only lower or only raise a number, and what does not.
@Suite(.enabled(if: hasSolver)) struct `Trends of updates` {
  #if DEBUG
  private static let scenarios: UInt64 = 60
  #else
  private static let scenarios: UInt64 = 2_000
  #endif

  @Test func `are those of every amount in a range`() throws {
    var complete = 0
    for seed in 1...Self.scenarios {
      var generator = UpdateGenerator(seed: seed)
      let (symbolic, enumerated) = generator.scenario()
      let result = try differences(symbolic, from: enumerated)
      if result.isComplete { complete += 1 }
      if !result.differences.isEmpty {
        Issue.record("seed \(seed): \(result.differences.joined(separator: "; "))\n\(symbolic)")
      }
    }
    #expect(complete * 10 > Self.scenarios * 9)
  }

  /// With any opening balance and any amount, eight threads that look outside of the lock.
  private static let look = """
    shared opening = any Int
    shared account = 0
    lock guard
    thread transfer(amount) {
        var covers = false
        with guard { covers = account >= amount }
        if covers { with guard { account -= amount } }
    }
    main {
        assume opening >= 0 && opening < 1000000
        account = opening
        let amount = any Int
        assume amount > 0 && amount < 1000000
        let team = start transfer(amount) * 8
        join team
        assert account >= 0
    }
    """

  @Test func `spare the solver the orders in which nothing can be taken`() throws {
    var question = Question(try program(Self.look))
    question.kinds = [.assertion]
    func opening(omitting omitted: Set<ConstraintLabel>) -> [Int]? {
      let engine = SymbolicEngine(omitting: omitted, workPerCheck: 2_000_000)
      let answer = engine.answer(question, supervisor: .none)
      return answer.findings.first?.schedule?.initialIntegers
    }
    // An opening of 0 is refuted, since then nobody ever sees more than 0; it takes less than two thirds of the work, often much less.
    #expect(opening(omitting: []) == [1])
    #expect(opening(omitting: [.trend]) != [1])
  }
}
