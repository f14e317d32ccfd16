import Foundation
import HeddleChecking
import HeddleDiagnostics
import HeddleDifferential
import HeddleExhaustiveSearch
import HeddleLanguage
import HeddleProgram
import HeddleScenarioGenerator
import Testing

/// The engine against the naive checker: findings, folding, least preemptions and steps, numbers of orders.
@Suite struct `The engine agrees with the naive checker` {
  /// How many scenarios each seed stands for; the seeds run in parallel. The release run has the full number.
  #if DEBUG
  static let scenariosPerSeed = 10
  static let largestModel = 3_000
  #else
  static let scenariosPerSeed = 125
  static let largestModel = 60_000
  #endif

  @Test(arguments: ModelFile.all)
  func `on every model`(model: ModelFile) throws {
    let program = try #require(model.program(), "\(model) does not load")
    let comparison = Comparison(program, stateLimit: Self.largestModel)
    #expect(comparison.disagreements.isEmpty, "\(comparison.report)")
  }

  @Test(arguments: UInt64(1)...16)
  func `on random scenarios`(seed: UInt64) throws {
    var generator = ScenarioGenerator(seed: seed)
    for number in 0..<Self.scenariosPerSeed {
      try compare(generator.next(), "seed \(seed), scenario \(number)")
    }
  }

  @Test(arguments: [Fairness.weak, .none])
  func `on random scenarios under other fairness`(fairness: Fairness) throws {
    var generator = ScenarioGenerator(seed: 77)
    for number in 0..<Self.scenariosPerSeed {
      try compare(generator.next(), "seed 77, scenario \(number)", fairness: fairness)
    }
  }

  private func compare(_ text: String, _ origin: String, fairness: Fairness = .strong) throws {
    let result = Frontend.load(SourceFile(name: "random.heddle", text: text))
    guard let program = result.program else {
      Issue.record("\(origin) does not load: \(result.diagnostics.map(\.message))\n\(text)")
      return
    }
    let comparison = Comparison(program, fairness: fairness)
    if !comparison.disagreements.isEmpty {
      Issue.record("\(origin)\n\(comparison.report)\n\(text)")
    }
  }
}

/// A scenario below `models/`.
struct ModelFile: CustomTestStringConvertible, Sendable {
  let path: String

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "models")

  static let all: [ModelFile] = {
    let files = FileManager.default.enumerator(atPath: root.path)
    // Neither checker here can enumerate symbolic inputs.
    let paths = (files?.compactMap { $0 as? String } ?? []).filter {
      $0.hasSuffix(".heddle") && !$0.hasPrefix("symbolic/")
    }
    return paths.sorted().map { ModelFile(path: $0) }
  }()

  var testDescription: String { path }

  func program() -> Program? {
    guard let text = try? String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    else { return nil }
    return Frontend.load(SourceFile(name: path, text: text)).program
  }
}
