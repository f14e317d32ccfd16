import HeddleChecking
import HeddleProgram
import HeddleSolver

/// Invariants in the words of the scenario, and in the form that is stored.
struct ProofStatement {
  let system: ProofSystem
  private let columns: [ProofColumn]
  /// What every step keeps.
  var invariants: (relations: [AffineHull.Relation], candidates: [ProofCandidate]) = ([], [])
  /// What every step keeps besides, for each state of control.
  var cases: HornProof?
  var program: Program { system.program }

  /// A text names at most so many parts.
  private static let mostParts = 6

  init(_ system: ProofSystem, _ columns: [ProofColumn]) {
    self.system = system
    self.columns = columns
  }

  /// What was proved, with all that was used; `nil` if something has no words.
  var proof: Proof? {
    var all = invariants.relations.map { invariant($0) }
    all += invariants.candidates.map { invariant($0) }
    var seen: Set<Proof.Invariant> = []
    var proof = Proof(scope: scope, invariants: all.filter { seen.insert($0).inserted })
    guard let cases else { return proof }
    guard let told = CaseStatement(self, cases) else { return nil }
    proof.cases = told.cases
    proof.summary = told.summary
    return proof
  }

  private var scope: [String] {
    let inputs = system.inputs.isEmpty && !hasChoices ? [] : ["every input"]
    return inputs
      + program.parameters.enumerated().map { number, parameter in
        let countsThreads = program.threadTypes.contains { $0.countParameter == number }
        return "every \(countsThreads ? "number of threads " : "")`\(parameter.name)` "
          + "from \(parameter.minimum) to \(ProofSystem.mostThreads)"
      }
  }

  private var hasChoices: Bool {
    system.groups.contains { $0.steps.contains { !$0.fresh.isEmpty } }
  }

  // MARK: The stored form

  private func invariant(_ relation: AffineHull.Relation) -> Proof.Invariant {
    let parts = relation.coefficients.keys.sorted().map { index in
      Proof.Part(
        factor: relation.coefficients[index] ?? 0,
        quantity: quantity(columns[index])
      )
    }
    let isShort = parts.count <= Self.mostParts
    let isNotable =
      isShort
      && relation.coefficients.keys.contains { index in
        if case .slot = columns[index] { true } else { false }
      }
    return Proof.Invariant(
      text: equation(parts),
      parts: parts,
      isEquation: true,
      isNotable: isNotable
    )
  }

  private func invariant(_ candidate: ProofCandidate) -> Proof.Invariant {
    var parts: [Proof.Part]
    var isEquation = false
    var text: String
    var isNotable = false
    switch candidate.claim {
    case .atLeast(let column, let bound):
      parts = [part(1, column), Proof.Part(factor: -bound, quantity: .one)]
      text = "\(words(quantity(column))) is never less than \(bound)"
      isNotable = candidate.group == nil && isNumber(column)
    case .atMost(let column, let bound):
      parts = [part(-1, column), Proof.Part(factor: bound, quantity: .one)]
      text = "\(words(quantity(column))) is never more than \(bound)"
    case .ordered(let left, let right):
      parts = [part(1, right), part(-1, left)]
      text = "\(words(quantity(left))) is never more than \(words(quantity(right)))"
    case .ended(let group):
      let ended = system.groups[group].ends
      parts = ended.map { part(1, .count(group: group, point: $0)) }
      parts.append(size(of: group))
      isEquation = true
      text = "all threads `\(name(group))` have ended"
    }
    parts.removeAll { $0.factor == 0 }
    var result = Proof.Invariant(
      text: text,
      parts: parts,
      isEquation: isEquation,
      isNotable: isNotable
    )
    guard let group = candidate.group else { return result }
    let first = system.groups[group].threads.lowerBound
    result.thread = ThreadID(first)
    result.places = candidate.points.map { place(group, $0) }
    let lines = Set(result.places.map { whereabouts($0) }).sorted()
    text = "while \(program.instances[first].name) \(lines.joined(separator: ", or ")), \(text)"
    result.text = text
    return result
  }

  /// Whether it is a variable that is not just true or false.
  private func isNumber(_ column: ProofColumn) -> Bool {
    guard case .slot(let slot) = column else { return false }
    return program.variables[system.encoder.variableOfSlot[slot]].type.base == .integer
  }

  private func part(_ factor: Int, _ column: ProofColumn) -> Proof.Part {
    Proof.Part(factor: factor, quantity: quantity(column))
  }

  /// How many threads a group has, to be subtracted.
  private func size(of group: Int) -> Proof.Part {
    let members = system.groups[group]
    if let parameter = program.threadTypes[members.type].countParameter {
      return Proof.Part(factor: -1, quantity: .parameter(parameter))
    }
    return Proof.Part(factor: -members.threads.count, quantity: .one)
  }

  func place(_ group: Int, _ point: Int) -> Proof.Place {
    let point = system.groups[group].points[point]
    switch point.place {
    case .unstarted: return .unstarted
    case .ended: return .ended
    case .before(let position):
      return .before(InstructionID(position), registers: point.known)
    }
  }

