import Foundation
import Subprocess
import Testing

/// What the README and the tutorial show as output is what the tool prints.
@Suite struct `The output that is documented` {
  /// A block that begins with a command.
  struct Example: CustomTestStringConvertible, Sendable {
    var page: String
    var arguments: [String]
    /// The scenario that the block follows; `nil` for files of the checkout.
    var scenario: String?
    var output: String

    var testDescription: String { "\(page): heddle \(arguments.joined(separator: " "))" }
  }

  static let examples: [Example] = {
    let pages = ["README.md", "Sources/Heddle/Heddle.docc/Tutorial.md"]
    return pages.flatMap { page -> [Example] in
      let path = Checkout.root + "/" + page
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
      var examples: [Example] = []
      var scenario: String?
      // Every second piece is the inside of a block.
      for (number, block) in text.components(separatedBy: "```").enumerated()
      where !number.isMultiple(of: 2) {
        if block.hasPrefix("heddle\n") { scenario = String(block.dropFirst("heddle\n".count)) }
        guard block.hasPrefix("\n$ heddle verify ") else { continue }
        let lines = block.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        let words = lines.first?.split(separator: " ").dropFirst(2).map(String.init) ?? []
        let output = lines.dropFirst().joined(separator: "\n")
        let isAlone = page == "README.md"
        if !output.isEmpty, isAlone || scenario != nil {
          examples.append(
            Example(
              page: page,
              arguments: words,
              scenario: isAlone ? nil : scenario,
              output: output
            )
          )
        }
        // A second output without a scenario in between is of one that the reader has changed.
        scenario = nil
      }
      return examples
    }
  }()

  @Test(arguments: examples)
  func `is real`(example: Example) async throws {
    let folder = try Folder()
    if let scenario = example.scenario, example.arguments.count > 1 {
      _ = try folder.file(example.arguments[1], scenario)
    }
    let result = try await run(
      .path(`The process`.tool),
      arguments: Arguments(example.arguments),
      workingDirectory: .init(example.scenario == nil ? Checkout.root : folder.path),
      output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20)
    )
    var rest = Substring(normalized(result.standardOutput))
    for piece in example.output.components(separatedBy: "\n   ...\n") {
      let expected = normalized(piece)
      guard let found = rest.range(of: expected) else {
        Issue.record("not printed:\n\(piece)\nbut:\n\(result.standardOutput)")
        return
      }
      rest = rest[found.upperBound...]
    }
  }

  @Test func `is found in both pages`() {
    #expect(Set(Self.examples.map(\.page)).count == 2)
    #expect(Self.examples.count >= 6)
  }

  /// Durations differ, and with them where lines are broken.
  private func normalized(_ text: String) -> String {
    text.replacing(/under 1 ms|\d+(\.\d+)? (ms|s)\b/, with: "TIME")
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
