public import HeddleChecking
import HeddleDiagnostics
import HeddleProgram

// What comes last: one line for each scenario of a folder, the table, and the line that says it all.

extension TextReport {
  /// One scenario on one line, for checks of many.
  public func line(of result: CheckResult) -> String {
    if pen.options.isQuiet, result.isExpected { return "" }
    let (word, style) = lineWord(result)
    let amounts =
      Numbers.counted(result.statistics.states, "state").padded(toLeading: 16)
      + (result.statistics.seconds.map { "  " + Numbers.duration($0).padded(toLeading: 7) } ?? "")
    let right = StyledText(pen.width >= 70 ? amounts : "", .faint)
    let start = StyledText(word.padded(to: 6), style)
    let room = pen.width - start.width - (right.isEmpty ? 0 : right.width + 2)
    let nameRoom = max(8, room * 3 / 5)
    let name = pen.text(result.program.source.name)
    var line = start + shortenedPath(name, nameRoom).padded(to: nameRoom + 2)
    let outcome = pen.text(outcome(of: result))
    line.append(
      outcome.clipped(to: max(1, room - nameRoom - 2), ellipsis: pen.ellipsis)
        .padded(to: max(1, room - nameRoom - 2))
    )
    if !right.isEmpty { line = line + pen.indent(2) + right }
    return text([[line.clipped(to: pen.width, ellipsis: pen.ellipsis)]])
  }

  private func lineWord(_ result: CheckResult) -> (String, TextStyle) {
    if result.isExpected { return ("ok", .success) }
    return result.verdict == .inconclusive ? ("OPEN", .warning) : ("FAIL", .failure)
  }

  private func outcome(of result: CheckResult) -> String {
    switch result.verdict {
    case .pass: return result.isExpected ? "pass" : "pass, not expected"
    case .inconclusive:
      return "inconclusive: \(result.limit.map { LimitText($0, result.program).short } ?? "")"
    case .fail:
      let kinds = result.errors.map(\.kind.rawValue)
      var unique: [String] = []
      for kind in kinds where !unique.contains(kind) { unique.append(kind) }
      return unique.joined(separator: ", ")
    }
  }

  /// The end of a path says more than its start.
  private func shortenedPath(_ path: StyledText, _ width: Int) -> StyledText {
    guard path.width > width else { return path }
    // Whole folders are left out if that is enough.
    for (index, cell) in path.cells.enumerated().dropFirst() where cell.character == "/" {
      let rest = path.cells[index...]
      if rest.reduce(pen.ellipsis.count, { $0 + $1.width }) <= width {
        return StyledText(pen.ellipsis) + StyledText(cells: rest)
      }
    }
    var cells = path.cells[...]
    while cells.reduce(0, { $0 + $1.width }) > width - pen.ellipsis.count { cells.removeFirst() }
    return StyledText(pen.ellipsis) + StyledText(cells: cells)
  }

  /// The table of many scenarios, and the lines that say it all.
  public func summary(of results: [CheckResult]) -> String {
    guard let first = results.first, results.count == 1 else { return summaryOfMany(results) }
    var lines = lastLine(of: first)
    if let command = nextCommands(first) { lines += command }
    return text([lines])
  }

  // MARK: One scenario

  private func lastLine(of result: CheckResult) -> [StyledText] {
    var (word, style): (String, TextStyle) =
      switch result.verdict {
      case .pass: result.isExpected ? ("PASS", .success) : ("UNEXPECTED PASS", .failure)
      case .fail: ("FAIL", .failure)
      case .inconclusive: ("INCONCLUSIVE", .warning)
      }
    if result.isExpected, result.verdict == .fail { style = .warning }
    word += "  "
    var facts = ["1 scenario"]
    if !result.errors.isEmpty { facts.append(Numbers.counted(result.errors.count, "finding")) }
    if !result.warnings.isEmpty { facts.append(Numbers.counted(result.warnings.count, "warning")) }
    if !result.program.expectations.isEmpty {
      let unmet = result.surprises.count
      if result.isExpected {
        if result.verdict != .pass { facts.append("as expected") }
      } else if result.verdict != .inconclusive {
        facts.append("\(unmet == 1 ? "1 thing" : "\(unmet) things") not as expected")
      }
    }
    let amounts = VerdictText.amounts(of: result.statistics)
    let coverage =
      result.limit.map { "stopped (\(LimitText($0, result.program).short)): \(amounts)" }
      ?? "complete: \(amounts)"
    var line = StyledText(word, style)
    line.append(facts.joined(separator: ", ") + "   ")
    line.append(pen.sentence(coverage))
    return hung(line, 6)
  }

