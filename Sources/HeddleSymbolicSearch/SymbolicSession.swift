import HeddleChecking
import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// One encoding of one program, in one solver: all questions are put to it.
final class SymbolicSession {
  let question: Question
  let encoder: Encoder
  let solver: Solver
  /// Without the constraints on values: where it finds no run, there is none.
  private let orderSolver: Solver?
  let inquiries: Inquiries
  let tracer: (any Engine)?
  let supervisor: Supervisor
  /// What makes the answer incomplete, the first first.
  private(set) var limits: [EngineLimit] = []
  private(set) var findings: [EngineAnswer.RawFinding] = []
  private(set) var needsMoreRounds = false
  private(set) var peakMemoryBytes = 0
  private var coverage: Coverage

  var terms: TermBank { encoder.terms }
  var eventCount: Int { encoder.events.count }
  var queryCount: Int { solver.checkCount + (orderSolver?.checkCount ?? 0) }
  var isTooLarge: Bool { encoder.isTooLarge }

  init(
    _ question: Question,
    bound: Int,
    maximumEvents: Int,
    limits: Solver.Limits,
    tracer: (any Engine)?,
    omitted: Set<ConstraintLabel>,
    _ supervisor: Supervisor
  ) throws(SolverError) {
    self.question = question
    self.tracer = tracer
    self.supervisor = supervisor
    let encoding = Self.progress(events: 0, bound: bound)
    var irregular: Set<Int> = []
    while true {
      let encoder = Encoder(
        question.program,
        options: question.machineOptions,
        bound: bound,
        maximumEvents: maximumEvents,
        irregularLocks: irregular,
        omitted: omitted,
        mayGoOn: { supervisor.progress(encoding) == .goOn }
      )
      let inquiries = Inquiries(encoder)
      encoder.encode { _ in inquiries.prepare() }
      // What a lock is like is known only when all of the code has been seen.
      if encoder.irregularLocks == irregular {
        self.encoder = encoder
        self.inquiries = inquiries
        break
      }
      irregular = encoder.irregularLocks
    }
    solver = try Solver(encoder.terms, limits: limits)
    let hasMemory = encoder.orderFactCount < encoder.facts.count
    orderSolver = hasMemory ? try Solver(encoder.terms, limits: limits) : nil
    guard !encoder.isTooLarge else {
      coverage = Coverage(program: encoder.program, terms: encoder.terms)
      if supervisor.progress(encoding) != .goOn { solver.interrupt() }
      self.limits = [SymbolicLimit.tooLarge.limit(of: encoder.program)]
      return
    }
    coverage = Coverage(encoder)
    let events = encoder.events.count
    solver.supervise {
      supervisor.progress(Self.progress(events: events, bound: bound)) == .goOn
    }
    for fact in encoder.facts where !solver.isInterrupted { try solver.assert(fact) }
    guard let orderSolver else { return }
    orderSolver.supervise {
      supervisor.progress(Self.progress(events: events, bound: bound)) == .goOn
    }
    for fact in encoder.facts.prefix(encoder.orderFactCount) where !orderSolver.isInterrupted {
      try orderSolver.assert(fact)
    }
  }

  private static func progress(events: Int, bound: Int, findings: Int = 0) -> Progress {
    Progress(
      phase: .searching,
      states: events,
      transitions: 0,
      frontier: 0,
      depth: bound,
      memoryBytes: Solver.bytesInUse,
      findings: findings
    )
  }

  // MARK: Before the questions

  /// Checks that the encoding is not empty, and whether some run leaves it.
  func begin() throws(SolverError) {
    guard !isTooLarge else { return }
    switch try check([]) {
    case .satisfiable: try askFrontiers()
    case .unknown(let why): noteUnknown("whether the constraints have a model", why)
    case .unsatisfiable:
      // The empty beginning of a run is always a model.
      limits.append(
        EngineLimit(
          reason: "the constraints have no model, which is a mistake of Heddle's",
          advice: "report it, and use `--engine exhaustive`"
        )
      )
    }
  }

  private func askFrontiers() throws(SolverError) {
    var reasons: [SymbolicLimit] = []
    var conditions: [SymbolicLimit: [Formula]] = [:]
    for frontier in encoder.frontiers {
      if conditions[frontier.reason] == nil { reasons.append(frontier.reason) }
      conditions[frontier.reason, default: []].append(frontier.condition)
    }
    for reason in reasons {
      let condition = terms.and(encoder.clean, terms.or(conditions[reason] ?? []))
      switch try check([condition]) {
      case .unsatisfiable: break
      case .satisfiable:
        limits.append(reason.limit(of: encoder.program))
        if reason.isUnrolling { needsMoreRounds = true }
      case .unknown(let why): noteUnknown("whether a run leaves the bound", why)
      }
    }
  }

