import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// Turns a program into constraints whose models are exactly the beginnings of its runs.
///
/// Every thread's code is unrolled, loops up to a bound, and executed once with symbolic values. Each visible step becomes
/// an event with a clock; a model says which events were taken, and when. Since any event may be left out together with all
/// that follow it in its thread, a model is a run cut short: every thread stands somewhere, or has ended. See "An event graph
/// with cuts" in the documentation for developers.
///
/// ### Order
/// `a` comes before `b` if its clock is less, or equal and its number is greater: a total order with one literal for both
/// directions.
final class Encoder {
  let program: Program
  let options: MachineOptions
  let terms: TermBank
  let shape: CodeShape
  /// How many rounds of a loop are unrolled if nothing is known about their number.
  let bound: Int
  let maximumEvents: Int

  /// What every model satisfies.
  private(set) var facts: [Formula] = []
  /// How many of these, the first, say nothing about which write a read sees.
  private(set) var orderFactCount = 0
  var events: [Event] = []
  /// By thread: its events in order.
  var eventsOfThread: [[Int]]
  var failures: [Failure] = []
  private(set) var frontiers: [Frontier] = []
  var reads: [MemoryRead] = []
  var writes: [MemoryWrite] = []
  var stores: [StoreRecord] = []
  var blockReads: [[Int]: Int] = [:]
  /// By position of a move: the number of threads that its value stands for.
  var parameters: [Int: IntegerTerm] = [:]
  var endValues: [Int: IntegerTerm] = [:]

  /// By thread: whether it was started; the event that does, if it does not run from the beginning.
  var starts: [Int: (condition: Formula, event: Int?)] = [:]
  /// By thread: the ways it ends.
  var ends: [[ThreadEnd]]
  /// By declaration: the thread that starts its instances.
  var starterOfType: [Int: Int] = [:]
  /// By thread: the events that join it, with the condition that they do.
  var joins: [Int: [(event: Int, condition: Formula)]] = [:]

  var locks: [Int: LockUse] = [:]
  var semaphores: [Int: SemaphoreUse] = [:]
  var eventObjects: [Int: EventUse] = [:]
  var queues: [Int: QueueUse] = [:]

  /// The unknown integers of the scenario: initial values by slot, and those that steps choose.
  var initialInputs: [IntegerTerm] = []
  /// The initial values that are one of a range.
  private(set) var initialChoices: [IntegerTerm] = []
  /// By slot: the value at the start.
  var initialValues: [IntegerTerm] = []
  /// By variable: the number of its first slot.
  let firstSlots: [Int]
  let variableOfSlot: [Int]
  /// By position: when it is executed.
  var visits: [Int: [Visit]] = [:]
  /// By assumption: when it held.
  var passedAssumptions: [Int: [Visit]] = [:]
  /// What can be stated only once all events are known, in the order of asking.
  ///
  /// Nothing in it may keep the encoder alive.
  var deferred: [() -> Void] = []
  /// By event: whether a thread that stands there has no step at the end.
  var blockages: [Int: () -> Formula] = [:]
  /// By event that is an atomic block: the state in which the thread stands there.
  var blockEntries: [Int: PathState] = [:]
  /// Texts by number: the program's, then those made from known values.
  var strings: TextNumbers
  let facing: StaticFacts
  /// Asked now and then, since an encoding can take long.
  private let mayGoOn: () -> Bool
  private var workSinceAsked = 0
  /// Locks that may be released by a thread that does not hold them.
  var irregularLocks: Set<Int>
  /// Constraints that are left out: what a test looks at to see that it needs them.
  private let omitted: Set<ConstraintLabel>

  /// One way in which a thread ends.
  struct ThreadEnd {
    var condition: Formula
    /// The step in which it ends; `nil` before the first.
    var event: Int?
    var state: PathState
  }

  init(
    _ program: Program,
    options: MachineOptions,
    bound: Int,
    maximumEvents: Int,
    irregularLocks: Set<Int> = [],
    omitted: Set<ConstraintLabel> = [],
    terms: TermBank = TermBank(),
    mayGoOn: @escaping () -> Bool = { true }
  ) {
    self.mayGoOn = mayGoOn
    self.omitted = omitted
    self.irregularLocks = irregularLocks
    self.program = program
    self.options = options
    self.bound = bound
    self.maximumEvents = maximumEvents
    self.terms = terms
    shape = CodeShape(program)
    facing = StaticFacts(program)
    strings = TextNumbers(program.strings)
    eventsOfThread = program.instances.map { _ in [] }
    ends = program.instances.map { _ in [] }
    var first: [Int] = []
    var owners: [Int] = []
    for (index, variable) in program.variables.enumerated() {
      first.append(owners.count)
      owners += Array(repeating: index, count: variable.elementCount)
    }
    firstSlots = first
    variableOfSlot = owners
  }

