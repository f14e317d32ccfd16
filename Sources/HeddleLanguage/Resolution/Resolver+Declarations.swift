import HeddleDiagnostics
import HeddleProgram

/// The greatest length of an array, of values or of objects.
let longestArray = 65_536
/// The greatest number of words in a state.
let largestState = 65_536
/// The greatest number of threads in all.
let mostThreads = 1024

extension Resolver {
  /// Enters every top-level name into the global scope.
  mutating func declareNames() {
    for declaration in tree.declarations {
      switch declaration.kind {
      case .constant(let name, let value):
        guard declare(name, as: .constant(constants.count)) else { continue }
        constants.append(ConstantSymbol(name: name, value: value))
      case .thread(let thread):
        let id = ThreadSymbolID(index: scenario.threads.count)
        guard declare(thread.name, as: .thread(id)) else { continue }
        if thread.name.text == "main" { report(.threadNamedMain(), at: thread.name.span) }
        var symbol = ThreadSymbol(name: thread.name.text, span: thread.name.span)
        symbol.isDaemon = thread.isDaemon
        symbol.mayOutliveMain = thread.mayOutliveMain
        scenario.threads.append(symbol)
        threadPositions[id] = threadDeclarations.count
        threadDeclarations.append((id, thread))
      case .function(let function):
        let id = FunctionID(index: scenario.functions.count)
        guard declare(function.name, as: .function(id)) else { continue }
        addFunction(function.name.text, at: function.name.span, owner: nil)
        functionDeclarations.append((id, function))
        pendingBodies.append(
          PendingBody(
            function: id,
            owner: nil,
            hasSelf: false,
            isFunction: true,
            block: function.body
          )
        )
        scenario.functions[id.index].returnsValue = returnsValue(function.body)
      case .main(let block): declareMain(block, span: declaration.span)
      case .finally(let block): declareFinally(block, span: declaration.span)
      case .shared(let shared):
        let id = VariableID(scenario.variables.count)
        guard declare(shared.name, as: .variable(id)) else { continue }
        addVariable(shared.name, isAtomic: shared.isAtomic, owner: nil)
      case .sync(let sync):
        let id = ObjectSymbolID(index: scenario.objects.count)
        guard declare(sync.name, as: .object(id)) else { continue }
        scenario.objects.append(
          ObjectSymbol(name: sync.name.text, span: sync.name.span, kind: placeholder(sync.kind))
        )
      case .invariant, .expect, .allow: break
      }
    }
  }

  /// Evaluates what declarations of objects and shared variables depend on.
  mutating func declareObjectsAndVariables() {
    // A condition may name an array of locks that is declared after it: lengths come first.
    for case .sync(let sync) in tree.declarations.map(\.kind) {
      guard let count = sync.count, case .object(let id) = globals[sync.name.text],
        scenario.objects[id.index].span == sync.name.span
      else { continue }
      let length = arrayLength(count, role: "the number of objects", isInState: true)
      scenario.objects[id.index].length = length ?? 1
    }
    for declaration in tree.declarations {
      switch declaration.kind {
      case .sync(let sync):
        if case .object(let id) = globals[sync.name.text],
          scenario.objects[id.index].span == sync.name.span
        {
          define(sync, id)
        }
      case .shared(let shared):
        if case .variable(let id) = globals[shared.name.text],
          scenario.variables[id.index].span == shared.name.span
        {
          define(shared, id)
        }
      default: break
      }
    }
  }

  // MARK: Names

  /// Enters a name; reports and returns `false` if it is taken.
  private mutating func declare(_ name: Name, as symbol: GlobalSymbol) -> Bool {
    if globals[name.text] != nil {
      report(.duplicateName(name.text), at: name.span, notes: declarationNote(name.text))
      return false
    }
    globals[name.text] = symbol
    globalSpans[name.text] = name.span
    globalNames.append(name.text)
    return true
  }

  private mutating func declareMain(_ block: Block, span: SourceSpan) {
    guard scenario.main == nil else {
      return report(.duplicateMain(), at: keyword(of: span, length: 4))
    }
    let id = ThreadSymbolID(index: scenario.threads.count)
    var symbol = ThreadSymbol(name: "main", span: keyword(of: span, length: 4))
    symbol.isMain = true
    let function = addFunction("main", at: symbol.span, owner: id)
    symbol.methods["run"] = function
    scenario.threads.append(symbol)
    scenario.main = id
    pendingBodies.append(
      PendingBody(function: function, owner: id, hasSelf: true, isFunction: false, block: block)
    )
  }

