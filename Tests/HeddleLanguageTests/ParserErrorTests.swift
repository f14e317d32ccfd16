import HeddleDiagnostics
import Testing

@testable import HeddleLanguage

@Suite struct `Parsing mistakes` {
  /// The mistakes as `line:column identifier`.
  private func mistakes(_ text: String) -> [String] {
    let source = SourceFile(name: "a.heddle", text: text)
    return parse(source).diagnostics.map { diagnostic in
      let location = source.location(of: diagnostic.span.start)
      return "\(location.line):\(location.column) \(diagnostic.id)"
    }
  }

  @Test func `ten mistakes give ten diagnostics, each in its place`() {
    let text = """
      shared balnce 5
      lock
      thred deposit(amount) {
          let current =
          if a = 3 { }
          let y = a < b < c
          (a
          print "abc
          q.get(timeout=1)
          a & b
      }
      """
    #expect(
      mistakes(text) == [
        "1:15 expectedInitialValue", "2:5 expectedName", "3:1 misspeltKeyword",
        "4:18 expectedExpression", "5:10 expectedBlock", "6:19 chainedComparison",
        "7:7 expectedClosing", "8:11 unterminatedString", "9:18 labelWithEquals",
        "10:7 unknownCharacter",
      ]
    )
  }

  @Test func `a Python program gets one hint for each habit`() {
    let text = """
      import threading
      def worker():
          while True:
              lock.acquire
              if x == 3 and not y:
                  x++
              elif x > 4:
                  pass
              else:
                  t.start()
          return None

      class Worker(Thread):
          def run(self):
              self.n = 1
      main { }
      """
    #expect(
      mistakes(text) == [
        "1:1 noImports", "2:1 foreignFunction", "2:13 colonBlock", "3:11 foreignLiteral",
        "3:15 colonBlock", "4:9 methodWithoutCall", "5:19 foreignOperator",
        "5:23 foreignOperator", "5:28 colonBlock", "6:14 noIncrement", "7:9 elseIf",
        "7:19 colonBlock", "8:13 emptyBlock", "9:13 colonBlock", "10:13 startIsNoMethod",
        "11:12 foreignLiteral", "13:1 foreignClass", "13:21 colonBlock", "14:5 foreignFunction",
        "14:9 runIsNoFunction", "14:13 selfIsImplicit", "14:18 colonBlock",
      ]
    )
  }

  @Test(arguments: [
    // Expressions
    ("x =", "2:6 expectedExpression"),
    ("x = (1 +)", "2:11 expectedExpression"),
    ("x = (1 + 2", "2:13 expectedClosing"),
    ("x = a[1", "2:10 expectedClosing"),
    ("f(1 2)", "2:7 expectedClosing"),
    ("x = 5(3)", "2:8 notCallable"),
    ("x = a.", "2:9 expectedName"),
    ("x = super", "2:7 loneSuper"),
    ("x = any foo()", "2:11 expectedRange"),
    ("x = 99999999999999999999", "2:7 integerOverflow"),
    ("x = 9223372036854775808", "2:7 integerOverflow"),
    ("x = 184467440737095516160", "2:7 integerOverflow"),
    ("x = 1.5", "2:7 numberNotWhole"),
    ("x = 0x10", "2:7 numberNotDecimal"),
    ("x = 12ab", "2:7 nameStartsWithDigit"),
    ("x = größe", "2:7 nonASCIIName"),
    ("x = “a”", "2:7 typographicQuote"),
    ("x = 'a'", "2:7 singleQuotes"),
    ("x = \"\\q\"", "2:8 unknownEscape"),
    ("x = \"\\(a b)\"", "2:12 expectedClosing"),
    ("x = \"\\()\"", "2:10 expectedExpression"),
    ("x = \"\\(a", "2:7 unterminatedString"),
    ("x = \"\\(f(\"a", "2:7 unterminatedString"),
    ("x = \"a\u{7}\"", "2:9 controlCharacterInString"),
    ("x = a ? b : c", "2:9 noConditionalExpression"),
    ("x = a if b else c", "2:9 noConditionalExpression"),
    ("x = f\"a\"", "2:7 formattedString"),
    ("x = a ** b", "2:10 noPowerOperator"),
    ("x = True", "2:7 foreignLiteral"),
    ("x = nil", "2:7 foreignLiteral"),
    ("x = not a", "2:7 foreignOperator"),
    ("x = a or b", "2:9 foreignOperator"),
    ("x = a is none", "2:9 foreignOperator"),
    ("x = a is not none", "2:9 foreignOperator"),
    ("x = a..b", "2:8 unknownCharacter"),
    // Statements
    ("x", "2:3 unusedValue"),
    ("x == 4", "2:3 comparisonAsStatement"),
    ("5 = x", "2:3 notAssignable"),
    ("a = b = c", "2:9 assignmentInExpression"),
    ("f() g()", "2:7 expectedEndOfStatement"),
    ("x ++", "2:5 noIncrement"),
    ("x--", "2:4 noIncrement"),
    ("let x", "2:8 expectedInitialValue"),
    ("let 5 = x", "2:7 expectedName"),
    ("let let = x", "2:7 keywordAsName"),
    ("let x: = 5", "2:10 expectedType"),
    ("if x = 3 { }", "2:8 expectedBlock"),
    ("if { }", "2:6 expectedExpression"),
    ("while x\n  f()", "2:10 expectedBlock"),
    ("for x { }", "2:9 expectedIn"),
    ("for i = 0; i < 3; i++ { }", "2:9 expectedIn"),
    ("for i in range(5) { }", "2:12 pythonRange"),
    ("else { }", "2:3 strayElse"),
    ("finally { }", "2:3 strayFinally"),
    ("try { }", "2:3 tryWithoutFinally"),
    ("try { } except { }", "2:11 exceptionsNotCaught"),
    ("choose { }", "2:3 chooseWithoutOr"),
    ("with a, b { }", "2:9 severalLocks"),
    ("print a, b", "2:10 printsOneValue"),
    ("print(a, b)", "2:10 printsOneValue"),
    ("assert(x == 1, \"a\")", "2:16 noParentheses"),
    ("x = 1\n  * 2", "3:3 lineGoesOn"),
    ("fail 3", "2:8 expectedMessage"),
    ("assert x, y", "2:13 expectedMessage"),
    ("sleep", "2:8 expectedExpression"),
    ("start", "2:8 expectedName"),
    ("async with a { }", "2:3 noAsync"),
    ("await f()", "2:3 noAsync"),
    ("raise x", "2:3 foreignRaise"),
    ("switch x { case 1: f() }", "2:3 noSwitch"),
    ("defer { }", "2:3 foreignDefer"),
    ("global x", "2:3 sharedEverywhere"),
    ("wile x { }", "2:3 misspeltKeyword"),
    ("guard x else { }", "2:3 unknownStatement"),
    ("run { }", "2:3 runOutsideThread"),
    ("lock a", "2:3 declarationInsideBlock"),
    ("func f() { }", "2:3 declarationInsideBlock"),
    ("{ x = 1 }", "2:3 expectedStatement"),
    (")", "2:3 unmatchedClosing"),
  ])
  func `a mistake in a statement gives one diagnostic`(statement: String, expected: String) {
    #expect(mistakes("main {\n  \(statement)\n}\nlock a\n") == [expected])
    #expect(mistakes("main {\n  \(statement)\n  f()\n}\nlock a b").count == 2)
  }

  @Test(arguments: [
    ("lock a b", "1:8 expectedEndOfStatement"),
    ("lock [3]", "1:6 expectedName"),
    ("lock a[", "1:8 expectedExpression"),
    ("shared x", "1:9 expectedInitialValue"),
    ("const 5 = 3", "1:7 expectedName"),
    ("shared s: [Int = 4", "1:16 expectedClosing"),
    ("semaphore s(3)", "1:12 expectedInitialValue"),
    ("barrier b", "1:10 expectedParties"),
    ("queue q(2)", "1:9 expectedCapacity"),
    ("condition c(a, b)", "1:16 expectedClosing"),
    ("condition c(a, order: lifo)", "1:23 expectedOrder"),
    ("priority q", "1:10 expectedWord"),
    ("daemon worker { }", "1:8 expectedWord"),
    ("thread { }", "1:8 expectedName"),
    ("thread t(x { }", "1:12 expectedClosing"),
    ("thread t: { }", "1:11 expectedName"),
    ("thread t * { }", "1:12 expectedExpression"),
    ("thread t may { }", "1:14 expectedOutlive"),
    ("thread t x { }", "1:10 expectedBlock"),
    ("thread t { func f() { }; f() }", "1:26 statementAmongMembers"),
    ("thread t { func run() { } }", "1:17 runIsNoFunction"),
    ("thread t { override x }", "1:21 expectedOverride"),
    ("func f { }", "1:8 expectedParameters"),
    ("func f(a = 1) { }", "1:10 noDefaultValue"),
    ("func f() -> Int { return 1 }", "1:10 noReturnType"),
    ("main", "1:5 expectedBlock"),
    ("main {", "1:6 unclosedBrace"),
    ("}", "1:1 unmatchedClosing"),
    ("invariant", "1:10 expectedExpression"),
    ("expect", "1:7 expectedKind"),
    ("expect lost-", "1:13 expectedKind"),
    ("expect pass x", "1:13 expectedEndOfStatement"),
    ("expect deadlock on", "1:19 expectedName"),
    ("allow data-race", "1:16 expectedOn"),
    ("let x = 5", "1:1 variableAtTopLevel"),
    ("x = 5\ny = 6\nf()", "1:1 variableAtTopLevel"),
    ("5", "1:1 expectedDeclaration"),
    ("struct S { }", "1:1 foreignClass"),
    ("# text", "1:1 hashComment"),
    ("/* /* */", "1:1 unterminatedComment"),
    ("expct pass", "1:1 misspeltKeyword"),
  ])
  func `a mistake in a declaration gives one diagnostic`(text: String, expected: String) {
    #expect(mistakes(text) == [expected])
    let known = "lock a\n" + text + "\n"
    #expect(mistakes(known).count == 1)
  }

  @Test func `a missing brace is sought where the indentation says`() {
    let text = """
      thread a {
          if x {
              f()
      }

      main { }
      lock b c
      """
    #expect(mistakes(text) == ["2:10 unclosedBrace", "7:8 expectedEndOfStatement"])
  }

  @Test(arguments: [
    ("thread t\n    f()\n    g()\n}\nlock a", "1:9 expectedBlock"),
    ("main {\n    if a\n        f()\n    } else { }\n}", "2:9 expectedBlock"),
    ("main {\n    if a f() }\n    g()\n}", "2:10 expectedBlock"),
    ("main {\n    choose f() } or { }\n}", "2:12 expectedBlock"),
    ("main {\n    try\n        f()\n    } finally { }\n}", "2:8 expectedBlock"),
    ("main {\n    if a b { f() }\n}", "2:10 expectedBlock"),
    ("main {\n    if a { print \"b }\n    f()\n}", "2:18 unterminatedString"),
    ("main {\n    f(1 2 'a' & \"b\")\n}", "2:9 expectedClosing"),
    ("main {\n    or { }\n}", "2:5 strayOr"),
  ])
  func `what a missing brace or quote leads to is not reported`(text: String, expected: String) {
    #expect(mistakes(text) == [expected])
  }

  @Test func `a hundred diagnostics are enough`() {
    let found = mistakes(String(repeating: "lock a b\n", count: 200))
    #expect(found.count == 101)
    #expect(found.last == "101:8 tooManyErrors")
  }

  @Test func `messages state the rule and name what was found`() {
    let source = SourceFile(
      name: "bank.heddle",
      text: "thred t {\n    foo(1,\n        2\n    f()\n}\n"
    )
    #expect(
      render(parse(source).diagnostics, in: source) == """
        error: unknown keyword 'thred'; did you mean 'thread'? [misspeltKeyword]
          --> bank.heddle:1:1
           |
         1 | thred t {
           | ^^^^^

        error: expected ')', found the end of the line [expectedClosing]
          --> bank.heddle:3:10
           |
         3 |         2
           |          ^
        note: it would close this '('
          --> bank.heddle:2:8
           |
         2 |     foo(1,
           |        ^

        """
    )
  }
}
