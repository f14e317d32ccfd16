import Testing

@testable import HeddleExhaustiveSearch

@Suite struct `The state store` {
  private func insert(_ words: [Int], into store: inout StateStore) -> (Int, Bool) {
    let (number, isNew) = store.insert(words.span)
    return (number, isNew)
  }

  private func load(_ number: Int, from store: borrowing StateStore) -> [Int] {
    var words = Array(repeating: -7, count: store.width)
    var span = words.mutableSpan
    store.load(number, into: &span)
    return words
  }

  @Test(arguments: [1, 2, 3, 16, 33])
  func `gives every state back as it was, and each only once`(width: Int) {
    var store = StateStore(width: width)
    let values = [0, 1, -1, 1 << 29, 1 << 30, -(1 << 30), -(1 << 30) - 1, Int.max, Int.min]
    for round in 0..<2_000 {
      let words = (0..<width).map { values[(round / ($0 + 1)) % values.count] &+ round }
      let (number, _) = insert(words, into: &store)
      #expect(load(number, from: store) == words)
      let (again, isNew) = insert(words, into: &store)
      #expect(again == number && !isNew)
      #expect(store.find(words.span) == number)
    }
  }

  @Test func `numbers states in the order of their discovery, through many growths`() {
    var store = StateStore(width: 2)
    for value in 0..<100_000 { #expect(insert([value, -value], into: &store) == (value, true)) }
    #expect(store.count == 100_000)
    #expect(store.find([5, 5].span) == nil)
    #expect(load(99_999, from: store) == [99_999, -99_999])
  }
}
