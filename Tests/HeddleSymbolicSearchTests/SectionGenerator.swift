import HeddleScenarioGenerator

/// Random scenarios of lock sections, such as proofs are about, some of them with a mistake.
struct SectionGenerator {
  private var random: RandomSource
  private var nextLocal = 0
  /// The lock that each variable has, mostly.
  private var locks: [Int] = []
  /// Whether there are flags, whose values a proof tells apart.
  private var hasFlags = false
  /// Whether the code is repeated for ever, so that its numbers must stay within bounds.
  private var isEndless = false

  private static let variables = 3

  init(seed: UInt64) { random = RandomSource(seed: seed &* 0x9E37_79B9_7F4A_7C15) }

  /// One scenario.
  mutating func scenario() -> String {
    locks = (0..<Self.variables).map { _ in number(2) }
    var lines = (0..<Self.variables).map { "shared x\($0) = \(number(2))" }
    lines += ["lock l0", chance(20) ? "rlock l1" : "lock l1"]
    hasFlags = chance(50)
    if hasFlags { lines += ["atomic shared f0 = false", "atomic shared f1 = \(chance(50))"] }
    let hasMain = chance(50)
    let threads = 1 + number(3)
    var endless: Set<Int> = []
    for thread in 0..<threads {
      let isDaemon = chance(20)
      isEndless = isDaemon && chance(70)
      if isEndless { endless.insert(thread) }
      let count = hasMain || chance(40) ? "" : " * \(2 + number(2))"
      lines.append(
        "\(isDaemon ? "daemon " : "")thread t\(thread)\(hasMain ? "(p)" : "")\(count)"
          + "\(isDaemon ? " may outlive main" : "") {"
      )
      lines.append("    var l = \(hasMain && chance(50) ? "p" : "0")")
      if isEndless { lines.append("    while true {") }
      for _ in 0..<1 + number(2) { lines += item(depth: isEndless ? 2 : 1) }
      lines += isEndless ? ["    sleep 1", "    }", "}"] : ["}"]
      isEndless = false
    }
    if hasMain {
      lines.append("main {")
      if chance(30) { lines.append("    x0 = 1") }
      var started: [Int] = []
      for thread in 0..<threads {
        let start = "let h\(thread) = start t\(thread)(\(number(4)))"
        if endless.contains(thread) {
          lines.append("    \(start)")
          continue
        }
        if chance(25) {
          // Some runs leave it out.
          lines += ["    choose {", "        \(start)", "        join h\(thread)"]
          lines += ["    } or {", "        sleep 1", "    }"]
          continue
        }
        started.append(thread)
        lines.append("    \(start)")
        if chance(10) { lines.append("    assume x\(number(Self.variables)) <= \(number(4))") }
        if chance(15) { lines.append("    join h\(thread)") }
      }
      for thread in started where !chance(12) { lines.append("    join h\(thread)") }
      if chance(80) { lines.append("    assert \(condition())") }
      lines.append("}")
    }
    if chance(hasMain ? 50 : 80) { lines.append("finally { assert \(condition()) }") }
    if chance(25) { lines.append("invariant \(condition())") }
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func number(_ bound: Int) -> Int { random.below(bound) }

  private mutating func chance(_ percent: Int) -> Bool { random.chance(percent) }

  private mutating func condition() -> String {
    let (left, right) = (number(Self.variables), number(Self.variables))
    switch number(6) {
    case 0: return "x\(left) >= 0"
    case 1: return "x\(left) <= \(2 + number(8))"
    case 2: return "x\(left) == x\(right)"
    case 3: return "x\(left) == \(number(6))"
    case 4: return "x\(left) + x\(right) >= x\(left)"
    default: return "x\(left) - x\(right) <= \(number(4))"
    }
  }

  /// A part of a thread's code.
  private mutating func item(depth: Int) -> [String] {
    let indent = String(repeating: "    ", count: depth)
    func nested(_ head: String, _ body: [String]) -> [String] {
      [indent + head + " {"] + body + [indent + "}"]
    }
    if hasFlags, chance(40) { return flagged(indent, depth) }
    if chance(15) { return unusual(indent, depth) }
    switch number(12) {
    case 0...5:
      let lock = number(2)
      return nested("with l\(lock)", section(lock, depth: depth + 1))
    case 6:
      let body = section(number(2), depth: depth + 1)
      // A block makes no choices.
      return nested(
        "atomic",
        body.contains { $0.contains("any") } ? ["\(indent)    x0 = 1"] : body
      )
    case 7 where depth == 1: return nested("for i in 0..<\(1 + number(2))", item(depth: 2))
    case 8 where depth == 1:
      return nested("choose", item(depth: 2)).dropLast()
        + ["\(indent)} or {"] + item(depth: 2) + ["\(indent)}"]
    case 9: return ["\(indent)sleep 1"]
    case 10: return ["\(indent)l = \(isEndless ? "1 - l" : "l + 1")"]
    default:
      return chance(50) && !isEndless ? ["\(indent)x\(number(Self.variables)) += 1"] : []
    }
  }

  /// Sections that do not simply begin and end, and other ways to leave them.
  private mutating func unusual(_ indent: String, _ depth: Int) -> [String] {
    let lock = number(2)
    switch number(8) {
    case 0:
      // Some paths keep the lock.
      let leaves = chance(30) ? ["\(indent)if x\(number(Self.variables)) > 1 { return }"] : []
      return ["\(indent)l\(lock).acquire()"] + section(lock, depth: depth) + leaves
        + ["\(indent)l\(lock).release()"]
    case 1:
      let waiting = chance(50) ? "blocking: false" : "timeout: 1"
      return ["\(indent)if l\(lock).acquire(\(waiting)) {"] + section(lock, depth: depth + 1)
        + ["\(indent)    l\(lock).release()", "\(indent)}"]
    case 2:
      let inner = 1 - lock
      return ["\(indent)with l\(lock) {"] + section(lock, depth: depth + 1)
        + ["\(indent)    with l\(inner) {"] + section(inner, depth: depth + 2)
        + ["\(indent)    }"] + section(lock, depth: depth + 1) + ["\(indent)}"]
    case 3:
      let variable = number(Self.variables)
      return ["\(indent)with l\(lock) {"] + section(lock, depth: depth + 1)
        + ["\(indent)    atomic { x\(variable) += \(isEndless ? 0 : 1) }"]
        + section(lock, depth: depth + 1) + ["\(indent)}"]
    case 4: return ["\(indent)assume x\(number(Self.variables)) <= \(number(5))"]
    case 5: return ["\(indent)if l > \(number(2)) { return }"]
    case 6:
      return ["\(indent)with l\(lock) {"] + section(lock, depth: depth + 1)
        + ["\(indent)    if x\(number(Self.variables)) > 2 { return }"]
        + section(lock, depth: depth + 1) + ["\(indent)}"]
    default:
      return ["\(indent)try {", "\(indent)    with l\(lock) {"]
        + section(lock, depth: depth + 2)
        + ["\(indent)        if l > 1 { fail \"too many\" }", "\(indent)    }"]
        + ["\(indent)} finally { with l\(lock) { x\(number(Self.variables)) = 1 } }"]
    }
  }

  /// Something that depends on a flag, or sets it.
  private mutating func flagged(_ indent: String, _ depth: Int) -> [String] {
    let flag = "f\(number(2))"
    guard depth < 3, chance(60) else { return ["\(indent)\(flag) = \(chance(60))"] }
    let body =
      chance(30) ? ["\(indent)    with l0 { assert \(condition()) }"] : item(depth: depth + 1)
    return ["\(indent)if \(chance(70) ? "" : "!")\(flag) {"] + body + ["\(indent)}"]
  }

  private mutating func section(_ lock: Int, depth: Int) -> [String] {
    let own = locks.indices.filter { locks[$0] == lock }
    var lines: [String] = []
    for _ in 0..<1 + number(3) {
      lines += operation(own.isEmpty || chance(3) ? Array(locks.indices) : own, depth)
    }
    return lines
  }

  private mutating func operation(_ variables: [Int], _ depth: Int) -> [String] {
    let indent = String(repeating: "    ", count: depth)
    let (left, right) = (variables[number(variables.count)], variables[number(variables.count)])
    if chance(4) { return ["\(indent)assume x\(left) \(chance(50) ? "<=" : ">=") \(number(4))"] }
    if isEndless { return repeated(left, right, indent) }
    switch number(10) {
    case 0, 1, 2: return ["\(indent)x\(left) += \(1 + number(3))"]
    case 3: return ["\(indent)x\(left) = x\(right)"]
    case 4: return ["\(indent)x\(left) -= 1"]
    case 5: return ["\(indent)l = x\(left)"]
    case 6: return chance(40) ? ["\(indent)x\(left) = l"] : ["\(indent)x\(left) += l"]
    case 7:
      return ["\(indent)if x\(left) > \(number(3)) {"] + operation(variables, depth + 1)
        + ["\(indent)}"]
    case 8: return chance(50) ? ["\(indent)assert x\(left) >= \(number(2))"] : []
    default:
      nextLocal += 1
      return [
        "\(indent)let k\(nextLocal) = any 0...2", "\(indent)x\(left) += k\(nextLocal)",
        "\(indent)x\(right) -= k\(nextLocal)",
      ]
    }
  }

  /// An operation that leads to few values, however often it is repeated.
  private mutating func repeated(_ left: Int, _ right: Int, _ indent: String) -> [String] {
    switch number(6) {
    case 0, 1:
      return ["\(indent)if x\(left) < \(1 + number(5)) { x\(left) += \(1 + number(2)) }"]
    case 2: return ["\(indent)if x\(left) > \(number(3)) { x\(left) -= 1 }"]
    case 3: return ["\(indent)x\(left) = x\(right)"]
    case 4: return ["\(indent)x\(left) = any 0...3"]
    default: return ["\(indent)assert x\(left) <= \(2 + number(5))"]
    }
  }
}
