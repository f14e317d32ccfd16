import HeddleProgram

extension Machine {
  /// By slot of a state: a number that it shares with the slots that take the same values.
  ///
  /// A word of a thread belongs together with that of the other threads of its declaration, an element with the other elements of its
  /// variable, an object's word with that of the other objects of its array, an item of a queue with the other items.
  /// The numbers are consecutive, from 0.
  public var slotGroups: [Int] {
    var groups = Array(repeating: -1, count: layout.width)
    var count = 0
    func group(_ slots: Range<Int>) {
      for slot in slots { groups[slot] = count }
      count += 1
    }
    var firstOfType = Array(repeating: -1, count: program.threadTypes.count)
    for (thread, slots) in layout.threads.enumerated() {
      let type = typeOfThread[thread]
      if firstOfType[type] < 0 {
        firstOfType[type] = count
        for slot in slots.control..<slots.end { group(slot..<slot + 1) }
      } else {
        for slot in slots.control..<slots.end {
          groups[slot] = firstOfType[type] + slot - slots.control
        }
      }
    }
    for (variable, slot) in layout.variables.enumerated() {
      group(slot..<slot + elementCounts[variable])
    }
    var previous = (name: "", words: 0..<0)
    for (index, slot) in layout.objects.enumerated() where slot >= 0 {
      let end = layout.objects[(index + 1)...].first { $0 >= 0 } ?? layout.width
      let words = slot..<(layout.queues[index]?.items ?? end)
      let name = program.objects[index].declaredName
      if name == previous.name, words.count == previous.words.count {
        for (word, twin) in zip(words, previous.words) { groups[word] = groups[twin] }
      } else {
        for word in words { group(word..<word + 1) }
      }
      if words.upperBound < end { group(words.upperBound..<end) }
      previous = (name, words)
    }
    return groups
  }
}
