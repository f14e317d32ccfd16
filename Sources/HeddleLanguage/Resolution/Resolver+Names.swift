import HeddleDiagnostics
import HeddleProgram

extension Resolver {
  /// Resolves a name that stands for a value.
  mutating func resolveName(_ name: String, span: SourceSpan) -> ResolvedExpression {
    if let role = context.constantRole { return resolveConstantName(name, role: role, span: span) }
    if let local = context.visible[name] { return reference(local, span: span) }
    if let owner = context.owner {
      if let field = findField(name, from: owner) {
        return reference(field, owner: thisThread(span), span: span)
      }
      if name != "run", findMethod(name, from: owner) != nil {
        report(.methodNeedsCall(name), at: span)
        return .error(at: span)
      }
    }
    switch globals[name] {
    case .constant(let index): return constantValue(index, from: span)
    case .variable(let variable): return reference(variable, owner: nil, span: span)
    case .object(let object):
      report(
        .objectAsValue(name, kind: scenario.objects[object.index].kindName),
        at: span,
        notes: declarationNote(name)
      )
    case .thread(let thread): return resolveInstances(thread, name: name, span: span)
    case .function: report(.functionAsValue(name), at: span, notes: declarationNote(name))
    case nil: report(.unknownName(name, among: visibleNames()), at: span)
    }
    return .error(at: span)
  }

  /// Whether nothing at all has this name.
  func isUnknown(_ name: String) -> Bool {
    if let owner = context.owner,
      findField(name, from: owner) != nil || findMethod(name, from: owner) != nil
    {
      return false
    }
    return context.visible[name] == nil && globals[name] == nil
  }

  private mutating func resolveConstantName(
    _ name: String,
    role: String,
    span: SourceSpan
  ) -> ResolvedExpression {
    switch globals[name] {
    case .constant(let index): return constantValue(index, from: span)
    case nil where context.visible[name] == nil:
      let names = constants.map(\.name.text)
      report(.unknownName(name, among: names), at: span)
    default: report(.notConstant(role), at: span, notes: declarationNote(name))
    }
    return .error(at: span)
  }

  /// The threads of a declaration, which exist before the run if nothing starts them.
  private mutating func resolveInstances(
    _ thread: ThreadSymbolID,
    name: String,
    span: SourceSpan
  ) -> ResolvedExpression {
    guard scenario.main == nil else {
      report(.threadAsValue(name), at: span, notes: declarationNote(name))
      return .error(at: span)
    }
    guard scenario.threads[thread.index].countParameter == nil else {
      report(.threadsOfEveryNumber(name), at: span, notes: declarationNote(name))
      return .error(at: span)
    }
    let type = scenario.types.make(.thread, from: span, handleClass: .declared(thread))
    guard scenario.threads[thread.index].countSpan != nil else {
      return ResolvedExpression(kind: .instance(thread), type: .value(type), span: span)
    }
    let count = scenario.threads[thread.index].declaredCount
    return ResolvedExpression(
      kind: .instances(thread),
      type: .array(type, length: count ?? 1),
      span: span
    )
  }

  /// Everything that can be named here, nearest first.
  func visibleNames(methods: Bool = true) -> [String] {
    var names = context.blocks.reversed().flatMap { $0 }
    if let owner = context.owner {
      for ancestor in scenario.types.lineage(of: owner) {
        let symbol = scenario.threads[ancestor.index]
        names += symbol.fields.keys.sorted()
        if methods { names += symbol.methods.keys.filter { $0 != "run" }.sorted() }
      }
    }
    return names + globalNames
  }

  // MARK: References

  private mutating func reference(_ local: LocalID, span: SourceSpan) -> ResolvedExpression {
    let symbol = scenario.locals[local.index]
    if let team = symbol.team, context.wholeTeam != span {
      let name = scenario.threads[team.index].name
      report(.threadsOfEveryNumber(name), at: span, notes: declarationNote(name))
      return .error(at: span)
    }
    switch symbol.shape {
    case .scalar:
      return ResolvedExpression(kind: .local(local), type: .value(symbol.type), span: span)
    case .array(let length):
      return ResolvedExpression(
        kind: .local(local),
        type: .array(symbol.type, length: length),
        span: span
      )
    }
  }

  /// A shared variable, or the field of a thread.
  func reference(
    _ variable: VariableID,
    owner: ResolvedExpression?,
    span: SourceSpan
  ) -> ResolvedExpression {
    let symbol = scenario.variables[variable.index]
    let kind: ResolvedExpression.Kind =
      owner.map { .field(variable, owner: $0) } ?? .variable(variable)
    switch symbol.shape {
    case .scalar: return ResolvedExpression(kind: kind, type: .value(symbol.type), span: span)
    case .array(let length):
      return ResolvedExpression(kind: kind, type: .array(symbol.type, length: length), span: span)
    }
  }

