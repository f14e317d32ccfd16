import HeddleScenarioGenerator

/// Random scenarios in which threads raise, lower and replace shared numbers by an amount from 0 to 2, some behind a look at it.
struct UpdateGenerator {
  private var random: RandomSource

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  /// One scenario twice: with the amount as any integer in the range, and with a choice of each.
  mutating func scenario() -> (symbolic: String, enumerated: String) {
    let isAtomic = random.chance(50) ? "atomic " : ""
    var lines = [
      "\(isAtomic)shared x = \(random.below(3))", "\(isAtomic)shared y = [0, 1]", "lock guard",
    ]
    let threads = ["alice", "bob"]
    // Mostly both directions stay apart, so that there is something to prove.
    let sign: [String] = random.pick([["-"], ["-"], ["+"], ["+"], ["-", "+"]])
    for thread in threads {
      lines += ["thread \(thread)(a) {", "    var l = 0"]
      for _ in 0..<1 + random.below(2) { lines += update(random.pick(sign)).map { "    \($0)" } }
      lines.append("}")
    }
    lines += ["main {", "    AMOUNT", "    var l = 0"]
    if random.chance(30) { lines.append("    x = a") }
    lines += threads.map { "    let t\($0) = start \($0)(a)" }
    if random.chance(20) { lines += update(random.pick(sign)).map { "    \($0)" } }
    lines += threads.map { "    join t\($0)" }
    lines += ["    assert \(claim())", "}"]
    let text = lines.joined(separator: "\n") + "\n"
    return (
      text.replacing("AMOUNT", with: "let a = any Int; assume a >= 0 && a <= 2"),
      text.replacing("AMOUNT", with: "let a = any 0...2")
    )
  }

  private mutating func update(_ sign: String) -> [String] {
    let target = random.pick(["x", "x", "x", "y[0]", "y[l]"])
    let other = random.pick(["x", "y[0]", "y[1]"])
    let statement =
      switch random.below(12) {
      case 0: "\(target) = a"
      case 1: "\(target) = \(other) \(sign) a"
      case 2: "\(target) = \(target) \(sign) \(other)"
      case 3: "\(target) = \(target) \(sign) l"
      case 4: "l = \(target)"
      default: "\(target) \(sign)= a"
      }
    switch random.below(6) {
    case 0: return ["with guard { \(statement) }"]
    case 1: return ["atomic { \(statement) }"]
    case 2: return ["if \(target) >= a { \(statement) }"]
    case 3: return ["with guard { l = \(target) }", "if l >= a { with guard { \(statement) } }"]
    default: return [statement]
    }
  }

  private mutating func claim() -> String {
    let bound = random.below(5) - 1
    return random.pick(["x >= \(bound)", "x <= \(bound)", "y[0] >= \(bound)", "y[0] <= \(bound)"])
  }
}
