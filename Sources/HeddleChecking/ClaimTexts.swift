import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// What a claim demands and what was there, as code with the values filled in.
struct ClaimTexts {
  /// For example `balance == 1000`.
  var expected: String
  /// For example `balance == 900`.
  var got: String?

  /// Writes both sides of a comparison; of another condition, the variables that were read to evaluate it.
  init(_ claim: ClaimID, _ compared: ComparedValues?, reads: [StepEvent], _ view: StateView) {
    let program = view.machine.program
    let description = program.claims[claim.index]
    expected = program.foldedText(description.conditionSpan)
    guard let comparison = description.comparison, let compared else {
      got = Self.values(reads, view)
      return
    }
    var left = Side(comparison.left, comparison.leftSpan, compared.left, comparison.type, view)
    var right = Side(comparison.right, comparison.rightSpan, compared.right, comparison.type, view)
    var operation = comparison.operation
    if left.isConstant, !right.isConstant {
      swap(&left, &right)
      operation = operation.mirrored
    }
    let demanded = right.isConstant ? right.value : right.text
    expected = "\(left.text) \(operation.symbol) \(demanded)"
    var parts = [left.equation]
    if !right.isConstant, right.text != right.value { parts.append(right.equation) }
    got = parts.joined(separator: ", ")
  }

  private static func values(_ reads: [StepEvent], _ view: StateView) -> String? {
    var names: [String] = []
    var texts: [String] = []
    for event in reads {
      let name: String
      let value: String
      switch event {
      case .read(let variable, let element, let read):
        name = view.name(of: variable, element: element)
        value = view.text(of: read, in: variable)
      case .observed(let object, let observation, let answer):
        name = "\(view.name(of: object)).\(observation.method)()"
        value = observation.isNumber ? String(answer) : answer != 0 ? "true" : "false"
      case .sawAlive(let thread, let isAlive):
        name = "\(view.name(of: thread)).is_alive()"
        value = "\(isAlive)"
      default: continue
      }
      if let index = names.firstIndex(of: name) {
        texts[index] = "\(name) == \(value)"
      } else {
        names.append(name)
        texts.append("\(name) == \(value)")
      }
    }
    return texts.isEmpty || texts.count > 6 ? nil : texts.joined(separator: ", ")
  }

  private struct Side {
    var text: String
    var value: String
    var isConstant: Bool

    init(
      _ operand: Operand,
      _ span: SourceSpan,
      _ encoded: Int,
      _ type: ValueType,
      _ view: StateView
    ) {
      text = view.machine.program.foldedText(span)
      value = view.text(of: encoded, as: type)
      if case .constant = operand { isConstant = true } else { isConstant = false }
    }

    var equation: String { "\(text) == \(value)" }
  }
}

extension BinaryOperation {
  /// As it is written.
  var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .modulo: "%"
    case .equal: "=="
    case .notEqual: "!="
    case .less, .stringLess: "<"
    case .lessOrEqual, .stringLessOrEqual: "<="
    case .greater, .stringGreater: ">"
    case .greaterOrEqual, .stringGreaterOrEqual: ">="
    }
  }

  /// The comparison that says the same with its sides exchanged.
  var mirrored: BinaryOperation {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .stringLess: .stringGreater
    case .stringLessOrEqual: .stringGreaterOrEqual
    case .stringGreater: .stringLess
    case .stringGreaterOrEqual: .stringLessOrEqual
    default: self
    }
  }
}
