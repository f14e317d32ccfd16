import HeddleChecking

/// What of the limits is left for a phase, and what it tells the outer world.
struct PhaseWatch {
  /// The outer world is asked after so many single steps: a few milliseconds of work.
  static let stepsBetweenHearings = 4_096

  private let limits: Limits
  private let supervisor: Supervisor
  /// Bytes in use by a search whose findings get better orders.
  private var searchBytes = 0

  init(_ limits: Limits, _ supervisor: Supervisor) {
    self.limits = limits
    self.supervisor = supervisor
  }

  /// The same watch for what makes better orders of the findings of a search that uses so many bytes.
  ///
  /// The search may have used up all the memory that is allowed: a quarter more is left for this.
  func besides(search bytes: Int) -> PhaseWatch {
    var watch = self
    watch.searchBytes = limits.memoryBytes.map { min(bytes, $0 / 4 * 3) } ?? bytes
    return watch
  }

  /// The limits of a search while so many bytes are in use elsewhere.
  func remaining(_ bytesInUse: Int) -> Limits {
    var rest = limits
    rest.memoryBytes = limits.memoryBytes.map { max(0, $0 - bytesInUse - searchBytes) }
    return rest
  }

  /// A limit as it was asked for: to a search it was told without what was in use elsewhere.
  func asAsked(_ limit: LimitReached?) -> LimitReached? {
    if case .memory? = limit { limits.memoryBytes.map { .memory(bytes: $0) } } else { limit }
  }

  /// The limit that stops a phase that is not the search itself; `nil` if it may go on.
  func limit(of phase: Progress.Phase, states: Int, bytes: Int) -> LimitReached? {
    let bytes = bytes + searchBytes
    if let most = limits.memoryBytes, bytes > most { return .memory(bytes: most) }
    let progress = Progress(
      phase: phase,
      states: states,
      transitions: 0,
      frontier: 0,
      depth: 0,
      memoryBytes: bytes,
      findings: 0
    )
    return LimitReached(supervisor.progress(progress), limits)
  }

  /// Whether a phase that is not the search itself may go on.
  func mayGoOn(_ phase: Progress.Phase, pairs: Int, bytes: Int) -> Bool {
    limit(of: phase, states: pairs, bytes: bytes) == nil
  }

  var searchSupervisor: Supervisor { supervisor }
}

/// Asks the outer world, at a bounded number of steps of a phase, whether it may go on.
///
/// Once the answer was no it stays no; what the phase has made until then is incomplete, and not to be used.
struct PhaseHearing {
  /// Why the phase had to stop.
  private(set) var limit: LimitReached?
  /// Bytes in use by the phase itself.
  var bytes = 0

  private let watch: PhaseWatch
  private let phase: Progress.Phase
  private let states: Int
  private let bytesElsewhere: Int
  private var stepsLeft = PhaseWatch.stepsBetweenHearings

  /// - Parameters:
  ///   - watch: Whom to ask.
  ///   - phase: What is going on.
  ///   - states: How many states it is about.
  ///   - bytes: Bytes in use elsewhere.
  init(_ watch: PhaseWatch, _ phase: Progress.Phase, states: Int, bytes: Int) {
    self.watch = watch
    self.phase = phase
    self.states = states
    bytesElsewhere = bytes
  }

  /// Counts steps; whether the phase may go on.
  mutating func mayGoOn(after steps: Int = 1) -> Bool {
    stepsLeft -= steps
    return stepsLeft > 0 ? limit == nil : mayGoOnNow()
  }

  /// Asks at once: before much memory is taken.
  mutating func mayGoOnNow() -> Bool {
    stepsLeft = PhaseWatch.stepsBetweenHearings
    if limit == nil {
      limit = watch.limit(of: phase, states: states, bytes: bytesElsewhere + bytes)
    }
    return limit == nil
  }
}
