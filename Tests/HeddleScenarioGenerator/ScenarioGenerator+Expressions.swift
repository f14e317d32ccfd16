extension ScenarioGenerator {
  /// An integer expression.
  mutating func integer(_ place: Place) -> String {
    if !place.integers.isEmpty, random.chance(40) {
      let local = random.pick(place.integers)
      return random.chance(50) ? local : "\(local) + 1"
    }
    if random.chance(35) { return "\(random.below(3))" }
    var options = scenery.integers + scenery.integers
    options += scenery.arrays.flatMap { ["\($0)[0]", "\($0)[1]"] }
    if scenery.has(.arrays), scenery.has(.misuses) {
      options.append("cells[\(random.pick(scenery.integers))]")
    }
    if place.hasField { options.append("handled") }
    options += place.handles.isEmpty || place.isInFunction ? [] : ["\(random.below(2))"]
    if scenery.has(.functions), !place.isInFunction, !place.isAtomic {
      options += scenery.functions.map { "\($0)(\(random.below(2)))" }
    }
    if scenery.has(.misuses) {
      options += ["6 / x", "x % 2", "1 - x", "9223372036854775807 + x"]
      options.append("-9223372036854775807 - x")
      options += scenery.optionals.map { "\($0) + 1" } + place.lists.map { "\($0)[x]" }
    }
    if scenery.has(.arithmetic) {
      options += ["-x", "(x + 1) * 2", "x - 1", "-7 / 2 + x", "(x - 3) % 2"]
    }
    options += scenery.constants + scenery.arrays.map { "\($0).count" }
    options += place.lists.map { "\($0)[\(random.below(2))]" } + place.teams.map { "\($0).count" }
    options += place.foreignFields
    if !place.isInFunction {
      options += scenery.foreignFields
      options += scenery.arrays.map { "\($0)[self.index % 2]" }
      if !place.isAtomic {
        options += place.methodsWithResult.map { "\($0)(\(random.below(2)))" }
      }
    }
    if !place.isInFunction, random.chance(20) { options.append("self.index") }
    options += scenery.queues.map { "\($0.name).qsize()" }
    options += scenery.barriers.map { "\($0).n_waiting()" }
    return random.pick(options)
  }

  /// A Boolean expression.
  mutating func boolean(_ place: Place) -> String {
    let simple = simpleBoolean(place)
    guard random.chance(15) else { return simple }
    let both = "\(simple) \(random.pick(["&&", "||"])) \(simpleBoolean(place))"
    return random.chance(20) ? "!(\(both))" : both
  }

  private mutating func simpleBoolean(_ place: Place) -> String {
    let comparison = random.pick(["==", "!=", "<", ">=", ">", "<="])
    var options = ["\(integer(place)) \(comparison) \(random.below(3))"]
    options += place.booleans + place.booleans.map { "!\($0)" }
    options += scenery.flags + scenery.flags.map { "!\($0)" }
    options += scenery.optionals.map { "\($0) == none" }
    options += scenery.optionals.map { "\($0) != 1" }
    options += scenery.texts.map { "\($0) == \"idle\"" }
    if random.chance(20) { options += scenery.texts.map { "\($0) != \"e\u{301}\"" } }
    if random.chance(40) { options += scenery.texts.map { "\($0) < \"c\"" } }
    if scenery.hasSharedHandle, !place.isInFunction { options.append("latest == self") }
    if scenery.has(.handles), !place.isInFunction {
      options += ["self.name == \"alice\""] + place.handles.map { "\($0).name != self.name" }
    }
    if random.chance(40) {
      options += scenery.events.map { "\($0).is_set()" }
      options += scenery.allLocks.map { "\($0).locked()" }
      options += scenery.queues.map { "\($0.name).\(random.pick(["empty", "full"]))()" }
      options += scenery.barriers.map { "\($0).broken()" }
      let teams = place.teams + scenery.teamNames
      let members = teams.map { "\($0)[\(random.below(2))]" }
      options += (place.handles + scenery.threadNames + members).map { "\($0).is_alive()" }
    }
    return random.pick(options)
  }
}
