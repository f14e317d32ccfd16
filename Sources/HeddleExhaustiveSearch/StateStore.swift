/// An append-only set of fixed-width states; a state's number is the order of its discovery.
///
/// The arena doubles as the queue of a breadth-first search. Lookup is exact: a bucket holds a hash tag and the number of
/// a state, and the words are compared on a tag hit (the scheme of LTSmin's `dbs-ll`: Laarman, van de Pol, Weber,
/// "Boosting multi-core reachability performance with shared hash tables", FMCAD 2010).
///
/// ### Layout
///     chunks    [ state 0: packedWidth words | state 1 | … ], about 32 KiB each, so that growing copies nothing
///     buckets   [ (hash >> 32) << 32 | number + 1 ]    0 is empty; a power of two, at most half full
///
/// Two slots share a word, the even one in the low half: a value of 31 bits as it is, a wider one as `2^30 +` its number in a table of
/// wide values. Both are exact.
///
/// Holds at most 2^32 - 2 states. Not for states of different widths.
struct StateStore: ~Copyable {
  /// The words of one state.
  let width: Int
  /// The number of states.
  private(set) var count = 0

  private let packedWidth: Int
  private var chunks: [[UInt64]] = []
  private let chunkShift: Int
  private var buckets: [UInt64]
  private var mask: Int
  private var packed: [UInt64]
  private var wideValues: [Int] = []
  private var wideNumbers: [Int: Int] = [:]

  /// The most states that a number can count.
  static let capacity = Int(UInt32.max) - 1
  private static let narrow = -(1 << 30)..<(1 << 30)

  /// An empty store for states of `width` words.
  init(width: Int) {
    self.width = width
    packedWidth = max(1, (width + 1) / 2)
    var shift = 4
    while packedWidth << (shift + 1) <= 1 << 12 { shift += 1 }
    chunkShift = shift
    buckets = Array(repeating: 0, count: 1 << 10)
    mask = buckets.count - 1
    packed = Array(repeating: 0, count: packedWidth)
  }

  /// Bytes in use by states and buckets.
  var byteCount: Int {
    (chunks.count * (packedWidth << chunkShift) + buckets.count) * MemoryLayout<UInt64>.stride
  }

  /// Bytes of one state's own words.
  var bytesPerState: Int { packedWidth * MemoryLayout<UInt64>.stride }

  /// Stores the first `width` words of `state` unless they are there; returns their number, and whether they were new.
  ///
  /// - Complexity: O(width), amortised.
  mutating func insert(_ state: Span<Int>) -> (number: Int, isNew: Bool) {
    pack(state)
    let hash = Self.hash(packed.span)
    let bucket = bucket(for: hash)
    if buckets[bucket] != 0 { return (Int(buckets[bucket] & 0xFFFF_FFFF) - 1, false) }
    append()
    buckets[bucket] = (hash >> 32) << 32 | UInt64(count)
    if count * 2 > buckets.count { grow() }
    return (count - 1, true)
  }

  /// The number of a stored state; `nil` if it is not there.
  mutating func find(_ state: Span<Int>) -> Int? {
    pack(state)
    let bucket = bucket(for: Self.hash(packed.span))
    return buckets[bucket] == 0 ? nil : Int(buckets[bucket] & 0xFFFF_FFFF) - 1
  }

  /// Copies a state into the front of a buffer.
  func load(_ number: Int, into buffer: inout MutableSpan<Int>) {
    let start = (number & ((1 << chunkShift) - 1)) * packedWidth
    let chunk = chunks.span
    let words = chunk[number >> chunkShift].span.extracting(start..<start + packedWidth)
    for index in 0..<width / 2 {
      buffer[2 * index] = unpack(Int32(truncatingIfNeeded: words[index]))
      buffer[2 * index + 1] = unpack(Int32(truncatingIfNeeded: words[index] >> 32))
    }
    if width & 1 != 0 { buffer[width - 1] = unpack(Int32(truncatingIfNeeded: words[width / 2])) }
  }

