import HeddleProgram

/// The outermost statements that no run reaches any part of, and the assumptions that no run satisfies.
func vacuousStatements(_ graph: Graph) -> Set<Key> {
  let program = graph.setting.program
  var live: Set<Int> = []
  var reached: Set<Int> = []
  // A thread that stands at an instruction has reached it, even if it never gets past.
  let stoodAt = Set(
    graph.states.flatMap { state in
      state.threads.filter { $0.phase == .running }.map(\.position)
    }
  )
  for position in runnableCode(of: program) {
    var statement: Int? = program.instructionStatements[position].index
    while let number = statement {
      live.insert(number)
      if graph.executed.contains(position) || stoodAt.contains(position) { reached.insert(number) }
      statement = program.statements[number].parent?.index
    }
  }
  // Behind a way out there is no code.
  live.formUnion(program.statements.indices.filter { program.statements[$0].isDead })
  var found: Set<Key> = []
  for statement in live.subtracting(reached) {
    if let parent = program.statements[statement].parent?.index, live.contains(parent),
      !reached.contains(parent)
    {
      continue
    }
    let line = program.source.line(of: program.statements[statement].span.start)
    found.insert(Key(kind: .vacuous, subject: "line \(line)"))
  }
  // Copies of an inlined function's assumption are one.
  let spans = { (claims: Set<Int>) in Set(claims.map { program.claims[$0].span }) }
  for span in spans(graph.evaluatedAssumptions).subtracting(spans(graph.trueAssumptions)) {
    let line = program.source.line(of: span.start)
    found.insert(Key(kind: .vacuous, subject: "line \(line)"))
  }
  return found
}

/// The code of the observers, and of the thread declarations that have instances, as far as control can come there.
private func runnableCode(of program: Program) -> [Int] {
  var entries = program.threadTypes.filter { $0.instanceCount > 0 }.map(\.entry)
  entries += program.invariants.map(\.entry)
  if let finally = program.finally { entries.append(finally.entry) }
  return program.reachable(from: entries).map(\.index)
}
