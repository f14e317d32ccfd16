public import HeddleProgram

/// HD601: what no run of a completely searched program does.
public enum Vacuity {
  /// The outermost statements that no run reaches, and the assumptions that no run meets.
  ///
  /// - Parameters:
  ///   - program: The program.
  ///   - covered: By instruction: whether some run executes it.
  ///   - passedClaims: By claim: whether an `assume` ever let a run pass.
  /// - Returns: One finding for each.
  public static func findings(
    of program: Program,
    covered: [Bool],
    passedClaims: [Bool]
  ) -> [FindingKey] {
    let (exists, isReached) = reach(of: program, covered: covered)
    var keys: [FindingKey] = []
    for statement in program.statements.indices where exists[statement] && !isReached[statement] {
      let parent = program.statements[statement].parent?.index
      if let parent, exists[parent], !isReached[parent] { continue }
      keys.append(.unreached(StatementID(statement)))
    }
    return keys + excludingAssumptions(of: program, covered, passedClaims)
  }

  /// By statement: whether a thread or an observer has it, and whether some run reaches it.
  package static func reach(
    of program: Program,
    covered: [Bool]
  ) -> (exists: [Bool], isReached: [Bool]) {
    var exists = Array(repeating: false, count: program.statements.count)
    var isReached = Array(repeating: false, count: program.statements.count)
    for position in program.reachableCode.map(\.index) {
      let statement = program.instructionStatements[position].index
      exists[statement] = true
      if covered[position] { isReached[statement] = true }
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
    // Not before: what a dead statement stands in may be reached without having code.
    for statement in program.statements.indices where program.statements[statement].isDead {
      exists[statement] = true
    }
    return (exists, isReached)
  }

  /// The assumptions that were made in some run and held in none, whichever copy of them.
  private static func excludingAssumptions(
    of program: Program,
    _ covered: [Bool],
    _ passedClaims: [Bool]
  )
    -> [FindingKey]
  {
    var isMade = Array(repeating: false, count: program.claims.count)
    var holds = isMade
    for position in program.reachableCode.map(\.index) where covered[position] {
      guard case .assume(_, let claim) = program.instructions[position] else { continue }
      let original = program.original(of: claim).index
      isMade[original] = true
      holds[original] = holds[original] || passedClaims[claim.index]
    }
    return program.claims.indices.filter { isMade[$0] && !holds[$0] }.map {
      .excludesEveryRun(ClaimID($0))
    }
  }
}
