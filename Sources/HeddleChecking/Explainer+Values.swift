import HeddleProgram
import HeddleSemantics

// Lost updates, data races, and claims that fail.

extension Explainer {
  // MARK: Lost updates

  func lostUpdate(_ variable: VariableID, _ evidence: Evidence) -> Told {
    let title = title(of: .lostUpdate(variable))
    let steps = evidence.trace.steps
    for index in steps.indices {
      for case .wrote(variable, let element, _, _, true) in steps[index].events {
        return LostUpdate(variable, element, index, evidence).told(title)
      }
    }
    return Told(
      title,
      story: "A write puts back a value that another thread has changed since it was read.",
      why: "the read and the write are two steps.",
      advice: "make them one critical section."
    )
  }

  /// One lost update of a trace.
  private struct LostUpdate {
    let evidence: Evidence
    let name: String
    let index: Int
    /// The index of the stale read.
    let readIndex: Int?
    /// The writes of others between the read and the write.
    let overwritten: [Evidence.Write]

    init(_ variable: VariableID, _ element: Int, _ index: Int, _ evidence: Evidence) {
      self.evidence = evidence
      self.index = index
      name = evidence.name(variable, element)
      let step = evidence.trace.steps[index]
      let readIndex = step.staleReadStep.map { $0 - 1 }
      self.readIndex = readIndex
      overwritten = evidence.writes(of: variable, element).filter {
        $0.index < index && $0.index > readIndex ?? -1 && $0.step.thread != step.thread
      }
    }

    var step: TraceStep { evidence.trace.steps[index] }
    var writer: String { step.threadName }
    var newValue: String { evidence.value(of: name, in: step.after) }

    /// Whose updates are lost, each thread once.
    var losers: [String] {
      var names: [String] = []
      for write in overwritten where !names.contains(write.step.threadName) {
        names.append(write.step.threadName)
      }
      return names
    }

    func told(_ title: String) -> Told {
      let losers = listed(losers, limit: 3)
      guard let readIndex, let last = overwritten.last else {
        let story = "\(writer) writes \(code(name)) from a value of it that has changed since."
        return Told(title, story: story, why: story, advice: advice)
      }
      let plural = self.losers.count > 1
      let old = evidence.value(of: name, in: evidence.before(readIndex))
      var story =
        "The update\(plural ? "s" : "") of \(losers) \(plural ? "are" : "is") lost. \(writer) read "
        + "\(code(name)) before \(losers) wrote it and wrote after \(plural ? "them" : "it"), so "
        + "its \(newValue), computed from the old \(old), replaced "
      let isReplacedDirectly =
        !evidence.trace.steps[(last.index + 1)..<index].contains { step in
          step.events.contains {
            if case .wrote(let variable, let element, _, _, _) = $0 {
              evidence.name(variable, element) == name
            } else {
              false
            }
          }
        }
      story += isReplacedDirectly ? "\(last.step.threadName)'s \(last.new)." : "what was there."
      var told = Told(
        title,
        message: "\(writer) overwrites the update of \(losers)",
        story: story,
        why: why(readIndex, last),
        advice: advice
      )
      told.explanation.watched = [name]
      return told
    }

    private func why(_ readIndex: Int, _ last: Evidence.Write) -> String {
      let read = evidence.trace.steps[readIndex]
      let lines =
        read.line == step.line
        ? "read and write on line \(step.line)"
        : "read (line \(read.line)) and write (line \(step.line))"
      let split =
        "\(writer)'s \(lines) are split by \(last.step.threadName)'s write (line "
        + "\(last.step.line))"
      if let lock = heldThroughout.first {
        return "\(split), which does not hold \(code(lock))."
      }
      if let (lock, release) = releasedBetween {
        return "\(split): \(writer) releases \(code(lock)) in between (line \(release))."
      }
      return "\(split)."
    }