  func check(
    _ assumptions: [Formula],
    work: UInt32? = nil
  ) throws(SolverError) -> Satisfiability {
    let result = try solver.check(assuming: assumptions, work: work)
    peakMemoryBytes = max(peakMemoryBytes, Solver.bytesInUse)
    return result
  }

  func noteUnknown(_ what: String, _ why: String) {
    limits.append(
      EngineLimit(
        reason: "Z3 gave up on \(what): \(why)",
        advice: "make the scenario smaller: fewer threads, rounds or values"
      )
    )
  }

  // MARK: The questions

  /// Puts all questions.
  func answer() throws(SolverError) -> EngineAnswer {
    guard !isTooLarge else {
      return EngineAnswer(findings: [], limit: limit, statistics: Statistics())
    }
    for inquiry in inquiries.all() where isWanted(inquiry.kind) && !solver.isInterrupted {
      let rest = try withoutImpossible(inquiry)
      guard !rest.cases.isEmpty else { continue }
      if rest.key == nil { try askDeadlocks(rest) } else { try ask(rest) }
    }
    if limits.isEmpty, isWanted(.vacuous), !solver.isInterrupted { try askCoverage() }
    try chooseOrders()
    findings.sort { $0.key < $1.key }
    return EngineAnswer(findings: findings, limit: limit, statistics: Statistics())
  }

  private func isWanted(_ kind: FindingKind) -> Bool {
    question.kinds.isEmpty || question.kinds.contains(kind)
  }

  /// The inquiry with the ways that the order of steps alone does not rule out.
  private func withoutImpossible(_ inquiry: Inquiry) throws(SolverError) -> Inquiry {
    guard let orderSolver, [.dataRace, .lostUpdate, .deadlock].contains(inquiry.kind) else {
      return inquiry
    }
    var rest = inquiry
    rest.cases = []
    let any = terms.proposition()
    try orderSolver.assert(terms.implies(any, terms.or(inquiry.cases.map(\.condition))))
    guard try orderSolver.check(assuming: [any]) != .unsatisfiable else { return rest }
    for way in inquiry.cases
    where try orderSolver.check(assuming: [way.condition]) != .unsatisfiable {
      rest.cases.append(way)
    }
    return rest
  }

  private var limit: LimitReached? {
    if solver.isInterrupted {
      let progress = Self.progress(events: eventCount, bound: 0, findings: findings.count)
      return LimitReached(supervisor.progress(progress), question.limits) ?? .interrupted
    }
    // What an encoding says that was given up meanwhile is not all there is.
    let givenUp = encoder.isTooLarge ? [SymbolicLimit.tooLarge.limit(of: encoder.program)] : []
    return (limits + givenUp).first.map { .engine($0) }
  }

  /// The literal that stands for a question.
  func literal(_ inquiry: Inquiry) throws(SolverError) -> Formula {
    let ask = terms.proposition()
    try solver.assert(terms.implies(ask, terms.or(inquiry.cases.map(\.condition))))
    return ask
  }

  private func ask(_ inquiry: Inquiry) throws(SolverError) {
    guard let key = inquiry.key else { return }
    let ask = try literal(inquiry)
    switch try check([ask]) {
    case .unsatisfiable: break
    case .satisfiable: try note(key, inquiry, ask)
    case .unknown(let why): noteUnknown("\(key.kind.rawValue)", why)
    }
  }

  /// The questions that have a model, with what is needed to make it canonical.
  private(set) var shown: [Shown] = []

  /// A question that has a model.
  struct Shown {
    var key: FindingKey
    var inquiry: Inquiry
    /// What its models satisfy.
    var literals: [Formula]
  }

  private func note(_ key: FindingKey, _ inquiry: Inquiry, _ literal: Formula) throws(SolverError) {
    try coverage.add(model: solver)
    guard !shown.contains(where: { $0.key == key }) else { return }
    shown.append(Shown(key: key, inquiry: inquiry, literals: [literal]))
  }

  func add(_ finding: EngineAnswer.RawFinding) { findings.append(finding) }

