import BigInt
package import HeddleChecking
import HeddleDiagnostics
package import HeddleProgram
import HeddleSemantics

/// What was covered, or why it was not everything.
struct VerdictText {
  private let result: CheckResult
  private let pen: Pen

  init(_ result: CheckResult, _ pen: Pen) {
    self.result = result
    self.pen = pen
  }

  private var program: Program { result.program }

  /// `PASS  bank_locked` with what was covered.
  var pass: [StyledText] {
    head("PASS", .success) + labelled(notes)
  }

  /// What is said below the verdict.
  var notes: [Note] {
    switch result.verdict {
    case .pass:
      let complete =
        "\(scope); \(Self.amounts(of: result.statistics)); no limit was reached"
      let notes = [
        Note(label: "complete", text: complete), Note(label: "checked", text: checked),
      ]
      return notes + proved + reduced + reducible + accepted + askedNotes
    case .inconclusive: return limitNotes + askedNotes
    case .fail: return incompleteNotes + askedNotes
    }
  }

  /// `INCONCLUSIVE  bank` with the limit, what is established, and what to do.
  var inconclusive: [StyledText] {
    head("INCONCLUSIVE", .warning) + labelled(notes)
  }

  /// Errors were found, but not everything was searched.
  var incomplete: [StyledText] { labelled(incompleteNotes) }

  /// What was asked for beside the verdict: the number of orders, odds, coverage.
  var asked: [StyledText] { labelled(askedNotes) }

  /// How much was done, for example `19 states, 26 transitions, 4 ms`.
  static func amounts(of statistics: Statistics) -> String {
    let counts =
      statistics.queries > 0
      ? [
        Numbers.counted(statistics.events, "symbolic step"),
        Numbers.counted(statistics.queries, "query", "queries"),
      ]
      : [
        Numbers.counted(statistics.states, "state"),
        Numbers.counted(statistics.transitions, "transition"),
      ]
    let time = statistics.seconds.map { [Numbers.duration($0)] } ?? []
    return (counts + time).joined(separator: ", ")
  }

  // MARK: Parts

  /// What was covered.
  private var scope: String {
    let threads = Numbers.counted(program.instances.count, "thread")
    let orders = program.parameters.isEmpty ? "every order of \(threads)" : "every order"
    return ([orders] + (result.proof?.scope ?? [])).joined(separator: ", ")
  }

  /// Why it is so, if there is a reason that can be said.
  private var proved: [Note] {
    guard let proof = result.proof else { return [] }
    let notable = proof.summary + proof.invariants.filter(\.isNotable).map(\.text)
    let shown = notable.prefix(Self.mostInvariants)
    let cases = Numbers.counted(
      proof.cases.count,
      "combination of places and values",
      "combinations of places and values"
    )
    let more = proof.cases.isEmpty ? [] : ["what holds in each of \(cases)"]
    let rest = proof.invariants.count - max(0, shown.count - proof.summary.count)
    let others =
      rest > 0 ? [Numbers.counted(rest, shown.isEmpty ? "invariant" : "more invariant")] : []
    var text = shown.joined(separator: "; ")
    let stored = (more + others).joined(separator: " and ")
    if !stored.isEmpty { text += (shown.isEmpty ? "of " : "; ") + stored + " in the JSON report" }
    return text.isEmpty ? [] : [Note(label: "because", text: text)]
  }

  /// A proof is told by so many invariants.
  private static let mostInvariants = 4

  private func head(_ word: String, _ style: TextStyle) -> [StyledText] {
    let left = StyledText(word, style) + StyledText("  ") + pen.text(program.name, .heading)
    return pen.spread(left, pen.text(program.source.name), hanging: 6)
  }

  private func labelled(_ notes: [Note]) -> [StyledText] {
    notes.flatMap { note in
      pen.paragraph(
        pen.sentence(note.text),
        indent: 16,
        label: pen.indent(6) + StyledText(note.label, .heading)
      )
    }
  }

