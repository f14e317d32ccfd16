import Foundation
import Testing

/// Compares `actual` with the text of `Golden/<name>` next to this file.
///
/// With `RECORD_GOLDEN=1` the file is rewritten and the test fails, so that a recording run can never be mistaken for a
/// passing one. A missing file fails too: it is never created silently.
func expectGolden(
  _ actual: String,
  _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
  if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
    try actual.write(to: url, atomically: true, encoding: .utf8)
    Issue.record("recorded Golden/\(name); review it with git diff", sourceLocation: sourceLocation)
    return
  }
  let expected = try #require(
    try? String(contentsOf: url, encoding: .utf8),
    "no Golden/\(name); run with RECORD_GOLDEN=1",
    sourceLocation: sourceLocation
  )
  guard actual != expected else { return }
  Attachment.record(actual, named: "\(name).actual", sourceLocation: sourceLocation)
  Issue.record("\(firstDifference(expected, actual))", sourceLocation: sourceLocation)
}

private func firstDifference(_ expected: String, _ actual: String) -> Comment {
  let left = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let right = actual.split(separator: "\n", omittingEmptySubsequences: false)
  for index in 0..<max(left.count, right.count) {
    let old = index < left.count ? left[index] : "(end)"
    let new = index < right.count ? right[index] : "(end)"
    if old != new { return "line \(index + 1) differs\n- \(old)\n+ \(new)" }
  }
  return "the texts differ"
}
