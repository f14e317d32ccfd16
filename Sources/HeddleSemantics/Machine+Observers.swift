public import HeddleProgram

/// The two sides of a comparison, for "expected" and "got".
public struct ComparedValues: Sendable, Hashable {
  /// The encoded value of the left side.
  public var left: Int
  /// The encoded value of the right side.
  public var right: Int
}

extension Machine {
  /// Evaluates an invariant or the `finally` block on a state, in the workspace.
  ///
  /// - Returns: `completed`, or what the block ended with.
  public func evaluate(
    _ observer: Observer,
    in state: inout MutableSpan<Int>,
    effects: inout StepEffects
  ) -> StepOutcome {
    effects.begin()
    for slot in layout.width..<layout.width + observer.registerCount { state[slot] = 0 }
    var frame = Frame(
      thread: -1,
      registers: layout.width,
      taint: -1,
      type: 0,
      isInsideBlock: true
    )
    do throws(Interruption) {
      _ = try run(&frame, from: observer.entry.index, choice: nil, &state, &effects)
      return .completed
    } catch {
      return error.outcome
    }
  }

  /// The sides of a claim's comparison right after ``apply(_:choice:to:effects:)`` or ``evaluate(_:in:effects:)`` reported it.
  ///
  /// - Parameters:
  ///   - claim: The claim that failed.
  ///   - thread: The thread whose `assert` failed; `nil` for an observer.
  ///   - state: The buffer as the failure left it, its workspace included.
  /// - Returns: The values; `nil` if the claim is not one comparison.
  public func comparedValues(
    of claim: ClaimID,
    thread: Int?,
    in state: inout MutableSpan<Int>
  ) -> ComparedValues? {
    guard let comparison = program.claims[claim.index].comparison else { return nil }
    let frame = claimFrame(thread)
    return ComparedValues(
      left: value(comparison.left, frame, &state),
      right: value(comparison.right, frame, &state)
    )
  }

  /// The user's message of a claim, at the same moment as ``comparedValues(of:thread:in:)``.
  public func message(of claim: ClaimID, thread: Int?, in state: inout MutableSpan<Int>) -> String?
  {
    guard let template = program.claims[claim.index].message else { return nil }
    return text(of: template, claimFrame(thread), &state)
  }

  /// The number of the element that an instruction works on, at the same moment; `nil` if it works on no array.
  public func index(
    at position: InstructionID,
    thread: Int?,
    in state: inout MutableSpan<Int>
  ) -> Int? {
    guard let operand = program.instructions[position.index].index else { return nil }
    return value(operand, claimFrame(thread), &state)
  }

  private func claimFrame(_ thread: Int?) -> Frame {
    if let thread { return frame(of: thread) }
    return Frame(thread: -1, registers: layout.width, taint: -1, type: 0)
  }

  // MARK: The beginning

  /// How many initial states there are: one for each combination of the `any` initial values.
  ///
  /// - Returns: `nil` with a limit if some variable starts with any integer, or the combinations are too many.
  public var initialStateCount: Result<Int, InitialLimit> {
    var count = 1
    for variable in program.variables {
      switch variable.initial {
      case .values: break
      case .anyInteger:
        guard options.takesChosenIntegers else {
          return .failure(InitialLimit(limit: .symbolicValue))
        }
      case .anyOf(let lower, let upper):
        let (distance, overflow) = upper.subtractingReportingOverflow(lower)
        guard !overflow, distance >= 0, distance < Self.maximumChoices else {
          return .failure(InitialLimit(limit: .choices))
        }
        for _ in 0..<variable.elementCount {
          count *= distance + 1
          if count > Self.maximumChoices { return .failure(InitialLimit(limit: .choices)) }
        }
      }
    }
    return .success(count)
  }

  /// Fills the buffer with an initial state, and lets the threads that run from the start do their first local work.
  ///
  /// - Parameters:
  ///   - number: Less than ``initialStateCount``; the last variable's values change fastest.
  ///   - integers: The values of what begins with any integer, in order; 0 where there are too few.
  ///   - state: The buffer to fill.
  ///   - effects: Emptied first, then filled.
  /// - Returns: How the local work ended.
  public func makeInitialState(
    _ number: Int,
    integers: [Int] = [],
    in state: inout MutableSpan<Int>,
    effects: inout StepEffects
  ) -> StepOutcome {
    effects.begin()
    for slot in 0..<layout.bufferWidth { state[slot] = 0 }
    var number = number
    for (index, variable) in program.variables.enumerated().reversed() {
      let slot = layout.variables[index]
      switch variable.initial {
      case .values(let values):
        for (element, value) in values.enumerated() { state[slot + element] = value }
      case .anyOf(let lower, let upper):
        for element in (0..<variable.elementCount).reversed() {
          let size = upper - lower + 1
          state[slot + element] = lower + number % size
          number /= size
        }
      case .anyInteger: break
      }
    }
    for (slot, value) in zip(slotsOfAnyIntegers, integers) { state[slot] = value }
    for (index, object) in program.objects.enumerated() {
      if case .semaphore(let permits, _) = object.kind { state[layout.objects[index]] = permits }
    }
    let running = program.hasMain ? [0] : Array(program.instances.indices)
    for thread in running {
      let entry = program.threadTypes[typeOfThread[thread]].entry
      state[controls[thread]] = entry.index
    }
    do throws(Interruption) {
      for thread in running {
        let entry = program.threadTypes[typeOfThread[thread]].entry
        try advance(thread, from: entry.index, choice: nil, &state, &effects)
      }
      return .completed
    } catch {
      return error.outcome
    }
  }
}

extension Machine {
  /// The slots that begin with any integer, in order.
  private var slotsOfAnyIntegers: [Int] {
    program.variables.indices.flatMap { index -> [Int] in
      let variable = program.variables[index]
      guard variable.initial == .anyInteger else { return [] }
      return (0..<variable.elementCount).map { layout.variables[index] + $0 }
    }
  }

  /// How many integers a run begins with that may be any.
  public var initialIntegerCount: Int { slotsOfAnyIntegers.count }
}

/// Why there is no number of initial states.
public struct InitialLimit: Error, Sendable, Hashable {
  /// What cannot be enumerated.
  public let limit: MachineLimit
}
