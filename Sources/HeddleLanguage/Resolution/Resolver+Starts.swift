import HeddleDiagnostics
import HeddleProgram

extension Resolver {
  /// Resolves `start w(arguments) * count`.
  mutating func resolveStart(
    _ target: Expression,
    _ arguments: [Argument],
    _ count: Expression?,
    span: SourceSpan
  ) -> ResolvedExpression {
    if context.constantRole != nil {
      report(.notConstant(context.constantRole ?? "a constant"), at: span)
      return .error(at: span)
    }
    let parameter = count.flatMap { everyNumber($0) }
    let number =
      parameter.map { scenario.parameters[$0].value }
      ?? count.flatMap {
        constantInteger($0, role: "the number of threads", minimum: 1, maximum: mostThreads)
      }
    guard case .name(let name) = target.kind, context.visible[name] == nil,
      let symbol = globals[name]
    else { return resolveStartOfHandle(target, arguments, span: span) }
    guard case .thread(let thread) = symbol else {
      if case .variable = symbol { return resolveStartOfHandle(target, arguments, span: span) }
      report(
        .notAThread(name, kind: kindName(symbol)),
        at: target.span,
        notes: declarationNote(name)
      )
      resolveForMistakes(arguments)
      return .error(at: span)
    }
    let declaration = scenario.threads[thread.index]
    let values = resolveArguments(
      arguments,
      of: name,
      parameters: declaration.parameters,
      declaredAt: declaration.span,
      span: span
    )
    let type = scenario.types.make(.thread, from: span, handleClass: .declared(thread))
    let result: ResolvedType = count == nil ? .value(type) : .array(type, length: number ?? 1)
    guard let values, count == nil || number != nil else {
      return ResolvedExpression(kind: .error, type: result, span: span)
    }
    guard scenario.main != nil else {
      // Every thread is running already.
      let this = ResolvedExpression(
        kind: .constant(0),
        type: .value(scenario.types.make(.thread)),
        span: target.span
      )
      return ResolvedExpression(kind: .startAgain(this), type: result, span: span)
    }
    if let parameter {
      guard context.wholeTeam == span else {
        report(.threadsOfEveryNumber(name), at: span, notes: declarationNote(name))
        return .error(at: span)
      }
      scenario.threads[thread.index].countParameter = parameter
      scenario.threads[thread.index].countSpan = declaration.countSpan ?? count?.span
    } else {
      scenario.threads[thread.index].isStartedOtherwise = true
    }
    return ResolvedExpression(
      kind: .start(thread, arguments: values, count: number ?? 1),
      type: result,
      span: span
    )
  }

  /// `start` of what is running already.
  private mutating func resolveStartOfHandle(
    _ target: Expression,
    _ arguments: [Argument],
    span: SourceSpan
  ) -> ResolvedExpression {
    resolveForMistakes(arguments)
    if case .name(let name) = target.kind, context.visible[name] == nil, globals[name] == nil {
      report(.unknownThread(name, among: threadNames), at: target.span)
      return .error(at: span)
    }
    if namedObject(target) != nil {
      report(.startNeedsThread(), at: target.span)
      return .error(at: span)
    }
    let handle = resolveValue(target)
    guard let node = handle.node else { return .error(at: span) }
    if let found = scenario.types.base(of: node), found != .thread {
      report(.startNeedsThread(), at: target.span)
      return .error(at: span)
    }
    require(handle, .thread, role: "what 'start' takes")
    return ResolvedExpression(kind: .startAgain(handle), type: .value(node), span: span)
  }
}