  /// Builds all constraints.
  ///
  /// - Parameter ask: Called when all events are known: here, and only here, questions about the end are asked.
  func encode(ask: (Encoder) -> Void) {
    makeInitialValues()
    let running = program.hasMain ? [0] : Array(program.instances.indices)
    for thread in running { starts[thread] = (terms.yes, nil) }
    for thread in running {
      let count = program.threadTypes[program.instances[thread].type.index].registerCount
      let zero = SymbolicValue(term: terms.integer(0))
      walkThread(
        thread,
        PathState(
          guardFormula: terms.yes,
          registers: Array(repeating: zero, count: count),
          last: [(terms.yes, nil)]
        )
      )
    }
    ask(self)
    var next = 0
    while next < deferred.count, !isTooLarge {
      deferred[next]()
      next += 1
    }
    if events.count > maximumEvents || relationCount > Self.maximumRelations { isTooLarge = true }
    guard !isTooLarge else { return }
    relateLocks()
    relateQueues()
    orderAlike()
    limitFailures()
    orderFactCount = facts.count
    limitRanges()
    limitTrends()
    relateMemory()
  }

  /// Notes some work; gives the encoding up if there is no time for more.
  func noteWork(_ amount: Int = 1) {
    workSinceAsked += amount
    guard workSinceAsked >= 10_000, !isTooLarge else { return }
    workSinceAsked = 0
    if !mayGoOn() { isTooLarge = true }
  }

  /// More constraints on what reads see, and which item is taken, are not stated.
  static var maximumRelations: Int { 1_000_000 }

  /// Whether the encoding was given up; then there is nothing to ask.
  private(set) var isTooLarge = false

  /// About how many constraints say what reads see, and which item is taken.
  private var relationCount: Int {
    var readers: [Int: Int] = [:]
    var writers: [Int: Int] = [:]
    for read in reads { readers[read.slot, default: 0] += 1 }
    for write in writes { writers[write.slot, default: 0] += 1 }
    var count = 0
    for (slot, number) in writers { count += number * number * ((readers[slot] ?? 0) + 1) }
    for use in queues.values { count += use.puts.count * use.puts.count * use.gets.count }
    for use in locks.values where use.acquisitions.count > 0 {
      count += use.acquisitions.count * use.acquisitions.count
    }
    return count
  }

  func addFact(_ formula: Formula, _ label: ConstraintLabel) {
    if formula != terms.yes, !omitted.contains(label) { facts.append(formula) }
  }

  func addFrontier(_ condition: Formula, _ reason: SymbolicLimit) {
    if condition != terms.no { frontiers.append(Frontier(condition: condition, reason: reason)) }
  }

  func line(of position: Int) -> Int {
    program.source.line(of: program.instructionSpans[position].start)
  }

  // MARK: The beginning

  private func makeInitialValues() {
    for (index, variable) in program.variables.enumerated() {
      switch variable.initial {
      case .values(let values): initialValues += values.map { terms.integer($0) }
      case .anyOf(let lower, let upper):
        for _ in 0..<variable.elementCount {
          let choice = boundedVariable(from: lower, through: upper)
          initialValues.append(choice)
          initialChoices.append(choice)
        }
        if upper.subtractingReportingOverflow(lower).overflow
          || upper - lower >= Machine.maximumChoices
        {
          let line = program.source.line(of: program.variables[index].span.start)
          addFrontier(terms.yes, .notEncoded("a range of more than 65 536 values", line: line))
        }
      case .anyInteger:
        for _ in 0..<variable.elementCount {
          let input = boundedVariable(from: Int.min, through: Int.max)
          initialValues.append(input)
          initialInputs.append(input)
        }
      }
    }
  }

  /// A new unknown that every model keeps in its bounds.
  func boundedVariable(from lower: Int, through upper: Int) -> IntegerTerm {
    let free = terms.variable()
    addFact(terms.lessOrEqual(terms.integer(lower), free), .bounds)
    addFact(terms.lessOrEqual(free, terms.integer(upper)), .bounds)
    return terms.bounded(free, from: lower, through: upper)
  }

