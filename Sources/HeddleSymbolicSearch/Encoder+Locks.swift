import HeddleProgram
import HeddleSolver

/// What happens to a lock or rlock.
struct LockUse {
  /// An acquisition that takes the lock from nobody; for an rlock, the outermost.
  struct Acquisition {
    var event: Int
    /// That it happens, with success.
    var condition: Formula
    /// The acquisitions that the thread itself may still have open.
    var open: Set<Int>
    /// The releases that end it, if the thread itself releases.
    var closers: [(event: Int, condition: Formula)] = []
  }

  var acquisitions: [Acquisition] = []
  var releases: [(event: Int, condition: Formula)] = []
}

// Locks, rlocks and semaphores.

extension Encoder {
  /// A condition stands for its lock.
  private func lockBehind(_ object: Int) -> Int {
    if case .condition(let lock, _) = program.objects[object].kind { lock.index } else { object }
  }

  /// What cannot be encoded about an acquisition or a release.
  func unsupportedLocking(
    _ reference: ObjectReference,
    _ role: Role,
    _ state: PathState
  ) -> String? {
    for (object, condition) in objects(reference, role, state) {
      let lock = lockBehind(object)
      guard case .rlock = program.objects[lock].kind else { continue }
      guard condition == terms.yes else { return "an rlock that is not fixed" }
      let held = state.held[lock] ?? terms.no
      if terms.value(of: held) == nil { return "an rlock that may be held or not" }
    }
    return nil
  }

  func acquire(
    _ event: Int,
    _ reference: ObjectReference,
    _ waiting: Waiting,
    _ before: PathState,
    _ state: inout PathState
  ) -> Formula {
    let isCertain = waiting == .blocking
    var result = isCertain ? terms.yes : terms.proposition()
    var blocked: [() -> Formula] = []
    failOnBadIndex(reference, event, before, &state)
    withObject(reference, event, before) { object, happens, isMeant in
      let lock = lockBehind(object)
      let succeeds = terms.and(happens, result)
      events[event].awaited.append((lock, isMeant))
      switch program.objects[lock].kind {
      case .semaphore:
        semaphores[lock, default: SemaphoreUse()].acquisitions.append((event, succeeds))
        relatePermits(lock, event, happens, succeeds)
        blocked.append { [unowned self] in
          terms.and(isMeant, terms.less(permits(lock, .end), terms.integer(1)))
        }
      case .rlock where before.held[lock] == terms.yes:
        state.depth[lock, default: 0] += 1
        result = terms.yes
      default:
        if case .rlock = program.objects[lock].kind { state.depth[lock] = 1 }
        open(lock, event, succeeds, before, &state)
        // Who holds it already, and fails to get it again, goes on holding it.
        let old = state.held[lock] ?? terms.no
        state.held[lock] = terms.or(old, terms.and(isMeant, result))
        if !isCertain {
          let fails = terms.and(happens, terms.not(result))
          deferred.append { [unowned self] in
            addFact(terms.implies(fails, isHeld(lock, .event(event))), .failedAcquisition)
          }
        }
        blocked.append { [unowned self] in terms.and(isMeant, isHeld(lock, .end)) }
      }
    }
    if isCertain { blockages[event] = { [unowned self] in terms.or(blocked.map { $0() }) } }
    return result
  }

  private func open(
    _ lock: Int,
    _ event: Int,
    _ succeeds: Formula,
    _ before: PathState,
    _ state: inout PathState
  ) {
    let number = locks[lock]?.acquisitions.count ?? 0
    locks[lock, default: LockUse()].acquisitions.append(
      LockUse.Acquisition(event: event, condition: succeeds, open: before.open[lock] ?? [])
    )
    state.open[lock, default: []].insert(number)
  }

  func release(
    _ event: Int,
    _ reference: ObjectReference,
    _ count: Int,
    _ before: PathState,
    _ state: inout PathState
  ) {
    let thread = events[event].thread
    let isMisused = misuse(at: events[event].position)
    var failing: [Formula] = []
    failOnBadIndex(reference, event, before, &state)
    withObject(reference, event, before) { object, happens, isMeant in
      let lock = lockBehind(object)
      switch program.objects[lock].kind {
      case .semaphore(let initial, let isBounded):
        if isBounded { failing.append(exceeds(lock, initial, count, event, isMeant)) }
        semaphores[lock, default: SemaphoreUse()].releases.append((event, happens, count))
      case .rlock:
        let held = before.held[lock] ?? terms.no
        if held == terms.no {
          failing.append(isMeant)
        } else if let depth = before.depth[lock], depth > 1 {
          state.depth[lock] = depth - 1
        } else {
          close(lock, event, if: isMeant, happens, &state)
          state.depth[lock] = nil
        }
      default:
        let held = before.held[lock] ?? terms.no
        if !irregularLocks.contains(lock), held == terms.yes || held == isMeant {
          close(lock, event, if: isMeant, happens, &state)
        } else {
          // Somebody may release what another thread holds.
          irregularLocks.insert(lock)
          locks[lock, default: LockUse()].releases.append((event, happens))
          failing.append(terms.and(isMeant, isFree(lock, event)))
          state.held[lock] = terms.and(held, terms.not(isMeant))
        }
      }
    }
    fail(isMisused, if: terms.or(failing), thread, &state)
  }

