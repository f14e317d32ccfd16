import HeddleDiagnostics
import HeddleProgram

/// A type as an annotation gives it.
struct AnnotatedType {
  /// The type, for an array that of one element.
  var node: TypeNode
  var isArray: Bool
}

extension Resolver {
  /// The base type of a value, if something has determined it.
  func base(of value: ResolvedExpression) -> ValueType.Base? {
    value.node.flatMap { scenario.types.base(of: $0) }
  }

  /// What an annotation stands for; `nil` after a mistake.
  mutating func resolveType(_ syntax: TypeSyntax) -> AnnotatedType? {
    switch syntax {
    case .array(let element, let span):
      guard let type = resolveType(element) else { return nil }
      guard !type.isArray else {
        report(.nestedArray(), at: span)
        return nil
      }
      return AnnotatedType(node: type.node, isArray: true)
    case .optional(let inner, let span):
      if case .array = inner {
        report(.optionalArray(), at: span)
        return nil
      }
      guard case .name(let name) = inner else { return resolveType(inner) }
      return resolveTypeName(name, span: span, isOptional: true)
    case .name(let name): return resolveTypeName(name, span: name.span, isOptional: false)
    }
  }

  private mutating func resolveTypeName(
    _ name: Name,
    span: SourceSpan,
    isOptional: Bool
  ) -> AnnotatedType? {
    let base: ValueType.Base
    switch name.text {
    case "Int": base = .integer
    case "Bool": base = .boolean
    case "String": base = .string
    case "Thread": base = .thread
    default:
      report(.unknownType(name.text), at: name.span)
      return nil
    }
    let node = scenario.types.make(
      base,
      from: span,
      isOptional: isOptional,
      isNeverOptional: !isOptional
    )
    return AnnotatedType(node: node, isArray: false)
  }

  // MARK: Constraints

  /// Lets a value flow to where it is stored; reports a mismatch at the value.
  mutating func flow(_ value: ResolvedExpression, into target: TypeNode, role: String) {
    guard let node = value.node else { return }
    if value.isNone, scenario.types.isNeverOptional(target) {
      return report(.noneInNonOptional(role), at: value.span)
    }
    flow(node, into: target, role: role, at: value.span)
  }

  /// Lets the values of one place flow into another; reports a mismatch at `span`.
  mutating func flow(
    _ source: TypeNode,
    into target: TypeNode,
    role: String,
    at span: SourceSpan
  ) {
    do throws(TypeTable.Conflict) {
      try scenario.types.flow(from: source, into: target)
    } catch {
      reportConflict(error, role: role, at: span)
    }
  }

  /// Demands a base type of a value.
  mutating func require(_ value: ResolvedExpression, _ base: ValueType.Base, role: String) {
    guard let node = value.node else { return }
    let wanted = scenario.types.make(base, from: value.span)
    do throws(TypeTable.Conflict) {
      try scenario.types.unify(wanted, with: node)
    } catch {
      report(
        .typeMismatch(role, wanted: error.wanted, found: error.found),
        at: value.span,
        notes: originNote(of: node, unlessAt: value.span, found: error.found)
      )
    }
  }

  /// Demands that a value can decide an `if` or the like.
  mutating func requireCondition(_ value: ResolvedExpression) {
    guard let node = value.node else { return }
    if let found = scenario.types.base(of: node), found != .boolean {
      let message = ResolutionMessage.conditionNotBoolean(
        found: found,
        isOptional: scenario.types.isOptional(node)
      )
      report(
        message,
        at: value.span,
        notes: originNote(of: node, unlessAt: value.span, found: found)
      )
      return
    }
    if value.isNone { return report(.noneInNonOptional("a condition"), at: value.span) }
    require(value, .boolean, role: "a condition")
  }

  private mutating func reportConflict(
    _ conflict: TypeTable.Conflict,
    role: String,
    at span: SourceSpan
  ) {
    var notes: [Diagnostic.Note] = []
    if let origin = conflict.origin, origin != span {
      notes.append(
        Diagnostic.Note("\(role) is \(conflict.wanted.phrase) because of this", at: origin)
      )
    }
    report(
      .typeMismatch(role, wanted: conflict.wanted, found: conflict.found),
      at: span,
      notes: notes
    )
  }

  /// A note that shows what made a value what it is, unless that is the value itself.
  func originNote(
    of node: TypeNode,
    unlessAt span: SourceSpan,
    found: ValueType.Base
  ) -> [Diagnostic.Note] {
    guard let origin = scenario.types.origin(of: node), origin != span else { return [] }
    return [Diagnostic.Note("it is \(found.phrase) because of this", at: origin)]
  }

  // MARK: The end

  /// Checks what could not be judged before all types were known.
  mutating func finishTypes() {
    for check in orderChecks {
      switch scenario.types.base(of: check.node) {
      case .integer, .string, nil: break
      case let found?:
        report(
          .noOrder(check.operation.rawValue, found: found),
          at: check.span,
          notes: originNote(of: check.node, unlessAt: check.span, found: found)
        )
      }
    }
    for check in fieldChecks {
      let field = scenario.variables[check.field.index]
      guard let owner = field.owner else { continue }
      switch scenario.types.handleClass(of: check.handle) {
      case .declared(let thread) where scenario.types.lineage(of: thread).contains(owner): break
      default:
        report(
          .fieldOfOtherDeclaration(
            field.shortName,
            owner: scenario.threads[owner.index].name
          ),
          at: check.span,
          notes: [Diagnostic.Note("the field is declared here", at: field.span)]
        )
      }
    }
    for variable in scenario.variables
    where scenario.types.base(of: variable.type) == .integer
      && scenario.types.isOptional(variable.type)
    {
      checkInitialMinimum(of: variable)
    }
  }

  private mutating func checkInitialMinimum(of variable: VariableSymbol) {
    switch variable.initial {
    case .anyInteger: report(.minimumInOptional(), at: variable.span)
    case .anyOf(let lower, _) where lower == Program.none:
      report(.minimumInOptional(), at: variable.span)
    default: break
    }
  }
}
