import HeddleDiagnostics

/// Locks, semaphores, queues and so on, and what is expected of a scenario.
extension Parser {
  /// A synchronisation object or an array of them; `word` is its first word.
  mutating func syncDeclaration(_ word: String) throws(Malformed) -> SyncDeclaration {
    var kindWord = word
    advance()
    if word == "bounded" || word == "lifo" || word == "priority" {
      kindWord = word == "bounded" ? "semaphore" : "queue"
      guard skipWord(kindWord) else { throw unexpected(.expectedWord(kindWord, word)) }
    }
    let name = try name("the \(kindWord)")
    var count: Expression?
    if isOnSameLine, current.kind == .leftBracket {
      count = try bracketed(.rightBracket) { parser throws(Malformed) in
        try parser.expression("as the number of objects")
      }
    }
    let kind: SyncDeclaration.Kind =
      switch kindWord {
      case "lock": .lock
      case "rlock": .rlock
      case "event": .event
      case "semaphore":
        .semaphore(
          initial: initialValue(of: name, example: "semaphore \(name.text) = 3"),
          isBounded: word == "bounded"
        )
      case "barrier": .barrier(parties: try parties(of: name))
      case "condition": try condition()
      default: .queue(order: queueOrder(word), capacity: try capacity())
      }
    if isOnSameLine, current.kind == .assign {
      reportUnexpected(.objectWithValue(kindWord, name.text))
      skipStatement()
    }
    return SyncDeclaration(name: name, kind: kind, count: count)
  }

  private func queueOrder(_ word: String) -> SyncDeclaration.QueueOrder {
    switch word {
    case "lifo": .lifo
    case "priority": .priority
    default: .fifo
    }
  }

  /// `(3)`.
  private mutating func parties(of barrier: Name) throws(Malformed) -> Expression {
    guard isOnSameLine, current.kind == .leftParenthesis else {
      throw unexpected(.expectedParties(barrier.text))
    }
    return try bracketed(.rightParenthesis) { parser throws(Malformed) in
      try parser.expression("as the number of threads that meet")
    }
  }

  /// `(mutex, order: fifo)`, if anything.
  private mutating func condition() throws(Malformed) -> SyncDeclaration.Kind {
    guard isOnSameLine, current.kind == .leftParenthesis else {
      return .condition(lock: nil, isFIFO: false)
    }
    return try bracketed(.rightParenthesis) { parser throws(Malformed) in
      var lock: Name?
      var isFIFO = false
      try parser.commaSeparated(until: .rightParenthesis) { parser throws(Malformed) in
        if parser.isAtWord("order"), parser.peek().kind == .colon {
          parser.advance()
          parser.advance()
          guard parser.skipWord("fifo") else { throw parser.unexpected(.expectedOrder()) }
          isFIFO = true
        } else if lock == nil, !isFIFO {
          lock = try parser.name("the condition's lock")
        } else {
          throw parser.unexpected(.expectedClosing(")", found: parser.foundText))
        }
      }
      return .condition(lock: lock, isFIFO: isFIFO)
    }
  }

  /// `(capacity: 2)`, if anything.
  private mutating func capacity() throws(Malformed) -> Expression? {
    guard isOnSameLine, current.kind == .leftParenthesis else { return nil }
    return try bracketed(.rightParenthesis) { parser throws(Malformed) in
      guard parser.isAtWord("capacity") || parser.isAtWord("maxsize"),
        parser.peek().kind == .colon || parser.peek().kind == .assign
      else { throw parser.unexpected(.expectedCapacity()) }
      parser.advance()
      if parser.text(parser.previous) == "maxsize" || parser.current.kind == .assign {
        parser.report(.expectedCapacity(), at: parser.previous.span)
      }
      parser.advance()
      return try parser.expression("after 'capacity:'")
    }
  }

  // MARK: Expectations

  /// `expect pass`, `expect lost-update on balance` and so on.
  mutating func expectation() throws(Malformed) -> Expectation {
    let start = current.start
    advance()
    if skipWord("pass") { return Expectation(outcome: .pass, span: span(from: start)) }
    if skipWord("inconclusive") {
      return Expectation(outcome: .inconclusive, span: span(from: start))
    }
    let kind = try findingKind()
    var relation = Expectation.Relation.any
    var subjects: [Name] = []
    if skipWord("on") {
      relation = .on
      subjects = [try subject("what the finding is about")]
    } else if skipWord("between") {
      relation = .between
      subjects = try self.subjects()
    } else if isOnSameLine, current.kind == .identifier {
      relation = .bare
      subjects = try self.subjects()
    }
    return Expectation(
      outcome: .finding(kind: kind, relation: relation, subjects: subjects),
      span: span(from: start)
    )
  }

  /// `allow data-race on hits`.
  mutating func allowance() throws(Malformed) -> Declaration.Kind {
    advance()
    let kind = try findingKind()
    guard skipWord("on") else { throw unexpected(.expectedOn(found: foundText)) }
    return .allow(kind: kind, on: try subject("what it is allowed on"))
  }

  /// A kind of finding: words with `-` between them.
  private mutating func findingKind() throws(Malformed) -> Name {
    var kind = try findingWord()
    while isOnSameLine, current.kind == .minus {
      advance()
      let part = try findingWord()
      kind = Name(text: kind.text + "-" + part.text, span: kind.span.union(part.span))
    }
    return kind
  }

  private mutating func findingWord() throws(Malformed) -> Name {
    guard isOnSameLine, current.kind == .identifier else {
      throw unexpected(.expectedKind(found: foundText))
    }
    return try name("a kind of finding")
  }

  private mutating func subjects() throws(Malformed) -> [Name] {
    var subjects: [Name] = []
    repeat { subjects.append(try subject("what the finding is about")) } while skip(.comma)
    return subjects
  }

  /// A declared name, or a field as `Worker.handled`.
  private mutating func subject(_ role: String) throws(Malformed) -> Name {
    var subject = try name(role)
    while isOnSameLine, skip(.dot) {
      let member = try memberName()
      subject = Name(
        text: subject.text + "." + member.text,
        span: subject.span.union(member.span)
      )
    }
    return subject
  }
}
