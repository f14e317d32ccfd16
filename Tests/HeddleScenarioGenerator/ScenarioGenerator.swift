/// Makes small scenarios at random, the same for the same seed.
///
/// Every scenario uses a few parts of the language and leaves out the others ("swarm testing", Groce and others 2012),
/// because what hides a mistake is often the presence of something else. The texts are always correct; whether anything
/// goes wrong in them is for the checkers to say.
public struct ScenarioGenerator: Sendable {
  var random: RandomSource
  var scenery = Scenery()
  /// The visible operations that the thread being written may still get.
  var budget = 0
  private var localCount = 0

  /// Starts the sequence of scenarios that belongs to `seed`.
  public init(seed: UInt64) { random = RandomSource(seed: seed) }

  /// The parts of the language that a scenario contains.
  public static func features(of text: String) -> Set<Feature> {
    Set(Feature.allCases.filter { $0.occurs(in: "\n" + text) })
  }

  /// The next scenario's text.
  public mutating func next() -> String {
    localCount = 0
    scenery = Scenery()
    let groupCount = 2 + random.below(4)
    for _ in 0..<groupCount { scenery.groups.insert(random.pick(Group.allCases)) }
    if scenery.has(.starting) || random.chance(25) { scenery.hasMain = true }
    var parts: [[String]] = [declarations()]
    parts += functions()
    parts += threads()
    parts += claims()
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  // MARK: Helpers

  /// A local name that has not been used before.
  mutating func freshLocal(_ prefix: String = "v") -> String {
    localCount += 1
    return "\(prefix)\(localCount)"
  }

  /// A block with its lines indented.
  func block(_ header: String, _ lines: [String]) -> [String] {
    ["\(header) {"] + lines.map { "    \($0)" } + ["}"]
  }

  // MARK: Functions

  private mutating func functions() -> [[String]] {
    guard scenery.has(.functions) else { return [] }
    var parts: [[String]] = []
    budget = 2
    var inside = Place(integers: ["amount"])
    inside.isInFunction = true
    inside.depth = 2
    if random.chance(60) {
      parts.append(block("func bump(amount)", block(of: 1, inside)))
      scenery.procedures.append("bump")
    }
    if parts.isEmpty || random.chance(50) {
      let body = block(of: 1, inside) + ["return \(integer(inside))"]
      parts.append(block("func peek(amount)", body))
      scenery.functions.append("peek")
    }
    return parts
  }

  // MARK: Claims

  private mutating func claims() -> [[String]] {
    guard scenery.has(.claims) || random.chance(30) else { return allowances() }
    var parts: [[String]] = []
    let kind = random.below(3)
    if kind != 0 {
      var lines: [String] = []
      for _ in 0..<(1 + random.below(2)) {
        let message = random.chance(30) ? ", \"at the end\"" : ""
        lines.append("assert \(claim(isAtEnd: true))\(message)")
      }
      if random.chance(30) { lines = block("if \(claim(isAtEnd: true))", lines) }
      parts.append(block("finally", lines))
    }
    if kind != 1 {
      let message = random.chance(30) ? ", \"always\"" : ""
      parts.append(["invariant \(claim(isAtEnd: false))\(message)"])
    }
    return parts + allowances()
  }

  private mutating func allowances() -> [[String]] {
    guard random.chance(15) else { return [] }
    let kind = random.pick(["data-race", "data-race", "lost-update"])
    return [["allow \(kind) on \(random.pick(scenery.integers))"]]
  }

  /// A condition on shared state.
  private mutating func claim(isAtEnd: Bool) -> String {
    var options = ["\(random.pick(scenery.integers)) <= \(1 + random.below(3))"]
    options.append("\(random.pick(scenery.integers)) != \(random.below(3))")
    options += scenery.flags.map { "!\($0)" }
    options += scenery.arrays.map { "\($0)[0] <= \($0)[1]" }
    options += scenery.optionals.map { "\($0) == none" }
    options += scenery.locks.map { "!\($0).locked()" }
    options += scenery.barriers.map { "!\($0).broken()" }
    guard isAtEnd else { return random.pick(options) }
    options += scenery.events.map { "\($0).is_set()" }
    options += scenery.queues.flatMap { ["\($0.name).empty()", "\($0.name).qsize() < 2"] }
    options += scenery.threadNames.map { "!\($0).is_alive()" }
    return random.pick(options)
  }
}
