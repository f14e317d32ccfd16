/// How states are packed into 32-bit words: each value of a slot has a code, and each slot as many bits as its codes need.
///
/// Values are numbered in the order in which they are first met, so a slot that takes 10 different values costs 4 bits however large the
/// values are, and one that never changes costs none. Slots of one group (a register of all threads of one declaration,
/// the elements of an array) share their codes. Exact: two states are equal if and only if their words are.
///
/// ### Layout
///     words     each slot in one word, never across two; the first word with room takes it
///     values    by group: its values by code, from `valueStart`, room for `1 << capacityBits`
///     buckets   by group: a hash table from values to codes, from `bucketStart`, four times as many
///
/// A group may have wider fields than it has codes: spare bits of the words are given away when they are laid out, so that
/// most new codes move nothing.
struct SlotCoding: Sendable {
  /// Where a slot is.
  struct Field: Sendable {
    var word = 0
    var shift: UInt32 = 0
    /// The field's bits, in place.
    var mask: UInt32 = 0
    var valueStart = 0
    var bucketStart = 0
    /// `64 -` the binary logarithm of the number of the group's buckets.
    var bucketShift: UInt64 = 62
  }

  private struct Bucket: Sendable {
    var value = 0
    /// -1 if the bucket is empty.
    var code = -1
  }

  private struct Group: Sendable {
    var slotCount = 0
    var values: [Int] = []
    /// The width of its fields.
    var bits = 0
    /// Room for `1 << capacityBits` codes; at most `bits`.
    var capacityBits = 0
  }

  /// Where the slots of packed states are: what is needed to read their words again after fields have moved.
  struct Layout: Sendable {
    /// See ``SlotCoding/layoutNumber``.
    let number: Int
    /// Words of one state; at least 1.
    let wordCount: Int
    fileprivate let fields: [Field]
  }

  /// Words of one state; at least 1.
  private(set) var wordCount = 1

  /// How often fields have moved.
  private(set) var layoutNumber = 0

  private let groupOfSlot: [Int]
  private var groups: [Group]
  private var fields: [Field]
  private var values: [Int] = []
  private var buckets: [Bucket] = []

  /// A coding without codes; `groups[slot]` numbers the slot's group, from 0.
  init(groups numbers: [Int]) {
    groupOfSlot = numbers
    groups = Array(repeating: Group(), count: (numbers.max() ?? -1) + 1)
    for number in numbers { groups[number].slotCount += 1 }
    fields = Array(repeating: Field(), count: numbers.count)
    tabulate()
  }

  /// The slots of one state.
  var slotCount: Int { fields.count }

  /// Where the slots are now.
  ///
  /// Unlike a copy of the whole it does not make new codes expensive.
  var layout: Layout { Layout(number: layoutNumber, wordCount: wordCount, fields: fields) }

  /// Bytes in use.
  var byteCount: Int {
    values.count * 2 * MemoryLayout<Int>.stride + buckets.count * MemoryLayout<Bucket>.stride
      + fields.count * MemoryLayout<Field>.stride
  }

  // MARK: Packing

  /// Packs a state into ``wordCount`` words; `false` if some value has no code yet.
  ///
  /// - Complexity: O(slots).
  func pack(_ state: Span<Int>, into packed: inout [UInt32]) -> Bool {
    var words = packed.mutableSpan
    for word in words.indices { words[word] = 0 }
    let fields = fields.span
    let buckets = buckets.span
    for slot in fields.indices {
      let code = Self.code(of: state[slot], fields[slot], buckets)
      guard code >= 0 else { return false }
      words[fields[slot].word] |= UInt32(truncatingIfNeeded: code) &<< fields[slot].shift
    }
    return true
  }

  /// Turns the words of one state into those of another.
  ///
  /// - Parameters:
  ///   - state: The state to pack.
  ///   - base: A state that differs in few slots.
  ///   - words: Hold the words of `base`, get those of `state`.
  ///   - start: The first of them.
  /// - Returns: `false` if some value has no code yet.
  /// - Complexity: O(slots) comparisons, and the work of packing for each difference.
  func repack(
    _ state: Span<Int>,
    from base: Span<Int>,
    in words: inout MutableSpan<UInt32>,
    at start: Int
  ) -> Bool {
    let fields = fields.span
    let buckets = buckets.span
    for slot in fields.indices where state[slot] != base[slot] {
      guard Self.pack(state[slot], fields[slot], buckets, into: &words, at: start) else {
        return false
      }
    }
    return true
  }

