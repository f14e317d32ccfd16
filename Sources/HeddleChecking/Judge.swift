public import HeddleProgram
public import HeddleSemantics

/// Says what is wrong with a state or a step, for every engine and for the search for short traces alike.
///
/// What only the whole graph can tell (endless runs, threads that never move again, statements never reached) is not
/// judged here.
///
/// A class, because it is handed on at every step.
public final class Judge: Sendable {
  /// The meaning of the program.
  public let machine: Machine
  private let program: Program
  private let reportsRace: [Bool]
  /// How many races can be reported at all.
  private let raceCount: Int
  private let reportsLostUpdate: [Bool]
  private let reportsLeakOfObject: [Bool]
  private let reportsLeakOfType: [Bool]
  /// By object: the first of the same declaration.
  private let firstOfDeclaration: [ObjectID]

  /// Prepares to judge the states of a machine; what the program allows is never reported.
  public init(_ machine: Machine) {
    self.machine = machine
    let program = machine.program
    self.program = program
    func isAllowed(_ kind: FindingKind, _ name: String) -> Bool {
      program.allowances.contains { $0.kind == kind && Subject.matches($0.subject, name) }
    }
    reportsRace = program.variables.map { !$0.isAtomic && !isAllowed(.dataRace, $0.name) }
    raceCount = reportsRace.count { $0 }
    reportsLostUpdate = program.variables.map { !isAllowed(.lostUpdate, $0.name) }
    reportsLeakOfObject = program.objects.map { !isAllowed(.leak, $0.declaredName) }
    reportsLeakOfType = program.threadTypes.map { !isAllowed(.leak, $0.name) }
    var firsts: [String: ObjectID] = [:]
    firstOfDeclaration = program.objects.enumerated().map { index, object in
      if let first = firsts[object.declaredName] { return first }
      firsts[object.declaredName] = ObjectID(index)
      return ObjectID(index)
    }
  }

  // MARK: States

  /// Judges a state that is reached between steps.
  ///
  /// - Parameters:
  ///   - state: The buffer; only its workspace changes.
  ///   - enabled: By thread: the number of outcomes of its next step.
  ///   - ignoring: Findings that need not be looked for again.
  ///   - effects: Scratch, for coverage of observers too.
  ///   - keys: What is wrong is appended.
  /// - Returns: The limit that an invariant or `finally` met, which says nothing then; `nil` if there is none.
  @discardableResult
  public func judgeState(
    _ state: inout MutableSpan<Int>,
    enabled: [Int],
    ignoring: FindingSet,
    effects: inout StepEffects,
    into keys: inout [FindingKey]
  ) -> MachineLimit? {
    findRaces(&state, enabled, ignoring, into: &keys)
    let mustGoOn = machine.someoneMustEnd(in: state.span)
    var limit: MachineLimit?
    for invariant in program.invariants {
      evaluate(invariant, &state, &effects, &limit, into: &keys)
    }
    if !mustGoOn, let finally = program.finally {
      evaluate(finally, &state, &effects, &limit, into: &keys)
    }
    if enabled.allSatisfy({ $0 == 0 }) {
      if mustGoOn {
        keys.append(deadlock(&state))
      } else {
        for thread in 0..<machine.threadCount where machine.isRunning(thread, in: state.span) {
          if let type = blockableDaemon(thread) { keys.append(.daemonBlocked(type)) }
        }
      }
    }
    return limit
  }

  /// The declaration of a daemon thread that is judged on after everything else has ended.
  public func blockableDaemon(_ thread: Int) -> ThreadTypeID? {
    let type = program.instances[thread].type
    let declaration = program.threadTypes[type.index]
    return declaration.isDaemon && !declaration.mayOutliveMain ? type : nil
  }

  /// Whether the thread does not keep the program from ending.
  public func isDaemon(_ thread: Int) -> Bool {
    program.threadTypes[program.instances[thread].type.index].isDaemon
  }

