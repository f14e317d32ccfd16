import HeddleDiagnostics

/// One token with its place; its text stays in the source.
struct Token: Equatable {
  var kind: TokenKind
  /// The offset of its first byte.
  var start: Int
  /// The offset after its last byte.
  var end: Int
  /// Whether it is the first token of its line.
  var startsLine: Bool

  var span: SourceSpan { SourceSpan(start: start, end: end) }

  /// Whether the lexer made it up to close a string that the line leaves open.
  ///
  /// The missing quote has been reported where this is the case.
  var isSynthetic: Bool { start == end && kind != .endOfFile }
}

/// What a token is.
///
/// Words that matter only in one place (`lock`, `run`, `when`, `timeout`) are identifiers: they
/// may be used as names everywhere else.
enum TokenKind: UInt8 {
  case identifier
  case integer

  // A string is `stringStart (stringText | interpolationStart … interpolationEnd)* stringEnd`.
  case stringStart
  case stringText
  case interpolationStart
  case interpolationEnd
  case stringEnd

  case leftParenthesis
  case rightParenthesis
  case leftBracket
  case rightBracket
  case leftBrace
  case rightBrace
  case comma
  case colon
  case semicolon
  case dot
  case question
  case arrow

  case assign
  case addAssign
  case subtractAssign
  case multiplyAssign
  case divideAssign
  case moduloAssign

  case plus
  case minus
  case star
  case slash
  case percent
  case less
  case lessOrEqual
  case greater
  case greaterOrEqual
  case equal
  case notEqual
  case and
  case or
  case not
  case rangeHalfOpen
  case rangeClosed

  case anyKeyword
  case assertKeyword
  case assumeKeyword
  case atomicKeyword
  case breakKeyword
  case chooseKeyword
  case continueKeyword
  case elseKeyword
  case failKeyword
  case falseKeyword
  case finallyKeyword
  case forKeyword
  case functionKeyword
  case ifKeyword
  case inKeyword
  case joinKeyword
  case letKeyword
  case loopKeyword
  case noneKeyword
  case printKeyword
  case returnKeyword
  case selfKeyword
  case sleepKeyword
  case startKeyword
  case superKeyword
  case trueKeyword
  case tryKeyword
  case variableKeyword
  case whileKeyword
  case withKeyword

  case endOfFile
  /// Something that is no token; the lexer has reported it.
  case unknown

  /// The reserved words.
  static let keywords: [String: TokenKind] = [
    "any": .anyKeyword, "assert": .assertKeyword, "assume": .assumeKeyword,
    "atomic": .atomicKeyword, "break": .breakKeyword, "choose": .chooseKeyword,
    "continue": .continueKeyword, "else": .elseKeyword, "fail": .failKeyword,
    "false": .falseKeyword, "finally": .finallyKeyword, "for": .forKeyword,
    "func": .functionKeyword, "if": .ifKeyword, "in": .inKeyword, "join": .joinKeyword,
    "let": .letKeyword, "loop": .loopKeyword, "none": .noneKeyword, "print": .printKeyword,
    "return": .returnKeyword, "self": .selfKeyword, "sleep": .sleepKeyword,
    "start": .startKeyword, "super": .superKeyword, "true": .trueKeyword, "try": .tryKeyword,
    "var": .variableKeyword, "while": .whileKeyword, "with": .withKeyword,
  ]

  /// The words that begin a statement, in the order in which they are suggested.
  static let statementWords = [
    "let", "var", "if", "while", "loop", "for", "break", "continue", "return", "with", "atomic",
    "choose", "try", "fail", "assert", "assume", "print", "sleep", "join", "start",
  ]

  /// Whether it is a reserved word.
  var isKeyword: Bool {
    rawValue >= TokenKind.anyKeyword.rawValue && rawValue <= TokenKind.withKeyword.rawValue
  }

  /// Whether it stands between two operands only.
  var isBinaryOperator: Bool {
    rawValue >= TokenKind.plus.rawValue && rawValue <= TokenKind.or.rawValue && self != .minus
  }

  /// Whether an expression can begin with it.
  var startsExpression: Bool {
    switch self {
    case .identifier, .integer, .stringStart, .leftParenthesis, .leftBracket, .minus, .not,
      .anyKeyword, .falseKeyword, .noneKeyword, .selfKeyword, .startKeyword, .superKeyword,
      .trueKeyword, .unknown:
      true
    default: false
    }
  }

  /// Whether a line that ends with it goes on with the next one.
  var continuesLine: Bool {
    switch self {
    case .comma, .star, .slash, .percent, .plus, .minus, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .equal, .notEqual, .and, .or, .rangeHalfOpen, .rangeClosed:
      true
    default: false
    }
  }

  /// Whether a statement can begin with it and an expression cannot go on with it.
  var startsStatement: Bool {
    switch self {
    case .assertKeyword, .assumeKeyword, .atomicKeyword, .breakKeyword, .chooseKeyword,
      .continueKeyword, .failKeyword, .forKeyword, .functionKeyword, .ifKeyword, .joinKeyword,
      .letKeyword, .loopKeyword, .printKeyword, .returnKeyword, .sleepKeyword, .tryKeyword,
      .variableKeyword, .whileKeyword, .withKeyword:
      true
    default: false
    }
  }
}
