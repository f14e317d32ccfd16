import HeddleProgram

/// How much memory a search may use if nobody has said it.
enum MemoryBudget {
  /// What a search takes beside the states and tables that it counts, for each word of a state: it packs states by the thousand, and packs them anew
  /// when values turn up that need more bits.
  private static let workspacePerSlot = 48 << 10

  /// Half of what is left beside the workspace: the rest is for what follows the search, for the report, and for others.
  ///
  /// - Parameters:
  ///   - available: The bytes that are left.
  ///   - program: What is searched.
  /// - Returns: Bytes, at least 0.
  static func bytes(of available: Int, for program: Program) -> Int {
    max(0, available - program.stateWords * workspacePerSlot) / 2
  }
}
