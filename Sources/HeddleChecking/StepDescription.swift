import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// What one step did, in words: the columns of a ``TraceStep``.
struct StepDescription {
  var action: String
  var object: String?
  var value: String?
  var oldValue: String?
  var effect: String

  private init(
    _ action: String,
    _ object: String? = nil,
    value: String? = nil,
    effect: String = ""
  ) {
    self.action = action
    self.object = object
    self.value = value
    self.effect = effect
  }

  /// Describes the step that began with the instruction at `position` and recorded `events`.
  ///
  /// The shape of its statement says whether the effect need name the variable.
  init(
    _ position: InstructionID,
    _ events: [StepEvent],
    shape: StatementShape,
    _ view: StateView
  ) {
    let instruction = view.machine.program.instructions[position.index]
    switch instruction {
    case .atomicBegin:
      self.init("atomic", effect: Self.effectOfBlock(events, view))
      if case .wrote(let variable, let element, _, _, _) = events.first(where: \.isWrite) {
        object = view.name(of: variable, element: element)
      }
    case .backEdge: self.init("go-on", effect: "goes on with its own work")
    default:
      guard let event = events.first else {
        // The step was misuse before anything happened.
        self.init(Self.action(of: instruction))
        break
      }
      self = Self.describe(event, instruction, shape: shape, view)
    }
    var exceptions: [String] = []
    for event in events {
      switch event {
      case .raised(let text):
        exceptions.append(text.isEmpty ? "raises an exception" : "raises \(StateView.quoted(text))")
      case .ended(byException: true) where exceptions.isEmpty:
        exceptions.append(Self.end(byExceptionAfter: events.first))
      default: break
      }
    }
    if !effect.isEmpty { exceptions.insert(effect, at: 0) }
    effect = exceptions.joined(separator: ", ")
  }

  /// How an operation ends a thread: with an exception of Python's, or by one that was raised before.
  private static func end(byExceptionAfter event: StepEvent?) -> String {
    switch event {
    case .foundFull: "raises queue.Full"
    case .foundEmpty: "raises queue.Empty"
    case .brokeBarrier, .foundBroken: "raises BrokenBarrierError"
    default: "ends by the exception"
    }
  }

