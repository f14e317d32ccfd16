import HeddleProgram
import HeddleSemantics

/// Checks that an order shows the finding it is given for.
///
/// What only the whole graph can tell is checked as far as one order goes: that a loop comes back, moves its thread and is fair; that a
/// thread that never moves again does not move at the end.
public struct EvidenceCheck {
  private let judge: Judge
  private let machine: Machine
  private let fairness: Fairness

  /// Prepares to check orders of the judge's machine.
  ///
  /// - Parameters:
  ///   - judge: Says what is wrong with a state or a step.
  ///   - fairness: Which loops count.
  public init(_ judge: Judge, fairness: Fairness) {
    self.judge = judge
    machine = judge.machine
    self.fairness = fairness
  }

  /// What is missing, as the end of a sentence; `nil` if the order shows the finding.
  func gap(in schedule: Schedule, for key: FindingKey) -> String? {
    let end = end(of: schedule)
    switch key {
    case .neverTerminates(let type):
      guard end.comesBack else { return "does not come back to its loop" }
      guard isFair(end.loop) else { return "gives a loop that is not fair" }
      return end.running.contains(type) ? nil : "ends the thread"
    case .blockedForever(let type), .daemonBlocked(let type):
      return end.blocked.contains(type) ? nil : "ends with the thread able to move"
    default:
      return end.keys.contains(key) ? nil : "does not show it"
    }
  }

  /// All that an order shows with its last step, in the state after it, or by its loop.
  ///
  /// - Parameter schedule: An order that replays.
  /// - Returns: Their keys, ascending. A thread that cannot move at the end counts as blocked for ever, which one order cannot tell.
  /// - Complexity: O(steps x (words of a state + threads)).
  public func findings(shownBy schedule: Schedule) -> [FindingKey] {
    let end = end(of: schedule)
    var keys = Set(end.keys)
    keys.formUnion(end.blocked.map { .blockedForever($0) })
    for type in end.blocked where machine.program.threadTypes[type.index].isDaemon {
      keys.insert(.daemonBlocked(type))
    }
    if end.comesBack, isFair(end.loop) {
      keys.formUnion(end.running.map { .neverTerminates($0) })
    }
    return keys.sorted()
  }

  /// Where an order leads.
  private struct End {
    /// What is wrong with the last step and with the state after it.
    var keys: [FindingKey] = []
    /// By step of the loop: the threads that could move, and the one that did.
    var loop: [(enabled: [Bool], thread: Int)] = []
    /// Whether the loop ends in the state in which it begins.
    var comesBack = false
    /// Whose threads have neither ended nor are yet to be started.
    var running: Set<ThreadTypeID> = []
    /// Whose threads run and cannot move.
    var blocked: Set<ThreadTypeID> = []
  }

  private func end(of schedule: Schedule) -> End {
    var end = End()
    var words = Array(repeating: 0, count: machine.layout.bufferWidth)
    var state = words.mutableSpan
    var effects = StepEffects(for: machine.program)
    let nothing = FindingSet(for: machine.program)
    var loopState: [Int] = []

    var outcome = machine.makeInitialState(
      schedule.initialState,
      integers: schedule.initialIntegers,
      in: &state,
      effects: &effects
    )
    judge.judgeBeginning(outcome, effects, &state, into: &end.keys)
    for (index, step) in schedule.steps.enumerated() {
      end.keys = []
      if index == schedule.loopStart { loopState = contents(of: state.span) }
      if let start = schedule.loopStart, index >= start {
        end.loop.append((enabled(&state).map { $0 > 0 }, step.thread.index))
      }
      let mustGoOn = machine.someoneMustEnd(in: state.span)
      outcome = machine.apply(
        step.thread.index,
        choice: step.choice,
        to: &state,
        effects: &effects
      )
      judge.judgeStep(
        outcome,
        effects,
        &state,
        mustGoOnBefore: mustGoOn,
        ignoring: nothing,
        into: &end.keys
      )
    }
    guard outcome == .completed else { return end }
    let enabled = enabled(&state)
    judge.judgeState(
      &state,
      enabled: enabled,
      ignoring: nothing,
      effects: &effects,
      into: &end.keys
    )
    end.comesBack = schedule.loopStart != nil && contents(of: state.span) == loopState
    for (thread, instance) in machine.program.instances.enumerated()
    where machine.isRunning(thread, in: state.span) {
      end.running.insert(instance.type)
      if enabled[thread] == 0 { end.blocked.insert(instance.type) }
    }
    return end
  }

  private func enabled(_ state: inout MutableSpan<Int>) -> [Int] {
    var choices: [Int] = []
    for thread in 0..<machine.threadCount {
      choices.append(machine.choices(of: thread, in: &state))
    }
    return choices
  }

  private func contents(of state: Span<Int>) -> [Int] {
    (0..<machine.layout.width).map { state[$0] }
  }

  private func isFair(_ loop: [(enabled: [Bool], thread: Int)]) -> Bool {
    for thread in 0..<machine.threadCount where !loop.contains(where: { $0.thread == thread }) {
      let isStarved =
        switch fairness {
        case .strong: loop.contains { $0.enabled[thread] }
        case .weak: loop.allSatisfy { $0.enabled[thread] }
        case .none: false
        }
      if isStarved { return false }
    }
    return !loop.isEmpty
  }
}
