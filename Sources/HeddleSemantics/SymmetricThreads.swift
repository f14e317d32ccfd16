package import HeddleProgram

/// Finds the threads that are interchangeable: whatever one does any other of them could do in its place.
///
/// Threads of one declaration are, if
/// - they exist together: all from the beginning, or all started by one `start` that is executed at most once, and not joined one by one;
/// - if there is no `main`, so that everybody can name them, nobody does but to join all of them;
/// - they run with equal arguments, and never ask for their index, name or handle, except to print it;
/// - no handle of a thread is kept in a variable or queue, so that nobody can tell them apart;
/// - the fields of each are used by itself alone.
///
/// Then every permutation of them is an automorphism of the state graph (Emerson and Sistla, "Symmetry and model checking", 1996).
package enum SymmetricThreads {
  /// The groups, each of at least two threads, ascending.
  package static func groups(of program: Program) -> [Range<Int>] {
    groups(of: program) { handles, starter in
      // Who keeps no handle cannot tell them apart.
      handles.map { areJoinedTogether($0, starter, program) } ?? true
    }
  }

  /// The groups that would be interchangeable if `main` joined them as a whole and not one after the other: that is all it does with their handles.
  package static func groupsJoinedOneByOne(in program: Program) -> [Range<Int>] {
    guard program.hasMain else { return [] }
    return groups(of: program) { handles, starter in
      guard let handles else { return false }
      let registers = Set(handles.registers)
      var isOneJoined = false
      for position in starter.positions {
        let instruction = program.instructions[position.index]
        switch instruction {
        case .join(.thread(.register), .blocking): isOneJoined = true
        case .loadRegister(_, from: handles, _): break
        case .isAlive, .join(.thread, .timed): return false
        default:
          let read = program.registersRead(by: instruction)
          guard read.allSatisfy({ !registers.contains($0) }) else { return false }
        }
      }
      return isOneJoined
    }
  }

  private static func groups(
    of program: Program,
    areJoined: (RegisterRange?, ThreadCode) -> Bool
  ) -> [Range<Int>] {
    guard !handlesAreStored(in: program) else { return [] }
    let code = program.threadTypes.map { ThreadCode($0, of: program) }
    return program.threadTypes.indices.compactMap { type in
      let declaration = program.threadTypes[type]
      guard declaration.instanceCount > 1, !declaration.isCapped,
        !code[type].asksForItself(program),
        existTogether(ThreadTypeID(type), program, code, areJoined),
        fieldsAreOwn(ThreadTypeID(type), program)
      else { return nil }
      let first = declaration.firstInstance.index
      return first..<first + declaration.instanceCount
    }
  }

  private static func handlesAreStored(in program: Program) -> Bool {
    program.variables.contains { $0.type.base == .thread }
      || program.objects.contains { object in
        if case .queue(_, _, _, _, let items) = object.kind { items.base == .thread } else { false }
      }
  }

  // MARK: Starting and joining

  private static func existTogether(
    _ type: ThreadTypeID,
    _ program: Program,
    _ code: [ThreadCode],
    _ areJoined: (RegisterRange?, ThreadCode) -> Bool
  ) -> Bool {
    guard program.hasMain else { return areAskedTogether(type, program, code) }
    var starts: [(starter: Int, position: InstructionID)] = []
    for (starter, body) in code.enumerated() {
      for position in body.positions {
        if case .start(type, _, _, _) = program.instructions[position.index] {
          starts.append((starter, position))
        }
      }
    }
    guard starts.count == 1, let (starter, position) = starts.first,
      program.threadTypes[starter].isMain,
      case .start(_, let count, _, let results) = program.instructions[position.index],
      count == program.threadTypes[type.index].instanceCount,
      !isRepeated(position, program)
    else { return false }
    return areJoined(results.map { RegisterRange(first: $0, count: count) }, code[starter])
  }

  /// Without a `main`, whether everybody can name the threads and yet nobody can tell one from another: they are joined all at once, by others.
  ///
  /// A handle is a constant there. One that is in a register when it is used might be any, and is given up.
  private static func areAskedTogether(
    _ type: ThreadTypeID,
    _ program: Program,
    _ code: [ThreadCode]
  ) -> Bool {
    let members = program.threadTypes[type.index].instances
    let areNamed = program.instructions.contains { instruction in
      handlesUsed(by: instruction).contains { handle in
        switch handle {
        case .constant(let thread): members.contains(thread)
        case .register: true
        case .thisThread, .thisIndex, .thisName: false
        }
      }
    }
    guard !areNamed else { return false }
    return code.enumerated().allSatisfy { number, body in
      body.positions.allSatisfy { position in
        guard case .join(.threads(let range), _) = program.instructions[position.index] else {
          return true
        }
        guard let joined = constants(in: range, body, program) else { return false }
        let common = joined.intersection(members)
        return common.isEmpty || (number != type.index && common.count == members.count)
      }
    }
  }

  /// The handles of which an instruction asks something that depends on the thread.
  private static func handlesUsed(by instruction: Instruction) -> [Operand] {
    switch instruction {
    case .isAlive(_, let handle), .join(.thread(let handle), _): [handle]
    case .load(_, .field(_, let owner)), .load(_, .fieldElement(_, let owner, _)),
      .store(.field(_, let owner), _), .store(.fieldElement(_, let owner, _), _):
      [owner]
    default: []
    }
  }

  /// What is in the registers where they are used, if the code writes nothing but one constant to each.
  private static func constants(
    in range: RegisterRange,
    _ code: ThreadCode,
    _ program: Program
  ) -> Set<Int>? {
    let registers = Set(range.registers)
    var found: [Register: Int] = [:]
    for position in code.positions {
      let instruction = program.instructions[position.index]
      switch instruction {
      case .move(let register, .constant(let value)) where registers.contains(register):
        guard found[register] ?? value == value else { return nil }
        found[register] = value
      case .storeRegister(let other, _, _) where !registers.isDisjoint(with: other.registers):
        return nil
      default:
        guard registers.isDisjoint(with: program.registersWritten(by: instruction)) else {
          return nil
        }
      }
    }
    return found.count == range.count ? Set(found.values) : nil
  }

  private static func isRepeated(_ position: InstructionID, _ program: Program) -> Bool {
    program.reachable(from: program.successors(of: position)).contains(position)
  }

  /// Whether the handles are looked at only by joins of all of them.
  ///
  /// Other code may use the same registers before and after: then a handle might be read where it is dead, which is given up here too.
  private static func areJoinedTogether(
    _ handles: RegisterRange,
    _ starter: ThreadCode,
    _ program: Program
  ) -> Bool {
    let registers = Set(handles.registers)
    return starter.positions.allSatisfy { position in
      let instruction = program.instructions[position.index]
      if case .join(.threads(handles), _) = instruction { return true }
      return program.registersRead(by: instruction).allSatisfy { !registers.contains($0) }
    }
  }

  // MARK: Fields

  private static func fieldsAreOwn(_ type: ThreadTypeID, _ program: Program) -> Bool {
    let declaration = program.threadTypes[type.index]
    let first = declaration.firstInstance.index
    let members = first..<first + declaration.instanceCount
    let own = program.ownFields
    return program.variables.enumerated().allSatisfy { index, variable in
      guard case .field(let slots, _, _) = variable.shape,
        members.contains(where: { slots.indices.contains($0) && slots[$0] >= 0 })
      else { return true }
      return own.contains(VariableID(index))
    }
  }
}

extension ThreadCode {
  /// Whether the code uses its own index, name or handle for anything but printing and its own fields.
  fileprivate func asksForItself(_ program: Program) -> Bool {
    positions.contains { position in
      var operands = program.operands(of: program.instructions[position.index])
      switch program.instructions[position.index] {
      case .load(_, .field(_, .thisThread)), .load(_, .fieldElement(_, .thisThread, _)),
        .store(.field(_, .thisThread), _), .store(.fieldElement(_, .thisThread, _), _):
        operands.removeFirst()
      default: break
      }
      return operands.contains {
        switch $0 {
        case .thisIndex, .thisThread, .thisName: true
        case .constant, .register: false
        }
      }
    }
  }
}
