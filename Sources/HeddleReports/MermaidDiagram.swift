import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// A trace as a Mermaid sequence diagram: the threads, what they use, and an arrow for each step.
///
/// Long traces are cut in the middle, because GitHub draws no diagram of more than 50 000 characters.
struct MermaidDiagram {
  private let trace: Trace
  private let rows: TraceRows
  private let program: Program

  /// Steps of a longer trace than this are left out in the middle.
  static let mostSteps = 60
  /// Objects beyond so many have no line of their own.
  private static let mostObjects = 6
  private static let mostCharacters = 60

  init(_ finding: Finding, _ trace: Trace, _ program: Program) {
    self.trace = trace
    self.program = program
    rows = TraceRows(trace, program, finding: finding)
  }

  /// The diagram's text, without a fence around it.
  var text: String {
    let objects = objects
    var lines = ["sequenceDiagram"]
    for thread in rows.allThreads {
      lines.append("  participant t\(thread.index) as \(Self.label(name(thread)))")
    }
    for (index, object) in objects.enumerated() {
      lines.append("  participant o\(index) as \(Self.label(object))")
    }
    let left = max(0, trace.steps.count - Self.mostSteps)
    let cut = Self.mostSteps / 2
    let span = rows.allThreads.first.map { "t\($0.index)" } ?? "t0"
    for (index, step) in trace.steps.enumerated() {
      if step.number == trace.loopFrom { lines.append("  loop for ever") }
      if left > 0, index == cut { lines.append("  Note over \(span): \(left) steps left out") }
      if left > 0, index >= cut, index < cut + left { continue }
      lines += self.lines(of: step, objects)
    }
    if trace.loopFrom != nil { lines.append("  end") }
    lines += ending
    return lines.joined(separator: "\n")
  }

  private func name(_ thread: ThreadID) -> String { program.instances[thread.index].name }

  /// What the steps use, in the order of first use; without threads.
  private var objects: [String] {
    let threads = Set(program.instances.map(\.name))
    var objects: [String] = []
    for step in trace.steps {
      guard let object = step.object, !threads.contains(object), step.action != "start",
        step.action != "join", !objects.contains(object)
      else { continue }
      objects.append(object)
    }
    return Array(objects.prefix(Self.mostObjects))
  }

  private func lines(of step: TraceStep, _ objects: [String]) -> [String] {
    var lines: [String] = []
    let own = "t\(step.thread.index)"
    if step.preempts, let before = trace.steps.last(where: { $0.number == step.number - 1 }) {
      lines.append("  Note over t\(before.thread.index): preempted")
    }
    // On a line of its own: Mermaid draws many spaces as one, and the two would run together.
    let effect = step.effect.isEmpty ? "" : "<br/>\(Self.label(step.effect))"
    let text = Self.label("\(step.number). \(step.source)") + effect
    if let object = step.object, let index = objects.firstIndex(of: object) {
      let isInput = ["read", "get"].contains(step.action)
      lines.append(
        isInput ? "  o\(index)-->>\(own): \(text)" : "  \(own)->>o\(index): \(text)"
      )
    } else if case .started(let threads)? = step.events.first, let first = threads.first,
      rows.allThreads.contains(first)
    {
      lines.append("  \(own)->>t\(first.index): \(text)")
    } else {
      lines.append("  Note over \(own): \(text)")
    }
    return lines
  }

  /// What comes after the last step.
  private var ending: [String] {
    var lines: [String] = []
    var isEnding = false
    for row in rows.rows {
      switch row {
      case .entries(let label, _, _, let entries):
        isEnding = Int(label) == nil
        guard isEnding else { continue }
        for entry in entries {
          let text = Self.label(entry.effect)
          lines.append("  Note over t\(entry.thread.index): \(text)")
        }
      case .note(let text, isBad: true) where trace.loopFrom == nil:
        guard let last = rows.allThreads.last, let first = rows.allThreads.first else { continue }
        lines.append("  Note over t\(first.index),t\(last.index): \(Self.label(text))")
      case .preempted, .opening, .note: continue
      }
    }
    return lines
  }

  /// A text in which every character that could mean something to Mermaid is an entity.
  static func label(_ text: String) -> String {
    var characters = Array(Numbers.plain(text))
    if characters.count > mostCharacters {
      characters = characters.prefix(mostCharacters - 1) + ["…"]
    }
    var result = ""
    var word = ""
    func flush() {
      // The word would close a block.
      result += word.lowercased() == "end" ? "#\(word.unicodeScalars.first?.value ?? 0);nd" : word
      word = ""
    }
    for character in characters {
      if character.isLetter || character.isNumber {
        word.append(character)
        continue
      }
      flush()
      if " .,=+_()-…".contains(character) {
        result.append(character)
      } else {
        for scalar in character.unicodeScalars { result += "#\(scalar.value);" }
      }
    }
    flush()
    return result
  }
}
