import Foundation

/// A `.heddle` file, named relative to the file of the test.
public struct ScenarioFile: Sendable, Hashable, CustomStringConvertible {
  /// The path as it was given; messages and reports show it.
  public let path: String
  /// The path from the root of the file system.
  public let absolutePath: String

  /// Names a file.
  ///
  /// - Parameters:
  ///   - path: The path, from the folder of the test's file unless it begins with `/`.
  ///   - filePath: The test's file.
  public init(_ path: String, filePath: StaticString = #filePath) {
    self.path = path
    absolutePath = ScenarioFile.absolute(path, filePath)
  }

  /// The path as it was given.
  public var description: String { path }

  /// All `.heddle` files below a folder, by name, for the arguments of a parameterised test.
  ///
  /// Hidden files are left out. Where there is no scenario, the result is the folder itself, which fails every expectation: a test
  /// without arguments would pass.
  ///
  /// - Parameters:
  ///   - path: The folder, from the folder of the test's file unless it begins with `/`.
  ///   - filePath: The test's file.
  /// - Returns: The files.
  public static func folder(
    _ path: String,
    filePath: StaticString = #filePath
  ) -> [ScenarioFile] {
    let below = FileManager.default.enumerator(
      at: URL(filePath: absolute(path, filePath), directoryHint: .isDirectory),
      includingPropertiesForKeys: nil,
      options: [.skipsHiddenFiles]
    )
    let root = URL(filePath: absolute(path, filePath)).standardizedFileURL.path + "/"
    var names: [String] = []
    while let url = below?.nextObject() as? URL {
      let file = url.standardizedFileURL.path
      if file.hasSuffix(".heddle"), file.hasPrefix(root) {
        names.append(String(file.dropFirst(root.count)))
      }
    }
    guard !names.isEmpty else { return [ScenarioFile(path, filePath: filePath)] }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
      .map { ScenarioFile(path + "/" + $0, filePath: filePath) }
  }

  /// The content.
  func bytes() throws -> [UInt8] {
    guard FileManager.default.isReadableFile(atPath: absolutePath) else {
      throw Unreadable(message: "there is no scenario '\(path)'; looked for \(absolutePath)")
    }
    let url = URL(filePath: absolutePath)
    guard try url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory != true else {
      throw Unreadable(message: "there is no scenario (*.heddle) below '\(path)'")
    }
    return Array(try Data(contentsOf: url))
  }

  /// Why there is nothing to read.
  struct Unreadable: Error {
    let message: String
  }

  private static func absolute(_ path: String, _ filePath: StaticString) -> String {
    guard !path.hasPrefix("/") else { return path }
    return URL(filePath: "\(filePath)").deletingLastPathComponent().appending(path: path)
      .standardizedFileURL.path
  }
}
