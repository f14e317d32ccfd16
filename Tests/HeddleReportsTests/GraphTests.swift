import BigInt
import Foundation
import Heddle
import Testing

/// The graph of the page is explored apart from the engines, and has to agree with them.
@Suite struct `The embedded graph` {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  static let models: [String] = {
    let files = FileManager.default.enumerator(atPath: root + "/models")
    return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".heddle") }.sorted()
  }()

  @Test(arguments: models)
  func `has the engine's states, findings and numbers of orders`(model: String) throws {
    let path = Self.root + "/models/" + model
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    var options = VerifyOptions()
    options.countsOrders = true
    options.reductions = []
    let result = try Scenario(text: text, file: path).verify(options)
    guard let graph = EmbeddedGraph(of: result) else { return }
    #expect(graph.edges.count == result.statistics.transitions)
    #expect(graph.states.count == result.statistics.states)
    // The page finds out for itself how each state was discovered.
    var discoveries: [Int?] = Array(repeating: nil, count: graph.states.count)
    for (number, edge) in graph.edges.enumerated() {
      guard let target = edge.target, discoveries[target] == nil else { continue }
      discoveries[target] = number
    }
    for case let beginning? in graph.beginnings.map(\.state) { discoveries[beginning] = nil }
    #expect(graph.states.map(\.discovery) == discoveries)

    let endless: [FindingKind] = [.blockedForever, .neverTerminates, .daemonBlocked, .vacuous]
    let found =
      graph.states.flatMap(\.findings) + graph.edges.flatMap(\.findings)
      + graph.beginnings.flatMap(\.findings)
    let reported = result.findings.flatMap { [$0.key] + $0.consequences.map(\.key) }
    #expect(
      Set(found.filter { !endless.contains($0.kind) })
        == Set(reported.filter { !endless.contains($0.kind) })
    )

    if let orders = result.orders, graph.beginnings.allSatisfy({ $0.state != nil }) {
      let counts = graph.beginnings.compactMap { $0.state.map { graph.continuations[$0].orders } }
      #expect(counts.reduce(BigInt(0)) { $0 + ($1 ?? -1) } == orders)
    }
    for finding in result.findings where finding.trace != nil {
      let schedule = try #require(finding.trace?.schedule)
      let walk = try #require(graph.walk(schedule))
      // From every state before the finding on, some order shows it.
      if finding.severity == .error, let first = walk.first {
        let keys = graph.continuations[first].counts.map(\.key)
        #expect(keys.contains(finding.key), "\(finding.key)")
      }
    }
    if result.verdict == .pass {
      for continuations in graph.continuations {
        #expect(continuations.counts.isEmpty && !continuations.isUndecided)
        #expect(continuations.clean == continuations.orders)
      }
    }
  }

  @Test func `counts two unlocked increments as they are counted by hand`() throws {
    // Orders of a1 a2 b1 b2: six. Serial: a1 a2 b1 b2 and b1 b2 a1 a2. The other four lose an update.
    let text = "atomic shared x = 0\nthread t * 2 { let old = x; x = old + 1 }\n"
    let graph = try #require(EmbeddedGraph(of: try Scenario(text: text).verify()))
    let all = graph.continuations[0]
    #expect(all.orders == 6)
    #expect(all.clean == 2)
    #expect(all.counts.map(\.orders) == [4])
    // After a1: a2 b1 b2 passes, b1 a2 b2 and b1 b2 a2 do not.
    let edge = graph.edges[graph.states[0].edges.lowerBound]
    let first = try #require(edge.target)
    #expect(graph.continuations[first].orders == 3)
    #expect(graph.continuations[first].clean == 1)
    // Runs end with 2 or with 1, in two orders and in four.
    let ends = graph.outcomes.map { ($0.values[0].value, $0.orders) }
    #expect(ends.count == 2)
    #expect(ends.contains { $0.0 == "2" && $0.1 == 2 })
    #expect(ends.contains { $0.0 == "1" && $0.1 == 4 })
  }

  @Test func `is not made where there is more than a page can hold`() throws {
    let text = "thread t * 4 { sleep 1; sleep 1; sleep 1; sleep 1; sleep 1; sleep 1; sleep 1 }\n"
    #expect(EmbeddedGraph(of: try Scenario(text: text).verify()) == nil)
  }
}
