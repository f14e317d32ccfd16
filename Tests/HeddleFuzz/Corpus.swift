import Foundation
import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import HeddleScenarioGenerator

/// Correct scenarios to begin with: files, and as many generated ones as are asked for.
struct Corpus {
  /// One scenario.
  struct Scenario {
    /// Its path, or `generated:SEED`.
    var name: String
    var text: String
  }

  /// The scenarios in files, by path.
  let files: [Scenario]

  /// Reads all scenarios below the folders, which are given by their paths from the working directory.
  init(folders: [String]) {
    var files: [Scenario] = []
    for folder in folders {
      let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      for name in names.filter({ $0.hasSuffix(".heddle") }).sorted() {
        let path = "\(folder)/\(name)"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
        files.append(Scenario(name: path, text: text))
      }
    }
    self.files = files
  }

  /// Any of the files, or a generated scenario; the latter is small and uses other parts of the language each time.
  func any(_ random: inout RandomSource) -> Scenario {
    if files.isEmpty || random.chance(50) {
      return Self.generated(UInt64(random.below(1 << 30)))
    }
    return random.pick(files)
  }

  /// The scenario that has the name.
  func scenario(named name: String) -> Scenario? {
    if let seed = name.split(separator: ":").last.flatMap({ UInt64($0) }),
      name.hasPrefix(Self.generatedPrefix)
    {
      return Self.generated(seed)
    }
    return files.first { $0.name == name }
  }

  private static let generatedPrefix = "generated:"

  private static func generated(_ seed: UInt64) -> Scenario {
    var generator = ScenarioGenerator(seed: seed)
    return Scenario(name: generatedPrefix + String(seed), text: generator.next())
  }
}

extension Corpus.Scenario {
  /// The lowered scenario; `nil` if the text is none.
  var program: Program? {
    Frontend.load(SourceFile(name: name, text: text)).program
  }
}
