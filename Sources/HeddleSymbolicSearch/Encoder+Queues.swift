import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// What happens to a queue.
struct QueueUse {
  var puts: [(event: Int, condition: Formula, value: IntegerTerm)] = []
  var gets: [(event: Int, condition: Formula, value: IntegerTerm)] = []
  var done: [(event: Int, condition: Formula)] = []
  /// By get and put: whether the one takes what the other put.
  var matches: [[Int]: Formula] = [:]
  /// By put and by get: how many others can come before it.
  var ranks: (puts: [ClosedRange<Int>], gets: [ClosedRange<Int>])?
  /// Whether `task_done` is never called too often; `nil` as long as nobody has asked.
  var isDoneOnceForEach: Bool?
}

// Queues that are first in, first out: which `get` takes what which `put` put.

extension Encoder {
  private func capacity(_ queue: Int) -> Int? {
    guard case .queue(_, let capacity, _, _, _) = program.objects[queue].kind else { return nil }
    return capacity
  }

  private func countsTasks(_ queue: Int) -> Bool {
    if case .queue(_, _, _, true, _) = program.objects[queue].kind { true } else { false }
  }

  private func past(_ condition: Formula, _ event: Int, _ moment: Moment) -> Formula {
    terms.and(condition, isBefore(event, moment))
  }

  /// By how much something changes a number, if it happens.
  private func change(_ number: Int, if condition: Formula) -> IntegerTerm {
    terms.choice(condition, terms.integer(number), terms.integer(0))
  }

  /// The number of items at a moment.
  func itemCount(_ queue: Int, _ moment: Moment) -> IntegerTerm {
    let use = queues[queue] ?? QueueUse()
    return terms.sum(
      use.puts.map { change(1, if: past($0.condition, $0.event, moment)) }
        + use.gets.map { change(-1, if: past($0.condition, $0.event, moment)) }
    )
  }

  /// The number of items put and not marked done at a moment.
  func unfinishedCount(_ queue: Int, _ moment: Moment) -> IntegerTerm {
    let use = queues[queue] ?? QueueUse()
    return terms.sum(
      use.puts.map { change(1, if: past($0.condition, $0.event, moment)) }
        + use.done.map { change(-1, if: past($0.condition, $0.event, moment)) }
    )
  }

  /// Whether a queue has no items at a moment: what was put was taken.
  func isEmpty(_ queue: Int, _ moment: Moment) -> Formula {
    let use = queues[queue] ?? QueueUse()
    return terms.and(
      use.puts.indices.map { put in
        let isPut = past(use.puts[put].condition, use.puts[put].event, moment)
        let isTaken = use.gets.indices.map { get in
          terms.and(match(queue, get, put), isBefore(use.gets[get].event, moment))
        }
        return terms.implies(isPut, terms.or(isTaken))
      }
    )
  }

  func isFull(_ queue: Int, _ moment: Moment) -> Formula {
    guard let capacity = capacity(queue) else { return terms.no }
    return terms.lessOrEqual(terms.integer(capacity), itemCount(queue, moment))
  }

  private func match(_ queue: Int, _ get: Int, _ put: Int) -> Formula {
    if let known = queues[queue]?.matches[[get, put]] { return known }
    guard let use = queues[queue] else { return terms.no }
    let isPossible =
      isBefore(use.puts[put].event, use.gets[get].event) != terms.no
      && mayHaveEqualRanks(queue, get, put)
    let formula = isPossible ? terms.proposition() : terms.no
    queues[queue]?.matches[[get, put]] = formula
    return formula
  }

  // MARK: Operations

  func put(
    _ event: Int,
    _ reference: ObjectReference,
    _ operand: Operand,
    _ waiting: Waiting,
    _ onFailure: Int,
    _ before: PathState,
    _ state: PathState
  ) -> [Way] {
    var state = state
    let item = value(operand, .thread(events[event].thread), before).term
    var fits = terms.yes
    if waiting != .blocking, capacity(reference.first.index) != nil { fits = terms.proposition() }
    var blocked: [() -> Formula] = []
    failOnBadIndex(reference, event, before, &state)
    withObject(reference, event, before) { queue, happens, isMeant in
      queues[queue, default: QueueUse()].puts.append((event, terms.and(happens, fits), item))
      guard capacity(queue) != nil else { return limitLength(queue, event, happens, isMeant) }
      deferred.append { [unowned self] in
        let hasRoom = terms.not(isFull(queue, .event(event)))
        addFact(terms.implies(happens, terms.equivalent(fits, hasRoom)), .room)
      }
      blocked.append { [unowned self] in terms.and(isMeant, isFull(queue, .end)) }
    }
    if waiting == .blocking, !blocked.isEmpty {
      blockages[event] = { [unowned self] in terms.or(blocked.map { $0() }) }
    }
    return ways(event, fits, onFailure, state) { _ in }
  }

