import HeddleProgram
import HeddleSolver

// Atomic blocks, and code that only looks at the end of the run: observers, and blocks in which a thread stands.

extension Encoder {
  func beginBlock(_ event: Int, _ position: Int, _ before: PathState, _ state: inout PathState) {
    state.block = BlockState(event: event)
    blockEntries[event] = before
    guard case .atomicBegin(hasGuard: true) = program.instructions[position] else { return }
    blockages[event] = { [unowned self] in terms.not(probe(event).guardHolds ?? terms.no) }
  }

  /// What the block would do in which a thread stands at the end.
  func probe(_ event: Int) -> WalkResult {
    guard var state = blockEntries[event] else {
      preconditionFailure("internal error: no atomic block there")
    }
    state.block = BlockState(event: nil)
    state.guardFormula = stopped(event)
    return walk(.probe(events[event].thread), from: events[event].position + 1, state)
  }

  /// Evaluates an observer on the state at the end.
  func observeEnd(_ observer: Observer, if condition: Formula) -> WalkResult {
    let zero = SymbolicValue(term: terms.integer(0))
    let state = PathState(
      guardFormula: condition,
      registers: Array(repeating: zero, count: observer.registerCount),
      last: [],
      block: BlockState(event: nil)
    )
    return walk(.observer, from: observer.entry.index, state)
  }

  func endBlock(_ state: inout PathState) {
    guard let block = state.block, let event = block.event else { return }
    state.block = nil
    for slot in block.written.keys.sorted() {
      guard let condition = block.written[slot], let value = block.contents[slot] else { continue }
      write(event, slot, value, if: terms.and(state.guardFormula, condition))
    }
  }

  /// One visible instruction as a part of a block.
  func stepInBlock(
    _ role: Role,
    _ position: Int,
    _ state: PathState,
    _ result: inout WalkResult
  ) -> [Way] {
    var state = state
    let moment: Moment = (state.block?.event).map { .event($0) } ?? .end
    switch program.instructions[position] {
    case .load(let register, let place):
      let (slots, isInvalid) = slots(place, role, state)
      note(slots, isWrite: false, state, &result)
      failHere(misuse(at: position), if: isInvalid, role, &state, &result)
      state.registers[register.index] = loadInBlock(slots, &state)
    case .store(let place, let operand):
      let (slots, isInvalid) = slots(place, role, state)
      note(slots, isWrite: true, state, &result)
      failHere(misuse(at: position), if: isInvalid, role, &state, &result)
      storeInBlock(slots, value(operand, role, state), &state)
    case .isAlive(let register, let handle):
      let value = isAlive(handle, role, state, moment)
      state.registers[register.index] = SymbolicValue(term: value)
    case .observe(let register, let reference, let observation):
      let value = observe(observation, reference, role, state, moment)
      if let operand = reference.index {
        let index = self.value(operand, role, state).term
        let isInvalid = terms.not(isIndex(index, below: reference.count))
        failHere(misuse(at: position), if: isInvalid, role, &state, &result)
      }
      state.registers[register.index] = SymbolicValue(term: value)
    default:
      let construct = "operations on objects in an atomic block"
      addFrontier(state.guardFormula, .notEncoded(construct, line: line(of: position)))
      return []
    }
    return [Way(target: position + 1, state: state)]
  }

  private func note(
    _ slots: [(slot: Int, condition: Formula)],
    isWrite: Bool,
    _ state: PathState,
    _ result: inout WalkResult
  ) {
    guard state.block?.event == nil else { return }
    for (slot, condition) in slots {
      let happens = terms.and(state.guardFormula, condition)
      result.accesses.append(
        PendingAccess(slot: slot, isWrite: isWrite, isAtomic: true, condition: happens)
      )
    }
  }

  func loadInBlock(
    _ slots: [(slot: Int, condition: Formula)],
    _ state: inout PathState
  ) -> SymbolicValue {
    guard var block = state.block else { return SymbolicValue(term: terms.integer(0)) }
    var value = SymbolicValue(term: terms.integer(0))
    for (index, (slot, condition)) in slots.enumerated() {
      let content = block.contents[slot] ?? before(slot, block)
      block.contents[slot] = content
      block.loaded[slot] = terms.or(block.loaded[slot] ?? terms.no, condition)
      value.term = index == 0 ? content : terms.choice(condition, content, value.term)
      if let event = block.event {
        let read = blockRead(event, slot)
        if isTracked(read) { value.sources.append(Source(read: read, condition: condition)) }
      }
    }
    value.sources = union(value.sources)
    state.block = block
    return value
  }

  func storeInBlock(
    _ slots: [(slot: Int, condition: Formula)],
    _ new: SymbolicValue,
    _ state: inout PathState
  ) {
    guard var block = state.block else { return }
    for (slot, condition) in slots {
      if let event = block.event {
        // A block that has read the variable itself loses nothing.
        let isLoaded = block.loaded[slot] ?? terms.no
        let happens = terms.and([state.guardFormula, condition, terms.not(isLoaded)])
        let sources = new.sources.filter { reads[$0.read].slot == slot }
        if !sources.isEmpty, happens != terms.no {
          stores.append(
            StoreRecord(event: event, slot: slot, condition: happens, sources: sources)
          )
        }
      }
      if condition == terms.yes {
        block.contents[slot] = new.term
      } else {
        let old = block.contents[slot] ?? before(slot, block)
        block.contents[slot] = terms.choice(condition, new.term, old)
      }
      block.written[slot] = terms.or(block.written[slot] ?? terms.no, condition)
    }
    state.block = block
  }

  /// The read of a slot right before a block, one for all its loads.
  func blockRead(_ event: Int, _ slot: Int) -> Int {
    if let known = blockReads[[event, slot]] { return known }
    let number = read(event, slot, if: events[event].executed)
    blockReads[[event, slot]] = number
    return number
  }
}
