/// One statement's lines, and the place after it.
struct Written {
  var lines: [String]
  var after: Place
}

extension ScenarioGenerator {
  /// Up to `count` statements, as far as the budget allows, and at least one.
  mutating func block(of count: Int, _ place: Place) -> [String] {
    var place = place
    place.depth += 1
    var lines: [String] = []
    for _ in 0..<max(1, count) where lines.isEmpty || budget > 0 {
      let written = statement(place)
      lines += written.lines
      place = written.after
    }
    return lines
  }

  /// One statement that fits the place.
  mutating func statement(_ place: Place) -> Written {
    budget -= 1
    typealias Writer = (inout ScenarioGenerator, inout Place) -> [String]
    var writers: [Writer] = []
    func offer(_ weight: Int, if isPossible: Bool = true, _ writer: @escaping Writer) {
      if isPossible { writers += Array(repeating: writer, count: weight) }
    }
    let isFree = !place.isAtomic
    let canNest = place.depth < 3 && budget > 0
    let s = scenery
    offer(4) { $0.write($1) }
    offer(2) { $0.readThenWrite(&$1) }
    offer(1, if: canNest) { $0.conditional($1) }
    offer(s.has(.claims) ? 2 : 1, if: s.has(.claims) || random.chance(40)) { generator, place in
      ["assert \(generator.boolean(place))"]
    }
    offer(1, if: random.chance(20)) { generator, place in generator.talk(place) }
    offer(4, if: isFree && canNest && !s.allLocks.isEmpty) { $0.locked($1) }
    offer(3, if: isFree && !s.allLocks.isEmpty) { $0.bareLocking(&$1) }
    offer(5, if: isFree && place.depth < 3 && !s.conditions.isEmpty) { $0.conditionUse($1) }
    offer(4, if: !s.semaphores.isEmpty) { $0.semaphoreUse($1) }
    offer(4, if: !s.events.isEmpty) { $0.eventUse($1) }
    offer(4, if: isFree && !s.barriers.isEmpty) { $0.barrierUse(&$1) }
    offer(6, if: !s.queues.isEmpty) { $0.queueUse(&$1) }
    offer(4, if: isFree && s.has(.choices)) { $0.choice(&$1) }
    offer(4, if: isFree && canNest && s.has(.atomicBlocks)) { $0.atomic($1) }
    offer(4, if: isFree && canNest && s.has(.exceptions)) { $0.exception($1) }
    offer(3, if: isFree && canNest && s.has(.loops)) { $0.loop($1) }
    offer(2, if: canNest && !s.arrays.isEmpty) { generator, place in
      var inside = place
      inside.isInLoop = true
      let local = generator.freshLocal("e")
      inside.integers.append(local)
      return generator.block("for \(local) in cells", generator.block(of: 1, inside))
    }
    offer(3, if: !s.procedures.isEmpty && !place.isInFunction && isFree) { generator, place in
      ["\(generator.random.pick(generator.scenery.procedures))(\(generator.random.below(2)))"]
    }
    offer(4, if: !place.methods.isEmpty && isFree) { generator, place in
      [(generator.random.chance(50) ? "self." : "") + generator.random.pick(place.methods)]
    }
    offer(5, if: isFree && s.hasSharedHandle) { generator, _ in
      let use = generator.random.pick(["join latest", "if latest.is_alive() { x = 2 }"])
      return ["if latest != none { \(use) }"]
    }
    let handles = place.handles + (isFree ? s.threadNames : [])
    offer(1, if: isFree && !handles.isEmpty && !place.isInFunction) { generator, place in
      let timeout = generator.random.chance(30) ? " timeout 1" : ""
      return ["join \(generator.random.pick(handles))\(timeout)"]
    }
    offer(1, if: place.isInLoop && random.chance(50)) { generator, place in
      let leave = generator.random.pick(["break", "continue"])
      return ["if \(generator.boolean(place)) { \(leave) }"]
    }
    offer(1, if: !place.isInFunction && random.chance(30)) { generator, place in
      ["if \(generator.boolean(place)) { return }"]
    }
    var after = place
    let lines = random.pick(writers)(&self, &after)
    return Written(lines: lines, after: after)
  }

  // MARK: Variables

