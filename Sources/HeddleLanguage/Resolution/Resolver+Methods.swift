import HeddleDiagnostics
import HeddleProgram

/// The arguments of a method of a sync object or a handle.
struct MethodArguments {
  var positional: [Argument] = []
  var waiting = Waiting.blocking
  /// Whether the number of positional arguments is right.
  var isValid = true
}

extension Resolver {
  /// The methods of a kind of sync object.
  func methodNames(of kind: ObjectSymbol.Kind) -> [String] {
    switch kind {
    case .lock, .rlock: ["acquire", "release", "locked"]
    case .semaphore: ["acquire", "release"]
    case .condition: ["wait", "notify", "notify_all", "acquire", "release"]
    case .event: ["set", "clear", "is_set", "wait"]
    case .barrier: ["wait", "abort", "reset", "broken", "n_waiting"]
    case .queue:
      [
        "put", "get", "put_nowait", "get_nowait", "task_done", "join", "qsize", "empty", "full",
      ]
    }
  }

  /// Resolves a method call on a sync object.
  mutating func resolveObjectCall(
    _ symbol: ObjectSymbolID,
    _ expression: Expression,
    _ method: Name,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> ResolvedExpression {
    let object = resolveObject(symbol, expression)
    let kind = scenario.objects[symbol.index].kind
    let methods = methodNames(of: kind)
    guard methods.contains(method.text) else {
      for argument in arguments { _ = resolveValue(argument.value) }
      report(
        .unknownMethod(
          method.text,
          of: scenario.objects[symbol.index].kindName,
          methods: methods
        ),
        at: method.span
      )
      return .error(at: span)
    }
    guard let (operation, waiting) = operation(method.text, of: kind, arguments, span: span) else {
      return .error(at: span)
    }
    let type = type(of: operation, kind: kind, at: span)
    // The type is known even if the object is not.
    let call = object.map {
      ResolvedExpression.Kind.operation(operation, on: $0, waiting: waiting)
    }
    return ResolvedExpression(kind: call ?? .error, type: type, span: span)
  }

  /// The single object or the element that an expression names.
  private mutating func resolveObject(
    _ symbol: ObjectSymbolID,
    _ expression: Expression
  ) -> ResolvedObject? {
    let object = scenario.objects[symbol.index]
    switch expression.kind {
    case .parenthesized(let inner): return resolveObject(symbol, inner)
    case .index(_, let index):
      let position = resolveValue(index)
      require(position, .integer, role: "an index")
      guard let length = object.length else {
        report(
          .objectIsNotAnArray(object.name, kind: object.kindName),
          at: expression.span,
          notes: declarationNote(object.name)
        )
        return nil
      }
      guard checkIndex(position, length: length), !position.isError else { return nil }
      return ResolvedObject(symbol: symbol, index: position, span: expression.span)
    default:
      guard object.length == nil else {
        report(
          .objectNeedsIndex(object.name, kind: object.kindName),
          at: expression.span,
          notes: declarationNote(object.name)
        )
        return nil
      }
      return ResolvedObject(symbol: symbol, index: nil, span: expression.span)
    }
  }

  /// What `with` acquires.
  mutating func resolveLock(_ expression: Expression) -> ResolvedObject? {
    guard let symbol = namedObject(expression) else {
      let value = resolve(expression)
      if !value.isError { report(.withNeedsObject(), at: expression.span) }
      return nil
    }
    let object = resolveObject(symbol, expression)
    switch scenario.objects[symbol.index].kind {
    case .lock, .rlock, .semaphore, .condition: return object
    case .event, .barrier, .queue:
      let declared = scenario.objects[symbol.index]
      report(
        .withNeedsLock(declared.kindName),
        at: expression.span,
        notes: declarationNote(declared.name)
      )
      return nil
    }
  }

  // MARK: Operations

  private mutating func operation(
    _ method: String,
    of kind: ObjectSymbol.Kind,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> (ObjectOperation, Waiting)? {
    func simple(_ operation: ObjectOperation) -> (ObjectOperation, Waiting)? {
      let given = resolveMethodArguments(
        arguments,
        of: method,
        positional: 0,
        labels: [],
        span: span
      )
      return given.isValid ? (operation, .blocking) : nil
    }
    func waiting(
      _ operation: ObjectOperation,
      labels: [String] = ["timeout"]
    ) -> (ObjectOperation, Waiting)? {
      let given = resolveMethodArguments(
        arguments,
        of: method,
        positional: 0,
        labels: labels,
        span: span
      )
      return given.isValid ? (operation, given.waiting) : nil
    }
    switch (kind, method) {
    case (_, "acquire"): return waiting(.acquire, labels: ["timeout", "blocking"])
    case (.semaphore, "release"):
      return counted(method, arguments, span: span).map { (.release(count: $0 ?? 1), .blocking) }
    case (_, "release"): return simple(.release(count: 1))
    case (_, "locked"): return simple(.observe(.isLocked))
    case (.condition, "wait"): return waiting(.conditionWait)
    case (_, "notify"):
      return counted(method, arguments, span: span).map { (.notify(count: $0 ?? 1), .blocking) }
    case (_, "notify_all"): return simple(.notify(count: nil))
    case (_, "set"): return simple(.eventSet)
    case (_, "clear"): return simple(.eventClear)
    case (_, "is_set"): return simple(.observe(.isSet))
    case (.event, "wait"): return waiting(.eventWait)
    case (_, "wait"): return waiting(.barrierWait)
    case (_, "abort"): return simple(.barrierAbort)
    case (_, "reset"): return simple(.barrierReset)
    case (_, "broken"): return simple(.observe(.barrierIsBroken))
    case (_, "n_waiting"): return simple(.observe(.barrierWaiting))
    case (.queue(_, _, let items), "put"):
      return put(method, arguments, items, labels: ["timeout", "blocking"], span: span)
    case (.queue(_, _, let items), "put_nowait"):
      return put(method, arguments, items, labels: [], span: span).map { ($0.0, .nonblocking) }
    case (_, "get"): return waiting(.get, labels: ["timeout", "blocking"])
    case (_, "get_nowait"): return simple(.get).map { ($0.0, .nonblocking) }
    case (_, "task_done"): return simple(.taskDone)
    case (_, "join"): return simple(.queueJoin)
    case (_, "qsize"): return simple(.observe(.queueSize))
    case (_, "empty"): return simple(.observe(.queueIsEmpty))
    case (_, "full"): return simple(.observe(.queueIsFull))
    default: return nil
    }
  }

  private mutating func put(
    _ method: String,
    _ arguments: [Argument],
    _ items: TypeNode,
    labels: [String],
    span: SourceSpan
  ) -> (ObjectOperation, Waiting)? {
    let given = resolveMethodArguments(
      arguments,
      of: method,
      positional: 1,
      labels: labels,
      span: span
    )
    guard given.isValid, let item = given.positional.first else { return nil }
    let value = resolveValue(item.value)
    flow(value, into: items, role: "an item of the queue")
    return (.put(value), given.waiting)
  }

  /// A method with an optional constant number of permits or waiters.
  private mutating func counted(
    _ method: String,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> Int?? {
    guard !arguments.isEmpty else { return .some(nil) }
    let given = resolveMethodArguments(
      arguments,
      of: method,
      positional: 1,
      labels: [],
      span: span
    )
    guard given.isValid, let count = given.positional.first else { return nil }
    return constantInteger(count.value, role: "the number for '\(method)'", minimum: 1)
      .map { .some($0) }
  }

  private mutating func type(
    of operation: ObjectOperation,
    kind: ObjectSymbol.Kind,
    at span: SourceSpan
  ) -> ResolvedType {
    switch operation {
    case .acquire, .conditionWait, .eventWait: .value(scenario.types.make(.boolean, from: span))
    case .barrierWait: .value(scenario.types.make(.integer, from: span))
    case .observe(.queueSize), .observe(.barrierWaiting):
      .value(scenario.types.make(.integer, from: span))
    case .observe: .value(scenario.types.make(.boolean, from: span))
    case .get:
      if case .queue(_, _, let items) = kind { .value(items) } else { .error }
    default: .nothing
    }
  }

  // MARK: Arguments

  /// Sorts the arguments of a method; `timeout:` and `blocking:` are constants.
  mutating func resolveMethodArguments(
    _ arguments: [Argument],
    of method: String,
    positional expected: Int,
    labels: [String],
    span: SourceSpan
  ) -> MethodArguments {
    var given = MethodArguments()
    var seen: [String: SourceSpan] = [:]
    var blocking = true
    for argument in arguments {
      guard let label = argument.label else {
        given.positional.append(argument)
        continue
      }
      guard labels.contains(label.text) else {
        report(.unknownLabel(label.text, of: method, among: labels), at: label.span)
        _ = resolveValue(argument.value)
        continue
      }
      if seen.updateValue(label.span, forKey: label.text) != nil {
        report(.duplicateLabel(label.text), at: label.span)
      }
      if label.text == "timeout" {
        _ = constantInteger(argument.value, role: "a timeout", minimum: 0)
      } else {
        let value = constantValue(argument.value, .boolean, role: "'blocking:'")
        blocking = value?.constant != 0
      }
    }
    if given.positional.count != expected {
      report(
        .wrongArgumentCount(
          method,
          expected: expected,
          found: given.positional.count,
          labels: labels
        ),
        at: span
      )
      for argument in given.positional { _ = resolveValue(argument.value) }
      given.isValid = false
    }
    if !blocking, seen["timeout"] != nil, let label = seen["blocking"] {
      report(.timeoutWithNonblocking(), at: label)
    }
    given.waiting = !blocking ? .nonblocking : seen["timeout"] != nil ? .timed : .blocking
    return given
  }
}
