import HeddleProgram

extension Lowering {
  /// Adds the thread declarations whose code can run, and their instances.
  mutating func addInstances() {
    threadTypes = Array(repeating: nil, count: scenario.threads.count)
    for thread in threadOrder where counts.instances[thread.index] != nil {
      let symbol = scenario.threads[thread.index]
      var type = ThreadType(name: symbol.name, span: symbol.span, entry: InstructionID(0))
      type.isMain = symbol.isMain
      type.isDaemon = symbol.isDaemon
      type.mayOutliveMain = symbol.mayOutliveMain
      type.parameterCount = symbol.parameters.count
      type.firstInstance = ThreadID(program.instances.count)
      type.instanceCount = counts.provided(thread)
      type.countParameter = symbol.countParameter
      type.isCapped = counts.instances[thread.index]?.isUnbounded ?? false
      let id = ThreadTypeID(program.threadTypes.count)
      threadTypes[thread.index] = id
      program.threadTypes.append(type)
      for index in 0..<type.instanceCount {
        let name = type.instanceCount == 1 ? symbol.name : "\(symbol.name)#\(index + 1)"
        program.instances.append(
          ThreadInstance(type: id, indexInType: index, name: name, nameString: strings.intern(name))
        )
      }
    }
  }

  // MARK: Objects

  mutating func addObjects() {
    // Conditions refer to locks that may be declared after them.
    var next = 0
    for symbol in scenario.objects {
      objects.append(ObjectID(next))
      next += symbol.count
    }
    for (number, symbol) in scenario.objects.enumerated() {
      for element in 0..<symbol.count {
        let name = symbol.length == nil ? symbol.name : "\(symbol.name)[\(element)]"
        program.objects.append(
          SyncObject(
            name: name,
            declaredName: symbol.name,
            span: symbol.span,
            kind: kind(of: ObjectSymbolID(index: number), element: element)
          )
        )
      }
    }
    addOwnLocks()
  }

  private func kind(of id: ObjectSymbolID, element: Int) -> SyncObject.Kind {
    switch scenario.objects[id.index].kind {
    case .lock: return .lock
    case .rlock: return .rlock
    case .event: return .event(isCleared: counts.effects.cleared.contains(id))
    case .semaphore(let initial, let isBounded):
      return .semaphore(initial: initial, isBounded: isBounded)
    case .barrier(let parties): return .barrier(parties: parties)
    case .condition(let lock, let isFIFO):
      // One without a lock gets its own below.
      guard let lock else { return .condition(lock: ObjectID(-1), isFIFO: isFIFO) }
      let isArray = scenario.objects[lock.index].length != nil
      let first = objects[lock.index].index
      return .condition(lock: ObjectID(first + (isArray ? element : 0)), isFIFO: isFIFO)
    case .queue(let order, let capacity, let items):
      return .queue(
        order: order,
        capacity: capacity,
        bound: capacity == nil ? counts.bound(of: id, element: element) : nil,
        countsTasks: counts.effects.taskQueues.contains(id),
        items: scenario.types.valueType(of: items)
      )
    }
  }

  /// Adds the rlocks of conditions that were declared without a lock.
  private mutating func addOwnLocks() {
    for index in program.objects.indices {
      guard case .condition(ObjectID(-1), let isFIFO) = program.objects[index].kind else {
        continue
      }
      let owner = program.objects[index]
      program.objects[index].kind = .condition(
        lock: ObjectID(program.objects.count),
        isFIFO: isFIFO
      )
      program.objects.append(
        SyncObject(
          name: owner.name,
          declaredName: owner.declaredName,
          span: owner.span,
          kind: .rlock
        )
      )
    }
  }

  // MARK: Variables

  mutating func addVariables() {
    for symbol in scenario.variables {
      let type = scenario.types.valueType(of: symbol.type)
      let (shape, copies) = shape(of: symbol)
      let initial: Variable.Initial
      switch symbol.initial {
      case .values(let values):
        initial = .values((0..<copies).flatMap { _ in values })
      case .anyOf(let lower, let upper): initial = .anyOf(lower: lower, upper: upper)
      case .anyInteger: initial = .anyInteger
      }
      program.variables.append(
        Variable(
          name: symbol.name,
          span: symbol.span,
          type: type,
          isAtomic: symbol.isAtomic,
          shape: shape,
          initial: initial
        )
      )
    }
  }

  /// The shape of a variable, and how many copies there are of it.
  private func shape(of symbol: VariableSymbol) -> (Variable.Shape, copies: Int) {
    guard let owner = symbol.owner else {
      guard case .array(let length) = symbol.shape else { return (.scalar, 1) }
      return (.array(length: length ?? symbol.initial.count), 1)
    }
    var slots: [Int] = []
    var copies = 0
    let hasField = scenario.threads.indices.map {
      scenario.types.lineage(of: ThreadSymbolID(index: $0)).contains(owner)
    }
    var isOwner = Array(repeating: false, count: program.threadTypes.count)
    for (thread, type) in threadTypes.enumerated() {
      if let type { isOwner[type.index] = hasField[thread] }
    }
    for instance in program.instances {
      slots.append(isOwner[instance.type.index] ? copies : -1)
      if isOwner[instance.type.index] { copies += 1 }
    }
    let length = symbol.initial.count
    let isArray = symbol.shape != .scalar
    return (.field(slots: slots, length: length, isArray: isArray), copies)
  }
}
