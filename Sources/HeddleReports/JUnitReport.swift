public import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import Mustache

/// Results as JUnit XML, in the form that CI servers read: one test case for each scenario.
///
/// A scenario that is not as expected is a `failure`, one that is inconclusive and should not be an `error`; both hold the
/// text report. The form is that of Jenkins' `junit-10.xsd`, without the time of day and the machine's name, which are
/// not the same for equal questions.
public struct JUnitReport: Sendable {
  private let version: String

  /// Writes reports of the given version of Heddle.
  public init(version: String) { self.version = version }

  /// The whole file.
  public func text(of results: [CheckResult]) -> String {
    let unexpected = results.filter { !$0.isExpected }
    let errors = unexpected.count { $0.verdict == .inconclusive }
    let context: [String: Any] = [
      "version": version,
      "tests": results.count,
      "failures": unexpected.count - errors,
      "errors": errors,
      "time": Self.seconds(results.reduce(0) { $0 + ($1.statistics.seconds ?? 0) }),
      "cases": results.map(testCase),
    ]
    return Template.junit.render(context)
  }

  private func testCase(_ result: CheckResult) -> [String: Any] {
    var testCase: [String: Any] = [
      "classname": className(result.program.source.name),
      "name": printable(result.program.name),
      "time": Self.seconds(result.statistics.seconds ?? 0),
      "text": TextReport().details(of: result),
    ]
    if !result.isExpected {
      let isOpen = result.verdict == .inconclusive
      testCase["problem"] = [
        "element": isOpen ? "error" : "failure",
        "type": isOpen ? "inconclusive" : result.errors.first?.kind.code ?? "expectation",
        "message": Numbers.plain(message(result)),
        "text": TextReport().details(of: result),
      ]
    }
    return testCase
  }

  private func message(_ result: CheckResult) -> String {
    if result.program.expectations.isEmpty, !result.errors.isEmpty {
      return result.errors.map(\.message).joined(separator: "; ")
    }
    return result.surprises.joined(separator: "; ")
  }

  /// The folders of a file with dots between them, as servers group test cases by what looks like a package.
  private func className(_ path: String) -> String {
    let folders = path.split(separator: "/").dropLast().filter { $0 != "." && $0 != ".." }
    return folders.isEmpty ? "heddle" : printable(folders.joined(separator: "."))
  }

  /// Seconds with three digits behind the point.
  private static func seconds(_ seconds: Double) -> String {
    let milliseconds = Int((min(max(0, seconds), 1e12) * 1000).rounded())
    return "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
  }
}
