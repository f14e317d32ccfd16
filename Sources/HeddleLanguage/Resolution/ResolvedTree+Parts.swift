/// What statements and expressions are made of, for whoever walks over all of them.
extension ResolvedStatement {
  /// The expressions that belong to the statement itself, in the order of their evaluation.
  var expressions: [ResolvedExpression] {
    switch kind {
    case .binding(_, let value, _), .expression(let value, _), .assume(let value),
      .print(let value), .sleep(let value), .forEach(_, let value, _), .whileLoop(let value, _),
      .conditional(let value, _, _):
      [value]
    case .assignment(let target, let operation, let value):
      operation == nil ? [value, target] : [target, value]
    case .forRange(_, let lower, let upper, _, _): [lower, upper]
    case .returnValue(let value), .fail(let value): value.map { [$0] } ?? []
    case .with(let object, _): object.index.map { [$0] } ?? []
    case .atomic(let condition, _): condition.map { [$0] } ?? []
    case .assert(let condition, let message): [condition] + (message.map { [$0] } ?? [])
    case .breakLoop, .continueLoop, .loop, .choose, .tryFinally: []
    }
  }

  /// The blocks that belong to the statement.
  var blocks: [[ResolvedStatement]] {
    switch kind {
    case .binding(_, _, let otherwise), .expression(_, let otherwise): otherwise.map { [$0] } ?? []
    case .conditional(_, let then, let otherwise): [then, otherwise]
    case .whileLoop(_, let body), .loop(let body), .forRange(_, _, _, _, let body),
      .forEach(_, _, let body), .with(_, let body), .atomic(_, let body):
      [body]
    case .choose(let blocks): blocks
    case .tryFinally(let body, let finally): [body, finally]
    default: []
    }
  }
}

extension ResolvedExpression {
  /// The expressions that it is made of, in the order of their evaluation.
  var parts: [ResolvedExpression] {
    switch kind {
    case .constant, .none, .local, .variable, .thisThread, .thisIndex, .thisName, .instance,
      .instances, .anyInteger, .everyNumber, .error:
      []
    case .text(let pieces):
      pieces.compactMap { piece in
        if case .value(let value) = piece { value } else { nil }
      }
    case .localElement(_, let part), .element(_, let part), .field(_, let part),
      .unary(_, let part), .repeated(let part), .startAgain(let part), .join(let part, _),
      .isAlive(let part), .count(let part):
      [part]
    case .fieldElement(_, let first, let second), .binary(_, let first, let second),
      .any(let first, let second, _), .elementOfValue(let first, let second):
      [first, second]
    case .array(let parts), .call(_, _, let parts), .start(_, let parts, _): parts
    case .operation(let operation, let object, _):
      if case .put(let item) = operation {
        (object.index.map { [$0] } ?? []) + [item]
      } else {
        object.index.map { [$0] } ?? []
      }
    }
  }
}
