import HeddleChecking
import HeddleProgram
import HeddleSolver

/// One order among all that show a finding, chosen by what the constraints allow, not by which model the solver happens to find.
///
/// First the inputs come as close to zero as they can, in source order. Then the order has as few steps as it can. Then, step by
/// step, the running thread goes on if it can, else the first that can. Every decision is a question to the solver, so the
/// result depends on no seed.
struct CanonicalOrder {
  private let session: SymbolicSession
  private let inquiry: Inquiry
  /// Literals of what holds from now on.
  private var fixed: [Formula] = []
  /// By formula that was asked for: the literal that stands for it, so that the solver takes it in once and not with every question.
  private var literals: [Formula: Formula] = [:]
  /// Whether the solver's last model has all that is fixed.
  private var hasModel = false

  private var encoder: Encoder { session.encoder }
  private var terms: TermBank { session.terms }

  init(
    _ session: SymbolicSession,
    _ inquiry: Inquiry,
    _ facts: [Formula]
  ) throws(SolverError) {
    self.session = session
    self.inquiry = inquiry
    // Nothing is taken after the step that shows the finding.
    let terms = session.terms
    let encoder = session.encoder
    var cases: [Formula] = []
    for way in inquiry.cases {
      let isLast: [Formula] =
        switch way.ending {
        case .anywhere: []
        case .beginning: encoder.events.map { terms.not($0.executed) }
        case .step(let last):
          encoder.events.filter { $0.number != last }.map {
            terms.implies($0.executed, encoder.isBefore($0.number, last))
          }
        }
      cases.append(terms.and([way.condition] + isLast))
    }
    for fact in facts + [terms.or(cases)] { fixed.append(try literal(fact)) }
  }

  /// Whether the assertions allow what is fixed and this too.
  ///
  /// Only what was found allowed may be fixed then; so the last model shows much without a question.
  private mutating func allows(_ formula: Formula) throws(SolverError) -> Bool {
    if hasModel, try session.solver.value(of: formula) { return true }
    switch try session.check(fixed + [literal(formula)]) {
    case .satisfiable:
      hasModel = true
      return true
    case .unsatisfiable: return false
    case .unknown(let why): throw .exhausted("on the way to a canonical order: \(why)")
    }
  }

  private mutating func literal(_ formula: Formula) throws(SolverError) -> Formula {
    if formula == terms.yes || formula == terms.no { return formula }
    if let known = literals[formula] { return known }
    let literal = terms.proposition()
    try session.solver.assert(terms.implies(literal, formula))
    literals[formula] = literal
    return literal
  }

  // MARK: Inputs

  /// Brings the inputs as close to zero as they can come: the initial ones, then those that steps choose.
  mutating func fixInputs() throws(SolverError) {
    for input in encoder.initialInputs { try minimize(input) }
    for event in encoder.events {
      guard let choice = event.choice, encoder.isAnyInteger(event) else { continue }
      guard try allows(event.executed) else { continue }
      guard try mustBeTaken(event) else { continue }
      try minimize(choice)
    }
  }

  private mutating func mustBeTaken(_ event: Event) throws(SolverError) -> Bool {
    try !allows(terms.not(event.executed))
  }

  /// Fixes a value whose distance from zero is the least, the positive one of two.
  private mutating func minimize(_ term: IntegerTerm) throws(SolverError) {
    if terms.value(of: term) != nil { return }
    func isWithin(_ distance: Int) -> Formula {
      terms.and(
        terms.lessOrEqual(terms.integer(-distance), term),
        terms.lessOrEqual(term, terms.integer(distance))
      )
    }
    var low = 0
    var high = Int.max
    guard try allows(isWithin(high)) else { return try fix(term, Int.min) }
    while low < high {
      let middle = low + (high - low) / 2
      guard try allows(isWithin(middle)) else {
        low = middle + 1
        continue
      }
      high = middle
      if let value = try session.solver.value(of: term) { high = min(high, abs(value)) }
    }
    let isPositive = try allows(terms.equal(term, terms.integer(high)))
    try fix(term, isPositive ? high : -high)
  }

