import Foundation
import Heddle

/// The scenarios that are measured: the files of `Families`, which `compare` uses as well.
enum Families {
  /// One family at one size; `sizes` replace its constants.
  static func scenario(_ name: String, _ sizes: [String: Int]) throws -> Scenario {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Families")
    let file = folder.appending(path: "\(name).heddle")
    let text = try String(contentsOf: file, encoding: .utf8)
    return try Scenario(text: text, file: "\(name).heddle", constants: sizes)
  }
}
