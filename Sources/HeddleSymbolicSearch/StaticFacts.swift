import HeddleProgram
import HeddleSolver

/// What the code tells about variables without executing it.
struct StaticFacts {
  /// By variable: whether some thread stores to it.
  private(set) var isStored: [Bool]
  /// By variable: bounds of all values it can ever have; `nil` if not known.
  private(set) var bounds: [ClosedRange<Int>?]
  /// By thread declaration: the variables that its code stores to.
  private(set) var storedByType: [Set<Int>]

  init(_ program: Program) {
    isStored = program.variables.map { _ in false }
    bounds = program.variables.map { variable in
      if variable.type.base == .boolean, !variable.type.isOptional { return 0...1 }
      switch variable.initial {
      case .values(let values):
        guard let least = values.min(), let greatest = values.max() else { return nil }
        return least...greatest
      case .anyOf(let lower, let upper): return lower...upper
      case .anyInteger: return nil
      }
    }
    storedByType = program.threadTypes.map { type in
      var stored: Set<Int> = []
      var seen: Set<Int> = [type.entry.index]
      var pending = [type.entry]
      while let position = pending.popLast() {
        if case .store(let place, _) = program.instructions[position.index] {
          stored.insert(place.variable.index)
        }
        for next in program.successors(of: position) where seen.insert(next.index).inserted {
          pending.append(next)
        }
      }
      return stored
    }
    for case .store(let place, let value) in program.instructions {
      let variable = place.variable.index
      isStored[variable] = true
      if program.variables[variable].type.base == .boolean,
        !program.variables[variable].type.isOptional
      {
        continue
      }
      if case .constant(let value) = value, let known = bounds[variable] {
        bounds[variable] = min(known.lowerBound, value)...max(known.upperBound, value)
      } else {
        bounds[variable] = nil
      }
    }
  }
}
