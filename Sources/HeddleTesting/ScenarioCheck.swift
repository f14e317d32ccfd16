import Heddle
import HeddleBuilder
import HeddleChecking
import HeddleDiagnostics
import HeddleReports

/// One expectation at work: it loads the scenario, verifies it, and reports what is not as it should be.
struct ScenarioCheck {
  let origin: ScenarioOrigin
  let constants: [String: Int]
  let options: VerifyOptions
  let engine: (any Engine)?
  let allowsInconclusive: Bool
  let call: SwiftLocation

  private var places: SourcePlaces { SourcePlaces(origin: origin, call: call) }
  private var report: IssueReport { IssueReport(places: places) }

  /// The result; `nil`, and an issue, if there is no scenario to verify.
  func run() -> CheckResult? {
    do {
      let scenario = try load()
      let supervisor = Supervisor.stopping(after: options.limits.seconds)
      let start = ContinuousClock.now
      var result = try scenario.verify(options, engine: engine, supervisor: supervisor)
      result.statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
      return result
    } catch let invalid as InvalidScenario {
      let error = invalid.diagnostics.first { $0.severity == .error }
      let place = error.map { places.place(of: $0.span, in: invalid.source) } ?? .swift(call)
      report.record("this is no scenario:\n\n\(invalid.description)", at: place)
    } catch let unreadable as ScenarioFile.Unreadable {
      report.record(unreadable.message, at: .swift(call))
    } catch {
      report.record("internal error of Heddle: \(error)", at: .swift(call))
    }
    return nil
  }

  private func load() throws -> Scenario {
    switch origin {
    case .loaded(let scenario): return scenario
    case .definition(let definition): return try Scenario(definition, constants: constants)
    case .file(let file):
      return try Scenario(bytes: file.bytes(), file: file.path, constants: constants)
    case .text(let text): return try Scenario(text: text, file: textName, constants: constants)
    }
  }

  /// A literal is named after the file in which it stands.
  private var textName: String {
    let name = call.fileName
    return (name.hasSuffix(".swift") ? String(name.dropLast(6)) : name) + ".heddle"
  }

  // MARK: Verdicts

  /// Reports an issue unless the verdict is `pass`, or it is inconclusive and that is allowed.
  func expectPass(_ result: CheckResult, otherwise claim: String) {
    switch result.verdict {
    case .pass: return
    case .inconclusive:
      guard !allowsInconclusive else { return }
      report.record(
        "\(result.program.name) is inconclusive: a limit was reached before every order was tried",
        result,
        at: .swift(call)
      )
    case .fail:
      let titles = result.errors.map { "\($0.explanation.title) [\($0.kind.code)]" }
      report.record(
        "\(result.program.name) \(claim): \(titles.joined(separator: "; "))",
        result,
        at: place(of: result.errors.first, result)
      )
    }
  }

  /// Reports an issue unless the finding is among the result's.
  func expectFinding(_ kind: FindingKind, on subjects: [String], _ result: CheckResult) {
    guard !result.shows(kind, on: subjects) else { return }
    let about = subjects.isEmpty ? "" : " on " + subjects.joined(separator: ", ")
    let found = result.findings.map { "\($0.kind.rawValue) on \($0.subject)" }
    let rest = found.isEmpty ? "nothing is found" : "found is " + found.joined(separator: "; ")
    let extent = result.limit == nil ? "no order shows it" : "no order shows it up to a limit"
    report.record(
      "\(result.program.name) was expected to show \(kind.rawValue)\(about), but \(extent); \(rest)",
      result,
      at: .swift(call)
    )
  }

  /// Reports an issue unless the result is what the `expect` lines say.
  func expectDeclared(_ result: CheckResult) {
    guard !result.isExpected else { return }
    if result.verdict == .inconclusive, allowsInconclusive, result.unmetFindings.isEmpty { return }
    var place = place(of: result.unexpectedErrors.first, result)
    if result.unexpectedErrors.isEmpty, let line = result.unmetFindings.first {
      place = places.place(of: line.span, in: result.program.source)
    }
    report.record(
      "\(result.program.name) is not as it declares: "
        + result.surprises.joined(separator: "; "),
      result,
      at: place
    )
  }

  private func place(of finding: Finding?, _ result: CheckResult) -> IssuePlace {
    guard let finding else { return .swift(call) }
    return places.place(of: finding.place(in: result.program), in: result.program.source)
  }
}
