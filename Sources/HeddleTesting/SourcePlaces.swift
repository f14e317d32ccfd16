import Foundation
import Heddle
import HeddleBuilder
import HeddleDiagnostics

/// Where an issue is shown.
enum IssuePlace {
  /// In a Swift file.
  case swift(SwiftLocation)
  /// In a scenario's file.
  case scenario(ScenarioFile, line: Int, column: Int)
}

/// From places of a scenario's text to those where people wrote it.
struct SourcePlaces {
  let origin: ScenarioOrigin
  /// The line of the expectation.
  let call: SwiftLocation

  /// The place of a span of the text.
  func place(of span: SourceSpan, in source: SourceFile) -> IssuePlace {
    let location = source.location(of: span.start)
    switch origin {
    case .loaded: return .swift(call)
    case .file(let file): return .scenario(file, line: location.line, column: location.column)
    case .definition(let definition):
      return .swift(definition.location(ofLine: location.line) ?? call)
    case .text(let text):
      guard let literal = LiteralPlace(of: text, near: call) else { return .swift(call) }
      return .swift(
        SwiftLocation(
          fileID: call.fileID,
          filePath: call.filePath,
          line: UInt(literal.firstLine + location.line - 1),
          column: UInt(literal.indentation + location.column)
        )
      )
    }
  }
}

/// Where a literal that spells a text stands in a Swift file.
///
/// The file is read and searched for the lines of the text, because a literal does not know its place. Where the file is not at hand, or
/// the literal spells the text with escapes, there is none.
struct LiteralPlace {
  /// The line of the text's first line, from 1.
  let firstLine: Int
  /// How many bytes the lines are indented.
  let indentation: Int

  /// The first such literal at or after a call, else the last one before it.
  init?(of text: String, near call: SwiftLocation) {
    guard let file = try? String(contentsOfFile: "\(call.filePath)", encoding: .utf8) else {
      return nil
    }
    let lines = file.split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let head = wanted.firstIndex(where: { !$0.isEmpty }) else { return nil }
    var best: (line: Int, indentation: Int)?
    for start in lines.indices where start + wanted.count <= lines.count {
      guard let indentation = Self.indentation(of: wanted[head], in: lines[start + head]),
        zip(wanted, lines[start...]).allSatisfy({ Self.matches($0, $1, indentation) })
      else { continue }
      if best == nil || best.map({ $0.line < Int(call.line) }) == true {
        best = (start + 1, indentation)
      }
    }
    guard let best else { return nil }
    firstLine = best.line
    indentation = best.indentation
  }

  /// How far a line of a multi-line literal is indented if it spells `text`; for a literal on one line, where the text begins.
  private static func indentation(of text: Substring, in line: Substring) -> Int? {
    if line.hasSuffix(text), line.dropLast(text.count).allSatisfy(\.isWhitespace) {
      return line.utf8.count - text.utf8.count
    }
    return line.range(of: "\"\(text)\"").map { range in
      line.utf8.distance(from: line.startIndex, to: range.lowerBound) + 1
    }
  }

  private static func matches(_ text: Substring, _ line: Substring, _ indentation: Int) -> Bool {
    if text.isEmpty { return line.allSatisfy(\.isWhitespace) || line.hasSuffix("\"\"") }
    return line.utf8.count >= indentation + text.utf8.count
      && line.utf8.dropFirst(indentation).starts(with: text.utf8)
  }
}
