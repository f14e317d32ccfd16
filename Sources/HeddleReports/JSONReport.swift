import BigInt
public import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// Results as JSON, for other programs.
///
/// Schema version 1; the keys always stand in this order:
///
///     {"schema": 1, "heddle": "0.1.0", "scenarios": [
///       {"name": "bank", "file": "models/bank.heddle", "engine": "exhaustive",
///        "verdict": "pass|fail|inconclusive", "expected": true,
///        "limit": null | {"kind": "states", "message": "…"},
///        "findings": [
///          {"code": "HD101", "kind": "lost-update", "severity": "error|warning", "subject": "balance",
///           "message": "…", "threads": ["deposit#1"], "schedule": "deposit#1 deposit#2 …" | null,
///           "preemptions": 1,
///           "trace": [{"step": 1, "thread": "deposit#1", "line": 4, "column": 5, "source": "…",
///                      "action": "read", "object": "balance", "value": "0", "preempts": false,
///                      "old_value": null, "effect": "-> 0"}],
///           "loop_from": null, "line": 5, "column": 5, "initial": {"balance": "0"},
///           "explanation": {"story": "…", "expected": null, "got": null, "why": "…", "do": "…"},
///           "consequences": [{"code": "HD401", "kind": "assertion", "subject": "line 17",
///                             "message": "…"}]}],
///        "statistics": {"states": 19, "transitions": 26, "seconds": 0.004,
///                       "peak_memory_bytes": 4096},
///        "fairness": "strong|weak|none", "surprises": ["…"], "orders": null | "90",
///        "reductions": {"identical_threads": [{"thread": "deposit", "count": 10}],
///                       "merged_steps": 40, "states_with_fewer_threads": 0}}]}
///
/// - `expected`: whether the result is what the scenario's `expect` lines say; `surprises` says what is not.
/// - `threads`: those that take a step in the trace, or are blocked at its end.
/// - `schedule`, `trace` and `initial`: null, empty and empty for what no order shows.
/// - `loop_from`: the number of the step from which an endless run repeats.
/// - `orders`: a number too large for many readers, therefore a string; null unless it was asked for and exists.
///
/// With the states, a finding also has an `initial_state`, and every step of its trace a `state` as its last key:
///
///     {"variables": {"balance": "0"}, "objects": {"guard": "held by deposit#1"},
///      "threads": [{"name": "deposit#1", "condition": "ready|blocked|ended|not-started", "line": 8,
///                   "holds": ["guard"], "waits_for": null}]}
///
/// What was asked for, or can be said, comes last; these keys are left out otherwise. `odds` is there for findings, and for consequences, that a step can
/// show; `probability` is off by at most `error`. `explosion` tells what made the states so many where a limit was reached for that:
/// `share` is the part of the sampled states that would be no states of their own without it.
///
///     finding, consequence
///       "odds": {"probability": 0.1667, "fraction": "1/6" | null, "error": 0.0, "runs_for_99_percent": 26 | null}
///     scenario
///       "odds_gap": "…"
///       "coverage_gap": "…"
///       "coverage": {
///         "statements": 4, "reached_statements": 4,
///         "values": [{"name": "balance", "elements": 1, "count": 2, "values": ["0", "50"], "largest": null}],
///         "outcome_count": 3,
///         "outcomes": [{"values": {"balance": "50"}, "final_states": 1, "schedule": "…" | null}]}
///       "explosion": {
///         "sampled_states": 262144,
///         "differences": [{"part": "variable", "name": "`log`", "share": 0.87}],
///         "growths": [{"part": "variable", "name": "`next_ticket`", "line": 9, "loop_line": 8, "endless": true,
///                      "from": 0, "to": 57}],
///         "messages": ["…"], "do": "…" | null}
///
/// A scenario that was proved by invariants has these: sums that are 0, or never negative, wherever no thread holds a lock. An `element` is counted
/// among those of all variables; `threads` are those of the declaration of `first` that are at the place, and a quantity "while" a thread is somewhere is 0
/// elsewhere. `registers` are those with a known value there. If there are `cases`, one of them is there in every such state: all threads are at its
/// places, all elements in `values` have these values, and of `any` of each claim at least one holds. Steps lead from cases to cases.
///
///     scenario
///       "proof": {
///         "scope": ["every input", "every number of threads n from 1 to 2147483647"], "parameters": {"n": 2},
///         "invariants": [
///           {"text": "balance is always 100 times the number of deposit threads that have ended", "notable": true,
///            "relation": "= 0|>= 0", "while": null | "main", "places": ["unstarted|ended" | {"instruction": 5, "line": 8,
///            "registers": {"2": 0}}],
///            "sum": [{"factor": 1, "of": "one|parameter|variable|initial|threads|initial-while|variable-while|register", "element": 0, "name": "n",
///                     "first": "deposit#1", "thread": "main", "register": 2, "place": "ended"}]}],
///         "cases": [{"places": {"main": "ended", …}, "values": {"0": 1},
///                    "claims": [{"text": "value is at least 5", "any": [{"relation": "= 0|>= 0", "sum": […]}]}]}],
///         "summary": ["value is at least 5 while ready is true"]}
///
/// The same as a JSON Schema: `Schemas/heddle-report-1.schema.json` in the repository.
///
/// Later versions may add keys. Everything but `seconds` and `peak_memory_bytes` is the same for equal questions;
/// `--reproducible` has `null` for these.
public struct JSONReport: Sendable {
  /// The version of the layout.
  public static let schema = 1

