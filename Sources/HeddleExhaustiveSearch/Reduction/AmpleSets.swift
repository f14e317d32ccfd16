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
  private let wordCount: Int
  /// By thread, `wordCount` words each: those that have to come with it in the current state.
  private var followers: [UInt64]
  private var hasFollowers: [Bool]
  /// The set that is being closed.
  private var set: [UInt64]
  private var pending: [Int] = []

  init(_ independence: Independence, _ machine: Machine) {
    self.independence = independence
    self.machine = machine
    threadCount = machine.threadCount
    wordCount = (threadCount + 63) / 64
    followers = Array(repeating: 0, count: threadCount * wordCount)
    hasFollowers = Array(repeating: false, count: threadCount)
    set = Array(repeating: 0, count: wordCount)
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
    var fewest = enabled.count { $0 > 0 }
    guard fewest > 1 else { return nil }
    independence.countStarters(in: state.span)
    for thread in 0..<threadCount { hasFollowers[thread] = false }
    var best: BitSet?
    for seed in seeds {
      guard let count = close(seed, &state, enabled, fewerThan: fewest) else { continue }
      fewest = count
      best = BitSet(words: set)
      if count == 1 { break }
    }
    return best
  }

  /// Fills ``set`` with the least closed set with a thread; the number of its threads with a step, `nil` if it is no smaller than `limit`,
  /// or has a visible step.
  private mutating func close(
    _ seed: Int,
    _ state: inout MutableSpan<Int>,
    _ enabled: [Int],
    fewerThan limit: Int
  ) -> Int? {
    for word in 0..<wordCount { set[word] = 0 }
    set[seed >> 6] = 1 << UInt64(seed & 63)
    pending.removeAll(keepingCapacity: true)
    pending.append(seed)
    var count = 0
    while let thread = pending.popLast() {
      if enabled[thread] > 0 {
        count += 1
        let step = independence.step(of: thread, in: state.span)
        if count >= limit || independence.table.isVisible[step] { return nil }
      }
      if !hasFollowers[thread] { findFollowers(of: thread, &state, enabled) }
      for word in 0..<wordCount {
        var new = followers[thread * wordCount + word] & ~set[word]
        set[word] |= new
        while new != 0 {
          pending.append(word << 6 | new.trailingZeroBitCount)
          new &= new - 1
        }
      }
    }
    return count
  }

  private mutating func findFollowers(
    of thread: Int,
    _ state: inout MutableSpan<Int>,
    _ enabled: [Int]
  ) {
    hasFollowers[thread] = true
    let row = thread * wordCount
    for word in 0..<wordCount { followers[row + word] = 0 }
    if enabled[thread] > 0 {
      let step = independence.step(of: thread, in: state.span)
      for other in 0..<threadCount
      where other != thread
        && independence.conflicts(step, of: thread, with: other, in: state.span)
      {
        followers[row + (other >> 6)] |= 1 << UInt64(other & 63)
      }
    } else {
      var enablers = BitSet(capacity: threadCount)
      addEnablers(of: thread, &state, to: &enablers)
      for word in 0..<wordCount { followers[row + word] = enablers.words[word] }
    }
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
