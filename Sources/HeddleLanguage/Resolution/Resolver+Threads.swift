import HeddleDiagnostics
import HeddleProgram

extension Resolver {
  /// Resolves bases, counts and parameters of the thread declarations.
  mutating func declareThreads() {
    resolveBases()
    for (id, declaration) in threadDeclarations {
      if let count = declaration.count {
        scenario.threads[id.index].countSpan = count.span
        if let number = everyNumber(count) {
          scenario.threads[id.index].declaredParameter = number
          scenario.threads[id.index].declaredCount = scenario.parameters[number].value
          if scenario.main == nil { scenario.threads[id.index].countParameter = number }
          continue
        }
        scenario.threads[id.index].declaredCount = constantInteger(
          count,
          role: "the number of threads",
          minimum: 0,
          maximum: mostThreads
        )
      }
    }
    for id in threadsBasesFirst() { declareParameters(of: id) }
    if scenario.main == nil {
      for (id, declaration) in threadDeclarations
      where !scenario.threads[id.index].parameters.isEmpty {
        report(.threadNeedsArguments(declaration.name.text), at: declaration.name.span)
      }
    }
  }

  /// Declares fields, methods and the parameters of all functions.
  mutating func declareBodies() {
    for (id, declaration) in functionDeclarations {
      scenario.functions[id.index].parameters = addParameters(declaration.parameters)
    }
    let order = threadsBasesFirst()
    for id in order {
      guard let declaration = declaration(of: id) else { continue }
      switch declaration.body {
      case .statements(let block):
        if scenario.threads[id.index].base != nil {
          report(.missingRun(declaration.name.text), at: declaration.name.span)
        }
        let run = addFunction(declaration.name.text, at: declaration.name.span, owner: id)
        scenario.threads[id.index].methods["run"] = run
        pendingBodies.append(
          PendingBody(function: run, owner: id, hasSelf: true, isFunction: false, block: block)
        )
      case .members(let members, _):
        for member in members { declare(member, of: id) }
        if findMethod("run", from: id) == nil {
          report(.missingRun(declaration.name.text), at: declaration.name.span)
        }
      }
    }
    for id in order { inheritResults(of: id) }
  }

  /// A method has a result if one that it overrides has one.
  private mutating func inheritResults(of id: ThreadSymbolID) {
    guard let base = scenario.threads[id.index].base else { return }
    for (name, method) in scenario.threads[id.index].methods {
      if let overridden = findMethod(name, from: base),
        scenario.functions[overridden.index].returnsValue
      {
        scenario.functions[method.index].returnsValue = true
      }
    }
  }

  private func declaration(of id: ThreadSymbolID) -> ThreadDeclaration? {
    threadPositions[id].map { threadDeclarations[$0].declaration }
  }

  // MARK: Bases

  private mutating func resolveBases() {
    for (id, declaration) in threadDeclarations {
      guard let base = declaration.base else { continue }
      switch globals[base.text] {
      case .thread(let symbol): scenario.threads[id.index].base = symbol
      case let symbol?:
        report(
          .notAThread(base.text, kind: kindName(symbol)),
          at: base.span,
          notes: declarationNote(base.text)
        )
      case nil: report(.unknownThread(base.text, among: threadNames), at: base.span)
      }
    }
    breakBaseCycles()
    for (id, written) in threadDeclarations {
      guard let base = scenario.threads[id.index].base, let name = written.base else { continue }
      if case .statements = declaration(of: base)?.body {
        report(.baseIsNotAClass(name.text), at: name.span, notes: declarationNote(name.text))
        scenario.threads[id.index].base = nil
      }
    }
    scenario.types.threadBases = scenario.threads.map(\.base)
    for id in threadsBasesFirst() {
      guard let base = scenario.threads[id.index].base else { continue }
      if scenario.threads[base.index].isDaemon { scenario.threads[id.index].isDaemon = true }
    }
    for thread in scenario.threads where thread.mayOutliveMain && !thread.isDaemon {
      report(.outlivesWithoutDaemon(thread.name), at: thread.span)
    }
  }

