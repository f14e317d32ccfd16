import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import Testing

@Suite struct `Hostile input to the whole front end` {
  private func load(_ text: String) -> LoadResult {
    Frontend.load(SourceFile(name: "a.heddle", text: text))
  }

  private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  /// Scenarios that go to the limits of what the parser lets through.
  static let deep: [String] = {
    let repeated = { (text: String, count: Int) in String(repeating: text, count: count) }
    return [
      "shared x = " + repeated("(", 190) + "1" + repeated(")", 190),
      "shared x = " + repeated("-(", 98) + "1" + repeated(")", 98),
      "shared x = 1" + repeated(" + 1", 500),
      "shared x = 1 < 2" + repeated(" && 1 < 2", 490),
      "shared x = 0\nmain { x = x" + repeated(" + x", 490) + " }",
      "shared x = 0\nmain { assert x == 0" + repeated(" || x == 0", 490) + " }",
      "shared x = 0\nmain { print \"" + repeated("\\(x)", 2000) + "\" }",
      "shared x = 0\nmain { print " + repeated("\"\\(", 95) + "x" + repeated(")\"", 95) + " }",
      "shared x = 0\nmain { " + repeated("if x == 0 { ", 190) + repeated("} ", 190) + "}",
      "shared x = 0\nmain { " + repeated("if x == 0 { } else ", 190) + "{ x = 1 } }",
      "shared x = 0\nmain { " + repeated("loop { ", 190) + "break " + repeated("} ", 190) + "}",
      "main { " + repeated("try { } finally { ", 190) + repeated("} ", 190) + "}",
      "main { " + repeated("choose { } or { ", 190) + repeated("} ", 190) + "}",
      "rlock a\nmain { " + repeated("with a { ", 190) + repeated("} ", 190) + "}",
      "shared x = 0\nmain { " + repeated("x = 1; ", 5000) + "}",
      "shared x = 0\nmain { " + repeated("if x == 0 { ", 190) + "x = x" + repeated(" + x", 500)
        + repeated("} ", 190) + "}",
    ]
  }()

  @Test(arguments: deep.indices)
  func `whatever the parser lets through is lowered or refused`(index: Int) {
    let result = load(Self.deep[index])
    #expect(result.program != nil || !result.diagnostics.isEmpty)
  }

  /// Scenarios one beyond a limit, and what is said about them.
  static let tooLarge: [(text: String, message: String)] = {
    let lines = { (count: Int, line: (Int) -> String) in (0..<count).map(line).joined() }
    let wide = { (count: Int) in
      lines(count) { "shared v\($0) = 0\n" } + "thread t {\n"
        + lines(count) { "v\($0) = v\($0) + 1\n" } + "}"
    }
    return [
      ("thread t * 1025 { sleep 1 }", "a scenario has at most 1024 threads in all"),
      ("shared a = [0; 65_537]\nthread t { a[0] = 1 }", "an array has at most 65536 elements"),
      (
        "shared a = [0; 40_000]\nshared b = [0; 40_000]\nthread t { a[0] = b[0] }",
        "at most 65536 are possible"
      ),
      (wide(12_000), "too much code to analyse"),
    ]
  }()

  @Test(arguments: tooLarge.indices)
  func `what is beyond a limit is refused with the limit`(index: Int) {
    let (text, message) = Self.tooLarge[index]
    let errors = load(text).diagnostics.filter { $0.severity == .error }
    #expect(errors.count == 1)
    #expect(errors.first?.message.contains(message) == true, "\(errors)")
  }

  @Test(arguments: Samples.names)
  func `no truncation traps`(name: String) {
    let bytes = Samples.source(name).bytes
    for end in bytes.indices {
      let result = load(String(decoding: bytes[..<end], as: UTF8.self))
      #expect(result.program != nil || result.diagnostics.contains { $0.severity == .error })
    }
  }

  /// Numbers of the scenario for which `none` stands.
  static let unknownNumbers = [
    "thread t * none { sleep 1 }",
    "thread t { sleep 1 }\nmain { let team = start t * none; join team }",
    "shared a = [0; none]\nthread t { a[0] = 1 }",
    "thread t { var a = [1; none]; a[0] = 2 }",
    "semaphore s = none\nthread t { s.acquire() }",
    "queue q(capacity: none)\nthread t { q.put(1) }",
    "lock l[none]\nthread t { with l[0] { sleep 1 } }",
    "lock l\nthread t { if l.acquire(timeout: none) { l.release() } }",
    "lock l\nthread t { if l.acquire(blocking: none) { l.release() } }",
    "thread u { sleep 1 }\nthread t { join u timeout none }",
    "condition c\nthread t { with c { c.notify(none) } }",
  ]

  @Test(arguments: unknownNumbers)
  func `none is no number`(text: String) {
    let result = load(text)
    #expect(result.program == nil)
    #expect(result.diagnostics.contains { $0.id == "notConstant" })
  }

  @Test(arguments: Samples.names)
  func `no exchange of words traps`(name: String) {
    var random = SplitMix64(seed: UInt64(name.utf8.count))
    let original = Samples.source(name)
    let words = words(of: original)
    let others = Samples.all.flatMap { self.words(of: Samples.source($0.name)) }
    for _ in 0..<300 {
      var words = words
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<words.count, using: &random)
        words[place] = others.randomElement(using: &random) ?? ""
      }
      let result = load(words.joined())
      #expect(result.program != nil || result.diagnostics.contains { $0.severity == .error })
    }
  }

  /// The words, the symbols and the white space of a text.
  private func words(of source: SourceFile) -> [String] {
    var words: [String] = []
    for byte in source.bytes {
      let isWord =
        byte == 0x5F || Character(Unicode.Scalar(byte)).isLetter
        || Character(Unicode.Scalar(byte)).isNumber
      if isWord, let last = words.last?.last, last.isLetter || last.isNumber || last == "_" {
        words[words.count - 1].unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        words.append(String(Unicode.Scalar(byte)))
      }
    }
    return words
  }
}