  private let version: String
  private let includesStates: Bool

  /// Writes reports of the given version of Heddle; on request with the whole state after every step.
  public init(version: String, includesStates: Bool = false) {
    self.version = version
    self.includesStates = includesStates
  }

  /// The whole report.
  public func text(of results: [CheckResult]) -> String {
    JSONValue.object([
      ("schema", .int(Self.schema)),
      ("heddle", .string(version)),
      ("scenarios", .array(results.map(scenario))),
    ]).text
  }

  private func scenario(_ result: CheckResult) -> JSONValue {
    let statistics = result.statistics
    let members: [(String, JSONValue)] = [
      ("name", .string(result.program.name)),
      ("file", .string(result.program.source.name)),
      ("engine", .string(result.engine)),
      ("verdict", .string(result.verdict.rawValue)),
      ("expected", .bool(result.isExpected)),
      ("limit", result.limit.map { limit($0, result.program) } ?? .null),
      ("findings", .array(result.findings.map { finding($0, result.program) })),
      (
        "statistics",
        .line(
          .object([
            ("states", .int(statistics.states)),
            ("transitions", .int(statistics.transitions)),
            ("seconds", statistics.seconds.map { .number($0) } ?? .null),
            ("peak_memory_bytes", statistics.peakMemoryBytes.map { .int($0) } ?? .null),
          ])
        )
      ),
      ("fairness", .string(result.fairness.rawValue)),
      ("surprises", .array(result.surprises.map { .string($0) })),
      ("orders", JSONValue(result.orders.map { String($0) })),
      ("reductions", reductions(result)),
    ]
    return .object(members + insight(result) + proof(result))
  }

  private func reductions(_ result: CheckResult) -> JSONValue {
    let groups = result.reductions.interchangeable.map { group in
      JSONValue.object([
        ("thread", .string(result.program.threadTypes[group.type.index].name)),
        ("count", .int(group.threadCount)),
      ])
    }
    return .line(
      .object([
        ("identical_threads", .array(groups)),
        ("merged_steps", .int(result.reductions.mergedSteps)),
        ("states_with_fewer_threads", .int(result.reductions.statesWithFewerThreads)),
      ])
    )
  }

  private func limit(_ limit: LimitReached, _ program: Program) -> JSONValue {
    let kind =
      switch limit {
      case .states: "states"
      case .memory: "memory"
      case .machineMemory: "machine-memory"
      case .seconds: "seconds"
      case .interrupted: "interrupted"
      case .engine: "engine"
      case .machine(.queueLength): "queue-length"
      case .machine(.threads): "threads"
      case .machine(.symbolicValue): "symbolic-value"
      case .machine(.choices): "choices"
      case .machine(.endlessBlock): "endless-block"
      case .machine(.strings): "strings"
      }
    let message = LimitText(limit, program).reached
    return .line(
      .object([
        ("kind", .string(kind)),
        ("message", .string(Numbers.plain(message))),
      ])
    )
  }

