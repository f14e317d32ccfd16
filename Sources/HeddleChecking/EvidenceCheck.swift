import HeddleProgram
import HeddleSemantics

/// Checks that an order shows the finding it is given for.
///
/// What only the whole graph can tell is checked as far as one order goes: that a loop comes back, moves its thread and is fair; that a
/// thread that never moves again does not move at the end.
struct EvidenceCheck {
  private let judge: Judge
  private let machine: Machine
  private let fairness: Fairness

  init(_ judge: Judge, fairness: Fairness) {
    self.judge = judge
    machine = judge.machine
    self.fairness = fairness
  }

  /// What is missing, as the end of a sentence; `nil` if the order shows the finding.
  func gap(in schedule: Schedule, for key: FindingKey) -> String? {
    var words = Array(repeating: 0, count: machine.layout.bufferWidth)
    var state = words.mutableSpan
    var effects = StepEffects(for: machine.program)
    var keys: [FindingKey] = []
    var enabled = Array(repeating: 0, count: machine.threadCount)
    let nothing = FindingSet(for: machine.program)
    var loop: [(enabled: [Bool], thread: Int)] = []
    var loopState: [Int] = []

    var outcome = machine.makeInitialState(
      schedule.initialState,
      integers: schedule.initialIntegers,
      in: &state,
      effects: &effects
    )
    judge.judgeStep(outcome, effects, &state, mustGoOnBefore: false, ignoring: nothing, into: &keys)
    if outcome == .completed, !machine.someoneMustEnd(in: state.span) {
      judge.judgeExit(&state, into: &keys)
    }
    for (index, step) in schedule.steps.enumerated() {
      keys = []
      if index == schedule.loopStart { loopState = contents(of: state.span) }
      if let start = schedule.loopStart, index >= start {
        var canMove: [Bool] = []
        for thread in 0..<machine.threadCount {
          canMove.append(machine.choices(of: thread, in: &state) > 0)
        }
        loop.append((canMove, step.thread.index))
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
        into: &keys
      )
    }
    if outcome == .completed {
      for thread in 0..<machine.threadCount {
        enabled[thread] = machine.choices(of: thread, in: &state)
      }
      judge.judgeState(
        &state,
        enabled: enabled,
        ignoring: FindingSet(for: machine.program),
        effects: &effects,
        into: &keys
      )
    }
    switch key {
    case .neverTerminates(let type):
      guard contents(of: state.span) == loopState else { return "does not come back to its loop" }
      guard isFair(loop) else { return "gives a loop that is not fair" }
      let isRunning = machine.program.instances.indices.contains {
        machine.program.instances[$0].type == type && machine.isRunning($0, in: state.span)
      }
      return isRunning ? nil : "ends the thread"
    case .blockedForever(let type), .daemonBlocked(let type):
      let isBlocked = machine.program.instances.indices.contains {
        machine.program.instances[$0].type == type && machine.isRunning($0, in: state.span)
          && enabled[$0] == 0
      }
      return isBlocked ? nil : "ends with the thread able to move"
    default:
      return keys.contains(key) ? nil : "does not show it"
    }
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