  private func quantity(_ column: ProofColumn) -> Proof.Quantity {
    func thread(_ group: Int) -> ThreadID { ThreadID(system.groups[group].threads.lowerBound) }
    switch column {
    case .one: return .one
    case .parameter(let number): return .parameter(number)
    case .input(let number): return .initial(slot(ofInput: number))
    case .count(let group, let point):
      return .threads(first: thread(group), place(group, point))
    case .inputAt(let input, let group, let point):
      return .initialWhile(slot(ofInput: input), thread(group), place(group, point))
    case .register(let register, let group, let point):
      return .register(register, thread(group), place(group, point))
    case .slotAt(let slot, let group, let point):
      return .variableWhile(slot, thread(group), place(group, point))
    case .slot(let slot): return .variable(slot)
    }
  }

  func slot(ofInput number: Int) -> Int {
    system.initialValues.firstIndex(of: system.inputs[number]) ?? 0
  }

  // MARK: Words

  private func name(_ group: Int) -> String {
    let members = system.groups[group]
    return members.isCounted
      ? program.threadTypes[members.type].name : program.instances[members.threads.lowerBound].name
  }

  func variable(_ slot: Int) -> String {
    let number = system.encoder.variableOfSlot[slot]
    let variable = program.variables[number]
    let element = slot - system.encoder.firstSlots[number]
    return variable.elementCount > 1 ? "`\(variable.name)[\(element)]`" : "`\(variable.name)`"
  }

  /// Tells places of one line apart, in the order in which a thread can come to them.
  private func which(_ place: Proof.Place, _ group: Int) -> String {
    guard case .before(let position, _) = place else { return "" }
    let line = system.encoder.line(of: position.index)
    let alike = system.groups[group].points.indices.map { self.place(group, $0) }.filter {
      if case .before(let other, _) = $0 {
        system.encoder.line(of: other.index) == line
      } else {
        false
      }
    }
    guard alike.count > 1, let number = alike.firstIndex(of: place) else { return "" }
    return " (\(number + 1) of \(alike.count))"
  }

  func whereabouts(_ place: Proof.Place) -> String {
    switch place {
    case .unstarted: "is not started"
    case .ended: "has ended"
    case .before(let position, _): "is before line \(system.encoder.line(of: position.index))"
    }
  }

  func words(_ quantity: Proof.Quantity) -> String {
    switch quantity {
    case .one: return "1"
    case .parameter(let number): return "`\(program.parameters[number].name)`"
    case .variable(let slot): return variable(slot)
    case .initial(let slot): return "the initial \(variable(slot))"
    case .threads(let first, let place):
      let group = system.group(of: first.index) ?? 0
      guard system.groups[group].isCounted else {
        return "1 if \(name(group)) \(whereabouts(place))"
      }
      switch place {
      case .unstarted: return "the number of `\(name(group))` threads that are not started"
      case .ended: return "the number of `\(name(group))` threads that have ended"
      case .before(let position, _):
        let line = system.encoder.line(of: position.index)
        return "the number of `\(name(group))` threads before line \(line)\(which(place, group))"
      }
    case .initialWhile(let slot, let thread, let place):
      return "the initial \(variable(slot)) if \(program.instances[thread.index].name) "
        + whereabouts(place)
    case .variableWhile(let slot, let thread, let place):
      return "\(variable(slot)) if \(program.instances[thread.index].name) "
        + whereabouts(place)
    case .register(_, let thread, let place):
      return "what \(program.instances[thread.index].name) carries while it \(whereabouts(place))"
    }
  }

  /// Variables on one side, everything else on the other.
  private func equation(_ parts: [Proof.Part]) -> String {
    var left = parts.filter { isVariable($0) }
    var right = parts.filter { !isVariable($0) }.map {
      Proof.Part(factor: -$0.factor, quantity: $0.quantity)
    }
    if let first = left.first, first.factor < 0 {
      for index in left.indices { left[index].factor *= -1 }
      for index in right.indices { right[index].factor *= -1 }
    }
    if left.isEmpty { return "\(sum(right)) is always 0" }
    return "\(sum(left)) is always \(sum(right))"
  }

  func isVariable(_ part: Proof.Part) -> Bool {
    if case .variable = part.quantity { true } else { false }
  }

  func sum(_ parts: [Proof.Part]) -> String {
    guard !parts.isEmpty else { return "0" }
    var text = ""
    for (number, part) in parts.prefix(Self.mostParts).enumerated() {
      let isNegative = part.factor < 0
      if number > 0 { text += isNegative ? " - " : " + " } else if isNegative { text += "-" }
      let size = part.factor.magnitude
      switch part.quantity {
      case .one: text += "\(size)"
      case .threads(let first, let place)
      where !system.groups[system.group(of: first.index) ?? 0].isCounted:
        text += "(\(size) if \(program.instances[first.index].name) \(whereabouts(place)))"
      case let quantity: text += size == 1 ? words(quantity) : "\(size) times \(words(quantity))"
      }
    }
    let rest = parts.count - Self.mostParts
    return rest > 0 ? text + " and \(rest) more parts" : text
  }
}
