import HeddleChecking

/// Draws who waits for whom: the cycle as a loop of arrows, then a table of all that are blocked.
struct WaitingDrawing {
  private let picture: WaitingPicture
  private let pen: Pen

  /// More rows than this are summed up.
  private static let mostRows = 16

  init(_ picture: WaitingPicture, _ pen: Pen) {
    self.picture = picture
    self.pen = pen
  }

  private var indent: Int { pen.width < 60 ? 2 : 6 }

  var lines: [StyledText] {
    var lines = cycle
    if !lines.isEmpty { lines.append(StyledText()) }
    return lines + table
  }

  // MARK: The cycle

  private var cycle: [StyledText] {
    guard !picture.cycle.isEmpty else { return [] }
    let flat = flatCycle
    return flat.allSatisfy { $0.width <= pen.width } ? flat : tallCycle
  }

  /// One line: each thread with an arrow to the next that is labelled with what it waits for.
  private var flatCycle: [StyledText] {
    let bar = pen.horizontal
    var line = StyledText()
    for (index, link) in picture.cycle.enumerated() {
      line.append(pen.text(link.thread, .heading))
      let isLast = index == picture.cycle.count - 1
      line.append(" \(bar)\(bar) ", .faint)
      line.append(pen.text(link.waitsFor, .code))
      line.append(isLast ? " \(bar)\(bar)" : " \(bar)\(bar)\(pen.arrow) ", .faint)
    }
    let first =
      pen.indent(indent) + StyledText("\(pen.topLeft)\(bar)\(pen.arrow) ", .faint) + line
      + StyledText(pen.topRight, .faint)
    let second =
      pen.indent(indent) + StyledText(pen.bottomLeft, .faint) + pen.rule(line.width + 3)
      + StyledText(pen.bottomRight, .faint)
    return [first, second]
  }

  /// A line for each thread; with less room, without the holders.
  private var tallCycle: [StyledText] {
    for namesHolders in [true, false] {
      let lines = tallCycle(namesHolders: namesHolders)
      if lines.allSatisfy({ $0.width <= pen.width }) { return lines }
    }
    return tallCycle(namesHolders: false).map { $0.clipped(to: pen.width, ellipsis: pen.ellipsis) }
  }

  private func tallCycle(namesHolders: Bool) -> [StyledText] {
    let names = picture.cycle.map { pen.text($0.thread, .heading) }
    let nameWidth = min(names.map(\.width).max() ?? 0, max(6, pen.width / 3))
    let hasLong = picture.cycle.count > Self.mostRows
    let shown = hasLong ? Self.mostRows - 2 : picture.cycle.count
    var lines: [StyledText] = []
    for (index, link) in picture.cycle.enumerated() {
      let isLast = index == picture.cycle.count - 1
      guard index < shown || isLast else {
        if index == shown {
          let more = "\(pen.vertical)   \(picture.cycle.count - shown - 1) more"
          lines.append(pen.indent(indent) + StyledText(more, .faint))
        }
        continue
      }
      let name = names[index].clippedInside(to: nameWidth, ellipsis: pen.ellipsis)
      let start = pen.indent(indent) + StyledText(edge(index), .faint)
      lines.append(start + name.padded(to: nameWidth + 2) + text(of: link, namesHolders))
    }
    return lines
  }

  private func text(of link: WaitingPicture.Link, _ namesHolder: Bool) -> StyledText {
    var text = StyledText("waits for ")
    text.append(pen.text(link.waitsFor, .code))
    if namesHolder, !link.waitsFor.hasSuffix(" to end") {
      text.append(", held by ")
      text.append(pen.text(link.holder, .heading))
    }
    return text
  }

  private func edge(_ index: Int) -> String {
    if index == 0 { return "\(pen.topLeft)\(pen.horizontal)\(pen.arrow) " }
    let isLast = index == picture.cycle.count - 1
    return isLast ? "\(pen.bottomLeft)\(pen.horizontal)\(pen.horizontal) " : "\(pen.vertical)   "
  }

  // MARK: The table

  private var table: [StyledText] {
    let rows = picture.rows.prefix(picture.rows.count > Self.mostRows ? Self.mostRows - 1 : .max)
    let showsVictims = !picture.cycle.isEmpty && picture.rows.contains(where: \.isVictim)
    var columns = [
      ["thread"] + rows.map(\.thread),
      ["holds"] + rows.map { $0.holds.isEmpty ? "-" : $0.holds.joined(separator: ", ") },
      ["since"]
        + rows.map { row in
          row.holds.isEmpty
            ? "-" : "step " + row.since.map { $0 == 0 ? "?" : "\($0)" }.joined(separator: ", ")
        },
      ["waits for"] + rows.map(\.waitsFor),
      ["at"] + rows.map { "line \($0.line)" },
    ]
    if rows.allSatisfy(\.holds.isEmpty) { columns.removeSubrange(1...2) }
    if showsVictims { columns.append([""] + rows.map { $0.isVictim ? "victim" : "" }) }
    let widths = columns.map { column in column.map { pen.text($0).width }.max() ?? 0 }
    let total = indent + widths.reduce(0) { $0 + $1 + 2 } - 2
    var lines = total <= pen.width ? grid(columns, widths) : list(rows, showsVictims)
    if rows.count < picture.rows.count {
      lines.append(
        pen.indent(indent) + StyledText("and \(picture.rows.count - rows.count) more", .faint)
      )
    }
    return lines
  }

  private func grid(_ columns: [[String]], _ widths: [Int]) -> [StyledText] {
    (0..<(columns.first?.count ?? 0)).map { row in
      var line = pen.indent(indent)
      for (column, width) in zip(columns, widths) {
        let style: TextStyle = row == 0 ? .heading : column[row] == "victim" ? .warning : .plain
        line.append(pen.text(column[row], style).padded(to: width + 2))
      }
      return line
    }
  }

  /// A paragraph for each thread, where the table is too wide.
  private func list(
    _ rows: ArraySlice<WaitingPicture.Row>,
    _ showsVictims: Bool
  ) -> [StyledText] {
    rows.flatMap { row -> [StyledText] in
      var text = pen.text(row.thread, .heading)
      if showsVictims, row.isVictim { text.append(" (victim)", .warning) }
      let held = zip(row.holds, row.since).map { "\($0) since step \($1)" }
      if !held.isEmpty { text.append(pen.text(" holds \(held.joined(separator: ", ")),")) }
      text.append(pen.text(" waits for \(row.waitsFor) at line \(row.line)"))
      return text.wrapped(to: pen.width - indent, rest: pen.width - indent - 2).enumerated().map {
        number,
        line in
        pen.indent(number == 0 ? indent : indent + 2) + line
      }
    }
  }
}
