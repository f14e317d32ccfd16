public import BigInt
public import HeddleProgram
public import HeddleSemantics

/// What is established about a scenario.
public enum Verdict: String, Sendable {
  /// Every order was covered, and none shows an error.
  case pass
  /// Some order shows an error.
  case fail
  /// A limit was reached before either was established.
  case inconclusive
}

/// Why a search is not complete.
public enum LimitReached: Sendable, Hashable {
  case states(Int)
  case memory(bytes: Int)
  case seconds(Double)
  case machine(MachineLimit)
  /// Something that only one engine has.
  case engine(EngineLimit)
  /// The machine has hardly any memory left, whoever uses it.
  case machineMemory
  case interrupted

  /// What an answer of the outer world says about a search with limits; `nil` if it may go on.
  public init?(_ answer: Supervisor.Answer, _ limits: Limits) {
    switch answer {
    case .goOn: return nil
    case .outOfTime: self = .seconds(limits.seconds ?? 0)
    case .outOfMemory: self = .machineMemory
    case .interrupted: self = .interrupted
    }
  }
}

/// A limit of one engine, in its own words.
public struct EngineLimit: Sendable, Hashable {
  /// What was reached, or is not there: a clause without a full stop.
  public var reason: String
  /// What a user can do about it: a clause without a full stop.
  public var advice: String

  /// Creates a limit.
  public init(reason: String, advice: String) {
    self.reason = reason
    self.advice = advice
  }
}

/// How much was done.
public struct Statistics: Sendable, Equatable {
  /// Different states stored.
  public var states = 0
  /// Steps taken from stored states.
  public var transitions = 0
  /// The length of the longest of the shortest ways to a state.
  public var depth = 0
  /// Seconds from question to answer, measured by whoever asked; `nil` if nobody did, or if it is not to be told.
  public var seconds: Double?
  /// The most bytes in use for states and tables; `nil` if it is not to be told.
  public var peakMemoryBytes: Int? = 0
  /// Bytes of one stored state's own words; what a state costs beyond them is tables.
  public var bytesPerState = 0
  /// Steps that constraints speak about, for an engine that stores no states.
  public var events = 0
  /// Questions put to a solver.
  public var queries = 0

  /// Nothing done yet.
  public init() {}
}

/// What holds of a scenario although a limit was reached.
public struct Established: Sendable, Equatable {
  /// Whether everything but endless runs was judged.
  public var isCompleteButForEndlessRuns = false
  /// So many steps of every order were tried; `nil` if the search does not go by steps.
  public var steps: Int?
  /// Every order with so few preemptions was tried; `nil` if not even those without any were.
  public var preemptions: Int?
  /// What was covered completely, of what was asked: a clause without a full stop.
  public var part: String?

  /// Nothing.
  public init() {}
}

/// What was left out of a search because something else was like it.
public struct ReductionUse: Sendable, Equatable {
  /// Interchangeable threads.
  public struct Group: Sendable, Equatable {
    /// Their declaration.
    public var type: ThreadTypeID
    /// How many.
    public var threadCount: Int

    /// Creates a group.
    public init(type: ThreadTypeID, threadCount: Int) {
      self.type = type
      self.threadCount = threadCount
    }
  }

  /// How many steps were taken together with the one before, because nothing can come between.
  public var mergedSteps: Int
  /// The threads that were counted once.
  public var interchangeable: [Group]
  /// The threads that would be counted once if they were joined as a whole.
  public var joinedOneByOne: [Group]
  /// In how many states not all threads had to be tried.
  public var statesWithFewerThreads: Int

  /// Nothing was left out.
  public static let none = ReductionUse()

  /// Creates a summary.
  public init(
    mergedSteps: Int = 0,
    interchangeable: [Group] = [],
    joinedOneByOne: [Group] = [],
    statesWithFewerThreads: Int = 0
  ) {
    self.mergedSteps = mergedSteps
    self.interchangeable = interchangeable
    self.joinedOneByOne = joinedOneByOne
    self.statesWithFewerThreads = statesWithFewerThreads
  }
}

/// What an engine found, before it is replayed and explained.
public struct EngineAnswer: Sendable {
  /// One finding with the order that shows it.
  public struct RawFinding: Sendable {
    /// What it is about.
    public var key: FindingKey
    /// The best order; `nil` for what no order shows.
    public var schedule: Schedule?
    /// The finding that causes it, if it is only a consequence.
    public var cause: FindingKey?

