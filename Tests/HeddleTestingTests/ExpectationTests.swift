import Foundation
import HeddleTesting
import Synchronization
import Testing

/// Runs expectations that are to fail, and gives the issues that they record.
func issues(_ body: () -> Void) -> [Issue] {
  let recorded = Mutex<[Issue]>([])
  withKnownIssue(isIntermittent: true) {
    body()
  } matching: { issue in
    recorded.withLock { $0.append(issue) }
    return true
  }
  return recorded.withLock { $0 }
}

extension Issue {
  /// What people read.
  var message: String { comments.map(\.rawValue).joined(separator: "\n") }
}

@Suite struct `Expectations` {
  static let locked = """
    shared balance = 0
    lock guard
    thread deposit * 2 { with guard { balance += 100 } }
    finally { assert balance == 200 }
    """

  static let racy = """
    shared balance = 0
    thread deposit * 2 { balance += 100 }
    expect lost-update on balance
    expect data-race on balance
    """

  static let stuck = """
    lock left
    lock right
    shared total = 0
    thread alice { with left { with right { total += 1 } } }
    thread bob { with right { with left { total += 1 } } }
    """

  static let endless = """
    queue items
    thread producer { loop { items.put(1) } }
    """

  @Test func `a correct scenario records nothing`() {
    let found = issues {
      expectPasses(Self.locked)
      expectRaceFree(Self.locked)
      expectAsDeclared(Self.locked)
    }
    #expect(found.isEmpty)
  }

  @Test func `a race is one issue with the whole report`() throws {
    let found = issues { expectPasses(Self.racy) }
    let issue = try #require(found.first)
    #expect(found.count == 1)
    #expect(issue.message.contains("does not pass: lost update on `balance` [HD101]"))
    #expect(issue.message.contains("preempted"))
    #expect(issue.message.contains("complete: "))
  }

  @Test func `race freedom is about races alone`() {
    #expect(issues { expectRaceFree(Self.stuck) }.isEmpty)
    #expect(issues { expectPasses(Self.stuck) }.count == 1)
    #expect(issues { expectRaceFree(Self.racy) }.count == 1)
  }

  @Test func `a finding is found by kind and by subject`() {
    let found = issues {
      expectFinding(.lostUpdate, in: Self.racy)
      expectFinding(.lostUpdate, on: "balance", in: Self.racy)
      expectFinding(.deadlock, on: "alice", "bob", in: Self.stuck)
    }
    #expect(found.isEmpty)
    let missing = issues {
      expectFinding(.lostUpdate, in: Self.locked)
      expectFinding(.lostUpdate, on: "other", in: Self.racy)
      expectFinding(.deadlock, on: "alice", in: Self.stuck)
    }
    #expect(missing.count == 3)
  }

  @Test func `expect lines decide what is as declared`() {
    #expect(issues { expectAsDeclared(Self.racy) }.isEmpty)
    #expect(issues { expectAsDeclared(Self.stuck) }.count == 1)
    #expect(issues { expectAsDeclared(Self.locked + "\nexpect deadlock") }.count == 1)
  }

  @Test func `an inconclusive verdict fails unless it is allowed`() throws {
    let issue = try #require(issues { expectPasses(Self.endless) }.first)
    #expect(issue.message.contains("is inconclusive"))
    #expect(issues { expectPasses(Self.endless, allowsInconclusive: true) }.isEmpty)
    var options = VerifyOptions.forTests
    options.limits = Limits(states: 1)
    #expect(issues { expectPasses(Self.locked, options: options) }.count == 1)
    #expect(issues { expectFinding(.deadlock, in: Self.locked, options: options) }.count == 1)
  }

  @Test func `an error is not excused by a limit`() {
    let text = Self.endless + "\nthread other { assert false }"
    #expect(issues { expectPasses(text, allowsInconclusive: true) }.count == 1)
  }

  @Test func `constants, fairness and limits reach the engine`() {
    let counted = "const n = 2\nshared x = 0\nthread w * n { x += 1 }\n"
    #expect(issues { expectRaceFree(counted, constants: ["n": 1]) }.isEmpty)
    #expect(issues { expectRaceFree(counted) }.count == 1)
    let polling = """
      atomic shared flag = false
      thread waiter { while !flag { sleep 1 } }
      thread setter { flag = true }
      """
    #expect(issues { expectPasses(polling) }.isEmpty)
    var options = VerifyOptions.forTests
    options.fairness = .none
    #expect(issues { expectPasses(polling, options: options) }.count == 1)
  }

  @Test func `what is no scenario is an issue, not a pass`() throws {
    let issue = try #require(issues { expectPasses("shared = 0") }.first)
    #expect(issue.message.contains("this is no scenario"))
    #expect(issues { expectPasses(ScenarioFile("no/such.heddle")) }.count == 1)
    #expect(issues { expectAsDeclared(ScenarioFile.folder("no/such/folder")[0]) }.count == 1)
  }

  @Test func `a correct scenario of two threads costs little`() throws {
    let clock = ContinuousClock()
    let fastest = (0..<10).map { _ in clock.measure { expectPasses(Self.locked) } }.min()
    print("a correct scenario of two threads: \(fastest ?? .zero)")
    let statistics = try Scenario(text: Self.locked).verify(.forTests).statistics
    #expect(statistics.states == 2)
    #expect(statistics.transitions == 1)
  }
}
