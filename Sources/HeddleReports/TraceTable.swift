import HeddleChecking
import HeddleProgram

/// Lays out a trace: a column for each thread where they fit, one line for each step where they do not.
struct TraceTable {
  private let pen: Pen
  private let rows: TraceRows
  private let program: Program
  private let labelWidth: Int
  private let lineWidth: Int
  private let valueWidths: [Int]

  /// More threads than this have no columns of their own.
  private static let mostColumns = 4
  /// Columns narrower than this are hard to read.
  private static let leastColumnWidth = 18
  /// Up to so many rows the columns are kept even where they are narrow.
  private static let shortTable = 10
  /// Values and names of watched variables are cut to this.
  private static let mostValueWidth = 14

  init(_ rows: TraceRows, _ program: Program, _ pen: Pen) {
    self.rows = rows
    self.program = program
    self.pen = pen
    var label = "step".count
    var line = 1
    var values = rows.watched.map { pen.text($0).width }
    // The last digits may be what matters.
    var numbers = Array(repeating: 0, count: values.count)
    for row in rows.rows {
      let parts: (label: String, values: [String], entries: [TraceRows.Entry])
      switch row {
      case .entries(let label, let values, _, let entries): parts = (label, values, entries)
      case .opening(let label, let values, let entry): parts = (label, values, [entry])
      case .preempted, .note: continue
      }
      label = max(label, parts.label.count)
      for entry in parts.entries { line = max(line, entry.line.map { String($0).count } ?? 0) }
      for (index, value) in parts.values.enumerated() {
        values[index] = max(values[index], pen.text(value).width)
        if Int(value) != nil { numbers[index] = max(numbers[index], value.count) }
      }
    }
    labelWidth = label
    lineWidth = line
    valueWidths = zip(values, numbers).map { max(min($0, Self.mostValueWidth), $1) }
  }

  /// The lines of the table.
  var lines: [StyledText] {
    guard let widths = columnWidths else { return singleColumn() }
    let wide = columns(widths)
    // A long table whose cells all need several lines is easier to read in one column.
    guard rows.rows.count > Self.shortTable, wide.count > rows.rows.count * 2 else { return wide }
    let narrow = singleColumn()
    return narrow.count * 3 < wide.count * 2 ? narrow : wide
  }

  // MARK: What stands to the left

  /// The step's number, the watched values and the mark of what is wrong.
  private func left(
    _ label: StyledText,
    _ values: [StyledText],
    isBad: Bool,
    showsValues: Bool = true
  ) -> StyledText {
    var result = pen.indent(1) + label.paddedLeft(to: labelWidth)
    if showsValues {
      for (value, width) in zip(values, valueWidths) {
        result.append("  ")
        result.append(value.clipped(to: width, ellipsis: pen.ellipsis).paddedLeft(to: width))
      }
    }
    result.append(isBad ? " \(pen.cross) " : "   ", .failure)
    return result
  }

  private var leftWidth: Int { 1 + labelWidth + valueWidths.reduce(0) { $0 + $1 + 2 } + 3 }

  private var blankValues: [StyledText] { rows.watched.map { _ in StyledText() } }

  private var headings: [StyledText] {
    rows.watched.map { name in
      pen.text(name, .heading).clippedInside(to: Self.mostValueWidth, ellipsis: pen.ellipsis)
    }
  }

  // MARK: Columns

  /// The widths of the threads' columns; `nil` if there is no room for them.
  private var columnWidths: [Int]? {
    let count = rows.threads.count
    guard count >= 1, count <= Self.mostColumns else { return nil }
    var natural = rows.threads.map { pen.text(name($0)).width }
    for row in rows.rows {
      switch row {
      case .entries(_, _, _, let entries):
        for entry in entries {
          guard let column = rows.threads.firstIndex(of: entry.thread) else { continue }
          let width = lineWidth + 2 + content(of: entry).width
          natural[column] = max(natural[column], width)
        }
      case .preempted(let thread):
        guard let column = rows.threads.firstIndex(of: thread) else { continue }
        natural[column] = max(natural[column], preempted(.max).width)
      case .note, .opening: break
      }
    }
    // Each column but the last has "│ " before and " " behind it, the last no space behind it.
    let room = pen.width - leftWidth - 3 * count + 1
    guard let widths = share(room, among: natural) else { return nil }
    for (width, wanted) in zip(widths, natural)
    where width < wanted && width < Self.leastColumnWidth { return nil }
    return widths
  }

