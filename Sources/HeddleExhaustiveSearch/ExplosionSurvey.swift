import HeddleChecking
import HeddleProgram
import HeddleSemantics

extension Explosion {
  /// Looks for the parts of the state that make a stopped search so large; `nil` if it was not stopped by its size.
  ///
  /// Reads only what is stored; equal stores give equal results.
  ///
  /// - Complexity: O(sample x (width + parts)).
  init?(_ search: borrowing BreadthFirstSearch) {
    switch search.limit {
    case .states, .memory, .machineMemory, .seconds, .interrupted: break
    case .machine, .engine, nil: return nil
    }
    guard search.store.count > 1 else { return nil }
    let parts = StateParts(search.explorer.machine)
    let isHurried =
      switch search.limit {
      case .machineMemory, .seconds, .interrupted: true
      default: false
      }
    let sample = DifferenceSurvey(search.store, parts, isHurried: isHurried)
    let growths = GrowthSurvey(search, parts).growths
    self.init(
      sampledStates: sample.count,
      differences: sample.differences,
      growths: growths
    )
  }
}

/// How many of the first states fall together when one part of the state is masked out.
///
/// The hash of a state is a sum over its slots, so that a part is masked out by leaving its slots out. Two states with equal
/// hashes of 64 bits count as equal: this is a survey, and proves nothing.
///
/// It comes after a limit was reached, so it is small: a fraction of a second, and 8 bytes for each state that is compared.
struct DifferenceSurvey {
  /// The most states that are compared.
  static let maximumStates = 1 << 16
  /// The most hashes that are computed, of all parts together.
  static let maximumHashes = 1 << 20
  /// The same where somebody waits for the end.
  static let hurriedHashes = 1 << 18
  /// A part with a smaller share is not to blame.
  static let leastShare = 0.3

  /// How many states were compared.
  let count: Int
  private(set) var differences: [Explosion.Difference] = []

  init(_ store: borrowing StateStore, _ parts: StateParts, isHurried: Bool) {
    let subjects = parts.parts
    let hashCount = isHurried ? Self.hurriedHashes : Self.maximumHashes
    count = min(store.count, Self.maximumStates, max(1, hashCount / (subjects.count + 2)))
    var words = Array(repeating: 0, count: store.width)
    var hashes = Array(repeating: UInt64(0), count: count)
    /// The number of different states without some slots.
    func classes(without slots: [Int]) -> Int {
      let isMasked = Set(slots)
      let rest = words.indices.filter { !isMasked.contains($0) }
      for state in 0..<count {
        Self.load(state, store, into: &words)
        hashes[state] = rest.reduce(0) { $0 &+ Self.hash(words[$1], $1) }
      }
      hashes.sort()
      return zip(hashes, hashes.dropFirst()).reduce(1) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    }
    func share(_ classes: Int, of states: Int) -> Double { 1 - Double(classes) / Double(states) }
    let plain = classes(without: parts.memory)
    var found = subjects.map { part in
      Explosion.Difference(
        subject: part.subject,
        share: share(classes(without: part.slots + part.dependents + parts.memory), of: plain)
      )
    }
    found.append(
      Explosion.Difference(subject: .rememberedReads, share: share(plain, of: count))
    )
    differences = Self.chosen(found, subjects)
  }

  /// Data first; where the threads stand only if no data is to blame, since that alone is why there is more than one order.
  ///
  /// A part that was left out with one before it, as what is computed from that, says nothing new.
  private static func chosen(
    _ found: [Explosion.Difference],
    _ parts: [StateParts.Part]
  ) -> [Explosion.Difference] {
    // Sorting is not promised to be stable, so the place in the list decides between equals.
    let ranked = found.enumerated().sorted { left, right in
      (right.element.share, left.offset) < (left.element.share, right.offset)
    }.map(\.element)
    func isPosition(_ difference: Explosion.Difference) -> Bool {
      if case .positions = difference.subject { true } else { false }
    }
    let data = ranked.filter { !isPosition($0) && $0.share >= leastShare }
    var isBlamed: Set<Int> = []
    var chosen: [Explosion.Difference] = []
    for difference in data {
      let part = parts.first { $0.subject == difference.subject }
      if let part, isBlamed.isSuperset(of: part.slots) { continue }
      chosen.append(difference)
      if let part { isBlamed.formUnion(part.slots + part.dependents) }
    }
    if !chosen.isEmpty { return Array(chosen.prefix(3)) }
    return ranked.first { isPosition($0) && $0.share > 0 }.map { [$0] } ?? []
  }

  private static func load(_ state: Int, _ store: borrowing StateStore, into words: inout [Int]) {
    var span = words.mutableSpan
    store.load(state, into: &span)
  }

  /// The finalizer of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
  private static func hash(_ value: Int, _ slot: Int) -> UInt64 {
    var hash = UInt64(bitPattern: Int64(value)) &+ UInt64(slot + 1) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
    return hash ^ hash >> 31
  }
}

/// Numbers that keep growing, or falling, along the ways to the last states, and that a loop changes.
struct GrowthSurvey {
  /// How many ways are looked at.
  static let wayCount = 8
  /// How many states of each way are looked at.
  static let statesPerWay = 4_096
  /// How often a number must exceed all it was before.
  static let leastRecords = 4

  private(set) var growths: [Explosion.Growth] = []

  /// The numbers of one part on one way.
  private struct Course {
    var start: Int?
    var top = 0
    var bottom = 0
    var topRecords = 0
    var bottomRecords = 0
    var lastTop = 0
    var lastBottom = 0

