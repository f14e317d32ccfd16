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

  @Test func `widens its words without losing or confusing a state`() {
    // Slots of two groups, of which one takes ever more values, and a third that begins to change late.
    var store = StateStore(groups: [0, 0, 1, 2, 2, 2])
    var stored: [[Int]] = []
    for round in 0..<20_000 {
      let words = [
        round % 7, round % 5, round &* round, round < 15_000 ? 0 : round % 300, Int.min, -round,
      ]
      let (number, isNew) = insert(words, into: &store)
      #expect(number == stored.count && isNew)
      stored.append(words)
    }
    for (number, words) in stored.enumerated() {
      #expect(load(number, from: store) == words)
      #expect(store.find(words.span) == number)
    }
    #expect(store.find([0, 0, 1, 1, 1, 1].span) == nil)
  }

  @Test func `finds a state near another as it finds it alone`() {
    var near = StateStore(width: 4)
    var alone = StateStore(width: 4)
    var base = [0, 0, 0, 0]
    var number = insert(base, into: &near).0
    _ = insert(base, into: &alone)
    var random: UInt64 = 1
    for _ in 0..<5_000 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var state = base
      state[Int(random >> 60) & 3] = Int(random >> 50) % 40 - 20
      #expect(
        near.find(state.span, near: base.span, numbered: number) == alone.find(state.span)
      )
      let first = near.insert(state.span)
      let second = alone.insert(state.span)
      #expect(first.number == second.number && first.isNew == second.isNew)
      #expect(load(first.number, from: near) == state)
      base = state
      number = first.number
    }
  }

  @Test func `uses no bits for what never changes, and few for what seldom does`() {
    var store = StateStore(width: 100)
    for value in 0..<16 {
      var words = Array(repeating: Int.max, count: 100)
      words[50] = value * 1_000_000
      _ = insert(words, into: &store)
    }
    #expect(store.bytesPerState == 4)
  }
}

@Suite struct `The list of parents` {
  @Test func `gives back what was put in`() {
    var list = ParentList()
    var parents: [Int] = []
    var parent = 0
    for step in 0..<10_000 {
      if step % 3 == 0 { parent += step % 11 }
      if step == 5_000 { parent += 100_000 }
      list.append(parent)
      parents.append(parent)
    }
    #expect(parents.indices.allSatisfy { list[$0] == parents[$0] })
  }
}
