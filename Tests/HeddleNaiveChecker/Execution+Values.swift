import HeddleProgram

extension Execution {
  // MARK: Registers

  func value(_ operand: Operand) -> Int {
    switch operand {
    case .constant(let value): value
    case .register(let register): frame.registers[register.index]
    case .thisThread: thread
    case .thisIndex: setting.program.instances[thread].indexInType
    case .thisName: setting.program.instances[thread].nameString
    }
  }

  /// What the operand's value was computed from.
  func readings(_ operand: Operand) -> Set<Reading> {
    if case .register(let register) = operand { frame.readings[register.index] } else { [] }
  }

  mutating func set(_ register: Register, _ value: Int, _ readings: Set<Reading> = []) {
    frame.registers[register.index] = value
    frame.readings[register.index] = readings
  }

  mutating func set(_ register: Register?, _ value: Bool) {
    if let register { set(register, value ? 1 : 0) }
  }

  var misuse: Stop { .misuse(position: current) }

  /// The register of a local array that `index` selects.
  func register(in range: RegisterRange, at index: Operand) throws(Stop) -> Register {
    let index = value(index)
    guard (0..<range.count).contains(index) else { throw misuse }
    return Register(range.first.index + index)
  }

  // MARK: Arithmetic

  func apply(_ operation: BinaryOperation, _ left: Int, _ right: Int) throws(Stop) -> Int {
    switch operation {
    case .add: try exact(left.addingReportingOverflow(right))
    case .subtract: try exact(left.subtractingReportingOverflow(right))
    case .multiply: try exact(left.multipliedReportingOverflow(by: right))
    case .divide: try floorDivision(left, right).quotient
    case .modulo: try floorDivision(left, right == -1 ? 1 : right).remainder
    case .equal: left == right ? 1 : 0
    case .notEqual: left != right ? 1 : 0
    case .less: left < right ? 1 : 0
    case .lessOrEqual: left <= right ? 1 : 0
    case .greater: left > right ? 1 : 0
    case .greaterOrEqual: left >= right ? 1 : 0
    case .stringLess: setting.strings.isLess(left, right) ? 1 : 0
    case .stringLessOrEqual: setting.strings.isLess(right, left) ? 0 : 1
    case .stringGreater: setting.strings.isLess(right, left) ? 1 : 0
    case .stringGreaterOrEqual: setting.strings.isLess(left, right) ? 0 : 1
    }
  }

  func exact(_ result: (partialValue: Int, overflow: Bool)) throws(Stop) -> Int {
    if result.overflow { throw misuse }
    return result.partialValue
  }

  /// Python's `divmod`: the quotient is rounded towards negative infinity.
  private func floorDivision(
    _ left: Int,
    _ right: Int
  ) throws(Stop) -> (quotient: Int, remainder: Int) {
    if right == 0 || (left == Int.min && right == -1) { throw misuse }
    let (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
    let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
    return isBelow ? (quotient - 1, remainder + right) : (quotient, remainder)
  }

  // MARK: Texts

  func text(_ value: Int, _ type: ValueType) -> String {
    if type.isOptional, value == Program.none { return "none" }
    switch type.base {
    case .integer: return String(value)
    case .boolean: return value != 0 ? "true" : "false"
    case .string: return setting.strings.texts[value]
    case .thread: return setting.program.instances[value].name
    }
  }

  /// Interns a text with its holes filled.
  mutating func format(_ result: Register, _ template: TemplateID) {
    var whole = ""
    var sources: Set<Reading> = []
    for piece in setting.program.templates[template.index] {
      switch piece {
      case .text(let text): whole += text
      case .value(let operand, let type):
        whole += text(value(operand), type)
        sources.formUnion(readings(operand))
      }
    }
    set(result, setting.strings.number(of: whole), sources)
  }

  // MARK: Shared variables

  /// The element that a place selects now.
  func element(_ place: Place) throws(Stop) -> Element {
    let variable = setting.program.variables[place.variable.index]
    func checked(_ index: Operand, below length: Int) throws(Stop) -> Int {
      let index = value(index)
      guard (0..<length).contains(index) else { throw misuse }
      return index
    }
    func copy(of owner: Operand) throws(Stop) -> (first: Int, length: Int) {
      let owner = value(owner)
      guard case .field(let slots, let length, _) = variable.shape, slots.indices.contains(owner),
        slots[owner] >= 0
      else { throw misuse }
      return (slots[owner] * length, length)
    }
    let index: Int
    switch place {
    case .scalar: index = 0
    case .element(_, let operand): index = try checked(operand, below: variable.elementCount)
    case .field(_, let owner): index = try copy(of: owner).first
    case .fieldElement(_, let owner, let operand):
      let (first, length) = try copy(of: owner)
      index = first + (try checked(operand, below: length))
    }
    return Element(variable: place.variable.index, index: index)
  }

  mutating func load(_ result: Register, _ place: Place) throws(Stop) {
    let element = try element(place)
    let isInAtomic = atomicLoads != nil
    effects.accesses.insert(Access(element: element, isWrite: false, isInAtomic: isInAtomic))
    atomicLoads?.insert(element)
    set(result, state.variables[element.variable][element.index], [Reading(element: element)])
  }

  mutating func store(_ place: Place, _ operand: Operand) throws(Stop) {
    let element = try element(place)
    let isInAtomic = atomicLoads != nil
    effects.accesses.insert(Access(element: element, isWrite: true, isInAtomic: isInAtomic))
    let isChecked = atomicLoads?.contains(element) ?? false
    if !isChecked, readings(operand).contains(Reading(element: element, isStale: true)) {
      effects.lostUpdates.insert(element.variable)
    }
    state.variables[element.variable][element.index] = value(operand)
    for other in state.threads.indices where other != thread {
      for register in state.threads[other].readings.indices {
        let fresh = Reading(element: element)
        if state.threads[other].readings[register].remove(fresh) != nil {
          state.threads[other].readings[register].insert(Reading(element: element, isStale: true))
        }
      }
    }
  }
}