  /// What to type next, if there is something.
  private func nextCommands(_ result: CheckResult) -> [StyledText]? {
    guard let finding = result.errors.first ?? result.warnings.first else { return nil }
    let explain = "heddle explain \(finding.kind.code)"
    var commands = [explain]
    let path = result.program.source.name
    let isPlain = path.allSatisfy { $0.isLetter || $0.isNumber || "._-/#".contains($0) }
    // One order cannot show that a thread never moves again, or that a run is endless.
    if let trace = finding.trace, !trace.steps.isEmpty, trace.loopFrom == nil, isPlain,
      finding.kind != .blockedForever
    {
      let schedule = "--schedule \"\(trace.schedule.text(in: result.program))\""
      let words = ["heddle run", path] + pen.options.meaningArguments + [schedule]
      commands.insert(words.joined(separator: " "), at: 0)
    }
    let texts = commands.map { pen.text($0, .code) }
    let label = StyledText("next  ", .heading)
    let total = texts.reduce(label.width) { $0 + $1.width + 3 } - 3
    if texts.count == 2, total <= pen.width {
      return [label + texts[0] + pen.indent(3) + texts[1]]
    }
    guard let last = texts.last else { return nil }
    var lines = [label + last]
    if let run = texts.first, texts.count == 2, run.width + label.width <= pen.width {
      lines = [label + run, pen.indent(label.width) + last]
    }
    return lines
  }

  private func hung(_ line: StyledText, _ indent: Int) -> [StyledText] {
    let indent = min(indent, pen.width / 2)
    return line.wrapped(to: pen.width, rest: pen.width - indent).enumerated().map { number, part in
      number == 0 ? part : pen.indent(indent) + part
    }
  }

  // MARK: Many scenarios

  private func summaryOfMany(_ results: [CheckResult]) -> String {
    let unexpected = results.filter { !$0.isExpected }
    var blocks: [[StyledText]] = []
    if !results.isEmpty, !pen.options.isQuiet { blocks.append(table(results)) }
    if !unexpected.isEmpty { blocks.append(reasons(unexpected)) }
    blocks.append(lastLine(ofMany: results, unexpected))
    return text(blocks)
  }

  private func table(_ results: [CheckResult]) -> [StyledText] {
    func count(_ verdict: Verdict, _ isExpected: Bool) -> String {
      let number = results.count { $0.verdict == verdict && $0.isExpected == isExpected }
      return number == 0 ? "-" : Numbers.grouped(number)
    }
    let wide = pen.width >= 50
    let heads = wide ? ["as expected", "not as expected"] : ["ok", "not ok"]
    let widths = heads.map { $0.count + (wide ? 3 : 5) }
    var lines = [pen.indent(14)]
    for (head, width) in zip(heads, widths) {
      lines[0].append(StyledText(head, .heading).paddedLeft(to: width))
    }
    for verdict in [Verdict.pass, .fail, .inconclusive] {
      let numbers = [count(verdict, true), count(verdict, false)]
      guard numbers != ["-", "-"] else { continue }
      var line = StyledText("  " + verdict.rawValue).padded(to: 14)
      line.append(StyledText(numbers[0]).paddedLeft(to: widths[0]))
      let style: TextStyle = numbers[1] == "-" ? .plain : .failure
      line.append(StyledText(numbers[1], style).paddedLeft(to: widths[1]))
      lines.append(line)
    }
    return lines
  }

  private func reasons(_ unexpected: [CheckResult]) -> [StyledText] {
    var lines = [StyledText("Not as expected", .failure)]
    for result in unexpected {
      lines += pen.paragraph(pen.text(result.program.source.name, .heading), indent: 2)
      var reasons = result.surprises
      if reasons.isEmpty { reasons = result.errors.map(\.message) }
      for reason in reasons {
        lines += pen.paragraph(pen.sentence(reason), indent: 6, label: StyledText("    -"))
      }
    }
    return lines
  }

  private func lastLine(ofMany results: [CheckResult], _ unexpected: [CheckResult]) -> [StyledText]
  {
    let open = unexpected.count { $0.verdict == .inconclusive }
    let failed = unexpected.count - open
    let (word, style): (String, TextStyle) =
      failed > 0 ? ("FAIL", .failure) : open > 0 ? ("INCONCLUSIVE", .warning) : ("PASS", .success)
    var text = Numbers.counted(results.count, "scenario")
    if results.isEmpty {
      text = "no scenarios"
    } else if unexpected.isEmpty {
      text += ", all as expected"
    } else {
      text += ": \(Numbers.grouped(results.count - unexpected.count)) as expected"
      if failed > 0 { text += ", \(Numbers.grouped(failed)) not" }
      if open > 0 { text += ", \(Numbers.grouped(open)) inconclusive" }
    }
    var total = Statistics()
    for result in results {
      total.states &+= result.statistics.states
      total.transitions &+= result.statistics.transitions
      if let seconds = result.statistics.seconds { total.seconds = (total.seconds ?? 0) + seconds }
    }
    var line = StyledText("\(word)  ", style)
    line.append(text)
    if !results.isEmpty { line.append("   \(VerdictText.amounts(of: total))") }
    return hung(line, 6)
  }
}
