/// What a piece of a report is, so that it can be coloured; nothing is said by colour alone.
enum TextStyle: Sendable {
  case plain
  case heading
  case code
  case value
  case faint
  case success
  case failure
  case warning

  /// The number of the terminal's "select graphic rendition" sequence.
  fileprivate var rendition: String? {
    switch self {
    case .plain: nil
    case .heading: "1"
    case .code: "36"
    case .value: "34"
    case .faint: "2"
    case .success: "1;32"
    case .failure: "1;31"
    case .warning: "33"
    }
  }
}

/// One line of text whose parts have styles, measured in columns.
struct StyledText {
  /// A character with its style and width.
  struct Cell {
    var character: Character
    var style: TextStyle
    var width: Int
  }

  private(set) var cells: [Cell] = []

  init() {}

  init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

  init(cells: some Sequence<Cell>) { self.cells = Array(cells) }

  /// The columns it takes.
  var width: Int { cells.reduce(0) { $0 + $1.width } }

  var isEmpty: Bool { cells.isEmpty }

  mutating func append(_ text: String, _ style: TextStyle = .plain) {
    for character in text {
      cells.append(Cell(character: character, style: style, width: displayWidth(character)))
    }
  }

  mutating func append(_ other: StyledText) { cells += other.cells }

  static func + (left: StyledText, right: StyledText) -> StyledText {
    StyledText(cells: left.cells + right.cells)
  }

  /// Filled up with spaces at its end.
  func padded(to width: Int) -> StyledText {
    self + StyledText(String(repeating: " ", count: max(0, width - self.width)))
  }

  /// Filled up with spaces at its start.
  func paddedLeft(to width: Int) -> StyledText {
    StyledText(String(repeating: " ", count: max(0, width - self.width))) + self
  }

  /// Cut to at most `width` columns; what is left out is shown by `ellipsis`.
  func clipped(to width: Int, ellipsis: String) -> StyledText {
    guard self.width > width else { return self }
    let mark = StyledText(ellipsis, cells.last?.style ?? .plain)
    guard width > mark.width else { return StyledText(cells: prefix(of: cells, width)) }
    return StyledText(cells: prefix(of: cells, width - mark.width)) + mark
  }

  /// Cut in the middle: the end of a name, as in `worker#12`, tells it apart from others.
  func clippedInside(to width: Int, ellipsis: String) -> StyledText {
    guard self.width > width else { return self }
    let hash = cells.lastIndex { $0.character == "#" }
    let suffix = hash.map { StyledText(cells: cells[$0...]) } ?? StyledText()
    guard suffix.width + ellipsis.count < width else {
      return clipped(to: width, ellipsis: ellipsis)
    }
    let start = StyledText(cells: cells[..<(cells.count - suffix.cells.count)])
    return start.clipped(to: width - suffix.width - 1, ellipsis: "")
      .clipped(to: width - suffix.width - ellipsis.count, ellipsis: "")
      + StyledText(ellipsis, cells.last?.style ?? .plain) + suffix
  }

  private func prefix(of cells: [Cell], _ width: Int) -> ArraySlice<Cell> {
    var used = 0
    for (index, cell) in cells.enumerated() {
      used += cell.width
      if used > width { return cells[..<index] }
    }
    return cells[...]
  }

  /// Broken at spaces into lines of at most `width` columns; words that are too long are broken anywhere.
  ///
  /// Lines after the first get `rest` columns if it is given.
  func wrapped(to width: Int, rest: Int? = nil) -> [StyledText] {
    var lines: [StyledText] = []
    var line: [Cell] = []
    var lineWidth = 0
    var limit = max(2, width)
    func breakLine() {
      while line.last?.character == " " { line.removeLast() }
      lines.append(StyledText(cells: line))
      line = []
      lineWidth = 0
      limit = max(2, rest ?? width)
    }
    for word in words {
      let wordWidth = word.reduce(0) { $0 + $1.width }
      let ink = word.last?.character == " " ? 0 : wordWidth
      if ink > 0, lineWidth + ink > limit, !line.isEmpty { breakLine() }
      if ink == 0 {
        // Spaces at the start of a continuation are the break itself.
        if !line.isEmpty || lines.isEmpty {
          line += word
          lineWidth += wordWidth
        }
        continue
      }
      var rest = word
      while !rest.isEmpty {
        let piece = Self.piece(of: rest, limit: limit - lineWidth)
        if piece.isEmpty, !line.isEmpty {
          breakLine()
          continue
        }
        let taken = piece.isEmpty ? rest.prefix(1) : piece
        line += taken
        lineWidth += taken.reduce(0) { $0 + $1.width }
        rest = rest.dropFirst(taken.count)
        if !rest.isEmpty { breakLine() }
      }
    }
    breakLine()
    return lines
  }

  /// As much of a word as fits, cut behind punctuation if that is not too far back.
  private static func piece(of word: ArraySlice<Cell>, limit: Int) -> ArraySlice<Cell> {
    var width = 0
    var count = 0
    var punctuation = 0
    for cell in word {
      width += cell.width
      guard width <= limit else {
        return word.prefix(punctuation * 3 > count ? punctuation : count)
      }
      count += 1
      if ".,(/=-".contains(cell.character) { punctuation = count }
    }
    return word
  }

  /// Runs of spaces and runs of other characters, in turn.
  private var words: [ArraySlice<Cell>] {
    var words: [ArraySlice<Cell>] = []
    var start = 0
    for index in cells.indices.dropFirst()
    where (cells[index].character == " ") != (cells[index - 1].character == " ") {
      words.append(cells[start..<index])
      start = index
    }
    if start < cells.count { words.append(cells[start...]) }
    return words
  }

  /// The text for a terminal or a file, without spaces at its end.
  func rendered(inColor: Bool) -> String {
    var end = cells.count
    while end > 0, cells[end - 1].character == " " { end -= 1 }
    var result = ""
    var current = TextStyle.plain
    for cell in cells[..<end] {
      if inColor, cell.style != current {
        if current != .plain { result += "\u{1B}[0m" }
        if let rendition = cell.style.rendition { result += "\u{1B}[\(rendition)m" }
        current = cell.style
      }
      result.append(cell.character == Numbers.space ? " " : cell.character)
    }
    if inColor, current != .plain { result += "\u{1B}[0m" }
    return result
  }
}
