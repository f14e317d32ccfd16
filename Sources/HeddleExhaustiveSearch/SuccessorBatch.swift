import HeddleChecking
import HeddleSemantics
import Synchronization

/// What one core has made of some stored states that follow one another: their successors, packed, and what was seen on the way.
///
/// The successors are candidates for new states; those that were stored before are dropped before the search sees them.
///
/// Reused, so that in the long run nothing is allocated.
///
/// ### Layout
///     words       `wordCount` for each candidate; only the first `count` candidates count
///     hashes      by candidate
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

  /// Adds a successor; returns its number among the candidates.
  mutating func append(
    _ state: Span<Int>,
    near base: Span<Int>,
    numbered number: Int,
    in states: PackedStates
  ) -> Int {
    let start = count * wordCount
    if start + wordCount > words.count {
      words.append(contentsOf: repeatElement(0, count: words.count + 64 * wordCount))
    }
    if count == hashes.count {
      hashes.append(contentsOf: repeatElement(0, count: hashes.count + 64))
    }
    var all = words.mutableSpan
    if states.pack(state, near: base, numbered: number, into: &all, at: start) {
      hashes[count] = StateStore.hash(words.span.extracting(start..<start + wordCount))
    } else {
      unpackedCandidates.append(count)
      for slot in 0..<states.width { unpacked.append(state[slot]) }
    }
    count += 1
    return count - 1
  }

  /// Whether a candidate was stored, and not later than a number, when the store was as it is.
  func isKnown(_ candidate: Int, before number: Int, in store: StateStore) -> Bool {
    if unpackedCandidates.last == candidate { return false }
    guard let stored = find(candidate, in: store) else { return false }
    return stored < number
  }

  private func find(_ candidate: Int, in store: StateStore) -> Int? {
    let start = candidate * wordCount
    return store.find(
      packed: words.span.extracting(start..<start + wordCount),
      hash: hashes[candidate]
    )
  }

  /// Stores a candidate.
  ///
  /// - Parameters:
  ///   - candidate: Its number; all before it were stored already.
  ///   - unpackedBefore: How many of those were not packed; counted on.
  ///   - coding: How the candidates were packed.
  ///   - store: Gets it.
  /// - Returns: Whether it is new.
  func insert(
    _ candidate: Int,
    _ unpackedBefore: inout Int,
    packedBy coding: SlotCoding,
    into store: inout StateStore
  ) -> Bool {
    if unpackedBefore < unpackedCandidates.count, unpackedCandidates[unpackedBefore] == candidate {
      let start = unpackedBefore * store.width
      unpackedBefore += 1
      return store.insert(unpacked.span.extracting(start..<start + store.width)).isNew
    }
    let start = candidate * wordCount
    let own = words.span.extracting(start..<start + wordCount)
    return store.coding.layoutNumber == coding.layoutNumber
      ? store.insert(packed: own, hash: hashes[candidate]).isNew
      : store.insert(packed: own, by: coding).isNew
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
