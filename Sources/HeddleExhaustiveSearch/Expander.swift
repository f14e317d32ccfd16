import HeddleChecking
import HeddleSemantics

/// Expands stored states, and judges what it comes by: the part of a search that several cores do at the same time.
///
/// What it gives back depends on the states alone, not on what other cores do.
struct Expander: ~Copyable {
  var explorer: Explorer
  private let judge: Judge
  /// What need not be looked for again; more than that is noted again, and forgotten by the search.
  private var found: FindingSet
  private var keys: [FindingKey] = []

  init(_ judge: Judge, _ strategy: SearchStrategy) {
    self.judge = judge
    explorer = Explorer(judge.machine, strategy)
    found = FindingSet(for: judge.machine.program)
  }

  /// Expands states that follow one another, all of one level.
  ///
  /// - Parameters:
  ///   - numbers: Their numbers.
  ///   - states: All states up to them, and to the end of their level.
  ///   - levelEnd: The number of the first state of the next level.
  ///   - table: Where the states are found, if an ample set is enough wherever there is one; `nil` if all threads are to be tried.
  ///   - batch: Gets what was found; what was in it is lost.
  mutating func expand(
    _ numbers: Range<Int>,
    of states: PackedStates,
    levelEnd: Int,
    ampleSetsIn table: StateStore?,
    into batch: inout SuccessorBatch
  ) {
    batch.begin(at: numbers.lowerBound, wordCount: states.coding.wordCount)
    for number in numbers { expand(number, of: states, levelEnd, table, &batch) }
    batch.findHashes()
  }

  private mutating func expand(
    _ number: Int,
    of states: PackedStates,
    _ levelEnd: Int,
    _ table: StateStore?,
    _ batch: inout SuccessorBatch
  ) {
    var expansion = SuccessorBatch.Expansion()
    explorer.load(number, from: states)
    batch.go(to: number, of: states)
    explorer.coverPositions()
    expansion.limit = explorer.judgeState(judge, ignoring: found, into: &keys)
    if !keys.isEmpty { note(number, thread: -1, choice: 0, &batch) }
    let mustGoOn = explorer.mustGoOn
    let ample = table == nil ? nil : explorer.ampleSet()
    var isEnough = ample != nil
    var isDeeper = false
    func isFirst(_ thread: Int) -> Bool { ample?.contains(thread) ?? true }
    for thread in 0..<explorer.threadCount
    where isFirst(thread) && !(explorer.isTwin(thread) && isFirst(thread - 1)) {
      for choice in 0..<explorer.enabled[thread] {
        let goesOn = take(thread, choice, from: number, states.coding, mustGoOn, &expansion, &batch)
        guard ample != nil, let table else { continue }
        if goesOn {
          isDeeper = isDeeper || !batch.lastIsKnown(before: levelEnd, in: table)
        } else {
          isEnough = false
        }
      }
    }
    if isEnough, isDeeper {
      expansion.isReduced = true
    } else if ample != nil {
      for thread in 0..<explorer.threadCount where !isFirst(thread) && !explorer.isTwin(thread) {
        for choice in 0..<explorer.enabled[thread] {
          _ = take(thread, choice, from: number, states.coding, mustGoOn, &expansion, &batch)
        }
      }
    }
    batch.append(expansion)
  }

  /// Takes a step and what may be merged with it; returns whether it leads to a candidate, `false` if it ends the run.
  private mutating func take(
    _ thread: Int,
    _ choice: Int,
    from number: Int,
    _ coding: SlotCoding,
    _ mustGoOn: Bool,
    _ expansion: inout SuccessorBatch.Expansion,
    _ batch: inout SuccessorBatch
  ) -> Bool {
    expansion.transitions += 1
    let outcome = explorer.step(thread, choice: choice)
    let ends = explorer.endsRun(outcome)
    // A run that loses an update, where that ends it, shows nothing of its own any more.
    if ends {
      if case .completed = outcome {
      } else {
        judgeStep(outcome, mustGoOn, number, thread, choice, &batch)
      }
      // The rest is still searched: a finding elsewhere is worth more than the limit.
      if case .limit(let reached) = outcome, expansion.limit == nil { expansion.limit = reached }
      return false
    }
    if !explorer.effects.isEmpty { judgeStep(outcome, mustGoOn, number, thread, choice, &batch) }
    while explorer.goOn() {
      expansion.mergedSteps += 1
      if !explorer.effects.isEmpty {
        judgeStep(.completed, mustGoOn, number, thread, choice, &batch)
      }
    }
    explorer.appendSuccessor(to: &batch, packedBy: coding)
    return true
  }

  private mutating func judgeStep(
    _ outcome: StepOutcome,
    _ mustGoOn: Bool,
    _ number: Int,
    _ thread: Int,
    _ choice: Int,
    _ batch: inout SuccessorBatch
  ) {
    explorer.judgeStep(
      judge,
      outcome,
      mustGoOnBefore: mustGoOn,
      ignoring: found,
      into: &keys
    )
    if !keys.isEmpty { note(number, thread: thread, choice: choice, &batch) }
  }

  private mutating func note(
    _ state: Int,
    thread: Int,
    choice: Int,
    _ batch: inout SuccessorBatch
  ) {
    for key in keys where found.insert(key) {
      batch.append(SuccessorBatch.Note(key: key, state: state, thread: thread, choice: choice))
    }
    keys.removeAll(keepingCapacity: true)
  }
}
