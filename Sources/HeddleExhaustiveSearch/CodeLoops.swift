import HeddleProgram

/// The loops in the code of a program.
struct CodeLoops {
  /// One loop: from its head to its last jump back.
  struct Loop {
    var positions: ClosedRange<Int>
    /// Whether no instruction in it leads out of it.
    var isEndless: Bool
  }

  private var loops: [Loop] = []
  /// By position: the number of the smallest loop around it, -1 for none.
  private var innermost: [Int]

  /// - Complexity: O(instructions x nesting of loops).
  init(_ program: Program) {
    var last: [Int: Int] = [:]
    for (position, instruction) in program.instructions.enumerated() {
      if case .backEdge(let head) = instruction, head.index <= position {
        last[head.index] = position
      }
    }
    innermost = Array(repeating: -1, count: program.instructions.count)
    // Loops are nested, and the outer one begins first.
    for head in last.keys.sorted() {
      guard let end = last[head] else { continue }
      let range = head...end
      let isEndless = range.allSatisfy { inside in
        let next = program.successors(of: InstructionID(inside))
        return !next.isEmpty && next.allSatisfy { range.contains($0.index) }
      }
      for position in range { innermost[position] = loops.count }
      loops.append(Loop(positions: range, isEndless: isEndless))
    }
  }

  /// The smallest loop around an instruction.
  func innermost(around position: Int) -> Loop? {
    innermost[position] >= 0 ? loops[innermost[position]] : nil
  }
}
