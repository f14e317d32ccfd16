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
  ///
  /// Empty where that would be too many; then there are only ``rareAnswers``.
  private var answers: [Int32]
  private var rareAnswers: [Int: Int32] = [:]
  /// Each a list of locks sets, all of which have to be out of reach.
  private var conditions: [[[Int]]] = []
  private let typeOfThread: [Int]
  private var starters: [Int]

  init(_ table: StepTable, _ machine: Machine) {
    self.table = table
    self.machine = machine
    threadCount = machine.threadCount
    let count = table.steps.count * table.futures.count
    answers =
      count <= Self.mostAnswers ? Array(repeating: Answer.unknown, count: count) : []
    typeOfThread = machine.program.instances.map(\.type.index)
    starters = Array(repeating: 0, count: machine.program.threadTypes.count)
  }

  /// A table of so many answers takes 16 MiB, and each user of the value has its own.
  private static let mostAnswers = 1 << 22

  // MARK: Asking

  /// Whether a chain of merged steps has to end with the next step of a thread, which begins it or goes on with it.
  func endsChain(_ thread: Int, in state: Span<Int>, isFirst: Bool) -> Bool {
    let step = step(of: thread, in: state)
    return table.mayTurn[step] || isFirst && table.isVisible[step]
  }

  /// Whether the thread, which has a step, is a persistent set alone, with a step that is not visible.
  mutating func isAlone(_ thread: Int, in state: Span<Int>) -> Bool {
    let step = step(of: thread, in: state)
    if table.isVisible[step] { return false }
    countStarters(in: state)
    for other in 0..<threadCount where other != thread {
      if conflicts(step, of: thread, with: other, in: state) { return false }
    }
    return true
  }

  /// The number of the step that a running thread stands at.
  func step(of thread: Int, in state: Span<Int>) -> Int {
    let position = state[machine.layout.threads[thread].control]
    return Int(table.stepNumbers[table.rows[thread] + position])
  }

  /// Prepares ``conflicts(_:of:with:in:)`` for a state.
  mutating func countStarters(in state: Span<Int>) {
    guard table.startsThreads else { return }
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
    let answer = answer(index, step, future)
    if answer == Answer.never {
      return accessConflicts(step, of: thread, with: other, future, state)
    }
    if !machine.hasStarted(other, in: state), !canBeStarted(other, without: thread, in: state) {
      return false
    }
    if answer == Answer.always { return true }
    // It conflicts unless each of the sets has a lock that `thread` owns.
    for locks in conditions[Int(answer)] where !ownsOne(of: locks, thread, state) { return true }
    return accessConflicts(step, of: thread, with: other, future, state)
  }

  /// The answer about a step and a future, remembered by their number.
  private mutating func answer(_ index: Int, _ step: Int, _ future: Int) -> Int32 {
    if answers.isEmpty {
      if let known = rareAnswers[index] { return known }
      let answer = compare(step, future)
      rareAnswers[index] = answer
      return answer
    }
    if answers[index] == Answer.unknown { answers[index] = compare(step, future) }
    return answers[index]
  }

  private func ownsOne(of locks: [Int], _ thread: Int, _ state: Span<Int>) -> Bool {
    for lock in locks where state[machine.layout.objects[lock]] == thread + 1 { return true }
    return false
  }

  // MARK: Elements that only the state knows

  /// Whether the element that the step accesses in this state is one that `other` may get in the way at.
  private func accessConflicts(
    _ step: Int,
    of thread: Int,
    with other: Int,
    _ future: Int,
    _ state: Span<Int>
  ) -> Bool {
    guard let access = table.steps[step].access else { return false }
    if !machine.hasStarted(other, in: state), !canBeStarted(other, without: thread, in: state) {
      return false
    }
    let resource = element(of: access.place, thread, state)
    for part in table.futures[future].parts
    where resource.map({ part.footprint.touches($0, withWrite: access.isWrite) }) ?? true {
      if !ownsOne(of: part.requiredLocks, thread, state) { return true }
    }
    return false
  }

  /// The element that a place is in a state; `nil` if it is none, which the step will report.
  private func element(of place: Place, _ thread: Int, _ state: Span<Int>) -> Int? {
    func value(_ operand: Operand) -> Int {
      switch operand {
      case .constant(let value): value
      case .register(let register): state[machine.layout.threads[thread].registers + register.index]
      case .thisThread: thread
      case .thisIndex: machine.program.instances[thread].indexInType
      case .thisName: -1
      }
    }
    let variable = machine.program.variables[place.variable.index]
    var element = 0
    if case .field(let slots, let length, _) = variable.shape {
      let owner: Int
      switch place {
      case .field(_, let operand): owner = value(operand)
      case .fieldElement(_, let operand, let index):
        owner = value(operand)
        element = value(index)
        guard element >= 0, element < length else { return nil }
      case .scalar, .element: return nil
      }
      guard slots.indices.contains(owner), slots[owner] >= 0 else { return nil }
      element += slots[owner] * length
    } else if case .element(_, let index) = place {
      element = value(index)
    }
    guard element >= 0, element < variable.elementCount else { return nil }
    return table.resources.element(element, of: place.variable)
  }

  /// What a thread may still do; `nil` if it has ended.
  func future(of thread: Int, in state: Span<Int>) -> Int? {
    let control = state[machine.layout.threads[thread].control]
    guard control >= 0 else { return nil }
    let number = table.futureNumbers[table.rows[thread] + control]
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
      lockSets.append(part.requiredLocks)
    }
    if lockSets.isEmpty { return Answer.never }
    conditions.append(lockSets)
    return Int32(conditions.count - 1)
  }
}
