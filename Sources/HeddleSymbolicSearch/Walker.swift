import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// Whose code is walked, and what for.
enum Role: Hashable {
  case thread(Int)
  /// An invariant or `finally`, on the state at the end.
  case observer
  /// The guard of an atomic block, or the whole block, in which a thread stands at the end.
  case probe(Int)

  /// The thread that the code belongs to; observers belong to none.
  var thread: Int? {
    switch self {
    case .thread(let thread), .probe(let thread): thread
    case .observer: nil
    }
  }
}

/// What a walk leaves behind besides events.
struct WalkResult {
  /// Observers: what fails, and when.
  var failures: [(outcome: FailureOutcome, condition: Formula)] = []
  /// Probes: when the guard of the block holds, or fails, which is a step too.
  var guardHolds: Formula?
  /// Probes: what the block accesses.
  var accesses: [PendingAccess] = []
}

/// A way on from an instruction.
struct Way {
  var target: Int
  var state: PathState
  var isBackEdge = false
}

extension Encoder {
  /// Walks all of a thread's code.
  func walkThread(_ thread: Int, _ state: PathState) {
    let entry = program.threadTypes[program.instances[thread].type.index].entry
    _ = walk(.thread(thread), from: entry.index, state)
  }

  /// Walks code from a position: each point once, after all that lead to it.
  func walk(_ role: Role, from position: Int, _ state: PathState) -> WalkResult {
    var result = WalkResult()
    var waiting: [CodeShape.Point: [PathState]] = [:]
    var order: [CodeShape.Point] = []
    func add(_ point: CodeShape.Point, _ state: PathState) {
      guard state.guardFormula != terms.no else { return }
      if waiting[point] != nil {
        waiting[point]?.append(state)
        return
      }
      waiting[point] = [state]
      // Descending, so that the next one is at the end.
      var low = 0
      var high = order.count
      while low < high {
        let middle = (low + high) / 2
        if order[middle] < point { high = middle } else { low = middle + 1 }
      }
      order.insert(point, at: low)
    }
    add(shape.start(at: position), state)
    while let point = order.popLast() {
      guard let states = waiting.removeValue(forKey: point),
        let state = merge(states, at: point.position, line: line(of: point.position))
      else { continue }
      noteWork(10)
      if events.count > maximumEvents || isTooLarge {
        addFrontier(state.guardFormula, .tooLarge)
        continue
      }
      if !program.instructions[point.position].isVisible || state.block != nil {
        visits[point.position, default: []] += self.visits(role, state)
      }
      for way in step(role, point.position, state, &result) {
        follow(way, from: point, role, add)
      }
    }
    return result
  }

  private func follow(
    _ way: Way,
    from point: CodeShape.Point,
    _ role: Role,
    _ add: (CodeShape.Point, PathState) -> Void
  ) {
    guard way.isBackEdge else {
      let next = shape.point(way.target, from: point)
      guard point < next else {
        let reason = SymbolicLimit.notEncoded(
          "a jump backwards",
          line: line(of: point.position)
        )
        return addFrontier(way.state.guardFormula, reason)
      }
      return add(next, way.state)
    }
    var state = way.state
    state.localTurns += 1
    // The semantics parks a thread there, in a step that has no event.
    guard state.localTurns <= Machine.maximumLocalTurns else {
      let reason = SymbolicLimit.notEncoded(
        "so many rounds of a loop in one step",
        line: line(of: way.target)
      )
      return addFrontier(state.guardFormula, reason)
    }
    let isDecided = state.decided.remove(way.target) != nil
    let next = shape.nextRound(of: way.target, from: point)
    let rounds = next.round(of: way.target) ?? 0
    let most = isDecided ? Self.maximumDecidedRounds : bound
    guard rounds < most else {
      return addFrontier(
        state.guardFormula,
        .unrolled(line: line(of: way.target), times: rounds)
      )
    }
    add(next, state)
  }

  /// How many rounds are unrolled of a loop whose rounds can be counted beforehand.
  static var maximumDecidedRounds: Int { 1000 }

  /// When local work is done.
  private func visits(_ role: Role, _ state: PathState) -> [Visit] {
    switch role {
    case .probe: return []
    case .observer: return [Visit(condition: state.guardFormula, moment: .end)]
    case .thread(let thread):
      return state.last.compactMap { path, event in
        let condition = terms.and(state.guardFormula, path)
        guard condition != terms.no else { return nil }
        let moment = Visit.Moment.step(event, thread: thread, failures: failures.count)
        return Visit(condition: condition, moment: moment)
      }
    }
  }

