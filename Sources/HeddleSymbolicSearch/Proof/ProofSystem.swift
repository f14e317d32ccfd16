import HeddleChecking
import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// A program as groups of threads that take whole lock sections at a time, over unknown shared variables.
///
/// What holds initially and is kept by every step of every group holds in every state of every run, for all inputs, all orders, and
/// all numbers of threads (Floyd, "Assigning meanings to programs", 1967; for counted threads, the number is an unknown that no
/// step changes).
final class ProofSystem {
  let program: Program
  let encoder: Encoder
  private(set) var groups: [ThreadGroup] = []
  /// By stored slot: its value before a step.
  private(set) var slots: [Int: IntegerTerm] = [:]
  /// The initial values that nobody knows.
  private(set) var inputs: [IntegerTerm] = []
  /// What they can be.
  private(set) var inputRanges: [ClosedRange<Int>] = []
  /// By slot: the initial value.
  private(set) var initialValues: [IntegerTerm] = []
  /// The numbers of threads that may be any.
  private(set) var parameters: [IntegerTerm] = []
  /// By group and point: how many threads stand there.
  private(set) var counts: [[IntegerTerm]] = []
  /// The same for groups of one thread: whether it stands there.
  private(set) var stands: [[Formula]] = []

  var terms: TermBank { encoder.terms }

  /// As many threads as a machine can be asked for.
  static let mostThreads = Int(Int32.max)

  init(_ program: Program, options: MachineOptions, countsThreads: Bool) throws(Unprovable) {
    self.program = program
    encoder = Encoder(program, options: options, bound: 16, maximumEvents: Int.max)
    guard program.parameters.isEmpty || !program.variables.contains(where: \.isField) else {
      throw Unprovable(reason: "threads of any number have fields")
    }
    for observer in program.invariants + [program.finally].compactMap({ $0 })
    where !program.readsVariablesOnly(observer) {
      throw Unprovable(reason: "`invariant` and `finally` ask about more than variables")
    }
    makeValues()
    try makeGroups(countsThreads)
    makeCounts()
    guard encoder.frontiers.isEmpty, encoder.deferred.isEmpty else {
      throw Unprovable(reason: "something in the scenario has no constraints for proofs")
    }
  }

  /// The slots that an observer may read.
  func slotsRead(by observer: Observer) -> Set<Int> {
    var slots: Set<Int> = []
    for position in program.reachable(from: [observer.entry]) {
      guard case .load(_, let place) = program.instructions[position.index] else { continue }
      let variable = place.variable.index
      let first = encoder.firstSlots[variable]
      slots.formUnion(first..<first + program.variables[variable].elementCount)
    }
    return slots
  }

  // MARK: Unknowns

  private func makeValues() {
    for (index, variable) in program.variables.enumerated() {
      for element in 0..<variable.elementCount {
        let slot = encoder.firstSlots[index] + element
        let initial: IntegerTerm
        switch variable.initial {
        case .values(let values): initial = terms.integer(values[element])
        case .anyOf(let lower, let upper):
          initial = encoder.boundedVariable(from: lower, through: upper)
          inputs.append(initial)
          inputRanges.append(lower...upper)
        case .anyInteger:
          initial = encoder.boundedVariable(from: Int.min, through: Int.max)
          inputs.append(initial)
          inputRanges.append(Int.min...Int.max)
        }
        initialValues.append(initial)
        guard encoder.facing.isStored[index] else {
          encoder.endValues[slot] = initial
          continue
        }
        let bounds = encoder.facing.bounds[index] ?? Int.min...Int.max
        let value = encoder.boundedVariable(from: bounds.lowerBound, through: bounds.upperBound)
        slots[slot] = value
        encoder.endValues[slot] = value
      }
    }
    for parameter in program.parameters {
      let number = encoder.boundedVariable(from: parameter.minimum, through: Self.mostThreads)
      parameters.append(number)
      for position in parameter.positions { encoder.parameters[position.index] = number }
    }
  }

  private func makeCounts() {
    for group in groups {
      guard group.isCounted else {
        let places = group.points.map { _ in terms.proposition() }
        encoder.addFact(terms.or(places), .places)
        encoder.addFact(terms.atMost(1, of: places), .places)
        stands.append(places)
        counts.append(places.map { terms.integer($0) })
        continue
      }
      let numbers = group.points.map { _ in
        encoder.boundedVariable(from: 0, through: Self.mostThreads)
      }
      encoder.addFact(terms.equal(terms.sum(numbers), group.size), .places)
      counts.append(numbers)
      stands.append(numbers.map { terms.lessOrEqual(terms.integer(1), $0) })
    }
  }

  // MARK: Groups