  /// The same for some slots only, which also makes these equal to those of `base`.
  ///
  /// - Returns: `false` if some value has no code yet; then ``takeBack(_:from:in:at:)`` undoes it.
  @inline(__always)
  func move(
    _ slots: Range<Int>,
    of state: inout MutableSpan<Int>,
    from base: Span<Int>,
    to words: inout MutableSpan<UInt32>,
    at start: Int
  ) -> Bool {
    let fields = fields.span
    let buckets = buckets.span
    precondition(slots.lowerBound >= 0)
    precondition(slots.upperBound <= state.count)
    precondition(slots.upperBound <= base.count)
    var slot = slots.lowerBound
    while slot < slots.upperBound {
      if state[slot] != base[slot] {
        guard Self.pack(state[slot], fields[slot], buckets, into: &words, at: start) else {
          return false
        }
        state[slot] = base[slot]
      }
      slot &+= 1
    }
    return true
  }

  /// Gives a state back what was moved to the words.
  func takeBack(
    _ state: inout MutableSpan<Int>,
    from base: Span<Int>,
    in words: Span<UInt32>,
    at start: Int
  ) {
    for slot in fields.indices {
      let field = fields[slot]
      let code = (words[start + field.word] & field.mask) &>> field.shift
      let value = values[field.valueStart + Int(code)]
      if value != base[slot] { state[slot] = value }
    }
  }

  /// Puts a value into its field; `false` if it has no code yet.
  @inline(__always)
  private static func pack(
    _ value: Int,
    _ field: Field,
    _ buckets: Span<Bucket>,
    into words: inout MutableSpan<UInt32>,
    at start: Int
  ) -> Bool {
    let code = code(of: value, field, buckets)
    guard code >= 0 else { return false }
    let word = start &+ field.word
    words[word] = words[word] & ~field.mask | UInt32(truncatingIfNeeded: code) &<< field.shift
    return true
  }

  /// Unpacks a state into the front of a buffer.
  func unpack(_ words: Span<UInt32>, into buffer: inout MutableSpan<Int>) {
    let fields = fields.span
    let values = values.span
    for slot in fields.indices {
      let code = (words[fields[slot].word] & fields[slot].mask) &>> fields[slot].shift
      buffer[slot] = values[fields[slot].valueStart &+ Int(code)]
    }
  }

  @inline(__always)
  private static func code(of value: Int, _ field: Field, _ buckets: Span<Bucket>) -> Int {
    var bucket = field.bucketStart &+ firstBucket(of: value, field.bucketShift)
    while true {
      let entry = buckets[bucket]
      if entry.value == value || entry.code < 0 { return entry.code }
      bucket += 1
    }
  }