    /// Whether no order shows it with fewer preemptions, or with as few and fewer steps.
    public var isShortest = true
    /// How the order goes on to a claim that fails because of this finding.
    public var continuation: Continuation?

    /// Creates a finding.
    public init(key: FindingKey, schedule: Schedule?, cause: FindingKey? = nil) {
      self.key = key
      self.schedule = schedule
      self.cause = cause
    }
  }

  /// Steps from the end of a finding's order to the failure of a claim.
  public struct Continuation: Sendable {
    /// The assertion or invariant.
    public var claim: FindingKey
    /// The steps; none if the claim is false right after the order.
    public var steps: [Schedule.Step]

    /// Creates a continuation.
    public init(claim: FindingKey, steps: [Schedule.Step]) {
      self.claim = claim
      self.steps = steps
    }
  }

  /// What was found, ascending by key.
  public var findings: [RawFinding]
  /// Why the search is not complete; `nil` if every order was covered.
  public var limit: LimitReached?
  /// How much was done.
  public var statistics: Statistics
  /// The number of orders, if it was asked for and there is no cycle.
  public var orders: BigInt?
  /// What was left out.
  public var reductions = ReductionUse.none
  /// What holds although a limit was reached.
  public var established = Established()
  /// The odds, if they were asked for.
  public var odds: OddsAnswer?
  /// The limit at which counting orders stopped.
  public var ordersLimit: LimitReached?
  /// The survey, if it was asked for and the search is complete.
  public var coverage: Coverage?
  /// The limit at which the survey stopped, though the search is complete.
  public var coverageLimit: LimitReached?
  /// What makes the states so many, if a limit on their number, memory or time was reached.
  public var explosion: Explosion?
  /// The proof, if the answer is one.
  public var proof: Proof?

  /// Creates an answer.
  public init(
    findings: [RawFinding],
    limit: LimitReached?,
    statistics: Statistics,
    orders: BigInt? = nil
  ) {
    self.findings = findings
    self.limit = limit
    self.statistics = statistics
    self.orders = orders
  }
}

/// Something that answers questions.
public protocol Engine: Sendable {
  /// The name used in reports and on the command line.
  var name: String { get }

  /// Answers a question. Equal questions get equal answers, times apart.
  func answer(_ question: Question, supervisor: Supervisor) -> EngineAnswer
}

/// What is said about a scenario in the end: the verdict, and everything a report needs.
public struct CheckResult: Sendable {
  /// The scenario.
  public var program: Program
  /// The engine's name.
  public var engine: String
  /// The fairness that was used.
  public var fairness: Fairness
  /// Pass, fail or inconclusive.
  public var verdict: Verdict
  /// Whether that is what the scenario's `expect` lines say.
  public var isExpected: Bool
  /// Expectations that were not met, and errors that were not expected, as sentences.
  public var surprises: [String]
  /// Errors and warnings, ascending by key; consequences are inside.
  public var findings: [Finding]
  /// Why the search is not complete.
  public var limit: LimitReached?
  /// How much was done.
  public var statistics: Statistics
  /// The number of orders, if it was asked for and there is no cycle.
  public var orders: BigInt?
  /// Whether the number of orders was asked for.
  public var countsOrders: Bool
  /// Why this engine answered, if nobody asked for it: a clause without a full stop.
  public var engineReason: String?
  /// The only kinds that were looked for, ascending; empty for all.
  public var kinds: [FindingKind] = []
  /// What was left out because something else was like it.
  public var reductions = ReductionUse.none
  /// What holds although a limit was reached.
  public var established = Established()
  /// What the scenario meant in detail.
  public var machineOptions = MachineOptions()
  /// The limit at which counting orders stopped, though the search is complete.
  public var ordersLimit: LimitReached?
  /// Whether the odds of findings were asked for.
  public var asksOdds = false
  /// Why there are no odds, though they were asked for.
  public var oddsGap: OddsGap?
  /// Whether a survey was asked for.
  public var surveysCoverage = false
  /// The survey; `nil` also if it, or the search, is not complete.
  public var coverage: Coverage?
  /// The limit at which the survey stopped, though the search is complete.
  public var coverageLimit: LimitReached?
  /// What makes the states so many, if a limit was reached for that.
  public var explosion: Explosion?
  /// The proof, if there is more to show than that every order was tried.
  public var proof: Proof?

  /// The findings that make the scenario fail.
  public var errors: [Finding] { findings.filter { $0.severity == .error } }
  /// The findings that do not.
  public var warnings: [Finding] { findings.filter { $0.severity == .warning } }
}
