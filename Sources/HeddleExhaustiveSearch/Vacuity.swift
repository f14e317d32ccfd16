import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// HD601: what no run of a completely searched program does.
enum Vacuity {
  /// The outermost statements that no run reaches, and the assumptions that no run meets.
  static func findings(of program: Program, _ effects: StepEffects) -> [FindingKey] {
    let (exists, isReached) = reach(of: program, effects)
    var keys: [FindingKey] = []
    for statement in program.statements.indices where exists[statement] && !isReached[statement] {
      let parent = program.statements[statement].parent?.index
      if let parent, exists[parent], !isReached[parent] { continue }
      keys.append(.unreached(StatementID(statement)))
    }
    return keys + excludingAssumptions(of: program, effects)
  }

  /// By statement: whether a thread or an observer has code for it, and whether some run reaches it.
  static func reach(
    of program: Program,
    _ effects: StepEffects
  ) -> (exists: [Bool], isReached: [Bool]) {
    var exists = Array(repeating: false, count: program.statements.count)
    var isReached = exists
    for position in relevantPositions(of: program) {
      let statement = program.instructionStatements[position].index
      exists[statement] = true
      if effects.covered[position] { isReached[statement] = true }
    }
    // A `try` may have no code of its own: it is there, and reached, if something in it is.
    for statement in program.statements.indices {
      var parent = program.statements[statement].parent?.index
      while let outer = parent {
        exists[outer] = exists[outer] || exists[statement]
        isReached[outer] = isReached[outer] || isReached[statement]
        parent = program.statements[outer].parent?.index
      }
    }
    return (exists, isReached)
  }

  /// The assumptions that were made in some run and held in none, whichever copy of them.
  private static func excludingAssumptions(
    of program: Program,
    _ effects: StepEffects
  )
    -> [FindingKey]
  {
    var isMade = Array(repeating: false, count: program.claims.count)
    var holds = isMade
    for position in relevantPositions(of: program) where effects.covered[position] {
      guard case .assume(_, let claim) = program.instructions[position] else { continue }
      let original = program.original(of: claim).index
      isMade[original] = true
      holds[original] = holds[original] || effects.passedClaims[claim.index]
    }
    return program.claims.indices.filter { isMade[$0] && !holds[$0] }.map {
      .excludesEveryRun(ClaimID($0))
    }
  }

  /// The code of the threads that have instances, and of the observers.
  private static func relevantPositions(of program: Program) -> [Int] {
    var entries = program.threadTypes.filter { $0.instanceCount > 0 }.map(\.entry)
    entries += (program.invariants + [program.finally].compactMap { $0 }).map(\.entry)
    return program.reachable(from: entries).map(\.index)
  }
}
