import HeddleChecking
import HeddleSemantics

/// The cores of a search: expands stored states, on one core or on several, and hands back what was found in the order of the states.
///
/// While several cores expand, the store stays as it is; the search changes it afterwards, alone and in the order of the states, so that all is
/// numbered as one core would number it. How many states are expanded at a time may therefore depend on anything.
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

  /// States that a core takes at a time.
  private static let stretch = 64
  /// With more single steps for each state than this, a core takes one state at a time.
  private static let manySteps = 64
  /// What each of several cores does before the search takes it over: about a millisecond of work, whose results stay in the cache.
  private static let stepsInARound = 4_096
  /// A second core is not worth waking for fewer states.
  private static let leastForSeveral = 1_024

  private let members: [SearchMember]
  private let smallLevel: Int
  private var hasStarted = false
  /// Single steps taken so far, also those of states that are expanded again later.
  private(set) var stepCount = 0
  private var expandedCount = 0

  init(_ judge: Judge, _ strategy: SearchStrategy, _ size: Size) {
    // Which number a text gets depends on who makes it first.
    let cores = judge.machine.makesTexts ? 1 : max(1, size.cores)
    smallLevel = size.smallLevel ?? Self.leastForSeveral
    members = (0..<cores).map { _ in SearchMember(judge, strategy) }
  }

  deinit {
    if hasStarted { for member in members.dropFirst() { member.stop() } }
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
    let areSeveral = members.count > 1 && states.count >= smallLevel
    let isSmall = areSeveral && states.count < 4 * members.count * Self.stretch
    let isLong = stepCount > Self.manySteps * expandedCount
    let assignment = SearchMember.Assignment(
      states: states,
      stretch: isSmall || isLong ? 1 : Self.stretch,
      enoughSteps: areSeveral ? Self.stepsInARound : 1,
      store: store,
      usesAmpleSets: usesAmpleSets,
      claims: SearchMember.Counter(states.lowerBound)
    )
    let helpers = areSeveral ? members.dropFirst() : []
    if areSeveral, !hasStarted {
      for helper in helpers { helper.start() }
      hasStarted = true
    }
    for helper in helpers { helper.begin(assignment) }
    members[0].expandShare(of: assignment)
    for helper in helpers { helper.finish() }
    var batches = members[0].takeKept()
    if areSeveral {
      for helper in helpers { batches += helper.takeKept() }
      batches.sort { $0.firstState < $1.firstState }
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
}
