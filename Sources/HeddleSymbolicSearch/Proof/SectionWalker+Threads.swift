import HeddleProgram
import HeddleSemantics
import HeddleSolver

// Choices, and starting and joining threads.

extension SectionWalker {
  func choose(
    _ register: Register,
    _ lower: Operand,
    _ upper: Operand,
    _ position: Int,
    _ path: Path,
    _ outcome: inout Outcome
  ) throws(Unprovable) -> [Path] {
    guard let low = terms.value(of: encoder.value(lower, role, path.state).term),
      let high = terms.value(of: encoder.value(upper, role, path.state).term)
    else { throw unsupported("an `any` whose range is not fixed", position) }
    guard low <= high else {
      fail(encoder.misuse(at: position), terms.yes, path, &outcome)
      return []
    }
    let (distance, overflow) = high.subtractingReportingOverflow(low)
    guard !overflow, distance < Machine.maximumChoices else {
      throw unsupported("a range of more than 65 536 values", position)
    }
    if distance < Self.fewValues {
      return (low...high).map { value in
        var way = path
        way.state.registers[register.index] = SymbolicValue(term: terms.integer(value))
        return way
      }
    }
    var way = path
    let value = encoder.boundedVariable(from: low, through: high)
    way.step.fresh.append(value)
    way.state.registers[register.index] = SymbolicValue(term: value)
    return [way]
  }

  // MARK: Threads

  func start(
    _ type: ThreadTypeID,
    _ count: Int,
    _ arguments: Int,
    _ results: Register?,
    _ position: Int,
    _ path: inout Path
  ) throws(Unprovable) {
    guard path.lock == nil, !path.isAtomic,
      program.threadTypes[program.instances[thread].type.index].isMain
    else { throw unsupported("threads that are started by others than `main`", position) }
    let declaration = program.threadTypes[type.index]
    let first = declaration.firstInstance.index + (path.started[type.index] ?? 0)
    guard first + count <= declaration.instances.upperBound else {
      throw unsupported("more threads than can be counted beforehand", position)
    }
    path.started[type.index, default: 0] += count
    let values = program.argumentLists[arguments].map { encoder.value($0, role, path.state).term }
    path.step.starts.append(ControlStep.Start(threads: first..<first + count, arguments: values))
    if let results {
      for number in 0..<count {
        let handle = SymbolicValue(term: terms.integer(first + number))
        path.state.registers[results.index + number] = handle
      }
    }
  }

  func join(_ target: JoinTarget, _ position: Int, _ path: inout Path) throws(Unprovable) {
    guard path.lock == nil, !path.isAtomic,
      program.threadTypes[program.instances[thread].type.index].isMain
    else { throw unsupported("a `join` outside of `main`", position) }
    let handles: [IntegerTerm] =
      switch target {
      case .thread(let handle): [encoder.value(handle, role, path.state).term]
      case .threads(let range): range.registers.map { path.state.registers[$0.index].term }
      }
    for handle in handles {
      guard let other = terms.value(of: handle), other != thread,
        program.instances.indices.contains(other)
      else { throw unsupported("a `join` of a thread that is not fixed", position) }
      path.step.joins.insert(other)
      path.joined.insert(other)
    }
  }
}