  private mutating func breakBaseCycles() {
    for (id, declaration) in threadDeclarations {
      var seen: Set<ThreadSymbolID> = [id]
      var next = scenario.threads[id.index].base
      while let current = next {
        guard seen.insert(current).inserted else {
          if current == id {
            report(
              .baseCycle(declaration.name.text),
              at: declaration.base?.span ?? declaration.name.span
            )
            scenario.threads[id.index].base = nil
          }
          break
        }
        next = scenario.threads[current.index].base
      }
    }
  }

  var threadNames: [String] { threadDeclarations.map(\.declaration.name.text) }

  /// All thread declarations but `main`, every base before what is derived from it.
  private func threadsBasesFirst() -> [ThreadSymbolID] {
    var ordered: [ThreadSymbolID] = []
    var done: Set<ThreadSymbolID> = []
    for (id, _) in threadDeclarations {
      for ancestor in scenario.types.lineage(of: id).reversed()
      where done.insert(ancestor).inserted {
        ordered.append(ancestor)
      }
    }
    return ordered
  }

  // MARK: Parameters

  private mutating func declareParameters(of id: ThreadSymbolID) {
    guard let declaration = declaration(of: id) else { return }
    let base = scenario.threads[id.index].base
    let inherited = base.map { scenario.threads[$0.index].parameters } ?? []
    checkBaseArguments(declaration, inherited)
    guard let written = declaration.parameters else {
      scenario.threads[id.index].parameters = inherited
      return
    }
    let parameters = addParameters(written)
    for parameter in parameters where scenario.locals[parameter.index].shape != .scalar {
      let local = scenario.locals[parameter.index]
      report(.arrayParameterOfThread(local.name), at: local.span)
    }
    scenario.threads[id.index].parameters = parameters
    for local in inherited {
      let name = scenario.locals[local.index].name
      guard let own = parameters.first(where: { scenario.locals[$0.index].name == name }) else {
        report(
          .missingBaseParameter(name, base: declaration.base?.text ?? ""),
          at: declaration.name.span
        )
        continue
      }
      flow(
        scenario.locals[own.index].type,
        into: scenario.locals[local.index].type,
        role: "'\(name)'",
        at: scenario.locals[own.index].span
      )
    }
  }

  /// `: Worker(name)` repeats the parameters of the base in their order.
  private mutating func checkBaseArguments(
    _ declaration: ThreadDeclaration,
    _ inherited: [LocalID]
  ) {
    guard let base = declaration.base, let arguments = declaration.baseArguments,
      case .thread(let symbol)? = globals[base.text]
    else { return }
    let names = inherited.map { scenario.locals[$0.index].name }
    guard arguments.count == names.count else {
      let whole = arguments.reduce(base.span) { $0.union($1.span) }
      report(
        .wrongArgumentCount(base.text, expected: names.count, found: arguments.count),
        at: whole,
        notes: [
          Diagnostic.Note(
            "'\(base.text)' is declared here",
            at: scenario.threads[symbol.index].span
          )
        ]
      )
      return
    }
    for (argument, name) in zip(arguments, names) where argument.text != name {
      report(.baseArgument(argument.text, expected: name, base: base.text), at: argument.span)
    }
  }

  mutating func addParameters(_ parameters: [Parameter]) -> [LocalID] {
    parameters.map { parameter in
      var shape = Shape.scalar
      var node = scenario.types.make()
      if let annotation = parameter.type, let type = resolveType(annotation) {
        node = type.node
        if type.isArray { shape = .array(length: nil) }
      }
      scenario.locals.append(
        LocalSymbol(
          name: parameter.name.text,
          span: parameter.name.span,
          role: .parameter,
          shape: shape,
          type: node
        )
      )
      return LocalID(index: scenario.locals.count - 1)
    }
  }

  // MARK: Members

  private mutating func declare(_ member: ThreadDeclaration.Member, of id: ThreadSymbolID) {
    switch member {
    case .field(let field, _):
      guard isFreeMember(field.name, of: id) else { return }
      guard field.name.text != "name", field.name.text != "index" else {
        return report(.reservedMember(field.name.text), at: field.name.span)
      }
      let variable = addVariable(field.name, isAtomic: field.isAtomic, owner: id)
      scenario.threads[id.index].fields[field.name.text] = variable
      define(field, variable)
    case .method(let method, _):
      guard isFreeMember(method.name, of: id, isMethod: true) else { return }
      let function = addMethod(method.name, of: id)
      scenario.functions[function.index].parameters = addParameters(method.parameters)
      scenario.functions[function.index].returnsValue = returnsValue(method.body)
      checkOverride(method.name, isOverride: method.isOverride, of: id, function)
      pendingBodies.append(
        PendingBody(
          function: function,
          owner: id,
          hasSelf: true,
          isFunction: true,
          block: method.body
        )
      )
    case .run(let block, let isOverride, let span):
      let name = Name(text: "run", span: keyword(ofRun: span, isOverride: isOverride))
      guard isFreeMember(name, of: id, isMethod: true) else { return }
      let function = addMethod(name, of: id)
      checkOverride(name, isOverride: isOverride, of: id, function)
      pendingBodies.append(
        PendingBody(function: function, owner: id, hasSelf: true, isFunction: false, block: block)
      )
    }
  }

