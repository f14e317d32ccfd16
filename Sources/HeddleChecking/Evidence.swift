import HeddleProgram
import HeddleSemantics

/// What a trace shows, asked for by whoever tells its story.
struct Evidence {
  let program: Program
  let trace: Trace

  /// The state after the last step.
  var final: Snapshot { trace.steps.last?.after ?? trace.initial }

  /// The state before the step at an index of ``Trace/steps``.
  func before(_ index: Int) -> Snapshot {
    index == 0 ? trace.initial : trace.steps[index - 1].after
  }

  func name(_ thread: ThreadID) -> String { program.instances[thread.index].name }

  func name(_ variable: VariableID, _ element: Int) -> String {
    StateView.name(of: element, in: program.variables[variable.index], program)
  }

  func name(_ object: ObjectID) -> String { program.objects[object.index].name }

  func value(of name: String, in snapshot: Snapshot) -> String {
    snapshot.variables.first { $0.name == name }?.value ?? ""
  }

  // MARK: Writes

  /// A step that wrote an element.
  struct Write {
    var index: Int
    var step: TraceStep
    var old: String
    var new: String
  }

  /// The steps that wrote an element, in order.
  func writes(of variable: VariableID, _ element: Int) -> [Write] {
    let name = name(variable, element)
    return trace.steps.indices.compactMap { index in
      let step = trace.steps[index]
      let isWriter = step.events.contains { event in
        if case .wrote(variable, element, _, _, _) = event { true } else { false }
      }
      guard isWriter else { return nil }
      return Write(
        index: index,
        step: step,
        old: value(of: name, in: before(index)),
        new: value(of: name, in: step.after)
      )
    }
  }

  /// The index of the last step in which a thread read the element with the given name.
  func lastRead(of name: String, by thread: ThreadID) -> Int? {
    trace.steps.lastIndex { step in
      step.thread == thread
        && step.events.contains { event in
          guard case .read(let variable, let element, _) = event else { return false }
          return self.name(variable, element) == name
        }
    }
  }

  /// The last step that wrote the element with the given name; with an index, the last one before it.
  func lastWrite(of name: String, before end: Int? = nil) -> Write? {
    for index in trace.steps.indices[..<(end ?? trace.steps.count)].reversed() {
      let step = trace.steps[index]
      let isWriter = step.events.contains { event in
        guard case .wrote(let variable, let element, _, _, _) = event else { return false }
        return self.name(variable, element) == name
      }
      if isWriter {
        return Write(
          index: index,
          step: step,
          old: value(of: name, in: before(index)),
          new: value(of: name, in: step.after)
        )
      }
    }
    return nil
  }

  // MARK: Locks

  /// The step in which a thread got a lock that it still holds at the end.
  func acquisition(of lock: ObjectID, by thread: ThreadID) -> TraceStep? {
    var since: TraceStep?
    for step in trace.steps where step.thread == thread {
      for event in step.events {
        switch event {
        case .acquired(lock): since = since ?? step
        case .released(lock):
          if !step.after.threads[thread.index].holds.contains(name(lock)) { since = nil }
        case .stoppedWaiting(let object):
          if lockBehind(object) == lock { since = since ?? step }
        case .beganToWait(let object):
          if lockBehind(object) == lock { since = nil }
        default: break
        }
      }
    }
    return since
  }

  private func lockBehind(_ object: ObjectID) -> ObjectID? {
    if case .condition(let lock, _) = program.objects[object.index].kind { lock } else { nil }
  }

  /// The lock with the given name.
  func lock(named name: String) -> ObjectID? {
    for (index, object) in program.objects.enumerated() where object.name == name {
      switch object.kind {
      case .lock, .rlock: return ObjectID(index)
      default: break
      }
    }
    return nil
  }

  // MARK: Order

  /// The threads in the order in which they take turns; each change of thread is one entry.
  var turns: [ThreadID] {
    var turns: [ThreadID] = []
    for step in trace.steps where turns.last != step.thread { turns.append(step.thread) }
    return turns
  }

  /// The last step of a thread at or before an index.
  func lastStep(of thread: ThreadID, before index: Int) -> TraceStep? {
    trace.steps[..<index].last { $0.thread == thread }
  }
}

/// A name of the program or a piece of its code, marked as such.
func code(_ text: String) -> String {
  "`" + String(text.map { $0 == "`" ? "'" : $0 }) + "`"
}

/// "line 4", "lines 4-5" for neighbours, "lines 4 and 9" for others.
func linesText(_ lines: [Int]) -> String {
  let lines = Set(lines).sorted()
  guard let first = lines.first, let last = lines.last else { return "" }
  if first == last { return "line \(first)" }
  if lines.count == 2, last > first + 1 { return "lines \(first) and \(last)" }
  return "lines \(first)-\(last)"
}

extension String {
  /// The text with its first letter in upper case.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
