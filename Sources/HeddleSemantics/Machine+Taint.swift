import HeddleProgram

// Which values came from which reads of shared variables, and which of these reads are stale (``TaintLayout``).

extension Machine {
  /// The taint of the result becomes that of the operands together; stale subsumes fresh.
  @inline(__always)
  func combineTaint(_ operation: Operation, _ frame: Frame, _ state: inout MutableSpan<Int>) {
    guard operation.resultTaint >= 0 else { return }
    var word = frame.taint
    let end = word &+ operation.taintWords
    repeat {
      var bits = 0
      if operation.left.taint >= 0 { bits |= state[word &+ operation.left.taint] }
      if operation.right.taint >= 0 { bits |= state[word &+ operation.right.taint] }
      state[word &+ operation.resultTaint] = TaintLayout.withoutSubsumed(bits)
      word &+= 1
    } while word < end
  }

  /// The taint of `result` becomes that of the operand.
  @inline(__always)
  func combineTaint(
    into result: Register,
    _ operand: Operand,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) {
    guard frame.taint >= 0 else { return }
    combine(into: result, operand.register, nil, frame, &state)
  }

  private func combine(
    into result: Register,
    _ left: Register?,
    _ right: Register?,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) {
    let layout = taintLayouts[frame.type]
    let target = layout.registerPositions[result.index]
    guard target >= 0 else { return }
    let words = layout.wordsPerRegister
    let leftPosition = left.map { layout.registerPositions[$0.index] } ?? -1
    let rightPosition = right.map { layout.registerPositions[$0.index] } ?? -1
    for word in 0..<words {
      var bits = 0
      if leftPosition >= 0 { bits |= state[frame.taint + leftPosition * words + word] }
      if rightPosition >= 0 { bits |= state[frame.taint + rightPosition * words + word] }
      state[frame.taint + target * words + word] = TaintLayout.withoutSubsumed(bits)
    }
  }

  /// The same for a text with any number of holes.
  func combineTaint(
    into result: Register,
    _ template: TemplateID,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) {
    guard frame.taint >= 0, taintLayouts[frame.type].registerPositions[result.index] >= 0 else {
      return
    }
    var sources: [Register] = []
    for case .value(.register(let register), _) in program.templates[template.index]
    where register != result {
      sources.append(register)
    }
    let keepsOwn = program.templates[template.index].contains {
      if case .value(.register(result), _) = $0 { true } else { false }
    }
    if !keepsOwn { clearTaint(of: result, frame, &state) }
    for source in sources { combine(into: result, result, source, frame, &state) }
  }

  /// The register's value came from no read.
  func clearTaint(of register: Register, _ frame: Frame, _ state: inout MutableSpan<Int>) {
    guard frame.taint >= 0 else { return }
    combine(into: register, nil, nil, frame, &state)
  }

  /// The value of a read's result comes from the element it was read from, and from nothing else.
  @inline(__always)
  func setFresh(
    _ operation: Operation,
    element: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) {
    guard operation.resultTaint >= 0 else { return }
    let first = frame.taint &+ operation.resultTaint
    var word = first
    repeat {
      state[word] = 0
      word &+= 1
    } while word < first &+ operation.taintWords
    guard operation.firstElement >= 0 else { return }
    let number = operation.firstElement &+ element
    state[first &+ TaintLayout.word(of: number)] = TaintLayout.freshBit(of: number)
  }

  /// Whether the value that a write stores was computed from a stale read of the element.
  @inline(__always)
  func isStale(
    _ operation: Operation,
    element: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) -> Bool {
    guard operation.left.taint >= 0, operation.firstElement >= 0 else { return false }
    let number = operation.firstElement &+ element
    let slot = frame.taint &+ operation.left.taint &+ TaintLayout.word(of: number)
    return state[slot] & (TaintLayout.freshBit(of: number) &<< TaintLayout.perWord) != 0
  }

  /// A thread wrote the element: what the others read of it before is stale now.
  ///
  /// Who does not run remembers nothing.
  @inline(__always)
  func makeStale(
    _ variable: Int,
    element: Int,
    writer: Int,
    _ state: inout MutableSpan<Int>,
    _ effects: inout StepEffects
  ) {
    let trackers = trackers
    let own = trackerStarts[variable]..<trackerStarts[variable + 1]
    if element == 0 {
      // Nearly all variables have no other.
      for index in own {
        let slot = trackers[index].slot
        let fresh = trackers[index].fresh
        let bits = state[slot]
        if bits & fresh != 0, trackers[index].thread != writer {
          state[slot] = Self.stale(bits, fresh)
          effects.touch(trackers[index].thread)
        }
      }
    } else {
      for index in own {
        let number = trackers[index].firstElement &+ element
        let slot = trackers[index].taint &+ TaintLayout.word(of: number)
        let fresh = TaintLayout.freshBit(of: number)
        let bits = state[slot]
        if bits & fresh != 0, trackers[index].thread != writer {
          state[slot] = Self.stale(bits, fresh)
          effects.touch(trackers[index].thread)
        }
      }
    }
  }

  private static func stale(_ bits: Int, _ fresh: Int) -> Int {
    bits & ~fresh | fresh &<< TaintLayout.perWord
  }
}
