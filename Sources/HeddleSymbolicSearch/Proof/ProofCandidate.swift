import HeddleProgram
import HeddleSolver

/// A guess about all states of the collapsed program that is no equation.
struct ProofCandidate: Hashable {
  /// What is compared.
  enum Claim: Hashable {
    case atLeast(ProofColumn, Int)
    case atMost(ProofColumn, Int)
    /// The first is at most the second.
    case ordered(ProofColumn, ProofColumn)
    /// All threads of a group have ended.
    case ended(group: Int)
  }

  var claim: Claim
  /// It is only claimed while the group's thread stands at one of the points.
  var group: Int?
  var points: [Int] = []

  init(_ claim: Claim) { self.claim = claim }

  init(_ claim: Claim, whileAt points: [Int], of group: Int) {
    self.claim = claim
    self.points = points
    self.group = group
  }

  /// The claim about the values that `value` gives to columns.
  func formula(_ system: ProofSystem, _ value: (ProofColumn) -> IntegerTerm) -> Formula {
    let terms = system.terms
    let body: Formula
    switch claim {
    case .atLeast(let column, let bound):
      body = terms.lessOrEqual(terms.integer(bound), value(column))
    case .atMost(let column, let bound):
      body = terms.lessOrEqual(value(column), terms.integer(bound))
    case .ordered(let left, let right): body = terms.lessOrEqual(value(left), value(right))
    case .ended(let group):
      let ended = system.groups[group].ends.map { value(.count(group: group, point: $0)) }
      body = terms.equal(terms.sum(ended + [terms.integer(0)]), system.groups[group].size)
    }
    guard let group else { return body }
    let here = points.map { value(.count(group: group, point: $0)) }
    return terms.or(terms.equal(terms.sum(here), terms.integer(0)), body)
  }

  // MARK: Guesses

  /// Bounds of variables and registers by the numbers that the code compares with, and what `main` has waited for.
  static func all(of system: ProofSystem) -> [ProofCandidate] {
    var candidates: [ProofCandidate] = []
    let bounds = bounds(in: system.program)
    let slots = system.slots.keys.sorted()
    for slot in slots {
      for bound in bounds {
        candidates += [
          ProofCandidate(.atLeast(.slot(slot), bound)), ProofCandidate(.atMost(.slot(slot), bound)),
        ]
      }
      for other in slots where other != slot {
        candidates.append(ProofCandidate(.ordered(.slot(slot), .slot(other))))
      }
    }
    for (number, group) in system.groups.enumerated() where !group.isCounted {
      for point in group.points.indices {
        for register in group.points[point].open {
          let column = ProofColumn.register(register, group: number, point: point)
          candidates += bounds.flatMap { Self.bounds(column, $0, at: point, of: number) }
          for slot in slots where slots.count <= fewSlots {
            let claim = Claim.ordered(column, .slot(slot))
            candidates.append(ProofCandidate(claim, whileAt: [point], of: number))
          }
        }
        for thread in group.points[point].joined.sorted() {
          guard let other = system.group(of: thread) else { continue }
          let claim = Claim.ended(group: other)
          candidates.append(ProofCandidate(claim, whileAt: [point], of: number))
        }
      }
      guard system.program.threadTypes[group.type].isMain else { continue }
      candidates += late(system, number, bounds)
    }
    var seen: Set<ProofCandidate> = []
    return candidates.filter { seen.insert($0).inserted }
  }

  /// A register that nobody stands by counts as 0: a claim that 0 satisfies needs no condition, and then bounds sums.
  private static func bounds(
    _ column: ProofColumn,
    _ bound: Int,
    at point: Int,
    of group: Int
  ) -> [ProofCandidate] {
    [(Claim.atLeast(column, bound), bound <= 0), (Claim.atMost(column, bound), bound >= 0)]
      .map { claim, isAlwaysMeant in
        isAlwaysMeant
          ? ProofCandidate(claim) : ProofCandidate(claim, whileAt: [point], of: group)
      }
  }

  /// Bounds of inputs and variables from some step of `main` on, which may have assumed them.
  private static func late(_ system: ProofSystem, _ main: Int, _ bounds: [Int]) -> [ProofCandidate]
  {
    let group = system.groups[main]
    let columns =
      system.inputs.indices.map { ProofColumn.input($0) }
      + system.slots.keys.sorted().map { ProofColumn.slot($0) }
    var candidates: [ProofCandidate] = []
    for point in group.points.indices.dropFirst().prefix(mostLatePoints) {
      let later = reachable(from: point, group)
      for column in columns {
        for bound in bounds {
          for claim in [Claim.atLeast(column, bound), Claim.atMost(column, bound)] {
            candidates.append(ProofCandidate(claim, whileAt: later, of: main))
          }
        }
      }
    }
    return candidates
  }

  private static func reachable(from point: Int, _ group: ThreadGroup) -> [Int] {
    var seen: Set<Int> = [point]
    var pending = [point]
    while let next = pending.popLast() {
      for step in group.steps where step.from == next && seen.insert(step.to).inserted {
        pending.append(step.to)
      }
    }
    return seen.sorted()
  }

  private static let fewSlots = 8
  private static let mostLatePoints = 12
  private static let mostBounds = 8

  /// 0, 1, and the numbers that the program compares with.
  private static func bounds(in program: Program) -> [Int] {
    var bounds: Set<Int> = [0, 1]
    for instruction in program.instructions where bounds.count < mostBounds {
      guard case .binary(let operation, _, let left, let right) = instruction else { continue }
      switch operation {
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: break
      default: continue
      }
      for case .constant(let value) in [left, right]
      where value > Int.min + 1 && value < Int.max {
        bounds.insert(value)
      }
    }
    return bounds.sorted()
  }
}