  private static func describe(
    _ event: StepEvent,
    _ instruction: Instruction,
    shape: StatementShape,
    _ view: StateView
  ) -> StepDescription {
    let action = action(of: instruction)
    func on(_ object: ObjectID, _ effect: String) -> StepDescription {
      StepDescription(action, view.name(of: object), effect: effect)
    }
    switch event {
    case .read(let variable, let element, let value):
      return read(variable, element, value, shape: shape, view)
    case .wrote(let variable, let element, let old, let new, _):
      return wrote(variable, element, old, new, view)
    case .acquired(let lock): return on(lock, "takes \(view.name(of: lock))")
    case .failedToAcquire(let lock):
      let how = instruction.waiting == .timed ? "times out" : "fails"
      return on(lock, "\(how), \(view.name(of: lock)) is taken")
    case .released(let lock): return on(lock, "releases \(view.name(of: lock))")
    case .beganToWait(let object):
      if case .condition(let lock, _) = view.machine.program.objects[object.index].kind {
        let lockName = view.name(of: lock)
        return on(
          object,
          lockName == view.name(of: object) ? "waits" : "waits, releases \(lockName)"
        )
      }
      return on(object, "begins to wait")
    case .stoppedWaiting(let object):
      if case .condition(let lock, _) = view.machine.program.objects[object.index].kind {
        return on(object, "wakes up, takes \(view.name(of: lock))")
      }
      return on(object, "wakes up")
    case .timedOut(let object): return on(object, "times out")
    case .wokeSpuriously(let object): return on(object, "wakes up without a notify")
    case .notified(let object, let woken):
      let names = listed(woken.map(view.name), limit: 3)
      return on(object, woken.isEmpty ? "wakes nobody" : "wakes \(names)")
    case .setEvent(let object): return on(object, "sets \(view.name(of: object))")
    case .clearedEvent(let object): return on(object, "clears \(view.name(of: object))")
    case .sawEvent(let object): return on(object, "\(view.name(of: object)) is set")
    case .arrived(let object, let index, let isLast):
      return on(
        object,
        isLast ? "arrives last, opens the barrier" : "arrives as number \(index + 1)"
      )
    case .leftBarrier(let object): return on(object, "goes through")
    case .brokeBarrier(let object): return on(object, "times out, breaks the barrier")
    case .foundBroken(let object): return on(object, "finds the barrier broken")
    case .abortedBarrier(let object): return on(object, "breaks the barrier")
    case .resetBarrier(let object): return on(object, "resets the barrier")
    case .put(let queue, let value):
      let text = view.text(ofItem: value, in: queue)
      return StepDescription(action, view.name(of: queue), value: text, effect: "puts \(text)")
    case .got(let queue, let value):
      let text = view.text(ofItem: value, in: queue)
      return StepDescription(action, view.name(of: queue), value: text, effect: "-> \(text)")
    case .foundFull(let queue), .foundEmpty(let queue):
      let state = if case .foundFull = event { "full" } else { "empty" }
      let how = instruction.waiting == .timed ? "times out, " : ""
      return on(queue, "\(how)\(view.name(of: queue)) is \(state)")
    case .markedDone(let queue): return on(queue, "marks one item done")
    case .joinedQueue(let queue): return on(queue, "all items of \(view.name(of: queue)) are done")
    case .observed(let object, let observation, let value):
      let text = observation.isNumber ? String(value) : value != 0 ? "true" : "false"
      return StepDescription(action, view.name(of: object), value: text, effect: "-> \(text)")
    case .started(let threads):
      let names = listed(threads.map(view.name), limit: 3)
      return StepDescription(action, names, effect: "starts \(names)")
    case .joined(let threads), .timedOutJoining(let threads):
      let names = listed(threads.map(view.name), limit: 3)
      if case .timedOutJoining = event {
        let verb = threads.count == 1 ? "runs" : "run"
        return StepDescription(action, names, effect: "times out, \(names) still \(verb)")
      }
      let verb = threads.count == 1 ? "has ended" : "have ended"
      return StepDescription(action, names, effect: threads.isEmpty ? "" : "\(names) \(verb)")
    case .sawAlive(let thread, let isAlive):
      return StepDescription(
        action,
        view.name(of: thread),
        value: "\(isAlive)",
        effect: "-> \(isAlive)"
      )
    case .chose(let value):
      return StepDescription(action, value: String(value), effect: "chooses \(value)")
    case .choseBranch(let branch):
      return StepDescription(action, value: "\(branch + 1)", effect: "takes branch \(branch + 1)")
    case .slept: return StepDescription(action)
    case .wentOn: return StepDescription(action, effect: "goes on with its own work")
    case .printed, .raised, .ended: return StepDescription(action)
    }
  }

  private static func read(
    _ variable: VariableID,
    _ element: Int,
    _ value: Int,
    shape: StatementShape,
    _ view: StateView
  ) -> StepDescription {
    let name = view.name(of: variable, element: element)
    let text = view.text(of: value, in: variable)
    let isScalar = view.machine.program.variables[variable.index].shape == .scalar
    let effect =
      isScalar && shape == .oneOperation
      ? "-> \(text)"
      : isScalar && shape == .oneVariable ? "reads \(text)" : "reads \(name): \(text)"
    return StepDescription("read", name, value: text, effect: effect)
  }

  private static func wrote(
    _ variable: VariableID,
    _ element: Int,
    _ old: Int,
    _ new: Int,
    _ view: StateView
  ) -> StepDescription {
    let name = view.name(of: variable, element: element)
    let change = "\(view.text(of: old, in: variable)) -> \(view.text(of: new, in: variable))"
    let isScalar = view.machine.program.variables[variable.index].shape == .scalar
    var description = StepDescription(
      "write",
      name,
      effect: isScalar ? change : "\(name): \(change)"
    )
    description.value = view.text(of: new, in: variable)
    description.oldValue = view.text(of: old, in: variable)
    return description
  }

