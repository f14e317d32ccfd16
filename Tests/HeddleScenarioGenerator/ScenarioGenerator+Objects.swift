extension ScenarioGenerator {
  /// An object, or for an element of an array sometimes one whose number is found out in the run.
  private mutating func element(_ name: String, _ place: Place) -> String {
    guard name.hasSuffix("]"), !place.isInFunction, random.chance(30) else { return name }
    let index = scenery.has(.misuses) && random.chance(50) ? "x" : "self.index % 2"
    return name.prefix { $0 != "[" } + "[\(index)]"
  }

  // MARK: Locks

  /// A lock, preferably one that is not held.
  private mutating func lock(_ place: Place) -> String {
    let free = scenery.allLocks.filter { !place.held.contains($0) }
    let isAgain = scenery.rlocks.contains { place.held.contains($0) } && random.chance(30)
    if isAgain { return random.pick(scenery.rlocks) }
    if free.isEmpty || random.chance(8) { return random.pick(scenery.allLocks) }
    return element(random.pick(free), place)
  }

  /// Two locks, one inside the other, in either order: what deadlocks are made of.
  mutating func crossing(_ place: Place) -> [String] {
    let outer = lock(place)
    var inside = place
    inside.held.append(outer)
    let inner = lock(inside)
    inside.held.append(inner)
    inside.depth += 1
    return block("with \(outer)", block("with \(inner)", block(of: 1, inside)))
  }

  /// What an atomic block may do with a lock.
  mutating func lockingAtOnce(_ place: Place) -> [String] {
    let name = lock(place)
    guard random.chance(70) else { return ["\(name).release()"] }
    let local = freshLocal()
    return ["let \(local) = \(name).acquire(blocking: false)"] + block("if !\(local)", ["x = 2"])
  }

  mutating func locked(_ place: Place) -> [String] {
    let name = lock(place)
    var inside = place
    inside.held.append(name)
    return block("with \(name)", block(of: 1 + random.below(2), inside))
  }

  /// Acquisitions and releases by hand: usually in pairs, sometimes forgotten, sometimes of what is not held.
  mutating func bareLocking(_ place: inout Place) -> [String] {
    let name = lock(place)
    var inside = place
    inside.held.append(name)
    switch random.below(10) {
    case 0 where place.mayGrow: return ["\(name).release()"]
    case 1 where place.mayGrow:
      place.held.append(name)
      return ["\(name).acquire()"]
    case 2, 3:
      let body = block(of: 1, inside) + ["\(name).release()"]
      return block("if \(name).acquire(blocking: false)", body)
    case 4, 5:
      let local = freshLocal()
      let body = block(of: 1, inside) + ["\(name).release()"]
      place.booleans.append(local)
      return ["let \(local) = \(name).acquire(timeout: 1)"] + block("if \(local)", body)
    case 6 where place.depth < 3:
      let body = block("try", block(of: 1, inside))
      return ["\(name).acquire()"] + body.dropLast()
        + ["} finally {", "    \(name).release()", "}"]
    case 7:
      let local = freshLocal()
      place.booleans.append(local)
      let all = random.pick(["acquire()", "acquire(blocking: true)"])
      return ["let \(local) = \(name).\(all)"] + block(of: 1, inside) + ["\(name).release()"]
    default: return ["\(name).acquire()"] + block(of: 1, inside) + ["\(name).release()"]
    }
  }

  // MARK: Conditions

  mutating func conditionUse(_ place: Place) -> [String] {
    let condition = random.pick(scenery.conditions)
    let name = condition.name
    if place.isAtomic { return ["\(name).notify_all()"] }
    let predicate = random.pick(scenery.flags)
    var inside = place
    inside.held.append(condition.lock)
    inside.depth = 3
    var body: [String]
    switch random.below(10) {
    case 9: body = ["let \(freshLocal()) = \(name).wait(\(random.chance(50) ? "timeout: 1" : ""))"]
    case 0, 1, 2: body = block("while !\(predicate)", ["\(name).wait()"])
    case 3: body = block("if !\(predicate)", ["\(name).wait()"])
    case 4:
      let giveUp = random.pick(["break", "x = 2; break", "\(predicate) = true"])
      let wait = "if !\(name).wait(timeout: 1) { \(giveUp) }"
      body = block("while !\(predicate)", [wait])
    case 5: body = ["\(predicate) = true", "\(name).notify_all()"]
    case 6: body = ["\(predicate) = true", "\(name).notify(2)"]
    default: body = ["\(predicate) = true", "\(name).notify()"]
    }
    if random.chance(30) { body += statement(inside).lines }
    if random.chance(4) { return body }
    switch random.below(12) {
    case 0: return ["\(name).acquire()"] + body + ["\(name).release()"]
    case 1 where condition.lock != "a":
      return block("with \(condition.lock)", block("with \(condition.lock)", body))
    default: return block("with \(condition.lock)", body)
    }
  }

  // MARK: Semaphores

  mutating func semaphoreUse(_ place: Place) -> [String] {
    let name = element(random.pick(scenery.semaphores), place)
    if place.isAtomic {
      let isTry = !place.mayGrow || random.chance(40)
      return isTry
        ? block("if \(name).acquire(blocking: false)", ["x = 1"]) : ["\(name).release()"]
    }
    let isNested = place.depth < 3
    let inner = isNested ? block(of: 1, place) : ["x = 1"]
    switch random.below(8) {
    case 0 where place.mayGrow: return ["\(name).release(2)"]
    case let number where number < 3 && place.mayGrow: return ["\(name).release()"]
    case 3: return block("if \(name).acquire(blocking: false)", inner + ["\(name).release()"])
    case 4: return block("if \(name).acquire(timeout: 1)", inner + ["\(name).release()"])
    case 5: return ["\(name).acquire()"]
    default: return block("with \(name)", inner)
    }
  }

  // MARK: Events

  mutating func eventUse(_ place: inout Place) -> [String] {
    let name = element(random.pick(scenery.events), place)
    let isCleared = scenery.clearsEvents && random.chance(30)
    if isCleared { return ["\(name).clear()"] }
    if place.isAtomic { return ["\(name).set()"] }
    switch random.below(7) {
    case 6:
      let local = freshLocal()
      place.booleans.append(local)
      return ["let \(local) = \(name).wait(\(random.chance(70) ? "timeout: 1" : ""))"]
    case 0, 1: return ["\(name).set()"]
    case 2: return block("if \(name).wait(timeout: 1)", ["x = 1"])
    case 3: return block("if \(name).is_set()", ["x = 2"])
    default: return ["\(name).wait()"]
    }
  }

  // MARK: Barriers

  mutating func barrierUse(_ place: inout Place) -> [String] {
    let name = element(random.pick(scenery.barriers), place)
    if place.isAtomic { return ["\(name).\(random.pick(["abort", "reset"]))()"] }
    switch random.below(10) {
    case 0: return ["\(name).abort()"]
    case 1: return ["\(name).reset()"]
    case 2: return ["\(name).wait(timeout: 1) else { x = 2 }"]
    case 3: return ["\(name).wait(timeout: 1)"]
    case 4: return ["\(name).wait() else { x = 1 }"]
    case 5:
      let local = freshLocal()
      place.integers.append(local)
      return ["let \(local) = \(name).wait()"]
    default: return ["\(name).wait()"]
    }
  }

  // MARK: Queues

  mutating func queueUse(_ place: inout Place) -> [String] {
    var queue = random.pick(scenery.queues)
    queue.name = element(queue.name, place)
    return random.chance(50) ? put(queue, place) : get(queue, &place)
  }

  private mutating func put(_ queue: QueueScenery, _ place: Place) -> [String] {
    guard let value = item(queue, place) else { return ["x = \(queue.name).qsize()"] }
    let otherwise = random.chance(60) ? " else { x = 2 }" : ""
    let grows = !queue.isBounded || queue.countsTasks
    if place.isAtomic || (!place.mayGrow && grows) {
      guard queue.isBounded else {
        return place.mayGrow ? ["\(queue.name).put(\(value))"] : ["x = \(queue.name).qsize()"]
      }
      return ["\(queue.name).put(\(value), blocking: false)\(otherwise)"]
    }
    switch random.below(10) {
    case 0: return ["\(queue.name).put(\(value), blocking: false)\(otherwise)"]
    case 1: return ["\(queue.name).put(\(value), timeout: 1)\(otherwise)"]
    case 2: return ["\(queue.name).put_nowait(\(value))\(otherwise)"]
    case 3: return ["\(queue.name).put(\(value), blocking: true)"]
    default: return ["\(queue.name).put(\(value))"]
    }
  }

  /// What can be put into a queue here; `nil` if nothing.
  private mutating func item(_ queue: QueueScenery, _ place: Place) -> String? {
    if queue.hasSentinel, random.chance(30) { return "none" }
    switch queue.items {
    case .integers:
      return place.integers.isEmpty ? "\(random.below(3))" : random.pick(place.integers)
    case .truthValues: return random.pick(["true", "false"] + place.booleans)
    case .texts:
      let name = place.isInFunction ? "\"job-1\"" : "self.name"
      return random.pick(["\"job-\(random.below(3))\"", "\"job-\\(x)\"", name])
    case .handles: return place.isInFunction ? nil : random.pick(place.handles + ["self"])
    }
  }

  private mutating func get(_ queue: QueueScenery, _ place: inout Place) -> [String] {
    if place.isAtomic, random.chance(40) {
      let isCounted = queue.countsTasks && random.chance(50)
      return [isCounted ? "\(queue.name).task_done()" : "x = \(queue.name).qsize()"]
    }
    if !place.isAtomic, queue.countsTasks, random.chance(15) {
      return [random.chance(50) ? "\(queue.name).join()" : "\(queue.name).task_done()"]
    }
    let local = freshLocal()
    let isInFunctionWithValue = place.isInFunction
    var leave = place.isInLoop ? "break" : "return"
    if isInFunctionWithValue { leave = "fail \"empty\"" }
    let form: String
    switch place.isAtomic ? 4 : random.below(10) {
    case 4: form = "get_nowait() else { \(leave) }"
    case 5: form = "get(blocking: true)"
    case 0: form = "get(timeout: 1) else { \(leave) }"
    case 1: form = "get(blocking: false) else { \(leave) }"
    case 2: form = "get_nowait()"
    case 3: form = "get(timeout: 1)"
    default: form = "get()"
    }
    let isInteger = !queue.hasSentinel && queue.items == .integers
    if isInteger { place.integers.append(local) }
    if !queue.hasSentinel, queue.items == .truthValues { place.booleans.append(local) }
    if !queue.hasSentinel, queue.items == .handles, !place.isAtomic {
      place.handles.append(local)
    }
    var lines = ["let \(local) = \(queue.name).\(form)"]
    if queue.countsTasks, random.chance(75) { lines.append("\(queue.name).task_done()") }
    if random.chance(30) {
      let isText = queue.items == .texts && random.chance(50)
      let text = isText ? "if \(local) == \"job-1\" { x = 2 }" : "print \(local)"
      let check = queue.hasSentinel ? "if \(local) == none { x = 2 }" : text
      lines.append(isInteger && place.mayGrow ? "x = \(local)" : check)
    }
    return lines
  }
}