  /// What was looked for, as far as the scenario has it.
  private var checked: String {
    func isWanted(_ kind: FindingKind) -> Bool {
      result.kinds.isEmpty || result.kinds.contains(kind)
    }
    func hasClaim(_ kind: Claim.Kind) -> Bool { program.claims.contains { $0.kind == kind } }
    var parts: [String] = []
    if hasClaim(.assertion), isWanted(.assertion) { parts.append("assertions") }
    if hasClaim(.invariant), isWanted(.invariant) { parts.append("invariants") }
    if isWanted(.lostUpdate) { parts.append("lost updates") }
    if isWanted(.dataRace) { parts.append("data races") }
    if isWanted(.deadlock) { parts.append("deadlocks") }
    if isWanted(.blockedForever) { parts.append("threads blocked for ever") }
    if isWanted(.neverTerminates) {
      switch result.fairness {
      case .strong: parts.append("every thread ends in every fair run")
      case .weak: parts.append("every thread ends in every weakly fair run")
      case .none: parts.append("every thread ends in every run")
      }
    }
    if program.threadTypes.contains(where: \.isDaemon), isWanted(.daemonBlocked) {
      parts.append("daemons left waiting")
    }
    if isWanted(.misuse) { parts.append("misuse") }
    if isWanted(.leak) { parts.append("leaks") }
    return parts.isEmpty ? "nothing that makes a scenario fail" : parts.joined(separator: ", ")
  }

  /// What was left out of the search because something else was like it.
  private var reduced: [Note] {
    let use = result.reductions
    var parts = use.interchangeable.map { group in
      let name = program.threadTypes[group.type.index].name
      return "\(Numbers.grouped(group.threadCount)) identical threads `\(name)` counted once"
    }
    if use.mergedSteps > 0 { parts.append("steps that nothing can come between taken together") }
    if use.statesWithFewerThreads > 0 {
      parts.append("threads that cannot get in each other's way tried in one order")
    }
    return parts.isEmpty ? [] : [Note(label: "reduced", text: parts.joined(separator: "; "))]
  }

  /// How the search could be much smaller; said only where it is not small.
  private var reducible: [Note] {
    guard result.statistics.states >= 1_000 else { return [] }
    return result.reductions.joinedOneByOne.map { group in
      let name = program.threadTypes[group.type.index].name
      return Note(
        label: "faster",
        text: "join the \(Numbers.grouped(group.threadCount)) threads `\(name)` as a whole, as in "
          + "`join threads` instead of `for t in threads { join t }`: then they count as identical"
      )
    }
  }

  /// What is not reported because the scenario says so.
  private var accepted: [Note] {
    var notes = program.allowances.map { "\($0.kind.rawValue) on `\($0.subject)`" }
    notes += program.threadTypes.filter(\.mayOutliveMain).map { "\($0.name) may outlive main" }
    guard !notes.isEmpty else { return [] }
    return [Note(label: "accepted", text: notes.joined(separator: ", "))]
  }

  private var limitNotes: [Note] {
    guard let reached = result.limit else { return [] }
    let limit = LimitText(reached, program)
    let stopped = "\(limit.reached); \(Self.amounts(of: result.statistics))"
    return [
      Note(label: "stopped", text: stopped), Note(label: "so far", text: established(limit)),
    ] + insight.culprit + reducible + [Note(label: "to do", text: insight.advice(limit))]
  }

  private var incompleteNotes: [Note] {
    guard let limit = result.limit.map({ LimitText($0, program) }) else { return [] }
    let areShortest = result.findings.allSatisfy { $0.trace?.isShortest ?? true }
    let stopped =
      "\(limit.reached). There may be more findings\(areShortest ? "" : ", and shorter orders")."
    return [Note(label: "stopped", text: stopped)] + insight.culprit
      + [Note(label: "to do", text: insight.advice(limit))]
  }

  private var insight: InsightText { InsightText(result) }

  private var askedNotes: [Note] { orderNotes + insight.notes }

  private var orderNotes: [Note] {
    guard result.countsOrders else { return [] }
    if let orders = result.orders {
      return [Note(label: "orders", text: Numbers.grouped(String(orders)))]
    }
    let reason =
      if let limit = result.ordersLimit {
        LimitText(limit, program).reached
      } else {
        result.limit == nil ? "some run never ends" : "the search is not complete"
      }
    return [Note(label: "orders", text: "not counted: \(reason)")]
  }

