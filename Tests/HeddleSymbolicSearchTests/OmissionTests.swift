import HeddleChecking
import HeddleProgram
import HeddleSemantics
import Testing

@testable import HeddleSymbolicSearch

/// What each constraint is there for: without it, some scenario gets another answer.
@Suite(.enabled(if: hasSolver)) struct `Every constraint is needed` {
  private static let all =
    Construct.ofLocks + Construct.ofQueues + Construct.ofEvents + Construct.ofThreads
    + Construct.ofMemory + Construct.ofValues + more

  /// The scenario that shows it, by its claim.
  static let witnesses: [(label: ConstraintLabel, claim: String)] = [
    (.waitPasses, "a waiter comes after the set"),
    (.wake, "who has waited does not get through before the set"),
    (.failedAcquisition, "an acquisition of what nobody holds succeeds"),
    (.freeLock, "another thread may release"),
    (.exclusion, "a lock keeps others out"),
    (.permit, "one permit is a lock"),
    (.semaphoreBound, "a bounded semaphore has a bound"),
    (.seenWriteHappens, "an rlock is free only after its last release"),
    (.seenWriteIsEarlier, "a block waits for its guard"),
    (.seenValue, "a lock keeps others out"),
    (.seenWriteIsLast, "a lock keeps others out"),
    (.initialValue, "an rlock is free only after its last release"),
    (.initialValueIsLast, "a lock keeps others out"),
    (.readSeesSomething, "a lock keeps others out"),
    (.room, "a full queue lets nobody put"),
    (.queueLength, "a queue that grows past its limit is not followed"),
    (.itemIsThere, "who does not wait sees the queue as it is"),
    (.doneTooOften, "join waits until all is done"),
    (.allDone, "join waits until all is done"),
    (.getTakesSomething, "what was put first is got first"),
    (.takerHappens, "what was put first is got first"),
    (
      .giverHappens,
      "items of two consumers of one producer come in order to each, in any order to both"
    ),
    (.takenAfterPut, "each item is got once"),
    (.takenValue, "what was put first is got first"),
    (
      .oneGetPerItem,
      "items of two consumers of one producer come in order to each, in any order to both"
    ),
    (
      .firstInFirstOut,
      "items of two consumers of one producer come in order to each, in any order to both"
    ),
    (.observedSize, "sizes are those of the moment"),
    (.observation, "sizes are those of the moment"),
    (.alive, "a join with a timeout may give up only while the other runs"),
    (.joinedHasEnded, "two producers come in either order"),
    (.timedJoin, "a join with a timeout of a thread that has ended joins it"),
    (.bounds, "a value is one of its range"),
    (.executedIsReached, "a lock keeps others out"),
    (.programOrder, "a lock keeps others out"),
    (.startOrder, "a thread sees what its starter saw"),
    (.oneFailure, "a bounded semaphore has a bound"),
  ]

  /// Constraints without which every answer is the same, with the reason.
  static let redundant: [(label: ConstraintLabel, reason: String)] = [
    (.derivedRange, "it follows from the others, and spares the solver finding that out"),
    (.trend, "it follows from the others, and spares the solver finding that out"),
    (.alike, "it leaves one of several like runs"),
    (
      .oneItemPerGet,
      "of two items, the earlier one must have been taken by another `get`, which may not share it"
    ),
    (.atomicGuard, "behind the guard nothing is reached, and the fewest steps never include it"),
    (.places, "only proofs have it, which without it are fewer"),
  ]

  private static let more: [Construct] = [
    Construct(
      "who has waited does not get through before the set",
      [.deadlock],
      """
      event go
      shared x = 0
      thread waiter { go.wait(); assert x == 1 }
      thread setter { x = 1; go.set(); go.clear() }
      """
    ),
    Construct(
      "a value is one of its range",
      """
      shared x = any 0...2
      thread t { assert x == 0 || x == 1 || x == 2 }
      """
    ),
    Construct(
      "a queue that grows past its limit is not followed",
      """
      queue tasks
      shared x = 0
      thread producer { tasks.put(1); tasks.put(2); tasks.put(3); assert x == 1 }
      """
    ),
    Construct(
      "a join with a timeout of a thread that has ended joins it",
      """
      event done
      thread worker { done.set() }
      main {
          let t = start worker
          done.wait()
          join t timeout 1
      }
      """
    ),
    Construct(
      "a thread sees what its starter saw",
      [.dataRace],
      """
      shared x = 0
      thread a { x = 1 }
      thread b { assert x == 1 }
      main {
          let h = start a
          let seen = x
          if seen == 1 { let g = start b; join g }
          join h
      }
      """
    ),
  ]

  /// What the engine says, as comparable text: findings, whether it is complete, and mistakes that a replay shows.
  private func answer(
    _ text: String,
    without label: ConstraintLabel?,
    limitsQueues: Bool = false
  ) throws -> String {
    var question = Question(try program(text))
    if label == .queueLength || limitsQueues { question.machineOptions.maximumQueueLength = 2 }
    let engine = SymbolicEngine(omitting: label.map { [$0] } ?? [], workPerCheck: 80_000_000)
    let answer = engine.answer(question, supervisor: .none)
    let findings = answer.findings.map {
      "\($0.key.kind.rawValue) \($0.key.subject(in: question.program))"
    }
    let limit = answer.limit == nil ? "complete" : "open"
    do {
      _ = try Checker(engine: Recorded(answer: answer)).check(question)
      return "\(limit) \(findings)"
    } catch { return "\(limit) \(findings), which does not replay" }
  }

  @Test func `or follows from the others`() {
    let known = Self.witnesses.map(\.label) + Self.redundant.map(\.label)
    #expect(Set(known) == Set(ConstraintLabel.allCases))
    #expect(known.count == ConstraintLabel.allCases.count)
  }

  @Test(arguments: witnesses) func `and without it an answer changes`(
    label: ConstraintLabel,
    claim: String
  ) throws {
    let construct = try #require(Self.all.first { $0.claim == claim })
    let whole = try answer(
      construct.text,
      without: nil,
      limitsQueues: label == .queueLength
    )
    #expect(try whole != answer(construct.text, without: label))
  }

  @Test(arguments: redundant) func `but these change none`(
    label: ConstraintLabel,
    reason: String
  ) throws {
    for construct in Self.all {
      #expect(
        try answer(construct.text, without: nil) == answer(construct.text, without: label),
        "\(construct.claim)"
      )
    }
  }
}
