import HeddleChecking
import HeddleProgram
import HeddleSolver

/// The question whether there is a run that shows a finding.
struct Inquiry {
  /// Where the run that shows it ends.
  enum Ending: Hashable {
    /// With the last step that is taken.
    case anywhere
    /// With this step.
    case step(Int)
    /// Before the first step.
    case beginning
  }

  /// The finding; `nil` for a deadlock, whose threads only a model tells.
  var key: FindingKey?
  /// The ways to show it.
  var cases: [(condition: Formula, ending: Ending)]

  /// What it asks for.
  var kind: FindingKind { key?.kind ?? .deadlock }
}

/// The questions about one encoded program.
///
/// What is asked about the end of the run has to be prepared before the encoding is finished (``prepare()``); the questions
/// themselves need all of it.
final class Inquiries {
  let encoder: Encoder
  let reporting: Reporting
  private var terms: TermBank { encoder.terms }
  private var program: Program { encoder.program }

  private var isStuck: [Formula] = []
  private var races: [Int: Formula] = [:]
  private var observations: [(outcome: FailureOutcome, condition: Formula)] = []
  /// Whether a non-daemon thread still runs at the end.
  private var mustGoOn: Formula

  init(_ encoder: Encoder) {
    self.encoder = encoder
    reporting = Reporting(encoder.program)
    mustGoOn = encoder.terms.no
  }

  private func isDaemon(_ thread: Int) -> Bool {
    program.threadTypes[program.instances[thread].type.index].isDaemon
  }

  private func runs(_ thread: Int) -> Formula {
    terms.and(
      encoder.hasStarted(thread, .end),
      terms.not(encoder.hasEnded(thread, .end))
    )
  }

  // MARK: Preparation

  /// Evaluates guards, blocks and observers on the state at the end.
  func prepare() {
    let threads = program.instances.indices
    mustGoOn = terms.or(threads.filter { !isDaemon($0) }.map { runs($0) })
    isStuck = threads.map { thread in
      let blocked = encoder.eventsOfThread[thread].compactMap { event in
        encoder.blockages[event].map { terms.and(encoder.stopped(event), $0()) }
      }
      return terms.or([terms.not(runs(thread))] + blocked)
    }
    for invariant in program.invariants {
      observations += encoder.observeEnd(invariant, if: terms.yes).failures
    }
    if let finally = program.finally {
      observations += encoder.observeEnd(finally, if: terms.not(mustGoOn)).failures
    }
    prepareRaces()
  }

  private func prepareRaces() {
    var accesses: [Int: [(thread: Int, isWrite: Bool, isAtomic: Bool, condition: Formula)]] = [:]
    var plainSlots: Set<Int> = []
    for event in encoder.events {
      for access in event.accesses
      where reporting.race(encoder.variableOfSlot[access.slot]) {
        plainSlots.insert(access.slot)
        let condition = terms.and(encoder.stopped(event.number), access.condition)
        accesses[access.slot, default: []].append(
          (event.thread, access.isWrite, false, condition)
        )
      }
    }
    guard !plainSlots.isEmpty else { return }
    for event in encoder.blockEntries.keys.sorted() {
      let result = encoder.probe(event)
      let isEnabled = encoder.blockages[event].map { terms.not($0()) } ?? terms.yes
      for access in result.accesses where plainSlots.contains(access.slot) {
        accesses[access.slot, default: []].append(
          (
            encoder.events[event].thread, access.isWrite, true,
            terms.and(access.condition, isEnabled)
          )
        )
      }
    }
    for slot in accesses.keys.sorted() {
      guard let list = accesses[slot] else { continue }
      var pairs: [Formula] = []
      for (index, left) in list.enumerated() {
        for right in list[(index + 1)...]
        where left.thread != right.thread && (left.isWrite || right.isWrite)
          && !(left.isAtomic && right.isAtomic)
        {
          pairs.append(terms.and(left.condition, right.condition))
        }
      }
      let variable = encoder.variableOfSlot[slot]
      races[variable] = terms.or([races[variable] ?? terms.no] + pairs)
    }
  }