    mutating func hear(_ values: (least: Int, most: Int), at step: Int) {
      guard start != nil else {
        start = values.most
        top = values.most
        bottom = values.least
        return
      }
      if values.most > top {
        top = values.most
        topRecords += 1
        lastTop = step
      }
      if values.least < bottom {
        bottom = values.least
        bottomRecords += 1
        lastBottom = step
      }
    }

    /// Where it was going when the way ended.
    func end(_ steps: Int) -> Int? {
      if topRecords >= leastRecords, lastTop * 10 >= steps * 6 { return top }
      if bottomRecords >= leastRecords, lastBottom * 10 >= steps * 6 { return bottom }
      return nil
    }
  }

  init(_ search: borrowing BreadthFirstSearch, _ parts: StateParts) {
    let program = search.explorer.machine.program
    let candidates = Self.candidates(program, parts, search.explorer.machine.layout)
    guard !candidates.isEmpty else { return }
    let last = search.store.count - 1
    // Some of the last states, and never one twice.
    let step = max(1, search.store.count / 64)
    let states = Array(stride(from: last, through: 0, by: -step).prefix(Self.wayCount))
    var hits = Array(repeating: 0, count: candidates.count)
    var ends = Array(repeating: (from: 0, to: 0), count: candidates.count)
    for state in states {
      let courses = Self.courses(to: state, candidates, search)
      for (index, course) in courses.enumerated() {
        guard let (from, to) = course else { continue }
        hits[index] += 1
        if abs(to - from) > abs(ends[index].to - ends[index].from) { ends[index] = (from, to) }
      }
    }
    for (index, candidate) in candidates.enumerated() where hits[index] * 2 >= states.count {
      growths.append(
        Explosion.Growth(
          subject: candidate.subject,
          statement: candidate.statement,
          loop: candidate.loop,
          isEndless: candidate.isEndless,
          from: ends[index].from,
          to: ends[index].to
        )
      )
    }
    // What a local counts is the consequence where a shared number grows as well.
    let shared = growths.filter { if case .local = $0.subject { false } else { true } }
    growths = Array((shared.isEmpty ? growths : shared).prefix(2))
  }

  /// A part with numbers in it that some loop changes.
  private struct Candidate {
    var subject: Explosion.Subject
    var slots: [Int]
    /// Whether 0 means that there is no number at the moment.
    var isLocal: Bool
    var statement: StatementID
    var loop: StatementID
    var isEndless: Bool
  }

  private static func candidates(
    _ program: Program,
    _ parts: StateParts,
    _ layout: StateLayout
  ) -> [Candidate] {
    let loops = CodeLoops(program)
    var stores: [VariableID: [Int]] = [:]
    var puts: [ObjectID: [Int]] = [:]
    for (position, instruction) in program.instructions.enumerated() {
      switch instruction {
      case .store(let place, _): stores[place.variable, default: []].append(position)
      case .put(let queue, _, _, _): puts[queue.first, default: []].append(position)
      default: break
      }
    }
    return parts.parts.compactMap { part in
      var slots = part.slots
      var isLocal = false
      let changes: [Int]
      switch part.subject {
      case .variable(let variable):
        guard program.variables[variable.index].type.base == .integer else { return nil }
        changes = stores[variable] ?? []
      case .object(let object):
        guard case .queue = program.objects[object.index].kind else { return nil }
        let name = program.objects[object.index].declaredName
        slots = program.objects.indices.filter { program.objects[$0].declaredName == name }
          .compactMap { layout.queues[$0]?.count }
        changes = puts[object] ?? []
      case .local(let type, _):
        isLocal = true
        guard
          let first = layout.threads.indices.first(where: { thread in
            program.instances[thread].type == type
          }), let slot = slots.first
        else { return nil }
        let register = slot - layout.threads[first].registers
        changes = parts.registerUse[type.index].writes[register]
      case .rememberedReads, .positions: return nil
      }
      guard let position = changes.first(where: { loops.innermost(around: $0) != nil }),
        let loop = loops.innermost(around: position)
      else { return nil }
      return Candidate(
        subject: part.subject,
        slots: slots,
        isLocal: isLocal,
        statement: program.instructionStatements[position],
        loop: program.instructionStatements[loop.positions.upperBound],
        isEndless: loop.isEndless
      )
    }
  }

  /// By candidate: from where to where its numbers went on the way to a state, if they kept going.
  ///
  /// Only the largest and the smallest of its numbers count, because interchangeable threads may be in any order.
  private static func courses(
    to state: Int,
    _ candidates: [Candidate],
    _ search: borrowing BreadthFirstSearch
  ) -> [(from: Int, to: Int)?] {
    let states = search.way(to: state, atMost: statesPerWay)
    var courses = Array(repeating: Course(), count: candidates.count)
    var words = Array(repeating: 0, count: search.store.width)
    for (step, state) in states.enumerated() {
      load(state, search.store, into: &words)
      for (index, candidate) in candidates.enumerated() {
        let values = candidate.slots.lazy.map { words[$0] }.filter { value in
          value != Program.none && !(candidate.isLocal && value == 0)
        }
        guard let least = values.min(), let most = values.max() else { continue }
        courses[index].hear((least, most), at: step)
      }
    }
    return courses.map { course in
      course.end(states.count).map { (course.start ?? 0, $0) }
    }
  }

  private static func load(_ state: Int, _ store: borrowing StateStore, into words: inout [Int]) {
    var span = words.mutableSpan
    store.load(state, into: &span)
  }
}
