import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// What a trace's table says, before it is laid out.
struct TraceRows {
  /// What a thread does in one row.
  struct Entry: Equatable {
    var thread: ThreadID
    var line: Int?
    var source: String
    var effect: String
  }

  /// One row of the table.
  enum Row: Equatable {
    /// A step, or something that comes after the last one and has a label for a number.
    case entries(label: String, values: [String], isBad: Bool, [Entry])
    case preempted(ThreadID)
    /// A step at the beginning that only starts threads: a line across the table saves its thread a column.
    case opening(label: String, values: [String], Entry)
    /// A line across the whole table.
    case note(String, isBad: Bool)
  }

  /// The threads with a column of their own, by number.
  private(set) var threads: [ThreadID] = []
  /// The watched variables.
  let watched: [String]
  private(set) var rows: [Row] = []

  private let program: Program
  private let trace: Trace

  /// The rows of a finding's trace; of a bare trace without a finding.
  init(_ trace: Trace, _ program: Program, finding: Finding? = nil) {
    self.program = program
    self.trace = trace
    let names = trace.initial.variables.map(\.name)
    watched = (finding?.explanation.watched ?? []).filter { names.contains($0) }
    addSteps(finding)
    if let loopFrom = trace.loopFrom {
      rows.append(.note("repeats from step \(loopFrom), for ever", isBad: true))
    }
    if let finding { addEnd(finding) }
    addClaims(finding)
    var seen: Set<ThreadID> = []
    for case .entries(_, _, _, let entries) in rows { seen.formUnion(entries.map(\.thread)) }
    threads = seen.sorted()
  }

  /// The threads of all rows, by number.
  var allThreads: [ThreadID] {
    var all = Set(threads)
    for case .opening(_, _, let entry) in rows { all.insert(entry.thread) }
    return all.sorted()
  }

  private func name(_ thread: ThreadID) -> String { program.instances[thread.index].name }

  private var final: Snapshot { trace.steps.last?.after ?? trace.initial }

  private func values(_ snapshot: Snapshot) -> [String] {
    watched.map { name in snapshot.variables.first { $0.name == name }?.value ?? "" }
  }

  // MARK: Steps

  private mutating func addSteps(_ finding: Finding?) {
    let loss = finding?.lossStep?.number
    let opening = openingCount
    for (index, step) in trace.steps.enumerated() {
      let entry = Entry(
        thread: step.thread,
        line: step.line,
        source: step.source,
        effect: step.effect
      )
      if index < opening {
        rows.append(.opening(label: "\(step.number)", values: values(step.after), entry))
        continue
      }
      if step.preempts { rows.append(.preempted(trace.steps[index - 1].thread)) }
      if step.number == trace.loopFrom {
        rows.append(.note("from here on for ever:", isBad: false))
      }
      let isLast = index == trace.steps.count - 1
      let isBad = step.number == loss || isLast && endsBadly(in: step)
      rows.append(
        .entries(
          label: "\(step.number)",
          values: values(step.after),
          isBad: isBad,
          [entry]
        )
      )
    }
  }

  /// The number of steps at the beginning in which one thread starts others.
  private var openingCount: Int {
    guard let first = trace.steps.first, trace.loopFrom != 1 else { return 0 }
    let count = trace.steps.prefix { $0.thread == first.thread && $0.action == "start" }.count
    return count == trace.steps.count ? max(0, count - 1) : count
  }

  /// Whether the run ends in the very statement of its last step.
  private func endsBadly(in step: TraceStep) -> Bool {
    let statement = program.instructionStatements[step.position.index]
    switch trace.outcome {
    case .assertionFailed(let claim):
      return trace.failedClaims.first?.thread == step.thread
        && program.claims[claim.index].span == program.statements[statement.index].span
    case .misuse(_, let position):
      return program.instructionStatements[position.index] == statement
    default: return false
    }
  }

  // MARK: After the last step

  private mutating func addEnd(_ finding: Finding) {
    switch finding.key {
    case .dataRace(let variable): addRace(on: variable)
    case .deadlock, .blockedForever, .daemonBlocked: addBlocked(finding)
    case .misuse(let statement): addMisuse(in: statement)
    case .daemonKilled(let type), .neverTerminates(let type):
      if trace.loopFrom == nil || isStarved(type) { addStanding(type) }
    default: break
    }
  }

