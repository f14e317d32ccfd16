public import HeddleChecking
public import HeddleProgram

/// What is asked about a scenario, beside the scenario itself.
public struct VerifyOptions: Sendable, Equatable {
  /// Which endless runs count.
  public var fairness = Fairness.strong
  /// Whether a condition may wake a waiter that nobody notified.
  public var allowsSpuriousWakeups = false
  /// How many items an unbounded queue may hold before the verdict becomes inconclusive; at least 1.
  public var maximumQueueLength = 64
  /// Where to stop; no limits at first.
  public var limits = Limits()
  /// The kinds of findings that are judged; empty for all.
  ///
  /// Other findings are not reported, and `expect` lines for them are not asked to be met.
  public var kinds: Set<FindingKind> = []
  /// Whether to count the orders, if there is no cycle; then no order is left out.
  public var countsOrders = false
  /// Which orders may be left out because others are like them; what is not sound for a finding is not used for it.
  public var reductions = Set(Reduction.allCases)
  /// How many processor cores may be used, at least 1; the result is the same however many.
  public var cores = 1
  /// Whether to prove that the orders shown are the shortest, whatever it costs.
  public var provesShortest = false
  /// Whether to compute how likely a uniformly random scheduler shows each finding.
  public var asksOdds = false
  /// Whether to survey the values that variables took and how runs end.
  public var surveysCoverage = false

  /// The language's defaults.
  public init() {}
}
