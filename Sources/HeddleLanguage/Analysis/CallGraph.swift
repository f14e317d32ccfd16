import HeddleDiagnostics

/// A body together with the declaration of the thread that runs it, which decides what is overridden.
struct Activation: Hashable {
  let function: FunctionID
  /// `nil` for functions and blocks that belong to no thread.
  let thread: ThreadSymbolID?
}

/// A call in a body.
struct CallSite {
  let callee: FunctionID
  let isVirtual: Bool
  let span: SourceSpan
}

/// Who calls whom.
///
/// It finds recursion, and an order in which callees come before their callers.
struct CallGraph {
  /// How many calls may be inside one another.
  static let deepestCalls = 200

  private let scenario: ResolvedScenario
  private var calls: [[CallSite]] = []
  /// Every activation, callees first.
  private(set) var activations: [Activation] = []
  private var heights: [Activation: Int] = [:]

  /// Walks over all bodies; reports recursion and chains of calls that are too deep.
  init(_ scenario: ResolvedScenario, _ diagnostics: inout DiagnosticList) {
    self.scenario = scenario
    calls = scenario.functions.map { function in
      var sites: [CallSite] = []
      Self.collect(function.body, &sites)
      return sites
    }
    for index in scenario.functions.indices {
      let owner = scenario.functions[index].owner
      visit(Activation(function: FunctionID(index: index), thread: owner), &diagnostics)
    }
    for index in scenario.threads.indices {
      let thread = ThreadSymbolID(index: index)
      if let run = Self.method("run", of: thread, in: scenario) {
        visit(Activation(function: run, thread: thread), &diagnostics)
      }
    }
  }

  /// What a call reaches when `caller` makes it.
  func callee(of site: CallSite, from caller: Activation) -> Activation {
    Self.callee(site.callee, isVirtual: site.isVirtual, from: caller.thread, in: scenario)
  }

  /// What a call of `function` reaches in a thread of the declaration.
  static func callee(
    _ function: FunctionID,
    isVirtual: Bool,
    from thread: ThreadSymbolID?,
    in scenario: ResolvedScenario
  ) -> Activation {
    guard scenario.functions[function.index].owner != nil else {
      return Activation(function: function, thread: nil)
    }
    guard isVirtual, let thread else { return Activation(function: function, thread: thread) }
    var override: FunctionID?
    if let name = scenario.functions[function.index].methodName {
      override = method(name, of: thread, in: scenario)
    }
    return Activation(function: override ?? function, thread: thread)
  }

  /// The method that threads of the declaration have under this name.
  static func method(
    _ name: String,
    of thread: ThreadSymbolID,
    in scenario: ResolvedScenario
  ) -> FunctionID? {
    for ancestor in scenario.types.lineage(of: thread) {
      if let method = scenario.threads[ancestor.index].methods[name] { return method }
    }
    return nil
  }

  // MARK: The walk

  private static func collect(_ statements: [ResolvedStatement], _ sites: inout [CallSite]) {
    for statement in statements {
      for expression in statement.expressions { collect(expression, &sites) }
      for block in statement.blocks { collect(block, &sites) }
    }
  }

  private static func collect(_ expression: ResolvedExpression, _ sites: inout [CallSite]) {
    for part in expression.parts { collect(part, &sites) }
    if case .call(let callee, let isVirtual, _) = expression.kind {
      sites.append(CallSite(callee: callee, isVirtual: isVirtual, span: expression.span))
    }
  }

  /// A depth-first walk without recursion: chains of calls can be longer than the stack.
  private mutating func visit(_ start: Activation, _ diagnostics: inout DiagnosticList) {
    guard heights[start] == nil else { return }
    var path: [(activation: Activation, next: Int, height: Int)] = [(start, 0, 1)]
    var onPath: Set<Activation> = [start]
    while let top = path.last {
      let sites = calls[top.activation.function.index]
      guard top.next < sites.count else {
        path.removeLast()
        onPath.remove(top.activation)
        heights[top.activation] = top.height
        activations.append(top.activation)
        continue
      }
      path[path.count - 1].next += 1
      let site = sites[top.next]
      let callee = callee(of: site, from: top.activation)
      if onPath.contains(callee) {
        report(recursionTo: callee, path.map(\.activation), at: site.span, &diagnostics)
      } else if let height = heights[callee] {
        note(height, of: &path, at: site.span, &diagnostics)
      } else {
        // Comes back to this call once the callee's height is known.
        path[path.count - 1].next -= 1
        path.append((callee, 0, 1))
        onPath.insert(callee)
      }
    }
  }

  private func note(
    _ height: Int,
    of path: inout [(activation: Activation, next: Int, height: Int)],
    at span: SourceSpan,
    _ diagnostics: inout DiagnosticList
  ) {
    let last = path.count - 1
    path[last].height = max(path[last].height, height + 1)
    if height == Self.deepestCalls {
      diagnostics.report(.callsTooDeep(limit: Self.deepestCalls), at: span)
    }
  }

  private func report(
    recursionTo callee: Activation,
    _ path: [Activation],
    at span: SourceSpan,
    _ diagnostics: inout DiagnosticList
  ) {
    let start = path.firstIndex(of: callee) ?? 0
    let chain = (path[start...] + [callee]).map { scenario.functions[$0.function.index].name }
    let shown = chain.count > 12 ? Array(chain.prefix(6) + ["…"] + chain.suffix(5)) : chain
    diagnostics.report(.recursion(shown), at: span)
  }
}