  private mutating func fix(_ term: IntegerTerm, _ value: Int) throws(SolverError) {
    fixed.append(try literal(terms.equal(term, terms.integer(value))))
  }

  /// The inputs that are fixed by now: those at the start, and by instruction those that steps choose.
  ///
  /// `nil` if an instruction chooses several different ones.
  mutating func inputs() throws(SolverError) -> (initial: [Int], chosen: [Int: Int])? {
    guard try allows(terms.yes) else { throw .refused("a canonical order has no model") }
    let reader = ModelReader(session)
    let initial = try reader.initialIntegers()
    var chosen: [Int: Int] = [:]
    for event in encoder.events where encoder.isAnyInteger(event) {
      guard let choice = event.choice, try session.solver.value(of: event.executed) else {
        continue
      }
      let value = try reader.value(choice)
      if let known = chosen[event.position], known != value { return nil }
      chosen[event.position] = value
    }
    return (initial, chosen)
  }

  // MARK: Order

  /// Fixes the order of the steps.
  ///
  /// - Parameter settles: Whether to ask first which steps are taken, which spares most of the other questions.
  /// - Returns: The order; the same either way.
  /// - Throws: A ``SolverError`` if the work for one of the questions is used up.
  mutating func schedule(settles: Bool = true) throws(SolverError) -> Schedule {
    for choice in encoder.initialChoices { try minimize(choice) }
    let length = try fixLength()
    let steps = settles ? try settledSteps() : nil
    let taken = if let steps { try order(of: steps) } else { try order(ofSome: length) }
    guard try allows(terms.yes) else { throw .refused("a canonical order has no model") }
    return try ModelReader(session).schedule(of: taken)
  }

  /// Fixes the least number of steps, and returns it.
  private mutating func fixLength() throws(SolverError) -> Int {
    let taken = encoder.events.map(\.executed)
    guard try allows(terms.yes) else { throw .refused("a canonical order has no model") }
    var low = 0
    var high = try ModelReader(session).events().count
    // A model is seldom far from the least, and the questions right below that are the hardest.
    var stride = 1
    while low < high {
      let goal = max(low, high - stride)
      if try allows(terms.atMost(goal, of: taken)) {
        high = min(goal, try ModelReader(session).events().count)
        stride *= 2
      } else {
        low = goal + 1
        stride = max(1, (high - low) / 2)
      }
    }
    fixed.append(try literal(terms.atMost(high, of: taken)))
    return high
  }

  /// By thread the steps that are taken, in order; `nil` if that is not settled yet.
  private mutating func settledSteps() throws(SolverError) -> [[Int]]? {
    guard try allows(terms.yes) else { throw .refused("a canonical order has no model") }
    let taken = Set(try ModelReader(session).events())
    let others = encoder.events.indices.map { event in
      let isTaken = encoder.events[event].executed
      return taken.contains(event) ? terms.not(isTaken) : isTaken
    }
    guard try !allows(terms.or(others)) else { return nil }
    return encoder.eventsOfThread.map { $0.filter(taken.contains) }
  }

  /// The order of known steps.
  ///
  /// As long as it can, everything goes as preferred; how long that is takes a logarithm of questions to find out.
  private mutating func order(of steps: [[Int]]) throws(SolverError) -> [Int] {
    var rest = steps
    var taken: [Int] = []
    /// Whether the thread of the last step is known not to go on.
    var isInterrupted = false
    while rest.contains(where: { !$0.isEmpty }) {
      let threads = preferred(rest, after: taken.last)
      var steps = threads.flatMap { rest[$0] }
      // What a step chooses is settled before anything that comes after it.
      if let first = steps.firstIndex(where: { encoder.events[$0].choice != nil }) {
        steps.removeLast(steps.count - first - 1)
      }
      var next = steps.prefix(isInterrupted ? 0 : try longestBeginning(of: steps, rest))
      isInterrupted = !next.isEmpty && next.count < steps.count
      for thread in threads.dropFirst() where next.isEmpty {
        let step = rest[thread].prefix(1)
        if try allows(precedesRest(step, rest)) { next = step }
      }
      if next.isEmpty { throw .refused("a canonical order goes on with nobody") }
      fixed.append(try literal(precedesRest(next, rest)))
      for step in next { rest[encoder.events[step].thread].removeFirst() }
      taken += next
      if let choice = next.last.flatMap({ encoder.events[$0].choice }) { try minimize(choice) }
    }
    return taken
  }

