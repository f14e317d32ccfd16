import HeddleScenarioGenerator

/// Random scenarios in which threads that never end hand values over by flags, some of them with a mistake.
struct HandoverGenerator {
  private var random: RandomSource

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  /// One scenario.
  mutating func scenario() -> String {
    let least = number(3)
    var lines = ["atomic shared value = \(chance(70) ? 0 : least)"]
    lines += ["atomic shared ready = \(chance(85) ? "false" : "true")"]
    if chance(40) { lines.append("atomic shared turn = 0") }
    let hasTurn = lines.count == 3
    for writer in 0..<(chance(70) ? 1 : 2) { lines += writerCode(writer, least, hasTurn) }
    lines += ["thread reader {"]
    for _ in 0..<1 + number(2) { lines += readerCode(least, hasTurn) }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private mutating func writerCode(_ writer: Int, _ least: Int, _ hasTurn: Bool) -> [String] {
    var lines = ["daemon thread writer\(writer) may outlive main {", "    while true {"]
    lines.append("        let n = any \(chance(80) ? least : 0)...3")
    var body = ["value = n", "ready = true"]
    if chance(15) { body.reverse() }
    if chance(20) { body.insert("if n > 2 { value = \(number(3)) }", at: 1) }
    if chance(20) { body.append("ready = \(chance(50))") }
    if hasTurn, chance(60) { body.append("turn = \(writer)") }
    let guards = ["!ready", "!ready && turn == \(hasTurn ? "\(writer)" : "0")", "value < 3"]
    let condition = guards[hasTurn && chance(40) ? 1 : chance(90) ? 0 : 2]
    let isGuarded = hasTurn || !condition.contains("turn")
    lines += chance(15) || !isGuarded ? body.map { "        \($0)" } : guarded(condition, body)
    return lines + ["    }", "}"]
  }

  private func guarded(_ condition: String, _ body: [String]) -> [String] {
    ["        if \(condition) {"] + body.map { "            \($0)" } + ["        }"]
  }

  private mutating func readerCode(_ least: Int, _ hasTurn: Bool) -> [String] {
    var body = ["assert value >= \(least)"]
    if chance(30) { body = ["let got = value", "assert got >= \(least) && got <= 3"] }
    if chance(30) { body.append("ready = false") }
    if hasTurn, chance(30) { body.append("turn = 1 - turn") }
    return ["    if ready {"] + body.map { "        \($0)" } + ["    }"]
  }

  private mutating func number(_ bound: Int) -> Int { random.below(bound) }

  private mutating func chance(_ percent: Int) -> Bool { random.chance(percent) }
}