  private mutating func write(_ place: Place) -> [String] {
    var options: [String] = []
    for name in scenery.integers {
      options.append("\(name) = \(place.mayGrow ? integer(place) : "\(random.below(3))")")
      if place.mayGrow { options += ["\(name) += 1", "\(name) *= 2", "\(name) = -\(name)"] }
    }
    options += scenery.flags.map { "\($0) = \(random.chance(70))" }
    for name in scenery.arrays {
      let index = scenery.has(.misuses) && random.chance(30) ? "x" : "\(random.below(2))"
      options.append("\(name)[\(index)] = \(place.mayGrow ? integer(place) : "1")")
      if place.mayGrow { options.append("\(name)[\(index)] += 1") }
    }
    options += scenery.optionals.map { "\($0) = \(random.pick(["none", "1", "2"]))" }
    if place.mayGrow { options += scenery.optionals.map { "x = \($0)" } }
    options += scenery.texts.map { "\($0) = \(random.pick(["\"idle\"", "\"busy\"", "\"\\(x)\""]))" }
    if place.hasField {
      options += place.mayGrow ? ["handled += 1", "self.handled = x"] : ["handled = 1"]
    }
    for name in place.variables where place.mayGrow { options.append("\(name) += 1") }
    return [random.pick(options)]
  }

  /// The two halves of an update, with or without something in between.
  private mutating func readThenWrite(_ place: inout Place) -> [String] {
    let variable = random.pick(scenery.integers)
    let local = freshLocal()
    let isVariable = random.chance(25)
    var lines = ["\(isVariable ? "var" : "let") \(local) = \(variable)"]
    if random.chance(20) {
      let list = freshLocal()
      lines = ["let \(list) = [1, \(variable)]", "let \(local) = \(list)[1]"]
    }
    if random.chance(25), budget > 0 { lines += statement(place).lines }
    if !place.mayGrow {
      lines.append("\(variable) = 1 - \(local)")
    } else if random.chance(80) {
      lines.append("\(variable) = \(local) + 1")
    }
    place.integers.append(local)
    if isVariable, lines[0].hasPrefix("var") { place.variables.append(local) }
    return lines
  }

  private mutating func conditional(_ place: Place) -> [String] {
    let lines = block("if \(boolean(place))", block(of: 1, place))
    guard random.chance(30) else { return lines }
    return lines.dropLast() + block("} else", block(of: 1, place))
  }

  private mutating func talk(_ place: Place) -> [String] {
    var options = ["print \"x is \\(\(random.pick(scenery.integers)))\"", "print \"here\""]
    if !place.isInFunction { options.append("print self.name") }
    if !place.isAtomic { options += ["sleep 1", "sleep 1"] }
    return [random.pick(options)]
  }

  // MARK: Choices, atomic blocks, exceptions, loops

  private mutating func choice(_ place: inout Place) -> [String] {
    switch random.below(3) {
    case 0:
      let local = freshLocal()
      let domain = random.pick(["any 0...1", "any 0..<3", "any Bool"])
      if domain == "any Bool" {
        place.booleans.append(local)
        return ["let \(local) = \(domain)"]
      }
      place.integers.append(local)
      let assumption = random.chance(40) ? ["assume \(local) != \(random.below(3))"] : []
      return ["let \(local) = \(domain)"] + assumption
    case 1: return ["assume \(boolean(place))"]
    default:
      guard place.depth < 3 else { return ["choose { x = 0 } or { x = 1 }"] }
      let first = block("choose", block(of: 1, place))
      return first.dropLast() + block("} or", block(of: 1, place))
    }
  }

  private mutating func atomic(_ place: Place) -> [String] {
    var inside = place
    inside.isAtomic = true
    let header = random.chance(40) ? "atomic when \(boolean(inside))" : "atomic"
    return block(header, block(of: 1 + random.below(2), inside))
  }

  private mutating func exception(_ place: Place) -> [String] {
    if random.chance(25) { return block("if \(boolean(place))", ["fail \"broken\""]) }
    var body = block(of: 1, place)
    if random.chance(50) { body += ["fail \"disk full\""] }
    var cleanup = place
    cleanup.depth = 3
    cleanup.isInLoop = false
    // A `finally` block that returns would swallow the exception, so it only writes.
    return block("try", body) + ["finally {"] + write(cleanup).map { "    \($0)" } + ["}"]
  }

  private mutating func loop(_ place: Place) -> [String] {
    var inside = place
    inside.isInLoop = true
    switch random.below(5) {
    case 4: return block("for _ in 0..<2", block(of: 1, inside))
    case 0:
      let local = freshLocal("i")
      inside.integers.append(local)
      return block("for \(local) in 0..<2", block(of: 1, inside))
    case 1:
      let name = random.pick(scenery.integers)
      let local = freshLocal()
      let isCounted = place.mayGrow && random.chance(50)
      inside.mayGrow = false
      return isCounted
        ? block("while \(name) < 2", ["\(name) += 1"])
        : block("while \(name) == 0", random.chance(50) ? ["sleep 1"] : ["let \(local) = x"])
    case 2:
      inside.mayGrow = false
      return block("while \(boolean(place))", block(of: 1, inside))
    default:
      inside.mayGrow = false
      return block("loop", block(of: 1, inside) + ["if \(boolean(inside)) { break }"])
    }
  }
}
