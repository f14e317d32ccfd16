public import HeddleSemantics

/// Why a schedule is not an order of its program's steps.
public struct ReplayError: Error, Sendable, Equatable {
  /// What is wrong with the step.
  public enum Reason: Sendable, Equatable {
    /// There are only `count` initial states.
    case noSuchInitialState(count: Int)
    /// Only `count` variables begin with any integer.
    case tooManyIntegers(count: Int)
    /// The initial states cannot be counted.
    case uncountableInitialStates(MachineLimit)
    /// The program has no thread with this number.
    case noSuchThread
    case notStarted
    case hasEnded
    /// The thread has no step; the text says what it waits for.
    case blocked(waitsFor: String)
    /// The step has only `count` outcomes.
    case noSuchChoice(count: Int)
    /// The step before it ended the run.
    case runIsOver
    /// The steps after `loop` do not lead back to the state in which they began.
    case doesNotRepeat
  }

  /// The number of the step, from 1; 0 for the initial state.
  public var step: Int
  /// The thread that was to take it.
  public var thread: String?
  /// What is wrong.
  public var reason: Reason
}

extension ReplayError {
  /// That a number of an initial state is too large.
  public static func initialStates(_ count: Int) -> String {
    count == 1
      ? "there is only one initial state, number 0"
      : "there are only \(count) initial states, numbered from 0"
  }

  /// That there are too many integers to begin with.
  public static func initialIntegers(_ count: Int) -> String {
    count == 0
      ? "no variable begins with `any Int`"
      : "only \(counted(count, "variable begins", "variables begin")) with `any Int`"
  }
}

extension ReplayError: CustomStringConvertible {
  /// One sentence without a full stop.
  public var description: String {
    let who = thread ?? "the thread"
    let place = step == 0 ? "the schedule does not start" : "the schedule stops at step \(step)"
    switch reason {
    case .noSuchInitialState(let count):
      return "\(place): \(ReplayError.initialStates(count))"
    case .tooManyIntegers(let count):
      return "\(place): \(ReplayError.initialIntegers(count))"
    case .uncountableInitialStates:
      return "\(place): the initial states are too many to be numbered"
    case .noSuchThread: return "\(place): the scenario has no such thread"
    case .notStarted: return "\(place): \(who) has not been started"
    case .hasEnded: return "\(place): \(who) has ended"
    case .blocked(let waitsFor): return "\(place): \(who) is blocked, it waits for \(waitsFor)"
    case .noSuchChoice(let count):
      return count == 1
        ? "\(place): \(who) has nothing to choose there"
        : "\(place): \(who) has only \(count) choices there, numbered from 0"
    case .runIsOver: return "\(place): the run ended with the step before"
    case .doesNotRepeat:
      return "the steps after 'loop' do not lead back to the state in which they began"
    }
  }
}