  /// A lost update goes on only to a claim that is told with it.
  func dropContinuations() {
    for index in findings.indices {
      guard let claim = findings[index].continuation?.claim else { continue }
      let key = findings[index].key
      if !findings.contains(where: { $0.key == claim && $0.cause == key }) {
        findings[index].continuation = nil
      }
    }
  }

  /// How many models of a deadlock are looked at for different cycles.
  private static var maximumDeadlocks: Int { 64 }

  /// Each set of declarations whose threads wait for each other is a finding of its own.
  private func askDeadlocks(_ inquiry: Inquiry) throws(SolverError) {
    let ask = try literal(inquiry)
    var excluded: [Formula] = []
    for _ in 0..<Self.maximumDeadlocks {
      switch try check([ask] + excluded) {
      case .unsatisfiable: return
      case .unknown(let why): return noteUnknown("deadlocks", why)
      case .satisfiable: break
      }
      try coverage.add(model: solver)
      let schedule = try ModelReader(self).schedule(of: inquiry)
      guard let deadlock = Deadlock(schedule, question) else {
        throw .refused("a deadlock does not replay: \(schedule.text(in: question.program))")
      }
      let here = try standing()
      if !shown.contains(where: { $0.key == deadlock.key }) {
        shown.append(Shown(key: deadlock.key, inquiry: inquiry, literals: [ask] + here))
      }
      // Another deadlock has not all threads where they are.
      excluded.append(terms.not(terms.and(here)))
    }
    limits.append(
      EngineLimit(
        reason: "there are more than \(Self.maximumDeadlocks) ways to a deadlock",
        advice: "mend those that are shown"
      )
    )
  }

  /// Where all threads are in the last model, with the locks they hold; joins are told apart, since they wait for others.
  private func standing() throws(SolverError) -> [Formula] {
    var here: [Formula] = []
    for thread in encoder.program.instances.indices {
      for condition in [encoder.hasStarted(thread, .end), encoder.hasEnded(thread, .end)] {
        here.append(try solver.value(of: condition) ? condition : terms.not(condition))
      }
      for number in encoder.eventsOfThread[thread]
      where try solver.value(of: encoder.stopped(number)) {
        here.append(try standing(thread, at: number))
      }
      for lock in encoder.irregularLocks.sorted() {
        let isHeld = encoder.holds(thread, lock, after: nil)
        here.append(try solver.value(of: isHeld) ? isHeld : terms.not(isHeld))
      }
    }
    return here
  }

  private func standing(_ thread: Int, at number: Int) throws(SolverError) -> Formula {
    let event = encoder.events[number]
    var holds: [Int: Bool] = [:]
    for lock in event.held.keys.sorted() {
      if let held = event.held[lock] { holds[lock] = try solver.value(of: held) }
    }
    var isJoin = false
    if case .join = encoder.program.instructions[event.position] { isJoin = true }
    let alike = encoder.eventsOfThread[thread].filter {
      isJoin ? $0 == number : encoder.events[$0].position == event.position
    }
    var awaited: Int?
    for (lock, isMeant) in event.awaited where try solver.value(of: isMeant) { awaited = lock }
    return terms.or(alike.map { stands($0, holds, awaiting: awaited) })
  }

  private func stands(_ event: Int, _ holds: [Int: Bool], awaiting awaited: Int?) -> Formula {
    var parts = [encoder.stopped(event)]
    if let awaited {
      let ways = encoder.events[event].awaited.filter { $0.lock == awaited }
      parts.append(terms.or(ways.map(\.condition)))
    }
    for lock in holds.keys.sorted() {
      let held = encoder.events[event].held[lock] ?? terms.no
      parts.append(holds[lock] == true ? held : terms.not(held))
    }
    return terms.and(parts)
  }

  /// HD601: what no run does.
  private func askCoverage() throws(SolverError) {
    while true {
      let open = coverage.open
      guard !open.isEmpty else { break }
      let ask = terms.proposition()
      try solver.assert(terms.implies(ask, terms.or(open)))
      switch try check([ask]) {
      case .satisfiable:
        let before = coverage.openCount
        try coverage.add(model: solver)
        guard coverage.openCount < before else {
          return noteUnknown("what is reached", "the model shows nothing new")
        }
        continue
      case .unsatisfiable: break
      case .unknown(let why): return noteUnknown("what is reached", why)
      }
      break
    }
    for key in coverage.unreached {
      findings.append(EngineAnswer.RawFinding(key: key, schedule: nil))
    }
  }
}