  /// What holds all the same.
  private func established(_ limit: LimitText) -> String {
    if let part = result.established.part { return part }
    guard result.statistics.states > 0 else { return "nothing is established" }
    if limit.leavesRestSearched {
      return "no order that stays within the limit ends in an error; endless runs were not judged"
    }
    let endless = "endless runs were not judged"
    if result.established.isCompleteButForEndlessRuns {
      return "no order ends in an error; \(endless)"
    }
    var bounds: [String] = []
    if let steps = result.established.steps, steps > 0 {
      bounds.append("within the first \(Numbers.counted(steps, "step")) of any order")
    }
    if let preemptions = result.established.preemptions {
      bounds.append(
        preemptions == 0
          ? "in any order without a preemption"
          : "in any order with at most \(Numbers.counted(preemptions, "preemption"))"
      )
    }
    guard !bounds.isEmpty else { return "no error in the orders that were tried" }
    return "no error \(bounds.joined(separator: ", nor ")); \(endless)"
  }
}

/// A limit in words.
package struct LimitText {
  private let limit: LimitReached
  private let program: Program

  package init(_ limit: LimitReached, _ program: Program) {
    self.limit = limit
    self.program = program
  }

  /// Which limit, and what grew.
  var reached: String {
    switch limit {
    case .states(let count): "the limit of \(Numbers.counted(count, "state")) was reached"
    case .memory(let bytes): "the limit of \(Numbers.bytes(bytes)) of memory was reached"
    case .machineMemory: "the machine has hardly any memory left"
    case .seconds(let seconds): "the time limit of \(Numbers.duration(seconds)) was reached"
    case .interrupted: "the search was interrupted"
    case .engine(let limit): limit.reason
    case .machine(.queueLength(let queue)):
      "the queue `\(program.objects[queue.index].name)`, which is unbounded, grew past `--max-queue`"
    case .machine(.threads(let type)):
      "more instances of \(program.threadTypes[type.index].name) were started than counted before"
    case .machine(.symbolicValue):
      "`any Int` has more values than can be tried one by one"
    case .machine(.choices):
      "one choice has more than \(Numbers.grouped(Machine.maximumChoices)) outcomes"
    case .machine(.endlessBlock):
      "a block that must be one step went round a loop more than a million times"
    case .machine(.strings):
      "more than \(Numbers.grouped(Machine.maximumStrings)) different texts were made"
    }
  }

  /// The same as plain text.
  package var plainReached: String { Numbers.plain(reached) }

  /// In a few words, for the last line.
  var short: String {
    switch limit {
    case .states(let count): "limit of \(Numbers.counted(count, "state"))"
    case .memory(let bytes): "limit of \(Numbers.bytes(bytes))"
    case .machineMemory: "hardly any memory left"
    case .seconds(let seconds): "limit of \(Numbers.duration(seconds))"
    case .interrupted: "interrupted"
    case .engine(let limit): limit.reason
    case .machine(.queueLength(let queue)): "`\(program.objects[queue.index].name)` grew too long"
    case .machine(.threads): "too many threads"
    case .machine(.symbolicValue): "`any Int`"
    case .machine(.choices): "too many choices"
    case .machine(.endlessBlock): "an endless block"
    case .machine(.strings): "too many texts"
    }
  }

  /// How to allow more; `nil` where no option does.
  var allowance: String? {
    switch limit {
    case .states: "allow more with `--max-states`"
    case .memory: "allow more with `--max-memory`"
    case .seconds: "allow more with `--max-seconds`"
    case .machineMemory, .interrupted, .machine, .engine: nil
    }
  }

  var advice: String {
    switch limit {
    case .states, .memory, .seconds:
      [allowance, "make the scenario smaller: fewer threads, rounds or values"]
        .compactMap { $0 }.joined(separator: ", or ")
    case .machineMemory:
      "end what else uses the memory, say with `--max-memory` how much the search may have, or make the scenario smaller"
    case .interrupted: "run it again, with `--max-seconds` if it has to stop by itself"
    case .engine(let limit): limit.advice
    case .machine(.queueLength(let queue)):
      "bound it as the program does, `queue \(program.objects[queue.index].declaredName)"
        + "(capacity: 8)`, or allow more with `--max-queue`"
    case .machine(.threads): "start a fixed number of threads, not one in every round of a loop"
    case .machine(.symbolicValue), .machine(.choices):
      "choose from a smaller range, such as `any 0...7`"
    case .machine(.endlessBlock): "let the loop in the block end"
    case .machine(.strings): "make fewer different texts, for example without a counter in them"
    }
  }

  /// Whether everything that does not run into the limit was searched all the same.
  var leavesRestSearched: Bool {
    switch limit {
    case .machine(.symbolicValue): false
    case .machine: true
    case .states, .memory, .machineMemory, .seconds, .engine, .interrupted: false
    }
  }
}
