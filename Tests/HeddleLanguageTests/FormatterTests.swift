import Foundation
import HeddleDiagnostics
import Testing

@testable import HeddleLanguage

@Suite struct `Formatting` {
  private func formatted(
    _ text: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> String {
    let once = try result(text, sourceLocation)
    let twice = try result(once, sourceLocation)
    #expect(twice == once, "formatting is not idempotent", sourceLocation: sourceLocation)
    return once
  }

  private func result(
    _ text: String,
    _ sourceLocation: Testing.SourceLocation
  ) throws -> String {
    switch HeddleLanguage.Formatter.format(SourceFile(name: "a", text: text)) {
    case .success(let text): return text
    case .failure(let invalid):
      let messages = render(invalid.diagnostics, in: invalid.source)
      return try #require(nil, "\(messages)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: Samples.names)
  func `leaves what is well laid out as it is`(name: String) throws {
    let text = String(decoding: Samples.source(name).bytes, as: UTF8.self)
    #expect(try formatted(text) == text)
  }

  @Test(arguments: [
    // Spaces
    ("shared x=1+2*-3", "shared x = 1 + 2 * -3\n"),
    ("shared x = ( a+b )*[ 1,2 ] [ 0 ]", "shared x = (a + b) * [1, 2][0]\n"),
    ("shared x = - - 1 - -1 - ! a", "shared x = - -1 - -1 - !a\n"),
    ("shared  x:Int ? = any 0 ... 3", "shared x: Int? = any 0...3\n"),
    ("shared x = \"a  \\( b+c )  d\"", "shared x = \"a  \\(b + c)  d\"\n"),
    ("expect  lost - update  on  W . x", "expect lost-update on W.x\n"),
    ("invariant(a)&&-b<0", "invariant (a) && -b < 0\n"),
    ("queue q [ 2 ]( capacity : 1 )", "queue q[2](capacity: 1)\n"),
    (
      "daemon thread t( a:Int,b ):Base*2 may outlive main{}",
      "daemon thread t(a: Int, b): Base * 2 may outlive main { }\n"
    ),
    (
      "main{join a timeout(5);join(b);print(-x);timeout(3);return-1}",
      "main { join a timeout (5); join (b); print (-x); timeout(3); return -1 }\n"
    ),
    ("main{for i in 0 ..< n{a[i]+=1}}", "main { for i in 0..<n { a[i] += 1 } }\n"),
    ("main{atomic when(a){}}", "main { atomic when (a) { } }\n"),
    ("main { q . join ( ) ; f ( timeout : 1 ) }", "main { q.join(); f(timeout: 1) }\n"),
    // Lines
    ("", ""),
    ("\n\n  \n", ""),
    ("\r\nlock a\r\n\r\n\r\n\r\nlock b", "lock a\n\nlock b\n"),
    ("lock a; lock b;", "lock a\nlock b\n"),
    ("main\n{\n}", "main { }\n"),
    ("main { ; ; }", "main { }\n"),
    ("main {\n\n\n\ta()\n\n\n\n  b() ;; c();\n\n}", "main {\n    a()\n\n    b()\n    c()\n}\n"),
    ("main { a();;b(); }", "main { a(); b() }\n"),
    ("main {\nif a { b() }\nelse { c() }\n}", "main {\n    if a { b() } else { c() }\n}\n"),
    (
      "main {\nif a { b() } else {\nc() } }",
      "main {\n    if a {\n        b()\n    } else {\n        c()\n    }\n}\n"
    ),
    (
      "main {\nchoose {\na() }\nor { }\ntry\n{ }\nfinally { } }",
      "main {\n    choose {\n        a()\n    } or { }\n    try { } finally { }\n}\n"
    ),
    ("main { try { }\n finally { } }\nfinally { }", "main { try { } finally { } }\nfinally { }\n"),
    ("shared x = a +\nb * [\n1,\n2]", "shared x = a +\n    b * [\n        1,\n        2]\n"),
    (
      "main {\nf(a,\n[\n1,\n],\nb\n)\ng() }",
      "main {\n    f(a,\n        [\n            1,\n        ],\n        b\n    )\n    g()\n}\n"
    ),
    (
      "main { if f(a,\nb) { c() } }",
      "main {\n    if f(a,\n        b) {\n        c()\n    }\n}\n"
    ),
    ("main { assert a,\n\"why\" }", "main {\n    assert a,\n        \"why\"\n}\n"),
    // Comments
    ("// a\nlock a// b\n//c\n\n\n\n//d", "// a\nlock a  // b\n//c\n\n//d\n"),
    ("lock a     // lined\nlock bcd   // up", "lock a     // lined\nlock bcd   // up\n"),
    ("lock   a   // lined\nlock bcd   // up", "lock a     // lined\nlock bcd   // up\n"),
    ("main {// a\n// b\n\n// c\n}", "main {  // a\n    // b\n\n    // c\n}\n"),
    (
      "main {\n\n// a\n\nb() // c\n// d\n}",
      "main {\n    // a\n\n    b()  // c\n    // d\n}\n"
    ),
    ("main { /* a */ }", "main { /* a */ }\n"),
    ("main { a(/*b*/c /*d*/, e)/*f*/; g() }", "main { a(/*b*/ c /*d*/, e) /*f*/; g() }\n"),
    ("/* a */ lock b /* c\n   d */ lock e", "/* a */ lock b  /* c\n   d */\nlock e\n"),
    (
      "main {\nif a // b\n{ c() } // d\n// e\nelse { }\n}",
      "main {\n    if a  // b\n    {\n        c()\n    }  // d\n    // e\n    else { }\n}\n"
    ),
    (
      "main { f(1, // a\n// b\n2 // c\n) }",
      "main {\n    f(1,  // a\n        // b\n        2  // c\n    )\n}\n"
    ),
    ("main { a() // b\n}", "main {\n    a()  // b\n}\n"),
    ("main\n// a\n/* b */ { }", "main\n// a\n/* b */ { }\n"),
    ("lock a // b  \t\n", "lock a  // b\n"),
    ("//a\n;//b\nlock c //d\n;//e\n;;//f\n", "//a\n//b\nlock c  //d\n//e\n//f\n"),
    (
      "main { a() //b\n;//c\n; /*d*/; /*e*/ }",
      "main {\n    a()  //b\n    //c\n    /*d*/ /*e*/\n}\n"
    ),
  ])
  func `has one way for everything`(text: String, expected: String) throws {
    #expect(try formatted(text) == expected)
  }

  @Test func `breaks the blocks of a statement that does not fit on its line`() throws {
    let call = "a_rather_long_name(with_an_argument)"
    let fits =
      "main {\n    if condition { \(call) } else { \(String(repeating: "x", count: 19))() }\n}\n"
    #expect(try formatted(fits) == fits)
    let wide =
      "main {\n    if condition { \(call) } else { \(String(repeating: "x", count: 20))() }\n}\n"
    #expect(
      try formatted(wide) == """
        main {
            if condition {
                \(call)
            } else {
                xxxxxxxxxxxxxxxxxxxx()
            }
        }

        """
    )
    #expect(
      try formatted("main { with a { with b { \(call); \(call); \(call) } } }") == """
        main {
            with a {
                with b {
                    \(call)
                    \(call)
                    \(call)
                }
            }
        }

        """
    )
  }

  @Test func `refuses what it cannot read`() {
    let source = SourceFile(name: "a", text: "lock\nthread t { x = }\n")
    guard case .failure(let invalid) = HeddleLanguage.Formatter.format(source) else {
      Issue.record("a scenario with mistakes was formatted")
      return
    }
    #expect(invalid.source == source)
    #expect(invalid.diagnostics.map(\.id) == ["expectedName", "expectedExpression"])
  }

  @Test(arguments: Samples.names)
  func `keeps tokens and tree whatever the layout was`(name: String) throws {
    var random = SplitMix64(seed: UInt64(name.utf8.count))
    let original = Samples.source(name)
    for _ in 0..<60 {
      let shuffled = shuffledLayout(of: original, using: &random)
      let result = SourceFile(name: name, text: try formatted(shuffled))
      #expect(statements(result) == statements(SourceFile(name: name, text: shuffled)))
    }
  }

  /// The text with other white space and with comments where both are free.
  private func shuffledLayout(
    of source: SourceFile,
    using random: inout SplitMix64
  ) -> String {
    var lexer = Lexer(source)
    var text = ""
    var end = 0
    var isInString = 0
    while true {
      let token = lexer.next()
      if token.kind == .stringEnd { isInString -= 1 }
      let gap = source.text(end..<token.start)
      if isInString > 0 {
        text += gap
      } else if token.startsLine {
        text +=
          ["\n", "\n\n\n", " // c\n", "\n/* d\n*/\n", gap].randomElement(using: &random) ?? gap
        text += [" ", "\t", "", "   ", "/* e */"].randomElement(using: &random) ?? ""
      } else {
        text += [gap, gap + " ", " /**/ ", "\t"].randomElement(using: &random) ?? gap
      }
      if token.kind == .stringStart { isInString += 1 }
      text += source.text(token.span)
      end = token.end
      if token.kind == .endOfFile { return text }
    }
  }

  /// All declarations without their spans.
  private func statements(_ source: SourceFile) -> [String] {
    parse(source).tree.declarations.map(\.dump)
  }

  @Test(arguments: Models.files)
  func `leaves every model as it is`(path: String) throws {
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    #expect(try formatted(text) == text)
  }
}
