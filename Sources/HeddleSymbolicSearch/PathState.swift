import HeddleSolver

/// A register's value, and the reads of shared variables it was computed from.
struct SymbolicValue {
  var term: IntegerTerm
  var sources: [Source] = []
}

/// What an atomic block, or an observer, has done so far.
struct BlockState {
  /// The event of the block; `nil` where the code is only looked at from the end of the run.
  var event: Int?
  var contents: [Int: IntegerTerm] = [:]
  /// By slot: whether the block has written it.
  var written: [Int: Formula] = [:]
  /// By slot: whether the block has read it.
  var loaded: [Int: Formula] = [:]
}

/// Everything that is known about a thread at one point of its unrolled code, over all paths that lead there.
struct PathState {
  /// Whether the run comes here.
  var guardFormula: Formula
  var registers: [SymbolicValue]
  /// The step that is being taken, by the path; no event is the work before the first step.
  var last: [(condition: Formula, event: Int?)]
  /// By lock: whether the thread holds it, through an acquisition of its own.
  var held: [Int: Formula] = [:]
  /// By lock: the acquisitions that may be open.
  var open: [Int: Set<Int>] = [:]
  /// By rlock: how often the thread holds it where it does.
  var depth: [Int: Int] = [:]
  /// By thread declaration: how many instances were started.
  var started: [Int: Int] = [:]
  /// By queue that counts tasks: items taken and not marked done.
  var taken: [Int: IntegerTerm] = [:]
  /// Events that were taken on every path.
  var certain: Set<Int> = []
  /// Threads that have ended on every path.
  var joined: Set<Int> = []
  /// The most rounds of loops that were local work since the last step.
  var localTurns = 0
  /// Loops of whose present round is known that it goes on.
  var decided: Set<Int> = []
  var block: BlockState?
  /// The event at which the thread began to wait for an event object that may be cleared.
  var registration: Int?
}

extension Encoder {
  /// The state where several paths meet.
  func merge(_ states: [PathState], at position: Int, line: Int) -> PathState? {
    guard var result = states.first else { return nil }
    for state in states.dropFirst() {
      guard result.started == state.started, result.depth == state.depth,
        result.registration == state.registration
      else {
        let reason = "paths that meet with different threads started or locks held"
        addFrontier(state.guardFormula, .notEncoded(reason, line: line))
        continue
      }
      result = merge(result, state)
    }
    return result
  }

  private func merge(_ left: PathState, _ right: PathState) -> PathState {
    var result = left
    let isLeft = left.guardFormula
    result.guardFormula = terms.or(isLeft, right.guardFormula)
    for index in left.registers.indices {
      result.registers[index] = merge(isLeft, left.registers[index], right.registers[index])
    }
    if left.last.map(\.event) != right.last.map(\.event) || left.last.count != 1 {
      var last: [(condition: Formula, event: Int?)] = []
      let parts =
        left.last.map { (terms.and($0.condition, isLeft), $0.event) }
        + right.last.map { (terms.and($0.condition, right.guardFormula), $0.event) }
      for (condition, event) in parts {
        if let known = last.firstIndex(where: { $0.event == event }) {
          last[known].condition = terms.or(last[known].condition, condition)
        } else {
          last.append((condition, event))
        }
      }
      result.last = last
    }
    for lock in Set(left.held.keys).union(right.held.keys).sorted() {
      result.held[lock] = terms.choice(
        isLeft,
        left.held[lock] ?? terms.no,
        right.held[lock] ?? terms.no
      )
      result.open[lock] = (left.open[lock] ?? []).union(right.open[lock] ?? [])
    }
    for queue in Set(left.taken.keys).union(right.taken.keys).sorted() {
      let zero = terms.integer(0)
      result.taken[queue] = terms.choice(
        isLeft,
        left.taken[queue] ?? zero,
        right.taken[queue] ?? zero
      )
    }
    result.localTurns = max(left.localTurns, right.localTurns)
    result.certain.formIntersection(right.certain)
    result.joined.formIntersection(right.joined)
    result.decided.formIntersection(right.decided)
    if let ours = left.block, let theirs = right.block {
      result.block = merge(isLeft, ours, theirs)
    }
    return result
  }

  func merge(_ isLeft: Formula, _ left: SymbolicValue, _ right: SymbolicValue) -> SymbolicValue {
    if left.term == right.term, left.sources == right.sources { return left }
    var value = SymbolicValue(term: terms.choice(isLeft, left.term, right.term))
    let sources =
      left.sources.map { Source(read: $0.read, condition: terms.and(isLeft, $0.condition)) }
      + right.sources.map {
        Source(read: $0.read, condition: terms.and(terms.not(isLeft), $0.condition))
      }
    value.sources = union(sources)
    return value
  }

  /// Each read once.
  func union(_ sources: [Source]) -> [Source] {
    var result: [Source] = []
    for source in sources where source.condition != terms.no {
      if let known = result.firstIndex(where: { $0.read == source.read }) {
        result[known].condition = terms.or(result[known].condition, source.condition)
      } else {
        result.append(source)
      }
    }
    return result.sorted { $0.read < $1.read }
  }

  private func merge(_ isLeft: Formula, _ left: BlockState, _ right: BlockState) -> BlockState {
    var result = left
    for slot in Set(left.contents.keys).union(right.contents.keys).sorted() {
      result.contents[slot] = terms.choice(
        isLeft,
        left.contents[slot] ?? before(slot, left),
        right.contents[slot] ?? before(slot, right)
      )
    }
    for slot in Set(left.written.keys).union(right.written.keys).sorted() {
      let (ours, theirs) = (left.written[slot] ?? terms.no, right.written[slot] ?? terms.no)
      result.written[slot] = terms.choice(isLeft, ours, theirs)
    }
    for slot in Set(left.loaded.keys).union(right.loaded.keys).sorted() {
      let (ours, theirs) = (left.loaded[slot] ?? terms.no, right.loaded[slot] ?? terms.no)
      result.loaded[slot] = terms.choice(isLeft, ours, theirs)
    }
    return result
  }

  /// What a slot holds before a block.
  func before(_ slot: Int, _ block: BlockState) -> IntegerTerm {
    guard let event = block.event else { return valueAtEnd(slot) }
    return reads[blockRead(event, slot)].value
  }
}
