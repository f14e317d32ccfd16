import HeddleDiagnostics
import Testing

@testable import HeddleLanguage

@Suite struct `The syntax tree` {
  /// The declarations of a text that has no mistakes.
  private func declarations(
    _ text: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) -> [Declaration] {
    let (tree, diagnostics) = parse(SourceFile(name: "a.heddle", text: text))
    #expect(diagnostics.map(\.message) == [], sourceLocation: sourceLocation)
    return tree.declarations
  }

  /// The statements of a `main` without mistakes, each on one line.
  private func statements(
    _ text: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) -> [String] {
    let found = declarations("main {\n\(text)\n}", sourceLocation: sourceLocation)
    guard case .main(let block) = found.first?.kind else { return [] }
    return block.statements.map(\.dump)
  }

  @Test(arguments: [
    ("a + b * c", "(+ a (* b c))"),
    ("a - b - c", "(- (- a b) c)"),
    ("a % b / c * d", "(* (/ (% a b) c) d)"),
    ("a || b && c || d", "(|| (|| a (&& b c)) d)"),
    ("a + 1 < b * 2 && !c", "(&& (< (+ a 1) (* b 2)) (! c))"),
    ("(a + b) * c", "(* <(+ a b)> c)"),
    ("-a.b[1]", "(- a.b[1])"),
    ("- -1", "(- -1)"),
    ("2 - 1", "(- 2 1)"),
    ("2 -1", "(- 2 1)"),
    ("!!a == b", "(== (! (! a)) b)"),
    ("-9223372036854775808", "-9223372036854775808"),
    ("1_000", "1000"),
    ("f(a, timeout: 1).g()[0]", "f(a, timeout: 1).g()[0]"),
    ("q.join()", "q.join()"),
    ("[a; n + 1]", "[a; (+ n 1)]"),
    ("[1, 2,]", "[1, 2]"),
    ("[]", "[]"),
    ("any 0...n + 1", "any 0...(+ n 1)"),
    ("any 0..<3 == 2", "(== any 0..<3 2)"),
    ("any Int", "any Int"),
    ("start w", "start w()"),
    ("start w(1) * n - 1", "start w(1) * (- n 1)"),
    ("start a.b[0]", "start a.b[0]()"),
    (#""a\n\"\\\t\(b + "c\(d)")e""#, "\"a\n\"\\\t\\((+ b \"c\\(d)\"))e\""),
    ("super.run()", "super.run()"),
    ("self.index", "self.index"),
    ("a +\n b", "(+ a b)"),
    ("f(a\n  + b,\n\n c\n)", "f((+ a b), c)"),
    ("order.fifo + timeout + run + when", "(+ (+ (+ order.fifo timeout) run) when)"),
  ])
  func `groups expressions by precedence`(text: String, expected: String) {
    #expect(statements("let x = \(text)") == ["let x = \(expected)"])
  }

  @Test(arguments: [
    ("a = b; a += 1\na[i] -= 2", ["a = b", "a += 1", "a[i] -= 2"]),
    ("if a { } else if b { break } else { }", ["if a {  } else { if b { break } else {  } }"]),
    ("if a { }\nelse { }", ["if a {  } else {  }"]),
    ("while a\n{ continue }", ["while a { continue }"]),
    ("for _ in 0..<n { }", ["for _ in 0..<n {  }"]),
    ("for x in xs { x.go() }", ["for x in xs { x.go() }"]),
    ("return\nreturn 1", ["return", "return 1"]),
    ("let x: [Int?]? = q.get() else { return }", ["let x: [Int?]? = q.get() else { return }"]),
    ("q.put(1) else { }", ["q.put(1) else {  }"]),
    ("choose { } or { a() } or { }", ["choose {  } or { a() } or {  }"]),
    ("try { fail } finally { fail \"x\" }", ["try { fail } finally { fail \"x\" }"]),
    ("atomic { }\natomic when a { }", ["atomic {  }", "atomic when a {  }"]),
    ("join a\njoin b timeout 5", ["join a", "join b timeout 5"]),
    ("assert a,\n\"why\"", ["assert a, \"why\""]),
    ("assume a\nprint b\nsleep 1\nstart c", ["assume a", "print b", "sleep 1", "start c()"]),
    ("loop { with a { } }", ["loop { with a {  } }"]),
    ("lock = 1\nevent.set()\nshared[0] = run", ["lock = 1", "event.set()", "shared[0] = run"]),
  ])
  func `has every statement`(text: String, expected: [String]) {
    #expect(statements(text) == expected)
  }

  @Test func `tells the two forms of a thread apart`() throws {
    let found = declarations(
      """
      daemon thread A(x, y: Int) * 2 may outlive main { var a = 0 }
      thread B: A { var a = 0 }
      thread C(x): A(x) { atomic var a: Int = 0; override func f() { }; override run { } }
      """
    )
    let threads = found.compactMap { declaration -> ThreadDeclaration? in
      if case .thread(let thread) = declaration.kind { thread } else { nil }
    }
    try #require(threads.count == 3)
    #expect(threads[0].isDaemon && threads[0].mayOutliveMain)
    #expect(threads[0].parameters?.map(\.name.text) == ["x", "y"])
    #expect(threads[0].count?.dump == "2")
    guard case .statements(let block) = threads[0].body else {
      Issue.record("a thread without methods holds statements")
      return
    }
    #expect(block.dump == "{ var a = 0 }")
    #expect(threads[1].base?.text == "A" && threads[1].parameters == nil)
    #expect(threads[1].baseArguments == nil)
    #expect(threads[1].body.dump == ["field a = 0"])
    #expect(threads[2].baseArguments?.map(\.text) == ["x"])
    #expect(
      threads[2].body.dump
        == ["field atomic a: Int = 0", "override func f() {  }", "override run {  }"]
    )
  }

  @Test func `has every expectation`() {
    let found = declarations(
      """
      expect pass
      expect inconclusive
      expect lost-update
      expect lost-update on Worker.handled
      expect deadlock between a,
        b
      expect never-terminates a, b
      allow data-race on hits
      """
    )
    let texts = found.map { declaration -> String in
      switch declaration.kind {
      case .expect(let expectation): "\(expectation.outcome.dump)"
      case .allow(let kind, let name): "allow \(kind.text) \(name.text)"
      default: "?"
      }
    }
    #expect(
      texts == [
        "pass", "inconclusive", "lost-update any []", "lost-update on [Worker.handled]",
        "deadlock between [a, b]", "never-terminates bare [a, b]", "allow data-race hits",
      ]
    )
  }

  @Test func `has spans from the first to the last token`() throws {
    let text = "lock a // x\nthread t {\n  x = (1 + 2) // y\n}\n"
    let source = SourceFile(name: "a", text: text)
    let tree = parse(source).tree
    #expect(tree.declarations.map { source.text($0.span) }.first == "lock a")
    guard case .thread(let thread) = tree.declarations.last?.kind,
      case .statements(let block) = thread.body, let statement = block.statements.first,
      case .assignment(_, _, let value) = statement.kind
    else {
      Issue.record("the tree has another shape")
      return
    }
    #expect(source.text(block.span) == "{\n  x = (1 + 2) // y\n}")
    #expect(source.text(statement.span) == "x = (1 + 2)")
    #expect(source.text(value.span) == "(1 + 2)")
  }

  @Test func `begins after a byte order mark`() {
    #expect(declarations("\u{FEFF}lock a").count == 1)
  }
}

extension ThreadDeclaration.Body {
  /// The members, one string each.
  fileprivate var dump: [String] {
    guard case .members(let members, _) = self else { return [] }
    return members.map(\.dump)
  }
}
