public import HeddleProgram
public import HeddleSemantics

/// Which endless runs count.
public enum Fairness: String, Sendable, CaseIterable {
  /// A thread that could move again and again does move.
  case strong
  /// A thread that could move from some point on without a break does move.
  case weak
  /// Every endless run counts.
  case none
}

/// How much an engine may spend before it stops and says so.
public struct Limits: Sendable, Equatable {
  /// The largest number of states stored; `nil` for no limit but the store's own.
  public var states: Int?
  /// The most memory for stored states and their tables, in bytes.
  public var memoryBytes: Int?
  /// The longest time, in seconds.
  public var seconds: Double?

  /// Creates limits; `nil` is none.
  public init(states: Int? = nil, memoryBytes: Int? = nil, seconds: Double? = nil) {
    self.states = states
    self.memoryBytes = memoryBytes
    self.seconds = seconds
  }
}

/// A way to leave orders out because others are like them.
public enum Reduction: String, Sendable, Hashable, CaseIterable {
  /// Steps that nothing can come between are taken together.
  case merging
  /// Interchangeable threads are counted once.
  case symmetry
  /// Of threads that cannot get in each other's way, some are tried first.
  case ampleSets = "ample-sets"
}

/// What an engine is asked: a program, what it means in detail, and how far to go.
public struct Question: Sendable {
  /// The scenario.
  public var program: Program
  /// Details of the meaning.
  public var machineOptions: MachineOptions
  /// Which endless runs count.
  public var fairness: Fairness
  /// Where to stop.
  public var limits: Limits
  /// Whether to count the orders, if there is no cycle.
  public var countsOrders: Bool
  /// What may be left out; whatever is not sound for a finding is not used for it.
  public var reductions: Set<Reduction> = Set(Reduction.allCases)
  /// Whether to prove that the shown orders are the shortest, whatever it costs.
  public var provesShortest = false
  /// The only kinds of findings that anybody wants; empty for all.
  ///
  /// An engine may report others too.
  public var kinds: Set<FindingKind> = []
  /// How many cores may be used, at least 1; the answer is the same however many.
  public var cores = 1
  /// How many states a level of the search needs for several cores to share it; `nil` for the engine's choice.
  public var smallLevel: Int?
  /// How many states a graph may have to be small enough for endless runs to be judged in it without any reduction; `nil` for the engine's choice.
  public var smallGraph: Int?
  /// How many pairs of a state and a running thread are tried in the order of preemptions before the search; `nil` for the engine's choice.
  public var firstHunt: Int?
  /// Whether to compute how likely a uniformly random scheduler shows each finding.
  public var asksOdds = false
  /// Whether to survey the values that variables took and how runs end.
  public var surveysCoverage = false

  /// Whether the answer needs every plain step of every order, without reductions.
  public var needsPlainGraph: Bool { countsOrders || asksOdds || surveysCoverage }

  /// Creates a question with the language's defaults.
  public init(
    _ program: Program,
    machineOptions: MachineOptions = MachineOptions(),
    fairness: Fairness = .strong,
    limits: Limits = Limits(),
    countsOrders: Bool = false
  ) {
    self.program = program
    self.machineOptions = machineOptions
    self.fairness = fairness
    self.limits = limits
    self.countsOrders = countsOrders
  }
}

/// What an engine reports while it works.
public struct Progress: Sendable, Equatable {
  /// What it is doing.
  public enum Phase: String, Sendable {
    case preparing
    case searching
    case judgingCycles
    case countingOrders
    case weighingOrders
    case surveying
    case shorteningTraces
  }

  /// What it is doing.
  public var phase: Phase
  /// States stored so far.
  public var states: Int
  /// Transitions taken so far.
  public var transitions: Int
  /// States stored and not yet expanded.
  public var frontier: Int
  /// Steps from the start to the states that are being expanded.
  public var depth: Int
  /// Bytes in use for the search.
  public var memoryBytes: Int
  /// Different findings so far.
  public var findings: Int

  /// Creates a report.
  public init(
    phase: Phase,
    states: Int,
    transitions: Int,
    frontier: Int,
    depth: Int,
    memoryBytes: Int,
    findings: Int
  ) {
    self.phase = phase
    self.states = states
    self.transitions = transitions
    self.frontier = frontier
    self.depth = depth
    self.memoryBytes = memoryBytes
    self.findings = findings
  }
}

/// The outer world as far as an engine may see it: it says whether the search has run too long, whether others need the
/// memory, and whether to stop.
///
/// Engines read no clock of their own. `progress` is called every few thousand transitions.
public struct Supervisor: Sendable {
  /// What to do next.
  public enum Answer: Sendable { case goOn, outOfTime, outOfMemory, interrupted }

  /// Hears where the engine is, and says whether it may go on.
  public var progress: @Sendable (Progress) -> Answer

  /// Creates a supervisor.
  public init(progress: @escaping @Sendable (Progress) -> Answer) {
    self.progress = progress
  }

  /// One that always lets the engine go on.
  public static let none = Supervisor { _ in .goOn }
}
