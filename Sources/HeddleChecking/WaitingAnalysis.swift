import HeddleProgram
import HeddleSemantics

/// Who waits for whom in the last state of a trace.
struct WaitingAnalysis {
  let evidence: Evidence
  /// The blocked threads, by number.
  let blocked: [ThreadStatus]
  /// The threads of one shortest cycle, each waiting for the next; empty if there is none.
  let cycle: [ThreadStatus]
  /// All threads that are part of some cycle.
  private let inCycle: Set<ThreadID>
  private let blockers: [ThreadID: [ThreadID]]

  init(_ evidence: Evidence) {
    self.evidence = evidence
    blocked = evidence.final.threads.filter { $0.condition == .blocked }
    var blockers: [ThreadID: [ThreadID]] = [:]
    for status in blocked { blockers[status.thread] = status.blockers }
    self.blockers = blockers
    var shortest: [ThreadID] = []
    var inCycle: Set<ThreadID> = []
    for status in blocked {
      guard let found = Self.cycle(through: status.thread, blockers) else { continue }
      inCycle.insert(status.thread)
      if shortest.isEmpty || found.count < shortest.count { shortest = found }
    }
    self.inCycle = inCycle
    cycle = shortest.map { evidence.final.threads[$0.index] }
  }

  /// The shortest way from a thread along "waits for" back to itself; the lowest numbers win a tie.
  private static func cycle(
    through start: ThreadID,
    _ blockers: [ThreadID: [ThreadID]]
  ) -> [ThreadID]? {
    var previous: [ThreadID: ThreadID] = [:]
    var pending = [start]
    var next = 0
    while next < pending.count {
      let thread = pending[next]
      next += 1
      for blocker in (blockers[thread] ?? []).sorted() {
        if blocker == start {
          var path = [thread]
          while let before = previous[path[0]] { path.insert(before, at: 0) }
          return path
        }
        if previous[blocker] == nil {
          previous[blocker] = thread
          pending.append(blocker)
        }
      }
    }
    return nil
  }

  func isInCycle(_ status: ThreadStatus) -> Bool { inCycle.contains(status.thread) }

  /// Blocked threads that wait for a thread of `core`, or for one that does.
  func dependents(on core: [ThreadStatus]) -> [ThreadStatus] {
    var reached = Set(core.map(\.thread))
    var grows = true
    while grows {
      grows = false
      for status in blocked where !reached.contains(status.thread) {
        if status.blockers.contains(where: reached.contains) {
          reached.insert(status.thread)
          grows = true
        }
      }
    }
    return blocked.filter { status in
      reached.contains(status.thread) && !core.contains { $0.thread == status.thread }
    }
  }

  /// Blocked threads whose waiting is explained by no other blocked thread.
  var roots: [ThreadStatus] {
    blocked.filter { status in
      !status.blockers.contains { blocker in
        evidence.final.threads[blocker.index].condition == .blocked
      }
    }
  }

  // MARK: The picture

  /// The picture of some of the blocked threads, those of the cycle first.
  func picture(of threads: [ThreadStatus]) -> WaitingPicture {
    let links = cycle.indices.map { index in
      let holder = cycle[(index + 1) % cycle.count]
      return WaitingPicture.Link(
        thread: cycle[index].name,
        waitsFor: linkText(cycle[index], holder),
        holder: holder.name
      )
    }
    let ordered =
      cycle
      + threads.filter { status in
        isInCycle(status) && !cycle.contains { $0.thread == status.thread }
      } + threads.filter { !isInCycle($0) }
    return WaitingPicture(cycle: links, rows: ordered.map(row))
  }

  private func linkText(_ status: ThreadStatus, _ holder: ThreadStatus) -> String {
    switch status.blockage {
    case .acquiring(let object)?, .lockOfCondition(_, let object)?: evidence.name(object)
    default: "\(holder.name) to end"
    }
  }

  private func row(_ status: ThreadStatus) -> WaitingPicture.Row {
    WaitingPicture.Row(
      thread: status.name,
      holds: status.holds,
      since: status.holds.map { name in
        let lock = evidence.lock(named: name)
        return lock.flatMap { evidence.acquisition(of: $0, by: status.thread)?.number } ?? 0
      },
      waitsFor: status.waitsFor ?? "something",
      line: status.line ?? 0,
      isVictim: !isInCycle(status)
    )
  }

  // MARK: Sentences

  /// "alice holds `left` and waits for `right`".
  func sentence(for status: ThreadStatus, holding wanted: ObjectID?) -> String {
    let holds = wanted.map { "holds \(code(evidence.name($0))) and " } ?? ""
    return "\(status.name) \(holds)waits for \(short(status))"
  }

  /// What a thread waits for: of a lock its name only.
  func short(_ status: ThreadStatus) -> String {
    switch status.blockage {
    case .acquiring(let object)?:
      if case .semaphore = evidence.program.objects[object.index].kind { break }
      return code(evidence.name(object))
    case .lockOfCondition(_, let object)?: return code(evidence.name(object))
    default: break
    }
    guard let blockage = status.blockage else { return "something" }
    return evidence.program.text(of: blockage, code)
  }

  /// The lock that a thread waits for.
  func wantedLock(_ status: ThreadStatus) -> ObjectID? {
    switch status.blockage {
    case .acquiring(let object)?, .lockOfCondition(_, let object)?: object
    default: nil
    }
  }
}
