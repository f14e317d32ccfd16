import HeddleDiagnostics
import Testing

@testable import HeddleLanguage

@Suite struct `Hostile input` {
  private func identifiers(_ text: String) -> [String] {
    parse(SourceFile(name: "a.heddle", text: text)).diagnostics.map(\.id)
  }

  private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  /// Constructs that may hold themselves: what opens them, what is inside, what closes them.
  static let nested: [(before: String, open: String, middle: String, close: String)] = [
    ("shared x = ", "(", "1", ")"),
    ("shared x = ", "[", "1", "]"),
    ("shared x = ", "-", "x", ""),
    ("shared x = ", "!", "x", ""),
    ("shared x = ", "f(", "1", ")"),
    ("shared x = ", "a[", "1", "]"),
    ("shared x = ", "start w(", "1", ")"),
    ("shared x = ", "start ", "w", ""),
    ("shared x = ", "start w * ", "1", ""),
    ("shared x = ", "any ", "Int", ""),
    ("shared x = ", "any 0...", "1", ""),
    ("shared x = ", "\"\\(", "1", ")\""),
    ("shared x = ", "\"a\\(\"b\\(f(", "1", "))c\")d\""),
    ("shared x = ", "not ", "x", ""),
    ("shared x: ", "[", "Int", "] = 1"),
    ("shared x: Int", "?", "", " = 1"),
    ("main { ", "if a { ", "", "} "),
    ("main { ", "if a { } else { ", "", "} "),
    ("main { ", "if a { } else ", "if a { }", ""),
    ("main { ", "if a { } elif ", "b { }", ""),
    ("main { ", "while a { ", "", "} "),
    ("main { ", "loop { ", "", "} "),
    ("main { ", "for a in b { ", "", "} "),
    ("main { ", "with a { ", "", "} "),
    ("main { ", "atomic { ", "", "} "),
    ("main { ", "choose { } or { ", "", "} "),
    ("main { ", "try { } finally { ", "", "} "),
    ("main { ", "let x = a else { ", "", "} "),
    ("main { ", "f() else { ", "", "} "),
    ("main { ", "func f() { ", "", "} "),
    ("main { ", "thread t { ", "", "} "),
    ("main { ", "else { ", "", "} "),
    ("main { ", "else if a { } ", "", "} "),
    ("main { ", "if a: ", "", ""),
    ("main { ", "async ", "f()", ""),
    ("main ", "{ ", "", "} "),
    ("", "thread t { ", "", "} "),
    ("", "thread t: ", "", ""),
    ("", "main { ", "", "} "),
    ("", "{", "", "}"),
    ("", "(", "", ")"),
    ("", "/*", "", "*/"),
  ]

  @Test(arguments: nested.indices)
  func `any nesting is parsed or refused, never a stack overflow`(index: Int) {
    let (before, open, middle, close) = Self.nested[index]
    for count in [150, 10_000] {
      let nested = before + repeated(open, count) + middle
      #expect(identifiers(nested).count <= 101)
      #expect(identifiers(nested + repeated(close, count)).count <= 101)
    }
  }

  @Test(arguments: [
    ("shared x = " + String(repeating: "(", count: 10_000), "nestingTooDeep"),
    ("main " + String(repeating: "{ if a ", count: 10_000), "nestingTooDeep"),
    ("main { " + String(repeating: "if a { } else ", count: 10_000) + "{ } }", "nestingTooDeep"),
    ("shared x: " + String(repeating: "[", count: 10_000), "nestingTooDeep"),
    ("shared x = 1" + String(repeating: " + 1", count: 10_000), "expressionTooLong"),
    ("shared x = a" + String(repeating: ".b", count: 10_000), "expressionTooLong"),
    ("shared x = a" + String(repeating: "[0]", count: 10_000), "expressionTooLong"),
    ("shared x = f" + String(repeating: "()", count: 10_000), "notCallable"),
  ])
  func `a limit has its own diagnostic and is the only one`(text: String, expected: String) {
    #expect(identifiers(text) == [expected])
  }

