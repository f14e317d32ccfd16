import Foundation
import Testing

/// One case of `Tests/Conformance/cases.json`: operations of named threads in a given order.
struct ConformanceCase: Decodable, Sendable, CustomTestStringConvertible {
  /// What Heddle does where it does not do what CPython does.
  enum Departure: Decodable, Sendable, Equatable {
    /// The scenario is not accepted.
    case refused
    /// The language has no way to say it.
    case notWritable
    /// Other things happen.
    case happens([String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let lines = try? container.decode([String].self) {
        self = .happens(lines)
        return
      }
      switch try container.decode(String.self) {
      case "refused": self = .refused
      case "not writable": self = .notWritable
      case let other:
        throw DecodingError.dataCorruptedError(in: container, debugDescription: other)
      }
    }
  }

  /// One operation of one thread, or the passing of its timeout.
  struct Step: Sendable {
    var thread: String
    var operation: String
    /// As it stands in the file.
    var text: String { "\(thread) \(operation)" }
  }

  var name: String
  private var objects: [String]?
  private var threads: [String]?
  private var daemons: [String]?
  private var exits: Bool?
  private var fifo: Bool?
  private var stepTexts: [String]
  /// Why several outcomes are possible, if so.
  var open: String?
  var heddle: Departure?
  /// The reason for a departure.
  var why: String?

  private enum CodingKeys: String, CodingKey {
    case name, objects, threads, daemons, exits, fifo, open, heddle, why
    case stepTexts = "steps"
  }

  var testDescription: String { name }

  var steps: [Step] {
    stepTexts.map { text in
      let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
      return Step(thread: parts[0], operation: parts[1])
    }
  }

  /// Python expressions by the names they are given.
  var declarations: [(name: String, expression: String)] {
    (objects ?? []).map { text in
      let parts = text.components(separatedBy: " = ")
      return (parts[0], parts[1])
    }
  }

  /// The names of all threads, sorted.
  var threadNames: [String] { Set(steps.map(\.thread) + (threads ?? [])).sorted() }

  /// Whether threads are started by `main`, instead of being there from the beginning.
  var hasMain: Bool { threadNames.contains("main") }

  /// Whether the last step is the end of the main thread, and the question is whether the program ends with it.
  var endsProgram: Bool { exits ?? false }

  var wakesInOrder: Bool { fifo ?? false }

  func isDaemon(_ thread: String) -> Bool { daemons?.contains(thread) ?? false }
}

/// The files next to the harness.
enum ConformanceFiles {
  static let cases: [ConformanceCase] = load("cases.json") ?? []
  /// By case: what CPython did in each step.
  static let recorded: [String: [String]] = load("recorded.json") ?? [:]

  private static func load<Content: Decodable>(_ name: String) -> Content? {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Conformance/\(name)")
    return (try? Data(contentsOf: file)).flatMap {
      try? JSONDecoder().decode(Content.self, from: $0)
    }
  }
}
