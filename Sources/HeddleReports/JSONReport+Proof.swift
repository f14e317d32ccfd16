import HeddleChecking
import HeddleDiagnostics
import HeddleProgram

// What a proof rests on, so that others can check it again.

extension JSONReport {
  /// The member of a scenario that was proved by invariants.
  func proof(_ result: CheckResult) -> [(String, JSONValue)] {
    guard let proof = result.proof else { return [] }
    let program = result.program
    let value = JSONValue.object([
      ("scope", .line(.array(proof.scope.map { .string(Numbers.plain($0)) }))),
      ("parameters", .line(.object(program.parameters.map { ($0.name, .int($0.value)) }))),
      ("invariants", .array(proof.invariants.map { invariant($0, program) })),
      ("cases", .array(proof.cases.map { example($0, program) })),
      ("summary", .array(proof.summary.map { .string(Numbers.plain($0)) })),
    ])
    return [("proof", value)]
  }

  private func example(_ example: Proof.Case, _ program: Program) -> JSONValue {
    let places = zip(program.instances, example.places).map { instance, place in
      (instance.name, self.place(place, program))
    }
    let values = example.values.keys.sorted().map {
      (String($0), JSONValue.int(example.values[$0] ?? 0))
    }
    return .line(
      .object([
        ("places", .object(places)),
        ("values", .object(values)),
        ("claims", .array(example.claims.map { claim($0, program) })),
      ])
    )
  }

  private func claim(_ claim: Proof.Claim, _ program: Program) -> JSONValue {
    let alternatives = claim.alternatives.map { comparison in
      JSONValue.object([
        ("relation", relation(comparison.isEquation)),
        ("sum", .array(comparison.parts.map { part($0, program) })),
      ])
    }
    return .object([
      ("text", .string(Numbers.plain(claim.text))), ("any", .array(alternatives)),
    ])
  }

  private func relation(_ isEquation: Bool) -> JSONValue { .string(isEquation ? "= 0" : ">= 0") }

  private func invariant(_ invariant: Proof.Invariant, _ program: Program) -> JSONValue {
    .line(
      .object([
        ("text", .string(Numbers.plain(invariant.text))),
        ("notable", .bool(invariant.isNotable)),
        ("relation", relation(invariant.isEquation)),
        ("while", JSONValue(invariant.thread.map { program.instances[$0.index].name })),
        ("places", .array(invariant.places.map { place($0, program) })),
        ("sum", .array(invariant.parts.map { part($0, program) })),
      ])
    )
  }

  private func place(_ place: Proof.Place, _ program: Program) -> JSONValue {
    switch place {
    case .unstarted: return .string("unstarted")
    case .ended: return .string("ended")
    case .before(let position, let registers):
      let start = program.instructionSpans[position.index].start
      return .object([
        ("instruction", .int(position.index)),
        ("line", .int(program.source.line(of: start))),
        (
          "registers",
          .object(registers.keys.sorted().map { (String($0), .int(registers[$0] ?? 0)) })
        ),
      ])
    }
  }

  private func part(_ part: Proof.Part, _ program: Program) -> JSONValue {
    var members: [(String, JSONValue)] = [("factor", .int(part.factor))]
    func add(_ kind: String, _ rest: (String, JSONValue)...) {
      members.append(("of", .string(kind)))
      members += rest
    }
    func name(_ thread: ThreadID) -> JSONValue { .string(program.instances[thread.index].name) }
    switch part.quantity {
    case .one: add("one")
    case .parameter(let number):
      add("parameter", ("name", .string(program.parameters[number].name)))
    case .variable(let element): add("variable", ("element", .int(element)))
    case .initial(let element): add("initial", ("element", .int(element)))
    case .threads(let first, let place):
      add("threads", ("first", name(first)), ("place", self.place(place, program)))
    case .initialWhile(let element, let thread, let place):
      add(
        "initial-while",
        ("element", .int(element)),
        ("thread", name(thread)),
        ("place", self.place(place, program))
      )
    case .variableWhile(let element, let thread, let place):
      add(
        "variable-while",
        ("element", .int(element)),
        ("thread", name(thread)),
        ("place", self.place(place, program))
      )
    case .register(let register, let thread, let place):
      add(
        "register",
        ("register", .int(register)),
        ("thread", name(thread)),
        ("place", self.place(place, program))
      )
    }
    return .object(members)
  }
}
