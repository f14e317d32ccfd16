import HeddleProgram

extension ResolvedScenario {
  /// Whether a value is certain not to be the one integer that stands for `none`.
  func isNeverMinimum(_ value: ResolvedExpression) -> Bool {
    switch value.kind {
    case .constant(let constant): constant != Program.none
    case .everyNumber, .none, .text, .thisThread, .thisIndex, .thisName, .isAlive: true
    case .local(let local): locals[local.index].isNeverMinimum
    case .operation(let operation, _, _):
      switch operation {
      case .get: false
      default: true
      }
    case .any(let lower, _, _): isNeverMinimum(lower)
    // Going up cannot end at the bottom; nor can a remainder of a small divisor.
    case .binary(.add, let left, let right):
      (left.constant ?? 0) > 0 || (right.constant ?? 0) > 0
    case .binary(.modulo, _, let divisor): divisor.constant.map { $0 != Program.none } ?? false
    case .binary(.multiply, _, _), .binary(.subtract, _, _), .binary(.divide, _, _): false
    case .binary: true
    default: false
    }
  }
}
