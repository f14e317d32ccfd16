import HeddleProgram

/// Numbers everything in the shared state that two threads can get in each other's way with.
///
/// ### Numbering
///     variables   one for each element; one for all elements of a large array
///     objects     three for each, see ``Part``
///     threads     one for each instance: started, ended
///     types       one for each thread declaration: which instance is started next
struct ResourceTable {
  /// The parts of a sync object.
  enum Part: Int {
    /// A lock, a condition's wait set, an event, a barrier; of a queue the end at which items are got; of a semaphore the permits that are taken.
    case main = 0
    /// Of a queue the end at which items are put; of a semaphore the permits that are given.
    case second = 1
    /// Of a queue the number of unfinished tasks.
    case third = 2
  }

  private static let largestArray = 64

  private let program: Program
  private var variableStarts: [Int] = []
  private var objectStart = 0
  private var threadStart = 0
  private var typeStart = 0
  private(set) var count = 0

  init(_ program: Program) {
    self.program = program
    for variable in program.variables {
      variableStarts.append(count)
      count += Self.isLarge(variable) ? 1 : variable.elementCount
    }
    objectStart = count
    count += 3 * program.objects.count
    threadStart = count
    count += program.instances.count
    typeStart = count
    count += program.threadTypes.count
  }

  private static func isLarge(_ variable: Variable) -> Bool {
    variable.elementCount > largestArray
  }

  func object(_ object: Int, _ part: Part = .main) -> Int {
    objectStart + 3 * object + part.rawValue
  }

  func thread(_ thread: Int) -> Int { threadStart + thread }

  func type(_ type: ThreadTypeID) -> Int { typeStart + type.index }

  /// One element of a variable.
  func element(_ element: Int, of variable: VariableID) -> Int {
    let start = variableStarts[variable.index]
    return Self.isLarge(program.variables[variable.index]) ? start : start + element
  }

  /// The elements that a place may be, when control is at `position`.
  func elements(
    of place: Place,
    _ constants: RegisterConstants,
    at position: InstructionID
  ) -> Range<Int> {
    let variable = place.variable.index
    let start = variableStarts[variable]
    let total = program.variables[variable].elementCount
    if Self.isLarge(program.variables[variable]) { return start..<start + 1 }
    let all = start..<start + total
    func known(_ operand: Operand, below limit: Int) -> Int? {
      constants.value(operand, at: position).flatMap { $0 >= 0 && $0 < limit ? $0 : nil }
    }
    func copy(of owner: Operand) -> Range<Int>? {
      guard case .field(let slots, let length, _) = program.variables[variable].shape,
        let thread = known(owner, below: slots.count), slots[thread] >= 0
      else { return nil }
      return start + slots[thread] * length..<start + (slots[thread] + 1) * length
    }
    switch place {
    case .scalar: return all
    case .element(_, let index):
      return known(index, below: total).map { start + $0..<start + $0 + 1 } ?? all
    case .field(_, let owner): return copy(of: owner) ?? all
    case .fieldElement(_, let owner, let index):
      guard let copy = copy(of: owner) else { return all }
      return known(index, below: copy.count).map { copy.lowerBound + $0..<copy.lowerBound + $0 + 1 }
        ?? copy
    }
  }
}