  /// An unbounded queue is not followed to more items than are allowed.
  private func limitLength(_ queue: Int, _ event: Int, _ happens: Formula, _ isMeant: Formula) {
    let most = options.maximumQueueLength
    deferred.append { [unowned self] in
      guard queues[queue]?.puts.count ?? 0 > most else { return }
      let isFull = terms.lessOrEqual(terms.integer(most), itemCount(queue, .event(event)))
      addFact(terms.not(terms.and(happens, isFull)), .queueLength)
      let isFullAtEnd = terms.lessOrEqual(terms.integer(most), itemCount(queue, .end))
      addFrontier(
        terms.and([stopped(event), isMeant, isFullAtEnd]),
        .queueLength(program.objects[queue].name, most)
      )
    }
  }

  func get(
    _ event: Int,
    _ register: Register,
    _ reference: ObjectReference,
    _ waiting: Waiting,
    _ onFailure: Int,
    _ before: PathState,
    _ state: PathState
  ) -> [Way] {
    var state = state
    let item = boundedVariable(from: Int.min, through: Int.max)
    let succeeds = waiting == .blocking ? terms.yes : terms.proposition()
    let isDaemon =
      program.threadTypes[program.instances[events[event].thread].type.index].isDaemon
    var blocked: [() -> Formula] = []
    var taken = state.taken
    failOnBadIndex(reference, event, before, &state)
    withObject(reference, event, before) { queue, happens, isMeant in
      queues[queue, default: QueueUse()].gets.append((event, terms.and(happens, succeeds), item))
      if waiting != .blocking {
        deferred.append { [unowned self] in
          let hasItem = terms.not(isEmpty(queue, .event(event)))
          addFact(terms.implies(happens, terms.equivalent(succeeds, hasItem)), .itemIsThere)
        }
      }
      if isDaemon, countsTasks(queue) {
        let old = taken[queue] ?? terms.integer(0)
        let new = terms.sum([old, terms.integer(1)])
        taken[queue] = terms.choice(isMeant, new, old)
      }
      blocked.append { [unowned self] in terms.and(isMeant, isEmpty(queue, .end)) }
    }
    if waiting == .blocking {
      blockages[event] = { [unowned self] in terms.or(blocked.map { $0() }) }
    }
    state.registers[register.index] = SymbolicValue(term: terms.integer(0))
    return ways(event, succeeds, onFailure, state) { way in
      way.taken = taken
      way.registers[register.index] = SymbolicValue(term: item)
    }
  }

  private func ways(
    _ event: Int,
    _ succeeds: Formula,
    _ onFailure: Int,
    _ state: PathState,
    _ change: (inout PathState) -> Void
  ) -> [Way] {
    var success = state
    success.guardFormula = terms.and(state.guardFormula, succeeds)
    change(&success)
    var ways = [Way(target: events[event].position + 1, state: success)]
    if succeeds != terms.yes {
      var failure = state
      failure.guardFormula = terms.and(state.guardFormula, terms.not(succeeds))
      ways.append(Way(target: onFailure, state: failure))
    }
    return ways
  }

  func markDone(
    _ event: Int,
    _ reference: ObjectReference,
    _ before: PathState,
    _ state: inout PathState
  ) {
    let thread = events[event].thread
    let isDaemon = program.threadTypes[program.instances[thread].type.index].isDaemon
    var failing: [Formula] = []
    var taken = state.taken
    failOnBadIndex(reference, event, before, &state)
    withObject(reference, event, before) { queue, happens, isMeant in
      queues[queue, default: QueueUse()].done.append((event, happens))
      let isTooMuch = terms.proposition()
      deferred.append { [unowned self] in
        let count = unfinishedCount(queue, .event(event))
        let isLess = isDoneOnceForEach(queue) ? terms.no : terms.less(count, terms.integer(1))
        addFact(terms.equivalent(isTooMuch, isLess), .doneTooOften)
      }
      failing.append(terms.and(isMeant, isTooMuch))
      if isDaemon {
        let old = taken[queue] ?? terms.integer(0)
        let hasSome = terms.less(terms.integer(0), old)
        let new = terms.choice(hasSome, terms.sum([old, terms.integer(-1)]), old)
        taken[queue] = terms.choice(isMeant, new, old)
      }
    }
    state.taken = taken
    fail(misuse(at: events[event].position), if: terms.or(failing), thread, &state)
  }