  /// The threads with steps left: the one that took the last step, then in their own order.
  private func preferred(_ rest: [[Int]], after last: Int?) -> [Int] {
    let running = last.map { encoder.events[$0].thread }
    let threads = rest.indices.filter { !rest[$0].isEmpty }
    return threads.filter { $0 == running } + threads.filter { $0 != running }
  }

  /// How many of some steps, one after the other, can come before all others that are left.
  private mutating func longestBeginning(
    of steps: [Int],
    _ rest: [[Int]]
  ) throws(SolverError) -> Int {
    if try allows(precedesRest(steps[...], rest)) { return steps.count }
    var low = 0
    var high = steps.count - 1
    var stride = 1
    while low < high {
      let goal = min(low + stride, high)
      if try allows(precedesRest(steps.prefix(goal), rest)) {
        low = goal
        stride *= 2
      } else {
        high = goal - 1
        stride = max(1, (high - low) / 2)
      }
    }
    return low
  }

  /// That some steps come one after the other, before all others that are left.
  private func precedesRest(_ steps: ArraySlice<Int>, _ rest: [[Int]]) -> Formula {
    guard let last = steps.last else { return terms.yes }
    var parts = zip(steps, steps.dropFirst()).map { encoder.isBefore($0, $1) }
    for events in rest {
      // Those of one thread come in their order.
      if let next = events.first(where: { !steps.contains($0) }) {
        parts.append(encoder.isBefore(last, next))
      }
    }
    return terms.and(parts)
  }

  /// The order of so many steps that are not known yet.
  private mutating func order(ofSome length: Int) throws(SolverError) -> [Int] {
    var rest = encoder.eventsOfThread
    var taken: [Int] = []
    var finished = Set<Int>()
    var running: Int?
    while taken.count < length {
      guard let next = try nextEvent(rest, &finished, running) else { break }
      let thread = encoder.events[next].thread
      rest[thread].removeAll { encoder.events[$0].order <= encoder.events[next].order }
      taken.append(next)
      running = thread
    }
    return taken
  }

  private mutating func nextEvent(
    _ rest: [[Int]],
    _ finished: inout Set<Int>,
    _ running: Int?
  ) throws(SolverError) -> Int? {
    var threads = rest.indices.filter { !finished.contains($0) && !rest[$0].isEmpty }
    if let running, let index = threads.firstIndex(of: running) {
      threads.remove(at: index)
      threads.insert(running, at: 0)
    }
    for thread in threads {
      guard try allows(terms.or(rest[thread].map { encoder.events[$0].executed })) else {
        finished.insert(thread)
        continue
      }
      for candidate in rest[thread] {
        let isNext = isNext(candidate, rest, finished)
        guard try allows(isNext) else { continue }
        fixed.append(try literal(isNext))
        if let choice = encoder.events[candidate].choice { try minimize(choice) }
        return candidate
      }
    }
    return nil
  }

  /// That an event is the next of all that are left, which are those of threads that have not finished.
  private func isNext(_ event: Int, _ rest: [[Int]], _ finished: Set<Int>) -> Formula {
    var parts = [encoder.events[event].executed]
    for (thread, events) in rest.enumerated() where !finished.contains(thread) {
      for other in events where other != event {
        let isTaken = encoder.events[other].executed
        if thread == encoder.events[event].thread {
          if encoder.events[other].order < encoder.events[event].order {
            parts.append(terms.not(isTaken))
          }
        } else {
          parts.append(terms.implies(isTaken, encoder.isBefore(event, other)))
        }
      }
    }
    return terms.and(parts)
  }
}
