import HeddleChecking
import HeddleProgram
import HeddleSemantics

/// What each phase of the engine may leave out, for one question.
///
/// A reduction that would be unsound for a phase is not in its strategy, whatever was asked for: endless runs are judged without symmetry and
/// ample sets, and under weak or no fairness without merging (a thread that waits for a lock is disabled *inside* the other's section, and that state is
/// merged away); the best orders are looked for on single steps.
struct Strategies {
  /// For all findings that a state or a step shows.
  let safety: SearchStrategy
  /// For endless runs, where the plain graph is too large.
  let endless: SearchStrategy?
  /// For orders with the fewest preemptions and steps: exact.
  let orders: SearchStrategy
  /// For good orders, where the best are out of reach.
  let mergedOrders: SearchStrategy
  /// Whether nothing is left out at all.
  let isReference: Bool
  /// Whether the program has a loop that is not known to end.
  let mayRunForEver: Bool

  private let symmetry: Symmetry?
  private let joinedOneByOne: [Range<Int>]
  private let program: Program

  /// Analyses the program, as far as reductions need it; `nil` if that had to stop.
  init?(_ question: Question, _ machine: Machine, _ hearing: inout PhaseHearing) {
    program = question.program
    // Where every order is counted, weighed or surveyed, none may be left out.
    let wanted = question.needsPlainGraph ? [] : question.reductions
    isReference = wanted.isEmpty
    guard !wanted.isEmpty else {
      (safety, orders, mergedOrders, endless) = (.plain, .plain, .plain, nil)
      (symmetry, joinedOneByOne, mayRunForEver) = (nil, [], true)
      return
    }
    guard
      let table = StepTable(question.program, options: question.machineOptions, &hearing)
    else { return nil }
    let independence = Independence(table, machine)
    mayRunForEver = table.mayRunForEver
    let wantsSymmetry = wanted.contains(.symmetry)
    symmetry = wantsSymmetry ? Symmetry(machine) : nil
    joinedOneByOne = wantsSymmetry ? SymmetricThreads.groupsJoinedOneByOne(in: program) : []
    let usesMerging = wanted.contains(.merging)
    var safety = SearchStrategy.plain
    safety.symmetry = symmetry
    if usesMerging {
      safety.merging = independence
      safety.mergesAcrossThreads = true
    }
    if wanted.contains(.ampleSets) { safety.ampleSets = AmpleSets(independence, machine) }
    self.safety = safety
    var orders = SearchStrategy.plain
    orders.symmetry = symmetry
    self.orders = orders
    orders.merging = independence
    orders.mergesSleep = false
    mergedOrders = orders
    if usesMerging, question.fairness == .strong {
      endless = SearchStrategy(merging: independence)
    } else {
      endless = nil
    }
  }

  /// What was used, for the report.
  func use(by search: borrowing BreadthFirstSearch) -> ReductionUse {
    ReductionUse(
      mergedSteps: search.mergedSteps,
      interchangeable: symmetry.map { groups($0.groups) } ?? [],
      joinedOneByOne: groups(joinedOneByOne),
      statesWithFewerThreads: search.reducedCount
    )
  }

  private func groups(_ threads: [Range<Int>]) -> [ReductionUse.Group] {
    threads.map { group in
      ReductionUse.Group(
        type: program.instances[group.lowerBound].type,
        threadCount: group.count
      )
    }
  }
}
