import HeddleChecking
import HeddleSemantics
import Synchronization

/// What one core has made of some stored states that follow one another: their successors, packed, and what was seen on the way.
///
/// The successors are candidates for new states. Many cores drop those that were stored before; few leave that to the search.
///
/// Reused, so that in the long run nothing is allocated.
///
/// ### Layout
///     words       `wordCount` for each candidate; only the first `count` candidates count
///     hashes      by candidate, once all are there
///     unpacked    the slots of each candidate that has a value without a code, one state after the other
///     states      by expanded state, in the order of their numbers
struct SuccessorBatch: Sendable {
  /// One state that was expanded.
  struct Expansion: Sendable {
    /// Its candidates are those from where the state before it ended up to this one.
    var candidateEnd = 0
    var transitions = 0
    var mergedSteps = 0
    /// Whether only an ample set was tried.
    var isReduced = false
    /// Whether some step leads to a state that is not deeper.
    var leadsBack = false
    /// What of the machine ended one of its steps.
    var limit: MachineLimit?
  }

  /// Something wrong that a state or a step showed; the thread is -1 if the state itself did.
  struct Note: Sendable {
    var key: FindingKey
    var state: Int
    var thread: Int
    var choice: Int
  }

  /// The number of the first state that was expanded.
  private(set) var firstState = 0
  private(set) var states: [Expansion] = []
  private(set) var notes: [Note] = []
  /// The number of candidates.
  private(set) var count = 0
  private(set) var wordCount = 1
  private(set) var words: [UInt32] = []
  private(set) var hashes: [UInt64] = []
  /// Whether storing the candidates may give values codes.
  var hasUnpacked: Bool { !unpackedCandidates.isEmpty }
  /// The words of the state that is being expanded.
  private var base: [UInt32] = []
  /// The candidates that are in ``unpacked``, ascending.
  private(set) var unpackedCandidates: [Int] = []
  private(set) var unpacked: [Int] = []
  private var warmth: UInt32 = 0

  /// Empties the batch for states from a number on.
  mutating func begin(at state: Int, wordCount: Int) {
    firstState = state
    self.wordCount = wordCount
    count = 0
    states.removeAll(keepingCapacity: true)
    notes.removeAll(keepingCapacity: true)
    unpackedCandidates.removeAll(keepingCapacity: true)
    unpacked.removeAll(keepingCapacity: true)
  }

  /// Says which stored state is expanded next.
  mutating func go(to number: Int, of states: PackedStates) { states.copy(number, to: &base) }

  /// Adds a successor of the state that is being expanded.
  ///
  /// - Parameters:
  ///   - state: The successor; made equal to `baseState` if all its values have codes.
  ///   - touched: Where it may differ from the state that is being expanded.
  ///   - baseState: That state.
  ///   - coding: How the stored states are packed.
  /// - Returns: Whether all its values have codes.
  @inline(__always)
  mutating func append(
    _ state: inout MutableSpan<Int>,
    _ touched: TouchedSlots,
    near baseState: Span<Int>,
    packedBy coding: SlotCoding
  ) -> Bool {
    let start = count &* wordCount
    if start &+ wordCount > words.count { grow() }
    let isPacked = Self.pack(
      &state,
      touched,
      near: baseState,
      base,
      coding,
      into: &words,
      at: start
    )
    if !isPacked {
      unpackedCandidates.append(count)
      for slot in 0..<coding.slotCount { unpacked.append(state[slot]) }
    }
    count &+= 1
    return isPacked
  }

  @inline(__always)
  private static func pack(
    _ state: inout MutableSpan<Int>,
    _ touched: TouchedSlots,
    near baseState: Span<Int>,
    _ base: [UInt32],
    _ coding: SlotCoding,
    into words: inout [UInt32],
    at start: Int
  ) -> Bool {
    var words = words.mutableSpan
    for word in base.indices { words[start &+ word] = base[word] }
    var isPacked = coding.move(
      touched.shared,
      of: &state,
      from: baseState,
      to: &words,
      at: start
    )
    var threads = touched.threads
    while threads != 0 {
      var thread = threads.trailingZeroBitCount
      threads &= threads &- 1
      while isPacked, thread < touched.blocks.count {
        let block = touched.blocks[thread]
        isPacked = coding.move(block, of: &state, from: baseState, to: &words, at: start)
        thread &+= UInt64.bitWidth
      }
    }
    if !isPacked { coding.takeBack(&state, from: baseState, in: words.span, at: start) }
    assert(
      !isPacked || (0..<coding.slotCount).allSatisfy { state[$0] == baseState[$0] },
      "internal error: a step has changed what it has not touched"
    )
    return isPacked
  }

  @inline(never)
  private mutating func grow() {
    words.append(contentsOf: repeatElement(0, count: words.count + 64 * wordCount))
  }

  /// Hashes all candidates.
  mutating func findHashes() {
    if hashes.count < count {
      hashes.append(contentsOf: repeatElement(0, count: 2 * count - hashes.count))
    }
    Self.hash(words, by: wordCount, count, into: &hashes)
  }