  /// Gives every column what it wants as long as there is enough, else the same to all that want more.
  private func share(_ room: Int, among wanted: [Int]) -> [Int]? {
    guard room >= wanted.count else { return nil }
    var widths = wanted.map { _ in 0 }
    var open = Array(wanted.indices)
    var left = room
    while !open.isEmpty {
      let part = left / open.count
      let satisfied = open.filter { wanted[$0] <= part }
      if satisfied.isEmpty {
        for (position, column) in open.enumerated() {
          widths[column] = part + (position < left % open.count ? 1 : 0)
        }
        return widths
      }
      for column in satisfied {
        widths[column] = wanted[column]
        left -= wanted[column]
      }
      open.removeAll { satisfied.contains($0) }
    }
    return widths
  }

  private func columns(_ widths: [Int]) -> [StyledText] {
    var lines = [header(widths), rule(widths)]
    for row in rows.rows {
      switch row {
      case .entries(let label, let values, let isBad, let entries):
        let cells = rows.threads.indices.map { column -> [StyledText] in
          let own = entries.first { $0.thread == rows.threads[column] }
          return own.map { cell(of: $0, width: widths[column]) } ?? []
        }
        let start = left(
          StyledText(label, label.first?.isNumber ?? true ? .plain : .failure),
          values.map { pen.text($0, .value) },
          isBad: isBad
        )
        lines += join(start, cells, widths)
      case .opening(let label, let values, let entry):
        lines += opening(label, values, entry)
      case .preempted(let thread) where !rows.threads.contains(thread):
        lines.append(
          pen.indent(leftWidth) + pen.text("  \(name(thread))", .warning) + preempted(.max)
        )
      case .preempted(let thread):
        let cells = zip(rows.threads, widths).map { column, width in
          column == thread ? [preempted(width)] : []
        }
        lines += join(pen.indent(leftWidth), cells, widths)
      case .note(let text, let isBad):
        lines += note(text, isBad: isBad)
      }
    }
    return lines
  }

  /// A step that is written across the columns.
  private func opening(
    _ label: String,
    _ values: [String],
    _ entry: TraceRows.Entry
  ) -> [StyledText] {
    let start =
      left(StyledText(label), values.map { pen.text($0, .value) }, isBad: false) + pen.indent(2)
    let who =
      pen.text(name(entry.thread), .heading)
      .clippedInside(to: max(6, pen.width / 4), ellipsis: pen.ellipsis) + pen.indent(2)
    let body = cell(of: entry, width: pen.width - start.width - who.width)
    return body.enumerated().map { number, line in
      (number == 0 ? start + who : pen.indent(start.width + who.width)) + line
    }
  }

  private func header(_ widths: [Int]) -> StyledText {
    var line = left(StyledText("step", .heading), headings, isBad: false)
    for (column, width) in widths.enumerated() {
      line.append(pen.vertical, .faint)
      line.append(" ")
      let title = pen.text(name(rows.threads[column]), .heading)
        .clippedInside(to: width, ellipsis: pen.ellipsis)
      line.append(title.padded(to: width + 1))
    }
    return line
  }

  private func rule(_ widths: [Int]) -> StyledText {
    var line = pen.indent(1) + pen.rule(leftWidth - 1)
    for (column, width) in widths.enumerated() {
      line.append(pen.crossing, .faint)
      line.append(pen.rule(width + (column == widths.count - 1 ? 1 : 2)))
    }
    return line
  }

  private func join(_ start: StyledText, _ cells: [[StyledText]], _ widths: [Int]) -> [StyledText] {
    let height = cells.map(\.count).max() ?? 1
    return (0..<max(1, height)).map { row in
      var line = row == 0 ? start : pen.indent(leftWidth)
      for (column, width) in widths.enumerated() {
        line.append(pen.vertical, .faint)
        line.append(" ")
        let cell = row < cells[column].count ? cells[column][row] : StyledText()
        line.append(cell.padded(to: width + 1))
      }
      return line
    }
  }

  // MARK: Cells

  /// The mark under a thread that was switched away from, as long as there is room for it.
  private func preempted(_ width: Int) -> StyledText {
    let marks = ["   - - - preempted - - -", "- - preempted - -", "preempted"]
    return StyledText(marks.first { $0.count <= width } ?? marks[2], .warning)
  }

  private func source(of entry: TraceRows.Entry) -> StyledText { pen.text(entry.source) }

