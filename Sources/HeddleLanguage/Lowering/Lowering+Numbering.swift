import HeddleDiagnostics
import HeddleProgram

// The statements that were lowered, and which of them control never comes to.

extension Lowering {
  /// Notes that a statement is being lowered, or left out because control never comes to it.
  mutating func place(_ statement: StatementNumber, isAlive: Bool) {
    fates[statement.index].isLowered = true
    guard frame.canRun else { return }
    fates[statement.index].canRun = true
    if isAlive { fates[statement.index].isAlive = true }
  }

  /// Numbers the statements that were lowered, in source order, an outer one before those in it.
  mutating func numberStatements() {
    let lowered = fates.indices.filter { fates[$0].isLowered }.sorted {
      let left = scenario.statements[$0].span
      let right = scenario.statements[$1].span
      return left == right ? $0 < $1 : (left.start, right.end) < (right.start, left.end)
    }
    var numbers: [Int: StatementID] = [:]
    for (position, number) in lowered.enumerated() { numbers[number] = StatementID(position) }
    program.statements = lowered.map { number in
      let record = scenario.statements[number]
      return HeddleProgram.Statement(
        span: record.span,
        owner: record.owner,
        parent: record.parent.flatMap { numbers[$0.index] },
        isDead: fates[number].canRun && !fates[number].isAlive
      )
    }
    program.instructionStatements = program.instructionStatements.map {
      numbers[$0.index] ?? StatementID(0)
    }
  }
}
