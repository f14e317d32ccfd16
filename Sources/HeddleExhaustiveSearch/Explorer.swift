import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// Moves between stored states: loads one, takes steps from it, and knows what was seen on the way.
///
/// All phases of a search work through this, so that a successor is computed in one place. Two buffers are reused; taking
/// a step allocates nothing.
struct Explorer: ~Copyable {
  let machine: Machine
  let threadCount: Int
  /// What the last step did; coverage accumulates over the explorer's life.
  var effects: StepEffects
  /// By thread: the number of outcomes of its next step in the loaded state.
  private(set) var enabled: [Int]
  /// Whether some thread has a step in the loaded state.
  private(set) var canMove = false
  /// The threads of the last step and of what was merged with it; only the first step may have more than one outcome.
  var chain: [Int] { [firstOfChain] + restOfChain }
  /// The number of single steps of the last step and what was merged with it.
  var chainLength: Int { 1 + restOfChain.count }
  /// How many single steps were taken in all: the measure of work, since one chain may be thousands of steps long.
  private(set) var stepCount = 0
  private var firstOfChain = 0
  private var restOfChain: [Int] = []
  private var strategy: SearchStrategy
  private let nothing: FindingSet
  private var current: StateBuffer
  private var next: StateBuffer
  private var further: StateBuffer
  /// The number under which the current state is stored; -1 if it was not loaded from a store.
  private var number = -1
  /// Where the successor may differ from the current state.
  private var touched: TouchedSlots
  /// Whether the buffer of the successor is a copy of the current state.
  private var successorIsCurrent = false
  /// Whether nothing more may be merged with the last step.
  private var chainHasEnded = true

  init(_ machine: Machine, _ strategy: SearchStrategy) {
    self.machine = machine
    self.strategy = strategy
    threadCount = machine.threadCount
    effects = StepEffects(for: machine.program)
    enabled = Array(repeating: 0, count: machine.threadCount)
    nothing = FindingSet(for: machine.program)
    current = StateBuffer(machine)
    next = StateBuffer(machine)
    further = StateBuffer(machine)
    touched = TouchedSlots(machine.layout)
  }

  /// Makes a stored state the current one.
  mutating func load(_ number: Int, from store: StateStore) { load(number, from: store.states) }

  /// Makes one of some stored states the current one.
  mutating func load(_ number: Int, from states: PackedStates) {
    self.number = number
    successorIsCurrent = false
    canMove = current.load(number, from: states, machine, &enabled)
  }

  /// Makes the first words of a buffer the current state.
  mutating func load(_ state: Span<Int>) {
    number = -1
    successorIsCurrent = false
    canMove = current.load(state, machine, &enabled)
  }

  /// Makes the successor the current state.
  mutating func adoptSuccessor() {
    swap(&current, &next)
    number = -1
    successorIsCurrent = false
    canMove = current.findEnabled(machine, &enabled)
  }

  /// Marks the instructions at which threads stand in the current state as covered: who is blocked there has reached it.
  mutating func coverPositions() {
    current.coverPositions(machine, &effects)
  }

  /// Takes a step from the current state; the result is the successor.
  @inline(__always)
  mutating func step(_ thread: Int, choice: Int) -> StepOutcome {
    if !successorIsCurrent { next.copy(current, width: machine.layout.width) }
    successorIsCurrent = false
    firstOfChain = thread
    if !restOfChain.isEmpty { restOfChain.removeAll(keepingCapacity: true) }
    stepCount += 1
    chainHasEnded =
      strategy.merging?.endsChain(thread, in: current.words.span, isFirst: true) ?? true
    let outcome = next.apply(thread, choice, machine, &effects)
    touched.threads = effects.touchedThreads
    return outcome
  }

  /// Whether the last step ends the run: for itself, or because the strategy says so.
  @inline(__always)
  func endsRun(_ outcome: StepOutcome) -> Bool {
    guard case .completed = outcome else { return true }
    return strategy.endsAtLostUpdates && effects.lostUpdate != nil
  }

  /// Goes on from the successor, which the last step has reached without ending the run, if there is a step that nothing can come between.
  ///
  /// The search would find a thread there that is a persistent set alone, so the state in between is not stored (transactions:
  /// Flanagan and Qadeer 2003; Laarman, "Stubborn transaction reduction", VMCAI 2018). No race hides in it either: a step that is alone
  /// is independent of what any two others are about to do. A chain ends before a step that is visible,
  /// that has several outcomes, or that would end the run; and after it has gone back to the head of a loop once, so
  /// that it ends at all, and that every endless run passes through stored states.
  ///
  /// - Returns: Whether there was such a step; ``effects`` are then those of the step.
  @inline(__always)
  mutating func goOn() -> Bool { !chainHasEnded && takeNextOfChain() }

  private mutating func takeNextOfChain() -> Bool {
    guard chainLength < Self.longestChain else { return false }
    chainHasEnded = true
    guard let thread = loneThread() else { return false }
    let isLast = strategy.merging?.endsChain(thread, in: next.words.span, isFirst: false) ?? true
    further.copy(next, width: machine.layout.width)
    let outcome = further.apply(thread, 0, machine, &effects)
    stepCount += 1
    guard !endsRun(outcome) else { return false }
    swap(&next, &further)
    touched.threads |= effects.touchedThreads
    restOfChain.append(thread)
    chainHasEnded = isLast
    return true
  }

  /// The thread that goes on from the successor alone.
  private mutating func loneThread() -> Int? {
    let last = restOfChain.last ?? firstOfChain
    if !strategy.mergesAcrossThreads { return mayGoOn(last) ? last : nil }
    for thread in 0..<threadCount where mayGoOn(thread) { return thread }
    return nil
  }

