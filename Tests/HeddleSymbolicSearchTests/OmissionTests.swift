import Foundation
import HeddleChecking
import HeddleProgram
import Testing

@testable import HeddleSymbolicSearch

/// What each constraint is there for: without it, some scenario gets another answer.
@Suite(.enabled(if: hasSolver)) struct `Every constraint is needed` {
  /// What the engine says, as comparable text: findings, whether it is complete, and mistakes that a replay shows.
  static func answer(_ text: String, without label: ConstraintLabel?) throws -> String {
    let question = Question(try program(text))
    let engine = SymbolicEngine(omitting: label.map { [$0] } ?? [], workPerCheck: 2_000_000)
    let answer = engine.answer(question, supervisor: .none)
    let findings = answer.findings.map {
      "\($0.key.kind.rawValue) \($0.key.subject(in: question.program))"
    }
    let limit = answer.limit == nil ? "complete" : "open"
    do {
      _ = try Checker(engine: Recorded(answer: answer)).check(question)
      return "\(limit) \(findings)"
    } catch { return "\(limit) \(findings), which does not replay" }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["HEDDLE_SYMBOLIC_SEARCH"] != nil))
  func `a search for scenarios`() throws {
    let all =
      Construct.ofLocks + Construct.ofQueues + Construct.ofEvents + Construct.ofThreads
      + Construct.ofMemory + Construct.ofValues
    for label in ConstraintLabel.allCases {
      var found: [String] = []
      for construct in all where found.count < 3 {
        let (with, without) = (
          try Self.answer(construct.text, without: nil),
          try Self.answer(construct.text, without: label)
        )
        if with != without { found.append("\(construct.claim): \(with) -> \(without)") }
      }
      print("LABEL \(label.rawValue): \(found)")
    }
  }
}
