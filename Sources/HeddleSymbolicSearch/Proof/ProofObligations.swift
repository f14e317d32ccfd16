import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// What has to be so that no run shows a finding of some kind.
///
/// An obligation is a set of formulas that no state satisfies, or a fact about the code; where one of them fails, the kinds it stands for
/// are open. For each kind it is said below why its obligations are enough, given that sections are one step (``SectionWalker``).
struct ProofObligations {
  private let system: ProofSystem
  private let kinds: Set<FindingKind>
  private let fairness: Fairness
  private let reporting: Reporting
  private var terms: TermBank { system.terms }
  private var program: Program { system.program }

  /// Something that may be so: in words, with the formulas that must be refuted; none if it is so.
  struct Obligation {
    var reason: String
    var formulas: [Formula] = []
    /// Whether strong fairness is all that it takes.
    var needsFairness = false
  }

  init(_ system: ProofSystem, kinds: Set<FindingKind>, fairness: Fairness) {
    self.system = system
    self.kinds = kinds
    self.fairness = fairness
    reporting = Reporting(system.program)
  }

  private func isWanted(_ kind: FindingKind) -> Bool { kinds.isEmpty || kinds.contains(kind) }

  private func isWanted(_ outcome: FailureOutcome) -> Bool {
    reporting.key(of: outcome).map { isWanted($0.kind) } ?? false
  }

  /// All obligations, those that need no solver first.
  ///
  /// - Deadlock (HD201): between steps nobody holds a lock, and in a section nothing blocks; so a thread that has not ended has a step, or
  ///   is `main`, which waits for another one that is not `main`. There is nothing to refute.
  /// - Blocked for ever (HD202), never terminates (HD301): if no thread's points have a cycle, every run is finite, and ends with all
  ///   threads ended (see deadlock). A cycle is left only to daemons that may outlive `main`, which nobody waits for, under strong
  ///   fairness: then whoever has a step again and again takes it, and locks are free again and again.
  /// - Daemon blocked (HD302): as deadlock.
  func all() -> [Obligation] {
    facts() + lostUpdates() + conflicts() + failures() + observers()
  }

  // MARK: Facts about the code

  private func facts() -> [Obligation] {
    var result: [Obligation] = []
    func add(_ reason: String) { result.append(Obligation(reason: reason)) }
    let isEndless = system.groups.contains(where: \.isCyclic)
    if isEndless, fairness != .strong, isWanted(.neverTerminates) || isWanted(.blockedForever) {
      let reason = "whether others end beside endless threads, unless fairness is strong"
      result.append(Obligation(reason: reason, needsFairness: true))
    }
    for group in system.groups {
      let declaration = program.threadTypes[group.type]
      let mayGoOn = declaration.isDaemon && declaration.mayOutliveMain
      if group.isCyclic {
        if !mayGoOn, isWanted(.neverTerminates) {
          add("whether `\(declaration.name)` ends in every run")
        }
        if isWanted(.blockedForever), isAwaited(group) {
          add("whether what waits for `\(declaration.name)` goes on in every run")
        }
      }
      // HD303: `main` may end in the middle of a section.
      if declaration.isDaemon, !declaration.mayOutliveMain, isWanted(.daemonKilled),
        group.attempts.contains(where: { step in
          step.accesses.contains { $0.lock != nil } || locks(step)
        })
      {
        add("whether `\(declaration.name)` can be killed while it holds a lock")
      }
    }
    if isWanted(.leak), let name = unjoined() { add("whether `\(name)` is joined in every run") }
    return result
  }

  private func locks(_ step: ControlStep) -> Bool {
    step.covered.contains { position in
      if case .acquire = program.instructions[position] { true } else { false }
    }
  }

  private func isAwaited(_ group: ThreadGroup) -> Bool {
    system.groups.contains { other in
      other.attempts.contains { !$0.joins.isDisjoint(with: group.threads) }
    }
  }

  /// HD502: where `main` ends, it has joined every thread that it started. (No thread ends with a lock: a walk would have ended.)
  private func unjoined() -> String? {
    guard program.hasMain, let main = system.groups.first else { return nil }
    for end in main.ends {
      let joined = main.points[end].joined
      for (type, count) in main.points[end].started.sorted(by: { $0.key < $1.key }) {
        let declaration = program.threadTypes[type]
        let first = declaration.firstInstance.index
        guard !declaration.isDaemon, reporting.leak(ofType: type) else { continue }
        if !(first..<first + count).allSatisfy({ joined.contains($0) }) { return declaration.name }
      }
    }
    return nil
  }

