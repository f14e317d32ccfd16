public import HeddleDiagnostics
public import HeddleProgram
import HeddleSemantics

extension Finding {
  /// The place in the source that the finding is best shown at: a claim, a statement, a declaration.
  public func place(in program: Program) -> SourceSpan {
    switch key {
    case .lostUpdate(let variable):
      lossStep.map { span(of: $0.position, program) } ?? program.variables[variable.index].span
    case .dataRace(let variable):
      place(ofRaceOn: variable, program) ?? program.variables[variable.index].span
    case .assertion(let claim), .invariant(let claim), .excludesEveryRun(let claim):
      program.claims[claim.index].span
    case .misuse(let statement), .unreached(let statement):
      program.statements[statement.index].span
    case .deadlock:
      place(ofThread: explanation.waiting?.rows.first?.thread, program)
        ?? program.threadTypes.first?.span ?? SourceSpan(start: 0, end: 0)
    case .blockedForever(let type), .daemonBlocked(let type):
      place(ofThread: blockedThread(of: type, program), program)
        ?? program.threadTypes[type.index].span
    case .neverTerminates(let type): place(ofLoop: type, program)
    case .daemonKilled(let type), .unjoined(let type): program.threadTypes[type.index].span
    case .leakedObject(let object): program.objects[object.index].span
    }
  }

  /// For a lost update: the step that writes over the others' work.
  public var lossStep: TraceStep? {
    guard case .lostUpdate(let variable) = key else { return nil }
    return trace?.steps.first { step in
      step.events.contains { event in
        if case .wrote(variable, _, _, _, true) = event { true } else { false }
      }
    }
  }

  /// The first thread of a declaration in the picture of who waits for whom.
  private func blockedThread(of type: ThreadTypeID, _ program: Program) -> String? {
    let rows = explanation.waiting?.rows ?? []
    let own = rows.first { row in
      program.instances.contains { $0.name == row.thread && $0.type == type }
    }
    return (own ?? rows.first)?.thread
  }

  private func span(of position: InstructionID, _ program: Program) -> SourceSpan {
    program.statements[program.instructionStatements[position.index].index].span
  }

  private func place(ofThread name: String?, _ program: Program) -> SourceSpan? {
    let snapshot = trace?.steps.last?.after ?? trace?.initial
    let status = snapshot?.threads.first { $0.name == name }
    return status?.position.map { span(of: $0, program) }
  }

  private func place(ofRaceOn variable: VariableID, _ program: Program) -> SourceSpan? {
    let write = trace?.pendingAccesses.first { $0.variable == variable && $0.isWrite }
    return write.flatMap { place(ofThread: program.instances[$0.thread.index].name, program) }
  }

  private func place(ofLoop type: ThreadTypeID, _ program: Program) -> SourceSpan {
    let loop = trace.map { $0.steps[(($0.loopFrom ?? 1) - 1)...] } ?? []
    let step = loop.first { program.instances[$0.thread.index].type == type }
    return step.map { span(of: $0.position, program) } ?? program.threadTypes[type.index].span
  }
}