  private func makeGroups(_ countsThreads: Bool) throws(Unprovable) {
    let alike = countsThreads ? SymmetricThreads.groups(of: program) : []
    let flows = program.threadTypes.map { type in
      FlowAnalysis(of: program, entry: type.entry, registerCount: type.registerCount)
    }
    var starts: [ControlStep.Start] = []
    var thread = 0
    while thread < program.instances.count {
      let type = program.instances[thread].type.index
      let declaration = program.threadTypes[type]
      let parameter = declaration.countParameter
      var threads = thread..<thread + 1
      if let group = alike.first(where: { $0.lowerBound == thread }) { threads = group }
      if parameter != nil {
        // Two threads, so that what is found out about them is the same for more of them.
        guard threads.count > 1, threads == declaration.instances else {
          throw Unprovable(reason: "the threads of `\(declaration.name)` are not interchangeable")
        }
      }
      var group = ThreadGroup(
        threads: threads,
        type: type,
        size: parameter.map { parameters[$0] } ?? terms.integer(threads.count),
        isCounted: threads.count > 1 || parameter != nil
      )
      let start = starts.first { $0.threads.overlaps(threads) }
      let isRunning = !program.hasMain || declaration.isMain
      if isRunning || start != nil {
        try group.explore(
          encoder,
          isRunning: isRunning,
          arguments: (start?.arguments ?? []).map { terms.value(of: $0) }
        ) { representative, widened in
          SectionWalker(
            encoder: encoder,
            thread: representative,
            flow: flows[type],
            widened: widened
          )
        }
        groups.append(group)
      }
      if declaration.isMain { starts = group.attempts.flatMap(\.starts) }
      thread = threads.upperBound
    }
    try checkStarts(starts)
    try checkEndsBehindStarts()
    try checkJoins()
  }

  /// What a new thread does by itself is done when it is started, even if an assumption behind that ends the run: it must not fail.
  private func checkEndsBehindStarts() throws(Unprovable) {
    for start in groups.flatMap(\.abandoned).flatMap(\.starts) {
      for group in groups where start.begins(group) {
        guard !group.failures.contains(where: { $0.from == ThreadGroup.entry }) else {
          throw Unprovable(reason: "a run may end behind a `start`")
        }
      }
    }
  }

  /// Counted threads are joined all at once: which of them has ended nobody knows.
  private func checkJoins() throws(Unprovable) {
    for group in groups where group.isCounted {
      for step in groups.flatMap(\.attempts) {
        let joined = group.threads.filter { step.joins.contains($0) }
        guard joined.isEmpty || joined.count == group.threads.count else {
          throw Unprovable(
            reason: "some of the threads of `\(program.threadTypes[group.type].name)` are joined",
            needsEachThread: true
          )
        }
      }
    }
  }

  /// Every thread is started once: paths of `main` that start it in several places are not told apart.
  private func checkStarts(_ starts: [ControlStep.Start]) throws(Unprovable) {
    for group in groups where group.points.first?.place == .unstarted {
      let own = starts.filter { $0.begins(group) }
      let known = Set(own.map { $0.arguments.map { terms.value(of: $0) } })
      let whole = own.allSatisfy {
        $0.threads.lowerBound <= group.threads.lowerBound
          && $0.threads.upperBound >= group.threads.upperBound
      }
      guard known.count == 1, whole else {
        throw Unprovable(reason: "a thread is started in several ways")
      }
    }
  }

  /// The group of a thread.
  func group(of thread: Int) -> Int? { groups.firstIndex { $0.threads.contains(thread) } }

  func isDaemon(_ group: ThreadGroup) -> Bool { program.threadTypes[group.type].isDaemon }

  /// Whether all threads of a group have ended.
  func haveEnded(_ group: Int) -> Formula {
    let ended = groups[group].ends.map { counts[group][$0] }
    return terms.equal(terms.sum(ended + [terms.integer(0)]), groups[group].size)
  }

  /// Whether nobody has started the threads of a group.
  func areUnstarted(_ group: Int) -> Formula {
    guard let point = groups[group].number(of: .unstarted) else { return terms.no }
    return terms.equal(counts[group][point], groups[group].size)
  }

  /// When a step can be taken.
  func condition(of step: ControlStep, in group: Int) -> Formula {
    let joined = step.joins.sorted().map { thread in
      self.group(of: thread).map { haveEnded($0) } ?? terms.no
    }
    return terms.and([stands[group][step.from], step.condition] + joined)
  }

  /// What is so before the first step.
  var beginning: Formula {
    var parts = slots.keys.sorted().compactMap { slot in
      slots[slot].map { terms.equal($0, initialValues[slot]) }
    }
    for (number, group) in groups.enumerated() {
      parts.append(terms.equal(counts[number][group.start], group.size))
      for register in group.points[group.start].open {
        // A parameter has the value that `start` gives; other registers are 0, which nothing reads.
        if let value = group.registers[register], group.points[group.start].place != .unstarted {
          parts.append(terms.equal(value, terms.integer(0)))
        }
      }
    }
    return terms.and(parts)
  }
}

extension Variable {
  /// Whether every thread has one of its own.
  var isField: Bool {
    if case .field = shape { true } else { false }
  }
}

extension Program {
  /// Whether an observer looks at nothing but variables.
  fileprivate func readsVariablesOnly(_ observer: Observer) -> Bool {
    reachable(from: [observer.entry]).allSatisfy { position in
      if case .load = instructions[position.index] { return true }
      return !instructions[position.index].isVisible
    }
  }
}
