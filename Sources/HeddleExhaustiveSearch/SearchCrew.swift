import Dispatch
import HeddleChecking
import HeddleSemantics
import Synchronization

/// The cores of a search: expands stored states, on one core or on several, and hands back what was found in the order of the states.
///
/// While several cores expand, the store stays as it is; the search changes it afterwards, alone and in the order of the states, so that all is
/// numbered as one core would number it. How many states are expanded at a time may therefore depend on anything.
struct SearchCrew: Sendable {
  /// States that a core takes at a time.
  private static let stretch = 64
  /// With more single steps for each state than this, a core takes one state at a time.
  private static let manySteps = 64
  /// A core takes no more states after so many single steps: a few milliseconds of work.
  private static let stepsInARound = 16_384
  /// A second core is not worth waking for fewer states.
  private static let leastForSeveral = 1_024

  private let members: [Member]
  private let smallLevel: Int
  /// Single steps taken so far, also those of states that are expanded again later.
  private(set) var stepCount = 0
  private var expandedCount = 0

  /// How many cores a search may use, and from which size of a level on.
  struct Size: Sendable {
    var cores = 1
    /// `nil` for what pays.
    var smallLevel: Int?

    init() {}

    init(_ question: Question) {
      cores = question.cores
      smallLevel = question.smallLevel
    }
  }

  init(_ judge: Judge, _ strategy: SearchStrategy, _ size: Size) {
    // Which number a text gets depends on who makes it first.
    let cores = judge.machine.makesTexts ? 1 : max(1, size.cores)
    smallLevel = size.smallLevel ?? Self.leastForSeveral
    members = (0..<cores).map { _ in Member(judge, strategy) }
  }

  /// Expands the first of some states, as many as are good to do at a time.
  ///
  /// - Parameters:
  ///   - states: What is left of a level; at least one.
  ///   - store: Where they are.
  ///   - usesAmpleSets: Whether an ample set is enough where there is one.
  /// - Returns: What was found, in the order of the states, from the first one on without a gap; to be given back to ``recycle(_:)``.
  mutating func expand(
    _ states: Range<Int>,
    of store: StateStore,
    usesAmpleSets: Bool
  ) -> [SuccessorBatch] {
    let isSmall = states.count < 4 * members.count * Self.stretch
    let isLong = stepCount > Self.manySteps * expandedCount
    let stretch = isLong || members.count > 1 && isSmall ? 1 : Self.stretch
    let assignment = Assignment(
      states: states,
      stretch: stretch,
      store: store,
      usesAmpleSets: usesAmpleSets
    )
    let batches: [SuccessorBatch]
    if members.count > 1, states.count >= smallLevel {
      batches = expandTogether(assignment)
    } else {
      batches = [members[0].expand(assignment, from: states.lowerBound)]
    }
    stepCount = members.reduce(0) { $0 + $1.stepCount }
    expandedCount = batches.reduce(expandedCount) { $0 + $1.states.count }
    return batches
  }

  /// Lets batches be used again.
  func recycle(_ batches: consuming [SuccessorBatch]) {
    for (index, batch) in batches.enumerated() { members[index % members.count].recycle(batch) }
  }

  /// Adds what was covered to the effects of another explorer.
  func addCoverage(to effects: inout StepEffects) {
    for member in members { member.addCoverage(to: &effects) }
  }

  private func expandTogether(_ assignment: Assignment) -> [SuccessorBatch] {
    let next = Counter(assignment.states.lowerBound)
    DispatchQueue.concurrentPerform(iterations: members.count) { index in
      let member = members[index]
      let enough = member.stepCount + Self.stepsInARound
      while member.stepCount < enough {
        let first = next.claim(assignment.stretch)
        guard first < assignment.states.upperBound else { break }
        member.keep(member.expand(assignment, from: first))
      }
    }
    return members.flatMap { $0.takeKept() }.sorted { $0.firstState < $1.firstState }
  }

  /// What is to be expanded.
  private struct Assignment: Sendable {
    var states: Range<Int>
    var stretch: Int
    var store: StateStore
    var usesAmpleSets: Bool
  }

  /// Hands out numbers.
  private final class Counter: Sendable {
    private let next: Atomic<Int>

    init(_ first: Int) { next = Atomic(first) }

    func claim(_ count: Int) -> Int { next.wrappingAdd(count, ordering: .relaxed).oldValue }
  }

  /// One core: only one thread at a time works for it.
  private final class Member: Sendable {
    private let work: Mutex<Work>

    private struct Work: ~Copyable {
      var expander: Expander
      var kept: [SuccessorBatch] = []
      var spare: [SuccessorBatch] = []
    }

    init(_ judge: Judge, _ strategy: SearchStrategy) {
      work = Mutex(Work(expander: Expander(judge, strategy)))
    }

    var stepCount: Int { work.withLock { $0.expander.explorer.stepCount } }

    func expand(_ assignment: Assignment, from first: Int) -> SuccessorBatch {
      work.withLock { work in
        var batch = work.spare.popLast() ?? SuccessorBatch()
        work.expander.expand(
          first..<min(first + assignment.stretch, assignment.states.upperBound),
          of: assignment.store,
          levelEnd: assignment.states.upperBound,
          usesAmpleSets: assignment.usesAmpleSets,
          into: &batch
        )
        return batch
      }
    }

    func keep(_ batch: SuccessorBatch) { work.withLock { $0.kept.append(batch) } }

    func takeKept() -> [SuccessorBatch] {
      work.withLock { work in
        let kept = work.kept
        work.kept = []
        return kept
      }
    }

    func recycle(_ batch: SuccessorBatch) { work.withLock { $0.spare.append(batch) } }

    func addCoverage(to effects: inout StepEffects) {
      let covered = work.withLock { $0.expander.explorer.effects }
      effects.addCoverage(of: covered)
    }
  }
}