  private static func hash(
    _ words: [UInt32],
    by wordCount: Int,
    _ count: Int,
    into hashes: inout [UInt64]
  ) {
    let words = words.span
    var hashes = hashes.mutableSpan
    var start = 0
    for candidate in 0..<count {
      hashes[candidate] = StateStore.hash(words.extracting(start..<start &+ wordCount))
      start &+= wordCount
    }
  }

  /// Whether the last candidate was stored, and not later than a number, when the store was as it is.
  func lastIsKnown(before number: Int, in store: StateStore) -> Bool {
    if unpackedCandidates.last == count - 1 { return false }
    let own = words.span.extracting(range(of: count - 1))
    guard let stored = store.find(packed: own, hash: StateStore.hash(own)) else { return false }
    return stored < number
  }

  /// Where a candidate's words are.
  private func range(of candidate: Int) -> Range<Int> {
    let start = candidate &* wordCount
    return start..<start &+ wordCount
  }

  private func find(_ candidate: Int, in store: StateStore) -> Int? {
    store.find(packed: words.span.extracting(range(of: candidate)), hash: hashes[candidate])
  }

  /// Stores a candidate.
  ///
  /// - Parameters:
  ///   - candidate: Its number; all before it were stored already.
  ///   - unpackedBefore: How many of those were not packed; counted on.
  ///   - layout: How the candidates were packed.
  ///   - store: Gets it.
  /// - Returns: Its number in the store, and whether it is new.
  func insert(
    _ candidate: Int,
    _ unpackedBefore: inout Int,
    packedIn layout: SlotCoding.Layout,
    into store: inout StateStore
  ) -> (number: Int, isNew: Bool) {
    if unpackedBefore < unpackedCandidates.count, unpackedCandidates[unpackedBefore] == candidate {
      let start = unpackedBefore * store.width
      unpackedBefore += 1
      return store.insert(unpacked.span.extracting(start..<start + store.width))
    }
    let own = words.span.extracting(range(of: candidate))
    return store.layoutNumber == layout.number
      ? store.insert(packed: own, hash: hashes[candidate])
      : store.insert(packed: own, in: layout)
  }

  /// Whether a candidate is stored; the parameters are those of ``insert(_:_:packedIn:into:)``.
  func isStored(
    _ candidate: Int,
    _ unpackedBefore: Int,
    packedIn layout: SlotCoding.Layout,
    in store: inout StateStore
  ) -> Bool {
    if unpackedBefore < unpackedCandidates.count, unpackedCandidates[unpackedBefore] == candidate {
      let start = unpackedBefore * store.width
      return store.find(unpacked.span.extracting(start..<start + store.width)) != nil
    }
    let own = words.span.extracting(range(of: candidate))
    return store.layoutNumber == layout.number
      ? store.find(packed: own, hash: hashes[candidate]) != nil
      : store.find(packed: own, in: layout) != nil
  }

  mutating func append(_ expansion: Expansion) {
    states.append(expansion)
    states[states.count - 1].candidateEnd = count
  }

  mutating func append(_ note: Note) { notes.append(note) }

  /// Brings into the cache what a lookup of the candidates reads first; see ``StateStore/warm(_:)``.
  func warm(_ store: StateStore) -> UInt32 {
    var warmth: UInt32 = 0
    let hashes = hashes.span
    for candidate in 0..<count { warmth ^= store.warm(hashes[candidate]) }
    return warmth
  }

  /// Drops the candidates that are stored already.
  ///
  /// - Parameters:
  ///   - store: The store that was expanded.
  ///   - levelEnd: Whoever has a lower number is not deeper than those that were expanded.
  mutating func dropKnown(in store: StateStore, levelEnd: Int) {
    warmth ^= warm(store)
    var kept = 0
    var candidate = 0
    var unpackedBefore = 0
    for index in states.indices {
      while candidate < states[index].candidateEnd {
        if unpackedBefore < unpackedCandidates.count,
          unpackedCandidates[unpackedBefore] == candidate
        {
          unpackedCandidates[unpackedBefore] = kept
          unpackedBefore += 1
          kept += 1
        } else if let number = find(candidate, in: store) {
          if number < levelEnd { states[index].leadsBack = true }
        } else {
          keep(candidate, as: kept)
          kept += 1
        }
        candidate += 1
      }
      states[index].candidateEnd = kept
    }
    count = kept
  }

  private mutating func keep(_ candidate: Int, as position: Int) {
    guard candidate != position else { return }
    hashes[position] = hashes[candidate]
    for word in 0..<wordCount {
      words[position * wordCount + word] = words[candidate * wordCount + word]
    }
  }
}

/// Batches that are not in use, for all cores together: some fill more of them than others.
final class BatchPool: Sendable {
  private let spare = Mutex<[SuccessorBatch]>([])

  func take() -> SuccessorBatch { spare.withLock { $0.popLast() } ?? SuccessorBatch() }

  func giveBack(_ batches: [SuccessorBatch]) { spare.withLock { $0 += batches } }
}
