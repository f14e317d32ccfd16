/// A set of small integers, as large as it was made: for data-flow analysis, for sets of threads and of resources.
package struct BitSet: Sendable, Hashable {
  package private(set) var words: [UInt64]

  /// An empty set that can hold `0..<capacity`.
  package init(capacity: Int) {
    words = Array(repeating: 0, count: max(1, (capacity + 63) / 64))
  }

  /// The set with the given words, the lowest elements first.
  package init(words: [UInt64]) { self.words = words }

  package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  /// The elements, ascending.
  package var elements: [Int] {
    words.indices.flatMap { word in
      (0..<64).filter { words[word] >> UInt64($0) & 1 != 0 }.map { word << 6 | $0 }
    }
  }

  package func contains(_ element: Int) -> Bool {
    words[element >> 6] & (1 << UInt64(element & 63)) != 0
  }

  package mutating func insert(_ element: Int) {
    words[element >> 6] |= 1 << UInt64(element & 63)
  }

  package mutating func remove(_ element: Int) {
    words[element >> 6] &= ~(1 << UInt64(element & 63))
  }

  /// Adds all of `other`; returns whether anything was new.
  @discardableResult
  package mutating func formUnion(_ other: BitSet) -> Bool {
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

  package mutating func formIntersection(_ other: BitSet) {
    for index in words.indices { words[index] &= other.words[index] }
  }

  package func subtracting(_ other: BitSet) -> BitSet {
    var result = self
    for index in words.indices { result.words[index] &= ~other.words[index] }
    return result
  }

  package func intersects(_ other: BitSet) -> Bool {
    for index in words.indices where words[index] & other.words[index] != 0 { return true }
    return false
  }

  package func isSubset(of other: BitSet) -> Bool {
    words.indices.allSatisfy { words[$0] & ~other.words[$0] == 0 }
  }
}
