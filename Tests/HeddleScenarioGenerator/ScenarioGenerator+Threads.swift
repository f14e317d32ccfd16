/// A thread declaration that `main` can start.
struct ThreadScenery {
  var name: String
  var isDaemon: Bool
  var hasParameter: Bool
  var hasField: Bool
  /// How many instances, 1 to 3.
  var count: Int
  /// Set if the thread starts another; what it writes.
  var starter: String?
  /// Set if another thread starts it.
  var isStartedByOther = false

  var isMany: Bool { count > 1 }

  /// What to write to start it.
  func start(_ argument: String) -> String {
    "start \(name)\(hasParameter ? "(\(argument))" : "")\(isMany ? " * \(count)" : "")"
  }
}

extension ScenarioGenerator {
  /// All thread declarations, and `main` if there is to be one.
  mutating func threads() -> [[String]] {
    let plan = plannedThreads()
    if !scenery.hasMain {
      scenery.threadNames = plan.filter { !$0.isMany }.map(\.name)
      scenery.teamNames = plan.filter(\.isMany).map(\.name)
      scenery.foreignFields = plan.filter(\.hasField).map {
        "\($0.name)\($0.isMany ? "[1]" : "").handled"
      }
    }
    var parts: [[String]] = []
    for thread in plan { parts += declaration(of: thread) }
    if scenery.hasMain { parts.append(main(plan)) }
    return parts
  }

  private mutating func plannedThreads() -> [ThreadScenery] {
    let names = ["alice", "bob", "carol", "dora"]
    var count = 2 + (random.chance(scenery.hasMain ? 20 : 40) ? 1 : 0)
    hasManyThreads = random.chance(8)
    if hasManyThreads { count += 1 }
    let isMany = random.chance(25)
    let instances = random.chance(30) ? 3 : 2
    if isMany, instances == 3 { hasManyThreads = true }
    if isMany { count -= 1 }
    var plan = names.prefix(count).enumerated().map { number, name in
      let isDaemon = scenery.has(.daemons) && random.chance(40)
      let isClass = scenery.has(.classes) && random.chance(70)
      let hasParameter = scenery.hasMain && random.chance(30)
      return ThreadScenery(
        name: name,
        isDaemon: isDaemon,
        hasParameter: hasParameter,
        hasField: isClass,
        count: isMany && number == 0 ? instances : 1
      )
    }
    if scenery.hasMain, random.chance(20), plan.count > 1, !plan[0].hasField {
      plan[0].starter = plan[1].start("1")
      plan[1].isStartedByOther = true
    }
    return plan
  }

  /// One declaration, or a base and its subclass.
  private mutating func declaration(of thread: ThreadScenery) -> [[String]] {
    budget = hasManyThreads ? 1 + random.below(2) : 2 + random.below(4)
    let daemon = thread.isDaemon ? "daemon " : ""
    let instances = thread.count == 2 ? random.pick(scenery.constants + ["2"]) : "\(thread.count)"
    let type = scenery.has(.types) ? ": Int" : ""
    let parameters = thread.hasParameter ? "(amount\(type))" : ""
    let names = thread.hasParameter ? "(amount)" : ""
    let count = thread.isMany ? " * \(instances)" : ""
    let outlive = thread.isDaemon && random.chance(20) ? " may outlive main" : ""
    let header = "\(daemon)thread \(thread.name)\(parameters)\(count)\(outlive)"
    var place = Place(integers: thread.hasParameter ? ["amount"] : [])
    guard thread.hasField else { return [block(header, threadBody(place, thread))] }
    place.hasField = true
    let atomic = random.chance(20) ? "atomic " : ""
    var members = ["\(atomic)var handled = \(random.below(2))"]
    place.isInFunction = true
    place.depth = 2
    members += block("func step()", block(of: 1, place))
    place.isInFunction = false
    place.depth = 0
    place.methods = ["step()"]
    if scenery.has(.methods) {
      members.append("var kept: [Int] = [0; 2]")
      members += block("func twice(number)", ["kept[1] = number", "return number * 2 + handled"])
      place.methodsWithResult = ["twice"]
    }
    members += block("run", threadBody(place, thread))
    // A class with instances of its own cannot be a base without them, so that only `main` starts subclasses.
    guard scenery.hasMain, random.chance(scenery.has(.methods) ? 90 : 50) else {
      return [block(header, members)]
    }
    let baseHeader = "\(daemon)thread Base\(thread.name)\(parameters)"
    var override = Place(integers: thread.hasParameter ? ["amount"] : [], depth: 2)
    override.hasField = true
    override.isInFunction = true
    if random.chance(scenery.has(.methods) ? 60 : 10) {
      let lines = random.pick([["super.run()", "x = 1"], ["step()", "super.run()"], ["step()"]])
      let subclass = "thread \(thread.name): Base\(thread.name)\(names)\(count)\(outlive)"
      return [block(baseHeader, members), block(subclass, block("override run", lines))]
    }
    var body = random.chance(80) ? ["super.step()"] : statement(override).lines
    if let lock = scenery.allLocks.first, random.chance(60) { body = block("with \(lock)", body) }
    // The parameters are inherited, or listed once more.
    let isListed = random.chance(50)
    let subclass =
      "thread \(thread.name)\(isListed ? parameters : ""): Base\(thread.name)"
      + "\(isListed ? names : "")\(count)\(outlive)"
    return [block(baseHeader, members), block(subclass, block("override func step()", body))]
  }

