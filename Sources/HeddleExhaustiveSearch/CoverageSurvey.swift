import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// What the states of a completely searched plain graph hold: values of variables, and how runs end.
struct CoverageSurvey {
  private let machine: Machine
  private let program: Program
  private(set) var coverage = Coverage()

  /// Samples of orders that take more steps are not shown to anybody.
  static let maximumOrder = 1_000

  /// One pass over the stored states, and one over the steps of those with a daemon; incomplete if it has to stop before.
  ///
  /// - Complexity: O(states x elements); O(transitions) steps if there is a daemon thread.
  init(_ search: inout BreadthFirstSearch, _ judge: Judge, _ hearing: inout PhaseHearing) {
    machine = search.explorer.machine
    program = machine.program
    let reach = Vacuity.reach(of: program, covered: search.explorer.effects.covered)
    coverage.statementCount = reach.exists.count { $0 }
    coverage.reachedStatementCount = reach.isReached.count { $0 }
    // Two arrays of truth values.
    hearing.bytes = 2 * search.store.count
    guard hearing.mayGoOnNow() else { return }
    let isFinal = Self.finalStates(&search, &hearing)
    surveyStates(search, isFinal, judge, &hearing)
  }

  /// By state: whether the last non-daemon thread has just ended there.
  private static func finalStates(
    _ search: inout BreadthFirstSearch,
    _ hearing: inout PhaseHearing
  ) -> [Bool] {
    var isOver = Array(repeating: false, count: search.store.count)
    for state in isOver.indices where hearing.mayGoOn() {
      search.explorer.load(state, from: search.store)
      isOver[state] = !search.explorer.mustGoOn
    }
    guard search.explorer.machine.program.threadTypes.contains(where: \.isDaemon) else {
      return isOver
    }
    // Daemons go on after the end; only the moment of the end itself is an outcome.
    var isFinal = Array(repeating: false, count: isOver.count)
    for state in search.initialStates where isOver[state] { isFinal[state] = true }
    for state in isOver.indices where !isOver[state] && hearing.mayGoOn(after: 4) {
      search.forEachSuccessor(of: state) { _, _, _, target in
        if let target, isOver[target] { isFinal[target] = true }
      }
    }
    return isFinal
  }

  private mutating func surveyStates(
    _ search: borrowing BreadthFirstSearch,
    _ isFinal: [Bool],
    _ judge: Judge,
    _ hearing: inout PhaseHearing
  ) {
    let slots = program.variables.enumerated().map { index, variable in
      let start = machine.layout.variables[index]
      return start..<start + variable.elementCount
    }
    var values = Array(repeating: Set<Int>(), count: slots.count)
    var numbers: [[Int]: Int] = [:]
    var firsts: [(values: [Int], state: Int, count: Int)] = []
    var buffer = Array(repeating: 0, count: machine.layout.bufferWidth)
    let bytes = hearing.bytes
    var valueCount = 0
    for state in isFinal.indices {
      hearing.bytes = bytes + valueCount * Self.bytesPerValue
      guard hearing.mayGoOn() else { return }
      Self.load(state, from: search.store, into: &buffer)
      for (variable, range) in slots.enumerated() {
        for slot in range where values[variable].insert(buffer[slot]).inserted { valueCount += 1 }
      }
      guard isFinal[state] else { continue }
      let outcome = slots.flatMap { buffer[$0] }
      if let number = numbers[outcome] {
        firsts[number].count += 1
      } else {
        numbers[outcome] = firsts.count
        firsts.append((outcome, state, 1))
        valueCount += outcome.count + Self.valuesPerOutcome
      }
    }
    coverage.values = values.enumerated().map { listed($1, of: program.variables[$0]) }
    coverage.outcomeCount = firsts.count
    coverage.outcomes = firsts.prefix(Coverage.maximumOutcomes).map { first in
      Coverage.Outcome(
        values: named(first.values),
        stateCount: first.count,
        order: search.distance(of: first.state) <= Self.maximumOrder
          ? Self.order(to: first.state, search, judge) : nil
      )
    }
  }

  /// A value in a set that is half full, with what the set keeps beside it.
  private static let bytesPerValue = 3 * MemoryLayout<Int>.stride
  /// What an outcome takes beside its values, in values.
  private static let valuesPerOutcome = 6

  private static func load(
    _ state: Int,
    from store: borrowing StateStore,
    into buffer: inout [Int]
  ) {
    var span = buffer.mutableSpan
    store.load(state, into: &span)
  }

  /// An order along which the search has found a state.
  private static func order(
    to state: Int,
    _ search: borrowing BreadthFirstSearch,
    _ judge: Judge
  ) -> Schedule {
    let sighting = search.sighting(of: state)
    var rebuilder = ScheduleRebuilder(
      judge,
      .plain,
      PreemptionBoundedSearch.Root(initialState: sighting.initialState)
    )
    rebuilder.follow(sighting, search.store)
    return rebuilder.schedule
  }

  private func listed(_ values: Set<Int>, of variable: Variable) -> Coverage.Values {
    // `none` is the smallest integer, and stands first. Strings have the numbers of their making, so their texts decide.
    var texts: [String]
    if variable.type.base == .string {
      texts = values.map { machine.literal(of: $0, as: variable.type) }.sorted()
    } else {
      texts = values.sorted().map { machine.literal(of: $0, as: variable.type) }
    }
    let count = texts.count
    let largest = count > Coverage.maximumValues ? texts.last : nil
    texts.removeSubrange(min(count, Coverage.maximumValues)...)
    return Coverage.Values(
      name: variable.name,
      elementCount: variable.elementCount,
      values: texts,
      largest: largest,
      count: count
    )
  }

  private func named(_ values: [Int]) -> [NamedValue] {
    var named: [NamedValue] = []
    for (index, variable) in program.variables.enumerated() {
      for element in 0..<variable.elementCount {
        let value = machine.literal(of: values[named.count], as: variable.type)
        let name = program.name(of: VariableID(index), element: element)
        named.append(NamedValue(name: name, value: value))
      }
    }
    return named
  }
}
