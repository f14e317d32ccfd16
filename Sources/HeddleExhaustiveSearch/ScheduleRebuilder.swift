import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Turns a way through stored states into an order of the threads as they are.
///
/// Stored states are canonical, and some steps are several in one; so at each stored state the real state is moved by that step of a real
/// thread whose result has the next stored state as its canonical form. There always is one, because interchangeable threads have the same steps.
struct ScheduleRebuilder: ~Copyable {
  private(set) var schedule: Schedule
  /// The real state; `nil` after a step that ended the run.
  private(set) var state: [Int]?
  private var last = -1
  private var explorer: Explorer
  private let judge: Judge

  /// Stands at the beginning of an order.
  init(_ judge: Judge, _ strategy: SearchStrategy, _ root: PreemptionBoundedSearch.Root) {
    self.judge = judge
    explorer = Explorer(judge.machine, strategy)
    schedule = Schedule(initialState: root.initialState, steps: root.position?.steps ?? [])
    if let position = root.position {
      state = position.state
      last = position.last
    } else if explorer.begin(root.initialState) == .completed {
      state = explorer.successor
    }
  }

  /// Moves to a state with a given canonical form.
  ///
  /// - Parameters:
  ///   - target: The words of the canonical form; if there is one more, it is the thread that moved last + 1, and has to fit too.
  ///   - way: The step between the canonical forms; `nil` if any may do. It is tried first.
  ///   - isStaying: Whether it has to be a step of the thread that moved last; `nil` if any may do.
  /// - Returns: Whether some step leads there.
  mutating func advance(to target: [Int], by way: Schedule.Step?, isStaying: Bool?) -> Bool {
    guard let state else { return false }
    explorer.load(state.span)
    for thread in threads(first: way?.thread.index)
    where isStaying.map({ $0 == (thread == last) }) ?? true {
      for choice in 0..<explorer.enabled[thread]
      where !explorer.endsRun(explorer.step(thread, choice: choice)) {
        while explorer.goOn() {}
        let real = explorer.successor
        var marked = thread
        explorer.canonicalize(marked: &marked)
        let fits = target.count == real.count || target[real.count] == marked + 1
        guard fits, explorer.successorEquals(target) else { continue }
        append(choice: choice)
        self.state = real
        last = thread
        return true
      }
    }
    return false
  }

  /// Moves along stored states to the last of them.
  mutating func follow(
    _ sighting: BreadthFirstSearch.Sighting,
    _ store: borrowing StateStore
  ) {
    var words = Array(repeating: 0, count: store.width)
    for state in sighting.states.dropFirst() {
      var span = words.mutableSpan
      store.load(state, into: &span)
      let isThere = advance(to: words, by: nil, isStaying: nil)
      precondition(isThere, "internal error: a stored state cannot be reached again")
    }
  }

  /// Takes a step that shows a finding, with no more of what may be merged with it than it takes.
  ///
  /// - Parameters:
  ///   - key: The finding.
  ///   - way: The step between the canonical forms; it is tried first.
  ///   - isStaying: Whether it has to be a step of the thread that moved last; `nil` if any may do.
  /// - Returns: Whether there is one.
  mutating func finish(_ key: FindingKey, by way: Schedule.Step, isStaying: Bool?) -> Bool {
    guard let state else { return false }
    explorer.load(state.span)
    let mustGoOn = explorer.mustGoOn
    for thread in threads(first: way.thread.index)
    where isStaying.map({ $0 == (thread == last) }) ?? true {
      for choice in 0..<explorer.enabled[thread] {
        var outcome = explorer.step(thread, choice: choice)
        repeat {
          var keys: [FindingKey] = []
          explorer.judgeStep(judge, outcome, mustGoOnBefore: mustGoOn, into: &keys)
          if keys.contains(key) {
            append(choice: choice)
            last = thread
            self.state = explorer.endsRun(outcome) ? nil : explorer.successor
            return true
          }
          guard !explorer.endsRun(outcome) else { break }
          outcome = .completed
        } while explorer.goOn()
      }
    }
    return false
  }

  private func threads(first: Int?) -> [Int] {
    let all = Array(0..<explorer.threadCount)
    guard let first else { return all }
    return [first] + all.filter { $0 != first }
  }

  private mutating func append(choice: Int) {
    for (number, thread) in explorer.chain.enumerated() {
      schedule.steps.append(Schedule.Step(ThreadID(thread), choice: number == 0 ? choice : 0))
    }
  }
}
