import HeddleSemantics

/// What a step, or all steps that are still to come, may do to the shared state, by resource (``ResourceTable``).
///
/// Two footprints that do not conflict belong to steps that commute and do not disable each other, wherever both can be taken. What enables a blocked
/// step is kept apart, as a signal: a `put` and a blocking `get` of one FIFO queue do not conflict, and yet the one wakes the other.
struct Footprint: Hashable {
  /// Looked at: conflicts with writes and with commuting updates.
  var reads: BitSet
  /// Changed: conflicts with everything.
  var writes: BitSet
  /// Changed in a way that commutes with itself, such as setting an event: conflicts with reads and writes.
  var updates: BitSet
  /// What blocked threads may wait for is brought about.
  var signals: BitSet

  init(resourceCount: Int) {
    reads = BitSet(capacity: resourceCount)
    writes = reads
    updates = reads
    signals = reads
  }

  /// About the memory that its sets take.
  var byteCount: Int { 4 * (32 + 8 * reads.words.count) }

  func conflicts(with other: Footprint) -> Bool {
    for word in writes.words.indices {
      let own = (reads.words[word], writes.words[word], updates.words[word])
      let their = (other.reads.words[word], other.writes.words[word], other.updates.words[word])
      let conflict =
        own.1 & (their.0 | their.1 | their.2) | their.1 & (own.0 | own.2)
        | own.0 & their.2 | own.2 & their.0
      if conflict != 0 { return true }
    }
    return false
  }

  /// Whether it conflicts with a read or write of one resource.
  func touches(_ resource: Int, withWrite isWrite: Bool) -> Bool {
    writes.contains(resource) || isWrite && reads.contains(resource)
  }

  /// Whether it changes one of the resources.
  func changes(_ resources: BitSet) -> Bool {
    writes.intersects(resources) || updates.intersects(resources) || signals.intersects(resources)
  }

  /// Adds another footprint; returns whether anything was new.
  @discardableResult
  mutating func formUnion(_ other: Footprint) -> Bool {
    let changes = [
      reads.formUnion(other.reads), writes.formUnion(other.writes),
      updates.formUnion(other.updates), signals.formUnion(other.signals),
    ]
    return changes.contains(true)
  }
}
