import HeddleProgram

/// What an instruction does, and to what, in words that are the same in every scenario: `acquire semaphore, timed`.
func operationName(at position: Int, in program: Program) -> String {
  let instruction = program.instructions[position]
  let name = Mirror(reflecting: instruction).children.first?.label ?? "\(instruction)"
  func object(_ reference: ObjectReference) -> String {
    let kind = kindName(program.objects[reference.first.index].kind)
    return reference.index == nil ? kind : "\(kind)[]"
  }
  return switch instruction {
  case .unary(let operation, _, _): "\(name) \(operation)"
  case .binary(let operation, _, _, _): "\(name) \(operation)"
  case .load(_, let place), .store(let place, _):
    "\(name) \(Mirror(reflecting: place).children.first?.label ?? "")"
  case .misuse(let kind): "\(name) \(kind)"
  case .end(let byException): byException ? "\(name) by exception" : name
  case .acquire(let reference, let waiting, _), .conditionWake(let reference, let waiting, _),
    .eventWait(let reference, let waiting, _), .eventWake(let reference, let waiting, _),
    .barrierLeave(let reference, let waiting, _), .put(let reference, _, let waiting, _),
    .get(_, let reference, let waiting, _):
    "\(name) \(object(reference)), \(waiting)"
  case .release(let reference, let count):
    "\(name) \(object(reference))\(count > 1 ? ", many" : "")"
  case .notify(let reference, let count):
    "\(name) \(object(reference)), \(count.map { $0 > 1 ? "many" : "one" } ?? "all")"
  case .conditionWait(let reference), .eventSet(let reference), .eventClear(let reference),
    .barrierArrive(let reference, _, _), .barrierAbort(let reference),
    .barrierReset(let reference), .taskDone(let reference), .queueJoin(let reference):
    "\(name) \(object(reference))"
  case .observe(_, let reference, let observation): "\(observation) \(object(reference))"
  case .start(_, let count, _, _): count > 1 ? "\(name), many" : name
  case .join(.thread, let waiting): "\(name), \(waiting)"
  case .join(.threads, let waiting): "\(name) array, \(waiting)"
  case .atomicBegin(let hasGuard): hasGuard ? "\(name) when" : name
  default: name
  }
}

private func kindName(_ kind: SyncObject.Kind) -> String {
  switch kind {
  case .lock: "lock"
  case .rlock: "rlock"
  case .semaphore(_, let isBounded): isBounded ? "bounded semaphore" : "semaphore"
  case .condition(_, let isFIFO): isFIFO ? "fifo condition" : "condition"
  case .event(let isCleared): isCleared ? "cleared event" : "event"
  case .barrier: "barrier"
  case .queue(let order, let capacity, _, _, _):
    "\(capacity == nil ? "" : "bounded ")\(order) queue"
  }
}
