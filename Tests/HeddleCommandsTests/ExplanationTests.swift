import Foundation
import Testing

/// What a report says about a failure: who did it, what Python does, and the values that show why.
@Suite struct `An explanation` {
  /// A scenario, and sentences of its report, with blanks for line ends.
  struct Case: CustomTestStringConvertible {
    let text: String
    let sentences: [String]

    init(_ text: String, _ sentences: String...) {
      self.text = text
      self.sentences = sentences
    }

    var testDescription: String { sentences[0] }
  }

  static let misuses = [
    Case(
      "shared x = 1\nthread t { x = 0 }\ninvariant 5 / x > 0\n",
      "`invariant` divides by zero in `invariant 5 / x > 0` (line 3). Python raises `ZeroDivisionError`.",
      "✗ 3 invariant 5 / x > 0 fails",
      "a divisor may not be 0; here `x` is 0."
    ),
    Case(
      "shared x = 0\nthread t { x = 1 }\ninvariant 5 / x > 0\n",
      "`invariant` divides by zero in",
      "✗ 3 invariant 5 / x > 0 fails"
    ),
    Case(
      "shared x = 1\nthread t { x = 0 }\nfinally { assert 5 / x > 0 }\n",
      "`finally` divides by zero in `assert 5 / x > 0` (line 3).",
      "✗ 3 finally assert 5 / x > 0 fails",
      "here `x` is 0."
    ),
    Case(
      "thread s { }\nthread t { let z = 3; print 5 / (z - 3) }\n",
      "t divides by zero in `print 5 / (z - 3)` (line 2).",
      "✗ │ 2 print 5 / (z - 3) fails"
    ),
    Case(
      "shared a = [1, 2]\nthread t { for i in 0...2 { a[i] = 1 } }\n",
      "Python raises `IndexError: list index out of range`.",
      "here `a` has 2 elements and the index is 2."
    ),
    Case(
      "shared a = [1, 2]\nshared n = 0\nthread t { n = -1; a[n] = 1 }\n",
      "Python counts a negative index from the end.",
      "here `a` has 2 elements and `n` is -1."
    ),
    Case(
      "lock m[3]\nthread t { let i = 3; with m[i] { } }\n",
      "here `m` has 3 elements and the index is 3."
    ),
    Case(
      "thread t { let xs = [1, 2, 3]; var k = 2; k += 1; print xs[k] }\n",
      "here the array has 3 elements and the index is 3."
    ),
  ]

  static let claims = [
    Case(
      "thread t { let z = 3; assert z == 4 }\nthread u { sleep 1 }\n",
      "it fails before any thread takes a step."
    ),
    Case(
      "thread u { assert 5 / 2 == 1 }\nmain { start u; sleep 1 }\n",
      "it fails as soon as u is started."
    ),
    Case(
      "shared x = 0\nthread t { x = 1 }\nmain { start t; assert x == 1 }\n",
      "main does not wait: t has not ended when it checks."
    ),
  ]

  static let waits = [
    Case(
      "queue q(capacity: 1)\nthread w { q.put_nowait(1); q.put_nowait(2) }\n"
        + "thread r { q.get(); q.get() }\n",
      "q is full, raises queue.Full",
      "w was ended by an exception in step 2 (line 2).",
      "let w do what others wait for on its way out as well"
    ),
    Case(
      "barrier b(2)\nshared x = 0\nthread w { b.wait(timeout: 1) else { x = 1 }; assert x == 0 }\n",
      "times out, breaks the barrier"
    ),
    Case(
      "lock m\nshared x = 0\nthread w * 2 { m.acquire(timeout: 1); x += 1; m.release() }\n",
      "look at what `acquire` gives in line 3: w#2 goes on without `m`."
    ),
    Case(
      "shared x = 0\nthread a { x += 1 }\nthread b { x = 5 }\n",
      "put line 2 under a lock, and line 3 under the same one, or make both `atomic`."
    ),
    Case(
      "shared x: Int? = none\nthread w { x = -9223372036854775807 - 1 }\n",
      "w computes the one integer that an `Int?` cannot hold"
    ),
  ]

  /// What only looks like one of those above.
  static let others = [
    Case(
      "event e\nthread w { e.wait() }\nthread bad { fail }\nmain { start w; start bad; print 1 }\n",
      "nobody sets `e` in this order. Do let some thread set `e` on every path"
    ),
    Case(
      "queue q\nthread c { q.get(); fail }\nthread d { q.get() }\nthread p { q.put(1) }\n",
      "before d got there. Do put one item for every `get`"
    ),
    Case(
      "lock l\nevent e\nthread t { with l { fail \"boom\" } }\nthread w { e.wait() }\n",
      "takes l, raises \"boom\"",
      "releases l, ends by the exception"
    ),
    Case(
      "func pick(i) { let a = [1, 2, 3]; return a[i] }\nthread t { print pick(-1) }\n",
      "Python counts a negative index from the end.",
      "here the array has 3 elements and the index is -1."
    ),
    Case(
      """
      lock m
      lock stats
      shared n = 0
      thread a { with stats { n = 7 } }
      thread b { if stats.acquire(blocking: false) { stats.release() }; n = 1 }
      thread c { with m { n += 1 } }

      """,
      "Do take `m` in"
    ),
  ]

  @Test(arguments: misuses + claims + waits + others)
  func `names who fails, and shows the values`(example: Case) throws {
    let folder = try Folder()
    let run = ToolRun(["verify", try folder.file("a.heddle", example.text)], columns: 100)
    #expect(run.status == 1)
    let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for sentence in example.sentences { #expect(words.contains(sentence), "\(run.output)") }
  }
}
