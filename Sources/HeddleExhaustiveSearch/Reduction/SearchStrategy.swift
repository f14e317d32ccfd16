import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Which successors of a state a search goes to, and which states it takes for one.
///
/// Each part is a reduction of its own; without any the search is the reference that all others are measured against. What each preserves is argued in the file
/// that implements it:
///
/// | finding | merging | symmetry | ample sets |
/// |---|---|---|---|
/// | lost update, race, misuse, assertion, deadlock, leak, vacuity | yes | yes | yes |
/// | invariant; daemon killed; `finally` beside daemons | visible steps are kept apart | yes | visible steps are kept apart |
/// | blocked for ever, never terminates, strong fairness | yes | no | no |
/// | the same under weak or no fairness | no | no | no |
/// | numbers of orders, least preemptions and steps | no | preemptions and steps | no |
struct SearchStrategy: Sendable {
  /// Goes on while nothing can come between.
  var merging: Independence?
  /// Whether merging goes on with whichever thread is alone, the lowest first, not only with the one that took the step.
  ///
  /// Then orders that differ only in such steps meet in one state. Not where it matters who moves: along endless runs, and for preemptions.
  var mergesAcrossThreads = false
  /// Tries only a persistent set of threads.
  var ampleSets: AmpleSets?
  /// Takes states for one that differ only in which of interchangeable threads is which.
  var symmetry: Symmetry?
  /// Whether merging goes on beyond a `sleep`, where leaving a thread is no preemption.
  var mergesSleep = true
  /// A run ends where an update is lost.
  var endsAtLostUpdates = false

  /// Every step of every thread, every state.
  static let plain = SearchStrategy()

  var isPlain: Bool { merging == nil && ampleSets == nil && symmetry == nil }
}
