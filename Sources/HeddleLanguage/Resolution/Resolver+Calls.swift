import HeddleDiagnostics
import HeddleProgram

extension Resolver {
  /// Resolves `f(…)` and `object.method(…)`.
  mutating func resolveCall(
    _ callee: Expression,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> ResolvedExpression {
    if context.constantRole != nil {
      report(.notConstant(context.constantRole ?? "a constant"), at: span)
      return .error(at: span)
    }
    switch callee.kind {
    case .name(let name): return resolveNamedCall(name, callee.span, arguments, span: span)
    case .member(let object, let method):
      if let symbol = namedObject(object) {
        return resolveObjectCall(symbol, object, method, arguments, span: span)
      }
      switch object.kind {
      case .selfReference: return resolveOwnCall(object, method, arguments, span: span)
      case .superReference: return resolveSuperCall(object, method, arguments, span: span)
      default: return resolveHandleCall(object, method, arguments, span: span)
      }
    case .missing: break
    default: report(.notCallable(scenario.source.text(callee.span), kind: "value"), at: callee.span)
    }
    resolveForMistakes(arguments)
    return .error(at: span)
  }

  /// Resolves arguments of a call that means nothing, for the mistakes in them.
  mutating func resolveForMistakes(_ arguments: [Argument]) {
    for argument in arguments { _ = resolveValue(argument.value) }
  }

  private mutating func resolveNamedCall(
    _ name: String,
    _ nameSpan: SourceSpan,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> ResolvedExpression {
    if let owner = context.owner, let method = findMethod(name, from: owner), name != "run" {
      return call(method, named: name, isVirtual: true, arguments, span: span)
    }
    if context.visible[name] != nil {
      report(.notCallable(name, kind: "variable"), at: nameSpan)
    } else if let owner = context.owner, findField(name, from: owner) != nil {
      report(.memberIsNotAMethod(name), at: nameSpan)
    } else {
      switch globals[name] {
      case .function(let function):
        return call(function, named: name, isVirtual: false, arguments, span: span)
      case .thread: report(.threadIsCalled(name), at: nameSpan)
      case let symbol?:
        report(
          .notCallable(name, kind: kindName(symbol)),
          at: nameSpan,
          notes: declarationNote(name)
        )
      case nil: report(.unknownFunction(name, among: callableNames()), at: nameSpan)
      }
    }
    resolveForMistakes(arguments)
    return .error(at: span)
  }

  private func callableNames() -> [String] {
    var names = globalNames.filter {
      if case .function = globals[$0] { true } else { false }
    }
    if let owner = context.owner {
      for ancestor in scenario.types.lineage(of: owner) {
        names += scenario.threads[ancestor.index].methods.keys.filter { $0 != "run" }.sorted()
      }
    }
    return names
  }

  private mutating func resolveOwnCall(
    _ object: Expression,
    _ method: Name,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> ResolvedExpression {
    let this = resolveSelf(object.span)
    guard !this.isError, let owner = context.owner else {
      resolveForMistakes(arguments)
      return .error(at: span)
    }
    if handleMethods.contains(method.text) {
      return handleCall(this, method, arguments, span: span)
    }
    if let function = findMethod(method.text, from: owner), method.text != "run" {
      return call(function, named: method.text, isVirtual: true, arguments, span: span)
    }
    if findField(method.text, from: owner) != nil {
      report(.memberIsNotAMethod(method.text), at: method.span)
    } else {
      let title = scenario.threads[owner.index].name
      report(
        .unknownMember(method.text, of: "'\(title)'", among: memberNames(of: owner)),
        at: method.span
      )
    }
    resolveForMistakes(arguments)
    return .error(at: span)
  }

  private mutating func resolveSuperCall(
    _ object: Expression,
    _ method: Name,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> ResolvedExpression {
    guard let owner = context.owner, let base = scenario.threads[owner.index].base else {
      report(.superOutsideMethod(), at: object.span)
      resolveForMistakes(arguments)
      return .error(at: span)
    }
    if let function = findMethod(method.text, from: base) {
      return call(function, named: method.text, isVirtual: false, arguments, span: span)
    }
    let title = scenario.threads[base.index].name
    report(
      .unknownMember(method.text, of: "'\(title)'", among: memberNames(of: base)),
      at: method.span
    )
    resolveForMistakes(arguments)
    return .error(at: span)
  }

  /// A call of a function or an own method.
  private mutating func call(
    _ id: FunctionID,
    named name: String,
    isVirtual: Bool,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> ResolvedExpression {
    let function = scenario.functions[id.index]
    let values = resolveArguments(
      arguments,
      of: name,
      parameters: function.parameters,
      declaredAt: function.span,
      span: span
    )
    let type: ResolvedType = function.returnsValue ? .value(function.result) : .nothing
    guard let values else {
      // What comes out is known even if what goes in is wrong.
      return ResolvedExpression(
        kind: .error,
        type: function.returnsValue ? type : .error,
        span: span
      )
    }
    return ResolvedExpression(
      kind: .call(id, isVirtual: isVirtual, arguments: values),
      type: type,
      span: span
    )
  }

  /// Resolves positional arguments; `nil` if their number is wrong.
  mutating func resolveArguments(
    _ arguments: [Argument],
    of name: String,
    parameters: [LocalID],
    declaredAt declaration: SourceSpan,
    span: SourceSpan
  ) -> [ResolvedExpression]? {
    var values: [ResolvedExpression] = []
    for (position, argument) in arguments.enumerated() {
      if let label = argument.label { report(.unexpectedLabel(label.text), at: label.span) }
      let parameter =
        position < parameters.count
        ? scenario.locals[parameters[position].index] : nil
      values.append(resolveArgument(argument.value, for: parameter))
    }
    guard arguments.count == parameters.count else {
      report(
        .wrongArgumentCount(name, expected: parameters.count, found: arguments.count),
        at: span,
        notes: [Diagnostic.Note("'\(name)' is declared here", at: declaration)]
      )
      return nil
    }
    return values
  }

  private mutating func resolveArgument(
    _ expression: Expression,
    for parameter: LocalSymbol?
  ) -> ResolvedExpression {
    guard let parameter else { return resolve(expression) }
    let role = "'\(parameter.name)'"
    guard case .array = parameter.shape else {
      let value = resolveValue(expression)
      flow(value, into: parameter.type, role: role)
      return value
    }
    let value = resolve(expression)
    switch value.type {
    case .array(let node, _) where !isSharedArray(value):
      flow(node, into: parameter.type, role: "an element of \(role)", at: value.span)
      return value
    case .array: return singleValue(value)
    case .value:
      report(.arrayNeeded(role), at: value.span)
      return .error(at: value.span)
    case .nothing, .error: return singleValue(value)
    }
  }

  // MARK: Handles

  private mutating func resolveHandleCall(
    _ object: Expression,
    _ method: Name,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> ResolvedExpression {
    let handle = method.text == "join" ? resolveTeam(object) : resolve(object)
    switch handle.type {
    case .value: return handleCall(handle, method, arguments, span: span)
    case .array where method.text == "join" && !isSharedArray(handle):
      return handleCall(handle, method, arguments, span: span)
    case .array: _ = singleValue(handle)
    case .nothing: reportNoValue(handle)
    case .error: break
    }
    resolveForMistakes(arguments)
    return .error(at: span)
  }

  private mutating func handleCall(
    _ handle: ResolvedExpression,
    _ method: Name,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> ResolvedExpression {
    if let node = handle.node, let found = scenario.types.base(of: node), found != .thread {
      report(
        .unknownMember(method.text, of: found.phrase, among: []),
        at: method.span,
        notes: originNote(of: node, unlessAt: handle.span, found: found)
      )
      resolveForMistakes(arguments)
      return .error(at: span)
    }
    switch method.text {
    case "join":
      let target = checkJoined(handle)
      let given = resolveMethodArguments(
        arguments,
        of: "join",
        positional: 0,
        labels: ["timeout"],
        span: span
      )
      return ResolvedExpression(
        kind: .join(target, waiting: given.waiting),
        type: .nothing,
        span: span
      )
    case "is_alive":
      require(handle, .thread, role: "what has 'is_alive'")
      _ = resolveMethodArguments(arguments, of: "is_alive", positional: 0, labels: [], span: span)
      let type = scenario.types.make(.boolean, from: span)
      return ResolvedExpression(kind: .isAlive(handle), type: .value(type), span: span)
    default: break
    }
    if case .declared(let thread)? = handle.node.map({ scenario.types.handleClass(of: $0) }) {
      let title = scenario.threads[thread.index].name
      if findMethod(method.text, from: thread) != nil {
        report(.methodOfOtherThread(method.text), at: method.span)
      } else if findField(method.text, from: thread) != nil {
        report(.memberIsNotAMethod(method.text), at: method.span)
      } else {
        report(
          .unknownMember(method.text, of: "'\(title)'", among: handleMethods),
          at: method.span
        )
      }
    } else {
      report(.unknownMember(method.text, of: "a thread", among: handleMethods), at: method.span)
    }
    resolveForMistakes(arguments)
    return .error(at: span)
  }

  /// What `join` waits for: a handle, or a local array of handles.
  mutating func resolveJoined(_ expression: Expression) -> ResolvedExpression {
    if let symbol = namedObject(expression) {
      let object = scenario.objects[symbol.index]
      report(
        .joinNeedsHandle(object.name, kind: object.kindName),
        at: expression.span,
        notes: declarationNote(object.name)
      )
      return .error(at: expression.span)
    }
    return checkJoined(resolveTeam(expression))
  }

  /// Resolves an expression that may start any number of threads, but not name them.
  mutating func resolveStarting(_ expression: Expression) -> ResolvedExpression {
    if case .start = expression.kind { resolveTeam(expression) } else { resolve(expression) }
  }

  /// Resolves an expression that may stand for any number of threads as a whole.
  mutating func resolveTeam(_ expression: Expression) -> ResolvedExpression {
    let outer = context.wholeTeam
    defer { context.wholeTeam = outer }
    context.wholeTeam = expression.span
    return resolve(expression)
  }

  private mutating func checkJoined(_ value: ResolvedExpression) -> ResolvedExpression {
    switch value.type {
    case .value: require(value, .thread, role: "what 'join' takes")
    case .array(let node, _):
      if isSharedArray(value) { return singleValue(value) }
      let element = ResolvedExpression(kind: value.kind, type: .value(node), span: value.span)
      require(element, .thread, role: "what 'join' takes")
    case .nothing: return singleValue(value)
    case .error: break
    }
    return value
  }
}
