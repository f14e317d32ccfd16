import HeddleDiagnostics

/// Messages about what is written in another way in Python or Swift.
extension SyntaxMessage {
  static func colonBlock() -> Self { Self("a block stands in braces: '{ ... }'") }

  static func foreignOperator(_ word: String, _ symbol: String) -> Self {
    Self("'\(word)' is written '\(symbol)'")
  }

  static func foreignLiteral(_ word: String, _ literal: String) -> Self {
    Self("'\(word)' is written '\(literal)'")
  }

  static func foreignFunction(_ word: String) -> Self {
    Self("a function is declared with 'func', not '\(word)'")
  }

  static func foreignClass(_ word: String) -> Self {
    Self("'\(word)' does not exist; threads with fields and methods are declared with 'thread'")
  }

  static func noImports() -> Self {
    Self("there is nothing to import: threads, locks and queues are part of the language")
  }

  static func emptyBlock(_ word: String) -> Self {
    Self("an empty block is written '{ }', without '\(word)'")
  }

  static func elseIf(_ word: String) -> Self { Self("'\(word)' is written 'else if'") }

  static func foreignRaise(_ word: String) -> Self {
    Self("an exception is raised with 'fail \"why\"', not '\(word)'")
  }

  static func exceptionsNotCaught(_ word: String) -> Self {
    Self("exceptions are not caught, so '\(word)' does not exist; 'finally' runs on the way out")
  }

  static func noSwitch(_ word: String) -> Self {
    Self("'\(word)' does not exist; write 'if ... else if ...'")
  }

  static func foreignLoop(_ word: String) -> Self {
    Self("'\(word)' does not exist; loops are 'while', 'for' and 'loop'")
  }

  static func sharedEverywhere(_ word: String) -> Self {
    Self("'\(word)' is not needed: shared variables are known in every thread")
  }

  static func foreignDefer() -> Self {
    Self("'defer' does not exist; write 'try { ... } finally { ... }'")
  }

  static func noAsync(_ word: String) -> Self {
    Self("'\(word)' does not exist: every thread may block")
  }

  static func noIncrement(_ symbol: String) -> Self {
    Self("'\(symbol)\(symbol)' does not exist; write '\(symbol)= 1'")
  }

  static func commentLikeDivision() -> Self {
    Self("'//' begins a comment; division is written '/', and rounds down", severity: .warning)
  }

  static func formattedString(_ prefix: String) -> Self {
    Self("a text with values is written \"x is \\(x)\", without '\(prefix)'")
  }

  static func noConditionalExpression() -> Self {
    Self("there is no conditional expression; write 'if ... { ... } else { ... }'")
  }

  static func lineGoesOn(_ symbol: String) -> Self {
    Self(
      "a statement goes on only if its line ends with the operator; "
        + "here one begins with '\(symbol)'"
    )
  }

  static func noParentheses(_ statement: String) -> Self {
    Self("'\(statement)' is written without parentheses: '\(statement) x == 1, \"message\"'")
  }

  static func objectByItsName(_ kind: String) -> Self {
    Self("a declaration begins with what is declared: '\(kind) name', without '='")
  }

  static func noPowerOperator() -> Self { Self("'**' does not exist") }

  static func labelWithEquals(_ label: String, value: String) -> Self {
    Self("an argument's label is followed by ':', as in '\(label): \(value)'")
  }

  static func foreignStart(_ word: String) -> Self {
    Self("a thread is started by 'start worker', not by '\(word)'")
  }

  static func foreignThread() -> Self {
    Self("a thread is declared by 'thread name { ... }', and started by 'start name'")
  }

  static func objectWithValue(_ kind: String, _ name: String) -> Self {
    Self("the declaration ends with the name, as in '\(kind) \(name)'")
  }

  static func constantWithType(_ name: String) -> Self {
    Self("a constant has the type of its value, as in 'const \(name) = 5'")
  }

  static func lengthBehindName(_ name: String) -> Self {
    Self("an array's length stands in its value, as in '\(name) = [0; 3]'")
  }

  static func typeBeforeName(_ type: String, _ name: String) -> Self {
    Self("the name stands first, as in '\(name): Int' or '\(name)', not '\(type)'")
  }

  static func mainWithParameters() -> Self { Self("'main' has no parameters: 'main { ... }'") }

  static func pythonRange() -> Self { Self("'range(n)' is written '0..<n'") }

  static func severalLocks() -> Self {
    Self("'with' takes one lock; put a second 'with' inside its block")
  }

  static func printsOneValue() -> Self {
    Self("'print' takes one value; put others into a string with \\(...)")
  }

  static func startIsNoMethod(_ thread: String) -> Self {
    Self("'start' stands before the thread, as in 'start worker'; '\(thread)' has no 'start()'")
  }

  static func methodWithoutCall(_ method: String) -> Self {
    Self("a method is called with parentheses, as in '\(method)()'")
  }

  static func noReturnType() -> Self { Self("the type of a function's value is not written") }

  static func selfIsImplicit() -> Self { Self("'self' is not a parameter: every method has it") }

  static func noDefaultValue() -> Self { Self("parameters have no default values") }

  static func runIsNoFunction() -> Self {
    Self("what a thread runs is written 'run { ... }', without 'func' and parentheses")
  }
}