  @inline(__always)
  private static func firstBucket(of value: Int, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: Int64(value)) &* 0x9E37_79B9_7F4A_7C15) &>> shift)
  }

  // MARK: New codes

  /// Gives each value of a state a code.
  ///
  /// - Returns: The layout before, if fields had to move: what is packed has to be packed anew; see ``relocation(from:)``.
  /// - Complexity: O(slots), and O(codes) where a table grows or a copy of the coding exists.
  mutating func learn(_ state: Span<Int>) -> Layout? {
    let fresh = newValues(of: state)
    var capacities: [Int: Int] = [:]
    for (number, added) in Dictionary(grouping: fresh, by: { groupOfSlot[$0.slot] }) {
      var capacity = groups[number].capacityBits
      while groups[number].values.count + added.count > 1 << capacity { capacity += 1 }
      if capacity > groups[number].capacityBits { capacities[number] = capacity }
    }
    let mustWiden = capacities.contains { number, capacity in capacity > groups[number].bits }
    let before = mustWiden ? layout : nil
    for (number, capacity) in capacities { groups[number].capacityBits = capacity }
    for (slot, value) in fresh {
      let number = groupOfSlot[slot]
      groups[number].values.append(value)
      if capacities.isEmpty { enter(value, code: groups[number].values.count - 1, fields[slot]) }
    }
    if mustWiden { widen() }
    if !capacities.isEmpty { tabulate() }
    return before
  }

  /// The values of a state that have no codes, once for each group, in the order of the slots.
  private func newValues(of state: Span<Int>) -> [(slot: Int, value: Int)] {
    var seen: [Int: Set<Int>] = [:]
    var fresh: [(slot: Int, value: Int)] = []
    for slot in groupOfSlot.indices {
      let value = state[slot]
      if Self.code(of: value, fields[slot], buckets.span) < 0,
        seen[groupOfSlot[slot], default: []].insert(value).inserted
      {
        fresh.append((slot, value))
      }
    }
    return fresh
  }

  /// How to bring what was packed in an earlier layout to where it is now.
  func relocation(from earlier: Layout) -> SlotRelocation {
    var relocation = SlotRelocation(wordCount: wordCount)
    for slot in fields.indices where earlier.fields[slot].mask != 0 {
      let before = earlier.fields[slot]
      let now = fields[slot]
      relocation.move(before.mask, of: before.word, before.shift, to: now.word, now.shift)
    }
    return relocation
  }

  /// Lays the words out for fields as wide as the groups' codes need.
  private mutating func widen() {
    layoutNumber += 1
    for group in groups.indices { groups[group].bits = groups[group].capacityBits }
    let needed = place()
    // What the words have to spare goes to the narrowest groups first: those are the likeliest to get new values.
    var spare = 32 * needed - groups.reduce(0) { $0 + $1.bits * $1.slotCount }
    var isGrowing = true
    var failures = 0
    while isGrowing {
      isGrowing = false
      let order = groups.indices.sorted { (groups[$0].bits, $0) < (groups[$1].bits, $1) }
      for group in order
      where groups[group].bits < Self.mostSpareBits && groups[group].slotCount <= spare
        && failures < Self.mostFailures
      {
        groups[group].bits += 1
        if place() > needed {
          groups[group].bits -= 1
          failures += 1
        } else {
          spare -= groups[group].slotCount
          isGrowing = true
        }
      }
    }
    wordCount = place()
  }

  /// Wider than this no field gets unasked.
  private static let mostSpareBits = 12
  /// So often it may turn out that a field does not fit if it is wider.
  private static let mostFailures = 256

  /// Puts each slot into the first word that has room; returns the number of words.
  private mutating func place() -> Int {
    var used: [Int] = []
    var firstOpen = 0
    for slot in fields.indices {
      let bits = groups[groupOfSlot[slot]].bits
      guard bits > 0 else {
        // Spare bits that it had before may have been taken back.
        fields[slot].word = 0
        fields[slot].shift = 0
        fields[slot].mask = 0
        continue
      }
      var word = firstOpen
      while word < used.count, used[word] + bits > 32 { word += 1 }
      if word == used.count { used.append(0) }
      fields[slot].word = word
      fields[slot].shift = UInt32(used[word])
      fields[slot].mask = UInt32(truncatingIfNeeded: (1 << bits) - 1) << UInt32(used[word])
      used[word] += bits
      while firstOpen < used.count, used[firstOpen] == 32 { firstOpen += 1 }
    }
    return max(1, used.count)
  }

  /// Makes the flat tables anew after a group has got more room.
  private mutating func tabulate() {
    var valueStarts: [Int] = []
    var bucketStarts: [Int] = []
    var valueCount = 0
    var bucketCount = 0
    for group in groups {
      valueStarts.append(valueCount)
      bucketStarts.append(bucketCount)
      valueCount += 1 << group.capacityBits
      // The last buckets of a group overflow into as many more, so that a probe never wraps around.
      bucketCount += 5 << group.capacityBits
    }
    values = Array(repeating: 0, count: valueCount)
    buckets = Array(repeating: Bucket(), count: bucketCount)
    for slot in fields.indices {
      let number = groupOfSlot[slot]
      fields[slot].valueStart = valueStarts[number]
      fields[slot].bucketStart = bucketStarts[number]
      fields[slot].bucketShift = UInt64(62 - groups[number].capacityBits)
    }
    var isDone = Array(repeating: false, count: groups.count)
    for slot in fields.indices where !isDone[groupOfSlot[slot]] {
      let number = groupOfSlot[slot]
      isDone[number] = true
      for (code, value) in groups[number].values.enumerated() {
        enter(value, code: code, fields[slot])
      }
    }
  }

  private mutating func enter(_ value: Int, code: Int, _ field: Field) {
    var bucket = field.bucketStart + Self.firstBucket(of: value, field.bucketShift)
    while buckets[bucket].code >= 0 { bucket += 1 }
    buckets[bucket] = Bucket(value: value, code: code)
    values[field.valueStart + code] = value
  }
}
