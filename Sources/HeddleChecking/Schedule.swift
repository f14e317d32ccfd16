public import HeddleProgram

/// One order of a program's steps, complete enough to replay.
public struct Schedule: Sendable, Hashable {
  /// One step of one thread.
  public struct Step: Sendable, Hashable {
    /// Who takes it.
    public var thread: ThreadID
    /// Which of the step's outcomes; 0 unless the step chooses.
    ///
    /// At `any Int` it is the value itself.
    public var choice: Int

    /// Creates a step.
    public init(_ thread: ThreadID, choice: Int = 0) {
      self.thread = thread
      self.choice = choice
    }
  }

  /// The number of the initial state; 0 unless a variable starts with `any`.
  public var initialState: Int
  /// The values of the variables that begin with any integer, in order.
  public var initialIntegers: [Int] = []
  /// The steps in order.
  public var steps: [Step]
  /// For an endless run: the position in ``steps`` from which it repeats for ever.
  public var loopStart: Int?

  /// Creates a schedule.
  public init(initialState: Int = 0, steps: [Step] = [], loopStart: Int? = nil) {
    self.initialState = initialState
    self.steps = steps
    self.loopStart = loopStart
  }

  /// The text that `--schedule` and JSON use: thread names, a choice after a colon, a first word `initial:2` if
  /// it is not 0, and `loop` before the first step that repeats.
  ///
  /// What begins with any integer follows the number of the initial state: `initial:0,100,-3`.
  public func text(in program: Program) -> String {
    var words: [String] = []
    let mayBeMistaken = steps.first.map { step in
      step.choice != 0 && program.instances[step.thread.index].name == "initial"
    }
    if initialState != 0 || !initialIntegers.isEmpty || mayBeMistaken ?? false {
      words.append(
        "initial:" + ([initialState] + initialIntegers).map(String.init).joined(separator: ",")
      )
    }
    for (index, step) in steps.enumerated() {
      if index == loopStart { words.append("loop") }
      let name = program.instances[step.thread.index].name
      words.append(step.choice == 0 ? name : "\(name):\(step.choice)")
    }
    return words.joined(separator: " ")
  }
}
