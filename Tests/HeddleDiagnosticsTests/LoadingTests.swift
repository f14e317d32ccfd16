import HeddleDiagnostics
import Testing

@Suite struct `Loading source files` {
  private func failure(_ bytes: [UInt8]) -> String? {
    switch SourceFile.load(name: "a.heddle", bytes: bytes) {
    case .success: nil
    case .failure(let invalid): render(invalid.diagnostics, in: invalid.source)
    }
  }

  @Test func `takes UTF-8 as it is, without its byte order mark`() throws {
    let text = "lock größe // 🦊\n"
    let plain = try SourceFile.load(name: "a", bytes: Array(text.utf8)).get()
    let marked = try SourceFile.load(name: "a", bytes: [0xEF, 0xBB, 0xBF] + text.utf8).get()
    #expect(plain == SourceFile(name: "a", text: text))
    #expect(marked == plain)
    #expect(try SourceFile.load(name: "a", bytes: []).get().lineCount == 1)
  }

  @Test func `says where a file is not UTF-8`() {
    #expect(
      failure(Array("ok\nab".utf8) + [0xFF, 0xFE] + Array(" c\n".utf8)) == """
        error: a scenario is UTF-8 text; this byte is 0xFF [invalidUTF8]
          --> a.heddle:2:3
           |
         2 | ab\u{FFFD}\u{FFFD} c
           |   ^

        """
    )
  }

  @Test(arguments: [
    [0x80], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
    [0xF4, 0x90, 0x80, 0x80],
  ])
  func `refuses every kind of malformed sequence`(bytes: [UInt8]) throws {
    let text = try #require(failure([0x61] + bytes))
    #expect(text.contains("a.heddle:1:2"))
    #expect(text.contains("[invalidUTF8]"))
  }

  @Test func `refuses a NUL byte`() throws {
    let text = try #require(failure(Array("lock a\nlo\0ck\n".utf8)))
    #expect(text.hasPrefix("error: a scenario is text without NUL bytes [nulByte]"))
    #expect(text.hasSuffix(" 2 | lo\\u{0}ck\n   |   ^^^^^\n"))
  }

  @Test func `refuses more than a mebibyte`() throws {
    let limit = SourceFile.sizeLimit
    #expect(failure([UInt8](repeating: 0x20, count: limit)) == nil)
    let text = try #require(failure([UInt8](repeating: 0x20, count: limit + 1)))
    #expect(text.hasPrefix("error: a scenario has at most 1 MiB; this file is larger"))
  }
}
