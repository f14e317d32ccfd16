/// Messages about what is missing, misplaced or unfinished.
extension SyntaxMessage {
  // MARK: Expressions

  static func expectedExpression(_ role: String, found: String) -> Self {
    Self("expected an expression" + (role.isEmpty ? "" : " " + role) + ", found \(found)")
  }

  static func expectedName(_ role: String, found: String) -> Self {
    Self("expected the name of \(role), found \(found)")
  }

  static func keywordAsName(_ word: String, _ role: String) -> Self {
    Self("'\(word)' is a keyword and cannot name \(role)")
  }

  static func expectedClosing(_ bracket: String, found: String) -> Self {
    Self("expected '\(bracket)', found \(found)")
  }

  static func unmatchedClosing(_ bracket: String) -> Self {
    Self("this '\(bracket)' closes nothing")
  }

  static func notCallable() -> Self { Self("only functions and methods can be called") }

  static func chainedComparison() -> Self {
    Self("comparisons do not chain; write 'a < b && b < c'")
  }

  static func loneSuper() -> Self { Self("'super' stands only before a call: 'super.step()'") }

  static func expectedRange() -> Self {
    Self("after 'any' stands a range, as in 'any 0...3', or 'Int' or 'Bool'")
  }

  static func expectedType(found: String) -> Self {
    Self("expected a type, as in 'Int', 'Int?' or '[Int]', found \(found)")
  }

  // MARK: Statements

  static func expectedStatement(found: String) -> Self {
    Self("expected a statement, found \(found)")
  }

  static func expectedEndOfStatement(found: String) -> Self {
    Self("a statement ends at the end of its line or at ';', found \(found)")
  }

  static func assignmentInExpression() -> Self {
    Self("'=' assigns and is no part of an expression; '==' compares")
  }

  static func expectedBlock(_ owner: String, found: String) -> Self {
    Self(
      found == "'='" ? "'=' assigns; '==' compares" : "expected '{' after \(owner), found \(found)"
    )
  }

  static func unclosedBrace() -> Self { Self("this '{' is never closed") }

  static func unknownStatement(_ word: String) -> Self { Self("'\(word)' begins no statement") }

  static func misspeltKeyword(_ word: String, _ keyword: String) -> Self {
    Self("unknown keyword '\(word)'; did you mean '\(keyword)'?")
  }

  static func expectedInitialValue(_ name: String, example: String) -> Self {
    Self("'\(name)' needs an initial value, as in '\(example)'")
  }

  static func notAssignable() -> Self {
    Self("only a variable, a field or an element can be assigned to")
  }

  static func comparisonAsStatement() -> Self { Self("'==' compares; '=' assigns") }

  static func unusedValue(of name: String?) -> Self {
    Self(
      name.map { "'\($0)' alone does nothing; a call is '\($0)()', an assignment '\($0) = ...'" }
        ?? "nothing is done with this value"
    )
  }

  static func expectedMessage(_ role: String, found: String) -> Self {
    Self("expected a message in quotes \(role), found \(found)")
  }

  static func expectedIn(found: String) -> Self {
    Self("expected 'in', as in 'for i in 0..<5', found \(found)")
  }

  static func chooseWithoutOr() -> Self {
    Self("'choose' has at least two blocks: 'choose { ... } or { ... }'")
  }

  static func tryWithoutFinally() -> Self { Self("'try { ... }' is followed by 'finally { ... }'") }

  static func strayElse() -> Self { Self("this 'else' belongs to no 'if'") }

  static func strayOr() -> Self { Self("this 'or' belongs to no 'choose'") }

  static func strayFinally() -> Self { Self("this 'finally' belongs to no 'try'") }

  // MARK: Declarations

  static func expectedDeclaration(found: String) -> Self {
    Self("expected a declaration, as in 'shared', 'lock' or 'thread', found \(found)")
  }

  static func statementAtTopLevel() -> Self {
    Self("statements stand in 'main', a thread or a function")
  }

  static func variableAtTopLevel() -> Self {
    Self("outside of threads stand 'shared' variables and 'const' values")
  }

  static func declarationInsideBlock(_ word: String) -> Self {
    Self("'\(word)' is declared outside of all blocks")
  }

  static func expectedWord(_ word: String, _ previous: String) -> Self {
    Self("expected '\(word)' after '\(previous)'")
  }

  static func expectedParties(_ name: String) -> Self {
    Self("a barrier needs the number of threads that meet, as in 'barrier \(name)(3)'")
  }

  static func expectedOrder() -> Self { Self("the order of waiters is 'order: fifo' or not given") }

  static func expectedCapacity() -> Self {
    Self("the only argument of a queue is its capacity, as in '(capacity: 2)'")
  }

  static func expectedKind(found: String) -> Self {
    Self(
      "expected 'pass', 'inconclusive' or a kind of finding, as in 'lost-update', found \(found)"
    )
  }

  static func expectedOn(found: String) -> Self {
    Self("expected 'on' and a name, as in 'allow data-race on hits', found \(found)")
  }

  static func expectedParameters(_ name: String) -> Self {
    Self("a function has parentheses, as in 'func \(name)() { ... }'")
  }

  static func expectedOutlive() -> Self { Self("expected 'may outlive main'") }

  static func expectedOverride() -> Self { Self("'override' stands before 'func' or 'run'") }

  static func statementAmongMembers(hasBase: Bool) -> Self {
    Self(
      "a thread with \(hasBase ? "a base" : "methods") holds only fields ('var'), 'func' and 'run'"
    )
  }

  static func runOutsideThread() -> Self {
    Self("'run' and 'override' stand directly in a thread")
  }
}