  private mutating func declareFinally(_ block: Block, span: SourceSpan) {
    guard scenario.finally == nil else {
      return report(.duplicateFinally(), at: keyword(of: span, length: 7))
    }
    let function = addFunction("finally", at: keyword(of: span, length: 7), owner: nil)
    scenario.finally = function
    pendingBodies.append(
      PendingBody(function: function, owner: nil, hasSelf: false, isFunction: false, block: block)
    )
  }

  /// The first `length` bytes of a span.
  func keyword(of span: SourceSpan, length: Int) -> SourceSpan {
    SourceSpan(start: span.start, end: min(span.start + length, span.end))
  }

  @discardableResult
  mutating func addFunction(
    _ name: String,
    at span: SourceSpan,
    owner: ThreadSymbolID?
  ) -> FunctionID {
    let result = scenario.types.make()
    scenario.functions.append(
      FunctionSymbol(name: name, span: span, owner: owner, result: result)
    )
    return FunctionID(index: scenario.functions.count - 1)
  }

  @discardableResult
  mutating func addVariable(
    _ name: Name,
    isAtomic: Bool,
    owner: ThreadSymbolID?
  ) -> VariableID {
    let prefix = owner.map { scenario.threads[$0.index].name + "." } ?? ""
    scenario.variables.append(
      VariableSymbol(
        name: prefix + name.text,
        shortName: name.text,
        span: name.span,
        isAtomic: isAtomic,
        owner: owner,
        shape: .scalar,
        type: scenario.types.make(),
        initial: .values([0])
      )
    )
    return VariableID(scenario.variables.count - 1)
  }

  // MARK: Objects

  private mutating func placeholder(_ kind: SyncDeclaration.Kind) -> ObjectSymbol.Kind {
    switch kind {
    case .lock: .lock
    case .rlock: .rlock
    case .event: .event
    case .semaphore(_, let isBounded): .semaphore(initial: 0, isBounded: isBounded)
    case .barrier: .barrier(parties: 1)
    case .condition(_, let isFIFO): .condition(lock: nil, isFIFO: isFIFO)
    case .queue(let order, _):
      .queue(order: lowered(order), capacity: nil, items: scenario.types.make())
    }
  }

  private func lowered(_ order: SyncDeclaration.QueueOrder) -> SyncObject.QueueOrder {
    switch order {
    case .fifo: .fifo
    case .lifo: .lifo
    case .priority: .priority
    }
  }

  private mutating func define(_ sync: SyncDeclaration, _ id: ObjectSymbolID) {
    switch sync.kind {
    case .lock, .rlock, .event: break
    case .semaphore(let initial, let isBounded):
      if let value = constantInteger(initial, role: "the value of a semaphore", minimum: 0) {
        scenario.objects[id.index].kind = .semaphore(initial: value, isBounded: isBounded)
      }
    case .barrier(let parties):
      if let value = constantInteger(
        parties,
        role: "the number of parties",
        minimum: 1,
        maximum: mostThreads
      ) {
        scenario.objects[id.index].kind = .barrier(parties: value)
      }
    case .condition(let lock, let isFIFO):
      guard let lock, let symbol = lockOfCondition(lock, of: id) else { return }
      scenario.objects[id.index].kind = .condition(lock: symbol, isFIFO: isFIFO)
    case .queue(_, let capacity):
      guard let capacity,
        let value = constantInteger(capacity, role: "the capacity of a queue", minimum: 1),
        case .queue(let order, _, let items) = scenario.objects[id.index].kind
      else { return }
      scenario.objects[id.index].kind = .queue(order: order, capacity: value, items: items)
    }
  }

