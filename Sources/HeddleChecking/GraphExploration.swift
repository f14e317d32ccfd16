import HeddleProgram
import HeddleSemantics

/// The breadth-first search that fills an ``EmbeddedGraph``.
struct GraphExploration {
  private(set) var graph = EmbeddedGraph()

  private let machine: Machine
  private let program: Program
  private let judge: Judge
  private let kinds: [FindingKind]
  private let edgeLimit: Int
  private let view: StateView
  private let shapes: [StatementShape]
  private let nothing: FindingSet
  private var effects: StepEffects
  private var numbers: [[Int]: Int] = [:]
  /// By state: its words.
  private var stored: [[Int]] = []
  /// By state: the step that discovered it.
  private var discoveries: [Int?] = []
  private var isWithinLimits = true

  init(_ machine: Machine, kinds: [FindingKind], edgeLimit: Int) {
    self.machine = machine
    self.kinds = kinds
    self.edgeLimit = edgeLimit
    program = machine.program
    judge = Judge(machine)
    view = StateView(machine)
    shapes = StatementShape.all(of: machine.program)
    nothing = FindingSet(for: machine.program)
    effects = StepEffects(for: machine.program, isRecording: true)
  }

  /// Explores everything; returns whether that was within the limits.
  mutating func run() -> Bool {
    guard case .success(let count) = machine.initialStateCount, count <= edgeLimit else {
      return false
    }
    for number in 0..<count { begin(number) }
    var state = 0
    while state < stored.count, isWithinLimits {
      expand(state)
      state += 1
    }
    return isWithinLimits
  }

  private mutating func begin(_ number: Int) {
    var words = Array(repeating: 0, count: machine.layout.bufferWidth)
    var state = words.mutableSpan
    let outcome = machine.makeInitialState(number, in: &state, effects: &effects)
    var keys: [FindingKey] = []
    judge.judgeBeginning(outcome, effects, &state, into: &keys)
    if case .limit = outcome { isWithinLimits = false }
    let target = outcome == .completed ? insert(words, discovery: nil) : nil
    graph.beginnings.append(EmbeddedGraph.Beginning(state: target, findings: wanted(keys)))
  }

  private mutating func expand(_ number: Int) {
    var words = stored[number]
    var state = words.mutableSpan
    let enabled = (0..<machine.threadCount).map { machine.choices(of: $0, in: &state) }
    var keys: [FindingKey] = []
    judge.judgeState(&state, enabled: enabled, ignoring: nothing, effects: &effects, into: &keys)
    let previous = discoveries[number].map { graph.states[graph.edges[$0].source].snapshot }
    let snapshot = view.snapshot(of: &state, previous: previous)
    let mustGoOn = machine.someoneMustEnd(in: state.span)
    let first = graph.edges.count
    for thread in enabled.indices {
      for choice in 0..<enabled[thread] {
        guard graph.edges.count < edgeLimit else {
          isWithinLimits = false
          return
        }
        let step = Schedule.Step(ThreadID(thread), choice: choice)
        take(step, from: number, mustGoOnBefore: mustGoOn)
      }
    }
    graph.states.append(
      EmbeddedGraph.State(
        snapshot: snapshot,
        discovery: discoveries[number],
        edges: first..<graph.edges.count,
        findings: wanted(keys)
      )
    )
  }

  private mutating func take(_ step: Schedule.Step, from source: Int, mustGoOnBefore: Bool) {
    var words = stored[source]
    var state = words.mutableSpan
    let thread = step.thread.index
    guard let position = machine.position(of: thread, in: state.span) else { return }
    let outcome = machine.apply(thread, choice: step.choice, to: &state, effects: &effects)
    var keys: [FindingKey] = []
    judge.judgeStep(
      outcome,
      effects,
      &state,
      mustGoOnBefore: mustGoOnBefore,
      ignoring: nothing,
      into: &keys
    )
    if case .limit = outcome { isWithinLimits = false }
    let statement = program.instructionStatements[position.index]
    let description = StepDescription(
      position,
      effects.events,
      shape: shapes[statement.index],
      view
    )
    let target = outcome == .completed ? insert(words, discovery: graph.edges.count) : nil
    var isExcluded = false
    if case .excluded = outcome { isExcluded = true }
    graph.edges.append(
      EmbeddedGraph.Edge(
        source: source,
        step: step,
        statement: statement,
        effect: description.effect,
        isSleep: program.instructions[position.index] == .sleep,
        target: target,
        isExcluded: isExcluded,
        findings: wanted(keys)
      )
    )
  }

  /// The number of a state, which is stored if it is new.
  private mutating func insert(_ words: [Int], discovery: Int?) -> Int {
    var words = words
    for slot in machine.layout.width..<words.count { words[slot] = 0 }
    if let number = numbers[words] { return number }
    numbers[words] = stored.count
    stored.append(words)
    discoveries.append(discovery)
    return stored.count - 1
  }

  private func wanted(_ keys: [FindingKey]) -> [FindingKey] {
    Set(keys.filter { kinds.isEmpty || kinds.contains($0.kind) }).sorted()
  }
}
