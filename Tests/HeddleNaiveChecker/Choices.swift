/// The answers to the choices of one step, enumerated one complete list after another.
///
/// A step is executed again and again from its start: it asks with ``pick(of:)``, and ``advance()`` turns to the next
/// list of answers.
struct Choices {
  private var script: [(picked: Int, count: Int)] = []
  private var asked = 0

  /// The answer to the next question, `0 ..< count`.
  mutating func pick(of count: Int) -> Int {
    precondition(count > 0, "a choice of nothing")
    if asked == script.count { script.append((picked: 0, count: count)) }
    precondition(script[asked].count == count, "a step must be deterministic but for its choices")
    asked += 1
    return script[asked - 1].picked
  }

  /// Turns to the next list of answers; false if there is none.
  mutating func advance() -> Bool {
    script.removeSubrange(asked...)
    asked = 0
    while let last = script.popLast() {
      guard last.picked + 1 == last.count else {
        script.append((picked: last.picked + 1, count: last.count))
        return true
      }
    }
    return false
  }
}

/// Every choice of `count` of the elements, which stay in their order.
func combinations<Member>(_ elements: [Member], count: Int) -> [[Member]] {
  guard count > 0 else { return [[]] }
  guard count <= elements.count, let first = elements.first else { return [] }
  let rest = Array(elements.dropFirst())
  let with = combinations(rest, count: count - 1).map { [first] + $0 }
  return with + combinations(rest, count: count)
}
