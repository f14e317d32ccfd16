import Heddle
import HeddleBuilder
import HeddleDiagnostics
import Testing

@Suite struct `Definitions` {
  @Test func `declare what is only used before its first use`() {
    let balance = Shared("balance", 0)
    let lock = Lock("lock")
    let limit = Constant("limit", 3)
    let definition = ScenarioDefinition("bank") {
      lock
      ThreadType("deposit", count: limit) {
        With(lock) { balance += 1 }
      }
      Invariant(balance <= limit, "at most \(limit)")
    }
    #expect(
      definition.source == """
        lock lock
        const limit = 3
        shared balance = 0

        thread deposit * limit {
            with lock {
                balance += 1
            }
        }

        invariant balance <= limit, "at most \\(limit)"

        """
    )
  }

  @Test func `group operators as Swift does`() {
    let a = Shared("a", 1)
    let b = Shared("b", 2)
    let flag = Shared("flag", false)
    let texts = [
      (a + b) * 2, a + b * 2, a - (b - 1), a - b - 1, -(a + b), a / (b * 2), a * (b + 1) % 3,
      a - literal(-1),
    ].map { definition(Print($0)) }
    #expect(
      texts == [
        "(a + b) * 2", "a + b * 2", "a - (b - 1)", "a - b - 1", "-(a + b)", "a / (b * 2)",
        "a * (b + 1) % 3", "a - -1",
      ]
    )
    let conditions = [
      !(flag && a == 1), (flag || a < 2) && flag, flag || a < 2 && flag, (a < b) == flag, !flag,
      flag && (flag && flag),
    ].map { definition(Print($0)) }
    #expect(
      conditions == [
        "!(flag && a == 1)", "(flag || a < 2) && flag", "flag || a < 2 && flag", "(a < b) == flag",
        "!flag", "flag && (flag && flag)",
      ]
    )
  }

  /// What a definition with one `print` prints.
  private func definition(_ statement: ScenarioStatement) -> String {
    let source = ScenarioDefinition("one") { ThreadType("thread") { statement } }.source
    let line = source.split(separator: "\n").first { $0.hasPrefix("    print ") } ?? ""
    return String(line.dropFirst("    print ".count))
  }

  @Test func `escape texts, and interpolate values in them`() {
    let name = Shared("name", "a \"quoted\" \\ text\n\tof two lines \\(not code)")
    let source = ScenarioDefinition("texts") {
      name
      ThreadType("thread") { Print("\(name), \("plain") and \(name == "\"")") }
    }.source
    #expect(source.contains(#""a \"quoted\" \\ text\n\tof two lines \\(not code)""#))
    #expect(source.contains(#"print "\(name), plain and \(name == "\"")""#))
  }

  @Test func `give the diagnostics of the text for what types cannot tell`() throws {
    let first = Shared("x", 0)
    let second = Shared("x", 1)
    let twice = ScenarioDefinition("twice") {
      ThreadType("thread") { first <- second + 1 }
    }
    let error = try #require(throws: InvalidScenario.self) { try Scenario(twice) }
    let text = try #require(throws: InvalidScenario.self) {
      try Scenario(text: twice.source, file: "twice.heddle")
    }
    #expect(error == text)
    #expect(error.diagnostics.contains { $0.severity == .error })
  }

  @Test func `are verified as their text is`() throws {
    for (path, definition) in ModelsInSwift.all where path.hasPrefix("seed") {
      let fromSwift = try Scenario(definition).verify()
      let fromText = try Scenario(text: definition.source, file: definition.sourceFile.name)
        .verify()
      #expect(fromSwift.isExpected, "\(path)")
      #expect(fromSwift.explanation == fromText.explanation)
    }
  }

  @Test func `have variants by Swift's own if and for`() {
    let x = Shared("x", 0)
    func variant(_ isLocked: Bool) -> String {
      ScenarioDefinition("variant") {
        for name in ["a", "b"] {
          ThreadType(name) {
            if isLocked { Atomic { x += 1 } } else { x += 1 }
          }
        }
      }.source
    }
    #expect(
      variant(false) == "shared x = 0\n\nthread a {\n    x += 1\n}\n\nthread b {\n    x += 1\n}\n"
    )
    #expect(variant(true).contains("    atomic {\n        x += 1\n    }\n"))
  }
}
