import HeddleDiagnostics

/// Prints a layout; this file decides where lines break.
struct LayoutPrinter {
  let layout: Layout
  /// What was printed, without white space at the ends of lines.
  private var output: [UInt8] = []
  /// How many characters the last line has.
  private var column = 0
  /// How far the last line is indented.
  private var lineIndentation = 0
  /// How far the item being printed is indented.
  private var itemIndentation = 0
  /// For each open bracket, how far the line is indented on which it stands.
  private var openBrackets: [Int] = []
  /// The token printed last.
  private var previous: Int?
  /// Whether the last line ends with a comment that would swallow whatever followed on it.
  private var endsInLineComment = false
  /// Whether a token stands on the last line, not only comments.
  private var lineHasToken = false

  /// How much each level is indented.
  static let indentationStep = 4
  /// How many columns a statement with blocks on its line may take.
  static let lineLimit = 88
  /// How many spaces stand at least before a comment at the end of a line.
  static let commentDistance = 2

  init(_ layout: Layout) { self.layout = layout }

  /// The text of the whole file.
  mutating func print() -> String {
    let end = layout.tokens.count - 1
    printItems(0..<end, at: 0)
    printComments(before: end, at: 0, isFirst: previous == nil)
    if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
    return String(decoding: output, as: UTF8.self)
  }

  // MARK: Items

  /// Prints items, each on a line of its own.
  private mutating func printItems(_ range: Range<Int>, at indentation: Int) {
    var index = range.lowerBound
    var isFirst = true
    while index < range.upperBound {
      if layout.roles[index] == .separator {
        printComments(before: index, at: indentation, isFirst: isFirst)
        index += 1
        continue
      }
      let end = endOfItem(index, in: range)
      startItem(index, at: indentation, isFirst: isFirst)
      printItem(index..<end, at: indentation)
      isFirst = false
      index = end
    }
  }

  private func endOfItem(_ start: Int, in range: Range<Int>) -> Int {
    var index = start
    repeat {
      index = layout.closingBrace[index] >= 0 ? layout.closingBrace[index] + 1 : index + 1
    } while index < range.upperBound && layout.roles[index] == .other
    return min(index, range.upperBound)
  }

  /// Prints an item on one line if it was and fits, else with its blocks over several.
  private mutating func printItem(_ range: Range<Int>, at indentation: Int) {
    itemIndentation = indentation
    if layout.isOnOneLine(range) {
      let (length, start, startColumn) = (output.count, previous, column)
      if printOnOneLine(range) { return }
      output.removeLast(output.count - length)
      (previous, column, openBrackets) = (start, startColumn, [])
    }
    var index = range.lowerBound
    while index < range.upperBound {
      if index > range.lowerBound { printGap(before: index) }
      let closing = layout.closingBrace[index]
      printToken(index)
      if closing >= 0 {
        printBlock(index + 1..<closing, at: indentation)
        index = closing
      }
      index += 1
    }
  }

  /// Prints what stands between braces, and the closing one.
  private mutating func printBlock(_ range: Range<Int>, at indentation: Int) {
    let closing = range.upperBound
    let isEmpty = range.allSatisfy { layout.roles[$0] == .separator }
    if isEmpty, (range.lowerBound...closing).allSatisfy({ layout.gaps[$0].comments.isEmpty }) {
      write(" ")
    } else {
      let inner = indentation + LayoutPrinter.indentationStep
      printItems(range, at: inner)
      printComments(before: closing, at: inner, isFirst: isEmpty)
      startLine(at: indentation, isBlank: false)
    }
    itemIndentation = indentation
    printToken(closing)
  }

  /// Prints an item on the current line; `false`, with part of it printed, if it does not fit.
  private mutating func printOnOneLine(_ range: Range<Int>) -> Bool {
    for index in range {
      if layout.roles[index] == .separator, !separates(index) {
        printComments(inGap: index)
        continue
      }
      if index > range.lowerBound { printGap(before: index) }
      let length = layout.tokens[index].end - layout.tokens[index].start
      guard length <= 4 * LayoutPrinter.lineLimit else { return false }
      printToken(index)
      guard column <= LayoutPrinter.lineLimit else { return false }
    }
    return true
  }

  /// Whether a `;` stands between two items, not before another `;` or next to a brace.
  private func separates(_ index: Int) -> Bool {
    guard let previous, layout.kind(previous) != .leftBrace else { return false }
    let next = layout.kind(index + 1)
    return next != .semicolon && next != .rightBrace
  }

  // MARK: Tokens

  private mutating func printToken(_ index: Int) {
    write(layout.text(index))
    lineHasToken = true
    switch layout.kind(index) {
    case .leftParenthesis, .leftBracket: openBrackets.append(lineIndentation)
    case .rightParenthesis, .rightBracket: _ = openBrackets.popLast()
    default: break
    }
    previous = index
  }

