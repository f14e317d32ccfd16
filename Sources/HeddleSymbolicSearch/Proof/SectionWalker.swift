import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// Executes the code of one thread symbolically, a whole lock section at a time.
///
/// ### Why a section may be one step
/// Let every section of a lock contain no operation that can block, and let every two accesses of one variable, one of them a write,
/// either be made under one lock or never be next in one state of the collapsed program (``ProofObligations/conflicts()`` has
/// that proved). Then in a run an acquisition can be moved to the right past the steps of others, and accesses in the
/// section and the release to the left (Lipton, "Reduction", CACM 18, 1975): the run with the section in one piece reaches
/// the same states between sections, the same failures inside, and leaves a section that is not finished out. (Whoever looks at
/// memory without a lock, as invariants do, sees such a section too: ``ProofObligations`` asks about that by itself.) Take
/// the first step of a run at which two accesses without a common lock are next together, one of them in a section: up to there the
/// accesses were protected, so the run so far can be rearranged, and the collapsed program has these two next
/// together as well, which was proved impossible. Steps outside of sections are the language's own.
struct SectionWalker {
  let encoder: Encoder
  let thread: Int
  let flow: FlowAnalysis
  /// Registers that are never told apart by their values.
  let widened: Set<Int>

  var program: Program { encoder.program }
  var terms: TermBank { encoder.terms }
  var role: Role { .probe(thread) }

  /// What a thread can do from a control point.
  struct Outcome {
    var steps: [(step: ControlStep, target: ControlPoint)] = []
    /// Steps in the middle of which the run can end: nothing follows, but what they did so far others may see, or get in the way of.
    var abandoned: [ControlStep] = []
    var failures: [StepFailure] = []

    /// Notes that the run may end where a path is.
    mutating func abandon(_ path: Path) { abandoned.append(path.step) }
  }

  /// A path through one step.
  struct Path {
    var position: Int
    var state: PathState
    var step: ControlStep
    var lock: Int?
    var depth = 0
    var isAtomic = false
    var isBegun = false
    var work = 0
    var started: [Int: Int]
    var joined: Set<Int>
  }

  /// A step has at most so many paths.
  private static let maximumPaths = 64
  /// A path executes at most so many instructions.
  private static let maximumWork = 2_000
  /// A choice between so many values is made by paths.
  static let fewValues = 8

  func outcome(
    from point: ControlPoint,
    number: Int,
    _ open: [Int: IntegerTerm]
  ) throws(Unprovable)
    -> Outcome
  {
    guard case .before(let position) = point.place else { return Outcome() }
    let count = program.threadTypes[program.instances[thread].type.index].registerCount
    let zero = SymbolicValue(term: terms.integer(0))
    var registers = Array(repeating: zero, count: count)
    for (register, value) in point.known { registers[register].term = terms.integer(value) }
    for register in point.open { registers[register].term = open[register] ?? zero.term }
    let state = PathState(
      guardFormula: terms.yes,
      registers: registers,
      last: [],
      block: BlockState(event: nil)
    )
    let step = ControlStep(from: number, to: 0, condition: terms.yes)
    var pending = [
      Path(
        position: position,
        state: state,
        step: step,
        isBegun: !program.instructions[position].isVisible,
        started: point.started,
        joined: point.joined
      )
    ]
    var outcome = Outcome()
    while var path = pending.popLast() {
      guard outcome.steps.count + pending.count <= Self.maximumPaths else {
        throw Unprovable(reason: "a step has more than \(Self.maximumPaths) paths")
      }
      pending += try advance(&path, &outcome).reversed()
    }
    return outcome
  }

  // MARK: One instruction

