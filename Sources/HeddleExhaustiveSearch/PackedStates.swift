/// States in as few bits as they need, numbered from 0; only appended to.
///
/// A copy is a snapshot for others to read.
///
/// ### Layout
///     chunks    [ state 0: words | state 1 | … ], 8192 states each, so that growing copies nothing; see ``SlotCoding``
struct PackedStates: Sendable {
  /// The slots of one state.
  let width: Int
  /// The number of states.
  private(set) var count = 0
  /// How states are packed.
  private(set) var coding: SlotCoding

  private(set) var chunks: [[UInt32]] = []

  private static let chunkShift = 13
  private static let chunkMask = (1 << chunkShift) - 1

  /// No states yet, of as many slots as there are group numbers.
  init(groups: [Int]) {
    width = groups.count
    coding = SlotCoding(groups: groups)
  }

  /// Bytes in use by states and codes.
  var byteCount: Int {
    // Of the last chunk what is filled, because what is reserved depends on the allocator: equal searches say equal numbers.
    let full = max(0, chunks.count - 1) * (coding.wordCount << Self.chunkShift)
    return (full + (chunks.last?.count ?? 0)) * MemoryLayout<UInt32>.stride + coding.byteCount
  }

  /// The states with lower numbers than `end`, at least one, and some of those after them.
  ///
  /// Appending to the whole copies at most the chunk that `end` is in while this exists.
  func prefix(before end: Int) -> PackedStates {
    var prefix = self
    let last = (end - 1) >> Self.chunkShift
    prefix.chunks = Array(chunks[...last])
    prefix.count = min(count, (last + 1) << Self.chunkShift)
    return prefix
  }

  /// Copies a state into the front of a buffer.
  func load(_ number: Int, into buffer: inout MutableSpan<Int>) {
    let start = (number & Self.chunkMask) * coding.wordCount
    let chunks = chunks.span
    let words = chunks[number >> Self.chunkShift].span
      .extracting(start..<start + coding.wordCount)
    coding.unpack(words, into: &buffer)
  }

  /// Packs a state that differs in few slots from a stored one.
  ///
  /// - Parameters:
  ///   - state: The state to pack.
  ///   - base: The stored state.
  ///   - number: Its number.
  ///   - words: Gets the packed state.
  ///   - start: Where it goes; from there on there is room for ``SlotCoding/wordCount`` words.
  /// - Returns: `false` if some value has no code yet.
  /// - Complexity: O(slots) comparisons, and the work of packing for each difference.
  func pack(
    _ state: Span<Int>,
    near base: Span<Int>,
    numbered number: Int,
    into words: inout MutableSpan<UInt32>,
    at start: Int
  ) -> Bool {
    let first = (number & Self.chunkMask) * coding.wordCount
    let chunks = chunks.span
    let stored = chunks[number >> Self.chunkShift].span
    for word in 0..<coding.wordCount { words[start + word] = stored[first + word] }
    return coding.repack(state, from: base, in: &words, at: start)
  }

  /// Copies the words of a state to an array of as many.
  func copy(_ number: Int, to words: inout [UInt32]) {
    let start = (number & Self.chunkMask) &* coding.wordCount
    let chunks = chunks.span
    let stored = chunks[number >> Self.chunkShift].span
      .extracting(start..<start &+ coding.wordCount)
    if words.count != stored.count { words = Array(repeating: 0, count: stored.count) }
    var words = words.mutableSpan
    for word in stored.indices { words[word] = stored[word] }
  }

  /// Whether a stored state has these words.
  @inline(__always)
  func has(_ words: Span<UInt32>, at number: Int) -> Bool {
    let start = (number & Self.chunkMask) &* words.count
    let chunks = chunks.span
    let stored = chunks[number >> Self.chunkShift].span.extracting(start..<start &+ words.count)
    for index in words.indices where stored[index] != words[index] { return false }
    return true
  }

  /// Appends a packed state.
  @inline(__always)
  mutating func append(_ words: Span<UInt32>) {
    if count >> Self.chunkShift == chunks.count {
      var chunk: [UInt32] = []
      if !chunks.isEmpty { chunk.reserveCapacity(coding.wordCount << Self.chunkShift) }
      chunks.append(chunk)
    }
    Self.append(words, to: &chunks[chunks.count - 1])
    count += 1
  }

  @inline(__always)
  private static func append(_ words: Span<UInt32>, to chunk: inout [UInt32]) {
    for index in words.indices { chunk.append(words[index]) }
  }

  /// Gives the values of a state codes; returns whether all stored states were packed anew for it.
  mutating func learn(_ state: Span<Int>) -> Bool {
    guard let before = coding.learn(state) else { return false }
    let relocation = coding.relocation(from: before)
    var scratch: [UInt32] = Array(repeating: 0, count: coding.wordCount)
    for index in chunks.indices {
      let old = chunks[index]
      chunks[index] = []
      var chunk: [UInt32] = []
      chunk.reserveCapacity(
        index + 1 < chunks.count
          ? coding.wordCount << Self.chunkShift : old.count / before.wordCount * coding.wordCount
      )
      for start in stride(from: 0, to: old.count, by: before.wordCount) {
        let words = old.span.extracting(start..<start + before.wordCount)
        relocation.apply(to: words, into: &scratch)
        chunk.append(contentsOf: scratch)
      }
      chunks[index] = chunk
    }
    return true
  }
}