  // MARK: Shared memory

  /// HD101: a write loses an update only if its value comes from a read of the same variable that another write came after.
  ///
  /// If the read was in an earlier step, a register carries it between steps to a write: while a thread is where one does,
  /// no other may be where it can write. In one step outside of sections there is nothing between: such a step is one access, or
  /// indivisible. In a section, the other write would conflict with it (``conflicts()``), or be under the same lock.
  private func lostUpdates() -> [Obligation] {
    guard isWanted(.lostUpdate) else { return [] }
    var formulas: [Int: Set<Formula>] = [:]
    for (number, group) in system.groups.enumerated() {
      let declaration = program.threadTypes[group.type]
      let flow = FlowAnalysis(
        of: program,
        entry: declaration.entry,
        registerCount: declaration.registerCount
      )
      for variable in flow.trackedVariables where reporting.lostUpdate(variable.index) {
        let writers = writers(of: variable.index, besides: number)
        for (point, place) in group.points.enumerated() {
          guard case .before(let position) = place.place,
            flow.trackedRegisters.contains(where: {
              flow.flows($0, into: variable, at: InstructionID(position))
            })
          else { continue }
          for writer in writers {
            formulas[variable.index, default: []].insert(
              together(number, point, writer.group, writer.point)
            )
          }
        }
      }
    }
    return formulas.keys.sorted().map { variable in
      Obligation(
        reason: "whether an update of `\(program.variables[variable].name)` is lost",
        formulas: Array(formulas[variable] ?? [])
      )
    }
  }

  /// Where another thread than the one that a group stands for can write to a variable.
  private func writers(of variable: Int, besides number: Int) -> [(group: Int, point: Int)] {
    system.groups.enumerated().flatMap { other, group -> [(group: Int, point: Int)] in
      guard other != number || group.isCounted else { return [] }
      let steps = group.attempts.filter { step in
        step.accesses.contains {
          $0.isWrite && system.encoder.variableOfSlot[$0.slot] == variable
        }
      }
      return Set(steps.map(\.from)).sorted().map { (other, $0) }
    }
  }

  /// Two accesses of a variable that could be next together, one of them a write, without a lock that keeps them apart.
  ///
  /// HD102: outside of sections, that is a data race, unless the variable is atomic or both are atomic blocks. If one of them is in a section, that
  /// section might not be one step, whatever was asked for.
  func conflicts() -> [Obligation] {
    struct Place: Hashable {
      var group: Int
      var point: Int
      var access: SectionAccess
    }
    var places: [Int: [Place]] = [:]
    var seen: Set<Place> = []
    for (number, group) in system.groups.enumerated() {
      for step in group.attempts {
        for access in step.accesses {
          let place = Place(group: number, point: step.from, access: access)
          if seen.insert(place).inserted { places[access.slot, default: []].append(place) }
        }
      }
    }
    var result: [Obligation] = []
    for slot in places.keys.sorted() {
      let variable = system.encoder.variableOfSlot[slot]
      let isPlain = isWanted(.dataRace) && reporting.race(variable)
      let list = places[slot] ?? []
      var formulas: Set<Formula> = []
      for (index, left) in list.enumerated() {
        for right in list[index...] {
          let (ours, theirs) = (left.access, right.access)
          guard ours.isWrite || theirs.isWrite else { continue }
          if left.group == right.group, !system.groups[left.group].isCounted { continue }
          if let lock = ours.lock, lock == theirs.lock { continue }
          let isInSection = ours.lock != nil || theirs.lock != nil
          guard isInSection || (isPlain && !(ours.isAtomic && theirs.isAtomic)) else { continue }
          formulas.insert(together(left.group, left.point, right.group, right.point))
        }
      }
      guard !formulas.isEmpty else { continue }
      let name = program.variables[variable].name
      result.append(
        Obligation(
          reason: "whether two accesses of `\(name)` without a common lock can meet",
          formulas: Array(formulas)
        )
      )
    }
    return result
  }

