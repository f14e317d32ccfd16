/// A set of threads: 64 to a word.
struct ThreadSet: Equatable {
  private(set) var words: [UInt64]

  /// An empty set that can hold `0..<threadCount`.
  init(threadCount: Int) {
    words = Array(repeating: 0, count: max(1, (threadCount + 63) / 64))
  }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  func contains(_ thread: Int) -> Bool { words[thread >> 6] >> UInt64(thread & 63) & 1 != 0 }

  mutating func insert(_ thread: Int) { words[thread >> 6] |= 1 << UInt64(thread & 63) }

  mutating func formUnion(_ other: ThreadSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  mutating func formIntersection(_ other: ThreadSet) {
    for index in words.indices { words[index] &= other.words[index] }
  }

  func subtracting(_ other: ThreadSet) -> ThreadSet {
    var result = self
    for index in words.indices { result.words[index] &= ~other.words[index] }
    return result
  }

  func intersects(_ other: ThreadSet) -> Bool {
    words.indices.contains { words[$0] & other.words[$0] != 0 }
  }

  func isSubset(of other: ThreadSet) -> Bool {
    words.indices.allSatisfy { words[$0] & ~other.words[$0] == 0 }
  }
}