  private mutating func mayGoOn(_ thread: Int) -> Bool {
    next.isRunning(thread, machine)
      && (strategy.mergesSleep || !next.stands(thread, atSleepOf: machine))
      && next.isAlone(thread, &strategy.merging) && next.choices(of: thread, machine) == 1
  }

  /// A `for` loop may be long, and nobody hears of a search that is in the middle of a chain.
  private static let longestChain = 10_000

  /// The threads that need to be tried from the current state; `nil` for all.
  mutating func ampleSet() -> BitSet? {
    guard strategy.ampleSets != nil else { return nil }
    // Of threads that are alike one is as good as the other.
    var seeds: [Int] = []
    for thread in 0..<threadCount where enabled[thread] > 0 && !isTwin(thread) {
      seeds.append(thread)
    }
    return current.ampleSet(&strategy.ampleSets, enabled, seeds)
  }

  /// Brings the successor into its canonical form; `marked`, a thread or -1, follows its thread.
  @inline(__always)
  mutating func canonicalize(marked: inout Int) {
    guard strategy.symmetry != nil else { return }
    successorIsCurrent = false
    next.canonicalize(&strategy.symmetry, &marked)
    touched.addAll()
  }

  private mutating func canonicalize() {
    var nobody = -1
    canonicalize(marked: &nobody)
  }

  /// Whether a step of the thread from the current, canonical state leads nowhere but one of the thread before it.
  func isTwin(_ thread: Int) -> Bool {
    strategy.symmetry?.isTwin(thread, in: current.words.span) ?? false
  }

  /// The words of the successor.
  var successor: [Int] { Array(next.words[..<machine.layout.width]) }

  /// The words of the current state.
  var state: [Int] { Array(current.words[..<machine.layout.width]) }

  /// Whether the successor has the words that come first in an array.
  func successorEquals(_ words: [Int]) -> Bool {
    for slot in 0..<machine.layout.width where next.words[slot] != words[slot] { return false }
    return true
  }

  /// Copies the words of the successor to the front of an array.
  func copySuccessor(to words: inout [Int]) {
    for slot in 0..<machine.layout.width { words[slot] = next.words[slot] }
  }

  /// Makes the current state the successor too.
  mutating func makeCurrentSuccessor() { next.copy(current, width: machine.layout.width) }

  /// Makes an initial state the successor.
  mutating func begin(_ initialState: Int) -> StepOutcome {
    successorIsCurrent = false
    return next.begin(initialState, machine, &effects)
  }

  /// The number under which the successor is stored; `nil` if it is not.
  ///
  /// If the current state was loaded from a store, it was from this one.
  mutating func find(in store: inout StateStore) -> Int? {
    canonicalize()
    return next.find(in: &store, near: current, numbered: number)
  }

  /// Adds the successor to a batch that is at the current state; afterwards there is no successor until the next step.
  ///
  /// - Parameters:
  ///   - batch: Gets it.
  ///   - coding: How the stored states are packed.
  @inline(__always)
  mutating func appendSuccessor(to batch: inout SuccessorBatch, packedBy coding: SlotCoding) {
    canonicalize()
    successorIsCurrent = next.append(to: &batch, touched, near: current, coding)
  }

  /// Stores the successor, which has no stored state near it.
  mutating func insert(into store: inout StateStore) -> (number: Int, isNew: Bool) {
    canonicalize()
    return store.insert(next.words.span)
  }

  /// Whether a non-daemon thread still runs in the current state.
  var mustGoOn: Bool { machine.someoneMustEnd(in: current.words.span) }

  /// Judges the current state, and returns the limit that an observer met.
  @discardableResult
  mutating func judgeState(
    _ judge: Judge,
    ignoring: FindingSet,
    into keys: inout [FindingKey]
  ) -> MachineLimit? {
    current.judgeState(judge, enabled, ignoring, &effects, &keys)
  }

  /// Judges the last step.
  @inline(__always)
  mutating func judgeStep(
    _ judge: Judge,
    _ outcome: StepOutcome,
    mustGoOnBefore: Bool,
    ignoring: FindingSet,
    into keys: inout [FindingKey]
  ) {
    // Nearly every step, so that it is worth a look here.
    if effects.isEmpty, case .completed = outcome { return }
    next.judgeStep(judge, outcome, effects, mustGoOnBefore, ignoring, &keys)
  }

  /// Judges the last step, whatever was found before.
  mutating func judgeStep(
    _ judge: Judge,
    _ outcome: StepOutcome,
    mustGoOnBefore: Bool,
    into keys: inout [FindingKey]
  ) {
    judgeStep(judge, outcome, mustGoOnBefore: mustGoOnBefore, ignoring: nothing, into: &keys)
  }

  /// Judges an initial state, also as the moment of the end if nobody has to end at all.
  mutating func judgeBeginning(
    _ judge: Judge,
    _ outcome: StepOutcome,
    into keys: inout [FindingKey]
  ) {
    next.judgeBeginning(judge, outcome, effects, &keys)
  }

  /// Whether switching away from the thread in the current state is a preemption: it could go on, and not with `sleep`.
  func isPreemptible(_ thread: Int) -> Bool {
    guard enabled[thread] > 0,
      let position = machine.position(of: thread, in: current.words.span)
    else { return false }
    return machine.program.instructions[position.index] != .sleep
  }

  /// Whether a thread runs in the current state.
  func isRunning(_ thread: Int) -> Bool { machine.isRunning(thread, in: current.words.span) }

  /// See ``Machine/awaitedThreads(of:in:)``.
  mutating func awaitedThreads(of thread: Int) -> [Int]? {
    current.awaitedThreads(of: thread, machine)
  }
}