  private mutating func addMisuse(in statement: StatementID) {
    if let last = trace.steps.last, endsBadly(in: last) { return }
    let misuse = trace.misuses.first {
      program.instructionStatements[$0.position.index] == statement
    }
    guard let misuse else { return }
    addFailure(
      of: misuse.thread,
      line: program.source.line(of: program.statements[statement.index].span.start),
      source: program.text(of: statement),
      prefix: program.statements[statement.index].owner == "finally" ? "finally  " : ""
    )
  }

  /// What fails after the last step, in a thread or in code that no thread runs.
  private mutating func addFailure(of thread: ThreadID?, line: Int, source: String, prefix: String)
  {
    guard let thread else {
      rows.append(.note("\(line)  \(prefix)\(source)  fails", isBad: true))
      return
    }
    let entry = Entry(thread: thread, line: line, source: source, effect: "fails")
    rows.append(.entries(label: "", values: values(final), isBad: true, [entry]))
  }

  private mutating func addRace(on variable: VariableID) {
    var entries: [Entry] = []
    for access in trace.pendingAccesses
    where access.variable == variable && (watched.first == nil || access.name == watched.first) {
      let status = final.threads[access.thread.index]
      if let index = entries.firstIndex(where: { $0.thread == access.thread }) {
        if access.isWrite { entries[index].effect = "writes \(access.name)" }
        continue
      }
      entries.append(
        Entry(
          thread: access.thread,
          line: status.line,
          source: status.source ?? "",
          effect: "\(access.isWrite ? "writes" : "reads") \(access.name)"
        )
      )
    }
    rows.append(.entries(label: "next", values: values(final), isBad: true, entries))
  }

  private mutating func addBlocked(_ finding: Finding) {
    let rows = finding.explanation.waiting?.rows ?? []
    let entries = rows.compactMap { row in
      final.threads.first { $0.name == row.thread }.map { status in
        Entry(
          thread: status.thread,
          line: status.line,
          source: status.source ?? "",
          effect: "waits for \(row.waitsFor)"
        )
      }
    }
    self.rows.append(
      .entries(
        label: "end",
        values: values(final),
        isBad: true,
        entries.sorted { $0.thread < $1.thread }
      )
    )
  }

  private func isStarved(_ type: ThreadTypeID) -> Bool {
    let loop = trace.steps[((trace.loopFrom ?? 1) - 1)...]
    return !loop.contains { program.instances[$0.thread.index].type == type }
  }

  /// The threads of a declaration where they stand at the end.
  private mutating func addStanding(_ type: ThreadTypeID) {
    let entries = final.threads.filter {
      program.instances[$0.thread.index].type == type && $0.position != nil
    }.map { status in
      Entry(
        thread: status.thread,
        line: status.line,
        source: status.source ?? "",
        effect: status.waitsFor.map { "waits for \($0)" } ?? "stands here"
      )
    }
    guard !entries.isEmpty else { return }
    rows.append(.entries(label: "end", values: values(final), isBad: true, entries))
  }

  /// The claims that fail after the last step, of an invariant or `finally` or in a statement of their own.
  private mutating func addClaims(_ finding: Finding?) {
    for failed in trace.failedClaims {
      let claim = program.claims[failed.claim.index]
      let line = program.source.line(of: claim.span.start)
      let source = program.foldedText(claim.span)
      if failed.thread != nil {
        if let last = trace.steps.last, endsBadly(in: last) { continue }
      } else if finding.map({ !isAbout(failed.claim, $0) }) ?? false {
        continue
      }
      addFailure(
        of: failed.thread,
        line: line,
        source: source,
        prefix: failed.thread == nil && claim.kind != .invariant ? "finally  " : ""
      )
    }
  }

  private func isAbout(_ claim: ClaimID, _ finding: Finding) -> Bool {
    switch finding.key {
    case .assertion(claim), .invariant(claim): true
    default:
      finding.consequences.contains { $0.key == .assertion(claim) || $0.key == .invariant(claim) }
    }
  }
}