  private func advance(_ path: inout Path, _ outcome: inout Outcome) throws(Unprovable) -> [Path] {
    path.work += 1
    guard path.work <= Self.maximumWork else {
      throw unsupported("a loop in a lock section or in local work", path.position)
    }
    let instruction = program.instructions[path.position]
    if instruction.isVisible, !path.isAtomic {
      if path.isBegun, path.lock == nil {
        finish(path, .before(path.position), &outcome)
        return []
      }
      path.isBegun = true
    }
    path.step.covered.append(path.position)
    let position = path.position
    path.position += 1
    switch instruction {
    case .jump(let target), .backEdge(let target):
      path.position = target.index
    case .branch(let operand, let otherwise):
      return fork(path, encoder.isTrue(operand, role, path.state), otherwise.index)
    case .fail(_, let handler): path.position = handler.index
    case .misuse:
      fail(encoder.misuse(at: position), terms.yes, path, &outcome)
      return []
    case .assert(let operand, let claim):
      let holds = encoder.isTrue(operand, role, path.state)
      fail(.claim(claim), terms.not(holds), path, &outcome)
      path.state.guardFormula = terms.and(path.state.guardFormula, holds)
    case .assume(let operand, let claim):
      // A run that does not go on is of no interest.
      let holds = encoder.isTrue(operand, role, path.state)
      if holds != terms.yes { outcome.abandon(path) }
      path.state.guardFormula = terms.and(path.state.guardFormula, holds)
      path.step.passedClaims.append(claim.index)
    case .end:
      guard path.lock == nil else { throw unsupported("a thread that ends with a lock", position) }
      finish(path, .ended, &outcome)
      return []
    case .atomicBegin(hasGuard: false): path.isAtomic = true
    case .atomicEnd:
      path.isAtomic = false
      try checkInvariants(path, &outcome)
    case .atomicBegin, .atomicGuard: throw unsupported("`atomic when`", position)
    case .load(let register, let place): load(register, place, position, &path, &outcome)
    case .store(let place, let operand):
      store(place, operand, position, &path, &outcome)
      if !path.isAtomic { try checkInvariants(path, &outcome) }
    case .acquire, .release: try lock(instruction, position, &path)
    case .any(let register, let lower, let upper):
      return try choose(register, lower, upper, position, path, &outcome)
    case .anyInteger(let register):
      let value = encoder.boundedVariable(from: Int.min, through: Int.max)
      path.step.fresh.append(value)
      path.state.registers[register.index] = SymbolicValue(term: value)
    case .choose(let list):
      return program.targetLists[list].map { target in
        var way = path
        way.position = target.index
        return way
      }
    case .sleep: break
    case .start(let type, let count, let arguments, let results):
      try start(type, count, arguments, results, position, &path)
    case .join(let target, .blocking): try join(target, position, &path)
    case .move, .unary, .binary, .loadRegister, .storeRegister, .requireValue,
      .requireOptionalRange, .print:
      var result = WalkResult()
      encoder.computeLocally(instruction, position, role, &path.state, &result)
      for (failed, condition) in result.failures { note(failed, condition, path, &outcome) }
    default: throw unsupported("\(Self.construct(instruction))", position)
    }
    return path.state.guardFormula == terms.no ? [] : [path]
  }

  private static func construct(_ instruction: Instruction) -> String {
    switch instruction {
    case .format: "texts"
    case .conditionWait, .conditionWake, .notify: "conditions"
    case .barrierArrive, .barrierLeave, .barrierAbort, .barrierReset: "barriers"
    case .eventSet, .eventClear, .eventWait, .eventWake: "events"
    case .put, .get, .taskDone, .queueJoin: "queues"
    case .join: "`join` with a timeout"
    default: "this statement"
    }
  }

  func unsupported(_ what: String, _ position: Int) -> Unprovable {
    Unprovable(reason: "proofs do not model \(what) (line \(encoder.line(of: position)))")
  }

  private func fork(_ path: Path, _ condition: Formula, _ otherwise: Int) -> [Path] {
    var (taken, other) = (path, path)
    taken.state.guardFormula = terms.and(path.state.guardFormula, condition)
    other.state.guardFormula = terms.and(path.state.guardFormula, terms.not(condition))
    other.position = otherwise
    return [taken, other].filter { $0.state.guardFormula != terms.no }
  }

  func fail(
    _ failed: FailureOutcome,
    _ condition: Formula,
    _ path: Path,
    _ outcome: inout Outcome
  ) {
    note(failed, terms.and(path.state.guardFormula, condition), path, &outcome)
  }

  private func note(
    _ failed: FailureOutcome,
    _ condition: Formula,
    _ path: Path,
    _ outcome: inout Outcome
  ) {
    guard condition != terms.no else { return }
    outcome.abandon(path)
    outcome.failures.append(
      StepFailure(from: path.step.from, condition: condition, outcome: failed)
    )
  }

  // MARK: Shared memory

