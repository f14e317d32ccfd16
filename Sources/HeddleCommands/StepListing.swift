import HeddleChecking
import HeddleDiagnostics
import HeddleSemantics

/// The steps of a trace one below the other, with what each one prints.
///
///     step  thread     line  source
///        1  main         11  let first = start deposit(100)   starts deposit#1
///        2  deposit#1     5  let current = balance            -> 0
struct StepListing {
  let trace: Trace

  var text: String {
    let names = ["thread"] + trace.steps.map { printable($0.threadName) }
    let nameWidth = names.map(\.count).max() ?? 0
    let sources = trace.steps.map { printable($0.source) }
    let sourceWidth = min(sources.map(\.count).max() ?? 0, 40)
    var lines = ["step  \("thread".padded(to: nameWidth))  line  source"]
    lines += printed(trace.initialEvents)
    for (step, source) in zip(trace.steps, sources) {
      if step.number == trace.loopFrom { lines.append("      repeats for ever:") }
      let parts = [
        String(step.number).padded(toLeading: 4),
        printable(step.threadName).padded(to: nameWidth),
        String(step.location.line).padded(toLeading: 4),
        source.padded(to: sourceWidth),
        printable(step.effect),
      ]
      lines.append(parts.joined(separator: "  ").trimmingTrailingSpaces)
      lines += printed(step.events)
    }
    return lines.joined(separator: "\n")
  }

  private func printed(_ events: [StepEvent]) -> [String] {
    events.compactMap { event in
      if case .printed(let text) = event { "      prints: \(printable(text))" } else { nil }
    }
  }
}

extension String {
  /// The text without the blanks at its end.
  var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