  /// The lock that a condition names, which is single, or one of an array of the same length.
  private mutating func lockOfCondition(_ name: Name, of id: ObjectSymbolID) -> ObjectSymbolID? {
    guard case .object(let lock) = globals[name.text] else {
      if let symbol = globals[name.text] {
        report(
          .notALock(name.text, kind: kindName(symbol)),
          at: name.span,
          notes: declarationNote(name.text)
        )
      } else {
        report(.unknownLock(name.text, among: lockNames), at: name.span)
      }
      return nil
    }
    switch scenario.objects[lock.index].kind {
    case .lock, .rlock: break
    default:
      report(
        .notALock(name.text, kind: scenario.objects[lock.index].kindName),
        at: name.span,
        notes: declarationNote(name.text)
      )
      return nil
    }
    guard let length = scenario.objects[lock.index].length else { return lock }
    let own = scenario.objects[id.index].length
    guard own == length else {
      report(
        own == nil
          ? .objectNeedsIndex(name.text, kind: "lock")
          : .arrayLengthMismatch(expected: own ?? 0, found: length),
        at: name.span,
        notes: declarationNote(name.text)
      )
      return nil
    }
    return lock
  }

  private var lockNames: [String] {
    globalNames.filter {
      guard case .object(let id) = globals[$0] else { return false }
      switch scenario.objects[id.index].kind {
      case .lock, .rlock: return true
      default: return false
      }
    }
  }

  /// What a name stands for, for messages.
  func kindName(_ symbol: GlobalSymbol) -> String {
    switch symbol {
    case .constant: "constant"
    case .variable: "shared variable"
    case .object(let id): scenario.objects[id.index].kindName
    case .thread: "thread"
    case .function: "function"
    }
  }

  // MARK: Shared variables and fields

  /// Finds the shape, the type and the initial value of a shared variable or field.
  mutating func define(_ shared: SharedDeclaration, _ id: VariableID) {
    let node = scenario.variables[id.index].type
    let annotation = shared.type.flatMap { resolveType($0) }
    let (shape, elements) = resolveInitialValue(shared.value)
    var type = node
    if let annotation {
      type = annotation.node
      scenario.variables[id.index].type = type
      switch (annotation.isArray, shape) {
      case (true, .scalar): report(.arrayNeeded("'\(shared.name.text)'"), at: shared.value.span)
      case (false, .array): report(.arrayAsValue(), at: shared.value.span)
      default: break
      }
    }
    scenario.variables[id.index].shape = shape
    // The elements of `[e; n]` are all the same one.
    for element in isRepeated(shared.value) ? elements.prefix(1) : elements[...] {
      flow(element, into: type, role: "'\(shared.name.text)'")
    }
    scenario.variables[id.index].initial = initialValue(elements)
  }

  private func isRepeated(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .parenthesized(let inner): isRepeated(inner)
    case .repeatedArray: true
    default: false
    }
  }

  private func initialValue(_ elements: [ResolvedExpression]) -> InitialValue {
    switch elements.first?.kind {
    case .anyInteger: return .anyInteger
    case .any(let lower, let upper, let isClosed):
      let last = upper.constant ?? 0
      return .anyOf(lower: lower.constant ?? 0, upper: isClosed ? last : last - 1)
    default: return .values(elements.map { $0.constant ?? ($0.isNone ? Program.none : 0) })
    }
  }

  /// The shape of an initial value with its constant elements.
  private mutating func resolveInitialValue(
    _ expression: Expression
  ) -> (Shape, [ResolvedExpression]) {
    switch expression.kind {
    case .parenthesized(let inner): return resolveInitialValue(inner)
    case .any(let domain): return (.scalar, [resolveInitialAny(domain, span: expression.span)])
    case .repeatedArray(let value, let count):
      let length = arrayLength(count, role: "the length of an array", isInState: true) ?? 1
      let element = constantValue(value, role: "an initial value")
      return (.array(length: length), Array(repeating: element, count: length))
    case .array(let values):
      guard !values.isEmpty else {
        report(.emptyArray(), at: expression.span)
        return (.array(length: 1), [.error(at: expression.span)])
      }
      guard values.count <= longestArray else {
        report(.arrayTooLong(limit: longestArray), at: expression.span)
        return (.array(length: 1), [.error(at: expression.span)])
      }
      let elements = values.map { constantValue($0, role: "an initial value") }
      return (.array(length: elements.count), elements)
    default: return (.scalar, [constantValue(expression, role: "an initial value")])
    }
  }

  private mutating func resolveInitialAny(
    _ domain: Expression.AnyDomain,
    span: SourceSpan
  ) -> ResolvedExpression {
    let outer = context
    defer { context = outer }
    context = BodyContext(ownerName: "")
    context.constantRole = "an initial value"
    return resolveAny(domain, span: span)
  }
}