  private func effect(of entry: TraceRows.Entry) -> StyledText { pen.text(entry.effect, .value) }

  private func content(of entry: TraceRows.Entry) -> StyledText {
    entry.effect.isEmpty
      ? source(of: entry) : source(of: entry) + pen.indent(2) + effect(of: entry)
  }

  /// The line number, the source and the effect, in as many lines as they need.
  private func cell(of entry: TraceRows.Entry, width: Int) -> [StyledText] {
    let hanging = lineWidth + 2
    let number = StyledText(entry.line.map(String.init) ?? "", .faint).paddedLeft(to: lineWidth)
    let room = width - hanging
    var lines: [StyledText]
    let whole = content(of: entry)
    if whole.width <= room {
      lines = [whole]
    } else {
      lines = source(of: entry).wrapped(to: room)
      if lines.count > 3 {
        lines = Array(lines.prefix(3))
        lines[2] = (lines[2] + StyledText("     ")).clipped(
          to: min(room, lines[2].width + 1),
          ellipsis: pen.ellipsis
        )
      }
      let effect = effect(of: entry)
      if !effect.isEmpty {
        if let last = lines.last, last.width + 2 + effect.width <= room {
          lines[lines.count - 1] = last + pen.indent(2) + effect
        } else {
          lines += effect.wrapped(to: room)
        }
      }
    }
    return lines.enumerated().map { index, line in
      (index == 0 ? number + pen.indent(2) : pen.indent(hanging)) + line
    }
  }

  private func name(_ thread: ThreadID) -> String { program.instances[thread.index].name }

  private func note(_ text: String, isBad: Bool) -> [StyledText] {
    let start = left(StyledText(), blankValues, isBad: false, showsValues: false)
    let body = pen.text(text, isBad ? .failure : .faint)
    let mark = isBad ? StyledText("\(pen.cross) ", .failure) : StyledText()
    return (mark + body).wrapped(to: pen.width - start.width).map { start + $0 }
  }

  // MARK: One column

  private func singleColumn() -> [StyledText] {
    var threads = rows.threads
    for case .opening(_, _, let entry) in rows.rows { threads.append(entry.thread) }
    let nameWidth = threads.map { pen.text(name($0)).width }.max() ?? 0
    let shown = min(nameWidth, max(6, pen.width / 4))
    let showsValues = pen.width - leftWidth - shown - lineWidth - 4 >= 24
    func start(_ label: StyledText, _ values: [StyledText], _ isBad: Bool) -> StyledText {
      left(label, values, isBad: isBad, showsValues: showsValues)
    }
    let indent = start(StyledText(), blankValues, false).width
    let heading =
      start(StyledText("step", .heading), headings, false)
      + StyledText("thread", .heading).padded(to: shown + 2)
    var lines = [heading, pen.indent(1) + pen.rule(min(pen.width, indent + shown + 26) - 1)]
    for row in rows.rows {
      switch row {
      case .entries(let label, let values, let isBad, let entries):
        for (index, entry) in entries.enumerated() {
          let first = start(
            StyledText(index == 0 ? label : ""),
            index == 0 ? values.map { pen.text($0, .value) } : blankValues,
            isBad
          )
          lines += singleRow(first, entry, indent, shown)
        }
      case .opening(let label, let values, let entry):
        let first = start(StyledText(label), values.map { pen.text($0, .value) }, false)
        lines += singleRow(first, entry, indent, shown)
      case .preempted(let thread):
        let who = pen.text(name(thread), .warning)
          .clippedInside(to: shown, ellipsis: pen.ellipsis).padded(to: shown)
        let text = pen.indent(indent) + who + StyledText("  - - - preempted - - -", .warning)
        lines.append(text.clipped(to: pen.width, ellipsis: pen.ellipsis))
      case .note(let text, let isBad): lines += note(text, isBad: isBad)
      }
    }
    return lines
  }

  private func singleRow(
    _ start: StyledText,
    _ entry: TraceRows.Entry,
    _ indent: Int,
    _ nameWidth: Int
  ) -> [StyledText] {
    let who = pen.text(name(entry.thread), .heading)
      .clippedInside(to: nameWidth, ellipsis: pen.ellipsis).padded(to: nameWidth + 2)
    let body = cell(of: entry, width: pen.width - indent - nameWidth - 2)
    return body.enumerated().map { number, line in
      (number == 0 ? start + who : pen.indent(indent + nameWidth + 2)) + line
    }
  }
}
