import HeddleProgram
import HeddleSemantics

/// Thread instances that run the same code with the same known values, so that one analysis serves all of them.
///
/// Footprints are computed per class, after folding what an instance knows about itself: otherwise `fork[left]` might be any fork,
/// and hardly anything would be independent.
struct ThreadClass: Hashable {
  /// What is run.
  var type: ThreadTypeID
  /// The instance, if the code asks for its own index, handle or name; else, and where that would be too many classes, -1.
  var instance: Int
  /// The parameters as far as they are known before the search.
  var parameters: [Int?]

  /// The most instructions that instances are told apart for, summed over the instances.
  ///
  /// Beyond, all that run the same code share a class: the tables stay small, and say less.
  private static let mostInstructions = 1 << 20

  /// The classes of a program, and the class of each of its instances.
  static func all(
    of program: Program,
    _ code: [ThreadCode]
  ) -> (classes: [ThreadClass], ofThread: [Int]) {
    var classes: [ThreadClass] = []
    var numbers: [ThreadClass: Int] = [:]
    let parameters = program.threadTypes.indices.map {
      knownParameters(ThreadTypeID($0), program, code)
    }
    let ownInstructions = program.instances.reduce(0) { sum, instance in
      let code = code[instance.type.index]
      return sum + (code.asksForItself ? code.positions.count : 0)
    }
    let tellsApart = ownInstructions <= mostInstructions
    let ofThread = program.instances.enumerated().map { thread, instance in
      let own = ThreadClass(
        type: instance.type,
        instance: tellsApart && code[instance.type.index].asksForItself ? thread : -1,
        parameters: parameters[instance.type.index]
      )
      if let number = numbers[own] { return number }
      numbers[own] = classes.count
      classes.append(own)
      return classes.count - 1
    }
    return (classes, ofThread)
  }

  /// The arguments that every `start` of the type gives as the same constant.
  private static func knownParameters(
    _ type: ThreadTypeID,
    _ program: Program,
    _ code: [ThreadCode]
  ) -> [Int?] {
    var known: [Int?]?
    for body in code {
      for position in body.positions {
        guard case .start(type, _, let arguments, _) = program.instructions[position.index] else {
          continue
        }
        let given = program.argumentLists[arguments].map { operand -> Int? in
          if case .constant(let value) = operand { value } else { nil }
        }
        known = known.map { zip($0, given).map { $0 == $1 ? $0 : nil } } ?? given
      }
    }
    let count = program.threadTypes[type.index].parameterCount
    return known ?? Array(repeating: nil, count: count)
  }
}
