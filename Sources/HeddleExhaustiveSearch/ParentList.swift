/// From which state each state was discovered, in two to three bits each.
///
/// A breadth-first search discovers states in the order in which it expands their parents, so the parents never descend: what is
/// written down is by how much each is above the one before, in unary (the upper half of Elias, "Efficient storage and retrieval by content
/// and address of static files", 1974).
///
/// ### Layout
///     bits      for each state as many zeros as its parent is above the last one, then a one
///     samples   the position of every 64th one; the parent of state `n` is the position of one `n`, less `n`
struct ParentList: Sendable {
  private var bits: [UInt64] = []
  private var samples: [Int] = []
  private var bitCount = 0
  /// The number of parents.
  private(set) var count = 0

  /// Bytes in use.
  var byteCount: Int {
    bits.count * MemoryLayout<UInt64>.stride + samples.count * MemoryLayout<Int>.stride
  }

  /// Adds the parent of the next state; at least the last one.
  mutating func append(_ parent: Int) {
    let position = parent + count
    precondition(position >= bitCount, "internal error: parents descend")
    if count & 63 == 0 { samples.append(position) }
    while bits.count <= position >> 6 { bits.append(0) }
    bits[position >> 6] |= 1 << UInt64(position & 63)
    bitCount = position + 1
    count += 1
  }

  /// The parent that was added as number `number`, from 0.
  subscript(number: Int) -> Int {
    let start = samples[number >> 6]
    var remaining = number & 63
    var index = start >> 6
    var word = bits[index] & (UInt64.max << UInt64(start & 63))
    while remaining >= word.nonzeroBitCount {
      remaining -= word.nonzeroBitCount
      index += 1
      word = bits[index]
    }
    for _ in 0..<remaining { word &= word - 1 }
    return index << 6 + word.trailingZeroBitCount - number
  }
}
