extension ScenarioGenerator {
  /// Draws what there is besides threads, and fills the scenery.
  mutating func declarations() -> [String] {
    var lines: [String] = []
    if scenery.has(.constants) {
      lines.append(random.chance(50) ? "const limit = 2" : "const half = 1\nconst limit = half + 1")
      scenery.constants = ["limit"]
    }
    let integers = random.chance(60) ? ["x"] : ["x", "y"]
    for name in integers {
      let isAtomic = scenery.has(.atomics) && random.chance(60)
      let value =
        scenery.has(.initialAny) && random.chance(60)
        ? random.pick(["any 0...1", "any 0..<2"]) : "\(random.below(2))"
      let type = scenery.has(.types) ? ": Int" : ""
      lines.append("\(isAtomic ? "atomic " : "")shared \(name)\(type) = \(value)")
    }
    scenery.integers = integers
    let needsFlag = [.conditions, .loops, .spins].contains { scenery.has($0) }
    if random.chance(30) || needsFlag {
      let isAtomic = scenery.has(.atomics) && random.chance(60)
      let value =
        scenery.has(.initialAny) && random.chance(30) ? "any Bool" : "\(random.chance(20))"
      lines.append("\(isAtomic ? "atomic " : "")shared flag = \(value)")
      scenery.flags.append("flag")
    }
    if scenery.has(.arrays) {
      let type = scenery.has(.types) ? "" : ": [Int]"
      let length = scenery.constants.first ?? "2"
      let value = random.pick(["[0, 1]", "[\(random.below(2)); \(length)]"])
      lines.append("shared cells\(type) = \(value)")
      scenery.arrays = ["cells"]
      if random.chance(25) {
        lines.append("shared marks = [false; 2]")
        scenery.flags += ["marks[0]", "marks[1]"]
      }
      if random.chance(25) {
        lines.append("shared places: [Int?] = [none, 1]")
        scenery.optionals += ["places[0]", "places[1]"]
      }
    }
    if scenery.has(.optionals) {
      lines.append("shared item: Int? = \(random.pick(["none", "none", "1"]))")
      scenery.optionals.append("item")
    }
    if scenery.has(.texts) {
      lines.append("shared mood = \"idle\"")
      scenery.texts = ["mood"]
    }
    if scenery.has(.handles) {
      lines.append("shared latest: Thread? = none")
      scenery.hasSharedHandle = true
    }
    return lines + locks() + others() + queues()
  }

  private mutating func locks() -> [String] {
    var lines: [String] = []
    if scenery.has(.locks) || scenery.has(.conditions) {
      lines.append("lock a")
      scenery.locks.append("a")
      if random.chance(50) {
        lines.append("lock b")
        scenery.locks.append("b")
      }
    }
    if scenery.has(.conditions), random.chance(20) { scenery.groups.insert(.lockArrays) }
    if scenery.has(.lockArrays) {
      lines.append("lock fork[2]")
      scenery.locks += ["fork[0]", "fork[1]"]
    }
    if scenery.has(.rlocks) {
      lines.append("rlock again")
      scenery.rlocks.append("again")
    }
    if scenery.has(.conditions) {
      if scenery.has(.lockArrays), random.chance(40) {
        lines.append("condition ready[2](fork)")
        scenery.conditions = [
          ConditionScenery(name: "ready[0]", lock: "fork[0]"),
          ConditionScenery(name: "ready[1]", lock: "ready[1]"),
        ]
      } else if random.chance(30) {
        lines.append("condition signal")
        scenery.conditions.append(ConditionScenery(name: "signal", lock: "signal"))
      } else {
        let lock = random.pick(scenery.rlocks + ["a"])
        let order = random.chance(40) ? ", order: fifo" : ""
        lines.append("condition ready(\(lock)\(order))")
        let guarded = random.chance(70) ? lock : "ready"
        scenery.conditions.append(ConditionScenery(name: "ready", lock: guarded))
      }
    }
    return lines
  }

  private mutating func others() -> [String] {
    var lines: [String] = []
    if scenery.has(.semaphores) {
      let kind = random.chance(40) ? "bounded semaphore" : "semaphore"
      let isArray = random.chance(30)
      lines.append("\(kind) slots\(isArray ? "[2]" : "") = \(random.pick([0, 1, 1, 2]))")
      scenery.semaphores += isArray ? ["slots[0]", "slots[1]"] : ["slots"]
    }
    if scenery.has(.events) {
      let isArray = random.chance(30)
      lines.append("event go\(isArray ? "[2]" : "")")
      scenery.events += isArray ? ["go[0]", "go[1]"] : ["go"]
      scenery.clearsEvents = random.chance(60)
    }
    if scenery.has(.barriers) {
      let isArray = random.chance(15)
      lines.append("barrier gate\(isArray ? "[2]" : "")(\(random.pick([1, 2, 2, 2, 3])))")
      scenery.barriers += isArray ? ["gate[0]", "gate[1]"] : ["gate"]
    }
    return lines
  }

  private mutating func queues() -> [String] {
    guard scenery.has(.queues) else { return [] }
    let isBounded = random.chance(50)
    let kind = random.pick(["queue", "queue", "lifo queue", "priority queue"])
    let capacity = isBounded ? "(capacity: \(1 + random.below(2)))" : ""
    let mayHoldNone = kind != "priority queue" || scenery.has(.misuses)
    var items = random.pick([.integers, .integers, .integers, .integers, .texts, Items.truthValues])
    if kind == "priority queue", items == .truthValues { items = .integers }
    if scenery.has(.handles), kind != "priority queue", random.chance(40) { items = .handles }
    let queue = QueueScenery(
      name: "tasks",
      isBounded: isBounded,
      countsTasks: random.chance(50),
      items: items,
      hasSentinel: mayHoldNone && random.chance(40)
    )
    guard random.chance(15) else {
      scenery.queues = [queue]
      return ["\(kind) tasks\(capacity)"]
    }
    for index in 0..<2 {
      scenery.queues.append(queue)
      scenery.queues[index].name = "tasks[\(index)]"
    }
    return ["\(kind) tasks[2]\(capacity)"]
  }
}