  // MARK: One instruction

  /// Executes one instruction; the result is where control can go on.
  private func step(
    _ role: Role,
    _ position: Int,
    _ state: PathState,
    _ result: inout WalkResult
  ) -> [Way] {
    let instruction = program.instructions[position]
    if instruction.isVisible {
      if state.block != nil { return stepInBlock(role, position, state, &result) }
      if case .thread(let thread) = role { return takeVisible(thread, position, state) }
    }
    var state = state
    switch instruction {
    case .jump(let target): return [Way(target: target.index, state: state)]
    case .backEdge(let target):
      return [Way(target: target.index, state: state, isBackEdge: true)]
    case .branch(let condition, let otherwise):
      return branch(role, position, condition, otherwise.index, state)
    case .fail(_, let handler): return [Way(target: handler.index, state: state)]
    case .misuse:
      failHere(misuse(at: position), if: terms.yes, role, &state, &result)
      return []
    case .assert(let condition, let claim):
      let holds = isTrue(condition, role, state)
      failHere(.claim(claim), if: terms.not(holds), role, &state, &result)
    case .assume(let condition, let claim):
      let holds = isTrue(condition, role, state)
      failHere(.excluded(claim), if: terms.not(holds), role, &state, &result)
      passedAssumptions[claim.index, default: []] += visits(role, state)
    case .end:
      if let thread = role.thread { end(thread, state) }
      return []
    case .observerEnd: return []
    case .atomicGuard(let condition):
      let holds = isTrue(condition, role, state)
      if case .probe = role {
        result.guardHolds = terms.or(
          result.guardHolds ?? terms.no,
          terms.and(state.guardFormula, holds)
        )
      }
      // A step is only taken where the guard holds.
      addGuardFact(holds, role, &state)
    case .atomicEnd:
      if case .probe = role { return [] }
      endBlock(&state)
    default:
      computeLocally(instruction, position, role, &state, &result)
    }
    return [Way(target: position + 1, state: state)]
  }

  private func addGuardFact(_ holds: Formula, _ role: Role, _ state: inout PathState) {
    if case .thread = role { addFact(terms.implies(state.guardFormula, holds), .atomicGuard) }
    state.guardFormula = terms.and(state.guardFormula, holds)
  }

  private func end(_ thread: Int, _ state: PathState) {
    for (path, event) in state.last {
      let condition = terms.and(state.guardFormula, path)
      guard condition != terms.no else { continue }
      ends[thread].append(ThreadEnd(condition: condition, event: event, state: state))
    }
  }

  /// Notes what fails where it belongs: in a step, in an observer, or nowhere.
  func failHere(
    _ outcome: FailureOutcome,
    if condition: Formula,
    _ role: Role,
    _ state: inout PathState,
    _ result: inout WalkResult
  ) {
    switch role {
    case .thread(let thread): fail(outcome, if: condition, thread, &state)
    case .observer, .probe:
      let happens = terms.and(state.guardFormula, condition)
      if happens != terms.no { result.failures.append((outcome, happens)) }
      if case .probe = role {
        result.guardHolds = terms.or(result.guardHolds ?? terms.no, happens)
      }
      state.guardFormula = terms.and(state.guardFormula, terms.not(condition))
    }
  }

  private func branch(
    _ role: Role,
    _ position: Int,
    _ operand: Operand,
    _ otherwise: Int,
    _ state: PathState
  ) -> [Way] {
    let condition = isTrue(operand, role, state)
    if let value = terms.value(of: condition) {
      var state = state
      let (taken, other) = value ? (position + 1, otherwise) : (otherwise, position + 1)
      state.decided.formUnion(shape.loopsLeft(from: position, to: other))
      return [Way(target: taken, state: state)]
    }
    return [
      Way(target: position + 1, state: narrowed(state, by: condition)),
      Way(target: otherwise, state: narrowed(state, by: terms.not(condition))),
    ]
  }

  /// The state on the paths on which a condition holds.
  func narrowed(_ state: PathState, by condition: Formula) -> PathState {
    var state = state
    state.guardFormula = terms.and(state.guardFormula, condition)
    let opposite = terms.not(condition)
    // What an acquisition that may fail returns is usually asked right after it.
    for lock in state.held.keys.sorted() {
      if state.held[lock] == condition { state.held[lock] = terms.yes }
      if state.held[lock] == opposite {
        state.held[lock] = terms.no
        state.open[lock] = []
        state.depth[lock] = nil
      }
    }
    return state
  }
}
