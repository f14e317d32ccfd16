public import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// Counterexamples in the Informal Trace Format of Apalache (its ADR 015), for other tools of the field.
///
/// A file holds one trace. Its variables are the scenario's, with arrays as lists and fields as maps from thread to
/// value; integers are `#bigint`, a value that may be `none` is a variant `Some` or `None`. Beside them:
///
/// - `heddle::objects`: a map from each lock, queue and so on to what it holds, in words.
/// - `heddle::at`: a map from each thread to where it stands, for example `line 4`, `ended`.
/// - `heddle::step`: the thread that took the step and what it did; empty in the first state.
///
/// A trace that never ends has a `loop`: the number, from 0, of the state that follows the last one.
public struct ITFReport: Sendable {
  private let version: String

  /// Writes traces of the given version of Heddle.
  public init(version: String) { self.version = version }

  /// One file for each finding that has an order, errors first.
  ///
  /// If there is none, the only file has no states.
  public func texts(of results: [CheckResult]) -> [String] {
    var texts: [String] = []
    for severity in [FindingKind.Severity.error, .warning] {
      for result in results {
        for finding in result.findings where finding.severity == severity {
          guard let trace = finding.trace else { continue }
          texts.append(text(of: finding, trace, result.program))
        }
      }
    }
    return texts.isEmpty ? [file("no order goes wrong", source: nil, nil)] : texts
  }

  private func text(of finding: Finding, _ trace: Trace, _ program: Program) -> String {
    file(
      "\(program.name): \(finding.message) [\(finding.kind.code)]",
      source: program.source.name,
      ITFStates(trace, program)
    )
  }

  private func file(_ description: String, source: String?, _ states: ITFStates?) -> String {
    var meta: [(String, JSONValue)] = [
      ("format", .string("ITF")),
      ("format-description", .string("https://apalache-mc.org/docs/adr/015adr-trace.html")),
      ("description", .string("Heddle \(version): \(Numbers.plain(description))")),
    ]
    if let source { meta.append(("source", .string(source))) }
    if let states { meta.append(("varTypes", .object(states.types))) }
    var members: [(String, JSONValue)] = [
      ("#meta", .object(meta)),
      ("vars", .line(.array((states?.names ?? []).map { .string($0) }))),
    ]
    if let loop = states?.loop { members.append(("loop", .int(loop))) }
    members.append(("states", .array(states?.values ?? [])))
    return JSONValue.object(members).text
  }
}

/// The states of one trace.
private struct ITFStates {
  private let trace: Trace
  private let program: Program

  init(_ trace: Trace, _ program: Program) {
    self.trace = trace
    self.program = program
  }

  private static let own = ["heddle::objects", "heddle::at", "heddle::step"]

  /// The variables' names.
  var names: [String] { program.variables.map(\.name) + Self.own }

  /// By variable: its type in Apalache's notation.
  var types: [(String, JSONValue)] {
    let types = program.variables.map { variable in
      let base =
        switch variable.type.base {
        case .integer: "Int"
        case .boolean: "Bool"
        case .string, .thread: "Str"
        }
      let element = variable.type.isOptional ? "Some(\(base)) | None({})" : base
      return switch variable.shape {
      case .scalar: element
      case .array: "Seq(\(element))"
      case .field(_, _, let isArray): "Str -> " + (isArray ? "Seq(\(element))" : element)
      }
    }
    return zip(names, (types + ["Str -> Str", "Str -> Str", "Str"]).map { .string($0) })
      .map { ($0, $1) }
  }

  /// The state that follows the last one.
  ///
  /// State `n` is the one after step `n`, and the last step leads back to the state before the loop's first step.
  var loop: Int? { trace.loopFrom }

  var values: [JSONValue] {
    let steps = trace.steps.map { step in
      let effect = step.effect.isEmpty ? "" : "  \(step.effect)"
      return (step.after, "\(step.threadName): line \(step.line)  \(step.source)\(effect)")
    }
    return ([(trace.initial, "")] + steps).enumerated().map { index, state in
      value(index, state.0, step: state.1)
    }
  }

  private func value(_ index: Int, _ snapshot: Snapshot, step: String) -> JSONValue {
    var members: [(String, JSONValue)] = [("#meta", .line(.object([("index", .int(index))])))]
    var rest = snapshot.variables[...]
    for variable in program.variables {
      let elements = rest.prefix(variable.elementCount).map {
        Self.value($0.value, as: variable.type)
      }
      rest = rest.dropFirst(variable.elementCount)
      members.append((variable.name, .line(shaped(elements, variable.shape))))
    }
    let objects = snapshot.objects.map { ($0.name, $0.value) }
    let threads = snapshot.threads.map { ($0.name, Self.place($0)) }
    for (name, pairs) in zip(Self.own, [objects, threads]) {
      members.append((name, .line(Self.map(pairs.map { ($0, .string($1)) }))))
    }
    members.append((Self.own[2], .string(step)))
    return .object(members)
  }

  private func shaped(_ elements: [JSONValue], _ shape: Variable.Shape) -> JSONValue {
    switch shape {
    case .scalar: return elements.first ?? .null
    case .array: return .array(elements)
    case .field(let slots, let length, let isArray):
      var pairs: [(String, JSONValue)] = []
      for (thread, slot) in slots.enumerated() where slot >= 0 {
        let own = elements[slot * length..<(slot + 1) * length]
        pairs.append(
          (program.instances[thread].name, isArray ? .array(Array(own)) : own[slot * length])
        )
      }
      return Self.map(pairs)
    }
  }

  private static func map(_ pairs: [(String, JSONValue)]) -> JSONValue {
    .object([("#map", .array(pairs.map { .array([.string($0), $1]) }))])
  }

  private static func place(_ status: ThreadStatus) -> String {
    let line = status.line.map { "line \($0)" } ?? ""
    return switch status.condition {
    case .notStarted: "not started"
    case .ended: "ended"
    case .ready: line
    case .blocked: "\(line), waits for \(status.waitsFor ?? "something")"
    }
  }

  /// The text of a value, as snapshots have it, as a value.
  private static func value(_ text: String, as type: ValueType) -> JSONValue {
    if type.isOptional {
      guard text != "none" else {
        let nothing = JSONValue.object([("#tup", .array([]))])
        return .object([("tag", .string("None")), ("value", nothing)])
      }
      return .object([("tag", .string("Some")), ("value", plainValue(text, type.base))])
    }
    return plainValue(text, type.base)
  }

  private static func plainValue(_ text: String, _ base: ValueType.Base) -> JSONValue {
    switch base {
    case .integer: .object([("#bigint", .string(text))])
    case .boolean: .bool(text == "true")
    case .string: .string(unquoted(text))
    case .thread: .string(text)
    }
  }

  /// The content of a string literal as `StateView` writes it.
  private static func unquoted(_ literal: String) -> String {
    var text = ""
    var isEscaped = false
    for scalar in literal.unicodeScalars.dropFirst().dropLast() {
      if isEscaped {
        text.unicodeScalars.append(scalar == "n" ? "\n" : scalar == "t" ? "\t" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
