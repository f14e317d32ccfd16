/// The one candidate that `name` is very likely a misspelling of, or `nil`.
///
/// Counts inserted, removed, replaced and swapped neighbouring characters. Short names may differ
/// by one, longer ones by two or three; a tie between two candidates gives no suggestion, because a
/// wrong one costs its reader more than a missing one. A name that differs only in upper and lower
/// case always wins.
///
/// - Complexity: O(candidates × length²), with names over 64 bytes ignored.
public func closestName(to name: String, among candidates: [String]) -> String? {
  let written = Array(name.utf8)
  guard !written.isEmpty, written.count <= longestComparedName else { return nil }
  let lowered = name.lowercased()
  var closest: (name: String, distance: Int)?
  var isTied = false
  for candidate in candidates where candidate != name && candidate != closest?.name {
    if candidate.lowercased() == lowered { return candidate }
    let wanted = Array(candidate.utf8)
    guard wanted.count <= longestComparedName else { continue }
    let allowance = allowedDistance(length: max(written.count, wanted.count))
    guard abs(written.count - wanted.count) <= allowance else { continue }
    let distance = editDistance(written, wanted)
    guard distance <= allowance else { continue }
    if let best = closest, best.distance <= distance {
      if best.distance == distance { isTied = true }
    } else {
      closest = (candidate, distance)
      isTied = false
    }
  }
  return isTied ? nil : closest?.name
}

private let longestComparedName = 64

/// How many edits still look like a slip of the fingers in a name of this length.
private func allowedDistance(length: Int) -> Int {
  switch length {
  case ..<3: 0
  case ..<6: 1
  case ..<10: 2
  default: 3
  }
}

/// The least number of insertions, removals, replacements and swaps of neighbours.
///
/// The optimal string alignment distance: no part is edited twice.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    current.reserveCapacity(right.count + 1)
    for column in right.indices {
      let replacement = previous[column] + (left[row] == right[column] ? 0 : 1)
      var distance = min(replacement, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, beforePrevious[column - 1] + 1)
      }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.count]
}
