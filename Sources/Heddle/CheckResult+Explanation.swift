public import HeddleChecking
import HeddleDiagnostics
import HeddleProgram

extension CheckResult {
  /// The verdict and the story of every finding, as plain text without tables.
  ///
  /// Meant for the message of a failed test; the command line shows more.
  public var explanation: String {
    var paragraphs = [headline]
    paragraphs += surprises
    paragraphs += findings.map(\.paragraphs)
    return paragraphs.joined(separator: "\n\n")
  }

  private var headline: String {
    let counts = "\(statistics.states) states, \(statistics.transitions) transitions"
    let stopped = limit == nil ? "" : ", then a limit was reached"
    return switch verdict {
    case .pass: "\(program.name) passes in every order: \(counts)"
    case .fail: "\(program.name) fails: \(counts)\(stopped)"
    case .inconclusive: "\(program.name) is inconclusive: \(counts)\(stopped)"
    }
  }
}

extension Finding {
  /// What happened, in which order, why, and what to do.
  fileprivate var paragraphs: String {
    var lines = ["\(severity.rawValue): \(explanation.title) [\(kind.code)]"]
    lines.append("  " + explanation.story)
    if let expected = explanation.expected { lines.append("  expected \(expected)") }
    if let got = explanation.got { lines.append("  got      \(got)") }
    if let trace {
      let width = trace.steps.map(\.threadName.count).max() ?? 0
      for step in trace.steps {
        if step.number == trace.loopFrom { lines.append("  repeats for ever:") }
        let name = step.threadName.padded(to: width)
        let number = String(step.number).padded(to: String(trace.steps.count).count)
        lines.append("  \(number)  \(name)  \(step.location.line)  \(step.source)  \(step.effect)")
      }
    }
    lines.append("  Why  " + explanation.why)
    lines.append("  Do   " + explanation.advice)
    return lines.joined(separator: "\n")
  }
}