  /// The slots that a place can mean; an index that is out of range ends the path.
  private func access(
    _ place: Place,
    isWrite: Bool,
    _ position: Int,
    _ path: inout Path,
    _ outcome: inout Outcome
  ) -> [(slot: Int, condition: Formula)] {
    let (slots, isInvalid) = encoder.slots(place, role, path.state)
    path.step.accesses += slots.map {
      SectionAccess(slot: $0.slot, isWrite: isWrite, lock: path.lock, isAtomic: path.isAtomic)
    }
    fail(encoder.misuse(at: position), isInvalid, path, &outcome)
    path.state.guardFormula = terms.and(path.state.guardFormula, terms.not(isInvalid))
    return slots
  }

  private func load(
    _ register: Register,
    _ place: Place,
    _ position: Int,
    _ path: inout Path,
    _ outcome: inout Outcome
  ) {
    let slots = access(place, isWrite: false, position, &path, &outcome)
    path.state.registers[register.index] = encoder.loadInBlock(slots, &path.state)
  }

  private func store(
    _ place: Place,
    _ operand: Operand,
    _ position: Int,
    _ path: inout Path,
    _ outcome: inout Outcome
  ) {
    let slots = access(place, isWrite: true, position, &path, &outcome)
    let value = encoder.value(operand, role, path.state)
    encoder.storeInBlock(slots, value, &path.state)
  }

  /// Invariants hold in every state, so also after each write in a section.
  private func checkInvariants(_ path: Path, _ outcome: inout Outcome) throws(Unprovable) {
    for invariant in program.invariants {
      let frontiers = encoder.frontiers.count
      let zero = SymbolicValue(term: terms.integer(0))
      let state = PathState(
        guardFormula: path.state.guardFormula,
        registers: Array(repeating: zero, count: invariant.registerCount),
        last: [],
        block: path.state.block
      )
      let result = encoder.walk(.observer, from: invariant.entry.index, state)
      guard encoder.frontiers.count == frontiers else {
        throw Unprovable(reason: "an invariant cannot be evaluated with constraints")
      }
      // A run goes on where an invariant is false.
      for (failed, condition) in result.failures where condition != terms.no {
        outcome.failures.append(
          StepFailure(from: path.step.from, condition: condition, outcome: failed)
        )
      }
    }
  }

  // MARK: Locks

  private func lock(
    _ instruction: Instruction,
    _ position: Int,
    _ path: inout Path
  )
    throws(Unprovable)
  {
    guard !path.isAtomic, let reference = instruction.object,
      let object = fixedObject(reference, path.state)
    else { throw unsupported("a lock that is not fixed", position) }
    var isReentrant = false
    switch program.objects[object].kind {
    case .lock: break
    case .rlock: isReentrant = true
    default: throw unsupported("semaphores and conditions", position)
    }
    switch instruction {
    case .acquire(_, .blocking, nil) where path.lock == nil:
      path.lock = object
      path.depth = 1
    case .acquire(_, .blocking, nil) where path.lock == object && isReentrant: path.depth += 1
    case .release where path.lock == object:
      path.depth -= 1
      if path.depth == 0 { path.lock = nil }
    default: throw unsupported("nested locks, and locks outside of `with`", position)
    }
  }

  private func fixedObject(_ reference: ObjectReference, _ state: PathState) -> Int? {
    guard let operand = reference.index else { return reference.first.index }
    guard let index = terms.value(of: encoder.value(operand, role, state).term),
      (0..<reference.count).contains(index)
    else { return nil }
    return reference.first.index + index
  }

  // MARK: The end of a step

  private func finish(_ path: Path, _ place: ControlPoint.Place, _ outcome: inout Outcome) {
    var target = ControlPoint(place: place, started: path.started, joined: path.joined)
    var step = path.step
    step.condition = path.state.guardFormula
    if case .before(let position) = place {
      for register in path.state.registers.indices
      where flow.isLive(Register(register), at: InstructionID(position)) {
        let term = path.state.registers[register].term
        if !widened.contains(register), let value = terms.value(of: term) {
          target.known[register] = value
        } else {
          target.open.append(register)
          step.registers[register] = term
        }
      }
    }
    let block = path.state.block
    for slot in (block?.written ?? [:]).keys.sorted() {
      step.contents[slot] = block?.contents[slot]
    }
    outcome.steps.append((step, target))
  }
}
