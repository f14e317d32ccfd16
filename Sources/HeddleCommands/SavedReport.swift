#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `heddle replay` reads of a JSON report; everything else in it is ignored.
struct SavedReport: Equatable {
  /// The largest report that is read, in bytes.
  static let sizeLimit = 256 << 20

  /// A finding with an order.
  struct Finding: Equatable, Decodable {
    var code: String
    var message: String
    var schedule: String?
  }

  private struct Scenario: Equatable, Decodable {
    var name: String
    var file: String
    var findings: [Finding]
  }

  private struct Document: Equatable, Decodable {
    var schema: Int
    var scenarios: [Scenario]
  }

  private struct Header: Decodable {
    var schema: Int
  }

  private let scenarios: [Scenario]

  /// Reads a report.
  init(bytes: [UInt8]) throws(CommandFailure) {
    guard bytes.count <= Self.sizeLimit else {
      throw CommandFailure("the report is larger than \(Self.sizeLimit >> 20) MiB")
    }
    do {
      let decoder = JSONDecoder()
      let header = try decoder.decode(Header.self, from: Data(bytes))
      guard header.schema == 1 else {
        throw CommandFailure(
          "the report has schema \(header.schema), and this version of Heddle reads schema 1"
        )
      }
      scenarios = try decoder.decode(Document.self, from: Data(bytes)).scenarios
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("the report is not JSON as `heddle verify --format json` writes it")
    }
  }

  /// A finding of a scenario that has an order to replay.
  ///
  /// Findings are numbered from 1; without a number it is the first that has an order. The file decides between scenarios
  /// with one name.
  func finding(
    _ number: Int?,
    ofScenario name: String,
    file: String
  ) throws(CommandFailure) -> (code: String, message: String, schedule: String) {
    let named = scenarios.filter { $0.name == name }
    guard let scenario = named.first(where: { $0.file == file }) ?? named.first else {
      let names = scenarios.map(\.name).joined(separator: ", ")
      throw CommandFailure(
        "the report says nothing about '\(name)'\(names.isEmpty ? "" : "; it is about \(names)")"
      )
    }
    let findings = scenario.findings
    guard let number else {
      for finding in findings {
        if let schedule = finding.schedule { return (finding.code, finding.message, schedule) }
      }
      throw CommandFailure("the report has no finding of '\(name)' with an order to replay")
    }
    guard findings.indices.contains(number - 1) else {
      throw CommandFailure(
        "the report has no finding \(number) of '\(name)'; it has \(findings.count)"
      )
    }
    let finding = findings[number - 1]
    guard let schedule = finding.schedule else {
      throw CommandFailure("finding \(number) is shown by no order, so there is none to replay")
    }
    return (finding.code, finding.message, schedule)
  }
}