  // MARK: Questions

  /// Everything that one model can show, errors first.
  func all() -> [Inquiry] {
    var inquiries: [Inquiry] = []
    for variable in races.keys.sorted() {
      guard let condition = races[variable] else { continue }
      inquiries.append(atEnd(.dataRace(VariableID(variable)), condition))
    }
    inquiries += lostUpdates() + failures() + observed()
    inquiries.append(atEnd(nil, terms.and(terms.and(isStuck), mustGoOn)))
    inquiries += daemons() + leaks()
    return inquiries.filter { inquiry in inquiry.cases.contains { $0.condition != terms.no } }
  }

  private func atEnd(_ key: FindingKey?, _ condition: Formula) -> Inquiry {
    Inquiry(key: key, cases: [(terms.and(condition, encoder.clean), .anywhere)])
  }

  /// A write that loses what another thread has written since the read that it goes back to.
  struct Loss {
    var variable: VariableID
    var event: Int
    var condition: Formula
  }

  /// All losses that are reported, by their writes.
  private(set) lazy var losses: [Loss] = encoder.stores.compactMap { store in
    let variable = encoder.variableOfSlot[store.slot]
    guard reporting.lostUpdate(variable) else { return nil }
    let thread = encoder.events[store.event].thread
    var ways: [Formula] = []
    for source in store.sources {
      let read = encoder.reads[source.read]
      for other in encoder.writes
      where other.slot == store.slot && encoder.events[other.event].thread != thread {
        ways.append(
          terms.and([
            source.condition, other.condition, encoder.isBefore(read.event, other.event),
            encoder.isBefore(other.event, store.event),
          ])
        )
      }
    }
    let isLost = terms.and(store.condition, terms.or(ways))
    guard isLost != terms.no else { return nil }
    return Loss(variable: VariableID(variable), event: store.event, condition: isLost)
  }

  private func lostUpdates() -> [Inquiry] {
    var cases: [VariableID: [(condition: Formula, ending: Inquiry.Ending)]] = [:]
    for loss in losses {
      let isFirst = terms.or(encoder.clean, encoder.fails(loss.event))
      cases[loss.variable, default: []].append(
        (terms.and(loss.condition, isFirst), .step(loss.event))
      )
    }
    return cases.keys.sorted { $0.index < $1.index }.compactMap { variable in
      cases[variable].map { Inquiry(key: .lostUpdate(variable), cases: $0) }
    }
  }

  /// Failed assertions and misuse in steps.
  private func failures() -> [Inquiry] {
    var cases: [FindingKey: [(condition: Formula, ending: Inquiry.Ending)]] = [:]
    for (number, failure) in encoder.failures.enumerated() {
      guard let key = reporting.key(of: failure.outcome) else { continue }
      // Threads that begin in the same step do their local work one after the other.
      let earlier = encoder.failures[..<number].filter {
        $0.event == failure.event && $0.thread != failure.thread
      }
      let isFirst = terms.not(terms.or(earlier.map(\.condition)))
      let ending = failure.event.map { Inquiry.Ending.step($0) } ?? .beginning
      cases[key, default: []].append((terms.and(failure.condition, isFirst), ending))
    }
    return cases.keys.sorted().map { Inquiry(key: $0, cases: cases[$0] ?? []) }
  }

  private func observed() -> [Inquiry] {
    var conditions: [FindingKey: Formula] = [:]
    for (outcome, condition) in observations {
      guard let key = reporting.key(of: outcome) else { continue }
      conditions[key] = terms.or(conditions[key] ?? terms.no, condition)
    }
    return conditions.keys.sorted().map { atEnd($0, conditions[$0] ?? terms.no) }
  }

