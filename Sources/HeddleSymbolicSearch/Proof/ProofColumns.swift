import HeddleProgram
import HeddleSolver

/// A number that equations of a proof are about.
enum ProofColumn: Hashable {
  case one
  case parameter(Int)
  case input(Int)
  /// How many threads of the group stand at the point.
  case count(group: Int, point: Int)
  /// An input if the group's thread stands at the point, else 0.
  case inputAt(Int, group: Int, point: Int)
  /// A register of the group's thread if it stands at the point, else 0.
  case register(Int, group: Int, point: Int)
  /// A variable if the group's thread stands at the point, else 0.
  case slotAt(Int, group: Int, point: Int)
  case slot(Int)
}

extension ProofSystem {
  /// All columns: what equations should be solved for comes last.
  var columns: [ProofColumn] {
    var columns: [ProofColumn] = [.one]
    columns += parameters.indices.map { .parameter($0) }
    columns += inputs.indices.map { .input($0) }
    for (number, group) in groups.enumerated() {
      // The beginning last: it is what the other points leave.
      let order = group.ends + group.points.indices.filter { !group.ends.contains($0) }.reversed()
      columns += order.map { .count(group: number, point: $0) }
    }
    let places = groups.filter { !$0.isCounted }.reduce(0) { $0 + $1.points.count }
    if places * inputs.count <= Self.mostProducts {
      for input in inputs.indices {
        for (number, group) in groups.enumerated() where !group.isCounted {
          columns += group.points.indices.map { .inputAt(input, group: number, point: $0) }
        }
      }
    }
    for (number, group) in groups.enumerated() {
      for point in group.points.indices {
        columns += group.points[point].open.map {
          .register($0, group: number, point: point)
        }
      }
    }
    // What `main` carries ends with it; then equations with that go on without.
    if slots.count <= Self.fewSlots, program.hasMain, let main = groups.first, !main.isCounted {
      for slot in slots.keys.sorted() {
        columns += main.ends.map { .slotAt(slot, group: 0, point: $0) }
      }
    }
    return columns + slots.keys.sorted().map { .slot($0) }
  }

  /// Products of variables with places are looked at for so many variables.
  private static var fewSlots: Int { 8 }

  /// Products of inputs with places are looked at up to this number.
  private static var mostProducts: Int { 400 }

  /// The value before a step.
  func value(_ column: ProofColumn) -> IntegerTerm {
    let zero = terms.integer(0)
    switch column {
    case .one: return terms.integer(1)
    case .parameter(let number): return parameters[number]
    case .input(let number): return inputs[number]
    case .count(let group, let point): return counts[group][point]
    case .inputAt(let input, let group, let point):
      return terms.choice(stands[group][point], inputs[input], zero)
    case .register(let register, let group, let point):
      let value = groups[group].registers[register] ?? zero
      return terms.choice(stands[group][point], value, zero)
    case .slotAt(let slot, let group, let point):
      return terms.choice(stands[group][point], value(.slot(slot)), zero)
    case .slot(let slot): return slots[slot] ?? initialValues[slot]
    }
  }

  /// The value after a step of a group that is taken; `nil` if the step does not change it.
  func value(_ column: ProofColumn, after step: ControlStep, of mover: Int) -> IntegerTerm? {
    switch column {
    case .one, .parameter, .input: return nil
    case .slot(let slot): return step.contents[slot]
    case .count(let group, let point):
      let change = change(of: group, at: point, by: step, of: mover)
      return change.map { terms.sum([counts[group][point], $0]) }
    case .inputAt(let input, let group, let point):
      guard let change = change(of: group, at: point, by: step, of: mover) else { return nil }
      return terms.value(of: change) == 1 ? inputs[input] : terms.integer(0)
    case .slotAt(let slot, let group, let point):
      let content = step.contents[slot] ?? value(.slot(slot))
      if let change = change(of: group, at: point, by: step, of: mover) {
        return terms.value(of: change) == 1 ? content : terms.integer(0)
      }
      // Whoever does not move stays; and a thread that stays where it is may write.
      guard step.contents[slot] != nil else { return nil }
      return terms.choice(stands[group][point], content, terms.integer(0))
    case .register(let register, let group, let point):
      if group == mover, step.to == point {
        return step.registers[register] ?? terms.integer(0)
      }
      guard let change = change(of: group, at: point, by: step, of: mover) else { return nil }
      guard terms.value(of: change) == 1 else { return terms.integer(0) }
      return step.start(of: groups[group])?.value(ofRegister: register, terms)
    }
  }

  /// By how much a step changes the number of a group's threads at a point; `nil` if it does not.
  private func change(
    of group: Int,
    at point: Int,
    by step: ControlStep,
    of mover: Int
  )
    -> IntegerTerm?
  {
    if group == mover {
      guard step.from != step.to else { return nil }
      return point == step.to ? terms.integer(1) : point == step.from ? terms.integer(-1) : nil
    }
    guard step.start(of: groups[group]) != nil, point <= ThreadGroup.entry else { return nil }
    let size = groups[group].size
    return point == ThreadGroup.entry ? size : terms.difference(terms.integer(0), size)
  }

  /// The sum of an equation.
  func sum(
    _ relation: AffineHull.Relation,
    _ columns: [ProofColumn],
    _ value: (ProofColumn) -> IntegerTerm?
  ) -> IntegerTerm {
    terms.sum(
      relation.coefficients.keys.sorted().compactMap { index in
        guard let term = value(columns[index]), let factor = relation.coefficients[index] else {
          return nil
        }
        return terms.product(terms.integer(factor), term)
      } + [terms.integer(0)]
    )
  }
}
