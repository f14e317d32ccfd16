import HeddleProgram
import HeddleSolver

// Shared variables: which write a read sees.

extension Encoder {
  /// The slots that a place may mean, each with its condition; and when it means none.
  func slots(
    _ place: Place,
    _ role: Role,
    _ state: PathState
  ) -> (slots: [(slot: Int, condition: Formula)], isInvalid: Formula) {
    let variable = place.variable.index
    let first = firstSlots[variable]
    switch place {
    case .scalar: return ([(first, terms.yes)], terms.no)
    case .element(_, let index):
      let count = program.variables[variable].elementCount
      return elements(value(index, role, state).term, first, count)
    case .field(_, let owner): return fields(variable, owner, nil, role, state)
    case .fieldElement(_, let owner, let index): return fields(variable, owner, index, role, state)
    }
  }

  private func elements(
    _ index: IntegerTerm,
    _ first: Int,
    _ count: Int
  ) -> (slots: [(slot: Int, condition: Formula)], isInvalid: Formula) {
    var result: [(slot: Int, condition: Formula)] = []
    for offset in 0..<count {
      let isHere = terms.equal(index, terms.integer(offset))
      if isHere != terms.no { result.append((first + offset, isHere)) }
    }
    return (result, terms.not(isIndex(index, below: count)))
  }

  private func fields(
    _ variable: Int,
    _ owner: Operand,
    _ index: Operand?,
    _ role: Role,
    _ state: PathState
  ) -> (slots: [(slot: Int, condition: Formula)], isInvalid: Formula) {
    guard case .field(let copies, let length, _) = program.variables[variable].shape else {
      preconditionFailure("internal error: a field of something else")
    }
    let handle = value(owner, role, state).term
    var result: [(slot: Int, condition: Formula)] = []
    var isOwner = terms.no
    for (thread, copy) in copies.enumerated() where copy >= 0 {
      let isHere = terms.equal(handle, terms.integer(thread))
      guard isHere != terms.no else { continue }
      isOwner = terms.or(isOwner, isHere)
      let start = firstSlots[variable] + copy * length
      guard let index else {
        result.append((start, isHere))
        continue
      }
      for (slot, condition) in elements(value(index, role, state).term, start, length).slots {
        result.append((slot, terms.and(isHere, condition)))
      }
    }
    var isInvalid = terms.not(isOwner)
    if let index {
      let element = value(index, role, state).term
      isInvalid = terms.or(isInvalid, terms.not(isIndex(element, below: length)))
    }
    return (result, isInvalid)
  }

  // MARK: Reads and writes

  /// A read of a slot right at an event; what it sees is settled in ``relateMemory()``.
  func read(_ event: Int, _ slot: Int, if condition: Formula) -> Int {
    let value = unknownValue(of: slot)
    reads.append(MemoryRead(event: event, slot: slot, condition: condition, value: value))
    return reads.count - 1
  }

  /// A new value for a slot within what is known of its variable; the initial one if nobody writes it.
  private func unknownValue(of slot: Int) -> IntegerTerm {
    let variable = variableOfSlot[slot]
    guard facing.isStored[variable] else { return initialValues[slot] }
    let bounds = facing.bounds[variable] ?? Int.min...Int.max
    return boundedVariable(from: bounds.lowerBound, through: bounds.upperBound)
  }

  func write(_ event: Int, _ slot: Int, _ value: IntegerTerm, if condition: Formula) {
    guard condition != terms.no else { return }
    writes.append(MemoryWrite(event: event, slot: slot, condition: condition, value: value))
  }

  /// Whether a read can be what a lost update of its thread goes back to.
  func isTracked(_ read: Int) -> Bool {
    let type = program.instances[events[reads[read].event].thread].type.index
    return facing.storedByType[type].contains(variableOfSlot[reads[read].slot])
  }

  /// The value of a read that may be of one of several slots.
  func combined(_ parts: [(read: Int, condition: Formula)]) -> SymbolicValue {
    var value = SymbolicValue(term: terms.integer(0))
    for (index, part) in parts.enumerated() {
      let term = reads[part.read].value
      value.term = index == 0 ? term : terms.choice(part.condition, term, value.term)
    }
    value.sources = union(
      parts.filter { isTracked($0.read) }.map { Source(read: $0.read, condition: $0.condition) }
    )
    return value
  }

  // MARK: What a read sees

  /// States for each read which write it sees.
  func relateMemory() {
    var writesBySlot: [Int: [Int]] = [:]
    for (number, write) in writes.enumerated() {
      writesBySlot[write.slot, default: []].append(number)
    }
    for read in reads where facing.isStored[variableOfSlot[read.slot]] && !isTooLarge {
      relate(
        read.value,
        slot: read.slot,
        at: .event(read.event),
        if: read.condition,
        writesBySlot[read.slot] ?? []
      )
    }
    for slot in endValues.keys.sorted() {
      guard let value = endValues[slot], facing.isStored[variableOfSlot[slot]] else { continue }
      relate(value, slot: slot, at: .end, if: terms.yes, writesBySlot[slot] ?? [])
    }
  }

  private func relate(
    _ value: IntegerTerm,
    slot: Int,
    at moment: Moment,
    if condition: Formula,
    _ candidates: [Int]
  ) {
    var others = candidates
    var hides: Int?
    if case .event(let event) = moment {
      others = others.filter { isBefore(writes[$0].event, event) != terms.no }
      // The last write that surely came before hides the start, and what surely came before it.
      hides = others.last {
        events[event].certain.contains(writes[$0].event)
          && writes[$0].condition == events[writes[$0].event].executed
          && writes[$0].event != event
      }
    }
    var seen: [Formula] = []
    for number in others {
      let write = writes[number]
      if let hides, hides != number, isBefore(write.event, writes[hides].event) == terms.yes {
        continue
      }
      noteWork(others.count)
      let sees = terms.proposition()
      seen.append(sees)
      addFact(terms.implies(sees, write.condition), .seenWriteHappens)
      addFact(terms.implies(sees, isBefore(write.event, moment)), .seenWriteIsEarlier)
      addFact(terms.implies(sees, terms.equal(value, write.value)), .seenValue)
      for other in others where other != number {
        let hidden = writes[other]
        addFact(
          terms.or([
            terms.not(sees), terms.not(hidden.condition), isBefore(hidden.event, write.event),
            terms.not(isBefore(hidden.event, moment)),
          ]),
          .seenWriteIsLast
        )
      }
    }
    if hides == nil {
      let seesStart = terms.proposition()
      seen.append(seesStart)
      addFact(terms.implies(seesStart, terms.equal(value, initialValues[slot])), .initialValue)
      for other in others {
        let hidden = writes[other]
        addFact(
          terms.or([
            terms.not(seesStart), terms.not(hidden.condition),
            terms.not(isBefore(hidden.event, moment)),
          ]),
          .initialValueIsLast
        )
      }
    }
    addFact(terms.implies(condition, terms.or(seen)), .readSeesSomething)
  }

  /// What a slot holds at the end of the run.
  func valueAtEnd(_ slot: Int) -> IntegerTerm {
    if let known = endValues[slot] { return known }
    let value = unknownValue(of: slot)
    endValues[slot] = value
    return value
  }
}
