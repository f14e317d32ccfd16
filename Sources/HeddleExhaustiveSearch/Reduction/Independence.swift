import HeddleProgram
import HeddleSemantics

/// Tells in a state which threads can get in the way of which.
///
/// A set of threads is *persistent* in a state if nothing that the others can do before one of the set moves conflicts with the next step of a thread of the set
/// (Godefroid, LNCS 1032, 1996, chapter 4). Then every deadlock, and, with a proviso, every other safety finding shows up when only the
/// threads of the set are tried.
///
/// A thread `other` conflicts with the next step of `thread` if it may still do something that does not commute with it, unless it cannot
/// get there before it owns a disciplined lock that `thread` owns now.
///
/// Answers about pairs of a step and a future are remembered; that is all that changes in a value of this type.
struct Independence: Sendable {
  private enum Answer {
    static let unknown: Int32 = -1
    static let never: Int32 = -2
    static let always: Int32 = -3
  }

  let table: StepTable
  private let machine: Machine
  private let threadCount: Int
  /// By step and future: one of ``Answer``, or the position of the conditions in ``conditions``.
  private var answers: [Int32]
  /// Each a list of locks sets, all of which have to be out of reach.
  private var conditions: [[[Int]]] = []
  private let typeOfThread: [Int]
  private var starters: [Int]

  init(_ table: StepTable, _ machine: Machine) {
    self.table = table
    self.machine = machine
    threadCount = machine.threadCount
    answers = Array(repeating: Answer.unknown, count: table.steps.count * table.futures.count)
    typeOfThread = machine.program.instances.map(\.type.index)
    starters = Array(repeating: 0, count: machine.program.threadTypes.count)
  }

  // MARK: Asking

  /// The next step of a thread that has one, if the thread alone is a persistent set.
  mutating func stepAlone(_ thread: Int, in state: Span<Int>) -> StepTable.Step? {
    let step = step(of: thread, in: state)
    countStarters(in: state)
    for other in 0..<threadCount where other != thread {
      if conflicts(step, of: thread, with: other, in: state) { return nil }
    }
    return table.steps[step]
  }

  /// The number of the step that a running thread stands at.
  func step(of thread: Int, in state: Span<Int>) -> Int {
    let position = state[machine.layout.threads[thread].control]
    return Int(table.stepNumbers[table.classOfThread[thread]][position])
  }

  /// Prepares ``conflicts(_:of:with:in:)`` for a state.
  mutating func countStarters(in state: Span<Int>) {
    for type in starters.indices { starters[type] = 0 }
    for thread in 0..<threadCount {
      guard let future = future(of: thread, in: state), machine.isRunning(thread, in: state)
      else { continue }
      let starts = table.futures[future].starts
      if starts.isEmpty { continue }
      for type in starters.indices where starts.contains(type) { starters[type] += 1 }
    }
  }

  /// Whether `other` may do something before the step that conflicts with it.
  mutating func conflicts(
    _ step: Int,
    of thread: Int,
    with other: Int,
    in state: Span<Int>
  ) -> Bool {
    guard let future = future(of: other, in: state) else { return false }
    let index = step * table.futures.count + future
    if answers[index] == Answer.unknown { answers[index] = compare(step, future) }
    let answer = answers[index]
    if answer == Answer.never { return false }
    if !machine.hasStarted(other, in: state), !canBeStarted(other, without: thread, in: state) {
      return false
    }
    if answer == Answer.always { return true }
    // It conflicts unless each of the sets has a lock that `thread` owns.
    for locks in conditions[Int(answer)] {
      let isOutOfReach = locks.contains { lock in
        state[machine.layout.objects[lock]] == thread + 1
      }
      if !isOutOfReach { return true }
    }
    return false
  }

  /// What a thread may still do; `nil` if it has ended.
  func future(of thread: Int, in state: Span<Int>) -> Int? {
    let control = state[machine.layout.threads[thread].control]
    guard control >= 0 else { return nil }
    let number = table.futureNumbers[table.classOfThread[thread]][control]
    return number < 0 ? nil : Int(number)
  }

  /// Whether somebody else than `thread` may start it.
  private func canBeStarted(_ other: Int, without thread: Int, in state: Span<Int>) -> Bool {
    let type = typeOfThread[other]
    var count = starters[type]
    if let own = future(of: thread, in: state), table.futures[own].starts.contains(type) {
      count -= 1
    }
    return count > 0
  }

  // MARK: Comparing

  private mutating func compare(_ step: Int, _ future: Int) -> Int32 {
    let footprint = table.steps[step].footprint
    var lockSets: [[Int]] = []
    for part in table.futures[future].parts where footprint.conflicts(with: part.footprint) {
      if part.requiredLocks.isEmpty { return Answer.always }
      lockSets.append(part.requiredLocks.elements)
    }
    if lockSets.isEmpty { return Answer.never }
    conditions.append(lockSets)
    return Int32(conditions.count - 1)
  }
}
