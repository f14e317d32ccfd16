/// What follows from formulas that hold, as far as unit propagation tells (Davis, Logemann and Loveland, "A machine program for theorem-proving",
/// CACM 5, 1962): no cases are told apart.
public struct Consequences {
  /// A range that may be open at either end.
  public struct Bounds: Sendable {
    /// The least value; `nil` if there is none.
    public fileprivate(set) var lower: Int?
    /// The greatest value; `nil` if there is none.
    public fileprivate(set) var upper: Int?
  }

  /// The ranges of terms that are compared with known integers.
  public private(set) var bounds: [IntegerTerm: Bounds] = [:]

  private let bank: TermBank
  /// By formula: whether it holds.
  private var truths: [Int32: Bool] = [:]
  /// Disjunctions that hold and conjunctions that do not, of which nothing more is known yet.
  private var open: [Int32] = []

  /// What follows from a formula that holds.
  ///
  /// - Parameters:
  ///   - formula: The formula.
  ///   - bank: Where it is from.
  ///   - implied: What follows from a proposition beyond that it holds, if that is known.
  /// - Complexity: O(parts), for formulas whose clauses become units one after the other O(parts x clauses).
  public init(
    of formula: Formula,
    in bank: TermBank,
    where implied: (Formula) -> Consequences?
  ) {
    self.bank = bank
    learn(formula.index, true, implied)
    var isDone = false
    while !isDone {
      isDone = true
      for clause in open {
        guard let (part, holds) = lastPart(of: clause) else { continue }
        learn(part, holds, implied)
        isDone = false
      }
      open = open.filter { !isSettled($0) }
    }
  }

  private mutating func learn(
    _ formula: Int32,
    _ holds: Bool,
    _ implied: (Formula) -> Consequences?
  ) {
    var pending = [(formula, holds)]
    while let (index, holds) = pending.popLast() {
      guard truths[index] == nil else { continue }
      truths[index] = holds
      switch (bank.node(index), holds) {
      case (.not(let inner), _): pending.append((inner, !holds))
      case (.and(let parts), true), (.or(let parts), false): pending += parts.map { ($0, holds) }
      case (.and, false), (.or, true): open.append(index)
      case (.proposition, true):
        // In one order, because where formulas contradict each other the first is believed.
        let more = implied(Formula(index: index))?.truths ?? [:]
        pending += more.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      case (.less(let left, let right), true): note(left, isAtMost: right, less: 1)
      case (.less(let left, let right), false): note(right, isAtMost: left, less: 0)
      case (.equal(let left, let right), true):
        note(left, isAtMost: right, less: 0)
        note(right, isAtMost: left, less: 0)
      default: break
      }
    }
  }

  private func truth(_ index: Int32) -> Bool? {
    if let known = truths[index] { return known }
    if case .not(let inner) = bank.node(index) { return truths[inner].map { !$0 } }
    return nil
  }

  private func parts(of clause: Int32) -> (parts: [Int32], isOr: Bool) {
    switch bank.node(clause) {
    case .or(let parts): (parts, true)
    case .and(let parts): (parts, false)
    default: ([], true)
    }
  }

  private func isSettled(_ clause: Int32) -> Bool {
    let (parts, isOr) = parts(of: clause)
    return parts.contains { truth($0) == isOr }
  }

  /// The only part of a clause that may still decide it, with what it has to be.
  private func lastPart(of clause: Int32) -> (part: Int32, holds: Bool)? {
    let (parts, isOr) = parts(of: clause)
    guard !isSettled(clause) else { return nil }
    let rest = parts.filter { truth($0) == nil }
    return rest.count == 1 ? (rest[0], isOr) : nil
  }

  /// Notes `left <= right - less` where one of the two is known.
  private mutating func note(_ left: Int32, isAtMost right: Int32, less: Int) {
    if case .integer(let value) = bank.node(left), value < Int.max {
      let term = IntegerTerm(index: right)
      let lower = bounds[term]?.lower
      bounds[term, default: Bounds()].lower = max(lower ?? value + less, value + less)
    } else if case .integer(let value) = bank.node(right), value > Int.min {
      let term = IntegerTerm(index: left)
      let upper = bounds[term]?.upper
      bounds[term, default: Bounds()].upper = min(upper ?? value - less, value - less)
    }
  }
}
