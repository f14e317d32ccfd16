@testable import HeddleLanguage

extension Expression {
  /// The expression with every grouping visible: `(+ a (* b c))`.
  var dump: String {
    switch kind {
    case .integer(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .none: "none"
    case .string(let pieces): "\"" + pieces.map(\.dump).joined() + "\""
    case .name(let name): name
    case .selfReference: "self"
    case .superReference: "super"
    case .unary(let operation, let operand): "(\(operation.rawValue) \(operand.dump))"
    case .binary(let operation, let left, let right):
      "(\(operation.rawValue) \(left.dump) \(right.dump))"
    case .member(let object, let member): "\(object.dump).\(member.text)"
    case .index(let array, let index): "\(array.dump)[\(index.dump)]"
    case .call(let callee, let arguments): "\(callee.dump)(\(arguments.dump))"
    case .repeatedArray(let value, let count): "[\(value.dump); \(count.dump)]"
    case .array(let elements): "[" + elements.map(\.dump).joined(separator: ", ") + "]"
    case .start(let target, let arguments, let count):
      "start \(target.dump)(\(arguments.dump))" + (count.map { " * \($0.dump)" } ?? "")
    case .any(.range(let lower, let upper, let isClosed)):
      "any \(lower.dump)\(isClosed ? "..." : "..<")\(upper.dump)"
    case .any(.type(let name)): "any \(name.text)"
    case .any(.atLeast(let minimum)): "any >= \(minimum.dump)"
    case .parenthesized(let inner): "<\(inner.dump)>"
    case .missing: "missing"
    }
  }
}

extension StringPiece {
  var dump: String {
    switch self {
    case .text(let text): text
    case .interpolation(let value): "\\(\(value.dump))"
    }
  }
}

extension [Argument] {
  var dump: String {
    map { ($0.label.map { "\($0.text): " } ?? "") + $0.value.dump }.joined(separator: ", ")
  }
}

extension TypeSyntax {
  var dump: String {
    switch self {
    case .name(let name): name.text
    case .optional(let type, _): "\(type.dump)?"
    case .array(let type, _): "[\(type.dump)]"
    }
  }
}

extension Block {
  var dump: String { "{ " + statements.map(\.dump).joined(separator: "; ") + " }" }
}

extension Statement {
  /// The statement on one line.
  var dump: String {
    switch kind {
    case .binding(let name, let isVariable, let type, let value, let otherwise):
      "\(isVariable ? "var" : "let") \(name.text)\(type.map { ": \($0.dump)" } ?? "") = "
        + value.dump + (otherwise.map { " else \($0.dump)" } ?? "")
    case .assignment(let target, let operation, let value):
      "\(target.dump) \(operation?.rawValue ?? "")= \(value.dump)"
    case .expression(let expression, let otherwise):
      expression.dump + (otherwise.map { " else \($0.dump)" } ?? "")
    case .conditional(let condition, let then, let otherwise):
      "if \(condition.dump) \(then.dump)" + (otherwise.map { " else \($0.dump)" } ?? "")
    case .whileLoop(let condition, let body): "while \(condition.dump) \(body.dump)"
    case .loop(let body): "loop \(body.dump)"
    case .forLoop(let name, let sequence, let body):
      "for \(name.text) in \(sequence.dump) \(body.dump)"
    case .breakLoop: "break"
    case .continueLoop: "continue"
    case .returnValue(let value): "return" + (value.map { " \($0.dump)" } ?? "")
    case .with(let lock, let body): "with \(lock.dump) \(body.dump)"
    case .atomic(let condition, let body):
      "atomic" + (condition.map { " when \($0.dump)" } ?? "") + " \(body.dump)"
    case .choose(let blocks): "choose " + blocks.map(\.dump).joined(separator: " or ")
    case .tryFinally(let body, let finally): "try \(body.dump) finally \(finally.dump)"
    case .fail(let message): "fail" + (message.map { " \($0.dump)" } ?? "")
    case .assert(let condition, let message):
      "assert \(condition.dump)" + (message.map { ", \($0.dump)" } ?? "")
    case .assume(let condition): "assume \(condition.dump)"
    case .print(let value): "print \(value.dump)"
    case .sleep(let duration): "sleep \(duration.dump)"
    case .join(let thread, let timeout):
      "join \(thread.dump)" + (timeout.map { " timeout \($0.dump)" } ?? "")
    }
  }
}

extension Statement.ForSequence {
  fileprivate var dump: String {
    switch self {
    case .range(let lower, let upper, let isClosed):
      "\(lower.dump)\(isClosed ? "..." : "..<")\(upper.dump)"
    case .array(let array): array.dump
    }
  }
}

extension SharedDeclaration {
  var dump: String {
    (isAtomic ? "atomic " : "") + "\(name.text)\(type.map { ": \($0.dump)" } ?? "") = "
      + value.dump
  }
}

extension FunctionDeclaration {
  var dump: String {
    let parameters = parameters.map { $0.name.text + ($0.type.map { ": \($0.dump)" } ?? "") }
    return (isOverride ? "override " : "")
      + "func \(name.text)(\(parameters.joined(separator: ", "))) \(body.dump)"
  }
}

extension HeddleLanguage.Expectation.Outcome {
  var dump: String {
    switch self {
    case .pass: "pass"
    case .inconclusive: "inconclusive"
    case .finding(let kind, let relation, let subjects):
      "\(kind.text) \(relation) [\(subjects.map(\.text).joined(separator: ", "))]"
    }
  }
}

extension Declaration {
  /// The declaration on one line.
  var dump: String {
    switch kind {
    case .constant(let name, let value): "const \(name.text) = \(value.dump)"
    case .shared(let variable): "shared \(variable.dump)"
    case .sync(let sync): "\(sync.name.text)[\(sync.count?.dump ?? "")] \(sync.kind.dump)"
    case .thread(let thread): thread.dump
    case .function(let function): function.dump
    case .main(let block): "main \(block.dump)"
    case .finally(let block): "finally \(block.dump)"
    case .invariant(let condition, let message):
      "invariant \(condition.dump), \(message?.dump ?? "")"
    case .expect(let expectation): "expect \(expectation.outcome.dump)"
    case .allow(let kind, let name): "allow \(kind.text) \(name.text)"
    }
  }
}

extension SyncDeclaration.Kind {
  var dump: String {
    switch self {
    case .lock: "lock"
    case .rlock: "rlock"
    case .event: "event"
    case .semaphore(let initial, let isBounded):
      "\(isBounded ? "bounded " : "")semaphore \(initial.dump)"
    case .barrier(let parties): "barrier \(parties.dump)"
    case .condition(let lock, let isFIFO): "condition \(lock?.text ?? "") \(isFIFO)"
    case .queue(let order, let capacity): "\(order) queue \(capacity?.dump ?? "")"
    }
  }
}

extension ThreadDeclaration {
  var dump: String {
    let parameters = parameters?.map { $0.name.text + ($0.type.map { ": \($0.dump)" } ?? "") }
    let header =
      "\(isDaemon ? "daemon " : "")thread \(name.text)(\(parameters ?? ["-"])): "
      + "\(base?.text ?? "")(\(baseArguments?.map(\.text) ?? ["-"])) * \(count?.dump ?? "") "
      + "\(mayOutliveMain) "
    return switch body {
    case .statements(let block): header + block.dump
    case .members(let members, _): header + members.map(\.dump).joined(separator: "; ")
    }
  }
}

extension ThreadDeclaration.Member {
  var dump: String {
    switch self {
    case .field(let field, _): "field \(field.dump)"
    case .method(let method, _): method.dump
    case .run(let block, let isOverride, _): "\(isOverride ? "override " : "")run \(block.dump)"
    }
  }
}
