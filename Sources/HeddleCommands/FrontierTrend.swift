/// Whether the states that wait to be expanded become more or fewer: whether a search is still opening up, or coming to its end.
struct FrontierTrend {
  /// What the last second or more has done to the frontier.
  enum Direction: String {
    case rising
    case steady
    case falling
  }

  private var samples: [(elapsed: Duration, frontier: Int)] = []

  /// Takes the frontier's size at a time after the start, and compares it with what it was a second before or, if nobody asked then, when it was
  /// last asked before that.
  ///
  /// - Returns: `nil` in the first second; a change of a twentieth or less is none.
  mutating func hear(_ frontier: Int, at elapsed: Duration) -> Direction? {
    let past = samples.lastIndex { elapsed - $0.elapsed >= .seconds(1) }
    if let past { samples.removeFirst(past) }
    samples.append((elapsed, frontier))
    guard past != nil else { return nil }
    let before = samples[0].frontier
    if abs(frontier - before) * 20 <= max(frontier, before) { return .steady }
    return frontier > before ? .rising : .falling
  }
}