  /// The writes of an atomic block, each element once with its first old and last new value; else its reads.
  private static func effectOfBlock(_ events: [StepEvent], _ view: StateView) -> String {
    var changes: [(name: String, old: String, new: String)] = []
    var reads: [(name: String, value: String)] = []
    var others: [String] = []
    for event in events {
      switch event {
      case .wrote(let variable, let element, let old, let new, _):
        let name = view.name(of: variable, element: element)
        let text = view.text(of: new, in: variable)
        if let index = changes.firstIndex(where: { $0.name == name }) {
          changes[index].new = text
        } else {
          changes.append((name, view.text(of: old, in: variable), text))
        }
      case .read(let variable, let element, let value):
        let name = view.name(of: variable, element: element)
        if !reads.contains(where: { $0.name == name }) {
          reads.append((name, view.text(of: value, in: variable)))
        }
      case .printed, .raised, .ended: break
      default:
        others.append(describe(event, .atomicEnd, shape: .several, view).effect)
      }
    }
    var parts = changes.map { "\($0.name): \($0.old) -> \($0.new)" }
    if parts.isEmpty, others.isEmpty { parts = reads.map { "reads \($0.name): \($0.value)" } }
    return (parts + others.filter { !$0.isEmpty }).joined(separator: ", ")
  }

  private static func action(of instruction: Instruction) -> String {
    switch instruction {
    case .load: "read"
    case .store: "write"
    case .acquire: "acquire"
    case .release: "release"
    case .conditionWait, .eventWait: "wait"
    case .conditionWake, .eventWake: "wake"
    case .notify: "notify"
    case .eventSet: "set"
    case .eventClear: "clear"
    case .barrierArrive: "arrive"
    case .barrierLeave: "leave"
    case .barrierAbort: "abort"
    case .barrierReset: "reset"
    case .put: "put"
    case .get: "get"
    case .taskDone: "task_done"
    case .queueJoin, .join: "join"
    case .observe(_, _, let observation): observation.method
    case .start: "start"
    case .isAlive: "is_alive"
    case .any, .anyInteger: "any"
    case .choose: "choose"
    case .sleep: "sleep"
    case .atomicBegin, .atomicGuard, .atomicEnd: "atomic"
    default: "go-on"
    }
  }
}

extension StepEvent {
  var isWrite: Bool {
    if case .wrote = self { true } else { false }
  }
}

extension Instruction {
  /// What the operation does while it cannot proceed.
  var waiting: Waiting? {
    switch self {
    case .acquire(_, let waiting, _), .conditionWake(_, let waiting, _),
      .eventWait(_, let waiting, _), .eventWake(_, let waiting, _),
      .barrierLeave(_, let waiting, _), .put(_, _, let waiting, _), .get(_, _, let waiting, _),
      .join(_, let waiting):
      waiting
    default: nil
    }
  }
}

extension Observation {
  /// The method's name.
  var method: String {
    switch self {
    case .isLocked: "locked"
    case .isSet: "is_set"
    case .queueSize: "qsize"
    case .queueIsEmpty: "empty"
    case .queueIsFull: "full"
    case .barrierIsBroken: "broken"
    case .barrierWaiting: "n_waiting"
    }
  }

  /// Whether the answer is a number and no truth value.
  var isNumber: Bool {
    switch self {
    case .queueSize, .barrierWaiting: true
    default: false
    }
  }
}

/// How many visible operations a statement has.
enum StatementShape {
  case oneOperation
  /// Several, but all on one variable.
  case oneVariable
  case several

  /// The shapes of all statements of a program; copies of inlined functions count once.
  static func all(of program: Program) -> [StatementShape] {
    struct Operation: Hashable {
      var span: SourceSpan
      var variable: VariableID?
      var isStore: Bool
    }
    var operations = Array(repeating: Set<Operation>(), count: program.statements.count)
    for (index, instruction) in program.instructions.enumerated() where instruction.isVisible {
      var operation = Operation(span: program.instructionSpans[index], isStore: false)
      switch instruction {
      case .load(_, let place): operation.variable = place.variable
      case .store(let place, _):
        operation.variable = place.variable
        operation.isStore = true
      default: break
      }
      operations[program.instructionStatements[index].index].insert(operation)
    }
    return operations.map { operations in
      if operations.count <= 1 { return .oneOperation }
      return Set(operations.map(\.variable)).count == 1 ? .oneVariable : .several
    }
  }
}
