import HeddleProgram
import HeddleSolver

extension Encoder {
  /// States that a shared variable which its updates only lower, or only raise, never passes what it started from.
  ///
  /// An update here is a write whose value was computed from what its thread has read of the same element; any other write
  /// starts anew. If each update is at most something that it read, then whatever a read sees goes back, update by update, to the
  /// initial value or to a write that starts anew, and is at most that. That says nothing new, but where amounts are
  /// unknown, a solver that has to find it out by itself looks at the orders one by one.
  func limitTrends() {
    guard !initialInputs.isEmpty || events.contains(where: { isAnyInteger($0) }) else { return }
    let readsBySlot = Dictionary(grouping: reads, by: \.slot)
    let writesBySlot = Dictionary(grouping: writes, by: \.slot)
    for slot in writesBySlot.keys.sorted() where facing.isStored[variableOfSlot[slot]] {
      let reads = readsBySlot[slot] ?? []
      var trend = Trend(slot: slot, reads: reads)
      for write in writesBySlot[slot] ?? [] {
        noteWork(reads.count)
        let sources = sources(of: write, among: reads)
        if sources.isEmpty {
          trend.beginnings.append(write)
        } else {
          trend.updates.append((write, sources))
        }
      }
      guard !trend.updates.isEmpty else { continue }
      state(trend, terms.lessOrEqual)
      state(trend) { [terms] in terms.lessOrEqual($1, $0) }
    }
  }

  /// The accesses of one element.
  private struct Trend {
    var slot: Int
    var reads: [MemoryRead]
    /// Writes with what their values were computed from.
    var updates: [(write: MemoryWrite, sources: [MemoryRead])] = []
    /// Writes of other values.
    var beginnings: [MemoryWrite] = []
  }

  private func sources(of write: MemoryWrite, among reads: [MemoryRead]) -> [MemoryRead] {
    let value = TermRanges(of: [write.value], in: terms)
    return reads.filter { read in
      events[read.event].thread == events[write.event].thread
        && events[read.event].order <= events[write.event].order && value.contains(read.value)
    }
  }

  /// States it for one direction.
  private func state(
    _ trend: Trend,
    _ isWithin: (IntegerTerm, IntegerTerm) -> Formula
  ) {
    let keepsWithin = terms.and(
      trend.updates.map { update in
        let ways = update.sources.map { read in
          terms.and(read.condition, isWithin(update.write.value, read.value))
        }
        return terms.or([terms.not(update.write.condition)] + ways)
      }
    )
    guard keepsWithin != terms.no else { return }
    let holds = terms.proposition()
    addFact(terms.implies(keepsWithin, holds), .trend)
    func limit(_ value: IntegerTerm, if condition: Formula) {
      let ways = trend.beginnings.map { beginning in
        terms.and(beginning.condition, isWithin(value, beginning.value))
      }
      let premises = [terms.not(holds), terms.not(condition)]
      addFact(terms.or(premises + [isWithin(value, initialValues[trend.slot])] + ways), .trend)
    }
    for read in trend.reads { limit(read.value, if: read.condition) }
    if let value = endValues[trend.slot] { limit(value, if: terms.yes) }
  }

  /// Whether the step chooses one of all integers.
  func isAnyInteger(_ event: Event) -> Bool {
    if case .anyInteger = program.instructions[event.position] { true } else { false }
  }
}
