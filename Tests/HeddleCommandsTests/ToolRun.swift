import Foundation
import Synchronization

@testable import HeddleCommands

/// One call of the tool in this process, with what it wrote.
struct ToolRun {
  let status: Int32
  let output: String
  let notes: String

  /// Runs `heddle` with arguments; the clock stands still, so that equal calls give equal bytes.
  init(
    _ arguments: [String],
    columns: Int = 88,
    memoryLeft: @escaping @Sendable () -> Int? = { nil }
  ) {
    let output = Memory()
    let notes = Memory()
    let surroundings = Surroundings(
      output: Sink(isTerminal: false) { output.append($0) },
      notes: Sink(isTerminal: false) { notes.append($0) },
      environment: [:],
      columns: columns,
      now: { .zero },
      interruption: .never,
      availableMemory: { nil },
      memoryLeft: memoryLeft
    )
    status = HeddleTool.run(arguments, surroundings).rawValue
    self.output = output.text
    self.notes = notes.text
  }
}

/// Bytes that were written.
private final class Memory: Sendable {
  private let bytes = Mutex<[UInt8]>([])

  func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }

  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

/// A folder of its own for a test's files, removed at the end.
final class Folder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "heddle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file; returns its path.
  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }
}

/// The checkout that the tests are in.
enum Checkout {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// All files below a folder with an extension, sorted.
  static func files(below folder: String, _ suffix: String) -> [String] {
    let files = FileManager.default.enumerator(atPath: root + "/" + folder)
    return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(suffix) }.sorted()
      .map { root + "/" + folder + "/" + $0 }
  }
}
