import Foundation
import HeddleTesting
import Testing

@Suite struct `Places of issues` {
  static let literal = """
    shared balance = 0

    thread deposit * 2 {
        balance += 100
    }
    """
  /// The line of `static let literal`.
  static let literalLine = #line - 8

  static let bank = ScenarioDefinition("bank") {
    let balance = Shared("balance", 0)
    ThreadType("deposit", count: 2) {
      balance += 100
    }
  }
  /// The line of `balance += 100`.
  static let statementLine = #line - 4

  @Test func `a literal's own line`() throws {
    let issue = try #require(issues { expectPasses(Self.literal) }.first)
    let location = try #require(issue.sourceLocation)
    #expect(location.fileName == "PlaceTests.swift")
    #expect(location.line == Self.literalLine + 4)
    #expect(location.column == 9)
  }

  @Test func `a literal on the line of the call`() throws {
    let line = #line + 1
    let issue = try #require(issues { expectPasses("thread t { assert false }") }.first)
    #expect(issue.sourceLocation?.line == line)
  }

  @Test func `the statement in Swift`() throws {
    let issue = try #require(issues { expectPasses(Self.bank) }.first)
    #expect(issue.sourceLocation?.fileName == "PlaceTests.swift")
    #expect(issue.sourceLocation?.line == Self.statementLine)
    #expect(issue.message.contains("PlaceTests.swift:\(Self.statementLine)"))
  }

  @Test func `the line of a file`() throws {
    let path = NSTemporaryDirectory() + "heddle-\(UUID().uuidString).heddle"
    try Self.literal.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let issue = try #require(issues { expectPasses(ScenarioFile(path)) }.first)
    #expect(issue.sourceLocation?.line == 4)
    #expect(issue.sourceLocation?.column == 5)
    #expect(issue.sourceLocation?.fileName == path.split(separator: "/").last.map(String.init))
  }

  @Test func `a mistake in Swift has the diagnostic of the text and the line of the Swift`() throws
  {
    let line = #line + 3
    let definition = ScenarioDefinition("mistaken") {
      ThreadType("worker") {
        Print(Local<Int>("nowhere"))
      }
    }
    let issue = try #require(issues { expectPasses(definition) }.first)
    #expect(issue.sourceLocation?.line == line)
    #expect(issue.message.contains("[unknownName]"))
  }

  @Test func `the line of the unmet expect line`() throws {
    let text = "thread t { sleep 1 }\nexpect deadlock\n"
    let path = NSTemporaryDirectory() + "heddle-\(UUID().uuidString).heddle"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let issue = try #require(issues { expectAsDeclared(ScenarioFile(path)) }.first)
    #expect(issue.sourceLocation?.line == 2)
  }

  @Test func `a folder gives its scenarios by name`() {
    let files = ScenarioFile.folder("../../models/language")
    #expect(files.count == 18)
    #expect(files.first?.path == "../../models/language/atomics.heddle")
    #expect(files.map(\.path) == files.map(\.path).sorted())
  }
}
