import HeddleDiagnostics

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The schedules of a JSON report, to be replayed.
public struct TraceFile: Sendable, Equatable {
  /// One finding of the report that has an order.
  public struct Entry: Sendable, Equatable {
    /// The scenario's name.
    public var scenario: String
    /// The scenario's file, as it was given when the report was made.
    public var file: String
    /// The finding's number in its scenario, from 1, as the report lists them.
    public var number: Int
    /// Its code, for example `HD101`.
    public var code: String
    /// What it is about.
    public var subject: String
    /// The order, for `Schedule(parsing:in:)`.
    public var schedule: String
  }

  /// What can be replayed, in the order of the report.
  public let entries: [Entry]

  /// The largest file that is read, in bytes.
  public static let maximumSize = 256 << 20
  /// The deepest nesting that is read; a report has 8 levels.
  static let maximumDepth = 32

  /// Reads a report.
  ///
  /// - Throws: ``TraceFileError`` for anything that is not a report of schema version 1.
  /// - Complexity: O(bytes).
  public init(_ bytes: [UInt8]) throws(TraceFileError) {
    guard bytes.count <= Self.maximumSize else { throw TraceFileError(reason: .tooLarge) }
    if let depth = Self.depth(of: bytes), depth > Self.maximumDepth {
      throw TraceFileError(reason: .tooDeep)
    }
    let report: Report
    do {
      report = try JSONDecoder().decode(Report.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw TraceFileError(error)
    } catch {
      throw TraceFileError(reason: .notJSON)
    }
    guard report.schema == JSONReport.schema else {
      throw TraceFileError(reason: .otherSchema(report.schema))
    }
    var entries: [Entry] = []
    for scenario in report.scenarios {
      for (index, finding) in scenario.findings.enumerated() {
        guard let schedule = finding.schedule else { continue }
        entries.append(
          Entry(
            scenario: scenario.name,
            file: scenario.file,
            number: index + 1,
            code: finding.code,
            subject: finding.subject,
            schedule: schedule
          )
        )
      }
    }
    guard !entries.isEmpty else { throw TraceFileError(reason: .noTraces) }
    self.entries = entries
  }

  /// How deep arrays and objects are nested; `nil` if brackets do not match.
  private static func depth(of bytes: [UInt8]) -> Int? {
    var depth = 0
    var deepest = 0
    var isInString = false
    var isEscaped = false
    for byte in bytes {
      if isEscaped {
        isEscaped = false
      } else if isInString {
        if byte == UInt8(ascii: "\\") { isEscaped = true }
        if byte == UInt8(ascii: "\"") { isInString = false }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "["), UInt8(ascii: "{"):
          depth += 1
          deepest = max(deepest, depth)
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
        default: break
        }
      }
    }
    return deepest
  }

  private struct Report: Decodable {
    var schema: Int
    var scenarios: [Scenario]
  }

  private struct Scenario: Decodable {
    var name: String
    var file: String
    var findings: [Finding]
  }

  private struct Finding: Decodable {
    var code: String
    var subject: String
    var schedule: String?
  }
}

/// Why a file is not a report with traces.
public struct TraceFileError: Error, Sendable, Equatable {
  /// What is wrong.
  public enum Reason: Sendable, Equatable {
    case tooLarge
    case tooDeep
    case notJSON
    /// The value at a path such as `scenarios[0].name` is missing.
    case missing(path: String)
    /// The value at a path has another type.
    case wrongType(path: String)
    case otherSchema(Int)
    case noTraces
  }

  /// What is wrong.
  public var reason: Reason

  init(reason: Reason) { self.reason = reason }

  init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      reason = .missing(path: Self.path(context.codingPath + [key]))
    case .valueNotFound(_, let context), .typeMismatch(_, let context):
      reason = .wrongType(path: Self.path(context.codingPath))
    case .dataCorrupted(let context):
      reason =
        context.codingPath.isEmpty ? .notJSON : .wrongType(path: Self.path(context.codingPath))
    @unknown default: reason = .notJSON
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    var path = ""
    for key in keys {
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += (path.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return path
  }
}

extension TraceFileError: CustomStringConvertible {
  /// One sentence without a full stop.
  public var description: String {
    switch reason {
    case .tooLarge: "the file is larger than 256 MB, which no report of traces is"
    case .tooDeep: "the JSON is nested more deeply than a report is"
    case .notJSON: "the file is not JSON"
    case .missing(let path): "'\(printable(path))' is missing: the file is not a report of Heddle's"
    case .wrongType(let path):
      path.isEmpty
        ? "the file is JSON, but not a report of Heddle's"
        : "'\(printable(path))' has another type than in a report of Heddle's"
    case .otherSchema(let schema):
      "the report has schema version \(schema); this version reads \(JSONReport.schema)"
    case .noTraces: "the report has no finding with a trace"
    }
  }
}