  /// Judges the moment at which the last non-daemon thread has ended.
  func judgeExit(_ state: inout MutableSpan<Int>, into keys: inout [FindingKey]) {
    for thread in 0..<machine.threadCount where machine.isRunning(thread, in: state.span) {
      guard let type = blockableDaemon(thread) else { continue }
      if !machine.heldLocks(of: thread, in: state.span).isEmpty
        || machine.hasUnfinishedItems(thread, in: state.span)
      {
        keys.append(.daemonKilled(type))
      }
    }
    for index in program.objects.indices where reportsLeakOfObject[index] {
      if let items = machine.itemCount(of: ObjectID(index), in: state.span), items > 0 {
        keys.append(.leakedObject(firstOfDeclaration[index]))
      }
    }
    guard program.hasMain else { return }
    for thread in 1..<max(1, machine.threadCount)
    where machine.isUnjoined(thread, in: state.span) {
      let type = program.instances[thread].type
      if !program.threadTypes[type.index].isDaemon, reportsLeakOfType[type.index] {
        keys.append(.unjoined(type))
      }
    }
  }

  private func evaluate(
    _ observer: Observer,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects,
    _ limit: inout MachineLimit?,
    into keys: inout [FindingKey]
  ) {
    let outcome = machine.evaluate(observer, in: &state, effects: &effects)
    if case .limit(let reached) = outcome, limit == nil { limit = reached }
    append(outcome, into: &keys)
  }

  private func append(_ outcome: StepOutcome, into keys: inout [FindingKey]) {
    if let key = key(of: outcome) { keys.append(key) }
  }

  /// The finding that ends a run, if the outcome is one.
  public func key(of outcome: StepOutcome) -> FindingKey? {
    switch outcome {
    case .completed, .excluded, .limit: nil
    case .assertionFailed(let claim):
      program.claims[claim.index].kind == .invariant
        ? .invariant(program.original(of: claim)) : .assertion(program.original(of: claim))
    case .misuse(_, let position): .misuse(program.instructionStatements[position.index])
    }
  }

  // MARK: Steps

  /// Judges an initial state: the local work before the first step, and the end of a run in which all have ended right after it.
  ///
  /// - Parameters:
  ///   - outcome: How the local work ended.
  ///   - effects: What it did.
  ///   - state: The initial state.
  ///   - keys: What is wrong is appended.
  public func judgeBeginning(
    _ outcome: StepOutcome,
    _ effects: StepEffects,
    _ state: inout MutableSpan<Int>,
    into keys: inout [FindingKey]
  ) {
    let nothing = FindingSet(for: program)
    judgeStep(outcome, effects, &state, mustGoOnBefore: false, ignoring: nothing, into: &keys)
    if outcome == .completed, !machine.someoneMustEnd(in: state.span) {
      judgeExit(&state, into: &keys)
    }
  }

  /// Judges a step that was just taken.
  ///
  /// - Parameters:
  ///   - outcome: How it ended.
  ///   - effects: What it did.
  ///   - state: The state after it.
  ///   - mustGoOnBefore: Whether a non-daemon thread still ran before it.
  ///   - ignoring: Findings that need not be looked for again.
  ///   - keys: What is wrong is appended.
  public func judgeStep(
    _ outcome: StepOutcome,
    _ effects: StepEffects,
    _ state: inout MutableSpan<Int>,
    mustGoOnBefore: Bool,
    ignoring: FindingSet,
    into keys: inout [FindingKey]
  ) {
    if let variable = effects.lostUpdate {
      judgeLostUpdate(of: variable, ignoring, into: &keys)
      for variable in effects.furtherLostUpdates {
        judgeLostUpdate(of: variable, ignoring, into: &keys)
      }
    }
    guard case .completed = outcome else {
      append(outcome, into: &keys)
      return
    }
    guard effects.endsThread else { return }
    for object in effects.heldByEnded where reportsLeakOfObject[object.index] {
      keys.append(.leakedObject(firstOfDeclaration[object.index]))
    }
    if mustGoOnBefore, !machine.someoneMustEnd(in: state.span) { judgeExit(&state, into: &keys) }
  }

  private func judgeLostUpdate(
    of variable: VariableID,
    _ ignoring: FindingSet,
    into keys: inout [FindingKey]
  ) {
    if reportsLostUpdate[variable.index], !ignoring.hasLostUpdate(variable) {
      keys.append(.lostUpdate(variable))
    }
  }

