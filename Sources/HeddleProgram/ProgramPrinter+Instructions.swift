extension ProgramPrinter {
  /// One instruction on one line.
  public func describe(_ instruction: Instruction) -> String {
    switch instruction {
    case .move(let result, let value): "\(result) = \(describe(value))"
    case .unary(let operation, let result, let value):
      "\(result) = \(operation == .not ? "!" : "-")\(describe(value))"
    case .binary(let operation, let result, let left, let right):
      "\(result) = \(describe(left)) \(symbol(operation)) \(describe(right))"
    case .loadRegister(let result, let range, let index):
      "\(result) = \(describe(range))[\(describe(index))]"
    case .storeRegister(let range, let index, let value):
      "\(describe(range))[\(describe(index))] = \(describe(value))"
    case .requireValue(let value): "require value \(describe(value))"
    case .requireOptionalRange(let value): "require range \(describe(value))"
    case .format(let result, let template): "\(result) = \(describe(template))"
    case .jump(let target): "jump \(target)"
    case .branch(let condition, let otherwise): "unless \(describe(condition)) \(otherwise)"
    case .backEdge(let target): "back \(target)"
    case .print(let template): "print \(describe(template))"
    case .assert(let condition, let claim): "assert \(describe(condition)) c\(claim.index)"
    case .assume(let condition, let claim): "assume \(describe(condition)) c\(claim.index)"
    case .misuse(let kind): "misuse \(kind)"
    case .fail(let message, let handler):
      "fail" + (message.map { " " + describe($0) } ?? "") + " \(handler)"
    case .end(let byException): byException ? "end by exception" : "end"
    case .observerEnd: "observer end"
    case .load(let result, let place): "\(result) = load \(describe(place))"
    case .store(let place, let value): "store \(describe(place)) = \(describe(value))"
    default: describeOperation(instruction)
    }
  }

  private func describeOperation(_ instruction: Instruction) -> String {
    switch instruction {
    case .acquire(let object, let waiting, let result):
      into(result) + "acquire \(describe(object))" + suffix(waiting)
    case .release(let object, let count):
      "release \(describe(object))" + (count == 1 ? "" : " * \(count)")
    case .conditionWait(let object): "wait \(describe(object))"
    case .conditionWake(let object, let waiting, let result):
      into(result) + "wake \(describe(object))" + suffix(waiting)
    case .notify(let object, let count):
      "notify \(describe(object)) \(count.map { String($0) } ?? "all")"
    case .eventSet(let object): "set \(describe(object))"
    case .eventClear(let object): "clear \(describe(object))"
    case .eventWait(let object, let waiting, let result):
      into(result) + "wait \(describe(object))" + suffix(waiting)
    case .eventWake(let object, let waiting, let result):
      into(result) + "wake \(describe(object))" + suffix(waiting)
    case .barrierArrive(let object, let result, let onBroken):
      into(result) + "arrive \(describe(object)) else \(onBroken)"
    case .barrierLeave(let object, let waiting, let onBroken):
      "leave \(describe(object))" + suffix(waiting) + " else \(onBroken)"
    case .barrierAbort(let object): "abort \(describe(object))"
    case .barrierReset(let object): "reset \(describe(object))"
    case .put(let object, let value, let waiting, let onFailure):
      "put \(describe(object)) \(describe(value))" + suffix(waiting, onFailure)
    case .get(let result, let object, let waiting, let onFailure):
      "\(result) = get \(describe(object))" + suffix(waiting, onFailure)
    case .taskDone(let object): "task done \(describe(object))"
    case .queueJoin(let object): "join \(describe(object))"
    case .observe(let result, let object, let observation):
      "\(result) = \(observation) \(describe(object))"
    default: describeThreadOperation(instruction)
    }
  }

  private func describeThreadOperation(_ instruction: Instruction) -> String {
    switch instruction {
    case .start(let type, let count, let arguments, let results):
      into(results) + "start \(name(type))(\(list(arguments))) * \(count)"
    case .join(.thread(let thread), let waiting): "join \(describe(thread))" + suffix(waiting)
    case .join(.threads(let range), let waiting): "join \(describe(range))" + suffix(waiting)
    case .isAlive(let result, let thread): "\(result) = is alive \(describe(thread))"
    case .any(let result, let lower, let upper):
      "\(result) = any \(describe(lower))...\(describe(upper))"
    case .anyInteger(let result): "\(result) = any Int"
    case .choose(let targets): "choose " + targetList(targets)
    case .sleep: "sleep"
    case .atomicBegin(let hasGuard): hasGuard ? "atomic when" : "atomic"
    case .atomicGuard(let condition): "guard \(describe(condition))"
    case .atomicEnd: "atomic end"
    default: "\(instruction)"
    }
  }

  private func into(_ result: Register?) -> String {
    result.map { "\($0) = " } ?? ""
  }

  private func suffix(_ waiting: Waiting) -> String {
    switch waiting {
    case .blocking: ""
    case .timed: ", timed"
    case .nonblocking: ", nonblocking"
    }
  }

  private func suffix(_ waiting: Waiting, _ onFailure: InstructionID) -> String {
    waiting == .blocking ? "" : suffix(waiting) + " else \(onFailure)"
  }

  private func symbol(_ operation: BinaryOperation) -> String {
    switch operation {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .modulo: "%"
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .stringLess: "before"
    case .stringLessOrEqual: "before or equal"
    case .stringGreater: "after"
    case .stringGreaterOrEqual: "after or equal"
    }
  }

  private func name(_ type: ThreadTypeID) -> String { program.threadTypes[type.index].name }

  private func list(_ arguments: Int) -> String {
    program.argumentLists[arguments].map { describe($0) }.joined(separator: ", ")
  }

  private func targetList(_ targets: Int) -> String {
    program.targetLists[targets].map { $0.description }.joined(separator: " ")
  }
}
