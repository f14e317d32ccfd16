import HeddleProgram
import HeddleSemantics

// Assertions and invariants that fail.

extension Explainer {
  func brokenClaim(_ claim: ClaimID, _ key: FindingKey, _ evidence: Evidence) -> Told {
    let title = title(of: key)
    let failed = evidence.trace.failedClaims.first { $0.claim == claim }
    let line = program.line(of: claim)
    var story: String
    if case .invariant = key {
      story =
        evidence.trace.steps.isEmpty
        ? "The invariant on line \(line) is false from the start"
        : "After step \(evidence.trace.steps.count) the invariant on line \(line) no longer holds"
    } else if let thread = failed?.thread {
      story = "\(evidence.name(thread))'s assertion on line \(line) fails"
    } else {
      story = "At the end the assertion on line \(line) fails"
    }
    if let message = failed?.message, !message.isEmpty { story += ": \"\(message)\"" }
    story += "."
    let reads = failed?.reads ?? []
    if let origin = origin(of: reads, checker: failed?.thread, evidence) { story += " \(origin)" }
    let (why, advice) = order(of: evidence, failed, claimLine: line)
    var told = Told(title, message: failed?.got, story: story, why: why, advice: advice)
    told.explanation.watched = Array(reads.prefix(3))
    return told
  }

  /// Where the values that a claim read come from.
  private func origin(of reads: [String], checker: ThreadID?, _ evidence: Evidence) -> String? {
    let written = reads.compactMap { name -> (String, Evidence.Write)? in
      // What is written after the claim has read it does not matter.
      let read = checker.flatMap { evidence.lastRead(of: name, by: $0) }
      return evidence.lastWrite(of: name, before: read).map { (name, $0) }
    }
    guard let (name, write) = written.max(by: { $0.1.index < $1.1.index }) else {
      guard let name = reads.first else { return nil }
      let value = evidence.value(of: name, in: evidence.final)
      return "\(code(name)) still has its initial value \(value)."
    }
    return "\(code(name)) was last written in step \(write.step.number) by "
      + "\(write.step.threadName) (line \(write.step.line)): \(write.old) -> \(write.new)."
  }

  /// The claim is checked while other threads still run, which it can be about.
  private func tooEarly(
    _ evidence: Evidence,
    _ failed: FailedClaim?,
    claimLine: Int
  ) -> (why: String, advice: String)? {
    guard let checker = failed?.thread else { return nil }
    // Who has read nothing, and neither waited nor chosen, comes to the same in every order.
    let hasSeenOthers = evidence.trace.steps.contains {
      $0.thread == checker && $0.action != "start"
    }
    guard hasSeenOthers || failed?.reads.isEmpty == false else { return nil }
    let running = evidence.final.threads.filter {
      $0.thread != checker && ($0.condition == .ready || $0.condition == .blocked)
    }
    guard !running.isEmpty else { return nil }
    let names = listed(running.map(\.name), limit: 3)
    let have = running.count == 1 ? "has" : "have"
    return (
      "\(evidence.name(checker)) does not wait: \(names) \(have) not ended when it checks.",
      "if the claim is about what \(names) \(running.count == 1 ? "does" : "do"), `join` "
        + "\(running.count == 1 ? "it" : "them") before line \(claimLine)."
    )
  }

  /// What it is about the order that makes a claim fail, and what to do about it.
  private func order(
    of evidence: Evidence,
    _ failed: FailedClaim?,
    claimLine: Int
  ) -> (why: String, advice: String) {
    if let unchecked = uncheckedWake(evidence) { return unchecked }
    if let interrupted = interruption(evidence, reads: failed?.reads ?? []) { return interrupted }
    if let early = tooEarly(evidence, failed, claimLine: claimLine) { return early }
    let turns = evidence.turns
    guard turns.count > 1 else {
      let why =
        switch (turns.first, failed?.thread) {
        case (nil, _): "it fails before any thread takes a step."
        case (let first?, let checker?) where first != checker:
          "it fails as soon as \(evidence.name(checker)) is started."
        case (let first?, _): "\(evidence.name(first)) gets there without any other thread."
        }
      return (why, "correct the code before line \(claimLine), or the claim.")
    }
    let names = turns.count <= 6 ? turns.map(evidence.name).joined(separator: ", ") : nil
    return (
      "no thread is interrupted; it is enough that they run in "
        + (names.map { "the order \($0)." } ?? "this order."),
      "if another order is meant, make it part of the program: `join` a thread, wait for an "
        + "event, or pass the value through a queue."
    )
  }