  func joinQueue(
    _ event: Int,
    _ reference: ObjectReference,
    _ before: PathState,
    _ state: inout PathState
  ) {
    var blocked: [() -> Formula] = []
    failOnBadIndex(reference, event, before, &state)
    withObject(reference, event, before) { queue, happens, isMeant in
      let zero = terms.integer(0)
      deferred.append { [unowned self] in
        let count = unfinishedCount(queue, .event(event))
        addFact(terms.implies(happens, terms.equal(count, zero)), .allDone)
      }
      blocked.append { [unowned self] in
        terms.and(isMeant, terms.not(terms.equal(unfinishedCount(queue, .end), zero)))
      }
    }
    blockages[event] = { [unowned self] in terms.or(blocked.map { $0() }) }
  }

  // MARK: First in, first out

  /// States for each queue which `get` takes what.
  func relateQueues() {
    for queue in queues.keys.sorted() {
      guard let use = queues[queue] else { continue }
      let before = use.puts.indices.map { certainPuts(use, $0) }
      let hidden = before.map { Set($0.flatMap { before[$0] }) }
      for get in use.gets.indices {
        let takes = use.puts.indices.map { match(queue, get, $0) }
        addFact(terms.implies(use.gets[get].condition, terms.or(takes)), .getTakesSomething)
        for (put, takesIt) in takes.enumerated() where takesIt != terms.no {
          relate(queue, use, get, put, takesIt, hidden: hidden[put])
        }
      }
    }
  }

  /// Relates a get and a put; puts that are `hidden` come before one that certainly comes before this one.
  private func relate(
    _ queue: Int,
    _ use: QueueUse,
    _ get: Int,
    _ put: Int,
    _ takes: Formula,
    hidden: Set<Int>
  ) {
    noteWork(use.puts.count * use.gets.count)
    guard !isTooLarge else { return }
    let (taker, giver) = (use.gets[get], use.puts[put])
    addFact(terms.implies(takes, taker.condition), .takerHappens)
    addFact(terms.implies(takes, giver.condition), .giverHappens)
    addFact(terms.implies(takes, isBefore(giver.event, taker.event)), .takenAfterPut)
    addFact(terms.implies(takes, terms.equal(taker.value, giver.value)), .takenValue)
    for other in use.puts.indices where other > put {
      addFact(terms.not(terms.and(takes, match(queue, get, other))), .oneItemPerGet)
    }
    for other in use.gets.indices where other > get {
      addFact(terms.not(terms.and(takes, match(queue, other, put))), .oneGetPerItem)
    }
    // What was put before was taken before; what came before that, by the same rule for whoever took it.
    for other in use.puts.indices where other != put && !hidden.contains(other) {
      let earlier = use.puts[other]
      let isEarlier = terms.and(earlier.condition, isBefore(earlier.event, giver.event))
      guard isEarlier != terms.no else { continue }
      let isTaken = use.gets.indices.filter { $0 != get }.map { third in
        terms.and(match(queue, third, other), isBefore(use.gets[third].event, taker.event))
      }
      addFact(terms.or([terms.not(takes), terms.not(isEarlier)] + isTaken), .firstInFirstOut)
    }
  }

  // MARK: Observations

  /// What an object answers at a moment; 0 where the index is out of range.
  func observe(
    _ observation: Observation,
    _ reference: ObjectReference,
    _ role: Role,
    _ state: PathState,
    _ moment: Moment
  ) -> IntegerTerm {
    let objects = objects(reference, role, state)
    if observation == .queueSize {
      let size = terms.variable()
      deferred.append { [unowned self] in
        for (object, isMeant) in objects {
          addFact(
            terms.implies(isMeant, terms.equal(size, itemCount(object, moment))),
            .observedSize
          )
        }
      }
      return size
    }
    let result = terms.proposition()
    deferred.append { [unowned self] in
      let answers = objects.map { object, isMeant in
        terms.and(isMeant, answer(observation, object, moment))
      }
      addFact(terms.equivalent(result, terms.or(answers)), .observation)
    }
    return terms.integer(result)
  }

  private func answer(_ observation: Observation, _ object: Int, _ moment: Moment) -> Formula {
    switch observation {
    case .isLocked:
      if case .condition(let lock, _) = program.objects[object].kind {
        return isHeld(lock.index, moment)
      }
      return isHeld(object, moment)
    case .isSet: return isSet(object, moment)
    case .queueIsEmpty: return isEmpty(object, moment)
    case .queueIsFull: return isFull(object, moment)
    case .queueSize, .barrierIsBroken, .barrierWaiting: return terms.no
    }
  }
}
