/// Terms with other terms in place of some unknowns, simplified anew.
public struct TermSubstitution {
  private let bank: TermBank
  private var replaced: [Int32: Int32] = [:]

  /// Nothing is replaced yet.
  public init(_ bank: TermBank) { self.bank = bank }

  /// Replaces an unknown; to be said before anything is asked.
  public mutating func replace(_ unknown: IntegerTerm, by term: IntegerTerm) {
    replaced[unknown.index] = term.index
  }

  /// Replaces an unknown; to be said before anything is asked.
  public mutating func replace(_ unknown: Formula, by formula: Formula) {
    replaced[unknown.index] = formula.index
  }

  /// The term with everything replaced.
  ///
  /// - Complexity: O(parts of the term that were not looked at before).
  public mutating func callAsFunction(_ term: IntegerTerm) -> IntegerTerm {
    IntegerTerm(index: result(term.index))
  }

  /// The formula with everything replaced.
  public mutating func callAsFunction(_ formula: Formula) -> Formula {
    Formula(index: result(formula.index))
  }

  private mutating func result(_ index: Int32) -> Int32 {
    var pending = [index]
    while let next = pending.last {
      guard replaced[next] == nil else {
        pending.removeLast()
        continue
      }
      let node = bank.node(next)
      let missing = node.parts.filter { replaced[$0] == nil }
      if missing.isEmpty {
        replaced[next] = rebuilt(next, node)
        pending.removeLast()
      } else {
        pending += missing
      }
    }
    return replaced[index] ?? index
  }

  private func rebuilt(_ index: Int32, _ node: TermNode) -> Int32 {
    func part(_ index: Int32) -> Int32 { replaced[index] ?? index }
    guard node.parts.contains(where: { part($0) != $0 }) else { return index }
    func formula(_ index: Int32) -> Formula { Formula(index: part(index)) }
    func integer(_ index: Int32) -> IntegerTerm { IntegerTerm(index: part(index)) }
    switch node {
    case .truth, .proposition, .integer, .variable: return index
    case .not(let inner): return bank.not(formula(inner)).index
    case .and(let parts): return bank.and(parts.map(formula)).index
    case .or(let parts): return bank.or(parts.map(formula)).index
    case .atMost(let parts, let count):
      let known = parts.map { bank.value(of: formula($0)) }
      let open = zip(parts, known).filter { $1 == nil }.map { formula($0.0) }
      let rest = count - known.count { $0 == true }
      return rest < 0 ? bank.no.index : bank.atMost(rest, of: open).index
    case .less(let left, let right): return bank.less(integer(left), integer(right)).index
    case .equal(let left, let right): return bank.equal(integer(left), integer(right)).index
    case .sum(let parts): return bank.sum(parts.map(integer)).index
    case .difference(let left, let right):
      return bank.difference(integer(left), integer(right)).index
    case .product(let left, let right): return bank.product(integer(left), integer(right)).index
    case .quotient(let left, let right): return bank.quotient(integer(left), integer(right)).index
    case .remainder(let left, let right):
      return bank.remainder(integer(left), integer(right)).index
    case .choice(let condition, let then, let otherwise):
      return bank.choice(formula(condition), integer(then), integer(otherwise)).index
    }
  }
}