  // MARK: Races

  private func findRaces(
    _ state: inout MutableSpan<Int>,
    _ enabled: [Int],
    _ ignoring: FindingSet,
    into keys: inout [FindingKey]
  ) {
    guard ignoring.raceCount < raceCount else { return }
    var first: SharedAccess?
    var others: [SharedAccess] = []
    var blocks: [Int] = []
    for thread in 0..<enabled.count where enabled[thread] > 0 {
      if let access = machine.access(of: thread, in: &state) {
        guard reportsRace[access.variable.index], !ignoring.hasRace(access.variable) else {
          continue
        }
        if first == nil { first = access } else { others.append(access) }
      } else if machine.standsAtBlock(thread, in: state.span) {
        blocks.append(thread)
      }
    }
    guard let first, !(others.isEmpty && blocks.isEmpty) else { return }
    for block in blocks { others += machine.accessesOfBlock(block, in: state.span) }
    others.append(first)
    for (index, left) in others.enumerated() {
      for right in others[(index + 1)...]
      where left.slot == right.slot && (left.isWrite || right.isWrite)
        && !(left.isAtomic && right.isAtomic)
      {
        let key = FindingKey.dataRace(left.variable)
        if !keys.contains(key) { keys.append(key) }
      }
    }
  }

  // MARK: Deadlocks

  private func deadlock(_ state: inout MutableSpan<Int>) -> FindingKey {
    let threads = (0..<machine.threadCount).filter { machine.isRunning($0, in: state.span) }
    var blockers: [Int: [Int]] = [:]
    for thread in threads { blockers[thread] = machine.blockers(of: thread, in: &state) }
    var involved = threads.filter { Self.isInCycle($0, blockers) }
    if involved.isEmpty {
      involved = threads.filter {
        !program.threadTypes[program.instances[$0].type.index].isDaemon
      }
    }
    return .deadlock(Set(involved.map { program.instances[$0].type }).sorted())
  }

  /// Whether the thread can be reached from itself along "waits for".
  public static func isInCycle(_ thread: Int, _ blockers: [Int: [Int]]) -> Bool {
    var seen: Set<Int> = []
    var pending = blockers[thread] ?? []
    while let next = pending.popLast() {
      if next == thread { return true }
      if seen.insert(next).inserted { pending += blockers[next] ?? [] }
    }
    return false
  }
}

/// What has been found so far, with a quick answer for what many states show: races and lost updates.
public struct FindingSet: Sendable {
  private var races: [Bool]
  private var lostUpdates: [Bool]
  private var keys: Set<FindingKey> = []

  /// On how many variables a race was found.
  private(set) var raceCount = 0

  /// Nothing found yet.
  public init(for program: Program) {
    races = Array(repeating: false, count: program.variables.count)
    lostUpdates = races
  }

  /// How many.
  public var count: Int { keys.count }

  /// The keys, ascending.
  public var sorted: [FindingKey] { keys.sorted() }

  /// Whether a race on the variable was found.
  public func hasRace(_ variable: VariableID) -> Bool { races[variable.index] }

  /// Whether a lost update of the variable was found.
  public func hasLostUpdate(_ variable: VariableID) -> Bool { lostUpdates[variable.index] }

  /// Whether the key was found.
  public func contains(_ key: FindingKey) -> Bool { keys.contains(key) }

  /// Adds a key; returns whether it is new.
  @discardableResult
  public mutating func insert(_ key: FindingKey) -> Bool {
    switch key {
    case .dataRace(let variable):
      if !races[variable.index] { raceCount += 1 }
      races[variable.index] = true
    case .lostUpdate(let variable): lostUpdates[variable.index] = true
    default: break
    }
    return keys.insert(key).inserted
  }
}

/// How names in `expect` and `allow` match subjects.
public enum Subject {
  /// Whether `name`, as written, means `subject`: the same, or the last part of a field's name.
  public static func matches(_ name: String, _ subject: String) -> Bool {
    name == subject || subject.hasSuffix("." + name)
  }
}
