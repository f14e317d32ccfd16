public import HeddleChecking
public import HeddleProgram
import HeddleSemantics

/// Results as text for a terminal: the verdict first, the story, the order that shows it, the summary last.
public struct TextReport: Sendable {
  let pen: Pen

  /// Writes reports with the given layout.
  public init(_ options: TextOptions = TextOptions()) {
    pen = Pen(options: options)
  }

  /// All that is known about one scenario, without the summary that comes last.
  ///
  /// A quiet report says nothing about a scenario that is as expected.
  public func details(of result: CheckResult) -> String {
    if pen.options.isQuiet { return quiet(result) }
    var blocks: [[StyledText]] = []
    switch result.verdict {
    case .pass: blocks.append(VerdictText(result, pen).pass)
    case .inconclusive: blocks.append(VerdictText(result, pen).inconclusive)
    case .fail: break
    }
    for (index, finding) in result.errors.enumerated() {
      let earlier = Array(result.errors.prefix(index))
      blocks.append(FindingText(finding, result.program, pen).full(after: earlier))
    }
    if result.verdict == .fail, result.limit != nil {
      blocks.append(VerdictText(result, pen).incomplete)
    }
    blocks += warnings(of: result)
    if result.verdict == .fail { blocks.append(VerdictText(result, pen).asked) }
    blocks.append(surprises(of: result))
    return text(blocks.filter { !$0.isEmpty })
  }

  /// One order on its own, as a table, with what was wrong at its end.
  public func trace(_ trace: Trace, of program: Program) -> String {
    var blocks = [TraceTable(TraceRows(trace, program), program, pen).lines]
    let failed = trace.failedClaims.map { claim in
      var text = StyledText("expected ")
      text.append(pen.text(claim.expected, .code))
      if let got = claim.got {
        text.append(", got ")
        text.append(pen.text(got, .code))
      }
      return text
    }
    blocks.append(failed.flatMap { pen.paragraph($0, indent: 6) })
    return text(blocks.filter { !$0.isEmpty })
  }

  /// The warnings, those about code that no run reaches together.
  private func warnings(of result: CheckResult) -> [[StyledText]] {
    var blocks: [[StyledText]] = []
    var unreached: [Finding] = []
    for finding in result.warnings {
      if case .unreached = finding.key {
        unreached.append(finding)
      } else {
        blocks.append(FindingText(finding, result.program, pen).compact)
      }
    }
    if unreached.count == 1 {
      blocks.append(FindingText(unreached[0], result.program, pen).compact)
    } else if !unreached.isEmpty {
      blocks.append(FindingText.unreached(unreached, result.program, pen))
    }
    return blocks
  }

  private func quiet(_ result: CheckResult) -> String {
    guard !result.isExpected else { return "" }
    var lines = result.errors.flatMap { FindingText($0, result.program, pen).headline }
    lines += surprises(of: result)
    if result.verdict == .inconclusive { lines += VerdictText(result, pen).inconclusive }
    return text([lines].filter { !$0.isEmpty })
  }

  /// What the `expect` lines say and is not so.
  private func surprises(of result: CheckResult) -> [StyledText] {
    guard !result.program.expectations.isEmpty, !result.surprises.isEmpty else { return [] }
    var lines = [StyledText("Not as expected", .failure)]
    for surprise in result.surprises {
      lines += pen.paragraph(pen.text(surprise), indent: 6, label: StyledText("   -"))
    }
    return lines
  }

  /// Blocks with an empty line between them.
  func text(_ blocks: [[StyledText]]) -> String {
    var result = ""
    for (index, block) in blocks.enumerated() {
      if index > 0 { result += "\n" }
      for line in block { result += line.rendered(inColor: pen.options.usesColor) + "\n" }
    }
    return result
  }
}