    private var advice: String {
      guard let readIndex else { return "make the read and the write one critical section." }
      let lines = [evidence.trace.steps[readIndex].line, step.line]
      if let (lock, failure) = lockNotTaken, holds(before: readIndex).contains(lock) {
        return "look at what `acquire` gives in line \(failure.line): \(failure.threadName) goes "
          + "on without \(code(lock))."
      }
      if let lock = heldThroughout.first, let last = overwritten.last {
        return "take \(code(lock)) in \(last.step.threadName) too, around line "
          + "\(last.step.line)."
      }
      if let (lock, _) = releasedBetween {
        return "hold \(code(lock)) from the read to the write (\(linesText(lines))) without "
          + "releasing it in between."
      }
      let others = overwritten.map(\.step.line).filter { !lines.contains($0) }
      guard others.isEmpty else {
        return "put \(linesText(lines)) under a lock, and \(linesText(others)) under the same one, "
          + "or make both `atomic`."
      }
      return "make \(linesText(lines)) one critical section: the same lock in every thread, or "
        + "`atomic`."
    }

    /// A lock that the last overwriting thread tried to take in vain, and the step in which it did.
    private var lockNotTaken: (lock: String, failure: TraceStep)? {
      guard let last = overwritten.last else { return nil }
      let before = evidence.trace.steps[..<last.index].reversed()
      for step in before where step.thread == last.step.thread {
        for event in step.events.reversed() {
          switch event {
          case .acquired: return nil
          case .failedToAcquire(let lock): return (evidence.name(lock), step)
          default: break
          }
        }
      }
      return nil
    }

    /// The locks that the writer holds from the read to the write.
    private var heldThroughout: [String] {
      guard let readIndex else { return [] }
      var held = holds(before: readIndex)
      for position in readIndex...index {
        let now = holds(before: position)
        held.removeAll { !now.contains($0) }
      }
      return held
    }

    /// A lock that the writer holds at the read and at the write, with the line of a release in between.
    private var releasedBetween: (lock: String, line: Int)? {
      guard let readIndex else { return nil }
      let held = holds(before: index)
      for lock in holds(before: readIndex) where held.contains(lock) {
        for step in evidence.trace.steps[readIndex..<index] where step.thread == self.step.thread {
          if !step.after.threads[step.thread.index].holds.contains(lock) {
            return (lock, step.line)
          }
        }
      }
      return nil
    }

    private func holds(before index: Int) -> [String] {
      evidence.before(index).threads[step.thread.index].holds
    }
  }

  // MARK: Data races

  func dataRace(_ variable: VariableID, _ evidence: Evidence) -> Told {
    let title = title(of: .dataRace(variable))
    let declared = program.variables[variable.index].name
    guard let (writing, other) = racingPair(variable, evidence.trace) else {
      return Told(
        title,
        story: "Two threads can access \(code(declared)) at the same moment.",
        why: "nothing orders the two accesses.",
        advice: "guard both with the same lock."
      )
    }
    let threads = [writing, other].map { evidence.final.threads[$0.thread.index] }
    let lines = threads.map { $0.line ?? 0 }
    let verb = other.isWrite ? "writes" : "reads"
    let story =
      "\(threads[0].name) can write \(code(writing.name)) (line \(lines[0])) at the same moment as "
      + "\(threads[1].name) \(verb) it (line \(lines[1])). Nothing puts the two in an order."
    let bothFree = threads.allSatisfy(\.holds.isEmpty)
    func holding(_ status: ThreadStatus) -> String {
      let locks = status.holds.isEmpty ? "no lock" : listed(status.holds.map(code))
      return "\(status.name) holds \(locks)"
    }
    let isField = declared.contains(".")
    let declaration = isField ? "`atomic var`" : "`atomic shared`"
    var told = Told(
      title,
      message: "\(threads[0].name) writes it while \(threads[1].name) \(verb) it",
      story: story,
      why: bothFree
        ? "at that moment neither of them holds a lock."
        : "at that moment \(holding(threads[0])), and \(holding(threads[1])).",
      advice: "guard \(linesText(lines)) with the same lock. If it is intended, declare "
        + "\(code(declared)) as \(declaration), or write \(code("allow data-race on \(declared)"))."
    )
    told.explanation.watched = [writing.name]
    return told
  }

  /// Two accesses to one element, the first a write.
  private func racingPair(
    _ variable: VariableID,
    _ trace: Trace
  ) -> (writing: PendingAccess, other: PendingAccess)? {
    let accesses = trace.pendingAccesses.filter { $0.variable == variable }
    for writing in accesses where writing.isWrite {
      for other in accesses
      where other.thread != writing.thread && other.name == writing.name
        && !(other.isAtomic && writing.isAtomic)
      {
        return (writing, other)
      }
    }
    return nil
  }
}
