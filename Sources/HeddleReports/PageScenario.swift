import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// What the script of the page needs to know of one scenario: its orders, and its graph if that is small.
///
/// A page holds many graphs, so what repeats is a number of a table, and what is mostly 0 stands last and may be left out.
///
/// ### Layout
///     state    [ a text for each variable | a text for each object | a status for each thread ]
///     status   [ condition, statement, holds, waits for ]     condition 0 not started, 1 ready, 2 blocked, 3 ended;
///              statement -1 is none; texts are numbers of `texts`
///     change   [ slot, value, slot, value, … ]: how a state differs from the one before it
///     step     [ thread, choice, statement, effect, flags, change… ]    flags: 1 preempts, 2 is what goes wrong
///     edge     [ thread, target or -1, effect, choice, flags, keys… ]   flags: 1 sleep, 2 excluded by an `assume`; ends
///              before choice if that and all behind it are 0 or none
///     node     [ number of edges, prospect, change… ] from the source of the first edge that leads to it, for the node of a
///              beginning from `base`
///     prospect [ verdict with, verdict without what the node shows itself ]
///     verdict  [ orders, bad orders, undecided, key, orders, … ]        numbers as text, "" if there is none
struct PageScenario {
  private let result: CheckResult
  private let graph: EmbeddedGraph?
  private let explainer: Explainer
  private var texts = TextTable()
  private var statuses = NumberedTable<[Int]>()
  private var base: [Int] = []

  private var program: Program { result.program }

  /// Prepares a scenario; `graph` is its graph, if it is small enough.
  init(_ result: CheckResult, graph: EmbeddedGraph?) {
    self.result = result
    self.graph = graph
    explainer = Explainer(result.program, fairness: result.fairness)
  }

  /// The data; `identifier` is that of the scenario's part of the page.
  mutating func value(identifier: String) -> JSONValue {
    if let first = graph?.states.first?.snapshot { base = state(first) }
    var orders: [JSONValue] = []
    for (index, finding) in result.findings.enumerated() {
      guard let trace = finding.trace else { continue }
      orders.append(order(finding, trace, identifier: "\(identifier)f\(index + 1)"))
    }
    let statements = program.statements.map { statement in
      JSONValue.array([
        .int(program.source.line(of: statement.span.start)),
        .int(program.source.line(of: max(statement.span.start, statement.span.end - 1))),
        .int(texts.number(of: program.foldedText(statement.span))),
      ])
    }
    let graphValue = graph.map { self.graph($0) } ?? .null
    return .object([
      ("id", .string(identifier)),
      ("source", .array((1...program.source.lineCount).map { sourceLine($0) })),
      ("unreached", Self.numbers(unreachedLines)),
      ("threads", .array(program.instances.map { .string(printable($0.name)) })),
      ("variables", names(\.variables)),
      ("objects", .array(program.objects.map { .string(printable($0.name)) })),
      ("statements", .array(statements)),
      ("base", Self.numbers(base)),
      ("orders", .array(orders)),
      ("graph", graphValue),
      ("statuses", .array(statuses.elements.map(Self.numbers))),
      ("texts", .array(texts.texts.map { .string($0) })),
    ])
  }

  private func names(_ part: KeyPath<Snapshot, [NamedValue]>) -> JSONValue {
    let snapshot =
      graph?.states.first?.snapshot ?? result.findings.lazy.compactMap(\.trace).first?.initial
    return .array((snapshot?[keyPath: part] ?? []).map { .string(printable($0.name)) })
  }

  private func sourceLine(_ line: Int) -> JSONValue {
    let text = program.source.text(program.source.range(ofLine: line))
    // A tab has no place in a line whose columns are looked at.
    return .string(
      printable(String(text.flatMap { $0 == "\t" ? "    " : String($0) }))
    )
  }

  /// The first lines of the statements that no run reaches.
  private var unreachedLines: [Int] {
    result.findings.compactMap { finding in
      guard case .unreached(let statement) = finding.key else { return nil }
      return program.source.line(of: program.statements[statement.index].span.start)
    }
  }

  // MARK: States

  private mutating func state(_ snapshot: Snapshot) -> [Int] {
    var words = (snapshot.variables + snapshot.objects).map { texts.number(of: $0.value) }
    for status in snapshot.threads {
      let condition =
        switch status.condition {
        case .notStarted: 0
        case .ready: 1
        case .blocked: 2
        case .ended: 3
        }
      let statement = status.position.map { program.instructionStatements[$0.index].index }
      let holds = texts.number(of: status.holds.joined(separator: ", "))
      let waitsFor = texts.number(of: status.waitsFor ?? "")
      words.append(statuses.number(of: [condition, statement ?? -1, holds, waitsFor]))
    }
    return words
  }

  private static func numbers(_ numbers: [Int]) -> JSONValue { .array(numbers.map { .int($0) }) }

  private func change(from old: [Int], to new: [Int]) -> [Int] {
    var change: [Int] = []
    for (slot, value) in new.enumerated() where slot >= old.count || old[slot] != value {
      change += [slot, value]
    }
    return change
  }

  // MARK: Orders

