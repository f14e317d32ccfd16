/// A fixed-size set of small integers, for data-flow analysis.
struct BitSet: Equatable {
  private var words: [UInt64]

  /// An empty set that can hold `0..<capacity`.
  init(capacity: Int) {
    words = Array(repeating: 0, count: (capacity + 63) / 64)
  }

  func contains(_ element: Int) -> Bool {
    words[element >> 6] & (1 << UInt64(element & 63)) != 0
  }

  mutating func insert(_ element: Int) {
    words[element >> 6] |= 1 << UInt64(element & 63)
  }

  mutating func remove(_ element: Int) {
    words[element >> 6] &= ~(1 << UInt64(element & 63))
  }

  /// Adds all of `other`; returns whether anything was new.
  mutating func formUnion(_ other: BitSet) -> Bool {
    var changed = false
    for index in words.indices {
      let union = words[index] | other.words[index]
      if union != words[index] {
        words[index] = union
        changed = true
      }
    }
    return changed
  }
}
