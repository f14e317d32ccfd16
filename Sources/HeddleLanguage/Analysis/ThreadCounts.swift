import HeddleDiagnostics
import HeddleProgram

/// How many threads of each declaration there can be, and what all of them together can do.
struct ThreadCounts {
  /// How many threads are provided for a declaration that is started without bound.
  static let reserve = 16

  /// By thread symbol; `nil` for a declaration whose code never runs.
  private(set) var instances: [Multiplicity?]
  /// What the whole program can do.
  private(set) var effects = Effects()

  private let scenario: ResolvedScenario
  private let analysis: EffectAnalysis

  /// Counts the starts, beginning with `main`, or the declared numbers if there is no `main`.
  init(
    _ scenario: ResolvedScenario,
    _ graph: CallGraph,
    _ diagnostics: inout DiagnosticList
  ) {
    self.scenario = scenario
    analysis = EffectAnalysis(scenario, graph)
    instances = Array(repeating: nil, count: scenario.threads.count)
    if let main = scenario.main {
      countStarts(from: main, &diagnostics)
    } else {
      for (index, thread) in scenario.threads.enumerated() {
        instances[index] = Multiplicity(count: thread.declaredCount ?? 1)
      }
    }
    checkLimit(&diagnostics)
    checkEveryNumber(&diagnostics)
    guard !diagnostics.hasErrors else { return }
    for index in instances.indices {
      guard let times = instances[index] else { continue }
      effects.add(effectsOfRun(ThreadSymbolID(index: index)).repeated(times))
    }
    if scenario.main != nil { warn(&diagnostics) }
  }

  /// The number of instances that the program provides.
  func provided(_ thread: ThreadSymbolID) -> Int {
    guard let times = instances[thread.index] else { return 0 }
    return times.count + (times.isUnbounded ? Self.reserve : 0)
  }

  /// The number of items that can be put into a queue at most; `nil` if there is no bound.
  func bound(of queue: ObjectSymbolID, element: Int) -> Int? {
    var total = Multiplicity.zero
    for position in [nil, element] {
      let reference = Effects.QueueReference(symbol: queue, element: position)
      total = total + (effects.puts[reference] ?? .zero)
    }
    return total.isUnbounded ? nil : total.count
  }

  // MARK: Counting

  private func effectsOfRun(_ thread: ThreadSymbolID) -> Effects {
    guard let run = CallGraph.method("run", of: thread, in: scenario) else { return Effects() }
    return analysis.effects(of: Activation(function: run, thread: thread))
  }

  private mutating func countStarts(
    from main: ThreadSymbolID,
    _ diagnostics: inout DiagnosticList
  ) {
    var starts: [ThreadSymbolID: [ThreadSymbolID: Multiplicity]] = [:]
    var pending = [main]
    var reached: [ThreadSymbolID] = []
    var seen: Set<ThreadSymbolID> = [main]
    while let thread = pending.popLast() {
      reached.append(thread)
      let own = effectsOfRun(thread).starts
      starts[thread] = own
      for started in own.keys.sorted(by: { $0.index < $1.index })
      where seen.insert(started).inserted {
        pending.append(started)
      }
    }
    guard reached.count <= mostThreads else {
      let span = scenario.threads[reached.last?.index ?? main.index].span
      return diagnostics.report(.tooManyThreads(limit: mostThreads), at: span)
    }
    for thread in order(reached, starts) {
      var total = thread == main ? Multiplicity.once : .zero
      for starter in reached {
        guard let times = starts[starter]?[thread] else { continue }
        // Not counted yet: it is started, directly or not, by this one itself.
        guard let executions = instances[starter.index], starter != thread else {
          if times != .zero { total.isUnbounded = true }
          continue
        }
        total = total + executions * times
      }
      instances[thread.index] = total
    }
  }

  /// Starters before those whom they start; in a circle, one of them is first.
  private func order(
    _ reached: [ThreadSymbolID],
    _ starts: [ThreadSymbolID: [ThreadSymbolID: Multiplicity]]
  ) -> [ThreadSymbolID] {
    var postorder: [ThreadSymbolID] = []
    var seen: Set<ThreadSymbolID> = []
    func visit(_ thread: ThreadSymbolID) {
      guard seen.insert(thread).inserted else { return }
      for started in (starts[thread] ?? [:]).keys.sorted(by: { $0.index > $1.index }) {
        visit(started)
      }
      postorder.append(thread)
    }
    if let first = reached.first { visit(first) }
    return postorder.reversed()
  }

  // MARK: Judging

  private func checkLimit(_ diagnostics: inout DiagnosticList) {
    var total = 0
    for index in instances.indices {
      total += provided(ThreadSymbolID(index: index))
      guard total > mostThreads else { continue }
      let thread = scenario.threads[index]
      diagnostics.report(.tooManyThreads(limit: mostThreads), at: thread.countSpan ?? thread.span)
      return
    }
  }

  /// Threads of any number are started by one statement that is executed at most once, so that they stay alike.
  private func checkEveryNumber(_ diagnostics: inout DiagnosticList) {
    guard scenario.main != nil else { return }
    for (index, thread) in scenario.threads.enumerated() {
      guard let number = thread.countParameter ?? thread.declaredParameter else { continue }
      let times = instances[index] ?? .zero
      let parameter = scenario.parameters[number]
      if thread.countParameter != thread.declaredParameter ?? thread.countParameter
        || thread.isStartedOtherwise || times.isUnbounded || times.count != parameter.value
      {
        diagnostics.report(
          .everyNumberStarts(thread.name, of: parameter.name),
          at: thread.countSpan ?? thread.span
        )
      }
    }
  }

  private func warn(_ diagnostics: inout DiagnosticList) {
    var used: Set<ThreadSymbolID> = []
    for index in instances.indices where (instances[index] ?? .zero) != .zero {
      used.formUnion(scenario.types.lineage(of: ThreadSymbolID(index: index)))
    }
    for (index, thread) in scenario.threads.enumerated() {
      let times = instances[index] ?? .zero
      if !used.contains(ThreadSymbolID(index: index)) {
        diagnostics.report(.neverStarted(thread.name), at: thread.span)
      } else if let declared = thread.declaredCount, let span = thread.countSpan,
        !times.isUnbounded, times.count != declared
      {
        diagnostics.report(
          .startCountDiffers(thread.name, declared: declared, started: times.count),
          at: span
        )
      }
    }
  }
}