  @Test func `the limits leave room for what people write`() {
    #expect(identifiers("shared x = " + repeated("(", 190) + "1" + repeated(")", 190)) == [])
    #expect(identifiers("shared x = 1" + repeated(" + 1", 500)) == [])
    #expect(identifiers("shared x = [" + repeated("-1 + 2, ", 5000) + "]") == [])
    #expect(identifiers("main { " + repeated("if a { } else ", 190) + "{ } }") == [])
  }

  @Test func `the height of nested chains is limited together`() {
    let chain = repeated("(", 100) + "1" + repeated(repeated(" + 1", 100) + ")", 100)
    #expect(identifiers("shared x = " + chain) == ["expressionTooLong"])
  }

  @Test(arguments: [
    "a", "1", " ", "\t", "\"a\" ", "a+", "f(a);", "shared x = 1;", "(", "{", "}", "\"", "\\", "$",
    "é", "a,", "[0],", "/*", "//", "#", "'", "-", "lock a ",
  ])
  func `a long line is read whatever it is made of`(piece: String) {
    let text = "main { " + repeated(piece, 200_000 / piece.utf8.count)
    #expect(identifiers(text).count <= 101)
  }

  @Test func `a line of ten megabytes is read`() {
    #expect(identifiers("main { print \"" + repeated("x", 10_000_000) + "\" }") == [])
  }

  @Test func `huge numbers overflow`() {
    let digits = repeated("9", 1_000_000)
    #expect(identifiers("shared x = \(digits)") == ["integerOverflow"])
    #expect(identifiers("shared x = -\(digits)") == ["integerOverflow"])
    #expect(identifiers("shared x = -9223372036854775809") == ["integerOverflow"])
    #expect(identifiers("shared x = \(repeated("0", 1000))7") == [])
  }

  @Test func `what looks like white space and is none is reported`() {
    #expect(identifiers("lock a\r\nlock b\r\n") == [])
    #expect(identifiers("lock a\rlock b") == ["unknownCharacter"])
    #expect(identifiers("lock a\u{0}b") == ["unknownCharacter"])
    #expect(identifiers("lock a\u{A0}b") == ["unknownCharacter"])
    #expect(identifiers("lock \u{202E}a") == ["unknownCharacter"])
  }

  @Test(arguments: Samples.names)
  func `no truncation traps`(name: String) {
    let bytes = Samples.source(name).bytes
    for end in bytes.indices {
      let text = String(decoding: bytes[..<end], as: UTF8.self)
      let source = SourceFile(name: name, text: text)
      let diagnostics = parse(source).diagnostics
      #expect(diagnostics.allSatisfy { $0.span.end <= source.bytes.count })
    }
  }

  @Test(arguments: Samples.names)
  func `no mutation traps`(name: String) {
    var random = SplitMix64(seed: UInt64(name.utf8.count))
    let original = Samples.source(name).bytes
    let alphabet = Array(" \n(){}[]\"\\;:,.+-*/%<>=!&|?'#$@_a0é\u{0}\t\r".utf8)
    for _ in 0..<400 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = alphabet.randomElement(using: &random) ?? 0
        case 2: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
        default:
          let end = min(bytes.count, place + Int.random(in: 0..<20, using: &random))
          bytes.insert(contentsOf: bytes[place..<end], at: (place + 7) % bytes.count)
        }
      }
      let source = SourceFile(name: name, text: String(decoding: bytes, as: UTF8.self))
      let diagnostics = parse(source).diagnostics
      #expect(diagnostics.count <= 101)
      if !diagnostics.isEmpty { #expect(!render(diagnostics, in: source).isEmpty) }
    }
  }
}

/// A small generator with a fixed seed, so that every run sees the same inputs.
///
/// Steele, Lea and Flood: Fast splittable pseudorandom number generators, 2014.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
