/// Makes terms, each only once, and simplifies them on the way.
///
/// Terms are numbers in one table, so that a big formula with common parts is a graph, not a tree, and nothing has to be
/// released. Constants fold, and what the bounds of integers decide is decided here: most of a scenario without symbolic
/// values never reaches the solver. Equal calls in equal order give equal terms.
public final class TermBank {
  private(set) var nodes: [TermNode] = []
  private var bounds: [TermBounds] = []
  private var numbers: [TermNode: Int32] = [:]
  private var propositionCount = 0
  private var variableCount = 0

  /// The true formula.
  public let yes: Formula
  /// The false formula.
  public let no: Formula

  /// A bank with nothing but true and false.
  public init() {
    yes = Formula(index: 0)
    no = Formula(index: 1)
    _ = make(.truth(true))
    _ = make(.truth(false))
  }

  /// How many different terms were made.
  public var count: Int { nodes.count }

  func make(_ node: TermNode, _ known: TermBounds = .unknown) -> Int32 {
    if let number = numbers[node] { return number }
    let number = Int32(nodes.count)
    nodes.append(node)
    bounds.append(known)
    numbers[node] = number
    return number
  }

  func node(_ index: Int32) -> TermNode { nodes[Int(index)] }

  func narrow(_ index: Int32, _ known: TermBounds) { bounds[Int(index)] = known }

  func bounds(_ index: Int32) -> TermBounds { bounds[Int(index)] }

  func nextVariable() -> Int {
    defer { variableCount += 1 }
    return variableCount
  }

  /// The unknowns among some terms and their parts, ascending.
  func unknowns(below roots: [Int32]) -> [Int32] {
    var seen = Set(roots)
    var pending = Array(seen)
    var result: [Int32] = []
    while let next = pending.popLast() {
      switch node(next) {
      case .proposition, .variable: result.append(next)
      case let node: pending += node.parts.filter { seen.insert($0).inserted }
      }
    }
    return result.sorted()
  }

  /// The unknown integers that formulas and integers depend on, in the order in which they were made.
  ///
  /// - Complexity: O(parts of all of them).
  public func unknownIntegers(
    in formulas: [Formula],
    _ integers: [IntegerTerm] = []
  ) -> [IntegerTerm] {
    unknowns(below: formulas.map(\.index) + integers.map(\.index)).compactMap {
      if case .variable = node($0) { IntegerTerm(index: $0) } else { nil }
    }
  }

  // MARK: Formulas

  /// A new unknown truth value.
  public func proposition() -> Formula {
    defer { propositionCount += 1 }
    return Formula(index: make(.proposition(propositionCount)))
  }

  /// `yes` or `no`.
  public func truth(_ value: Bool) -> Formula { value ? yes : no }

  /// The value of a formula without unknowns; `nil` if it has some.
  public func value(of formula: Formula) -> Bool? {
    if case .truth(let value) = node(formula.index) { value } else { nil }
  }

  /// The opposite.
  public func not(_ formula: Formula) -> Formula {
    switch node(formula.index) {
    case .truth(let value): return truth(!value)
    case .not(let inner): return Formula(index: inner)
    default: return Formula(index: make(.not(formula.index)))
    }
  }

  /// All of them.
  public func and(_ formulas: [Formula]) -> Formula { connect(formulas, isAnd: true) }

  /// The formulas that all hold exactly if a formula does.
  public func conjuncts(of formula: Formula) -> [Formula] {
    switch node(formula.index) {
    case .and(let parts): parts.map { Formula(index: $0) }
    case .truth(true): []
    default: [formula]
    }
  }

  /// At least one of them.
  public func or(_ formulas: [Formula]) -> Formula { connect(formulas, isAnd: false) }

  /// Both.
  public func and(_ left: Formula, _ right: Formula) -> Formula { and([left, right]) }

  /// At least one of the two.
  public func or(_ left: Formula, _ right: Formula) -> Formula { or([left, right]) }

  /// The second whenever the first.
  public func implies(_ left: Formula, _ right: Formula) -> Formula { or([not(left), right]) }

  /// Whether at most so many of them hold.
  public func atMost(_ count: Int, of formulas: [Formula]) -> Formula {
    if count >= formulas.count { return yes }
    if count <= 0 { return not(or(formulas)) }
    return Formula(index: make(.atMost(formulas.map(\.index), count)))
  }

  /// Both or neither.
  public func equivalent(_ left: Formula, _ right: Formula) -> Formula {
    and(implies(left, right), implies(right, left))
  }

  private func connect(_ formulas: [Formula], isAnd: Bool) -> Formula {
    let neutral = isAnd ? yes : no
    let dominant = isAnd ? no : yes
    var parts: Set<Int32> = []
    for formula in formulas where formula != neutral {
      if formula == dominant { return dominant }
      switch (node(formula.index), isAnd) {
      case (.and(let inner), true), (.or(let inner), false):
        if inner.count <= 4 { parts.formUnion(inner) } else { parts.insert(formula.index) }
      default: parts.insert(formula.index)
      }
    }
    var sorted = parts.sorted()
    for part in sorted {
      if case .not(let inner) = node(part), parts.contains(inner) { return dominant }
    }
    if sorted.count == 2, let common = commonPart(sorted[0], sorted[1], isAnd: isAnd) {
      sorted = common
    }
    switch sorted.count {
    case 0: return neutral
    case 1: return Formula(index: sorted[0])
    default: return Formula(index: make(isAnd ? .and(sorted) : .or(sorted)))
    }
  }

  /// `p` for `p and q or p and not q`: the paths behind an `if` are those before it.
  private func commonPart(_ left: Int32, _ right: Int32, isAnd: Bool) -> [Int32]? {
    let parts: (Int32) -> Set<Int32> = { [self] index in
      switch (node(index), isAnd) {
      case (.and(let parts), false), (.or(let parts), true): Set(parts)
      default: [index]
      }
    }
    let (ours, theirs) = (parts(left), parts(right))
    let (onlyOurs, onlyTheirs) = (ours.subtracting(theirs), theirs.subtracting(ours))
    if onlyOurs.isEmpty { return [left] }
    if onlyTheirs.isEmpty { return [right] }
    guard onlyOurs.count == 1, onlyTheirs.count == 1, let our = onlyOurs.first,
      let their = onlyTheirs.first, not(Formula(index: our)).index == their
    else { return nil }
    let rest = ours.intersection(theirs).sorted()
    guard rest.count > 1 else { return rest }
    return [make(isAnd ? .or(rest) : .and(rest))]
  }
}