  private func daemons() -> [Inquiry] {
    var blocked: [ThreadTypeID: Formula] = [:]
    var killed: [ThreadTypeID: Formula] = [:]
    let isOver = terms.and(terms.and(isStuck), terms.not(mustGoOn))
    for thread in program.instances.indices {
      let type = program.instances[thread].type
      let declaration = program.threadTypes[type.index]
      guard declaration.isDaemon, !declaration.mayOutliveMain else { continue }
      blocked[type] = terms.or(blocked[type] ?? terms.no, terms.and(isOver, runs(thread)))
      killed[type] = terms.or(killed[type] ?? terms.no, holdsSomething(thread))
    }
    let isExit = isExit
    return blocked.keys.sorted().map { atEnd(.daemonBlocked($0), blocked[$0] ?? terms.no) }
      + killed.keys.sorted().map {
        atEnd(.daemonKilled($0), terms.and(killed[$0] ?? terms.no, isExit))
      }
  }

  private func holdsSomething(_ thread: Int) -> Formula {
    var ways: [Formula] = []
    for number in encoder.eventsOfThread[thread] {
      let event = encoder.events[number]
      let held = event.held.keys.sorted().filter { !encoder.irregularLocks.contains($0) }
        .compactMap { event.held[$0] }
      let taken = event.taken.keys.sorted().compactMap { event.taken[$0] }.map {
        terms.less(terms.integer(0), $0)
      }
      ways.append(terms.and(encoder.stopped(number), terms.or(held + taken)))
    }
    for lock in encoder.irregularLocks.sorted() {
      ways.append(terms.and(runs(thread), encoder.holds(thread, lock, after: nil)))
    }
    return terms.or(ways)
  }

  /// Whether the last step was the one in which the last non-daemon thread ended.
  private var isExit: Formula {
    let daemons = program.instances.indices.filter { isDaemon($0) }
    let daemonEvents = daemons.flatMap { encoder.eventsOfThread[$0] }
    func isLast(_ last: Int?) -> Formula {
      terms.and(
        daemonEvents.map { event in
          let executed = encoder.events[event].executed
          guard let last else { return terms.not(executed) }
          return terms.implies(executed, encoder.isBefore(event, last))
        }
      )
    }
    guard !daemons.isEmpty else { return terms.not(mustGoOn) }
    var ways = program.instances.indices.filter { !isDaemon($0) }.flatMap { thread in
      encoder.ends[thread].map { terms.and($0.condition, isLast($0.event)) }
    }
    if daemons.count == program.instances.count { ways.append(isLast(nil)) }
    return terms.and(terms.not(mustGoOn), terms.or(ways))
  }

  private func leaks() -> [Inquiry] {
    var conditions: [FindingKey: [Formula]] = [:]
    let isExit = isExit
    for (index, object) in program.objects.enumerated() where reporting.leak(ofObject: index) {
      let key = FindingKey.leakedObject(reporting.firstOfDeclaration(index))
      switch object.kind {
      case .queue:
        let hasItems = terms.not(encoder.isEmpty(index, .end))
        conditions[key, default: []].append(terms.and(isExit, hasItems))
      case .lock, .rlock:
        for thread in program.instances.indices {
          for end in encoder.ends[thread] {
            let isHeld =
              encoder.irregularLocks.contains(index)
              ? encoder.holds(thread, index, after: end.event)
              : end.state.held[index] ?? terms.no
            conditions[key, default: []].append(terms.and(end.condition, isHeld))
          }
        }
      default: break
      }
    }
    if program.hasMain {
      for thread in program.instances.indices.dropFirst() where !isDaemon(thread) {
        let type = program.instances[thread].type
        guard reporting.leak(ofType: type.index) else { continue }
        let isJoined = terms.or((encoder.joins[thread] ?? []).map(\.condition))
        let isLeft = terms.and([
          isExit, encoder.hasEnded(thread, .end), terms.not(isJoined),
        ])
        conditions[.unjoined(type), default: []].append(isLeft)
      }
    }
    return conditions.keys.sorted().map { atEnd($0, terms.or(conditions[$0] ?? [])) }
  }
}
