import HeddleDiagnostics
import HeddleProgram

/// Code that must be one step, or must not change anything.
enum RestrictedRole: CaseIterable {
  /// The body of `atomic`: it may neither wait nor choose.
  case block
  /// The condition of `atomic when`, an invariant, `finally`: only reads.
  case observer

  /// For messages.
  var name: String {
    switch self {
    case .block: "an atomic block"
    case .observer:
      "code that may only read: an invariant, 'finally' or the condition of 'atomic when'"
    }
  }
}

/// Finds what atomic blocks and observers must not do, in themselves and in what they call.
struct RestrictionCheck {
  private struct Violation {
    var deed: String
    var span: SourceSpan
  }

  private let scenario: ResolvedScenario
  private var summaries: [Activation: [RestrictedRole: Violation]] = [:]
  private(set) var diagnostics = DiagnosticList()

  /// Walks over all bodies in the order of a call graph without recursion: callees first.
  init(_ scenario: ResolvedScenario, _ graph: CallGraph) {
    self.scenario = scenario
    for activation in graph.activations {
      let body = scenario.functions[activation.function.index].body
      for role in RestrictedRole.allCases {
        summaries[activation, default: [:]][role] =
          violations(in: body, role, activation.thread).first?.violation
      }
      checkBlocks(body, activation.thread)
    }
    if let finally = scenario.finally {
      report(scenario.functions[finally.index].body, .observer, nil)
    }
    for invariant in scenario.invariants {
      for expression in [invariant.condition] + (invariant.message.map { [$0] } ?? []) {
        report(violations(in: expression, .observer, nil), .observer)
      }
    }
  }

  // MARK: Where the roles begin

  private mutating func checkBlocks(_ statements: [ResolvedStatement], _ thread: ThreadSymbolID?) {
    for statement in statements {
      if case .atomic(let condition, let body) = statement.kind {
        if let condition { report(violations(in: condition, .observer, thread), .observer) }
        report(body, .block, thread)
      } else {
        for block in statement.blocks { checkBlocks(block, thread) }
      }
    }
  }

  private mutating func report(
    _ statements: [ResolvedStatement],
    _ role: RestrictedRole,
    _ thread: ThreadSymbolID?
  ) {
    report(violations(in: statements, role, thread), role)
  }

  private mutating func report(
    _ found: [(violation: Violation, call: SourceSpan?)],
    _ role: RestrictedRole
  ) {
    for (violation, call) in found {
      guard let call else {
        diagnostics.report(.notAllowedHere(violation.deed, in: role.name), at: violation.span)
        continue
      }
      diagnostics.report(
        .callNotAllowedHere(violation.deed, in: role.name),
        at: call,
        notes: [Diagnostic.Note("it \(violation.deed) here", at: violation.span)]
      )
    }
  }

  // MARK: What is in them

  private func violations(
    in statements: [ResolvedStatement],
    _ role: RestrictedRole,
    _ thread: ThreadSymbolID?
  ) -> [(violation: Violation, call: SourceSpan?)] {
    var found: [(violation: Violation, call: SourceSpan?)] = []
    for statement in statements {
      if let deed = deed(of: statement, role) {
        found.append((Violation(deed: deed, span: statement.span), nil))
        continue
      }
      for expression in statement.expressions {
        found += violations(in: expression, role, thread)
      }
      for block in statement.blocks { found += violations(in: block, role, thread) }
    }
    return found
  }

  private func violations(
    in expression: ResolvedExpression,
    _ role: RestrictedRole,
    _ thread: ThreadSymbolID?
  ) -> [(violation: Violation, call: SourceSpan?)] {
    var found: [(violation: Violation, call: SourceSpan?)] = []
    for part in expression.parts { found += violations(in: part, role, thread) }
    if case .call(let function, let isVirtual, _) = expression.kind {
      let callee = CallGraph.callee(function, isVirtual: isVirtual, from: thread, in: scenario)
      if let violation = summaries[callee]?[role] { found.append((violation, expression.span)) }
    } else if let deed = deed(of: expression, role) {
      found.append((Violation(deed: deed, span: expression.span), nil))
    }
    return found
  }

  private func deed(of statement: ResolvedStatement, _ role: RestrictedRole) -> String? {
    switch statement.kind {
    case .sleep: return "sleeps"
    case .with: return "may wait for a lock"
    case .atomic: return "begins another atomic block"
    case .choose: return "chooses"
    case .assignment(let target, _, _) where role == .observer:
      switch target.kind {
      case .variable, .element, .field, .fieldElement: return "writes a shared variable"
      default: return nil
      }
    case .fail where role == .observer: return "raises an exception"
    case .assume where role == .observer: return "assumes something"
    case .tryFinally where role == .observer: return "has a 'try'"
    default: return nil
    }
  }

  private func deed(of expression: ResolvedExpression, _ role: RestrictedRole) -> String? {
    switch expression.kind {
    case .start, .startAgain: return "starts a thread"
    case .join: return "may wait for a thread"
    case .any, .anyInteger: return "chooses a value"
    case .operation(let operation, let object, let waiting):
      if case .observe = operation { return nil }
      if role == .observer { return "changes '\(scenario.objects[object.symbol.index].name)'" }
      return canWait(operation, object, waiting)
    default: return nil
    }
  }

  private func canWait(
    _ operation: ObjectOperation,
    _ object: ResolvedObject,
    _ waiting: Waiting
  ) -> String? {
    switch operation {
    case .acquire, .get: return waiting == .nonblocking ? nil : "may wait"
    case .put:
      if case .queue(_, nil, _) = scenario.objects[object.symbol.index].kind { return nil }
      return waiting == .nonblocking ? nil : "may wait"
    case .conditionWait, .eventWait, .barrierWait, .queueJoin: return "may wait"
    case .notify(.some): return "chooses whom to wake; 'notify_all' does not"
    default: return nil
    }
  }
}
