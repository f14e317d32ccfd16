import HeddleProgram
import HeddleSemantics

/// Brings a state into the one form that it shares with all states that differ only in which of interchangeable threads is which.
///
/// The blocks of the threads of a group are sorted, each with everything that mentions its thread: its registers and memory of reads,
/// where it waits, its fields, the locks it owns. Threads with equal keys are truly interchangeable, so sorting is an exact canonical form, and no
/// orbit has to be enumerated (the idea of sorting scalar sets: Ip and Dill, "Better verification through symmetry", 1996).
///
/// Sound for findings that a state or a step shows, and for there being a cycle; not for what one thread does along an endless run.
struct Symmetry: Sendable {
  /// Threads that are interchangeable.
  let groups: [Range<Int>]
  /// By thread: its group, or -1.
  private let groupOfThread: [Int]
  private let layout: StateLayout
  /// The words of locks and rlocks that hold an owner.
  private let ownerSlots: [Int]
  /// By group: where the copies of fields begin, by thread of the group, and how long each is.
  private let fields: [[(starts: [Int], length: Int)]]
  private var order: [Int]
  private var scratch: [Int] = []

  /// `nil` if no two threads of the program are interchangeable.
  init?(_ machine: Machine) {
    let program = machine.program
    let layout = machine.layout
    let fieldsOf = { (group: Range<Int>) in
      program.variables.indices.compactMap { variable -> (starts: [Int], length: Int)? in
        guard case .field(let slots, let length, _) = program.variables[variable].shape,
          group.allSatisfy({ slots.indices.contains($0) && slots[$0] >= 0 })
        else { return nil }
        return (group.map { layout.variables[variable] + slots[$0] * length }, length)
      }
    }
    let groups = SymmetricThreads.groups(of: program)
    guard !groups.isEmpty else { return nil }
    self.groups = groups
    self.layout = layout
    fields = groups.map(fieldsOf)
    groupOfThread = (0..<machine.threadCount).map { thread in
      groups.firstIndex { $0.contains(thread) } ?? -1
    }
    ownerSlots = program.objects.indices.compactMap { object in
      switch program.objects[object].kind {
      case .lock, .rlock: layout.objects[object]
      default: nil
      }
    }
    order = Array(0..<machine.threadCount)
  }

  /// Sorts the threads of each group; `marked`, a thread or -1, follows its thread.
  ///
  /// - Complexity: O(threads x words of a block) where few are out of place.
  mutating func canonicalize(_ state: inout MutableSpan<Int>, marked: inout Int) {
    for (number, group) in groups.enumerated() {
      for position in group { order[position] = position }
      var isSorted = true
      for position in group.dropFirst() {
        let thread = order[position]
        var hole = position
        while hole > group.lowerBound,
          precedes(thread, order[hole - 1], number, marked, state.span)
        {
          order[hole] = order[hole - 1]
          hole -= 1
          isSorted = false
        }
        order[hole] = thread
      }
      if !isSorted { permute(group, number, &state, &marked) }
    }
  }

  /// Whether a thread of a canonical state is just like the one before it, so that its steps lead to the same canonical states.
  ///
  /// A marked thread comes before those that are like it: its steps cost no more than theirs.
  func isTwin(_ thread: Int, in state: Span<Int>) -> Bool {
    let group = groupOfThread[thread]
    guard group >= 0, thread > groups[group].lowerBound else { return false }
    return !precedes(thread - 1, thread, group, -1, state)
  }

  private func precedes(
    _ left: Int,
    _ right: Int,
    _ group: Int,
    _ marked: Int,
    _ state: Span<Int>
  ) -> Bool {
    let start = (layout.threads[left].control, layout.threads[right].control)
    for offset in 0..<layout.threads[left].end - start.0 {
      let (own, other) = (state[start.0 + offset], state[start.1 + offset])
      if own != other { return own < other }
    }
    let first = groups[group].lowerBound
    for field in fields[group] {
      for offset in 0..<field.length {
        let own = state[field.starts[left - first] + offset]
        let other = state[field.starts[right - first] + offset]
        if own != other { return own < other }
      }
    }
    for slot in ownerSlots {
      if state[slot] == left + 1 { return true }
      if state[slot] == right + 1 { return false }
    }
    return left == marked
  }

  private mutating func permute(
    _ group: Range<Int>,
    _ number: Int,
    _ state: inout MutableSpan<Int>,
    _ marked: inout Int
  ) {
    let start = layout.threads[group.lowerBound].control
    let end = layout.threads[group.upperBound - 1].end
    let width = (end - start) / group.count
    copy(start..<end, state.span)
    for position in group {
      let source = (order[position] - group.lowerBound) * width
      let target = layout.threads[position].control
      for offset in 0..<width { state[target + offset] = scratch[source + offset] }
    }
    for field in fields[number] {
      scratch.removeAll(keepingCapacity: true)
      for copy in field.starts {
        for offset in 0..<field.length { scratch.append(state[copy + offset]) }
      }
      for position in group {
        let source = (order[position] - group.lowerBound) * field.length
        let target = field.starts[position - group.lowerBound]
        for offset in 0..<field.length { state[target + offset] = scratch[source + offset] }
      }
    }
    for slot in ownerSlots where group.contains(state[slot] - 1) {
      state[slot] = newPosition(of: state[slot] - 1, group) + 1
    }
    if group.contains(marked) { marked = newPosition(of: marked, group) }
  }

  private func newPosition(of thread: Int, _ group: Range<Int>) -> Int {
    for position in group where order[position] == thread { return position }
    return thread
  }

  private mutating func copy(_ range: Range<Int>, _ state: Span<Int>) {
    scratch.removeAll(keepingCapacity: true)
    for slot in range { scratch.append(state[slot]) }
  }
}