  private func keyword(ofRun span: SourceSpan, isOverride: Bool) -> SourceSpan {
    keyword(of: span, length: isOverride ? 8 : 3)
  }

  private mutating func addMethod(_ name: Name, of id: ThreadSymbolID) -> FunctionID {
    let owner = scenario.threads[id.index].name
    let title = name.text == "run" ? owner : "\(owner).\(name.text)"
    let function = addFunction(title, at: name.span, owner: id)
    scenario.functions[function.index].methodName = name.text
    scenario.threads[id.index].methods[name.text] = function
    return function
  }

  private mutating func isFreeMember(
    _ name: Name,
    of id: ThreadSymbolID,
    isMethod: Bool = false
  ) -> Bool {
    let symbol = scenario.threads[id.index]
    let parameter = symbol.parameters.first { scenario.locals[$0.index].name == name.text }
    let method = isMethod ? symbol.methods[name.text] : findMethod(name.text, from: id)
    let other =
      findField(name.text, from: id).map { scenario.variables[$0.index].span }
      ?? method.map { scenario.functions[$0.index].span }
      ?? parameter.map { scenario.locals[$0.index].span }
    if let other {
      report(
        .duplicateMember(name.text),
        at: name.span,
        notes: [Diagnostic.Note("'\(name.text)' is declared here", at: other)]
      )
      return false
    }
    if globals[name.text] != nil {
      report(.nameShadowsGlobal(name.text), at: name.span, notes: declarationNote(name.text))
    }
    return true
  }

  private mutating func checkOverride(
    _ name: Name,
    isOverride: Bool,
    of id: ThreadSymbolID,
    _ function: FunctionID
  ) {
    let base = scenario.threads[id.index].base
    guard let overridden = base.flatMap({ findMethod(name.text, from: $0) }) else {
      if isOverride { report(.overrideWithoutBase(name.text), at: name.span) }
      return
    }
    let other = scenario.functions[overridden.index]
    if !isOverride, name.text != "run" {
      report(
        .missingOverride(name.text),
        at: name.span,
        notes: [Diagnostic.Note("the method of the base is here", at: other.span)]
      )
    }
    let own = scenario.functions[function.index]
    guard own.parameters.count == other.parameters.count else {
      report(.overrideParameters(name.text, expected: other.parameters.count), at: name.span)
      return
    }
    // Whoever calls one of them may reach the other.
    for (inner, outer) in zip(own.parameters, other.parameters) {
      let local = scenario.locals[inner.index]
      flow(
        scenario.locals[outer.index].type,
        into: local.type,
        role: "'\(local.name)'",
        at: local.span
      )
    }
    flow(own.result, into: other.result, role: "the result of '\(name.text)'", at: name.span)
    guard own.returnsValue, let base else { return }
    for ancestor in scenario.types.lineage(of: base) {
      guard let method = scenario.threads[ancestor.index].methods[name.text] else { continue }
      scenario.functions[method.index].returnsValue = true
    }
  }

  /// The method that a thread of the declaration runs under this name.
  func findMethod(_ name: String, from id: ThreadSymbolID) -> FunctionID? {
    for ancestor in scenario.types.lineage(of: id) {
      if let method = scenario.threads[ancestor.index].methods[name] { return method }
    }
    return nil
  }

  /// The field that a thread of the declaration has under this name.
  func findField(_ name: String, from id: ThreadSymbolID) -> VariableID? {
    for ancestor in scenario.types.lineage(of: id) {
      if let field = scenario.threads[ancestor.index].fields[name] { return field }
    }
    return nil
  }
}
