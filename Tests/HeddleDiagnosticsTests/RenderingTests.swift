import HeddleDiagnostics
import Testing

@Suite struct `Rendering diagnostics` {
  /// Renders one error about the first occurrence of `part`.
  private func rendered(
    _ text: String,
    about part: String,
    _ message: String = "wrong",
    color: Bool = false
  ) throws -> String {
    let source = SourceFile(name: "a.heddle", text: text)
    let span = try span(of: part, in: text)
    return render([Diagnostic(.error, "wrong", message, at: span)], in: source, color: color)
  }

  private func span(of part: String, in text: String) throws -> SourceSpan {
    let range = try #require(text.firstRange(of: part))
    let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
    return SourceSpan(start: start, end: start + part.utf8.count)
  }

  @Test func `shows the line with carets, and notes with theirs`() throws {
    let text = "lock mutex\n\n\n\n\n\n  with mutx { }\n\n\n\n"
    let note = Diagnostic.Note("'mutex' is declared here", at: try span(of: "mutex", in: text))
    let diagnostic = Diagnostic(
      .error,
      "unknownLock",
      "unknown lock 'mutx'; did you mean 'mutex'?",
      at: try span(of: "mutx", in: text),
      notes: [note, Diagnostic.Note("locks are global")]
    )
    let source = SourceFile(name: "models/counter.heddle", text: text)
    #expect(
      render([diagnostic], in: source) == """
        error: unknown lock 'mutx'; did you mean 'mutex'? [unknownLock]
          --> models/counter.heddle:7:8
           |
         7 |   with mutx { }
           |        ^^^^
        note: 'mutex' is declared here
          --> models/counter.heddle:1:6
           |
         1 | lock mutex
           |      ^^^^^
        note: locks are global

        """
    )
  }

  @Test func `sorts by place, and puts errors first`() {
    let source = SourceFile(name: "a", text: "ab\n")
    let late = Diagnostic(.error, "late", "late", at: SourceSpan(start: 1, end: 2))
    let hint = Diagnostic(.warning, "hint", "hint", at: SourceSpan(start: 0, end: 1))
    let early = Diagnostic(.error, "early", "early", at: SourceSpan(start: 0, end: 1))
    let text = render([late, hint, early], in: source)
    let headings = text.split(separator: "\n").filter { $0.contains(": ") }
    #expect(headings == ["error: early [early]", "warning: hint [hint]", "error: late [late]"])
    #expect(render([], in: source).isEmpty)
  }

  @Test func `aligns line numbers of different widths`() throws {
    let text = String(repeating: "x\n", count: 11) + "y\n"
    let note = Diagnostic.Note("here", at: SourceSpan(start: 0, end: 1))
    let diagnostic = Diagnostic(
      .warning,
      "wide",
      "there",
      at: try span(of: "y", in: text),
      notes: [note]
    )
    #expect(
      render([diagnostic], in: SourceFile(name: "a", text: text)) == """
        warning: there [wide]
           --> a:12:1
            |
         12 | y
            | ^
        note: here
           --> a:1:1
            |
          1 | x
            | ^

        """
    )
  }

  @Test(arguments: [
    ("\ta\tbad", "    a   bad", "        ^^^"),
    ("日本 = bad", "日本 = bad", "       ^^^"),
    ("日本", "日本", "^^^^"),
    ("e\u{301} bad", "e\u{301} bad", "  ^^^"),
    ("🦊 bad", "🦊 bad", "   ^^^"),
    ("\u{1B}[31m bad", "\\u{1B}[31m bad", "           ^^^"),
    ("a\u{0}bad", "a\\u{0}bad", "      ^^^"),
    ("\u{202E} bad", "\\u{202E} bad", "         ^^^"),
  ])
  func `puts carets below what a terminal shows`(
    line: String,
    shown: String,
    carets: String
  ) throws {
    let part = line.contains("bad") ? "bad" : "日本"
    let text = try rendered(line, about: part)
    #expect(text.hasSuffix(" 1 | \(shown)\n   | \(carets)\n"))
  }

  @Test func `marks the end of a line with one caret`() {
    let source = SourceFile(name: "a", text: "let x =\r\nprint x\n")
    let diagnostic = Diagnostic(.error, "end", "end", at: SourceSpan(start: 7, end: 7))
    #expect(render([diagnostic], in: source).hasSuffix(" 1 | let x =\n   |        ^\n"))
  }

  @Test func `marks the first line of a span over several`() {
    let source = SourceFile(name: "a", text: "main {\n}\n")
    let diagnostic = Diagnostic(.error, "block", "block", at: SourceSpan(start: 5, end: 8))
    #expect(render([diagnostic], in: source).hasSuffix(" 1 | main {\n   |      ^\n"))
  }

  @Test func `clips a long line round the span`() throws {
    let text = String(repeating: "a", count: 500) + "bad" + String(repeating: "b", count: 500)
    let shown =
      "..." + String(repeating: "a", count: 40) + "bad" + String(repeating: "b", count: 50) + "..."
    let carets = String(repeating: " ", count: 43) + "^^^"
    #expect(try rendered(text, about: "bad").hasSuffix(" 1 | \(shown)\n   | \(carets)\n"))
  }

  @Test func `shows the carets even between characters that become long escapes`() throws {
    let marks = String(repeating: "\u{202E}", count: 300)
    let text = try rendered(marks + "bad" + marks, about: "bad")
    let lines = text.split(separator: "\n").suffix(2).map(Array.init)
    let carets = lines[1].indices.filter { lines[1][$0] == "^" }
    #expect(String(carets.map { lines[0][$0] }) == "bad")
  }

  @Test func `survives a line of ten megabytes`() throws {
    let accents = String(repeating: "\u{301}", count: 5_000_000)
    let text = try rendered("bad " + accents, about: "bad")
    #expect(text.utf8.count < 2000)
  }

  @Test func `keeps control characters out of names and messages`() {
    let source = SourceFile(name: "a\u{1B}[2J", text: "x\n")
    let diagnostic = Diagnostic(
      .error,
      "evil",
      "evil\u{7}\u{202E}",
      at: SourceSpan(start: 0, end: 1)
    )
    let text = render([diagnostic], in: source)
    #expect(text.hasPrefix("error: evil\\u{7}\\u{202E} [evil]\n  --> a\\u{1B}[2J:1:1\n"))
  }

  @Test func `colours only on demand`() throws {
    #expect(try !rendered("bad", about: "bad").contains("\u{1B}"))
    let colored = try rendered("bad", about: "bad", color: true)
    #expect(colored.hasPrefix("\u{1B}[1;31merror:\u{1B}[0m wrong [wrong]\n"))
    #expect(colored.hasSuffix("\u{1B}[1;31m^^^\u{1B}[0m\n"))
  }

  @Test(arguments: [(-5, -1), (100, 200), (3, 100), (2, 1)])
  func `clamps spans that are not in the file`(start: Int, end: Int) {
    let source = SourceFile(name: "a", text: "ab\n\n")
    let diagnostic = Diagnostic(.error, "out", "out", at: SourceSpan(start: start, end: end))
    #expect(render([diagnostic], in: source).hasPrefix("error: out [out]\n  --> a:"))
  }
}
