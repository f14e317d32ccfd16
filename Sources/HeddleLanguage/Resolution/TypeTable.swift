import HeddleDiagnostics
import HeddleProgram

/// A storage place or an expression whose type is inferred: a position in ``TypeTable``.
struct TypeNode: Hashable {
  let index: Int
}

/// What is known of the declaration of the thread that a handle refers to.
enum HandleClass: Equatable {
  /// Nothing has flowed in yet.
  case unknown
  /// It, or one that is derived from it.
  case declared(ThreadSymbolID)
  /// Threads of declarations that have no base in common.
  case any
}

/// The types of all storage places and expressions, inferred by constraint propagation.
///
/// Base types are unified: an assignment makes both sides equal. Being optional, and the
/// declaration of a thread handle, flow from values to the places that receive them. Every new
/// constraint is propagated at once, so that the table is always at its fixpoint.
struct TypeTable {
  /// Two base types that would have to be equal.
  struct Conflict: Error {
    let wanted: ValueType.Base
    let found: ValueType.Base
    /// What made the wanted one what it is.
    let origin: SourceSpan?
  }

  private struct Node {
    var parent: Int
    /// Only at a root.
    var base: ValueType.Base?
    /// What determined the base; only at a root.
    var origin: SourceSpan?
    var isOptional = false
    /// Whether an annotation forbids `none`.
    var isNeverOptional = false
    var handleClass = HandleClass.unknown
    var flowsTo: [TypeNode] = []
  }

  private var nodes: [Node] = []
  /// The base of each thread declaration, set before the first handle type is made.
  var threadBases: [ThreadSymbolID?] = []

  /// A new node of a known or unknown base type.
  mutating func make(
    _ base: ValueType.Base? = nil,
    from origin: SourceSpan? = nil,
    isOptional: Bool = false,
    isNeverOptional: Bool = false,
    handleClass: HandleClass = .unknown
  ) -> TypeNode {
    let index = nodes.count
    var node = Node(parent: index, base: base, origin: origin)
    node.isOptional = isOptional
    node.isNeverOptional = isNeverOptional
    node.handleClass = handleClass
    nodes.append(node)
    return TypeNode(index: index)
  }

  /// Makes the base types of both equal.
  ///
  /// - Throws: A conflict, seen from `node`; nothing is changed then.
  mutating func unify(_ node: TypeNode, with other: TypeNode) throws(Conflict) {
    let left = findRoot(node)
    let right = findRoot(other)
    guard left != right else { return }
    if let wanted = nodes[left].base, let found = nodes[right].base, wanted != found {
      throw Conflict(wanted: wanted, found: found, origin: nodes[left].origin)
    }
    // What determined a type first explains it best.
    let keepsRight = nodes[left].base == nil || nodes[right].base != nil && right < left
    let (kept, merged) = keepsRight ? (right, left) : (left, right)
    nodes[merged].parent = kept
  }

  /// Lets values of `source` flow into `target`: unifies them and passes on what they may be.
  mutating func flow(from source: TypeNode, into target: TypeNode) throws(Conflict) {
    try unify(target, with: source)
    guard source != target else { return }
    nodes[source.index].flowsTo.append(target)
    // All other targets know what the source may be.
    if pass(from: source, to: target) { propagate(from: target) }
  }

  /// Lets `none` flow into `node`.
  mutating func makeOptional(_ node: TypeNode) {
    guard !nodes[node.index].isOptional, !nodes[node.index].isNeverOptional else { return }
    nodes[node.index].isOptional = true
    propagate(from: node)
  }

  /// The base type, `nil` while nothing has determined it.
  func base(of node: TypeNode) -> ValueType.Base? {
    nodes[root(of: node)].base
  }

  /// What determined the base type.
  func origin(of node: TypeNode) -> SourceSpan? { nodes[root(of: node)].origin }

  /// Whether `none` can be there.
  func isOptional(_ node: TypeNode) -> Bool { nodes[node.index].isOptional }

  /// Whether an annotation forbids `none`.
  func isNeverOptional(_ node: TypeNode) -> Bool { nodes[node.index].isNeverOptional }

  /// The declaration of the thread that a handle refers to.
  func handleClass(of node: TypeNode) -> HandleClass { nodes[node.index].handleClass }

  /// The type as the lowered program has it; what nothing has determined is an integer.
  func valueType(of node: TypeNode) -> ValueType {
    ValueType(base(of: node) ?? .integer, isOptional: isOptional(node))
  }

  /// The nearest declaration that both are, or are derived from.
  func commonBase(_ left: ThreadSymbolID, _ right: ThreadSymbolID) -> ThreadSymbolID? {
    let ancestors = Set(lineage(of: left))
    return lineage(of: right).first { ancestors.contains($0) }
  }

  /// The declaration, its base, the base of that, and so on.
  func lineage(of thread: ThreadSymbolID) -> [ThreadSymbolID] {
    var line: [ThreadSymbolID] = []
    var next: ThreadSymbolID? = thread
    while let current = next {
      line.append(current)
      next = threadBases[current.index]
    }
    return line
  }

  // MARK: Propagation

  private mutating func propagate(from start: TypeNode) {
    var pending = [start]
    while let source = pending.popLast() {
      for target in nodes[source.index].flowsTo where pass(from: source, to: target) {
        pending.append(target)
      }
    }
  }

  /// Passes on what the source may be; returns whether the target changed.
  private mutating func pass(from source: TypeNode, to target: TypeNode) -> Bool {
    var changed = false
    if nodes[source.index].isOptional, !nodes[target.index].isOptional,
      !nodes[target.index].isNeverOptional
    {
      nodes[target.index].isOptional = true
      changed = true
    }
    let joined = join(nodes[target.index].handleClass, nodes[source.index].handleClass)
    if joined != nodes[target.index].handleClass {
      nodes[target.index].handleClass = joined
      changed = true
    }
    return changed
  }

  private func join(_ left: HandleClass, _ right: HandleClass) -> HandleClass {
    switch (left, right) {
    case (.unknown, let other), (let other, .unknown): other
    case (.declared(let one), .declared(let other)):
      commonBase(one, other).map { .declared($0) } ?? .any
    case (.any, _), (_, .any): .any
    }
  }

  private func root(of node: TypeNode) -> Int {
    var index = node.index
    while nodes[index].parent != index { index = nodes[index].parent }
    return index
  }

  private mutating func findRoot(_ node: TypeNode) -> Int {
    var index = node.index
    while nodes[index].parent != index {
      nodes[index].parent = nodes[nodes[index].parent].parent
      index = nodes[index].parent
    }
    return index
  }
}
