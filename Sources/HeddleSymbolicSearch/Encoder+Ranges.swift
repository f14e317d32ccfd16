import HeddleProgram
import HeddleSolver

extension Encoder {
  /// States in which ranges the shared variables stay, as far as counting their writes tells.
  ///
  /// A run takes each write of the unrolled code at most once, and computes its value from what fewer writes have left. So after as
  /// many rounds as there are writes, intervals hold whatever any run can read. That says nothing new, but a solver that has
  /// to find out by itself that a counter does not overflow looks at its orders one by one.
  func limitRanges() {
    let writes = writes.filter { facing.bounds[variableOfSlot[$0.slot]] == nil }
    guard !writes.isEmpty else { return }
    let values = TermRanges(of: writes.map(\.value), in: terms)
    guard values.size * writes.count <= Self.maximumRangeWork else { return }
    let first = TermRanges(of: initialValues, in: terms).ranges(where: [:])
    var ranges: [Int: ClosedRange<Int>] = [:]
    for write in writes { ranges[write.slot] = first[write.slot] }
    for _ in writes {
      var known: [IntegerTerm: ClosedRange<Int>] = [:]
      for read in reads { known[read.value] = ranges[read.slot] }
      var next = ranges
      for (write, range) in zip(writes, values.ranges(where: known)) {
        guard let old = next[write.slot] else { continue }
        next[write.slot] = range.map {
          min(old.lowerBound, $0.lowerBound)...max(old.upperBound, $0.upperBound)
        }
      }
      if next == ranges { break }
      ranges = next
    }
    for read in reads { limit(read.value, ranges[read.slot]) }
    for slot in endValues.keys.sorted() {
      if let value = endValues[slot] { limit(value, ranges[slot]) }
    }
  }

  private func limit(_ value: IntegerTerm, _ range: ClosedRange<Int>?) {
    guard let range, terms.value(of: value) == nil else { return }
    addFact(terms.lessOrEqual(terms.integer(range.lowerBound), value), .derivedRange)
    addFact(terms.lessOrEqual(value, terms.integer(range.upperBound)), .derivedRange)
  }

  /// Ranges are not looked for where that takes more evaluations of terms.
  private static var maximumRangeWork: Int { 2_000_000 }
}
