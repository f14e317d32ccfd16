/// An append-only set of fixed-width states; a state's number is the order of its discovery.
///
/// The states double as the queue of a breadth-first search. Lookup is exact: a bucket holds the number of a state and what bits are left of
/// its hash as a tag, and the words are compared on a tag hit (the scheme of LTSmin's `dbs-ll`: Laarman, van de Pol, Weber,
/// "Boosting multi-core reachability performance with shared hash tables", FMCAD 2010).
///
/// ### Layout
///     states    by number; see ``PackedStates``
///     buckets   [ tag << indexBits | number + 1 ]    0 is empty; at most 4/5 full
///
/// The table doubles, and is filled again from the states after the old one is gone: never are there two.
///
/// Holds at most 2^32 - 2 states. Not for states of different widths. A copy is a snapshot for others to read; it costs nothing unless it still exists
/// when the store changes.
struct StateStore: Sendable {
  /// The states.
  private(set) var states: PackedStates

  private var buckets: [UInt32]
  /// How many bits of a bucket are a number.
  private var indexBits: UInt32
  /// With more states than this the table grows.
  private var mostStates: Int
  private var packed: [UInt32]
  /// See ``warm(_:)``.
  private var warmth: UInt32 = 0

  /// The most states that a number can count.
  static let capacity = Int(UInt32.max) - 1
  private static let initialBuckets = 1 << 10

  /// An empty store for states of `width` slots, each with codes of its own.
  init(width: Int) {
    self.init(groups: Array(0..<width))
  }

  /// An empty store for states of as many slots as there are group numbers; see ``SlotCoding``.
  init(groups: [Int]) {
    states = PackedStates(groups: groups)
    buckets = Array(repeating: 0, count: Self.initialBuckets)
    mostStates = Self.mostStates(in: Self.initialBuckets)
    indexBits = Self.indexBits(for: mostStates)
    packed = Array(repeating: 0, count: states.coding.wordCount)
  }

  /// The slots of one state.
  var width: Int { states.width }

  /// The number of states.
  var count: Int { states.count }

  /// See ``SlotCoding/layoutNumber``.
  var layoutNumber: Int { states.coding.layoutNumber }

  /// Where the slots of stored states are.
  var layout: SlotCoding.Layout { states.coding.layout }

  /// Bytes in use by states, buckets and codes.
  var byteCount: Int { states.byteCount + buckets.count * MemoryLayout<UInt32>.stride }

  /// Bytes of one state's own words.
  var bytesPerState: Int { states.coding.wordCount * MemoryLayout<UInt32>.stride }

  /// Whether one more state makes the table grow.
  var isAboutToGrow: Bool { count + 1 >= mostStates }

  /// What ``byteCount`` will be once the table has grown.
  var byteCountAfterGrowth: Int {
    byteCount + (Self.grown(buckets.count) - buckets.count) * MemoryLayout<UInt32>.stride
  }

  /// Stores the first `width` words of `state` unless they are there; returns their number, and whether they were new.
  ///
  /// - Complexity: O(width), amortised.
  mutating func insert(_ state: Span<Int>) -> (number: Int, isNew: Bool) {
    if !pack(state) { learn(state) }
    let words = packed
    return insert(packed: words.span, hash: Self.hash(words.span))
  }

  /// The number of a stored state; `nil` if it is not there.
  mutating func find(_ state: Span<Int>) -> Int? {
    // A value that no stored state has is in no stored state.
    pack(state) ? find(packed: packed.span, hash: Self.hash(packed.span)) : nil
  }

  /// The same for a state that differs in few slots from a stored one.
  mutating func find(
    _ state: Span<Int>,
    near base: Span<Int>,
    numbered number: Int
  ) -> Int? {
    var words = packed
    packed = []
    defer { packed = words }
    var span = words.mutableSpan
    guard states.pack(state, near: base, numbered: number, into: &span, at: 0) else { return nil }
    return find(packed: words.span, hash: Self.hash(words.span))
  }

  /// Copies a state into the front of a buffer.
  func load(_ number: Int, into buffer: inout MutableSpan<Int>) {
    states.load(number, into: &buffer)
  }

  // MARK: Packed states

  /// Reads what a lookup of a hash is going to read, so that it is in the cache by then: lookups wait for memory one after the other, and
  /// these reads, made for many hashes in a row, wait at the same time.
  ///
  /// - Returns: A number that depends on what was read, or the reads would be optimised away.
  @inline(__always)
  func warm(_ hash: UInt64) -> UInt32 { buckets[Self.home(of: hash, buckets.count)] }

  /// The number of a packed state with its hash; `nil` if it is not stored.
  func find(packed words: Span<UInt32>, hash: UInt64) -> Int? {
    let entry = buckets[bucket(for: hash, words)]
    return entry == 0 ? nil : number(in: entry)
  }

