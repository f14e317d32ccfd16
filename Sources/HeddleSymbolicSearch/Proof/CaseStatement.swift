import HeddleChecking
import HeddleProgram
import HeddleSolver

/// The cases of a proof in the words of the scenario, and in the form that is stored.
struct CaseStatement {
  private let statement: ProofStatement
  private let graph: ControlGraph
  private(set) var cases: [Proof.Case] = []
  /// What can be said of many cases at once.
  private(set) var summary: [String] = []

  private var system: ProofSystem { statement.system }
  private var program: Program { statement.program }

  /// `nil` if a relation has no words.
  init?(_ statement: ProofStatement, _ proof: HornProof) {
    self.statement = statement
    graph = proof.graph
    for (number, relation) in proof.relations.enumerated() {
      guard let clauses = system.terms.linearClauses(of: relation) else { return nil }
      // No run comes to a state with a relation that nothing satisfies.
      if clauses.contains(where: \.isEmpty) { continue }
      let places = places(in: number)
      let quantities = quantities(in: number, places)
      var claims: [Proof.Claim] = []
      for clause in clauses {
        let alternatives = clause.map { comparison($0, quantities) }
        guard !alternatives.contains(nil) else { return nil }
        claims.append(claim(alternatives.compactMap { $0 }))
      }
      var values: [Int: Int] = [:]
      for case (.slot(let slot), let value) in graph.states[number].values { values[slot] = value }
      cases.append(Proof.Case(places: places, values: values, claims: claims))
    }
    summary = summarized()
  }

  // MARK: The stored form

  /// By thread: where it is.
  private func places(in state: Int) -> [Proof.Place] {
    program.instances.indices.map { thread in
      guard let group = system.group(of: thread) else { return .unstarted }
      let place = statement.place(group, graph.states[state].points[group])
      guard case .before(let position, var registers) = place else { return place }
      for case (.register(let register, group), let value) in graph.states[state].values {
        registers[register] = value
      }
      return .before(position, registers: registers)
    }
  }

  /// What the unknowns in the relation of a state stand for.
  private func quantities(
    in state: Int,
    _ places: [Proof.Place]
  ) -> [IntegerTerm: Proof.Quantity] {
    var result: [IntegerTerm: Proof.Quantity] = [:]
    for (number, input) in system.inputs.enumerated() {
      result[input] = .initial(statement.slot(ofInput: number))
    }
    for cell in graph.numbers(in: state) {
      switch cell {
      case .slot(let slot): result[graph.term(cell)] = .variable(slot)
      case .register(let register, let group):
        let thread = system.groups[group].threads.lowerBound
        result[graph.term(cell)] = .register(register, ThreadID(thread), places[thread])
      }
    }
    return result
  }

  private func comparison(
    _ comparison: LinearComparison,
    _ quantities: [IntegerTerm: Proof.Quantity]
  ) -> Proof.Comparison? {
    var parts: [Proof.Part] = []
    let unknowns = system.terms.unknownIntegers(in: [], Array(comparison.coefficients.keys))
    for unknown in unknowns {
      // What has no opposite in 64 bits could not be told on the other side.
      guard let quantity = quantities[unknown], let factor = comparison.coefficients[unknown],
        factor != Int.min
      else { return nil }
      parts.append(Proof.Part(factor: factor, quantity: quantity))
    }
    if comparison.constant != 0 {
      parts.append(Proof.Part(factor: comparison.constant, quantity: .one))
    }
    return Proof.Comparison(parts: parts, isEquation: comparison.isEquation)
  }

  // MARK: Words

  private func claim(_ alternatives: [Proof.Comparison]) -> Proof.Claim {
    Proof.Claim(
      text: alternatives.map { words($0) }.joined(separator: " or "),
      alternatives: alternatives
    )
  }

  /// What is added on one side, what is subtracted on the other.
  private func words(_ comparison: Proof.Comparison) -> String {
    let quantities = comparison.parts.filter { $0.quantity != .one }
    let constant = comparison.parts.first { $0.quantity == .one }?.factor ?? 0
    if constant == Program.none, quantities.map(\.factor) == [-1] {
      return "\(statement.words(quantities[0].quantity)) is none"
    }
    var left = quantities.filter { $0.factor > 0 }
    var right = quantities.filter { $0.factor < 0 }.map {
      Proof.Part(factor: -$0.factor, quantity: $0.quantity)
    }
    var relation = comparison.isEquation ? "is" : "is at least"
    if constant == Int.min { left.append(Proof.Part(factor: constant, quantity: .one)) }
    var rest = constant == Int.min ? 0 : -constant
    if left.isEmpty {
      (left, right) = (right, [])
      rest = constant
      if !comparison.isEquation { relation = "is at most" }
    }
    if rest != 0 || right.isEmpty { right.append(Proof.Part(factor: rest, quantity: .one)) }
    return "\(statement.sum(left)) \(relation) \(statement.sum(right))"
  }

  /// What holds in every case, or wherever a variable has some value.
  private func summarized() -> [String] {
    var holders: [String: Set<Int>] = [:]
    var order: [String] = []
    for (number, example) in cases.enumerated() {
      for claim in example.claims where isAboutVariables(claim) {
        if holders[claim.text] == nil { order.append(claim.text) }
        holders[claim.text, default: []].insert(number)
      }
    }
    let known = Set(cases.flatMap { $0.values.map { Known(slot: $0.key, value: $0.value) } })
    return order.compactMap { text in
      let holding = holders[text] ?? []
      if holding.count == cases.count { return "\(text), always" }
      let wherever = known.filter { known in
        cases.indices.allSatisfy {
          cases[$0].values[known.slot] != known.value || holding.contains($0)
        }
      }
      return wherever.min().map { "\(text) while \(words($0))" }
    }
  }

  private func isAboutVariables(_ claim: Proof.Claim) -> Bool {
    claim.alternatives.allSatisfy { comparison in
      comparison.parts.allSatisfy { part in
        if case .register = part.quantity { false } else { true }
      }
    }
  }

  /// A variable with one of its values.
  private struct Known: Hashable, Comparable {
    var slot: Int
    var value: Int

    static func < (left: Self, right: Self) -> Bool {
      (left.slot, left.value) < (right.slot, right.value)
    }
  }

  private func words(_ known: Known) -> String {
    let variable = program.variables[system.encoder.variableOfSlot[known.slot]]
    let value = system.encoder.text(of: known.value, as: variable.type)
    return "\(statement.variable(known.slot)) is \(value)"
  }
}
