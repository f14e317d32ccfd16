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
    var states: Range<Int>
    /// How many states are taken at a time.
    var stretch: Int
    /// No more states are taken after so many single steps.
    var enoughSteps: Int
    var store: StateStore
    /// Whether an ample set is enough where there is one.
    var usesAmpleSets: Bool
    /// Hands out the states to whoever asks.
    var claims: Counter
  }

  /// Hands out numbers, each once.
  final class Counter: Sendable {
    private let next: Atomic<Int>

    init(_ first: Int) { next = Atomic(first) }

    func claim(_ count: Int) -> Int { next.wrappingAdd(count, ordering: .relaxed).oldValue }
  }

  private struct Work: ~Copyable {
    var expander: Expander
    var kept: [SuccessorBatch] = []
    var spare: [SuccessorBatch] = []
  }

  private enum Order: Sendable {
    case none
    case expand(Assignment)
    case stop
  }

  private let work: Mutex<Work>
  private let order = Mutex(Order.none)
  private let hasOrder = Signal()
  private let hasFinished = Signal()

  init(_ judge: Judge, _ strategy: SearchStrategy) {
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

  /// Lets the thread expand; to be followed by ``takeKept()``.
  func begin(_ assignment: Assignment) { give(.expand(assignment)) }

  /// Waits until the thread has expanded what it was told to, unless it has not even begun.
  func finish() {
    let hasBegun = order.withLock { order in
      if case .expand = order {
        order = .none
        return false
      }
      return true
    }
    if hasBegun { hasFinished.wait() }
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
      case .expanded: hasFinished.send()
      }
    }
  }

  private enum Result {
    case none, expanded, stopped
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
      expandShare(of: assignment)
      return .expanded
    }
  }

  // MARK: Expanding

  /// Expands stretches of states as long as there are some, or until it is enough.
  func expandShare(of assignment: Assignment) {
    work.withLock { work in
      let enough = work.expander.explorer.stepCount + assignment.enoughSteps
      while work.expander.explorer.stepCount < enough {
        let first = assignment.claims.claim(assignment.stretch)
        guard first < assignment.states.upperBound else { break }
        var batch = work.spare.popLast() ?? SuccessorBatch()
        work.expander.expand(
          first..<min(first + assignment.stretch, assignment.states.upperBound),
          of: assignment.store,
          levelEnd: assignment.states.upperBound,
          usesAmpleSets: assignment.usesAmpleSets,
          into: &batch
        )
        work.kept.append(batch)
      }
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

  /// Lets a batch be used again.
  func recycle(_ batch: SuccessorBatch) { work.withLock { $0.spare.append(batch) } }

  /// Adds what was covered to the effects of another explorer.
  func addCoverage(to effects: inout StepEffects) {
    effects.addCoverage(of: work.withLock { $0.expander.explorer.effects })
  }
}
