import HeddleChecking
import HeddleProgram
import HeddleSymbolicSearch
import Testing

/// A scenario in which one construct decides.
struct Construct: CustomTestStringConvertible, Sendable {
  /// What must hold, or must not.
  var claim: String
  var text: String
  /// The kinds of findings, each named once, in the order of their codes.
  var kinds: [FindingKind] = []

  init(_ claim: String, _ kinds: [FindingKind], _ text: String) {
    self.claim = claim
    self.text = text
    self.kinds = kinds
  }

  init(_ claim: String, _ text: String) { self.init(claim, [], text) }

  var testDescription: String { claim }
}

/// Each construct alone: a constraint too many or too few in its encoding changes one of these verdicts.
@Suite(.enabled(if: hasSolver)) struct `Each construct has its meaning in constraints` {
  @Test(arguments: Construct.ofLocks + Construct.ofQueues + Construct.ofEvents)
  func `locks, queues and events`(construct: Construct) throws { try check(construct) }

  @Test(arguments: Construct.ofThreads + Construct.ofMemory + Construct.ofValues)
  func `threads, memory and values`(construct: Construct) throws { try check(construct) }

  private func check(_ construct: Construct) throws {
    let result = try differences(construct.text)
    #expect(result.differences.isEmpty)
    #expect(result.isComplete, "\(result.limit ?? "")")
    let question = Question(try program(construct.text))
    let found = try Checker(engine: SymbolicEngine()).check(question)
    let kinds = found.findings.map(\.kind) + found.findings.flatMap(\.consequences).map(\.kind)
    #expect(Set(kinds) == Set(construct.kinds))
  }
}
