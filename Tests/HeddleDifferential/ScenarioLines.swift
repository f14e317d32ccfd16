/// A scenario as lines, laid out so that a block begins at the end of one line and ends at the beginning of another.
struct ScenarioLines {
  private var lines: [Substring]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: true)
  }

  private init(_ lines: [Substring]) { self.lines = lines }

  /// The text, every line indented by the blocks it is in.
  var text: String {
    var depth = 0
    var text = ""
    for line in lines.indices {
      if closes(line) { depth = max(0, depth - 1) }
      let indentation = String(repeating: "    ", count: depth)
      text += indentation + lines[line].drop { $0 == " " } + "\n"
      if opens(line) { depth += 1 }
    }
    return text
  }

  // MARK: Structure

  /// A block: the lines of its braces, and those of `} else {` and the like between them.
  private struct Region {
    var first: Int
    var separators: [Int] = []
    var last: Int
  }

  private func opens(_ line: Int) -> Bool { lines[line].hasSuffix("{") }

  private func closes(_ line: Int) -> Bool { lines[line].drop { $0 == " " }.hasPrefix("}") }

  /// All blocks, those with more lines first.
  private var regions: [Region] {
    var open: [Region] = []
    var found: [Region] = []
    for line in lines.indices {
      switch (closes(line), opens(line)) {
      case (true, true): if let top = open.indices.last { open[top].separators.append(line) }
      case (false, true): open.append(Region(first: line, last: line))
      case (true, false):
        guard var region = open.popLast() else { continue }
        region.last = line
        found.append(region)
      case (false, false): break
      }
    }
    return found.sorted { ($1.last - $1.first, $0.first) < ($0.last - $0.first, $1.first) }
  }

  private func without(_ ranges: ClosedRange<Int>...) -> ScenarioLines {
    ScenarioLines(
      lines.indices.filter { line in !ranges.contains { $0.contains(line) } }.map { lines[$0] }
    )
  }

  // MARK: Smaller texts

  /// Without one block, one of its branches, or one line.
  var removals: [ScenarioLines] {
    let regions = regions
    let whole = regions.map { without($0.first...$0.last) }
    let branches = regions.flatMap { region in
      let ends = region.separators + [region.last]
      return zip(ends, ends.dropFirst()).map { without($0...($1 - 1)) }
        + (region.separators.isEmpty
          ? [] : [without((region.first + 1)...region.separators[0])])
    }
    let single = lines.indices.filter { !opens($0) && !closes($0) }.map { without($0...$0) }
    return whole + branches + single
  }

  /// With the contents of a block, or of one of its branches, in its place.
  var unnestings: [ScenarioLines] {
    regions.flatMap { region in
      let bounds = [region.first] + region.separators + [region.last]
      return zip(bounds, bounds.dropFirst()).map { start, end in
        without(region.first...start, end...region.last)
      }
    }
  }

  /// With one line in simpler words, or a smaller number in it.
  var rewordings: [ScenarioLines] {
    lines.indices.flatMap { line in
      Rewording.all(of: String(lines[line])).map { simpler in
        var lines = lines
        lines[line] = Substring(simpler)
        return ScenarioLines(lines)
      }
    }
  }
}