  /// Prints the line ending or the space before a token inside an item.
  private mutating func printGap(before index: Int) {
    let gap = layout.gaps[index]
    let endsWithLineComment = gap.comments.last?.isLineComment == true
    printComments(inGap: index)
    if endsWithLineComment || (gap.newlinesBefore > 0 && !layout.joinsLine(index)) {
      startLine(at: continuationIndentation(index), isBlank: gap.newlinesBefore > 1)
    } else if gap.comments.isEmpty || layout.joinsLine(index) {
      if let previous, layout.hasSpace(between: previous, and: index) { write(" ") }
    } else if layout.hasSpaceAfterComment(index) {
      write(" ")
    }
  }

  /// Prints the comments before a token inside an item.
  private mutating func printComments(inGap index: Int) {
    var isAfterLineComment = false
    for comment in layout.gaps[index].comments {
      defer { isAfterLineComment = comment.isLineComment }
      let ownsLine =
        comment.newlinesBefore > 0 && (comment.isLineComment || !layout.joinsLine(index))
      if ownsLine || isAfterLineComment {
        startLine(
          at: continuationIndentation(index, isComment: true),
          isBlank: comment.newlinesBefore > 1
        )
        write(comment)
      } else if comment.isLineComment {
        writeAtEndOfLine(comment)
      } else {
        if let previous, layout.hasSpaceBeforeComment(previous) { write(" ") }
        write(comment)
      }
    }
  }

  /// How far a line is indented that begins with a token inside an item.
  private func continuationIndentation(_ index: Int, isComment: Bool = false) -> Int {
    if layout.joinsLine(index) { return itemIndentation }
    guard let bracket = openBrackets.last else {
      return itemIndentation + LayoutPrinter.indentationStep
    }
    switch layout.kind(index) {
    case .rightParenthesis, .rightBracket:
      return isComment ? bracket + LayoutPrinter.indentationStep : bracket
    default: return bracket + LayoutPrinter.indentationStep
    }
  }

  // MARK: Lines and comments

  /// Prints the comments before an item and begins its line.
  private mutating func startItem(_ index: Int, at indentation: Int, isFirst: Bool) {
    let sharesLine = printComments(before: index, at: indentation, isFirst: isFirst)
    let gap = layout.gaps[index]
    if sharesLine {
      write(" ")
    } else {
      let isFirst = isFirst && gap.comments.isEmpty
      startLine(at: indentation, isBlank: gap.newlinesBefore > 1 && !isFirst)
    }
  }

  /// Prints the comments between items; returns whether the next item shares the last one's line.
  @discardableResult
  private mutating func printComments(
    before index: Int,
    at indentation: Int,
    isFirst: Bool
  ) -> Bool {
    let gap = layout.gaps[index]
    var isFirst = isFirst
    var ownsLine = false
    for comment in gap.comments {
      // Between a line comment and this one may stand a `;` alone, which is not printed.
      if comment.newlinesBefore == 0, !output.isEmpty, !endsInLineComment {
        if lineHasToken { writeAtEndOfLine(comment) } else { write(" "); write(comment) }
      } else {
        startLine(at: indentation, isBlank: comment.newlinesBefore > 1 && !isFirst)
        write(comment)
        ownsLine = true
      }
      isFirst = false
    }
    return ownsLine && gap.newlinesBefore == 0 && gap.comments.last?.isLineComment == false
  }

  /// Begins a line, after an empty one if `isBlank`.
  private mutating func startLine(at indentation: Int, isBlank: Bool) {
    if !output.isEmpty { output += (isBlank ? "\n\n" : "\n").utf8 }
    column = 0
    (endsInLineComment, lineHasToken) = (false, false)
    write(String(repeating: " ", count: indentation))
    lineIndentation = indentation
  }

  /// Prints a comment after what stands on the line, in its old column if it was lined up.
  private mutating func writeAtEndOfLine(_ comment: Comment) {
    var distance = LayoutPrinter.commentDistance
    // Only line comments are lined up; there is one on a line, so that this takes linear time.
    if comment.isLineComment, layout.distance(before: comment) > distance {
      distance = max(distance, layout.column(of: comment) - column)
    }
    write(String(repeating: " ", count: distance))
    write(comment)
  }

  private mutating func write(_ comment: Comment) {
    let text = layout.source.text(comment)
    output += text.utf8
    endsInLineComment = comment.isLineComment
    let lastLine = text.utf8.lastIndex(of: UInt8(ascii: "\n")).map { text[$0...].dropFirst() }
    column = (lastLine == nil ? column : 0) + (lastLine ?? text[...]).unicodeScalars.count
  }

  private mutating func write(_ text: String) {
    output += text.utf8
    column += text.unicodeScalars.count
  }
}
