/// Which tokens of a line have a space between them.
extension Layout {
  /// Whether a space stands between a token and the one printed before it.
  func hasSpace(between left: Int, and right: Int) -> Bool {
    switch (kind(left), kind(right)) {
    case (.stringStart, _), (.stringText, _), (.interpolationStart, _), (.interpolationEnd, _),
      (_, .stringText), (_, .interpolationStart), (_, .interpolationEnd), (_, .stringEnd):
      false
    case (.leftParenthesis, _), (.leftBracket, _), (.dot, _), (.not, _),
      (_, .rightParenthesis), (_, .rightBracket), (_, .comma), (_, .semicolon), (_, .colon),
      (_, .dot), (_, .question):
      false
    case (.rangeHalfOpen, _), (.rangeClosed, _), (_, .rangeHalfOpen), (_, .rangeClosed):
      false
    case (.minus, .minus): true
    case (.minus, _): !isUnaryMinus(left) && !isInFindingKind(left)
    case (_, .minus): isUnaryMinus(right) || !isInFindingKind(right)
    case (_, .leftParenthesis), (_, .leftBracket): !endsOperand(left)
    default: true
    }
  }

  /// Whether a value ends with the token, so that `(` after it calls and `-` subtracts.
  private func endsOperand(_ index: Int) -> Bool {
    switch kind(index) {
    case .integer, .stringEnd, .rightParenthesis, .rightBracket, .trueKeyword, .falseKeyword,
      .noneKeyword, .selfKeyword, .superKeyword, .question:
      true
    case .identifier: !isWordBeforeExpression(index)
    default: kind(index).isKeyword && index > 0 && kind(index - 1) == .dot
    }
  }

  private func isUnaryMinus(_ index: Int) -> Bool {
    index == 0 || !endsOperand(index - 1)
  }

  /// Whether a word stands where an expression follows it, as a keyword does.
  private func isWordBeforeExpression(_ index: Int) -> Bool {
    switch text(index) {
    case "when": index > 0 && kind(index - 1) == .atomicKeyword
    case "invariant": roles[index] == .first && index + 1 < tokens.count && !isOperandNext(index)
    // `join t timeout 5`: two values do not otherwise follow each other.
    case "timeout": roles[index] != .first && endsOperand(index - 1)
    default: false
    }
  }

  /// Whether a name at the start of an item is used as one: assigned to, or before a dot.
  private func isOperandNext(_ index: Int) -> Bool {
    switch kind(index + 1) {
    case .dot, .assign, .addAssign, .subtractAssign, .multiplyAssign, .divideAssign,
      .moduloAssign:
      true
    default: false
    }
  }

  /// Whether a minus sign joins the words of a kind, as in `expect lost-update`.
  private func isInFindingKind(_ index: Int) -> Bool {
    var start = index
    // No kind has more than a few words.
    while start > max(0, index - 8), kind(start) == .minus || kind(start) == .identifier,
      roles[start] != .first
    {
      start -= 1
    }
    guard roles[start] == .first, kind(start) == .identifier, start + 1 < index,
      kind(start + 1) == .identifier
    else { return false }
    return text(start) == "expect" || text(start) == "allow"
  }
}
