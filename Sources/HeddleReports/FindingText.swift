import HeddleChecking
import HeddleDiagnostics
import HeddleProgram

/// One finding as people read it: what happened, the order that shows it, why, and what to do.
struct FindingText {
  private let finding: Finding
  private let program: Program
  private let pen: Pen

  init(_ finding: Finding, _ program: Program, _ pen: Pen) {
    self.finding = finding
    self.program = program
    self.pen = pen
  }

  private var explanation: Explanation { finding.explanation }

  /// The verdict and the title, with the place and the code at the end of the line.
  var headline: [StyledText] {
    let isError = finding.severity == .error
    var left = StyledText(isError ? "FAIL" : "WARN", isError ? .failure : .warning)
    left.append("  ")
    left.append(pen.text(program.name, .heading))
    left.append(": ")
    left.append(pen.sentence(explanation.title))
    let place = finding.place(in: program)
    let line = program.source.line(of: place.start)
    let right =
      pen.text("\(program.source.name):\(line)") + StyledText("  [\(finding.kind.code)]", .faint)
    return pen.spread(left, right, hanging: 6)
  }

  /// The whole story of an error; of what an earlier one has told already, only that it is the same.
  func full(after earlier: [Finding]) -> [StyledText] {
    var lines = headline
    func add(_ block: [StyledText]) {
      guard !block.isEmpty else { return }
      lines.append(StyledText())
      lines += block
    }
    let twin = earlier.first { $0.trace?.schedule == finding.trace?.schedule && $0.trace != nil }
    if let twin, twin.explanation.story == explanation.story {
      add(
        pen.paragraph(
          pen.sentence("The story and the order are those of \(twin.kind.code) above: ")
            + pen.sentence(twin.explanation.title + "."),
          indent: 2
        )
      )
      return lines
    }
    add(pen.paragraph(pen.sentence(explanation.story), indent: 2))
    add(claim)
    if let waiting = explanation.waiting { add(WaitingDrawing(waiting, pen).lines) }
    if let twin, trace(twin, isLike: finding) {
      add(
        pen.paragraph(
          pen.sentence("The order is that of \(twin.kind.code) above: ")
            + pen.sentence(twin.explanation.title + "."),
          indent: 2
        )
      )
    } else if let trace = finding.trace {
      add(TraceTable(TraceRows(trace, program, finding: finding), program, pen).lines)
    }
    add(notes(isFull: true))
    return lines
  }

  /// The story of a warning, without its order.
  var compact: [StyledText] {
    headline + pen.paragraph(pen.sentence(explanation.story), indent: 6)
      + notes(isFull: false)
  }

  /// Whether the table of another finding shows all that this one's would.
  private func trace(_ other: Finding, isLike own: Finding) -> Bool {
    guard let trace = own.trace, let otherTrace = other.trace else { return false }
    let rows = TraceRows(trace, program, finding: own)
    let otherRows = TraceRows(otherTrace, program, finding: other)
    return rows.rows == otherRows.rows && Set(rows.watched).isSubset(of: otherRows.watched)
  }

  /// Several statements that no run reaches, in one warning.
  static func unreached(_ findings: [Finding], _ program: Program, _ pen: Pen) -> [StyledText] {
    let shown = findings.prefix(findings.count > 12 ? 11 : 12)
    var left = StyledText("WARN", .warning)
    left.append("  ")
    left.append(pen.text(program.name, .heading))
    left.append(": \(findings.count) statements are never reached")
    let line = findings[0].place(in: program).start
    let right =
      pen.text("\(program.source.name):\(program.source.line(of: line))")
      + StyledText("  [\(findings[0].kind.code)]", .faint)
    var lines = pen.spread(left, right, hanging: 6)
    for finding in shown {
      let span = finding.place(in: program)
      let number = String(program.source.line(of: span.start))
      let source = pen.text(program.foldedText(span))
      let indent = 6 + max(5, number.count + 1)
      lines += pen.paragraph(
        source.clipped(to: max(10, pen.width - indent), ellipsis: pen.ellipsis),
        indent: indent,
        label: pen.indent(6) + StyledText(number, .faint)
      )
    }
    if shown.count < findings.count {
      lines.append(pen.indent(6) + StyledText("and \(findings.count - shown.count) more", .faint))
    }
    return lines
  }

  private var claim: [StyledText] {
    var lines: [StyledText] = []
    for (label, text) in [("expected", explanation.expected), ("got", explanation.got)] {
      guard let text else { continue }
      let indent = pen.indent(min(6, pen.width / 8))
      let head = indent + StyledText(label.padded(to: 11), .faint)
      let body = pen.text(text, .code).wrapped(to: pen.width - head.width)
      for (index, line) in body.enumerated() {
        lines.append((index == 0 ? head : pen.indent(head.width)) + line)
      }
    }
    return lines
  }

  private func notes(isFull: Bool) -> [StyledText] {
    let notes = Note.notes(of: finding, isFull: isFull)
    let width = (notes.map(\.label.count).max() ?? 3) + 2
    let indent = isFull ? 2 : 6
    return notes.flatMap { note in
      let label = pen.indent(indent) + StyledText(note.label, .heading)
      return pen.paragraph(
        pen.sentence(note.text),
        indent: indent + max(7, width),
        label: label
      )
    }
  }
}
