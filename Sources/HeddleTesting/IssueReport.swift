import Foundation
import Heddle
import HeddleBuilder
import HeddleChecking
import HeddleDiagnostics
import HeddleReports
import IssueReporting
import Testing
import XCTest

/// Tells the test runner, Swift Testing or XCTest, what is wrong.
struct IssueReport {
  let places: SourcePlaces

  /// Records an issue at a place.
  ///
  /// XCTest takes places in Swift files only; there, an issue in a scenario's file is shown at the expectation, and its message names the line.
  func record(_ message: String, at place: IssuePlace) {
    switch place {
    case .swift(let location): record(message, in: location)
    case .scenario(let file, let line, let column):
      guard Test.current != nil || Self.runsSwiftTesting else {
        return record(message, in: places.call)
      }
      Issue.record(
        Comment(rawValue: message),
        sourceLocation: Testing.SourceLocation(
          fileID: Self.fileID(of: file),
          filePath: file.absolutePath,
          line: line,
          column: column
        )
      )
    }
  }

  /// Records an issue with the whole report as its message, and attaches the reports.
  func record(_ headline: String, _ result: CheckResult, at place: IssuePlace) {
    let report = TextReport().details(of: result)
    attach(result, report)
    var paragraphs = [headline + "\n", report + "\n" + coverage(of: result) + "\n"]
    if case .definition(let definition) = places.origin {
      paragraphs.append(listing(of: definition))
    }
    record(paragraphs.joined(separator: "\n"), at: place)
  }

  // MARK: Parts of the message

  private func coverage(of result: CheckResult) -> String {
    let amounts =
      "\(result.statistics.states) states, \(result.statistics.transitions) transitions"
    return result.limit == nil ? "complete: \(amounts)" : "stopped at a limit: \(amounts)"
  }

  /// The text whose lines the report names, with the Swift lines that it comes from.
  private func listing(of definition: ScenarioDefinition) -> String {
    let lines = definition.source.split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast()
    let origins = lines.indices.map { index in
      definition.location(ofLine: index + 1)?.description ?? ""
    }
    let width = origins.map(\.count).max() ?? 0
    var text = "The lines of \(definition.sourceFile.name), and where they come from:\n\n"
    for (index, line) in lines.enumerated() {
      let number = String(index + 1)
      let margin = String(repeating: " ", count: String(lines.count).count - number.count)
      let gap = String(repeating: " ", count: width - origins[index].count)
      let row = "  \(margin)\(number)  \(origins[index])\(gap)  \(line)"
      text += (line.isEmpty ? "  \(margin)\(number)" : row) + "\n"
    }
    return text
  }

  // MARK: Runners

  private func record(_ message: String, in location: SwiftLocation) {
    if Test.current == nil, Self.runsSwiftTesting {
      // A detached task belongs to no test, and its issue must not be lost.
      Issue.record(
        Comment(rawValue: message),
        sourceLocation: Testing.SourceLocation(
          fileID: "\(location.fileID)",
          filePath: "\(location.filePath)",
          line: Int(location.line),
          column: Int(location.column)
        )
      )
      return
    }
    #if !canImport(Darwin)
    if case .xcTest? = TestContext.current {
      // IssueReporting takes every XCTest here for one in a host application, and would say so in the message.
      XCTFail(message, file: location.filePath, line: location.line)
      return
    }
    #endif
    reportIssue(
      message,
      fileID: location.fileID,
      filePath: location.filePath,
      line: location.line,
      column: location.column
    )
  }

  /// Whether the process is a run of Swift Testing, as SwiftPM starts it.
  private static let runsSwiftTesting: Bool = {
    let arguments = ProcessInfo.processInfo.arguments
    guard let option = arguments.firstIndex(of: "--testing-library") else { return false }
    return arguments.dropFirst(option + 1).first == "swift-testing"
  }()

  /// Attaches the reports in Swift Testing; each format is a line of `attachments`.
  private func attach(_ result: CheckResult, _ report: String) {
    guard Test.current != nil else { return }
    let name = result.program.name
    let attachments = [
      ("txt", report),
      ("json", JSONReport(version: HeddleVersion.current).text(of: [result])),
      ("html", HTMLReport(version: HeddleVersion.current, pages: [:]).text(of: [result])),
    ]
    for (fileExtension, text) in attachments {
      Attachment.record(text, named: "\(name).\(fileExtension)")
    }
    if case .definition(let definition) = places.origin {
      Attachment.record(definition.source, named: definition.sourceFile.name)
    }
  }

  /// Swift Testing wants a folder and a file.
  private static func fileID(of file: ScenarioFile) -> String {
    let parts = file.absolutePath.split(separator: "/")
    return parts.count < 2 ? "Scenarios/\(file.path)" : parts.suffix(2).joined(separator: "/")
  }
}
