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
  /// Whether there are more threads than usual, with less in each.
  var hasManyThreads = false
  private var localCount = 0

  /// Starts the sequence of scenarios that belongs to `seed`.
  public init(seed: UInt64) { random = RandomSource(seed: seed) }

  /// The parts of the language that were drawn for the last scenario.
  public var groups: [String] {
    Group.allCases.filter { scenery.groups.contains($0) }.map { "\($0)" }
  }

  /// The constructs that a scenario contains.
  public static func features(of text: String) -> Set<Feature> {
    Set(Feature.allCases.filter { $0.occurs(in: "\n" + text) })
  }

  /// The next scenario's text.
  public mutating func next() -> String {
    localCount = 0
    scenery = Scenery()
    let groupCount = 2 + random.below(5)
    for _ in 0..<groupCount { scenery.groups.insert(random.pick(Group.allCases)) }
    // Methods are of classes, and handles are of threads that somebody has started.
    if scenery.has(.methods) { scenery.groups.formUnion([.classes, .starting]) }
    if scenery.has(.handles), random.chance(60) { scenery.groups.insert(.starting) }
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
    let type = scenery.has(.types) ? ": Int" : ""
    if random.chance(40) {
      let body = ["if amount > 1 { return }", "x = \(scenery.constants.first ?? "amount")"]
      parts.append(block("func quietly(amount\(type))", body))
      scenery.quietProcedures.append("quietly")
    }
    if random.chance(60) {
      parts.append(block("func bump(amount)", block(of: 1, inside)))
      scenery.procedures.append("bump")
    }
    if parts.isEmpty || random.chance(50) {
      var body = block(of: 1, inside) + ["return \(integer(inside))"]
      if random.chance(30) { body = ["if amount == 0 { return 1 }"] + body }
      if let other = scenery.quietProcedures.first, random.chance(50) {
        body = ["\(other)(0)"] + body
      }
      parts.append(block("func peek(amount)", body))
      scenery.functions.append("peek")
    }
    return parts
  }

  // MARK: Claims

  private mutating func claims() -> [[String]] {
    guard scenery.has(.claims) || random.chance(30) else { return allowances() + expectations() }
    var parts: [[String]] = []
    let kind = random.below(3)
    if kind != 0 {
      var lines: [String] = []
      for _ in 0..<(1 + random.below(2)) {
        let message = random.chance(30) ? ", \"at the end\"" : ""
        lines.append("assert \(claim(isAtEnd: true))\(message)")
      }
      if random.chance(30) { lines = block("if \(claim(isAtEnd: true))", lines) }
      if random.chance(20) { lines = ["let seen = x + 0", "print \"\\(seen)\""] + lines }
      if let array = scenery.arrays.first, random.chance(40) {
        lines = ["var sum = 0", "for each in \(array) { sum += each }", "assert sum <= 2"] + lines
      }
      if random.chance(10) {
        lines = ["var turns = 0", "while turns < x { turns += 1 }", "assert turns < 3"] + lines
      }
      parts.append(block("finally", lines))
    }
    if kind != 1 {
      let message = random.pick(["", "", ", \"always\"", ", \"x is \\(x)\""])
      parts.append(["invariant \(claim(isAtEnd: false))\(message)"])
    }
    return parts + allowances() + expectations()
  }

  private mutating func allowances() -> [[String]] {
    guard random.chance(15) else { return [] }
    let kind = random.pick(["data-race", "data-race", "lost-update"])
    let kept = scenery.queues.map { $0.name.prefix { $0 != "[" } }
    if let name = kept.first, random.chance(40) { return [["allow leak on \(name)"]] }
    return [["allow \(kind) on \(random.pick(scenery.integers))"]]
  }

  /// What the scenario says of itself; often it is not so.
  private mutating func expectations() -> [[String]] {
    guard random.chance(15) else { return [] }
    let name = random.pick(scenery.integers)
    let options = [
      "pass", "deadlock", "lost-update on \(name)", "data-race on \(name)", "data-race",
      "assertion", "never-terminates", "misuse",
    ]
    return [["expect \(random.pick(options))"]]
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
    options += scenery.foreignFields.map { "\($0) <= 1" }
    options += scenery.constants.map { "x <= \($0)" }
    if scenery.has(.misuses) { options.append("6 / (x + 1) >= 0") }
    guard isAtEnd else { return random.pick(options) }
    options += scenery.events.map { "\($0).is_set()" }
    options += scenery.queues.flatMap { ["\($0.name).empty()", "\($0.name).qsize() < 2"] }
    options += scenery.threadNames.map { "!\($0).is_alive()" }
    return random.pick(options)
  }
}