  private mutating func order(
    _ finding: Finding,
    _ trace: Trace,
    identifier: String
  ) -> JSONValue {
    let rows = TraceRows(trace, program, finding: finding)
    let names = trace.initial.variables.map(\.name)
    var bad: Set<String> = []
    for case .entries(let label, _, true, _) in rows.rows { bad.insert(label) }
    var before = state(trace.initial)
    let initial = before
    let steps = trace.steps.map { step in
      let after = state(step.after)
      let flags = (step.preempts ? 1 : 0) | (bad.contains("\(step.number)") ? 2 : 0)
      let statement = program.instructionStatements[step.position.index].index
      let head = [
        step.thread.index, step.choice, statement, texts.number(of: step.effect), flags,
      ]
      defer { before = after }
      return Self.numbers(head + change(from: before, to: after))
    }
    return .object([
      ("id", .string(identifier)),
      ("schedule", .string(printable(trace.schedule.text(in: program)))),
      ("start", .int(trace.schedule.initialState)),
      ("initial", Self.numbers(initial)),
      ("steps", .array(steps)),
      ("loop", JSONValue(trace.loopFrom)),
      ("watched", .array(rows.watched.compactMap { JSONValue(names.firstIndex(of: $0)) })),
      ("ending", .array(ending(rows))),
      ("waiting", waiting(finding, trace)),
    ])
  }

  /// The rows after the last step.
  private func ending(_ rows: TraceRows) -> [JSONValue] {
    rows.rows.compactMap { row in
      switch row {
      case .entries(let label, _, _, let entries) where Int(label) == nil:
        return .object([
          ("label", .string(label)),
          (
            "entries",
            .array(
              entries.map { entry in
                .array([
                  .int(entry.thread.index), .int(entry.line ?? 0),
                  .string(printable(entry.source)), .string(printable(entry.effect)),
                ])
              }
            )
          ),
        ])
      case .note(let text, isBad: true): return .object([("note", .string(printable(text)))])
      default: return nil
      }
    }
  }

  private func waiting(_ finding: Finding, _ trace: Trace) -> JSONValue {
    guard let picture = finding.explanation.waiting else { return .null }
    let last = trace.steps.last?.after ?? trace.initial
    let rows = picture.rows.map { row -> JSONValue in
      let status = last.threads.first { $0.name == row.thread }
      let blockers = (status?.blockers ?? []).map { program.instances[$0.index].name }
      return .object([
        ("thread", .string(printable(row.thread))),
        ("waitsFor", .string(printable(row.waitsFor))),
        ("line", .int(row.line)),
        ("victim", .bool(row.isVictim && !picture.cycle.isEmpty)),
        ("blockers", .array(blockers.map { .string(printable($0)) })),
      ])
    }
    return .object([
      ("cycle", .array(picture.cycle.map { .string(printable($0.thread)) })),
      ("rows", .array(rows)),
    ])
  }

  // MARK: The graph

  private mutating func graph(_ graph: EmbeddedGraph) -> JSONValue {
    var keys = NumberedTable<FindingKey>()
    var verdicts = NumberedTable<[VerdictPart]>()
    var prospects = NumberedTable<[Int]>()
    var words: [[Int]] = []
    var nodes: [JSONValue] = []
    var own: [(String, JSONValue)] = []
    for (index, node) in graph.states.enumerated() {
      let state = state(node.snapshot)
      let previous = node.discovery.map { words[graph.edges[$0].source] } ?? base
      let prospect = prospects.number(
        of: [graph.continuations[index], graph.afterwards[index]].map { continuations in
          verdicts.number(of: Self.verdict(continuations, &keys))
        }
      )
      let errors = node.findings.filter { $0.kind.severity == .error }
      if !errors.isEmpty {
        own.append(("\(index)", Self.numbers(errors.map { keys.number(of: $0) })))
      }
      nodes.append(Self.numbers([node.edges.count, prospect] + change(from: previous, to: state)))
      words.append(state)
    }
    let edges = graph.edges.map { edge in
      let flags = (edge.isSleep ? 1 : 0) | (edge.isExcluded ? 2 : 0)
      let errors = edge.findings.filter { $0.kind.severity == .error }
      let head = [edge.step.thread.index, edge.target ?? -1, texts.number(of: edge.effect)]
      let rest = [edge.step.choice, flags] + errors.map { keys.number(of: $0) }
      let isPlain = edge.step.choice == 0 && flags == 0 && errors.isEmpty
      return Self.numbers(isPlain ? head : head + rest)
    }
    let outcomes = graph.outcomes.map { outcome in
      JSONValue.array([.int(outcome.state), .string(outcome.orders.map(Numbers.amount) ?? "")])
    }
    return .object([
      ("beginnings", .array(graph.beginnings.map { .int($0.state ?? -1) })),
      ("nodes", .array(nodes)),
      ("edges", .array(edges)),
      ("prospects", .array(prospects.elements.map(Self.numbers))),
      ("verdicts", .array(verdicts.elements.map { .array($0.map(\.value)) })),
      ("own", .object(own)),
      ("outcomes", .array(outcomes)),
      (
        "keys",
        .array(
          keys.elements.map {
            .array([.string($0.kind.code), .string(printable(explainer.title(of: $0)))])
          }
        )
      ),
    ])
  }

  private static func verdict(
    _ continuations: Continuations,
    _ keys: inout NumberedTable<FindingKey>
  ) -> [VerdictPart] {
    var bad = ""
    if let orders = continuations.orders, let clean = continuations.clean {
      bad = Numbers.amount(orders - clean)
    }
    var parts: [VerdictPart] = [
      .text(continuations.orders.map(Numbers.amount) ?? ""), .text(bad),
      .number(continuations.isUndecided ? 1 : 0),
    ]
    for count in continuations.counts {
      parts += [
        .number(keys.number(of: count.key)), .text(count.orders.map(Numbers.amount) ?? ""),
      ]
    }
    return parts
  }

  /// A number, or an amount as a text.
  private enum VerdictPart: Hashable {
    case number(Int)
    case text(String)

    var value: JSONValue {
      switch self {
      case .number(let number): .int(number)
      case .text(let text): .string(text)
      }
    }
  }
}