  private func close(
    _ lock: Int,
    _ event: Int,
    if isMeant: Formula,
    _ happens: Formula,
    _ state: inout PathState
  ) {
    for number in (state.open[lock] ?? []).sorted() {
      locks[lock]?.acquisitions[number].closers.append((event, happens))
    }
    locks[lock, default: LockUse()].releases.append((event, happens))
    // Another lock of the array may be the one; then this one stays held.
    let held = state.held[lock] ?? terms.no
    let rest = held == isMeant ? terms.no : terms.and(held, terms.not(isMeant))
    state.held[lock] = rest
    if rest == terms.no { state.open[lock] = [] }
  }

  private func isFree(_ lock: Int, _ event: Int) -> Formula {
    let result = terms.proposition()
    deferred.append { [unowned self] in
      addFact(terms.equivalent(result, terms.not(isHeld(lock, .event(event)))), .freeLock)
    }
    return result
  }

  // MARK: Exclusion

  /// Whether somebody holds the lock at a moment.
  func isHeld(_ lock: Int, _ moment: Moment) -> Formula {
    guard let use = locks[lock] else { return terms.no }
    noteWork(use.acquisitions.count * releasesLookedAt(lock, use))
    guard !isTooLarge else { return terms.no }
    return terms.or(
      use.acquisitions.map { acquisition in
        terms.and([
          acquisition.condition, isBefore(acquisition.event, moment),
          terms.not(isReleased(acquisition, lock, use, before: moment)),
        ])
      }
    )
  }

  /// How many releases of the lock may be the one of an acquisition.
  private func releasesLookedAt(_ lock: Int, _ use: LockUse) -> Int {
    irregularLocks.contains(lock) ? use.releases.count : 1
  }

  private func isReleased(
    _ acquisition: LockUse.Acquisition,
    _ lock: Int,
    _ use: LockUse,
    before moment: Moment
  ) -> Formula {
    guard irregularLocks.contains(lock) else {
      return terms.or(
        acquisition.closers.map { terms.and($0.condition, isBefore($0.event, moment)) }
      )
    }
    return terms.or(
      use.releases.map { release in
        terms.and([
          release.condition, isBefore(acquisition.event, release.event),
          isBefore(release.event, moment),
        ])
      }
    )
  }

  /// Whether a thread holds a lock that others may release, right after an event or at the end.
  func holds(_ thread: Int, _ lock: Int, after event: Int?) -> Formula {
    guard let use = locks[lock] else { return terms.no }
    let moment = event.map { Moment.event($0) } ?? .end
    return terms.or(
      use.acquisitions.filter { events[$0.event].thread == thread }.map { acquisition in
        let releases = use.releases.map { release in
          let isPast =
            release.event == event ? terms.yes : isBefore(release.event, moment)
          return terms.and([
            release.condition, isBefore(acquisition.event, release.event), isPast,
          ])
        }
        return terms.and(acquisition.condition, terms.not(terms.or(releases)))
      }
    )
  }

  /// Between two acquisitions of a lock, the first is released.
  func relateLocks() {
    for lock in locks.keys.sorted() {
      guard let use = locks[lock] else { continue }
      for (number, left) in use.acquisitions.enumerated() where !isTooLarge {
        noteWork(use.acquisitions.count * releasesLookedAt(lock, use))
        for (other, right) in use.acquisitions.enumerated() where number < other {
          if events[left.event].thread == events[right.event].thread,
            !irregularLocks.contains(lock), !right.open.contains(number)
          {
            continue
          }
          let leftFirst = terms.and(
            isBefore(left.event, right.event),
            isReleased(left, lock, use, before: .event(right.event))
          )
          let rightFirst = terms.and(
            isBefore(right.event, left.event),
            isReleased(right, lock, use, before: .event(left.event))
          )
          addFact(
            terms.or([
              terms.not(left.condition), terms.not(right.condition), leftFirst, rightFirst,
            ]),
            .exclusion
          )
        }
      }
    }
  }
}

/// What happens to a semaphore.
struct SemaphoreUse {
  var acquisitions: [(event: Int, condition: Formula)] = []
  var releases: [(event: Int, condition: Formula, count: Int)] = []
}

extension Encoder {
  /// The number of permits at a moment.
  func permits(_ semaphore: Int, _ moment: Moment) -> IntegerTerm {
    guard case .semaphore(let initial, _) = program.objects[semaphore].kind else {
      preconditionFailure("internal error: permits of something else")
    }
    let use = semaphores[semaphore] ?? SemaphoreUse()
    var parts = [terms.integer(initial)]
    for release in use.releases {
      let isPast = terms.and(release.condition, isBefore(release.event, moment))
      parts.append(terms.choice(isPast, terms.integer(release.count), terms.integer(0)))
    }
    for acquisition in use.acquisitions {
      let isPast = terms.and(acquisition.condition, isBefore(acquisition.event, moment))
      parts.append(terms.choice(isPast, terms.integer(-1), terms.integer(0)))
    }
    return terms.sum(parts)
  }

  private func relatePermits(
    _ semaphore: Int,
    _ event: Int,
    _ happens: Formula,
    _ succeeds: Formula
  ) {
    deferred.append { [unowned self] in
      let hasPermit = terms.lessOrEqual(terms.integer(1), permits(semaphore, .event(event)))
      addFact(terms.implies(happens, terms.equivalent(succeeds, hasPermit)), .permit)
    }
  }

  private func exceeds(
    _ semaphore: Int,
    _ initial: Int,
    _ count: Int,
    _ event: Int,
    _ isMeant: Formula
  ) -> Formula {
    let result = terms.proposition()
    deferred.append { [unowned self] in
      let after = terms.sum([permits(semaphore, .event(event)), terms.integer(count)])
      addFact(terms.equivalent(result, terms.less(terms.integer(initial), after)), .semaphoreBound)
    }
    return terms.and(isMeant, result)
  }
}
