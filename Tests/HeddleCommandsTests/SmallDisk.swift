import Foundation

/// A file system of 64 KiB in memory, mounted on a folder of its own; only root may do that, and only on Linux.
final class SmallDisk {
  private let folder: Folder
  var path: String { folder.path }

  /// Whether this process may mount one.
  static let isPossible: Bool = (try? SmallDisk()) != nil

  private struct CannotMount: Error {}

  init() throws {
    folder = try Folder()
    let options = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path]
    guard try Self.call("mount", options) else { throw CannotMount() }
  }

  deinit { _ = try? Self.call("umount", [path]) }

  private static func call(_ program: String, _ arguments: [String]) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  /// Writes until nothing more fits.
  func fill() throws {
    let file = path + "/rest"
    try Data().write(to: URL(filePath: file))
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    defer { try? handle.close() }
    let bytes = Data(count: 512)
    while (try? handle.write(contentsOf: bytes)) != nil {}
  }

  /// The names of all files, hidden ones too, sorted.
  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
