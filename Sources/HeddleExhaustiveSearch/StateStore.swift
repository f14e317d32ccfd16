/// An append-only set of fixed-width states; a state's number is the order of its discovery.
///
/// The arena doubles as the queue of a breadth-first search. Lookup is exact: a bucket holds a hash tag and the number of
/// a state, and the words are compared on a tag hit (the scheme of LTSmin's `dbs-ll`: Laarman, van de Pol, Weber,
/// "Boosting multi-core reachability performance with shared hash tables", FMCAD 2010).
///
/// ### Layout
///     chunks    [ state 0: width words | state 1: width words | … ], about 1 MiB each, so that growing copies nothing
///     buckets   [ (hash >> 32) << 32 | number + 1 ]    0 is empty; a power of two, at most 3/4 full
///
/// Holds at most 2^32 - 2 states. Not for states of different widths.
struct StateStore: ~Copyable {
  /// The words of one state.
  let width: Int
  /// The number of states.
  private(set) var count = 0

  private var chunks: [[Int]] = []
  private let chunkShift: Int
  private var buckets: [UInt64]
  private var mask: Int

  /// The most states that a number can count.
  static let capacity = Int(UInt32.max) - 1

  /// An empty store for states of `width` words.
  init(width: Int) {
    self.width = width
    var shift = 4
    while width << (shift + 1) <= 1 << 17 { shift += 1 }
    chunkShift = shift
    buckets = Array(repeating: 0, count: 1 << 10)
    mask = buckets.count - 1
  }

  /// Bytes in use by words and buckets.
  var byteCount: Int {
    chunks.count * (width << chunkShift) * MemoryLayout<Int>.stride
      + buckets.count * MemoryLayout<UInt64>.stride
  }

  /// Stores the first `width` words of `state` unless they are there; returns their number, and whether they were new.
  ///
  /// - Complexity: O(width), amortised.
  mutating func insert(_ state: Span<Int>) -> (number: Int, isNew: Bool) {
    let hash = Self.hash(state, width)
    let tag = hash >> 32
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while buckets[bucket] != 0 {
      if buckets[bucket] >> 32 == tag {
        let number = Int(buckets[bucket] & 0xFFFF_FFFF) - 1
        if isEqual(number, to: state) { return (number, false) }
      }
      bucket = (bucket + 1) & mask
    }
    append(state)
    buckets[bucket] = tag << 32 | UInt64(count)
    if count * 4 > buckets.count * 3 { grow() }
    return (count - 1, true)
  }

  /// The number of a stored state; `nil` if it is not there.
  func find(_ state: Span<Int>) -> Int? {
    let hash = Self.hash(state, width)
    let tag = hash >> 32
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while buckets[bucket] != 0 {
      if buckets[bucket] >> 32 == tag {
        let number = Int(buckets[bucket] & 0xFFFF_FFFF) - 1
        if isEqual(number, to: state) { return number }
      }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  /// Copies a state into the front of a buffer.
  func load(_ number: Int, into buffer: inout MutableSpan<Int>) {
    let start = (number & ((1 << chunkShift) - 1)) * width
    let chunk = chunks.span
    let words = chunk[number >> chunkShift].span.extracting(start..<start + width)
    for index in words.indices { buffer[index] = words[index] }
  }

  private func isEqual(_ number: Int, to state: Span<Int>) -> Bool {
    let start = (number & ((1 << chunkShift) - 1)) * width
    let chunk = chunks.span
    let words = chunk[number >> chunkShift].span.extracting(start..<start + width)
    for index in words.indices where words[index] != state[index] { return false }
    return true
  }

  private mutating func append(_ state: Span<Int>) {
    if count >> chunkShift == chunks.count {
      var chunk: [Int] = []
      chunk.reserveCapacity(width << chunkShift)
      chunks.append(chunk)
    }
    let last = chunks.count - 1
    for index in 0..<width { chunks[last].append(state[index]) }
    count += 1
  }

  @inline(never)
  private mutating func grow() {
    var grown: [UInt64] = Array(repeating: 0, count: buckets.count * 2)
    mask = grown.count - 1
    for entry in buckets where entry != 0 {
      // The tag does not hold the low bits of the hash, so they are computed anew.
      var bucket = Int(truncatingIfNeeded: hash(of: Int(entry & 0xFFFF_FFFF) - 1)) & mask
      while grown[bucket] != 0 { bucket = (bucket + 1) & mask }
      grown[bucket] = entry
    }
    buckets = grown
  }

  private func hash(of number: Int) -> UInt64 {
    let start = (number & ((1 << chunkShift) - 1)) * width
    let chunk = chunks.span
    return Self.hash(chunk[number >> chunkShift].span.extracting(start..<start + width), width)
  }

  /// A fixed-seed hash, the same in every run: two multiply-and-shift lanes, mixed at the end.
  private static func hash(_ words: Span<Int>, _ width: Int) -> UInt64 {
    var left: UInt64 = 0x9E37_79B9_7F4A_7C15
    var right: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    var index = 0
    while index + 1 < width {
      left = (left ^ UInt64(bitPattern: Int64(words[index]))) &* 0xFF51_AFD7_ED55_8CCD
      right = (right ^ UInt64(bitPattern: Int64(words[index + 1]))) &* 0xC4CE_B9FE_1A85_EC53
      left ^= left >> 29
      right ^= right >> 31
      index += 2
    }
    if index < width {
      left = (left ^ UInt64(bitPattern: Int64(words[index]))) &* 0xFF51_AFD7_ED55_8CCD
      left ^= left >> 29
    }
    var hash = left ^ (right << 23 | right >> 41)
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ hash >> 32
  }
}
