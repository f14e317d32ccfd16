import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// The results of one scenario in SARIF's form.
struct SARIFResults {
  private let result: CheckResult
  private var program: Program { result.program }

  init(_ result: CheckResult) { self.result = result }

  /// One for each finding, and one more if the scenario is inconclusive, or lacks what it expects.
  var values: [JSONValue] {
    var values = result.findings.map(value)
    if result.verdict == .inconclusive {
      values.append(inconclusive)
    } else if let line = result.unmetFindings.first ?? program.expectations.first,
      !result.isExpected, result.unexpectedErrors.isEmpty
    {
      values.append(unexpected(at: line.span))
    }
    return values
  }

  private func value(_ finding: Finding) -> JSONValue {
    let fingerprint = "\(Fingerprint(finding.key, in: program))"
    var members: [(String, JSONValue)] = [
      ("ruleId", .string(finding.kind.code)),
      ("ruleIndex", JSONValue(FindingKind.allCases.firstIndex(of: finding.kind))),
      ("kind", .string("fail")),
      ("level", .string(finding.severity.rawValue)),
      ("message", SARIFPlace.message(message(of: finding))),
      (
        "locations",
        .array([.object([("physicalLocation", physical(finding.place(in: program)))])])
      ),
      (
        "partialFingerprints",
        .object([
          ("heddleFinding/v1", .string(fingerprint)),
          // What GitHub tells alerts apart by; without it, GitHub would take the text around the line.
          ("primaryLocationLineHash", .string("\(fingerprint):1")),
        ])
      ),
    ]
    if let trace = finding.trace, !trace.steps.isEmpty {
      members.append(("codeFlows", .array(codeFlows(trace, finding))))
    }
    if result.accepts(finding) {
      members.append(
        (
          "suppressions",
          .array([
            .object([
              ("kind", .string("inSource")),
              ("justification", .string("the scenario's expect lines say so")),
            ])
          ])
        )
      )
    }
    members.append(
      (
        "properties",
        .object([
          ("scenario", .string(printable(program.name))),
          ("subject", .string(printable(finding.subject))),
          ("schedule", JSONValue(finding.trace.map { printable($0.schedule.text(in: program)) })),
          ("preemptions", JSONValue(finding.trace?.preemptions)),
        ])
      )
    )
    return .object(members)
  }

  private func physical(_ span: SourceSpan) -> JSONValue { SARIFPlace.physical(span, program) }

  private func message(of finding: Finding) -> String {
    let explanation = finding.explanation
    var parts = ["\(finding.message).", explanation.story]
    if let expected = explanation.expected, let got = explanation.got {
      parts.append("Expected \(expected), got \(got).")
    }
    if !explanation.advice.isEmpty { parts.append("To do: \(explanation.advice)") }
    return parts.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private var inconclusive: JSONValue {
    let notes = VerdictText(result, Pen(options: TextOptions())).notes
    let text = notes.map { "\($0.sentence)." }.joined(separator: " ")
    return general(
      SARIFReport.inconclusiveRule,
      kind: "open",
      level: "none",
      "\(program.name) is inconclusive. \(text)",
      at: SourceSpan(start: 0, end: 0)
    )
  }

  private func unexpected(at span: SourceSpan) -> JSONValue {
    // What was not found may be shown by an order that was not tried.
    general(
      SARIFReport.expectationRule,
      kind: result.isUndecided ? "open" : "fail",
      level: result.isUndecided ? "none" : "error",
      "\(program.name) is not as expected: " + result.surprises.joined(separator: "; ") + ".",
      at: span
    )
  }

  /// A result that is about the scenario as a whole.
  private func general(
    _ rule: String,
    kind: String,
    level: String,
    _ text: String,
    at span: SourceSpan
  ) -> JSONValue {
    .object([
      ("ruleId", .string(rule)),
      ("ruleIndex", JSONValue(SARIFReport.ruleIDs.firstIndex(of: rule))),
      ("kind", .string(kind)),
      ("level", .string(level)),
      ("message", SARIFPlace.message(text)),
      ("locations", .array([.object([("physicalLocation", physical(span))])])),
    ])
  }

  // MARK: Code flows

  private func codeFlows(_ trace: Trace, _ finding: Finding) -> [JSONValue] {
    let last = trace.steps.count - 1
    let bad = finding.lossStep?.number ?? trace.steps[last].number
    let merged = threadFlow("all threads", trace.steps, trace, bad: bad)
    var threads: [ThreadID] = []
    for step in trace.steps where !threads.contains(step.thread) { threads.append(step.thread) }
    let separate = threads.sorted().map { thread in
      threadFlow(
        program.instances[thread.index].name,
        trace.steps.filter { $0.thread == thread },
        trace,
        bad: bad
      )
    }
    return [
      codeFlow("the steps of all threads in the order of execution", [merged]),
      codeFlow("the steps of each thread", separate),
    ]
  }

  private func codeFlow(_ text: String, _ flows: [JSONValue]) -> JSONValue {
    .object([("message", SARIFPlace.message(text)), ("threadFlows", .array(flows))])
  }

  private func threadFlow(
    _ name: String,
    _ steps: [TraceStep],
    _ trace: Trace,
    bad: Int
  ) -> JSONValue {
    .object([
      ("id", .string(printable(name))),
      ("initialState", state(trace.initial)),
      ("locations", .array(steps.map { location($0, trace, isBad: $0.number == bad) })),
    ])
  }

  private func location(_ step: TraceStep, _ trace: Trace, isBad: Bool) -> JSONValue {
    var text = "\(step.number). \(step.threadName): \(step.source)"
    if !step.effect.isEmpty { text += "  \(step.effect)" }
    if step.preempts { text += " (the thread before it was preempted)" }
    if step.number == trace.loopFrom { text += " (from here on for ever)" }
    let statement = program.instructionStatements[step.position.index]
    return .object([
      (
        "location",
        .object([
          ("physicalLocation", physical(program.statements[statement.index].span)),
          (
            "logicalLocations",
            .line(
              .array([
                .object([
                  ("fullyQualifiedName", .string(printable(step.threadName))),
                  ("kind", .string("function")),
                ])
              ])
            )
          ),
          ("message", SARIFPlace.message(text)),
        ])
      ),
      ("kinds", .line(.array(Self.kinds(of: step, isBad: isBad).map { .string($0) }))),
      ("state", state(step.after)),
      ("executionOrder", .int(step.number)),
      ("importance", .string(isBad || step.preempts ? "essential" : "important")),
    ])
  }

  /// The words of the standard's own vocabulary (3.38.8) that fit the step.
  private static func kinds(of step: TraceStep, isBad: Bool) -> [String] {
    let kinds =
      switch step.action {
      case "read", "write", "atomic": ["memory", "value"]
      case "acquire": ["acquire", "lock"]
      case "release": ["release", "lock"]
      case "start": ["call", "function"]
      case "join": ["return", "function"]
      case "choose", "any": ["branch"]
      default: ["resource"]
      }
    return kinds + (isBad ? ["danger"] : [])
  }

  private func state(_ snapshot: Snapshot) -> JSONValue {
    let values = snapshot.variables + snapshot.objects
    return .line(
      .object(values.map { ($0.name, .object([("text", .string(printable($0.value)))])) })
    )
  }
}
