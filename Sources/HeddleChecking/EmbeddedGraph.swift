public import BigInt
public import HeddleProgram
import HeddleSemantics

/// Every state and every step of a small scenario, with what the orders from each state on lead to.
///
/// For reports that let people try other orders than the one of a finding. It is made by a plain breadth-first search
/// without any reduction, apart from the engines; a scenario with more steps than ``edgeLimit`` has none.
public struct EmbeddedGraph: Sendable {
  /// The most steps of a scenario that is small enough.
  public static let edgeLimit = 10_000

  /// A state that lies between steps.
  public struct State: Sendable {
    /// What it holds.
    public var snapshot: Snapshot
    /// The step by which it was discovered, the first of ``EmbeddedGraph/edges`` that leads to it; `nil` for an initial state.
    public var discovery: Int?
    /// The steps that threads can take from it: numbers of ``EmbeddedGraph/edges``, by thread and choice.
    public var edges: Range<Int>
    /// What is wrong with the state itself, ascending; of the kinds that were asked for.
    public var findings: [FindingKey]
  }

  /// A step from a state.
  public struct Edge: Sendable {
    /// The state it leads away from.
    public var source: Int
    /// Who takes it, and which of its outcomes.
    public var step: Schedule.Step
    /// The statement it belongs to.
    public var statement: StatementID
    /// What to show behind the source, as in ``TraceStep/effect``.
    public var effect: String
    /// Whether it is a `sleep`, at which switching to another thread is no preemption.
    public var isSleep: Bool
    /// The state it leads to; `nil` if it ends the run.
    public var target: Int?
    /// Whether a failed `assume` made the run one of no interest.
    public var isExcluded: Bool
    /// What is wrong with the step, ascending; of the kinds that were asked for.
    public var findings: [FindingKey]
  }

  /// One of the ways to begin.
  public struct Beginning: Sendable {
    /// The state; `nil` if the first local work of the threads ends the run.
    public var state: Int?
    /// What is wrong right away.
    public var findings: [FindingKey]
  }

  /// By number of the initial state.
  public internal(set) var beginnings: [Beginning] = []
  /// In breadth-first order.
  public internal(set) var states: [State] = []
  /// By source.
  public internal(set) var edges: [Edge] = []
  /// By state: what the orders from there on lead to, with what the state itself shows.
  public private(set) var continuations: [Continuations] = []
  /// By state: the same without what the state itself shows.
  public private(set) var afterwards: [Continuations] = []
  /// The states in which runs end by themselves, grouped by what they hold, by first discovery.
  public private(set) var outcomes: [Outcome] = []

  /// Explores the scenario of a result.
  ///
  /// - Returns: `nil` if the search was not complete, or the scenario has more than ``edgeLimit`` steps.
  /// - Complexity: O(steps x (words of a state + threads) + findings x steps x digits of the numbers of orders).
  public init?(of result: CheckResult) {
    // A graph of some threads is not what is said about every number of them.
    guard result.limit == nil, result.program.parameters.isEmpty else { return nil }
    var exploration = GraphExploration(
      Machine(result.program, options: result.machineOptions),
      kinds: result.kinds,
      edgeLimit: Self.edgeLimit
    )
    guard exploration.run() else { return nil }
    self = exploration.graph
    let counting = ContinuationCount(self, endless: endlessFindings(of: result))
    continuations = counting.continuations
    afterwards = counting.afterwards
    outcomes = counting.outcomes
  }

  /// An empty graph, to be filled.
  init() {}

  /// The states along an order, from the initial one; ends before a step that ends the run.
  ///
  /// - Returns: `nil` if the scenario has no such order.
  public func walk(_ schedule: Schedule) -> [Int]? {
    guard beginnings.indices.contains(schedule.initialState),
      let first = beginnings[schedule.initialState].state
    else { return nil }
    var walk = [first]
    for (index, step) in schedule.steps.enumerated() {
      let edge = states[walk[walk.count - 1]].edges.first { edges[$0].step == step }
      guard let edge else { return nil }
      if let target = edges[edge].target {
        walk.append(target)
      } else if index < schedule.steps.count - 1 {
        return nil
      }
    }
    return walk
  }

  /// A shortest order that leads to a state.
  public func schedule(to state: Int) -> Schedule {
    var steps: [Schedule.Step] = []
    var state = state
    while let edge = states[state].discovery {
      steps.append(edges[edge].step)
      state = edges[edge].source
    }
    let initial = beginnings.firstIndex { $0.state == state } ?? 0
    return Schedule(initialState: initial, steps: steps.reversed())
  }

  /// By finding that only endless runs show: a state at which the engine's order shows it.
  private func endlessFindings(of result: CheckResult) -> [(key: FindingKey, state: Int)] {
    result.findings.flatMap { finding -> [(key: FindingKey, state: Int)] in
      guard finding.severity == .error, finding.kind.isSeenInEndlessRuns,
        let schedule = finding.trace?.schedule, let last = walk(schedule)?.last
      else { return [] }
      let keys = [finding.key] + finding.consequences.map(\.key)
      return keys.filter(\.kind.isSeenInEndlessRuns).map { ($0, last) }
    }
  }
}

/// What the orders from one state on lead to.
public struct Continuations: Sendable, Equatable {
  /// An error that some of them show.
  public struct Count: Sendable, Equatable {
    /// Which.
    public var key: FindingKey
    /// How many show it; `nil` if there is no number because some run never ends.
    public var orders: BigInt?
  }

  /// How many there are; `nil` if some run never ends.
  public var orders: BigInt?
  /// How many show no error at all; `nil` if some run never ends.
  public var clean: BigInt?
  /// The errors, ascending.
  public var counts: [Count]
  /// Whether some run never ends, and it is not known here which of the scenario's endless errors it can show.
  public var isUndecided: Bool
}

/// What some runs leave behind when they end by themselves.
public struct Outcome: Sendable {
  /// The variables and the contents of the objects.
  public var values: [NamedValue]
  /// How many orders end so; `nil` if some run never ends.
  public var orders: BigInt?
  /// The first state found that is so.
  public var state: Int
  /// A shortest order that leads to it.
  public var sample: Schedule
}

extension FindingKind {
  /// Whether a run that never ends can show it.
  fileprivate var isSeenInEndlessRuns: Bool {
    switch self {
    case .blockedForever, .neverTerminates, .daemonBlocked: true
    default: false
    }
  }
}
