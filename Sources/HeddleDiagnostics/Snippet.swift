/// One line of the source as a terminal shows it, with the columns that a span takes there.
///
/// Tabs become spaces, what could disturb a terminal becomes a visible escape, and of a line that
/// is too long only the surroundings of the span are left. Only those are read, so that a line of
/// many megabytes costs no more than a short one.
struct Snippet {
  private(set) var text = ""
  /// How many columns lie to the left of the span.
  private(set) var caretColumn = 0
  /// How many columns the span takes; at least one.
  private(set) var caretCount = 1

  /// How many columns of a line are shown.
  static let width = 96
  /// How many of them lie to the left of the span if the line has to be clipped there.
  static let leadingWidth = 40
  /// How many columns a tab advances to a multiple of.
  static let tabWidth = 4

  /// How many bytes are read: characters may take no columns at all.
  private static let byteLimit = 1024

  private static let ellipsis = "..."

  /// Shows the part of `span` that is on the line on which it begins.
  init(_ span: SourceSpan, onLine line: Int, in source: SourceFile) {
    let line = source.range(ofLine: line)
    let spanStart = min(max(span.start, line.lowerBound), line.upperBound)
    let spanEnd = min(max(span.end, spanStart), line.upperBound)
    let first = Snippet.windowStart(line.lowerBound, spanStart, in: source)
    let isClippedBefore = first > line.lowerBound
    var column = 0
    if isClippedBefore { append(Snippet.ellipsis, &column) }
    var caretEnd: Int?
    caretColumn = column
    var offset = first
    while offset < line.upperBound {
      if offset <= spanStart { caretColumn = column }
      if offset >= spanEnd, caretEnd == nil { caretEnd = column }
      let next = Snippet.nextCharacter(after: offset, in: source)
      let (shown, width) = Snippet.shown(source.text(offset..<next), atColumn: column)
      guard column + width <= Snippet.width, offset - first < Snippet.byteLimit else {
        append(Snippet.ellipsis, &column)
        break
      }
      append(shown, width: width, &column)
      offset = next
    }
    if offset <= spanStart { caretColumn = column }
    caretCount = max(1, (caretEnd ?? column) - caretColumn)
  }

  private mutating func append(_ shown: String, width: Int? = nil, _ column: inout Int) {
    text += shown
    column += width ?? shown.utf8.count
  }

  /// Where the shown part of a line begins: at its start, or a little before the span.
  private static func windowStart(
    _ lineStart: Int,
    _ spanStart: Int,
    in source: SourceFile
  ) -> Int {
    var start = spanStart
    var columns = 0
    var clipped: Int?
    while start > lineStart, spanStart - start < byteLimit {
      var previous = start - 1
      while previous > lineStart, isContinuation(source.bytes[previous]) { previous -= 1 }
      columns += shown(source.text(previous..<start), atColumn: 0).width
      if columns > leadingWidth, clipped == nil { clipped = start }
      guard columns <= width - leadingWidth else { break }
      start = previous
    }
    return start == lineStart ? start : clipped ?? start
  }

  /// The offset after the Unicode scalar at `offset`.
  private static func nextCharacter(after offset: Int, in source: SourceFile) -> Int {
    var next = offset + 1
    while next < source.bytes.count, isContinuation(source.bytes[next]) { next += 1 }
    return next
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// A single scalar as it is shown, and how many columns it takes.
  private static func shown(_ text: String, atColumn column: Int) -> (text: String, width: Int) {
    guard let scalar = text.unicodeScalars.first else { return ("", 0) }
    if scalar == "\t" {
      let width = tabWidth - column % tabWidth
      return (String(repeating: " ", count: width), width)
    }
    if let escape = visibleEscape(scalar) { return (escape, escape.utf8.count) }
    return (text, displayWidth(of: scalar))
  }
}

/// How many columns of a terminal a character takes: 0 for marks that join the one before, 2 for
/// wide characters of East Asia and emoji, else 1.
func displayWidth(of scalar: Unicode.Scalar) -> Int {
  if scalar.isASCII { return 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark: return 0
  default: break
  }
  if scalar.properties.isEmojiPresentation { return 2 }
  return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
}

/// The blocks of wide and full-width characters (Unicode Standard Annex 11), in outline.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
  0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18CFF,
  0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
]
