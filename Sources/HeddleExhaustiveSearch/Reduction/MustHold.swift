import HeddleProgram
import HeddleSemantics

/// What a thread is sure to hold whenever control reaches an instruction: locks, and items taken from queues.
///
/// A forward analysis that takes the least over all paths (must-locksets, as in the lock-based reductions of Flanagan and Qadeer, "Transactions for
/// software model checking", 2003). A lock counts how often it is held, a queue how many items were taken and not marked done. The branch on
/// the result of a try-lock is followed.
///
/// What is said of a lock is true only if the lock is *disciplined*: nobody but its owner ever releases it. Python lets anyone do so, therefore
/// ``isDisciplined`` says for which locks no release can be a stranger's.
struct MustHold {
  private struct Facts: Equatable {
    /// By object: at least so often.
    var counts: [UInt8]
    /// Registers that are true only if the object was acquired.
    var results: [Register: Int] = [:]
  }

  private let program: Program
  private let constants: RegisterConstants
  private var before: [Int: Facts] = [:]

  /// - Complexity: O(instructions x objects), times the nesting of loops.
  init(_ threadClass: ThreadClass, of program: Program, _ constants: RegisterConstants) {
    self.program = program
    self.constants = constants
    let entry = program.threadTypes[threadClass.type.index].entry
    before[entry.index] = Facts(counts: Array(repeating: 0, count: program.objects.count))
    var pending = [entry]
    while let position = pending.popLast() {
      guard let facts = before[position.index] else { continue }
      for next in constants.successors(of: position) {
        let after = transfer(facts, along: position, to: next)
        if merge(after, into: next.index) { pending.append(next) }
      }
    }
  }

  /// How often the thread is sure to hold the object at `position`.
  func count(_ object: Int, at position: InstructionID) -> Int {
    Int(before[position.index]?.counts[object] ?? 0)
  }

  private mutating func merge(_ facts: Facts, into position: Int) -> Bool {
    guard let old = before[position] else {
      before[position] = facts
      return true
    }
    var merged = Facts(counts: zip(old.counts, facts.counts).map { min($0, $1) })
    for (register, object) in old.results where facts.results[register] == object {
      merged.results[register] = object
    }
    before[position] = merged
    return merged != old
  }

  private func transfer(
    _ facts: Facts,
    along position: InstructionID,
    to next: InstructionID
  ) -> Facts {
    var facts = facts
    let instruction = program.instructions[position.index]
    let continues = next.index == position.index + 1
    switch instruction {
    case .move(let result, .register(let source)):
      facts.results[result] = facts.results[source]
    case .branch(.register(let register), let otherwise):
      if continues, otherwise != next, let object = facts.results[register] {
        add(object, &facts)
      }
      facts.results[register] = nil
    case .acquire(let reference, let waiting, let result):
      if let result { facts.results[result] = nil }
      guard let object = lock(reference, at: position) else { break }
      if waiting == .blocking {
        add(object, &facts)
      } else if let result {
        facts.results[result] = object
      }
    case .release(let reference, _):
      remove(reference, at: position, &facts)
    case .conditionWait(let reference):
      for candidate in candidates(reference, at: position) {
        let object = program.lockBehind(candidate)
        facts.counts[object] = 0
        facts.results = facts.results.filter { $0.value != object }
      }
    case .conditionWake(let reference, _, let result):
      if let result { facts.results[result] = nil }
      if let object = lock(reference, at: position) { facts.counts[object] = 1 }
    case .get(let result, let reference, let waiting, let onFailure):
      facts.results[result] = nil
      let succeeds = continues && (waiting == .blocking || onFailure != next)
      if succeeds, let object = single(reference, at: position) { add(object, &facts) }
    case .taskDone(let reference):
      remove(reference, at: position, &facts)
    default:
      for register in program.registersWritten(by: instruction) { facts.results[register] = nil }
    }
    return facts
  }

  private func add(_ object: Int, _ facts: inout Facts) {
    // Cut at a number that no program needs; a lower bound stays one.
    if facts.counts[object] < 200 { facts.counts[object] += 1 }
    if case .lock = program.objects[object].kind { facts.counts[object] = 1 }
  }

  private func remove(
    _ reference: ObjectReference,
    at position: InstructionID,
    _ facts: inout Facts
  ) {
    for candidate in candidates(reference, at: position) {
      let object = program.lockBehind(candidate)
      if facts.counts[object] > 0 { facts.counts[object] -= 1 }
      // A result that was true no longer says that the lock is held.
      facts.results = facts.results.filter { $0.value != object }
    }
  }

  private func lock(_ reference: ObjectReference, at position: InstructionID) -> Int? {
    guard let object = single(reference, at: position).map(program.lockBehind) else { return nil }
    switch program.objects[object].kind {
    case .lock, .rlock: return object
    default: return nil
    }
  }

  /// The one object that a reference means; `nil` if it may be more than one.
  private func single(_ reference: ObjectReference, at position: InstructionID) -> Int? {
    let candidates = candidates(reference, at: position)
    return candidates.count == 1 ? candidates.first : nil
  }

  private func candidates(_ reference: ObjectReference, at position: InstructionID) -> Range<Int> {
    program.candidates(reference, constants, at: position)
  }
}

extension Program {
  /// The lock behind a condition; the object itself otherwise.
  func lockBehind(_ object: Int) -> Int {
    if case .condition(let lock, _) = objects[object].kind { lock.index } else { object }
  }

  /// The objects that a reference may mean.
  func candidates(
    _ reference: ObjectReference,
    _ constants: RegisterConstants,
    at position: InstructionID
  ) -> Range<Int> {
    let first = reference.first.index
    guard let index = reference.index else { return first..<first + 1 }
    guard let known = constants.value(index, at: position), known >= 0, known < reference.count
    else { return first..<first + reference.count }
    return first + known..<first + known + 1
  }
}

/// The locks that only their owners release, and the queues whose tasks are marked done only by those who took them.
struct Discipline {
  /// By object.
  private(set) var isDisciplined: [Bool]

  /// `constants` and `holds` are by class of threads.
  init(
    of program: Program,
    _ classes: [ThreadClass],
    _ code: [ThreadCode],
    _ constants: [RegisterConstants],
    _ holds: [MustHold]
  ) {
    isDisciplined = Array(repeating: true, count: program.objects.count)
    for (number, threadClass) in classes.enumerated() {
      for position in code[threadClass.type.index].positions {
        let reference: ObjectReference
        switch program.instructions[position.index] {
        case .release(let released, _): reference = released
        case .taskDone(let queue): reference = queue
        default: continue
        }
        let candidates = program.candidates(reference, constants[number], at: position)
        for candidate in candidates {
          let object = program.lockBehind(candidate)
          // Who does not own an rlock cannot release it.
          if case .rlock = program.objects[object].kind { continue }
          if candidates.count > 1 || holds[number].count(object, at: position) == 0 {
            isDisciplined[object] = false
          }
        }
      }
    }
  }
}
