import HeddleProgram
import HeddleSemantics

/// Thread instances that run the same code with the same known values, so that one analysis serves all of them.
///
/// Footprints are computed per class, after folding what an instance knows about itself: otherwise `fork[left]` might be any fork,
/// and hardly anything would be independent.
struct ThreadClass: Hashable {
  /// What is run.
  var type: ThreadTypeID
  /// The instance, if the code asks for its own index, handle or name; else -1.
  var instance: Int
  /// The parameters as far as they are known before the search.
  var parameters: [Int?]

  /// The classes of a program, and the class of each of its instances.
  static func all(
    of program: Program,
    _ code: [ThreadCode]
  ) -> (classes: [ThreadClass], ofThread: [Int]) {
    var classes: [ThreadClass] = []
    var numbers: [ThreadClass: Int] = [:]
    let parameters = program.threadTypes.indices.map {
      knownParameters(ThreadTypeID($0), program, code)
    }
    let ofThread = program.instances.enumerated().map { thread, instance in
      let own = ThreadClass(
        type: instance.type,
        instance: code[instance.type.index].asksForItself ? thread : -1,
        parameters: parameters[instance.type.index]
      )
      if let number = numbers[own] { return number }
      numbers[own] = classes.count
      classes.append(own)
      return classes.count - 1
    }
    return (classes, ofThread)
  }

  /// The arguments that every `start` of the type gives as the same constant.
  private static func knownParameters(
    _ type: ThreadTypeID,
    _ program: Program,
    _ code: [ThreadCode]
  ) -> [Int?] {
    var known: [Int?]?
    for body in code {
      for position in body.positions {
        guard case .start(type, _, let arguments, _) = program.instructions[position.index] else {
          continue
        }
        let given = program.argumentLists[arguments].map { operand -> Int? in
          if case .constant(let value) = operand { value } else { nil }
        }
        known = known.map { zip($0, given).map { $0 == $1 ? $0 : nil } } ?? given
      }
    }
    let count = program.threadTypes[type.index].parameterCount
    return known ?? Array(repeating: nil, count: count)
  }
}

/// The code of one thread declaration.
struct ThreadCode {
  /// The instructions that can be reached from the entry, ascending.
  let positions: [InstructionID]
  /// Whether it asks for `self.index`, `self.name` or its own handle.
  let asksForItself: Bool

  init(_ type: ThreadType, of program: Program) {
    positions = program.reachable(from: [type.entry])
    asksForItself = positions.contains { position in
      program.operands(of: program.instructions[position.index]).contains {
        switch $0 {
        case .thisIndex, .thisThread, .thisName: true
        case .constant, .register: false
        }
      }
    }
  }
}

extension Program {
  /// The operands that an instruction's effect depends on; what it merely prints is left out.
  func operands(of instruction: Instruction) -> [Operand] {
    func operands(of place: Place) -> [Operand] {
      switch place {
      case .scalar: []
      case .element(_, let index): [index]
      case .field(_, let owner): [owner]
      case .fieldElement(_, let owner, let index): [owner, index]
      }
    }
    switch instruction {
    case .move(_, let value), .unary(_, _, let value), .requireValue(let value),
      .requireOptionalRange(let value), .branch(let value, _), .atomicGuard(let value),
      .isAlive(_, let value), .join(.thread(let value), _), .assert(let value, _),
      .assume(let value, _), .loadRegister(_, _, let value):
      return [value]
    case .binary(_, _, let left, let right), .any(_, let left, let right),
      .storeRegister(_, let left, let right):
      return [left, right]
    case .format(_, let template):
      return templates[template.index].compactMap {
        if case .value(let operand, _) = $0 { operand } else { nil }
      }
    case .load(_, let place): return operands(of: place)
    case .store(let place, let value): return operands(of: place) + [value]
    case .put(let object, let value, _, _): return [object.index].compactMap { $0 } + [value]
    case .start(_, _, let arguments, _): return argumentLists[arguments]
    default:
      return self.object(of: instruction)?.index.map { [$0] } ?? []
    }
  }

  /// The sync object that an instruction works on.
  func object(of instruction: Instruction) -> ObjectReference? {
    switch instruction {
    case .acquire(let object, _, _), .release(let object, _), .conditionWait(let object),
      .conditionWake(let object, _, _), .notify(let object, _), .eventSet(let object),
      .eventClear(let object), .eventWait(let object, _, _), .eventWake(let object, _, _),
      .barrierArrive(let object, _, _), .barrierLeave(let object, _, _), .barrierAbort(let object),
      .barrierReset(let object), .put(let object, _, _, _), .get(_, let object, _, _),
      .taskDone(let object), .queueJoin(let object), .observe(_, let object, _):
      object
    default: nil
    }
  }
}
