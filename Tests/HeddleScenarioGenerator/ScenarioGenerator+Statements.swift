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
      let message = generator.random.pick(["", "", ", \"fine\"", ", \"x is \\(x)\""])
      return ["assert \(generator.boolean(place))\(message)"]
    }
    offer(1, if: random.chance(30)) { generator, place in generator.talk(place) }
    offer(4, if: isFree && canNest && !s.allLocks.isEmpty) { $0.locked($1) }
    offer(3, if: isFree && s.allLocks.count > 1 && place.depth < 3) { $0.crossing($1) }
    offer(3, if: isFree && !s.allLocks.isEmpty) { $0.bareLocking(&$1) }
    offer(1, if: !isFree && !s.allLocks.isEmpty) { $0.lockingAtOnce($1) }
    offer(5, if: place.depth < 3 && !s.conditions.isEmpty) { $0.conditionUse($1) }
    offer(4, if: !s.semaphores.isEmpty) { $0.semaphoreUse($1) }
    offer(4, if: !s.events.isEmpty) { $0.eventUse(&$1) }
    offer(4, if: !s.barriers.isEmpty) { $0.barrierUse(&$1) }
    offer(6, if: !s.queues.isEmpty) { $0.queueUse(&$1) }
    offer(4, if: isFree && s.has(.choices)) { $0.choice(&$1) }
    offer(4, if: isFree && canNest && s.has(.atomicBlocks)) { $0.atomic($1) }
    offer(4, if: canNest && s.has(.exceptions)) { $0.exception($1) }
    offer(3, if: canNest && s.has(.loops)) { $0.loop($1) }
    offer(3, if: isFree && s.has(.spins)) { $0.spin($1) }
    offer(3, if: s.has(.localArrays)) { $0.localArray(&$1) }
    offer(2, if: s.has(.types)) { $0.typedLocal(&$1) }
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
    offer(2, if: !s.quietProcedures.isEmpty && !place.isInFunction) { generator, place in
      ["\(generator.random.pick(generator.scenery.quietProcedures))(\(generator.integer(place)))"]
    }
    offer(3, if: !place.methodsWithResult.isEmpty && isFree && place.mayGrow) { generator, place in
      ["x = self.\(generator.random.pick(place.methodsWithResult))(\(generator.integer(place)))"]
    }
    offer(4, if: !place.methods.isEmpty && isFree) { generator, place in
      [(generator.random.chance(50) ? "self." : "") + generator.random.pick(place.methods)]
    }
    offer(5, if: isFree && s.hasSharedHandle) { generator, _ in
      let use = generator.random.pick(["join latest", "if latest.is_alive() { x = 2 }"])
      return ["if latest != none { \(use) }"]
    }
    let handles = place.handles + (isFree ? s.threadNames : [])
    let teams = place.teams + (isFree ? s.teamNames : [])
    let own = s.has(.misuses) && random.chance(60) ? ["self"] : []
    offer(1, if: isFree && !(handles + teams + own).isEmpty && !place.isInFunction) {
      generator,
      _ in
      let handle = generator.random.pick(handles + teams + own)
      return generator.joining(handle, isTeam: teams.contains(handle))
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
      if scenery.has(.arithmetic) {
        options += ["\(name) /= 2", "\(name) %= 2", "\(name) = 1 - \(name)"]
      }
      if scenery.has(.arithmetic), place.mayGrow { options.append("\(name) -= 1") }
    }
    options += scenery.flags.map { "\($0) = \(random.chance(70))" }
    if scenery.has(.arithmetic) { options += scenery.flags.map { "\($0) = !\($0)" } }
    if scenery.hasSharedHandle, !place.isInFunction { options.append("latest = self") }
    let foreign = place.foreignFields + (place.isInFunction ? [] : scenery.foreignFields)
    options += foreign.map { place.mayGrow ? "\($0) += 1" : "\($0) = 1" }
    for name in scenery.arrays {
      let own = place.isInFunction ? "1" : "self.index % 2"
      let fixed = random.pick(["0", "1", own])
      let index = scenery.has(.misuses) && random.chance(30) ? "x" : fixed
      options.append("\(name)[\(index)] = \(place.mayGrow ? integer(place) : "1")")
      if place.mayGrow { options.append("\(name)[\(index)] += 1") }
    }
    options += scenery.optionals.map { "\($0) = \(random.pick(["none", "1", "2"]))" }
    if place.mayGrow { options += scenery.optionals.map { "x = \($0)" } }
    let texts = ["idle", "busy", "\\(x)", "\u{E9}", "e\u{301}"]
    options += scenery.texts.map { "\($0) = \"\(random.pick(texts))\"" }
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
    guard random.chance(30) else {
      return lines.dropLast() + block("} else", block(of: 1, place))
    }
    let second = block("} else if \(boolean(place))", block(of: 1, place))
    return lines.dropLast() + second.dropLast() + block("} else", block(of: 1, place))
  }

  private mutating func talk(_ place: Place) -> [String] {
    var options = ["print \"x is \\(\(random.pick(scenery.integers)))\"", "print \"here\""]
    options += (scenery.optionals + scenery.flags + scenery.texts).map {
      "print \"it is \\(\($0))\""
    }
    options += place.handles.flatMap { ["print \($0).name", "print \"\\(\($0))\""] }
    if scenery.has(.arithmetic), !place.isAtomic { options += ["sleep x", "sleep x"] }
    if !place.isInFunction { options.append("print self.name") }
    if !place.isAtomic { options += ["sleep 1", "sleep 1"] }
    return [random.pick(options)]
  }

  // MARK: Choices, atomic blocks, exceptions, loops

  private mutating func choice(_ place: inout Place) -> [String] {
    switch random.below(3) {
    case 0:
      let local = freshLocal()
      let open = scenery.has(.misuses) || random.chance(40) ? ["any 0...x", "any -1...1"] : []
      if random.chance(4) { return ["let \(local) = any Int", "assume \(local) != x"] }
      let domain = random.pick(["any 0...1", "any 0..<3", "any Bool"] + open)
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
      let first = block("choose", block(of: 1, place)).dropLast()
      let second = block("} or", block(of: 1, place))
      guard random.chance(25) else { return first + second }
      return first + second.dropLast() + block("} or", ["x = 2"])
    }
  }

  private mutating func atomic(_ place: Place) -> [String] {
    var inside = place
    inside.isAtomic = true
    let header = random.chance(40) ? "atomic when \(boolean(inside))" : "atomic"
    return block(header, block(of: 1 + random.below(2), inside))
  }

  private mutating func exception(_ place: Place) -> [String] {
    if random.chance(25) || place.isAtomic {
      let message = random.pick(["", " \"broken\"", " \"x is \\(x)\""])
      return block("if \(boolean(place))", ["fail\(message)"])
    }
    var body = block(of: 1, place)
    if random.chance(50) { body += ["fail \"disk full\""] }
    var cleanup = place
    cleanup.depth = 3
    cleanup.isInLoop = false
    // A `finally` block that returns would swallow the exception, so it only writes.
    return block("try", body).dropLast() + block("} finally", write(cleanup))
  }

  private mutating func loop(_ place: Place) -> [String] {
    var inside = place
    inside.isInLoop = true
    let last = scenery.constants.first ?? "2"
    switch place.isAtomic ? 4 : random.below(8) {
    case 4: return block("for _ in 0..<\(last)", block(of: 1, inside))
    case 5:
      let local = freshLocal("i")
      inside.integers.append(local)
      return block("for \(local) in \(random.pick(["0...1", "[2, x]"]))", block(of: 1, inside))
    case 6:
      let local = freshLocal("i")
      inside.integers.append(local)
      inside.mayGrow = false
      return block("for \(local) in 0..<x", block(of: 1, inside))
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

  /// Waiting without an object: for a flag, or for a turn.
  private mutating func spin(_ place: Place) -> [String] {
    let flag = random.pick(scenery.flags)
    switch random.below(5) {
    case 0: return ["\(flag) = true"]
    case 1: return block("while !\(flag)", [])
    case 2: return block("while \(flag)", ["sleep 1"])
    case 3: return block("while true", ["if \(boolean(place)) { break }"])
    default:
      let name = random.pick(scenery.integers)
      return block("while \(name) != \(random.below(2))", []) + ["\(name) = \(random.below(2))"]
    }
  }

  // MARK: Locals

  private mutating func localArray(_ place: inout Place) -> [String] {
    if let list = place.lists.last, random.chance(60), place.mayGrow {
      let index = random.pick(["0", "1", scenery.has(.misuses) ? "x" : "0"])
      return ["\(list)[\(index)] \(random.pick(["=", "+="])) \(integer(place))"]
    }
    let local = freshLocal("list")
    let value = random.pick(["[0, \(integer(place))]", "[\(random.below(2)); 2]"])
    place.lists.append(local)
    return ["var \(local) = \(value)"]
  }

  private mutating func typedLocal(_ place: inout Place) -> [String] {
    let local = freshLocal()
    if let optional = scenery.optionals.first, random.chance(50) {
      return [
        "let \(local): Int? = \(optional)",
        "if \(local) != none { x = \(place.mayGrow ? local : "1") }",
      ]
    }
    let value = integer(place)
    place.integers.append(local)
    place.variables.append(local)
    return ["var \(local): Int = \(value)"]
  }

  // MARK: Handles

  /// One of the ways to join a thread, or an array of two.
  private mutating func joining(_ handle: String, isTeam: Bool) -> [String] {
    guard isTeam else {
      return [
        random.pick([
          "join \(handle)", "join \(handle)", "join \(handle) timeout 1",
          "\(handle).join()", "\(handle).join(timeout: 1)",
        ])
      ]
    }
    let each = freshLocal("each")
    return [
      random.pick([
        "join \(handle)", "join \(handle)[\(random.below(2))]",
        "join \(handle) timeout 1", "for \(each) in \(handle) { join \(each) }",
      ])
    ]
  }
}
