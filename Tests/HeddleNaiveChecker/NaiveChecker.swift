public import HeddleProgram

/// A checker that is slow and short, to hold the real one against.
///
/// It builds the whole graph of states as plain values and reads every finding off it. It shares nothing with the
/// real checker but the lowered program; the meaning of instructions is written here a second time.
public struct NaiveChecker {
  /// Which infinite runs count.
  public enum Fairness: Sendable, Hashable, CaseIterable {
    /// A thread that could move again and again does move.
    case strong
    /// A thread that could always move does move.
    case weak
    /// Every infinite run counts.
    case none
  }

  private let program: Program
  private let fairness: Fairness
  private let maxQueue: Int
  private let spuriousWakeups: Bool
  private let stateLimit: Int

  /// Prepares a check of `program`.
  ///
  /// - Parameters:
  ///   - program: What to check.
  ///   - fairness: Which infinite runs count.
  ///   - maxQueue: The number of items beyond which an unbounded queue makes the verdict inconclusive.
  ///   - spuriousWakeups: Whether a condition wait may end without a notification.
  ///   - stateLimit: The number of states beyond which the verdict is inconclusive.
  public init(
    program: Program,
    fairness: Fairness = .strong,
    maxQueue: Int = 64,
    spuriousWakeups: Bool = false,
    stateLimit: Int = 100_000
  ) {
    self.program = program
    self.fairness = fairness
    self.maxQueue = maxQueue
    self.spuriousWakeups = spuriousWakeups
    self.stateLimit = stateLimit
  }

  /// Visits every state and says what is wrong.
  public func check() -> NaiveResult {
    let setting = Setting(
      program: program,
      maxQueue: maxQueue,
      spuriousWakeups: spuriousWakeups,
      strings: StringTable(program.strings)
    )
    let graph = Graph(setting, stateLimit: stateLimit)
    let costs = leastCosts(graph)
    var keys = Set(costs.keys).union(Liveness(graph, fairness).findings())
    if graph.limits.isEmpty { keys.formUnion(vacuousStatements(graph)) }
    let folded = foldedFindings(keys, graph)
    let findings = keys.map { key in
      NaiveFinding(
        kind: key.kind,
        subject: key.subject,
        claim: key.claim,
        isFolded: folded.contains(key),
        preemptions: costs[key]?.preemptions,
        steps: costs[key]?.steps
      )
    }
    return NaiveResult(
      findings: findings.sorted(),
      limits: graph.limits.sorted(),
      states: graph.states.count,
      transitions: graph.edges.map(\.count).reduce(0, +),
      orders: numberOfOrders(graph),
      executed: graph.executed
    )
  }

  /// The findings that are only a consequence of a lost update.
  private func foldedFindings(_ keys: Set<Key>, _ graph: Graph) -> Set<Key> {
    // What goes wrong in runs that have lost no update.
    var independent: Set<Key> = []
    var seen: Set<Int> = []
    var open: [Int] = []
    func follow(_ edge: Edge) {
      if edge.losesUpdate { return }
      independent.formUnion(edge.findings)
      if let target = edge.target, seen.insert(target).inserted { open.append(target) }
    }
    graph.roots.forEach(follow)
    while let state = open.popLast() {
      independent.formUnion(graph.stateFindings[state])
      graph.edges[state].forEach(follow)
    }
    return keys.filter { key in
      switch key.kind {
      case .dataRace: keys.contains(Key(kind: .lostUpdate, subject: key.subject))
      case .assertion, .invariant: !independent.contains(key)
      default: false
      }
    }
  }
}