  private func together(_ group: Int, _ point: Int, _ other: Int, _ otherPoint: Int) -> Formula {
    let (ours, theirs) = (system.counts[group][point], system.counts[other][otherPoint])
    if group == other, point == otherPoint {
      return terms.lessOrEqual(terms.integer(2), ours)
    }
    return terms.and(
      terms.lessOrEqual(terms.integer(1), ours),
      terms.lessOrEqual(terms.integer(1), theirs)
    )
  }

  // MARK: Claims

  /// HD401, HD402, HD501 in steps.
  private func failures() -> [Obligation] {
    var formulas: [FindingKey: [Formula]] = [:]
    for (number, group) in system.groups.enumerated() {
      for failure in group.failures {
        guard let key = reporting.key(of: failure.outcome), isWanted(key.kind) else { continue }
        formulas[key, default: []].append(
          terms.and(system.stands[number][failure.from], failure.condition)
        )
      }
    }
    return formulas.keys.sorted().map { key in
      Obligation(reason: Self.reason(key, program), formulas: formulas[key] ?? [])
    }
  }

  private static func reason(_ key: FindingKey, _ program: Program) -> String {
    "whether there is \(key.kind == .misuse ? "misuse" : "a failure of \(key.kind.rawValue)") in "
      + "\(key.subject(in: program))"
  }

  /// Invariants before the first step, and `finally` after the last one of the threads that it waits for.
  ///
  /// After every write of a step, ``SectionWalker`` has looked. In the middle of a section another thread may be in one of its own; an
  /// invariant that both write to would see a state that no run of whole sections has, so that must be excluded by a common lock.
  /// `finally` may run while a daemon is in a section, so what daemons write it must not read.
  private func observers() -> [Obligation] {
    var result: [Obligation] = []
    for (number, invariant) in program.invariants.enumerated() {
      let walk = system.encoder.observeEnd(invariant, if: terms.yes)
      let failed = walk.failures.filter { isWanted($0.outcome) }
        .map { terms.and(system.beginning, $0.condition) }
      if failed.isEmpty { continue }
      let line = program.source.line(
        of: program.instructionSpans[invariant.entry.index].start
      )
      let reason = "whether the invariant in line \(line) holds in every state"
      result.append(Obligation(reason: reason, formulas: failed))
      if mixesSections(number) { result.append(Obligation(reason: reason)) }
    }
    guard let finally = program.finally else { return result }
    let ended = system.groups.indices.filter { !system.isDaemon(system.groups[$0]) }
      .map { terms.or(system.haveEnded($0), system.areUnstarted($0)) }
    let walk = system.encoder.observeEnd(finally, if: terms.and(ended))
    let failed = walk.failures.filter { isWanted($0.outcome) }
    guard !failed.isEmpty else { return result }
    let reason = "whether `finally` holds"
    result.append(Obligation(reason: reason, formulas: failed.map(\.condition)))
    let read = system.slotsRead(by: finally)
    let isDisturbed = system.groups.contains { group in
      system.isDaemon(group)
        && group.attempts.contains { step in
          step.accesses.contains { $0.isWrite && read.contains($0.slot) }
        }
    }
    if isDisturbed { result.append(Obligation(reason: reason)) }
    return result
  }

  /// Whether a section shows an invariant something that neither the state before it nor that behind it does, while another thread may
  /// write, too: it writes twice, or the run can end in the middle of it.
  private func mixesSections(_ invariant: Int) -> Bool {
    let read = system.slotsRead(by: program.invariants[invariant])
    var writers: [(group: Int, lock: Int?, isLong: Bool)] = []
    for (number, group) in system.groups.enumerated() {
      for (index, step) in group.attempts.enumerated() {
        let writes = step.accesses.filter { $0.isWrite && read.contains($0.slot) }
        guard let first = writes.first else { continue }
        let isAbandoned = index >= group.steps.count
        // Outside of sections a step is one access or one atomic block.
        let isSection = writes.contains { $0.lock != nil || !$0.isAtomic }
        let isLong = isSection && (writes.count > 1 || isAbandoned)
        let isOneLock = writes.allSatisfy { $0.lock == first.lock }
        writers.append((number, isOneLock ? first.lock : nil, isLong))
      }
    }
    return writers.contains { long in
      long.isLong
        && writers.contains { other in
          (other.group != long.group || system.groups[long.group].isCounted)
            && (long.lock == nil || other.lock != long.lock)
        }
    }
  }
}