  /// The last preemption of the order: every one of them is needed, since orders have as few as possible.
  private func interruption(
    _ evidence: Evidence,
    reads: [String]
  ) -> (why: String, advice: String)? {
    let steps = evidence.trace.steps
    guard let index = steps.lastIndex(where: \.preempts) else { return nil }
    let interrupted = steps[index - 1]
    let next = evidence.before(index).threads[interrupted.thread.index].line ?? interrupted.line
    let lines = linesText([interrupted.line, next])
    if let lock = lockTakenAgain(after: index, evidence) {
      let name = code(evidence.name(lock))
      return (
        "\(interrupted.threadName) releases \(name) (line \(interrupted.line)) and takes it again "
          + "(line \(next)); \(steps[index].threadName) comes in between in step \(index + 1).",
        "hold \(name) from line \(interrupted.line) to line \(next), without releasing it in between."
      )
    }
    let holds = evidence.before(index).threads[interrupted.thread.index].holds
    let meantime = steps[index...].prefix { $0.thread != interrupted.thread }
    let intruder = meantime.first { step in
      step.events.contains { event in
        switch event {
        case .read(let variable, let element, _), .wrote(let variable, let element, _, _, _):
          reads.contains(evidence.name(variable, element))
        default: false
        }
      }
    }
    if let lock = holds.first, let other = intruder {
      return (
        "\(interrupted.threadName) holds \(code(lock)) there, and \(other.threadName) goes on in "
          + "step \(other.number) (line \(other.line)) without it.",
        "take \(code(lock)) in \(other.threadName) too, around line \(other.line)."
      )
    }
    let between =
      interrupted.line == next
      ? "in the middle of line \(next)" : "between line \(interrupted.line) and line \(next)"
    return (
      "\(interrupted.threadName) is interrupted \(between), and \(steps[index].threadName) goes on "
        + "in step \(index + 1).",
      "if \(lines) of \(interrupted.threadName) must not be split, make them one critical section: "
        + "the same lock in every thread, or `atomic`."
    )
  }

  /// The lock that the interrupted thread has just released and takes again in its next step.
  private func lockTakenAgain(after index: Int, _ evidence: Evidence) -> ObjectID? {
    let steps = evidence.trace.steps
    let interrupted = steps[index - 1]
    guard let next = steps[index...].first(where: { $0.thread == interrupted.thread }) else {
      return nil
    }
    for case .released(let lock) in interrupted.events where next.events.contains(.acquired(lock)) {
      return lock
    }
    return nil
  }

  /// The last thread woke up from a wait after another one had been first, and did not check again.
  private func uncheckedWake(_ evidence: Evidence) -> (why: String, advice: String)? {
    let steps = evidence.trace.steps
    guard let actor = steps.last?.thread else { return nil }
    let wake = steps.last { step in
      step.thread == actor
        && step.events.contains { if case .stoppedWaiting = $0 { true } else { false } }
    }
    guard let wake, case .stoppedWaiting(let condition)? = wake.events.first,
      case .condition(let lock, _) = program.objects[condition.index].kind
    else { return nil }
    let own = steps.filter { $0.thread == actor }
    guard
      let wait = own.lastIndex(where: {
        $0.number < wake.number && $0.events.contains(.beganToWait(condition))
      }), wait > 0,
      let notify = steps.last(where: { step in
        step.number > own[wait].number && step.number < wake.number
          && step.events.contains {
            if case .notified(condition, let woken) = $0 { woken.contains(actor) } else { false }
          }
      }),
      let first = steps.first(where: {
        $0.number > notify.number && $0.number < wake.number && $0.thread != notify.thread
          && $0.events.contains(.acquired(lock))
      }),
      let next = own.first(where: { $0.number > wake.number }),
      next.line != own[wait - 1].line
    else { return nil }
    let name = code(evidence.name(condition))
    return (
      "between the notify (step \(notify.number)) and \(wake.threadName)'s wake-up (step "
        + "\(wake.number)), \(first.threadName) took \(code(evidence.name(lock))) (step "
        + "\(first.number)); \(wake.threadName) does not check again.",
      "check again after waking up: `while` in place of `if` around the wait on \(name) (line "
        + "\(own[wait].line))."
    )
  }
}
