import Dispatch
import HeddleChecking
import HeddleSemantics
import Synchronization

/// One core of a search, with a thread of its own unless it is the one that the search itself runs on.
///
/// Only one thread at a time works for it.
final class SearchMember: Sendable {
  /// States that are to be expanded.
  struct Assignment: Sendable {
    /// All states up to the end of the level.
    var states: PackedStates
    var levelEnd: Int
    /// How many states are taken at a time.
    var stretch: Int
    /// How many cores share them.
    var cores: Int
    /// Where the states are found, if an ample set is enough wherever there is one.
    var ampleSetTable: StateStore?
    /// Hands out the states to whoever asks.
    var claims: Claims
  }

  /// Hands out numbers, each once, until it is closed.
  final class Claims: Sendable {
    private let next: Atomic<Int>
    private let end: Int

    init(_ numbers: Range<Int>) {
      next = Atomic(numbers.lowerBound)
      end = numbers.upperBound
    }

    /// The next so many numbers, or what is left of them; `nil` if there are none.
    func take(_ count: Int) -> Range<Int>? {
      let first = next.wrappingAdd(count, ordering: .relaxed).oldValue
      return first < end ? first..<min(first + count, end) : nil
    }

    /// Hands out no more.
    func close() { next.store(end, ordering: .relaxed) }
  }

  private struct Work: ~Copyable {
    var expander: Expander
    var kept: [SuccessorBatch] = []
  }

  private enum Order: Sendable {
    case none
    case expand(Assignment)
    case lookUp(StateStore, levelEnd: Int)
    case stop
  }

  private let work: Mutex<Work>
  private let pool: BatchPool
  private let order = Mutex(Order.none)
  private let hasOrder = Signal()
  private let hasFinished = Signal()

  init(_ judge: Judge, _ strategy: SearchStrategy, _ pool: BatchPool) {
    self.pool = pool
    work = Mutex(Work(expander: Expander(judge, strategy)))
  }

  /// Single steps taken so far.
  var stepCount: Int { work.withLock { $0.expander.explorer.stepCount } }

  // MARK: A thread of its own

  /// Starts a thread that waits for orders.
  func start() {
    DispatchQueue.global().async { self.serve() }
  }

  /// Ends the thread.
  func stop() { give(.stop) }

  /// Lets the thread expand; to be followed by ``finish()``.
  func begin(_ assignment: Assignment) { give(.expand(assignment)) }

  /// Lets the thread look up what it has expanded; to be followed by ``finish()``.
  func beginLookUp(in store: StateStore, levelEnd: Int) { give(.lookUp(store, levelEnd: levelEnd)) }

  /// Waits until the thread has done as told; `false` if it has not even begun, and will not.
  func finish() -> Bool {
    let hasBegun = order.withLock { order in
      if case .none = order { return true }
      order = .none
      return false
    }
    if hasBegun { hasFinished.wait() }
    return hasBegun
  }

  private func give(_ new: Order) {
    order.withLock { $0 = new }
    hasOrder.send()
  }

  private func serve() {
    while true {
      hasOrder.wait()
      switch carryOutOrder() {
      case .none: continue
      case .stopped: return
      case .done: hasFinished.send()
      }
    }
  }

  private enum Result {
    case none, done, stopped
  }

  /// Does as told; when it returns, nothing of the order is held any more, so that the search changes its store in place.
  @inline(never)
  private func carryOutOrder() -> Result {
    let taken = order.withLock { order in
      let taken = order
      order = .none
      return taken
    }
    switch taken {
    // The others were done before this thread woke up.
    case .none: return .none
    case .stop: return .stopped
    case .expand(let assignment):
      let more = assignment.states.count / (Self.statesForOneMoreStep * assignment.cores)
      expandShare(of: assignment, steps: max(Self.mostSteps, more))
      return .done
    case .lookUp(let store, let levelEnd):
      lookUp(in: store, levelEnd: levelEnd)
      return .done
    }
  }

  // MARK: Expanding

  /// A thread that expands while the search does something else takes no more states after so many single steps.
  private static let mostSteps = 65_536
  /// While the table grows, which takes the longer the more states there are, all cores together may take more: one for so many states, a few bytes for
  /// each of them.
  private static let statesForOneMoreStep = 4

  /// Expands stretches of states as long as there are some, or until so many single steps are taken.
  func expandShare(of assignment: Assignment, steps: Int) {
    work.withLock { work in
      let enough = work.expander.explorer.stepCount + steps
      while work.expander.explorer.stepCount < enough,
        let numbers = assignment.claims.take(assignment.stretch)
      {
        var batch = pool.take()
        work.expander.expand(
          numbers,
          of: assignment.states,
          levelEnd: assignment.levelEnd,
          ampleSetsIn: assignment.ampleSetTable,
          into: &batch
        )
        work.kept.append(batch)
      }
    }
  }

  /// Drops from what was expanded what is stored already.
  func lookUp(in store: StateStore, levelEnd: Int) {
    work.withLock { work in
      for index in work.kept.indices { work.kept[index].dropKnown(in: store, levelEnd: levelEnd) }
    }
  }

  /// What was expanded, in the order of the states.
  func takeKept() -> [SuccessorBatch] {
    work.withLock { work in
      let kept = work.kept
      work.kept = []
      return kept
    }
  }

  /// Adds what was covered to the effects of another explorer.
  func addCoverage(to effects: inout StepEffects) {
    effects.addCoverage(of: work.withLock { $0.expander.explorer.effects })
  }
}
