/// The text of one scenario with the index that turns offsets into lines and columns.
///
/// The bytes are valid UTF-8: whoever reads a file checks that first.
public struct SourceFile: Sendable, Equatable {
  /// The name as the user gave it, for example `models/bank.heddle`.
  public let name: String
  /// The UTF-8 bytes.
  public let bytes: [UInt8]
  /// The offset at which each line starts; the first is 0.
  private let lineStarts: [Int]

  /// Indexes `text`.
  ///
  /// - Complexity: O(bytes).
  public init(name: String, text: String) {
    self.init(name: name, validUTF8: Array(text.utf8))
  }

  /// Indexes bytes that are known to be valid UTF-8.
  public init(name: String, validUTF8 bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// The number of lines; a file without any newline has one.
  public var lineCount: Int { lineStarts.count }

  /// The line and column of an offset; offsets past the end count as the end.
  ///
  /// - Complexity: O(log lines + length of the line).
  public func location(of offset: Int) -> SourceLocation {
    let offset = min(max(0, offset), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    var column = 1
    for byte in bytes[lineStarts[low]..<offset] where byte & 0xC0 != 0x80 { column += 1 }
    return SourceLocation(line: low + 1, column: column)
  }

  /// The line number, from 1, of an offset.
  public func line(of offset: Int) -> Int { location(of: offset).line }

  /// The bytes of a line, from 1, without its line ending, as a range of offsets.
  public func range(ofLine line: Int) -> Range<Int> {
    guard line >= 1, line <= lineStarts.count else { return 0..<0 }
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// The text of a span.
  public func text(_ span: SourceSpan) -> String {
    text(span.start..<span.end)
  }

  /// The text of a range of offsets, clamped to the file.
  public func text(_ range: Range<Int>) -> String {
    let range = range.clamped(to: 0..<bytes.count)
    return String(decoding: bytes[range], as: UTF8.self)
  }
}
