import HeddleProgram
import HeddleSolver

// Starting and joining threads, and whether they run.

extension Encoder {
  /// What cannot be encoded about a start.
  ///
  /// The instances of a declaration start in the order of their numbers, so a start means fixed ones only if one thread does all starts.
  func unsupportedStart(
    _ type: ThreadTypeID,
    _ count: Int,
    _ role: Role,
    _ state: PathState
  ) -> String? {
    guard let thread = role.thread else { return nil }
    if let starter = starterOfType[type.index], starter != thread {
      return "threads of one declaration that are started by several threads"
    }
    let declaration = program.threadTypes[type.index]
    let first = declaration.firstInstance.index + (state.started[type.index] ?? 0)
    guard first + count <= declaration.firstInstance.index + declaration.instanceCount else {
      return "more threads than can be counted beforehand"
    }
    if (first..<first + count).contains(where: { starts[$0] != nil }) {
      return "a thread that is started in several places"
    }
    return nil
  }

  func start(
    _ event: Int,
    _ type: ThreadTypeID,
    _ count: Int,
    _ arguments: Int,
    _ results: Register?,
    _ before: PathState,
    _ state: inout PathState
  ) {
    let starter = events[event].thread
    let declaration = program.threadTypes[type.index]
    starterOfType[type.index] = starter
    let first = declaration.firstInstance.index + (state.started[type.index] ?? 0)
    state.started[type.index, default: 0] += count
    var values = program.argumentLists[arguments].map { value($0, .thread(starter), before) }
    // What a thread read is its own business: its values come to the other as new ones.
    for index in values.indices { values[index].sources = [] }
    for number in 0..<count {
      let thread = first + number
      starts[thread] = (events[event].executed, event)
      let zero = SymbolicValue(term: terms.integer(0))
      var registers = Array(repeating: zero, count: declaration.registerCount)
      for (index, value) in values.enumerated() { registers[index] = value }
      var beginning = PathState(
        guardFormula: events[event].executed,
        registers: registers,
        last: [(terms.yes, event)]
      )
      beginning.certain = state.certain
      beginning.joined = state.joined
      walkThread(thread, beginning)
      if let results {
        let register = results.index + number
        state.registers[register] = SymbolicValue(term: terms.integer(thread))
      }
    }
  }

  // MARK: Ends

  /// Whether the thread has ended before a moment.
  func hasEnded(_ thread: Int, _ moment: Moment) -> Formula {
    terms.or(
      ends[thread].map { end in
        guard let event = end.event else { return end.condition }
        return terms.and(end.condition, isBefore(event, moment))
      }
    )
  }

  /// Whether the thread has been started before a moment.
  func hasStarted(_ thread: Int, _ moment: Moment) -> Formula {
    guard let start = starts[thread] else { return terms.no }
    guard let event = start.event else { return start.condition }
    return terms.and(start.condition, isBefore(event, moment))
  }

  /// `is_alive()` at a moment.
  func isAlive(
    _ handle: Operand,
    _ role: Role,
    _ state: PathState,
    _ moment: Moment
  ) -> IntegerTerm {
    let handle = value(handle, role, state).term
    let result = terms.proposition()
    deferred.append { [unowned self] in
      var cases: [Formula] = []
      for thread in program.instances.indices {
        let isMeant = terms.equal(handle, terms.integer(thread))
        guard isMeant != terms.no else { continue }
        let runs = terms.and(
          hasStarted(thread, moment),
          terms.not(hasEnded(thread, moment))
        )
        cases.append(terms.and(isMeant, runs))
      }
      addFact(terms.equivalent(result, terms.or(cases)), .alive)
    }
    return terms.integer(result)
  }

  // MARK: Joins

  private func targets(_ target: JoinTarget, _ role: Role, _ state: PathState) -> [IntegerTerm] {
    switch target {
    case .thread(let handle): [value(handle, role, state).term]
    case .threads(let range): range.registers.map { state.registers[$0.index].term }
    }
  }

  func unsupportedJoin(_ target: JoinTarget, _ role: Role, _ state: PathState) -> String? {
    let handles = targets(target, role, state).map { terms.value(of: $0) }
    if handles.contains(nil) { return "a `join` of a thread that is not fixed" }
    // Which of the others are waited for first depends on their order.
    let isMisuse = handles.contains { $0 == role.thread || $0 == Program.none }
    return isMisuse && handles.count > 1
      ? "a `join` of several threads that cannot all be joined" : nil
  }

  func join(
    _ event: Int,
    _ target: JoinTarget,
    _ waiting: Waiting,
    _ before: PathState,
    _ state: inout PathState
  ) {
    let thread = events[event].thread
    let handles = targets(target, .thread(thread), before).compactMap { terms.value(of: $0) }
    let isMisuse = handles.contains { $0 == thread || $0 == Program.none }
    if isMisuse {
      fail(misuse(at: events[event].position), if: terms.yes, thread, &state)
      return
    }
    let executed = events[event].executed
    if waiting == .blocking {
      for handle in handles { joins[handle, default: []].append((event, executed)) }
      state.joined.formUnion(handles)
      for handle in handles {
        let inherited = ends[handle].map(\.state.joined)
        if let first = inherited.first {
          state.joined.formUnion(inherited.dropFirst().reduce(first) { $0.intersection($1) })
        }
      }
      deferred.append { [unowned self] in
        for handle in handles {
          addFact(terms.implies(executed, endedBefore(handle, event)), .joinedHasEnded)
        }
      }
      blockages[event] = { [unowned self] in
        terms.not(terms.and(handles.map { hasEnded($0, .end) }))
      }
      return
    }
    let success = terms.proposition()
    for handle in handles {
      joins[handle, default: []].append((event, terms.and(executed, success)))
    }
    deferred.append { [unowned self] in
      let haveEnded = terms.and(handles.map { hasEnded($0, .event(event)) })
      addFact(terms.implies(executed, terms.equivalent(success, haveEnded)), .timedJoin)
    }
  }

  /// That a thread ends before an event, by its clock even where the order is known without.
  private func endedBefore(_ thread: Int, _ event: Int) -> Formula {
    let isOver = terms.or(ends[thread].map(\.condition))
    let clocks = ends[thread].map { end in
      guard let last = end.event else { return terms.yes }
      let isEarlier = terms.less(events[last].clock, events[event].clock)
      return terms.implies(end.condition, isEarlier)
    }
    return terms.and([isOver] + clocks)
  }
}