  /// The statements of a thread; sometimes in an endless loop.
  private mutating func threadBody(_ place: Place, _ thread: ThreadScenery) -> [String] {
    let isEndless = random.chance(thread.isDaemon ? 60 : scenery.has(.loops) ? 20 : 3)
    guard isEndless else {
      let lines = block(of: 2 + random.below(3), place)
      guard let starter = thread.starter else { return lines }
      let handle = freshLocal("t")
      return ["let \(handle) = \(starter)"] + lines
        + (random.chance(60) ? ["join \(handle)"] : [])
    }
    var inside = place
    inside.mayGrow = false
    inside.isInLoop = true
    inside.depth = 1
    budget = min(budget, 3)
    if let queue = scenery.queues.first, random.chance(60) {
      return block("loop", workerLoop(queue, inside))
    }
    var lines = block(of: 1, inside)
    if random.chance(40) { lines.append("sleep 1") }
    if let event = scenery.events.first, random.chance(50) {
      return block("while !\(event).is_set()", lines)
    }
    if let flag = scenery.flags.first, random.chance(50) { return block("while !\(flag)", lines) }
    if random.chance(40) { lines.append("if \(boolean(inside)) { break }") }
    return block("loop", lines)
  }

  /// What a worker does for ever: takes an item, does something, and says so.
  private mutating func workerLoop(_ queue: QueueScenery, _ place: Place) -> [String] {
    var place = place
    let item = freshLocal()
    var lines = ["let \(item) = \(queue.name).get()"]
    if queue.hasSentinel { lines.append("if \(item) == none { break }") }
    if !queue.hasSentinel, queue.items == .integers { place.integers.append(item) }
    if random.chance(60) { lines += statement(place).lines }
    if queue.countsTasks, random.chance(90) { lines.append("\(queue.name).task_done()") }
    return lines
  }

  /// The main block: starts everything, does something, and joins most of it.
  private mutating func main(_ threads: [ThreadScenery]) -> [String] {
    budget = 2
    var place = Place()
    var lines: [String] = []
    var joins: [String] = []
    let mayBeNone = scenery.has(.optionals) && !scenery.has(.types)
    for thread in threads {
      if random.chance(4) || thread.isStartedByOther { continue }
      if scenery.has(.starting), random.chance(8) {
        let start = thread.start("1")
        lines += random.pick([
          ["for _ in 0..<2 { \(start) }"], ["while x < 1 { \(start); x += 1 }"],
          thread.isMany ? [start] : ["(\(start)).join()"],
        ])
        continue
      }
      let start = thread.start(mayBeNone && random.chance(30) ? "none" : "\(random.below(3))")
      guard !thread.isDaemon || random.chance(30) else {
        lines.append(start)
        continue
      }
      let handle = freshLocal(thread.isMany ? "team" : "t")
      lines.append("let \(handle) = \(start)")
      if thread.isMany { place.teams.append(handle) } else { place.handles.append(handle) }
      if thread.hasField {
        place.foreignFields.append("\(handle)\(thread.isMany ? "[0]" : "").handled")
      }
      if !thread.isMany, scenery.hasSharedHandle { lines.append("latest = \(handle)") }
      if random.chance(85) {
        joins.append("join \(handle)" + (random.chance(12) ? " timeout 1" : ""))
        if thread.isMany, random.chance(30) { joins = ["for each in \(handle) { join each }"] }
        if thread.hasField, !thread.isMany, random.chance(50) {
          joins.append("assert \(handle).handled <= \(1 + random.below(3))")
        }
      }
      if random.chance(20) { lines += statement(place).lines }
    }
    if random.chance(4), let handle = place.handles.first { lines.append("start \(handle)") }
    if random.chance(50) { lines += block(of: 1, place) }
    for queue in scenery.queues where random.chance(70) {
      let value = random.below(3)
      let item =
        switch queue.items {
        case .integers: "\(value)"
        case .truthValues: "\(value == 1)"
        case .texts: "\"job-\(value)\""
        case .handles: random.pick(place.handles + ["self"])
        }
      lines.append("\(queue.name).put(\(item))")
      if queue.hasSentinel { lines.append("\(queue.name).put(none)") }
      if queue.countsTasks, random.chance(60) { lines.append("\(queue.name).join()") }
    }
    lines += joins
    if random.chance(40) { lines.append("assert \(random.pick(scenery.integers)) != 1") }
    return block("main", lines)
  }
}
