import HeddleProgram
import HeddleSolver

/// What happens to an event object.
struct EventUse {
  var sets: [(event: Int, condition: Formula)] = []
  var clears: [(event: Int, condition: Formula)] = []
}

extension Encoder {
  /// Whether an event object is set at a moment: some `set` came last.
  func isSet(_ object: Int, _ moment: Moment) -> Formula {
    guard let use = eventObjects[object] else { return terms.no }
    return terms.or(
      use.sets.map { set in
        let isLast = use.clears.map { clear in
          terms.or([
            terms.not(clear.condition), isBefore(clear.event, set.event),
            terms.not(isBefore(clear.event, moment)),
          ])
        }
        return terms.and([set.condition, isBefore(set.event, moment)] + isLast)
      }
    )
  }

  /// `wait()`: passes if the object is set; where it may be cleared again, else begins to wait.
  func waitForEvent(
    _ event: Int,
    _ reference: ObjectReference,
    _ waiting: Waiting,
    _ result: Register?,
    _ before: PathState,
    _ state: PathState
  ) -> [Way] {
    var state = state
    let position = events[event].position
    var mayBeCleared = false
    if case .event(isCleared: true) = program.objects[reference.first.index].kind {
      mayBeCleared = true
    }
    let isCertain = !mayBeCleared && waiting == .blocking
    let passes = isCertain ? terms.yes : terms.proposition()
    var blocked: [() -> Formula] = []
    failOnBadIndex(reference, event, before, &state)
    withObject(reference, event, before) { object, happens, isMeant in
      deferred.append { [unowned self] in
        let isSet = isSet(object, .event(event))
        addFact(terms.implies(happens, terms.equivalent(passes, isSet)), .waitPasses)
      }
      blocked.append { [unowned self] in terms.and(isMeant, terms.not(isSet(object, .end))) }
    }
    if isCertain { blockages[event] = { [unowned self] in terms.or(blocked.map { $0() }) } }
    if let result {
      state.registers[result.index] = SymbolicValue(term: terms.integer(passes))
    }
    guard mayBeCleared else { return [Way(target: position + 1, state: state)] }
    var passing = state
    passing.guardFormula = terms.and(state.guardFormula, passes)
    var waits = state
    waits.guardFormula = terms.and(state.guardFormula, terms.not(passes))
    waits.registration = event
    if let result {
      passing.registers[result.index] = SymbolicValue(term: terms.integer(1))
      waits.registers[result.index] = SymbolicValue(term: terms.integer(0))
    }
    return [
      Way(target: position + 1, state: waits), Way(target: position + 2, state: passing),
    ]
  }

  /// The end of a wait: some `set` has come since it began, whatever came after.
  func wake(
    _ event: Int,
    _ reference: ObjectReference,
    _ waiting: Waiting,
    _ before: PathState,
    _ state: inout PathState
  ) -> Formula {
    guard let registration = before.registration else {
      preconditionFailure("internal error: nobody began to wait")
    }
    state.registration = nil
    let isCertain = waiting == .blocking
    let released = isCertain ? terms.yes : terms.proposition()
    var blocked: [() -> Formula] = []
    failOnBadIndex(reference, event, before, &state)
    withObject(reference, event, before) { object, happens, isMeant in
      deferred.append { [unowned self] in
        let isReleased = isReleased(object, since: registration, .event(event))
        addFact(terms.implies(happens, terms.equivalent(released, isReleased)), .wake)
      }
      blocked.append { [unowned self] in
        terms.and(isMeant, terms.not(isReleased(object, since: registration, .end)))
      }
    }
    if isCertain { blockages[event] = { [unowned self] in terms.or(blocked.map { $0() }) } }
    return released
  }

  /// Whether some `set` has come since an event at which the wait began.
  private func isReleased(_ object: Int, since registration: Int, _ moment: Moment) -> Formula {
    terms.or(
      (eventObjects[object]?.sets ?? []).map { set in
        terms.and([
          set.condition, isBefore(registration, set.event), isBefore(set.event, moment),
        ])
      }
    )
  }
}
