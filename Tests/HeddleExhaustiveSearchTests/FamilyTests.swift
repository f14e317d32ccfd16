import Foundation
import HeddleChecking
import HeddleDiagnostics
import HeddleDifferential
import HeddleExhaustiveSearch
import HeddleLanguage
import HeddleProgram
import Testing

/// The families that `Benchmarks` measures: a figure is worth nothing if the verdict is wrong.
@Suite struct `Benchmark families` {
  static let folder = ModelFile.root.deletingLastPathComponent().appending(path: "Benchmarks")

  /// By family: two small sizes, given by constants.
  static let sizes: [(family: String, constants: [[String: Int]])] = [
    ("unlocked_deposit", [[:], ["n": 4]]),
    ("counter_loop", [[:], ["n": 3, "rounds": 2]]),
    ("locked_deposit", [[:], ["n": 6]]),
    ("philosophers_naive", [[:], ["n": 3]]),
    ("philosophers_ordered", [[:], ["n": 3]]),
    ("queue_workers", [[:], ["workers": 3, "items": 2]]),
    ("bounded_buffer_one", [[:], ["producers": 3, "consumers": 2, "rounds": 1]]),
    ("bounded_buffer_two", [[:], ["rounds": 2]]),
    ("lastzero", [[:], ["n": 4]]),
    ("bakery", [[:]]),
    ("filter", [["n": 2], [:]]),
  ]

  private func program(_ family: String, _ constants: [String: Int]) throws -> Program {
    let file = Self.folder.appending(path: "Families/\(family).heddle")
    let text = try String(contentsOf: file, encoding: .utf8)
    let loaded = Frontend.load(
      SourceFile(name: "\(family).heddle", text: text),
      options: LoadOptions(constants: constants)
    )
    return try #require(loaded.program, "\(loaded.diagnostics.map(\.message))")
  }

  @Test(arguments: sizes)
  func `are as they say, and the naive checker agrees`(
    family: String,
    constants: [[String: Int]]
  ) throws {
    for sizes in constants {
      let program = try program(family, sizes)
      let result = try Checker(engine: ExhaustiveEngine()).check(Question(program))
      #expect(result.surprises == [], "\(family) \(sizes)")
      let comparison = Comparison(program)
      #expect(!comparison.isInconclusive)
      #expect(comparison.report == "", "\(family) \(sizes)")
    }
  }

  @Test func `are all listed here, and each has its Promela twin`() throws {
    func names(_ folder: String, _ ending: String) throws -> [String] {
      let files = try FileManager.default.contentsOfDirectory(
        atPath: Self.folder.appending(path: folder).path
      )
      return files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
    }
    let families = try names("Families", ".heddle")
    #expect(families.sorted() == Self.sizes.map(\.family).sorted())
    let twins = try names("Promela", ".pml")
    // One twin may serve two families, with a macro.
    #expect(families.allSatisfy { family in twins.contains { family.hasPrefix($0) } })
    #expect(twins.allSatisfy { twin in families.contains { $0.hasPrefix(twin) } })
  }
}