  /// The own handle.
  mutating func thisThread(_ span: SourceSpan) -> ResolvedExpression {
    let handleClass = context.owner.map { HandleClass.declared($0) } ?? .any
    let type = scenario.types.make(.thread, from: span, handleClass: handleClass)
    return ResolvedExpression(kind: .thisThread, type: .value(type), span: span)
  }

  mutating func resolveSelf(_ span: SourceSpan) -> ResolvedExpression {
    guard context.hasSelf, context.constantRole == nil else {
      report(.selfOutsideThread(), at: span)
      return .error(at: span)
    }
    return thisThread(span)
  }

  // MARK: Members

  /// Resolves `object.name` that is not called.
  mutating func resolveMember(
    _ object: Expression,
    _ name: Name,
    span: SourceSpan
  ) -> ResolvedExpression {
    if let symbol = namedObject(object) {
      return resolveObjectMember(symbol, object, name, span: span)
    }
    if case .superReference = object.kind {
      report(.methodNeedsCall(name.text), at: name.span)
      return .error(at: span)
    }
    if case .selfReference = object.kind { return resolveSelfMember(object, name, span: span) }
    let value = resolve(object)
    switch value.type {
    case .error: return .error(at: span)
    case .nothing:
      reportNoValue(value)
      return .error(at: span)
    case .array(_, let length):
      guard name.text == "count" else {
        report(.unknownMember(name.text, of: "an array", among: ["count"]), at: name.span)
        return .error(at: span)
      }
      if let length { return integer(length, at: span) }
      let type = scenario.types.make(.integer, from: span)
      return ResolvedExpression(kind: .count(value), type: .value(type), span: span)
    case .value: return resolveHandleMember(value, name, span: span)
    }
  }

  private mutating func resolveObjectMember(
    _ symbol: ObjectSymbolID,
    _ object: Expression,
    _ name: Name,
    span: SourceSpan
  ) -> ResolvedExpression {
    let objects = scenario.objects[symbol.index]
    if name.text == "count", let length = objects.length, case .name = object.kind {
      return integer(length, at: span)
    }
    let methods = methodNames(of: objects.kind)
    if methods.contains(name.text) {
      report(.methodNeedsCall(name.text), at: name.span)
    } else {
      report(.unknownMethod(name.text, of: objects.kindName, methods: methods), at: name.span)
    }
    return .error(at: span)
  }

  private mutating func resolveSelfMember(
    _ object: Expression,
    _ name: Name,
    span: SourceSpan
  ) -> ResolvedExpression {
    let this = resolveSelf(object.span)
    guard !this.isError else { return .error(at: span) }
    if name.text == "index" {
      let type = scenario.types.make(.integer, from: span)
      return ResolvedExpression(kind: .thisIndex, type: .value(type), span: span)
    }
    if name.text == "name" {
      let type = scenario.types.make(.string, from: span)
      return ResolvedExpression(kind: .thisName, type: .value(type), span: span)
    }
    guard let owner = context.owner else { return .error(at: span) }
    if let field = findField(name.text, from: owner) {
      return reference(field, owner: this, span: span)
    }
    let parameters = scenario.threads[owner.index].parameters
    if let local = parameters.first(where: { scenario.locals[$0.index].name == name.text }) {
      return reference(local, span: span)
    }
    if handleMethods.contains(name.text) || findMethod(name.text, from: owner) != nil {
      report(.methodNeedsCall(name.text), at: name.span)
      return .error(at: span)
    }
    let names =
      ["index", "name"] + memberNames(of: owner)
      + parameters.map { scenario.locals[$0.index].name }
    let title = scenario.threads[owner.index].name
    report(.unknownMember(name.text, of: "'\(title)'", among: names), at: name.span)
    return .error(at: span)
  }

  /// The field of a thread that a handle refers to.
  private mutating func resolveHandleMember(
    _ handle: ResolvedExpression,
    _ name: Name,
    span: SourceSpan
  ) -> ResolvedExpression {
    guard let node = handle.node else { return .error(at: span) }
    if let found = scenario.types.base(of: node), found != .thread {
      report(
        .unknownMember(name.text, of: found.phrase, among: []),
        at: name.span,
        notes: originNote(of: node, unlessAt: handle.span, found: found)
      )
      return .error(at: span)
    }
    require(handle, .thread, role: "what has members")
    if name.text == "name" {
      let type = scenario.types.make(.string, from: span)
      return ResolvedExpression(kind: .text([.value(handle)]), type: .value(type), span: span)
    }
    if name.text == "index" {
      report(.ownNameOfOther(name.text), at: name.span)
      return .error(at: span)
    }
    if handleMethods.contains(name.text) {
      report(.methodNeedsCall(name.text), at: name.span)
      return .error(at: span)
    }
    guard let field = fieldOfHandle(node, name) else { return .error(at: span) }
    fieldChecks.append(FieldCheck(handle: node, field: field, span: name.span))
    return reference(field, owner: handle, span: span)
  }

