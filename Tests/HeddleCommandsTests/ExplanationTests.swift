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
      "here it has 3 elements and the index is 3."
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

  @Test(arguments: misuses + claims)
  func `names who fails, and shows the values`(example: Case) throws {
    let folder = try Folder()
    let run = ToolRun(["verify", try folder.file("a.heddle", example.text)], columns: 60)
    #expect(run.status == 1)
    let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for sentence in example.sentences { #expect(words.contains(sentence), "\(run.output)") }
  }
}
