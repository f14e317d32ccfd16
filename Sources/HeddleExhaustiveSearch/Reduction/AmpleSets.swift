import HeddleProgram
import HeddleSemantics

/// Chooses in a state a small persistent set of threads, the only ones that need to be tried.
///
/// The set is closed: with a thread that has a step come all threads that conflict with the step; with a blocked thread come
/// those that can bring about what it waits for (a necessary enabling set). Of the sets that arise from the threads
/// with a step the one with the fewest steps is taken; ties go to the lowest thread (Valmari's stubborn sets at the level of threads;
/// Godefroid, LNCS 1032, 1996).
///
/// Whether the set may be used is for the search to say: not if one of its steps is visible or ends the run, and not if all of its steps
/// lead to states that are not deeper than where they came from (``BreadthFirstSearch``), or a thread might be put off for ever.
struct AmpleSets: Sendable {
  private var independence: Independence
  private let machine: Machine
  private let threadCount: Int
  /// By thread: those that have to come with it in the current state.
  private var followers: [BitSet]
  private var hasFollowers: [Bool]

  init(_ independence: Independence, _ machine: Machine) {
    self.independence = independence
    self.machine = machine
    threadCount = machine.threadCount
    followers = Array(repeating: BitSet(capacity: threadCount), count: threadCount)
    hasFollowers = Array(repeating: false, count: threadCount)
  }

  /// The threads with a step that need to be tried; `nil` for all.
  ///
  /// `seeds` are those threads with a step from which a set may arise.
  ///
  /// - Complexity: O(threads^2) look-ups for the closures, O(threads^3 / 64) for choosing.
  mutating func choose(
    in state: inout MutableSpan<Int>,
    enabled: [Int],
    seeds: [Int]
  ) -> BitSet? {
    let movers = enabled.count { $0 > 0 }
    guard movers > 1 else { return nil }
    independence.countStarters(in: state.span)
    for thread in 0..<threadCount { hasFollowers[thread] = false }
    var best: BitSet?
    var fewest = movers
    for seed in seeds {
      guard let (set, count) = closure(of: seed, &state, enabled, fewerThan: fewest) else {
        continue
      }
      fewest = count
      best = set
      if count == 1 { break }
    }
    return best
  }

  /// The least closed set with a thread; `nil` if it is no smaller than `limit`, or has a visible step.
  private mutating func closure(
    of seed: Int,
    _ state: inout MutableSpan<Int>,
    _ enabled: [Int],
    fewerThan limit: Int
  ) -> (set: BitSet, movers: Int)? {
    var set = BitSet(capacity: threadCount)
    var pending = [seed]
    var count = 0
    set.insert(seed)
    while let thread = pending.popLast() {
      if enabled[thread] > 0 {
        count += 1
        let step = independence.step(of: thread, in: state.span)
        if count >= limit || independence.table.steps[step].isVisible { return nil }
      }
      if !hasFollowers[thread] {
        followers[thread] = followers(of: thread, &state, enabled)
        hasFollowers[thread] = true
      }
      for other in followers[thread].elements where !set.contains(other) {
        set.insert(other)
        pending.append(other)
      }
    }
    return (set, count)
  }

  private mutating func followers(
    of thread: Int,
    _ state: inout MutableSpan<Int>,
    _ enabled: [Int]
  ) -> BitSet {
    var result = BitSet(capacity: threadCount)
    if enabled[thread] > 0 {
      let step = independence.step(of: thread, in: state.span)
      for other in 0..<threadCount
      where other != thread
        && independence.conflicts(step, of: thread, with: other, in: state.span)
      {
        result.insert(other)
      }
    } else {
      addEnablers(of: thread, &state, to: &result)
    }
    return result
  }

  // MARK: Necessary enabling sets

  /// Adds threads without one of which the blocked or not yet started thread can never move.
  private func addEnablers(
    of thread: Int,
    _ state: inout MutableSpan<Int>,
    to result: inout BitSet
  ) {
    let table = independence.table
    if machine.isRunning(thread, in: state.span) {
      let step = independence.step(of: thread, in: state.span)
      switch machine.blockage(of: thread, in: &state) {
      case .acquiring(let object)?, .lockOfCondition(_, let object)?:
        addReleasers(of: object, &state, to: &result)
      case .notification(let object)?, .event(let object)?, .parties(let object, _)?,
        .barrierToEmpty(let object)?:
        addSignallers([table.resources.object(object.index)], state.span, to: &result)
      case .item(let object)?:
        addSignallers([table.resources.object(object.index, .second)], state.span, to: &result)
      case .room(let object)?:
        addSignallers([table.resources.object(object.index)], state.span, to: &result)
      case .tasksDone(let object, _)?:
        addSignallers([table.resources.object(object.index, .third)], state.span, to: &result)
      case .threads(let awaited)?:
        // One of those that have not ended is enough.
        if let first = awaited.first { result.insert(first.index) }
      case .condition?:
        addSignallers(table.steps[step].footprint.reads.elements, state.span, to: &result)
      case nil:
        break
      }
    } else if !machine.hasStarted(thread, in: state.span) {
      let type = machine.program.instances[thread].type.index
      for other in 0..<threadCount where machine.isRunning(other, in: state.span) {
        if let future = independence.future(of: other, in: state.span),
          table.futures[future].starts.contains(type)
        {
          result.insert(other)
        }
      }
    }
  }

  /// Only its owner releases a disciplined lock; others are released by whoever may still do so.
  private func addReleasers(
    of object: ObjectID,
    _ state: inout MutableSpan<Int>,
    to result: inout BitSet
  ) {
    let table = independence.table
    switch machine.program.objects[object.index].kind {
    case .lock, .rlock:
      if table.effects.discipline.isDisciplined[object.index],
        let owner = machine.owner(of: object, in: state.span)
      {
        result.insert(owner.index)
        return
      }
    default: break
    }
    addSignallers([table.resources.object(object.index)], state.span, to: &result)
  }

  private func addSignallers(_ resources: [Int], _ state: Span<Int>, to result: inout BitSet) {
    let table = independence.table
    var wanted = BitSet(capacity: table.resources.count)
    for resource in resources { wanted.insert(resource) }
    for other in 0..<threadCount {
      guard let future = independence.future(of: other, in: state),
        table.futures[future].signals.intersects(wanted)
      else { continue }
      result.insert(other)
    }
  }
}