  /// Stores a packed state with its hash unless it is there; returns its number, and whether it was new.
  mutating func insert(packed words: Span<UInt32>, hash: UInt64) -> (number: Int, isNew: Bool) {
    let bucket = bucket(for: hash, words)
    let entry = buckets[bucket]
    if entry != 0 { return (number(in: entry), false) }
    states.append(words)
    buckets[bucket] = tag(of: hash) | UInt32(truncatingIfNeeded: count)
    if count >= mostStates { fill(Self.grown(buckets.count)) }
    return (count - 1, true)
  }

  /// The same for a state that was packed in an earlier layout of this store.
  mutating func insert(
    packed words: Span<UInt32>,
    in earlier: SlotCoding.Layout
  ) -> (number: Int, isNew: Bool) {
    let moved = states.coding.relocation(from: earlier).words(of: words)
    return insert(packed: moved.span, hash: Self.hash(moved.span))
  }

  /// The number of a state that was packed in an earlier layout of this store; `nil` if it is not stored.
  func find(packed words: Span<UInt32>, in earlier: SlotCoding.Layout) -> Int? {
    let moved = states.coding.relocation(from: earlier).words(of: words)
    return find(packed: moved.span, hash: Self.hash(moved.span))
  }

  /// A fixed-seed hash, the same in every run: multiply and shift, two words at a time.
  @inline(__always)
  static func hash(_ words: Span<UInt32>) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index + 1 < words.count {
      hash =
        (hash ^ (UInt64(words[index]) | UInt64(words[index + 1]) &<< 32)) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash &>> 32
      index += 2
    }
    if index < words.count {
      hash = (hash ^ UInt64(words[index])) &* 0xC4CE_B9FE_1A85_EC53
      hash ^= hash &>> 29
    }
    hash = hash &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ hash &>> 32
  }

  private mutating func pack(_ state: Span<Int>) -> Bool {
    states.coding.pack(state, into: &packed)
  }

  /// Gives the values of a state codes, and packs it.
  @inline(never)
  private mutating func learn(_ state: Span<Int>) {
    if states.learn(state) {
      packed = Array(repeating: 0, count: states.coding.wordCount)
      fill(buckets.count)
    }
    guard pack(state) else { preconditionFailure("internal error: a value without a code") }
  }

  // MARK: The table

  /// The bucket of the packed state, or the empty one where it belongs.
  private func bucket(for hash: UInt64, _ packed: Span<UInt32>) -> Int {
    let buckets = buckets.span
    let tag = tag(of: hash)
    let numberMask = numberMask
    var bucket = Self.home(of: hash, buckets.count)
    while true {
      let entry = buckets[bucket]
      if entry == 0 { return bucket }
      if entry & ~numberMask == tag, states.has(packed, at: Int(entry & numberMask) - 1) {
        return bucket
      }
      bucket += 1
      if bucket == buckets.count { bucket = 0 }
    }
  }

  /// Makes a table of the given size from the states, in their order.
  @inline(never)
  private mutating func fill(_ size: Int) {
    buckets = []
    mostStates = Self.mostStates(in: size)
    indexBits = Self.indexBits(for: mostStates)
    var grown: [UInt32] = Array(repeating: 0, count: size)
    let words = states.coding.wordCount
    var hashes: [UInt64] = []
    hashes.reserveCapacity(Self.warmedAtOnce)
    var number: UInt32 = 0
    for chunk in states.chunks {
      let states = chunk.span
      var start = 0
      while start < states.count {
        let end = min(start + Self.warmedAtOnce * words, states.count)
        hashes.removeAll(keepingCapacity: true)
        for first in stride(from: start, to: end, by: words) {
          hashes.append(Self.hash(states.extracting(first..<first + words)))
        }
        for hash in hashes { warmth ^= grown[Self.home(of: hash, size)] }
        for hash in hashes {
          var bucket = Self.home(of: hash, size)
          while grown[bucket] != 0 {
            bucket += 1
            if bucket == size { bucket = 0 }
          }
          number += 1
          grown[bucket] = UInt32(truncatingIfNeeded: hash) << indexBits | number
        }
        start = end
      }
    }
    buckets = grown
  }

  /// So many lookups wait for memory at the same time.
  private static let warmedAtOnce = 64

  private var numberMask: UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(1) &<< UInt64(indexBits)) - 1)
  }

  private func number(in entry: UInt32) -> Int { Int(entry & numberMask) - 1 }

  private func tag(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) << indexBits }

  private static func home(of hash: UInt64, _ size: Int) -> Int {
    Int(truncatingIfNeeded: ((hash &>> 32) &* UInt64(truncatingIfNeeded: size)) &>> 32)
  }

  private static func grown(_ size: Int) -> Int { 2 * size }

  private static func mostStates(in size: Int) -> Int { min(size / 5 * 4, capacity + 1) }

  private static func indexBits(for states: Int) -> UInt32 {
    UInt32(Int.bitWidth - states.leadingZeroBitCount)
  }
}
