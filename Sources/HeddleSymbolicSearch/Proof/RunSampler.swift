import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// Takes random runs of the collapsed program, from which equations are guessed.
struct RunSampler {
  private let system: ProofSystem
  private var random: SplitMix64
  private var runCount = 0
  /// How many steps some groups are held back, and which.
  private var patience = 0
  private var isPatient: [Bool] = []
  /// The instructions that some run executed, and the assumptions that held.
  private(set) var covered: Set<Int> = []
  private(set) var passedClaims: Set<Int> = []
  /// The instructions of observers that some state made them execute.
  private(set) var observed: Set<Int> = []
  /// Whether a run came to a failure: then there is nothing to prove.
  private(set) var hasFailed = false

  /// A state of the collapsed program.
  struct State {
    var parameters: [Int]
    var inputs: [Int]
    var slots: [Int: Int]
    /// By group and point.
    var counts: [[Int]]
    /// By group and register.
    var registers: [[Int: Int]]
  }

  /// The steps of a run.
  private static let maximumSteps = 300
  /// How often random values are tried for a step.
  private static let maximumTries = 6

  init(_ system: ProofSystem) {
    self.system = system
    random = SplitMix64(seed: 0x9E37_79B9_7F4A_7C15)
  }

  /// One run; `visit` hears of every state.
  ///
  /// In every other run some groups are held back while others have steps, so that more orders are seen (Burckhardt and others, "A
  /// randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010).
  mutating func run(_ visit: (inout TermEvaluator) -> Void) {
    guard var state = beginning() else { return }
    runCount += 1
    patience = runCount % 2 == 0 ? 0 : Int(random.next() % 40)
    isPatient = system.groups.map { _ in random.next() % 2 == 0 }
    for _ in 0..<Self.maximumSteps {
      var evaluator = evaluator(state)
      visit(&evaluator)
      observe(&evaluator)
      for (group, members) in system.groups.enumerated() {
        for failure in members.failures where state.counts[group][failure.from] > 0 {
          if evaluator.value(of: failure.condition) == true { hasFailed = true }
        }
      }
      guard !hasFailed, let next = step(state, evaluator) else { return }
      state = next
    }
  }

  private mutating func observe(_ evaluator: inout TermEvaluator) {
    for (position, visits) in system.encoder.visits where !observed.contains(position) {
      if visits.contains(where: { evaluator.value(of: $0.condition) == true }) {
        observed.insert(position)
      }
    }
  }

  /// A value that is mostly small, within a range.
  private mutating func value(in range: ClosedRange<Int>) -> Int {
    let ranges = [0...3, 0...20, -3...3, 0...100]
    let small = ranges[Int(random.next() % 4)].random(&random)
    return min(max(small, range.lowerBound), range.upperBound)
  }

  private mutating func beginning() -> State? {
    for _ in 0..<Self.maximumTries {
      let parameters = system.program.parameters.map { $0.minimum + (0...3).random(&random) }
      let inputs = system.inputRanges.map { value(in: $0) }
      var evaluator = TermEvaluator(system.terms)
      for (term, value) in zip(system.parameters, parameters) { evaluator.set(term, to: value) }
      for (term, value) in zip(system.inputs, inputs) { evaluator.set(term, to: value) }
      var slots: [Int: Int] = [:]
      for slot in system.slots.keys {
        slots[slot] = evaluator.value(of: system.initialValues[slot])
      }
      var counts = system.groups.map { $0.points.map { _ in 0 } }
      for (number, group) in system.groups.enumerated() {
        counts[number][group.start] = evaluator.value(of: group.size) ?? 0
      }
      let registers = system.groups.map { group in group.registers.mapValues { _ in 0 } }
      let state = State(
        parameters: parameters,
        inputs: inputs,
        slots: slots,
        counts: counts,
        registers: registers
      )
      if slots.count == system.slots.count { return state }
    }
    return nil
  }

  private func evaluator(_ state: State) -> TermEvaluator {
    var evaluator = TermEvaluator(system.terms)
    for (term, value) in zip(system.parameters, state.parameters) { evaluator.set(term, to: value) }
    for (term, value) in zip(system.inputs, state.inputs) { evaluator.set(term, to: value) }
    for (slot, term) in system.slots { evaluator.set(term, to: state.slots[slot] ?? 0) }
    for (number, group) in system.groups.enumerated() {
      for point in group.points.indices {
        evaluator.set(system.counts[number][point], to: state.counts[number][point])
        evaluator.set(system.stands[number][point], to: state.counts[number][point] > 0)
      }
      for (register, term) in group.registers {
        evaluator.set(term, to: state.registers[number][register] ?? 0)
      }
    }
    return evaluator
  }

  private mutating func step(_ state: State, _ evaluator: TermEvaluator) -> State? {
    var choices: [(group: Int, step: ControlStep)] = []
    for (number, group) in system.groups.enumerated() {
      choices += group.steps.filter { state.counts[number][$0.from] > 0 }.map { (number, $0) }
    }
    patience -= 1
    while !choices.isEmpty {
      let eager = choices.indices.filter { patience < 0 || !isPatient[choices[$0].group] }
      let among = eager.isEmpty ? Array(choices.indices) : eager
      let (group, step) = choices.remove(at: among[Int(random.next() % UInt64(among.count))])
      let ranges = TermRanges(of: step.fresh, in: system.terms).ranges(where: [:])
      for _ in 0..<(step.fresh.isEmpty ? 1 : Self.maximumTries) {
        var evaluator = evaluator
        for (unknown, range) in zip(step.fresh, ranges) {
          evaluator.set(unknown, to: value(in: range ?? Int.min...Int.max))
        }
        guard evaluator.value(of: system.condition(of: step, in: group)) == true,
          let next = state.after(step, of: group, system, &evaluator)
        else { continue }
        covered.formUnion(step.covered)
        passedClaims.formUnion(step.passedClaims)
        return next
      }
    }
    return nil
  }
}

extension RunSampler.State {
  fileprivate func after(
    _ step: ControlStep,
    of mover: Int,
    _ system: ProofSystem,
    _ evaluator: inout TermEvaluator
  ) -> Self? {
    var next = self
    for (slot, term) in step.contents {
      guard let value = evaluator.value(of: term) else { return nil }
      next.slots[slot] = value
    }
    for (register, term) in step.registers {
      guard let value = evaluator.value(of: term) else { return nil }
      next.registers[mover][register] = value
    }
    next.counts[mover][step.from] -= 1
    next.counts[mover][step.to] += 1
    for (number, group) in system.groups.enumerated() {
      guard let start = step.start(of: group) else { continue }
      next.counts[number][ThreadGroup.entry] = next.counts[number][0]
      next.counts[number][0] = 0
      for register in group.registers.keys {
        let term = start.value(ofRegister: register, system.terms)
        guard let value = evaluator.value(of: term) else { return nil }
        next.registers[number][register] = value
      }
    }
    return next
  }
}

extension ClosedRange<Int> {
  fileprivate func random(_ random: inout SplitMix64) -> Int {
    lowerBound + Int(random.next() % UInt64(upperBound - lowerBound + 1))
  }
}
