extension SourceFile {
  /// The largest file that is read, in bytes.
  public static let sizeLimit = 1 << 20

  /// Checks the bytes of a file and indexes them; a byte order mark at the start is left out.
  ///
  /// - Returns: The file, or why its bytes are no text: larger than `sizeLimit`, not UTF-8, or
  ///   with a NUL byte in it.
  public static func load(
    name: String,
    bytes: [UInt8]
  ) -> Result<SourceFile, InvalidSource> {
    guard bytes.count <= sizeLimit else {
      return failure(
        SourceFile(name: name, text: ""),
        at: 0..<0,
        "fileTooLarge",
        "a scenario has at most \(sizeLimit >> 20) MiB; this file is larger"
      )
    }
    let bytes = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
    if let invalid = firstInvalidUTF8(in: bytes) {
      // The repaired text has the same bytes up to the first that is wrong.
      let repaired = SourceFile(name: name, text: String(decoding: bytes, as: UTF8.self))
      let replacement = invalid.lowerBound..<invalid.lowerBound + 3
      return failure(
        repaired,
        at: replacement,
        "invalidUTF8",
        "a scenario is UTF-8 text; this byte is \(hexadecimal(bytes[invalid.lowerBound]))"
      )
    }
    let source = SourceFile(name: name, validUTF8: bytes)
    if let offset = bytes.firstIndex(of: 0) {
      return failure(
        source,
        at: offset..<offset + 1,
        "nulByte",
        "a scenario is text without NUL bytes"
      )
    }
    return .success(source)
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private static func failure(
    _ source: SourceFile,
    at range: Range<Int>,
    _ id: String,
    _ message: String
  ) -> Result<SourceFile, InvalidSource> {
    let span = SourceSpan(start: range.lowerBound, end: range.upperBound)
    return .failure(
      InvalidSource(source: source, diagnostics: [Diagnostic(.error, id, message, at: span)])
    )
  }

  private static func firstInvalidUTF8(in bytes: [UInt8]) -> Range<Int>? {
    do {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "0x" + (digits.count == 1 ? "0" : "") + digits
  }
}

/// Why bytes are no source file, or a source file no scenario.
public struct InvalidSource: Error, Equatable {
  /// A text in which the diagnostics have their places.
  ///
  /// Bytes that are not UTF-8 are `U+FFFD` there; of a file that is too large there is nothing.
  public let source: SourceFile
  /// What is wrong; never empty.
  public let diagnostics: [Diagnostic]

  /// Joins a text with what is wrong with it.
  public init(source: SourceFile, diagnostics: [Diagnostic]) {
    self.source = source
    self.diagnostics = diagnostics
  }
}
