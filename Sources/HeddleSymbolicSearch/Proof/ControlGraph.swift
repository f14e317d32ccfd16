import HeddleProgram
import HeddleSolver

/// All combinations of places of the threads, and of values that are few, that steps can lead to.
///
/// What a run can be in is one of finitely many states of control, with numbers that are left open: the form in which Horn clauses are
/// solved best (one relation for each state of control, instead of places as numbers).
struct ControlGraph {
  /// Something that holds a number.
  enum Cell: Hashable, Comparable {
    case slot(Int)
    case register(Int, group: Int)
  }

  struct State: Hashable {
    /// By group: where its thread is.
    var points: [Int]
    /// The cells of which every value is told apart.
    var values: [Cell: Int] = [:]
  }

  struct Edge {
    var from: Int
    var to: Int
    /// When it can be taken, by the numbers before it and what it chooses.
    var condition: Formula
    /// By cell that is a number at the target: its value.
    var after: [Cell: IntegerTerm]
  }

  let system: ProofSystem
  private(set) var states: [State] = []
  private(set) var edges: [Edge] = []
  /// The cells whose values are not told apart.
  private(set) var numbers: Set<Cell> = []

  /// More states are not solved in reasonable time.
  private static let maximumStates = 600
  private static let maximumEdges = 6_000
  /// A cell with more values is a number.
  private static let mostValues = 12

  private var terms: TermBank { system.terms }

  /// Finds all states; the threads of the system must all be groups of their own.
  ///
  /// - Parameters:
  ///   - system: The threads.
  ///   - mayGoOn: Asked once for each state.
  /// - Throws: Why there is no graph: too many states, or nobody wants it any more.
  init(_ system: ProofSystem, mayGoOn: () -> Bool) throws(Unprovable) {
    self.system = system
    while let more = try explored(mayGoOn) { numbers.formUnion(more) }
  }

  // MARK: Cells

  /// The unknown that stands for what a cell holds.
  func term(_ cell: Cell) -> IntegerTerm {
    switch cell {
    case .slot(let slot): system.slots[slot] ?? system.initialValues[slot]
    case .register(let register, let group):
      system.groups[group].registers[register] ?? terms.integer(0)
    }
  }

  /// The cells that hold something in a state, ascending.
  private func cells(_ points: [Int]) -> [Cell] {
    var cells = system.slots.keys.sorted().map { Cell.slot($0) }
    for (group, point) in points.enumerated() {
      cells += system.groups[group].points[point].open.map { .register($0, group: group) }
    }
    return cells
  }

  /// The cells that are numbers in a state, ascending.
  func numbers(in state: Int) -> [Cell] { cells(states[state].points).filter(numbers.contains) }

  /// Puts what is known in a state in the place of unknowns.
  func substitution(for state: Int) -> TermSubstitution {
    var substitution = TermSubstitution(terms)
    for (group, stands) in system.stands.enumerated() {
      for (point, isThere) in stands.enumerated() {
        substitution.replace(isThere, by: terms.truth(states[state].points[group] == point))
      }
    }
    for (cell, value) in states[state].values {
      substitution.replace(term(cell), by: terms.integer(value))
    }
    return substitution
  }

  // MARK: Exploration

  /// Explores once; the result is cells that have to be numbers, if there are some.
  private mutating func explored(_ mayGoOn: () -> Bool) throws(Unprovable) -> Set<Cell>? {
    (states, edges) = ([], [])
    var known: [State: Int] = [:]
    var values: [Cell: Set<Int>] = [:]
    var beginning = State(points: system.groups.map(\.start))
    var (open, _) = told(beginning.points, startingValue, &beginning)
    guard open.isEmpty else { return open }
    states = [beginning]
    known[beginning] = 0
    var next = 0
    while next < states.count {
      guard mayGoOn() else { throw Unprovable(reason: "the search was stopped") }
      var substitution = substitution(for: next)
      for group in system.groups.indices {
        for step in system.groups[group].steps where step.from == states[next].points[group] {
          let condition = substitution(system.condition(of: step, in: group))
          guard condition != terms.no else { continue }
          var target = State(points: points(after: step, of: group, states[next].points))
          let (more, after) = told(
            target.points,
            { substitution(self.value(of: $0, after: step, of: group)) },
            &target
          )
          open.formUnion(more)
          for (cell, value) in target.values { values[cell, default: []].insert(value) }
          let number = known[target] ?? states.count
          if number == states.count {
            known[target] = number
            states.append(target)
          }
          edges.append(Edge(from: next, to: number, condition: condition, after: after))
        }
      }
      open.formUnion(values.filter { $0.value.count > Self.mostValues }.keys)
      guard open.isEmpty else { return open }
      guard states.count <= Self.maximumStates, edges.count <= Self.maximumEdges else {
        return try widest(values)
      }
      next += 1
    }
    return nil
  }

  /// The cells with the most values, which multiply the states.
  private func widest(_ values: [Cell: Set<Int>]) throws(Unprovable) -> Set<Cell> {
    let most = values.values.map(\.count).max() ?? 0
    guard most > 2 else {
      throw Unprovable(reason: "there are too many combinations of places")
    }
    return Set(values.filter { $0.value.count == most }.keys)
  }

  /// Notes the values of all cells but numbers; the result is cells without a known value, and the values of the numbers.
  private func told(
    _ points: [Int],
    _ value: (Cell) -> IntegerTerm,
    _ state: inout State
  ) -> (open: Set<Cell>, after: [Cell: IntegerTerm]) {
    var open: Set<Cell> = []
    var after: [Cell: IntegerTerm] = [:]
    for cell in cells(points) {
      let term = value(cell)
      if numbers.contains(cell) {
        after[cell] = term
      } else if let known = terms.value(of: term) {
        state.values[cell] = known
      } else {
        open.insert(cell)
      }
    }
    return (open, after)
  }

  /// What a cell holds before the first step.
  func startingValue(_ cell: Cell) -> IntegerTerm {
    switch cell {
    case .register: terms.integer(0)
    case .slot(let slot): system.initialValues[slot]
    }
  }

  private func points(after step: ControlStep, of mover: Int, _ points: [Int]) -> [Int] {
    var points = points
    points[mover] = step.to
    for (number, group) in system.groups.enumerated() where step.start(of: group) != nil {
      points[number] = ThreadGroup.entry
    }
    return points
  }

  private func value(of cell: Cell, after step: ControlStep, of mover: Int) -> IntegerTerm {
    switch cell {
    case .slot(let slot): return step.contents[slot] ?? term(cell)
    case .register(let register, let group):
      if group == mover { return step.registers[register] ?? terms.integer(0) }
      let start = step.start(of: system.groups[group])
      return start?.value(ofRegister: register, terms) ?? term(cell)
    }
  }
}
