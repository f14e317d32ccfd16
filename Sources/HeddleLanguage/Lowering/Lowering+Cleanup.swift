import HeddleDiagnostics
import HeddleProgram

/// What has to happen on every way out of a `with`, an `atomic` or a `try`.
///
/// `return`, `break` and `continue` run it inline. An exception jumps to the landing pad behind the
/// innermost of them, which runs it and goes on to the next one outside, at last to the thread's
/// end by an exception.
extension Lowering {
  /// Emits `body`, then the cleanup for the way through its end, then its landing pad.
  mutating func protect(
    _ kind: Cleanup.Kind,
    at span: SourceSpan,
    _ body: (inout Lowering) -> Void
  ) {
    let cleanup = Cleanup(
      number: frame.nextCleanup,
      kind: kind,
      span: span,
      statement: frame.statement
    )
    frame.nextCleanup += 1
    frame.cleanups.append(cleanup)
    body(&self)
    frame.cleanups.removeLast()
    run(cleanup)
    guard let pad = frame.landingPads[cleanup.number] else { return }
    let end = makeLabel()
    emit(.jump(end.target), at: span)
    place(pad)
    run(cleanup)
    if isReachable { emit(.jump(exceptionTarget(at: span).target), at: span) }
    place(end)
  }

  /// Where an exception that is raised here goes on.
  mutating func exceptionTarget(at span: SourceSpan) -> Label {
    if let cleanup = frame.cleanups.last {
      if let pad = frame.landingPads[cleanup.number] { return pad }
      let pad = makeLabel()
      frame.landingPads[cleanup.number] = pad
      return pad
    }
    if let end = frame.exceptionEnds.last, end.statement == frame.statement { return end.label }
    let label = makeLabel()
    frame.exceptionEnds.append((frame.statement, label, span))
    return label
  }

  /// Runs everything that is pending above the outermost `count` cleanups, innermost first.
  mutating func runCleanups(downTo count: Int, at span: SourceSpan) {
    let pending = frame.cleanups
    if pending.count > count { markStatement(at: span) }
    while frame.cleanups.count > count {
      // An exception in a `finally` block goes to the cleanups outside it.
      let cleanup = frame.cleanups.removeLast()
      run(cleanup)
    }
    frame.cleanups = pending
  }

  private mutating func run(_ cleanup: Cleanup) {
    let outer = frame.statement
    frame.statement = cleanup.statement
    switch cleanup.kind {
    case .release(let object): emit(.release(object, count: 1), at: cleanup.span)
    case .atomicEnd: emit(.atomicEnd, at: cleanup.span)
    case .block(let statements):
      // What loops around the `try` is none of the block's business.
      let loops = frame.loops
      frame.loops = []
      lower(statements)
      frame.loops = loops
    }
    frame.statement = outer
  }

  // MARK: Statements

  mutating func lowerWith(
    _ object: ResolvedObject,
    _ body: [ResolvedStatement],
    at span: SourceSpan
  ) {
    // The index is evaluated once and kept for the release.
    let reference = lowerReference(object, isKept: true)
    emit(.acquire(reference, .blocking, result: nil), at: span)
    protect(.release(reference), at: span) { $0.lower(body) }
  }

  mutating func lowerAtomic(
    _ condition: ResolvedExpression?,
    _ body: [ResolvedStatement],
    at span: SourceSpan
  ) {
    emit(.atomicBegin(hasGuard: condition != nil), at: span)
    if let condition {
      scoped { lowering in
        let operand = lowering.lowerRequired(condition)
        lowering.emit(.atomicGuard(operand), at: condition.span)
      }
    }
    protect(.atomicEnd, at: span) { $0.lower(body) }
  }
}