  private mutating func fieldOfHandle(_ handle: TypeNode, _ name: Name) -> VariableID? {
    if case .declared(let thread) = scenario.types.handleClass(of: handle) {
      if let field = findField(name.text, from: thread) { return field }
      let title = scenario.threads[thread.index].name
      report(
        .unknownMember(name.text, of: "'\(title)'", among: memberNames(of: thread)),
        at: name.span,
        notes: declarationNote(title)
      )
      return nil
    }
    // Nothing is known of the handle yet; the name of the field may tell.
    var candidates: [VariableID] = []
    var names = handleMethods
    for thread in scenario.threads {
      names += thread.fields.keys.sorted()
      if let field = thread.fields[name.text] { candidates.append(field) }
    }
    if candidates.count == 1 { return candidates[0] }
    if candidates.isEmpty {
      report(.unknownMember(name.text, of: "no thread", among: names), at: name.span)
    } else {
      let owners = candidates.compactMap { scenario.variables[$0.index].owner }
      report(
        .ambiguousField(name.text, owners: owners.map { "'\(scenario.threads[$0.index].name)'" }),
        at: name.span
      )
    }
    return nil
  }

  /// The methods of every thread handle.
  var handleMethods: [String] { ["join", "is_alive"] }

  /// The fields and methods that a thread has, for suggestions.
  func memberNames(of thread: ThreadSymbolID) -> [String] {
    scenario.types.lineage(of: thread).flatMap { ancestor in
      let symbol = scenario.threads[ancestor.index]
      return symbol.fields.keys.sorted() + symbol.methods.keys.sorted()
    } + handleMethods
  }

  // MARK: Elements

  /// Resolves `array[index]`.
  mutating func resolveIndex(
    _ array: Expression,
    _ index: Expression,
    span: SourceSpan
  ) -> ResolvedExpression {
    if let symbol = namedObject(array) {
      _ = resolveValue(index)
      let name = scenario.objects[symbol.index].name
      report(
        .objectAsValue(name, kind: scenario.objects[symbol.index].kindName),
        at: span,
        notes: declarationNote(name)
      )
      return .error(at: span)
    }
    let place = resolve(array)
    let position = resolveValue(index)
    require(position, .integer, role: "an index")
    switch place.type {
    case .error: return .error(at: span)
    case .array(let node, let length):
      guard checkIndex(position, length: length) else { return .error(at: span) }
      if position.isError { return .error(at: span) }
      return element(of: place, node, at: position, span: span)
    case .value, .nothing:
      report(.notAnArray(), at: place.span)
      return .error(at: span)
    }
  }

  /// Reports a constant index outside the array.
  mutating func checkIndex(_ index: ResolvedExpression, length: Int?) -> Bool {
    guard let length, let constant = index.constant, base(of: index) == .integer,
      !(0..<length).contains(constant)
    else { return true }
    report(.indexOutOfRange(constant, length: length), at: index.span)
    return false
  }

  private func element(
    of place: ResolvedExpression,
    _ node: TypeNode,
    at index: ResolvedExpression,
    span: SourceSpan
  ) -> ResolvedExpression {
    let kind: ResolvedExpression.Kind
    switch place.kind {
    case .variable(let variable): kind = .element(variable, index: index)
    case .field(let variable, let owner):
      kind = .fieldElement(variable, owner: owner, index: index)
    case .local(let local): kind = .localElement(local, index: index)
    default: kind = .elementOfValue(place, index: index)
    }
    return ResolvedExpression(kind: kind, type: .value(node), span: span)
  }

  /// The sync object that an expression names, whether or not with an index.
  func namedObject(_ expression: Expression) -> ObjectSymbolID? {
    switch expression.kind {
    case .parenthesized(let inner): return namedObject(inner)
    case .index(let array, _):
      if case .index = array.kind { return nil }
      return namedObject(array)
    case .name(let name):
      guard context.visible[name] == nil, case .object(let symbol) = globals[name] else {
        return nil
      }
      return symbol
    default: return nil
    }
  }
}
