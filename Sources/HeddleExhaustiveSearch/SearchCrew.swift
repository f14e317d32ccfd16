import HeddleChecking
import HeddleSemantics

/// The cores of a search: expands stored states, on one core or on several, and hands back what was found in the order of the states.
///
/// States are only stored by the search itself, in the order of those that they come from, so that all is numbered as one core would number it. How many
/// states are expanded at a time may therefore depend on anything. A round has three parts: expanding, which only reads states and may go on while
/// the search stores what the round before has found; looking up, which needs the store as it is then; and storing. Storing looks up too: only where
/// there are more cores than it can feed, the others do it beforehand.
struct SearchCrew: ~Copyable {
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

  /// States that the only core takes at a time.
  private static let stretch = 64
  /// States that each of several cores takes at a time: the last to end keeps the others waiting.
  private static let sharedStretch = 16
  /// With more single steps for each state than this, a core takes one state at a time.
  private static let manySteps = 64
  /// What each of several cores does before the search takes it over: about a millisecond of work, whose results stay in the cache.
  private static let stepsInARound = 4_096
  /// Storing is a third of all work, so that it feeds one core besides that of the search; with two of them nobody waits, and nothing is looked up twice.
  private static let mostThatStoringFeeds = 2
  /// A second core is not worth waking for fewer states.
  private static let leastForSeveral = 1_024

  private let members: [SearchMember]
  private let pool = BatchPool()
  private let smallLevel: Int
  private var hasStarted = false
  /// How many members share the present work.
  private var busy = 1
  /// Single steps taken so far, also those of states that are expanded again later.
  private(set) var stepCount = 0
  private var expandedCount = 0

  init(_ judge: Judge, _ strategy: SearchStrategy, _ size: Size) {
    // Which number a text gets depends on who makes it first.
    let cores = judge.machine.makesTexts ? 1 : max(1, size.cores)
    smallLevel = size.smallLevel ?? Self.leastForSeveral
    members = (0..<cores).map { [pool] _ in SearchMember(judge, strategy, pool) }
  }

  deinit {
    if hasStarted { for member in members.dropFirst() { member.stop() } }
  }

  /// Whether several cores would share the states that are left of a level.
  func isShared(_ numbers: Range<Int>) -> Bool {
    members.count > 1 && numbers.count >= smallLevel
  }

  /// Makes the other cores, if they are to share the work, expand some states while the search itself does something else.
  ///
  /// - Parameters:
  ///   - numbers: What is left of a level; at least one.
  ///   - store: Where they are; only what it stores may change until ``finish(_:)``, and no value may get a code.
  ///   - usesAmpleSets: Whether an ample set is enough where there is one; then nothing at all may change.
  /// - Returns: For ``finish(_:)``.
  mutating func begin(
    _ numbers: Range<Int>,
    of store: StateStore,
    usesAmpleSets: Bool
  ) -> SearchMember.Assignment {
    let isShared = isShared(numbers)
    let isSmall = isShared && numbers.count < 4 * members.count * Self.sharedStretch
    let isLong = stepCount > Self.manySteps * expandedCount
    let assignment = SearchMember.Assignment(
      // With one core nothing changes before all is expanded.
      states: isShared ? store.states.prefix(before: numbers.upperBound) : store.states,
      levelEnd: numbers.upperBound,
      stretch: isSmall || isLong ? 1 : isShared ? Self.sharedStretch : Self.stretch,
      cores: isShared ? members.count : 1,
      ampleSetTable: usesAmpleSets ? store : nil,
      claims: SearchMember.Claims(numbers)
    )
    busy = isShared ? members.count : 1
    if isShared, !hasStarted {
      for helper in helpers { helper.start() }
      hasStarted = true
    }
    for helper in helpers { helper.begin(assignment) }
    return assignment
  }

  /// Expands on this core too, and waits for the others.
  mutating func finish(_ assignment: consuming SearchMember.Assignment) {
    members[0].expandShare(of: assignment, steps: busy > 1 ? Self.stepsInARound : 1)
    assignment.claims.close()
    for helper in helpers { _ = helper.finish() }
    stepCount = members.reduce(0) { $0 + $1.stepCount }
  }

  /// Hands back what was found, without what is stored already if enough cores can look for it.
  ///
  /// - Returns: What was found, in the order of the states, from the first one on without a gap; to be given back to ``recycle(_:)``.
  mutating func lookUp(in store: StateStore, levelEnd: Int) -> [SuccessorBatch] {
    if busy > Self.mostThatStoringFeeds {
      for helper in helpers { helper.beginLookUp(in: store, levelEnd: levelEnd) }
      members[0].lookUp(in: store, levelEnd: levelEnd)
      for helper in helpers where !helper.finish() { helper.lookUp(in: store, levelEnd: levelEnd) }
    }
    var batches = members[0].takeKept()
    if busy > 1 {
      for helper in helpers { batches += helper.takeKept() }
      batches.sort { $0.firstState < $1.firstState }
    }
    expandedCount = batches.reduce(expandedCount) { $0 + $1.states.count }
    return batches
  }

  private var helpers: ArraySlice<SearchMember> { members[1..<busy] }

  /// Lets batches be used again.
  func recycle(_ batches: [SuccessorBatch]) { pool.giveBack(batches) }

  /// Adds what was covered to the effects of another explorer.
  func addCoverage(to effects: inout StepEffects) {
    for member in members { member.addCoverage(to: &effects) }
  }
}
