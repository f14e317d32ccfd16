/// What one execution of a body can do that is counted over the whole program.
struct Effects {
  /// Started threads by declaration.
  var starts: [ThreadSymbolID: Multiplicity] = [:]
  /// Items put into queues.
  var puts: [QueueReference: Multiplicity] = [:]
  /// Events that are cleared.
  var cleared: Set<ObjectSymbolID> = []
  /// Queues that are joined, or on which a task is declared done.
  var taskQueues: Set<ObjectSymbolID> = []

  /// A queue, or an element of an array of them; `nil` for an element that is not known.
  struct QueueReference: Hashable {
    var symbol: ObjectSymbolID
    var element: Int?
  }

  /// Adds what happens besides.
  mutating func add(_ other: Effects) { combine(with: other, +) }

  /// Adds what can happen instead.
  mutating func addAlternative(_ other: Effects) { combine(with: other, Multiplicity.either) }

  /// The effects of that many executions.
  func repeated(_ times: Multiplicity) -> Effects {
    var result = self
    result.starts = starts.mapValues { times * $0 }
    result.puts = puts.mapValues { times * $0 }
    return result
  }

  private mutating func combine(
    with other: Effects,
    _ combine: (Multiplicity, Multiplicity) -> Multiplicity
  ) {
    for (key, value) in other.starts { starts[key] = combine(starts[key] ?? .zero, value) }
    for (key, value) in other.puts { puts[key] = combine(puts[key] ?? .zero, value) }
    cleared.formUnion(other.cleared)
    taskQueues.formUnion(other.taskQueues)
  }
}

/// The effects of every activation, found callees first.
struct EffectAnalysis {
  private let scenario: ResolvedScenario
  private var summaries: [Activation: Effects] = [:]

  /// Sums up all bodies in the order of a call graph without recursion.
  init(_ scenario: ResolvedScenario, _ graph: CallGraph) {
    self.scenario = scenario
    for activation in graph.activations {
      let body = scenario.functions[activation.function.index].body
      summaries[activation] = effects(of: body, in: activation)
    }
  }

  /// What one execution of an activation, or of what it calls, can do.
  func effects(of activation: Activation) -> Effects {
    summaries[activation] ?? Effects()
  }

  private func effects(of statements: [ResolvedStatement], in caller: Activation) -> Effects {
    var own = Effects()
    for statement in statements { own.add(effects(of: statement, in: caller)) }
    return own
  }

  private func effects(of statement: ResolvedStatement, in caller: Activation) -> Effects {
    var own = Effects()
    for expression in statement.expressions { own.add(effects(of: expression, in: caller)) }
    let endless = Multiplicity(count: 0, isUnbounded: true)
    var times = Multiplicity.once
    switch statement.kind {
    case .conditional, .choose:
      var alternatives = Effects()
      for block in statement.blocks {
        alternatives.addAlternative(effects(of: block, in: caller))
      }
      own.add(alternatives)
      return own
    case .whileLoop, .loop:
      // The condition is evaluated before the body, and again after it.
      own = own.repeated(endless + .once)
      times = endless
    case .forRange(_, let lower, let upper, let isClosed, _):
      times = length(lower, upper, isClosed: isClosed)
    case .forEach(_, let array, _):
      times = endless
      if case .array(_, let length?) = array.type { times = Multiplicity(count: length) }
    default: break
    }
    for block in statement.blocks { own.add(effects(of: block, in: caller).repeated(times)) }
    return own
  }

  private func length(
    _ lower: ResolvedExpression,
    _ upper: ResolvedExpression,
    isClosed: Bool
  ) -> Multiplicity {
    guard let first = lower.constant, let last = upper.constant else {
      return Multiplicity(count: 0, isUnbounded: true)
    }
    let (distance, overflow) = last.subtractingReportingOverflow(first)
    if overflow { return last > first ? Multiplicity(count: Multiplicity.largest) : .zero }
    let length = min(distance, Multiplicity.largest) + (isClosed ? 1 : 0)
    return Multiplicity(count: max(0, length))
  }

  private func effects(of expression: ResolvedExpression, in caller: Activation) -> Effects {
    var own = Effects()
    for part in expression.parts { own.add(effects(of: part, in: caller)) }
    switch expression.kind {
    case .start(let thread, _, let count):
      own.starts[thread] = (own.starts[thread] ?? .zero) + Multiplicity(count: count)
    case .call(let function, let isVirtual, _):
      let callee = CallGraph.callee(
        function,
        isVirtual: isVirtual,
        from: caller.thread,
        in: scenario
      )
      own.add(effects(of: callee))
    case .operation(let operation, let object, _): add(operation, on: object, to: &own)
    default: break
    }
    return own
  }

  private func add(
    _ operation: ObjectOperation,
    on object: ResolvedObject,
    to effects: inout Effects
  ) {
    switch operation {
    case .put:
      let queue = Effects.QueueReference(
        symbol: object.symbol,
        element: object.index?.constant
      )
      effects.puts[queue] = (effects.puts[queue] ?? .zero) + .once
    case .eventClear: effects.cleared.insert(object.symbol)
    case .taskDone, .queueJoin: effects.taskQueues.insert(object.symbol)
    default: break
    }
  }
}