  private func finding(_ finding: Finding, _ program: Program) -> JSONValue {
    let trace = finding.trace
    let place = program.source.location(of: finding.place(in: program).start)
    let explanation = finding.explanation
    let members: [(String, JSONValue)] = [
      ("code", .string(finding.kind.code)),
      ("kind", .string(finding.kind.rawValue)),
      ("severity", .string(finding.severity.rawValue)),
      ("subject", .string(finding.subject)),
      ("message", .string(finding.message)),
      ("threads", .line(.array(threads(of: finding, program).map { .string($0) }))),
      ("schedule", JSONValue(trace?.schedule.text(in: program))),
      ("preemptions", JSONValue(trace?.preemptions)),
      ("trace", .array(trace?.steps.map(step) ?? [])),
      ("loop_from", JSONValue(trace?.loopFrom)),
      ("line", .int(place.line)),
      ("column", .int(place.column)),
      (
        "initial",
        .line(.object(trace?.initial.variables.map { ($0.name, .string($0.value)) } ?? []))
      ),
      (
        "explanation",
        .object([
          ("story", .string(explanation.story)),
          ("expected", JSONValue(explanation.expected)),
          ("got", JSONValue(explanation.got)),
          ("why", .string(explanation.why)),
          ("do", .string(explanation.advice)),
        ])
      ),
      ("consequences", .array(finding.consequences.map(consequence))),
    ]
    let odds = odds(finding.odds)
    guard includesStates, let trace else { return .object(members + odds) }
    return .object(members + [("initial_state", .line(state(trace.initial)))] + odds)
  }

  private func threads(of finding: Finding, _ program: Program) -> [String] {
    guard let trace = finding.trace else { return [] }
    let rows = TraceRows(trace, program, finding: finding)
    return rows.allThreads.map { program.instances[$0.index].name }
  }

  private func step(_ step: TraceStep) -> JSONValue {
    let members: [(String, JSONValue)] = [
      ("step", .int(step.number)),
      ("thread", .string(step.threadName)),
      ("line", .int(step.location.line)),
      ("column", .int(step.location.column)),
      ("source", .string(step.source)),
      ("action", .string(step.action)),
      ("object", JSONValue(step.object)),
      ("value", JSONValue(step.value)),
      ("preempts", .bool(step.preempts)),
      ("old_value", JSONValue(step.oldValue)),
      ("effect", .string(step.effect)),
    ]
    return .line(.object(includesStates ? members + [("state", state(step.after))] : members))
  }

  private func state(_ snapshot: Snapshot) -> JSONValue {
    func object(_ values: [NamedValue]) -> JSONValue {
      .object(values.map { ($0.name, .string($0.value)) })
    }
    let threads = snapshot.threads.map { status in
      let condition =
        switch status.condition {
        case .notStarted: "not-started"
        case .ready: "ready"
        case .blocked: "blocked"
        case .ended: "ended"
        }
      return JSONValue.object([
        ("name", .string(status.name)),
        ("condition", .string(condition)),
        ("line", JSONValue(status.line)),
        ("holds", .array(status.holds.map { .string($0) })),
        ("waits_for", JSONValue(status.waitsFor)),
      ])
    }
    return .object([
      ("variables", object(snapshot.variables)), ("objects", object(snapshot.objects)),
      ("threads", .array(threads)),
    ])
  }

  private func consequence(_ consequence: Consequence) -> JSONValue {
    let members: [(String, JSONValue)] = [
      ("code", .string(consequence.kind.code)),
      ("kind", .string(consequence.kind.rawValue)),
      ("subject", .string(consequence.subject)),
      ("message", .string(consequence.message)),
    ]
    return .line(.object(members + odds(consequence.odds)))
  }
}
