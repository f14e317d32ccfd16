/// How to bring packed states from one layout to another: fields that stay side by side move together.
struct SlotRelocation: Sendable {
  private struct Move: Sendable {
    var from: Int
    var to: Int
    /// What is moved, in its old place.
    var mask: UInt32
    var left: UInt32
    var right: UInt32
  }

  /// Words of one state in the new layout.
  let wordCount: Int
  private var moves: [Move] = []

  init(wordCount: Int) { self.wordCount = wordCount }

  /// Adds the move of a field.
  mutating func move(
    _ mask: UInt32,
    of from: Int,
    _ oldShift: UInt32,
    to: Int,
    _ newShift: UInt32
  ) {
    let left = newShift > oldShift ? newShift - oldShift : 0
    let right = oldShift > newShift ? oldShift - newShift : 0
    let known = moves.firstIndex {
      $0.from == from && $0.to == to && $0.left == left && $0.right == right
    }
    if let known {
      moves[known].mask |= mask
    } else {
      moves.append(Move(from: from, to: to, mask: mask, left: left, right: right))
    }
  }

  /// Moves the words of one state; `words` gets as many as the new layout has.
  func apply(to old: Span<UInt32>, into words: inout [UInt32]) {
    let moves = moves.span
    var words = words.mutableSpan
    words.update(repeating: 0)
    for index in moves.indices {
      let bits = old[moves[index].from] & moves[index].mask
      words[moves[index].to] |= (bits &<< moves[index].left) &>> moves[index].right
    }
  }

  /// The words of one state in the new layout.
  func words(of old: Span<UInt32>) -> [UInt32] {
    var words: [UInt32] = Array(repeating: 0, count: wordCount)
    apply(to: old, into: &words)
    return words
  }
}
