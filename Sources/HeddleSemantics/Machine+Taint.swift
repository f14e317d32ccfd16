import HeddleProgram

// Which values came from which reads of shared variables, and which of these reads are stale (``TaintLayout``).

extension Machine {
  /// The taint of `result` becomes that of its operands together; stale subsumes fresh.
  @inline(__always)
  func combineTaint(
    into result: Register,
    _ left: Operand,
    _ right: Operand?,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) {
    guard frame.taint >= 0 else { return }
    combine(into: result, left.register, right?.register, frame, &state)
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
      bits &= ~((bits >> TaintLayout.perWord) & TaintLayout.freshMask)
      state[frame.taint + target * words + word] = bits
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

  /// The register's value was just read from an element of a variable.
  func setFresh(
    _ register: Register,
    _ variable: VariableID,
    element: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) {
    guard frame.taint >= 0 else { return }
    clearTaint(of: register, frame, &state)
    let layout = taintLayouts[frame.type]
    let position = layout.registerPositions[register.index]
    let first = layout.firstElements[variable.index]
    guard position >= 0, first >= 0 else { return }
    let number = first + element
    let slot = frame.taint + position * layout.wordsPerRegister + number / TaintLayout.perWord
    state[slot] |= 1 << (number % TaintLayout.perWord)
  }

  /// Whether the value was computed from a stale read of the element.
  func isStale(
    _ value: Operand,
    _ variable: VariableID,
    element: Int,
    _ frame: Frame,
    _ state: inout MutableSpan<Int>
  ) -> Bool {
    guard frame.taint >= 0, let register = value.register else { return false }
    let layout = taintLayouts[frame.type]
    let position = layout.registerPositions[register.index]
    let first = layout.firstElements[variable.index]
    guard position >= 0, first >= 0 else { return false }
    let number = first + element
    let slot = frame.taint + position * layout.wordsPerRegister + number / TaintLayout.perWord
    return state[slot] >> (TaintLayout.perWord + number % TaintLayout.perWord) & 1 != 0
  }

  /// A thread wrote the element: what the others read of it before is stale now.
  func makeStale(
    _ variable: VariableID,
    element: Int,
    writer: Int,
    _ state: inout MutableSpan<Int>
  ) {
    for tracker in trackers[variable.index]
    where tracker.thread != writer && state[tracker.control] > 0 {
      let number = tracker.firstElement + element
      let fresh = 1 << (number % TaintLayout.perWord)
      var slot = tracker.taint + number / TaintLayout.perWord
      for _ in 0..<tracker.trackedCount {
        if state[slot] & fresh != 0 {
          state[slot] = state[slot] & ~fresh | fresh << TaintLayout.perWord
        }
        slot += tracker.wordsPerRegister
      }
    }
  }
}
