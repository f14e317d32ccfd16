import HeddleProgram

/// The loops of a program, and the order in which unrolled code is walked.
struct CodeShape {
  /// By position: the heads of the loops around it, outermost first.
  private let loops: [[Int]]
  /// By head: the last position of the loop.
  private let ends: [Int: Int]

  /// One instruction in one round of each loop around it.
  struct Point: Hashable, Comparable {
    /// Head and round of each loop, outermost first, then the position.
    var path: [Int]

    var position: Int { path[path.count - 1] }

    static func < (left: Point, right: Point) -> Bool {
      left.path.lexicographicallyPrecedes(right.path)
    }

    /// The round of the loop with the given head.
    func round(of head: Int) -> Int? {
      for index in stride(from: 0, to: path.count - 1, by: 2) where path[index] == head {
        return path[index + 1]
      }
      return nil
    }
  }

  init(_ program: Program) {
    var ends: [Int: Int] = [:]
    for (position, instruction) in program.instructions.enumerated() {
      if case .backEdge(let head) = instruction {
        ends[head.index] = max(ends[head.index] ?? 0, position)
      }
    }
    self.ends = ends
    let heads = ends.keys.sorted()
    loops = program.instructions.indices.map { position in
      heads.filter { $0 <= position && position <= ends[$0] ?? -1 }
    }
  }

  /// Where code begins.
  func start(at position: Int) -> Point { point(position, from: nil) }

  /// The point of `position`, reached from another one other than by going round a loop.
  func point(_ position: Int, from origin: Point?) -> Point {
    var path: [Int] = []
    for head in loops[position] { path += [head, origin?.round(of: head) ?? 0] }
    return Point(path: path + [position])
  }

  /// The head of a loop, in the round after that of `origin`.
  func nextRound(of head: Int, from origin: Point) -> Point {
    var path: [Int] = []
    for outer in loops[head] {
      let round = origin.round(of: outer) ?? 0
      path += [outer, outer == head ? round + 1 : round]
    }
    return Point(path: path + [head])
  }

  /// The loops around `position` that `target` is outside of.
  func loopsLeft(from position: Int, to target: Int) -> [Int] {
    loops[position].filter { head in target < head || target > ends[head] ?? -1 }
  }
}