  // MARK: Packing

  private mutating func pack(_ state: Span<Int>) {
    let pairs = width / 2
    for index in 0..<pairs {
      let low = state[2 * index]
      let high = state[2 * index + 1]
      if Self.narrow.contains(low), Self.narrow.contains(high) {
        packed[index] = Self.join(low, high)
      } else {
        packed[index] = Self.join(narrowed(low), narrowed(high))
      }
    }
    if width & 1 != 0 { packed[pairs] = Self.join(narrowed(state[width - 1]), 0) }
  }

  private static func join(_ low: Int, _ high: Int) -> UInt64 {
    UInt64(UInt32(truncatingIfNeeded: low)) | UInt64(UInt32(truncatingIfNeeded: high)) << 32
  }

  private mutating func narrowed(_ value: Int) -> Int {
    if Self.narrow.contains(value) { return value }
    if let number = wideNumbers[value] { return Self.narrow.upperBound + number }
    wideNumbers[value] = wideValues.count
    wideValues.append(value)
    return Self.narrow.upperBound + wideValues.count - 1
  }

  private func unpack(_ value: Int32) -> Int {
    value < Self.narrow.upperBound ? Int(value) : wideValues[Int(value) - Self.narrow.upperBound]
  }

  // MARK: The table

  /// The bucket of the packed state, or the empty one where it belongs.
  private func bucket(for hash: UInt64) -> Int {
    let tag = hash >> 32
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while buckets[bucket] != 0 {
      if buckets[bucket] >> 32 == tag, isPacked(Int(buckets[bucket] & 0xFFFF_FFFF) - 1) { break }
      bucket = (bucket + 1) & mask
    }
    return bucket
  }

  private func isPacked(_ number: Int) -> Bool {
    let start = (number & ((1 << chunkShift) - 1)) * packedWidth
    let chunk = chunks.span
    let words = chunk[number >> chunkShift].span.extracting(start..<start + packedWidth)
    let packed = packed.span
    for index in words.indices where words[index] != packed[index] { return false }
    return true
  }

  private mutating func append() {
    if count >> chunkShift == chunks.count {
      var chunk: [UInt64] = []
      chunk.reserveCapacity(packedWidth << chunkShift)
      chunks.append(chunk)
    }
    chunks[chunks.count - 1].append(contentsOf: packed)
    count += 1
  }

  @inline(never)
  private mutating func grow() {
    var grown: [UInt64] = Array(repeating: 0, count: buckets.count * 2)
    mask = grown.count - 1
    // In the order of the states, which are next to each other, not in that of the old buckets.
    for number in 0..<count {
      let hash = hash(of: number)
      var bucket = Int(truncatingIfNeeded: hash) & mask
      while grown[bucket] != 0 { bucket = (bucket + 1) & mask }
      grown[bucket] = (hash >> 32) << 32 | UInt64(number + 1)
    }
    buckets = grown
  }

  private func hash(of number: Int) -> UInt64 {
    let start = (number & ((1 << chunkShift) - 1)) * packedWidth
    let chunk = chunks.span
    return Self.hash(
      chunk[number >> chunkShift].span.extracting(start..<start + packedWidth)
    )
  }

  /// A fixed-seed hash, the same in every run: two multiply-and-shift lanes, mixed at the end.
  private static func hash(_ words: Span<UInt64>) -> UInt64 {
    var left: UInt64 = 0x9E37_79B9_7F4A_7C15
    var right: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    var index = 0
    while index + 1 < words.count {
      left = (left ^ words[index]) &* 0xFF51_AFD7_ED55_8CCD
      right = (right ^ words[index + 1]) &* 0xC4CE_B9FE_1A85_EC53
      left ^= left >> 29
      right ^= right >> 31
      index += 2
    }
    if index < words.count {
      left = (left ^ words[index]) &* 0xFF51_AFD7_ED55_8CCD
      left ^= left >> 29
    }
    var hash = left ^ (right << 23 | right >> 41)
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ hash >> 32
  }
}