  // MARK: Events and their order

  /// A new event of the thread, which goes on behind it.
  func makeEvent(_ thread: Int, _ position: Int, _ state: inout PathState) -> Int {
    let number = events.count
    let clock = terms.variable()
    let executed = terms.proposition()
    addFact(terms.implies(executed, state.guardFormula), .executedIsReached)
    if let previous = eventsOfThread[thread].last {
      addFact(terms.less(events[previous].clock, clock), .programOrder)
    } else if let start = starts[thread]?.event {
      addFact(terms.less(events[start].clock, clock), .startOrder)
    }
    events.append(
      Event(
        number: number,
        thread: thread,
        order: eventsOfThread[thread].count,
        position: position,
        reached: state.guardFormula,
        executed: executed,
        clock: clock,
        certain: state.certain,
        joined: state.joined,
        held: state.held,
        taken: state.taken
      )
    )
    eventsOfThread[thread].append(number)
    state.guardFormula = executed
    state.localTurns = 0
    state.last = [(terms.yes, number)]
    state.certain.insert(number)
    return number
  }

  /// Whether the thread stands right before the event at the end.
  func stopped(_ event: Int) -> Formula {
    terms.and(events[event].reached, terms.not(events[event].executed))
  }

  /// Whether one event comes before another, if both are taken.
  func isBefore(_ left: Int, _ right: Int) -> Formula {
    let (ours, theirs) = (events[left], events[right])
    if ours.thread == theirs.thread { return terms.truth(ours.order < theirs.order) }
    if comesFirst(left, right) { return terms.yes }
    if comesFirst(right, left) { return terms.no }
    return left < right
      ? terms.less(ours.clock, theirs.clock) : terms.not(terms.less(theirs.clock, ours.clock))
  }

  /// Whether an event comes before a moment, if it is taken.
  func isBefore(_ event: Int, _ moment: Moment) -> Formula {
    switch moment {
    case .event(let other): isBefore(event, other)
    case .end: terms.yes
    }
  }

  /// Whether every run that has both events has them in this order, by starts and joins alone.
  private func comesFirst(_ left: Int, _ right: Int) -> Bool {
    let ours = events[left]
    var number: Int? = right
    while let current = number {
      let event = events[current]
      if event.certain.contains(left) || event.joined.contains(ours.thread) { return true }
      guard let start = starts[event.thread]?.event else { return false }
      if start == left { return true }
      if events[start].thread == ours.thread { return ours.order <= events[start].order }
      number = start
    }
    return false
  }

  // MARK: Failures

  /// Notes what ends the run here, and goes on only where it does not.
  func fail(
    _ outcome: FailureOutcome,
    if condition: Formula,
    _ thread: Int,
    _ state: inout PathState
  ) {
    let happens = terms.and(state.guardFormula, condition)
    guard happens != terms.no else { return }
    for (path, event) in state.last {
      let part = terms.and(happens, path)
      guard part != terms.no else { continue }
      if let event { events[event].failures.append(failures.count) }
      failures.append(Failure(outcome: outcome, condition: part, event: event, thread: thread))
    }
    state.guardFormula = terms.and(state.guardFormula, terms.not(condition))
  }

  func misuse(at position: Int) -> FailureOutcome {
    .misuse(program.instructionStatements[position])
  }

  /// Whether something in the step ends the run.
  func fails(_ event: Int?) -> Formula {
    guard let event else {
      return terms.or(failures.filter { $0.event == nil }.map(\.condition))
    }
    return terms.or(events[event].failures.map { failures[$0].condition })
  }

  private(set) var isClean = Formula?.none

  /// The run ends with the first step that fails, so at most one does.
  private func limitFailures() {
    let failing = [Int?.none] + events.indices.map { $0 }
    var before = terms.no
    for event in failing {
      let fails = fails(event)
      guard fails != terms.no else { continue }
      addFact(terms.not(terms.and(before, fails)), .oneFailure)
      let after = terms.proposition()
      addFact(terms.equivalent(after, terms.or(before, fails)), .oneFailure)
      before = after
    }
    isClean = terms.not(before)
  }

  /// No step has ended the run.
  var clean: Formula {
    guard let isClean else { preconditionFailure("internal error: asked before all is encoded") }
    return isClean
  }
}
