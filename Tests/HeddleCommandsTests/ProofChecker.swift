import Foundation
import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import HeddleSemantics

/// Checks the invariants of a JSON report again, by executing the scenario: no solver, and nothing of the engine, is used.
///
/// `any Int` is tried with a few values only, and constants have the values that are given: a check, not a proof.
struct ProofChecker {
  private let machine: Machine
  private let invariants: [Report.Invariant]
  private let cases: [Report.Case]
  private let parameters: [String: Int]
  /// By name.
  private let threads: [String: Int]
  /// By the first of threads that are counted together: all of them.
  private var groups: [Int: Range<Int>] = [:]

  private static let symbolicValues = "any -1...2"
  /// Where the instructions of the program that was proved are in that with a certain number of threads.
  private let positions: [Int: Int]
  private static let maximumStates = 1_500
  private static let combinations = 1_000

  init?(scenario: String, report: Report, parameters: [String: Int]) {
    let text = scenario.replacing("any Int", with: Self.symbolicValues)
    let loaded = Frontend.load(
      SourceFile(name: "check.heddle", text: text),
      options: LoadOptions(constants: parameters)
    )
    guard let program = loaded.program,
      let proved = Frontend.load(SourceFile(name: "check.heddle", text: scenario)).program
    else { return nil }
    machine = Machine(program)
    positions = Self.positions(of: proved, in: program)
    invariants = report.invariants
    cases = report.cases
    self.parameters = parameters
    var threads: [String: Int] = [:]
    for (number, instance) in program.instances.enumerated() { threads[instance.name] = number }
    self.threads = threads
    // With a certain number of threads, the report may speak of the first for all of a declaration.
    let firsts = Set(
      report.invariants.flatMap(\.sum).compactMap(\.first).compactMap { threads[$0] }
    )
    for first in firsts {
      let declaration = program.threadTypes[program.instances[first].type.index]
      let next = firsts.filter { $0 > first }.min() ?? program.instances.count
      groups[first] = first..<min(declaration.instances.upperBound, next)
    }
  }

  /// A number that is known is computed with beforehand, and what cannot be out of range is not checked, so what comes after is elsewhere; visible instructions are the same in both.
  private static func positions(of proved: Program, in program: Program) -> [Int: Int] {
    func visible(_ program: Program) -> [Int] {
      program.instructions.indices.filter { program.instructions[$0].isVisible }
    }
    return Dictionary(
      uniqueKeysWithValues: zip(proved.instructions.indices, program.instructions.indices)
    ).merging(zip(visible(proved), visible(program))) { $1 }
  }

  // MARK: States

  private typealias Words = [Int]

  private func successors(_ words: Words, of thread: Int) -> [Words] {
    var copy = words
    var state = copy.mutableSpan
    let count = machine.choices(of: thread, in: &state)
    return (0..<count).compactMap { choice in
      var next = words
      var state = next.mutableSpan
      var effects = StepEffects(for: machine.program)
      let outcome = machine.apply(thread, choice: choice, to: &state, effects: &effects)
      return outcome == .completed ? next : nil
    }
  }

  private func holdsLock(_ words: Words) -> Bool {
    machine.program.objects.indices.contains {
      machine.owner(of: ObjectID($0), in: words.span) != nil
    }
  }

  private var beginnings: [Words] {
    guard case .success(let count) = machine.initialStateCount else { return [] }
    return (0..<min(count, 64)).map { number in
      var words = Array(repeating: 0, count: machine.layout.bufferWidth)
      var state = words.mutableSpan
      var effects = StepEffects(for: machine.program)
      _ = machine.makeInitialState(number, in: &state, effects: &effects)
      return words
    }
  }

  /// What is wrong: an invariant that a reachable state does not satisfy, or a step that does not keep one.
  ///
  /// Steps are also taken from states that satisfy the invariants and need not be reachable.
  func mistakes() -> (messages: [String], states: Int, steps: Int) {
    var messages: [String] = []
    var states = 0
    var free: [(initial: Words, words: Words)] = []
    for beginning in beginnings {
      var seen: Set<Words> = [beginning]
      var open = [beginning]
      while let words = open.popLast(), seen.count < Self.maximumStates / beginnings.count + 1 {
        if !holdsLock(words) {
          states += 1
          free.append((beginning, words))
          messages += broken(words, beginning).map { "reachable: \($0)" }
        }
        for thread in machine.program.instances.indices {
          for next in successors(words, of: thread) where seen.insert(next).inserted {
            open.append(next)
          }
        }
      }
    }
    let (more, steps) = unkept(free)
    return (Array(Set(messages + more)).sorted(), states, steps)
  }

  // MARK: Steps from any state

  private func unkept(_ free: [(initial: Words, words: Words)]) -> (messages: [String], steps: Int)
  {
    var messages: [String] = []
    var steps = 0
    var random = SystemRandomNumberGenerator()
    for _ in 0..<Self.combinations {
      guard let base = free.randomElement(using: &random) else { break }
      var words = base.words
      // What is claimed of a case is about numbers: of half of the states, only those are changed.
      let keepsPlaces = Bool.random(using: &random)
      for thread in machine.program.instances.indices where !keepsPlaces {
        guard let other = free.randomElement(using: &random)?.words else { continue }
        let slots = machine.layout.threads[thread]
        words[slots.control] = other[slots.control]
        for offset in 0..<slots.registerCount {
          words[slots.registers + offset] = other[slots.registers + offset]
        }
      }
      for (number, variable) in machine.program.variables.enumerated() {
        for element in 0..<variable.elementCount {
          let slot = machine.layout.variables[number] + element
          let isNumber = variable.type.base == .integer
          if keepsPlaces && !isNumber { continue }
          words[slot] = free.randomElement(using: &random)?.words[slot] ?? 0
          guard isNumber, words[slot] != Program.none else { continue }
          words[slot] += Int.random(in: -1...1, using: &random)
        }
      }
      guard broken(words, base.initial).isEmpty else { continue }
      for thread in machine.program.instances.indices {
        for next in wholeSteps(words, of: thread) {
          steps += 1
          messages += broken(next, base.initial).map { "not kept: \($0)" }
        }
      }
    }
    return (messages, steps)
  }

  /// Where a thread comes by itself until no lock is held.
  private func wholeSteps(_ words: Words, of thread: Int) -> [Words] {
    var result: [Words] = []
    var open = successors(words, of: thread)
    for _ in 0..<2_000 {
      guard let next = open.popLast() else { break }
      if holdsLock(next) { open += successors(next, of: thread) } else { result.append(next) }
    }
    return result
  }

  // MARK: Sums

  private func broken(_ words: Words, _ initial: Words) -> [String] {
    let isCovered = cases.isEmpty || cases.contains { isIn($0, words, initial) }
    return (isCovered ? [] : ["no case"]) + brokenInvariants(words, initial)
  }

  private func isIn(_ example: Report.Case, _ words: Words, _ initial: Words) -> Bool {
    example.places.allSatisfy { name, place in
      threads[name].map { isAt(place, $0, words) } ?? false
    }
      && example.values.allSatisfy { words[slot(Int($0) ?? 0)] == $1 }
      && example.claims.allSatisfy { claim in
        claim.any.contains { comparison in
          holds(comparison.relation, comparison.sum, words, initial)
        }
      }
  }

  private func holds(
    _ relation: String,
    _ sum: [Report.Part],
    _ words: Words,
    _ initial: Words
  ) -> Bool {
    let sum = total(sum, words, initial)
    return relation == "= 0" ? sum == 0 : sum >= 0
  }

  /// `none` is the least integer, which has no opposite in 64 bits.
  private func total(_ sum: [Report.Part], _ words: Words, _ initial: Words) -> Int128 {
    sum.reduce(0) { $0 + Int128($1.factor) * Int128(value($1, words, initial)) }
  }

  private func brokenInvariants(_ words: Words, _ initial: Words) -> [String] {
    invariants.compactMap { invariant in
      if let name = invariant.thread {
        guard let thread = threads[name] else { return "there is no thread \(name)" }
        guard invariant.places.contains(where: { isAt($0, thread, words) }) else { return nil }
      }
      return holds(invariant.relation, invariant.sum, words, initial)
        ? nil : "\(invariant.text) (\(total(invariant.sum, words, initial)))"
    }
  }

  private func value(_ part: Report.Part, _ words: Words, _ initial: Words) -> Int {
    let owner = threads[part.thread ?? ""] ?? -1
    let slot = slot(part.element ?? 0)
    switch part.of {
    case "one": return 1
    case "parameter": return parameters[part.name ?? ""] ?? 0
    case "variable": return words[slot]
    case "initial": return initial[slot]
    case "threads":
      guard let place = part.place, let first = threads[part.first ?? ""] else { return 0 }
      return (groups[first] ?? first..<first + 1).count { isAt(place, $0, words) }
    case "initial-while":
      return part.place.map { isAt($0, owner, words) } == true ? initial[slot] : 0
    case "variable-while":
      return part.place.map { isAt($0, owner, words) } == true ? words[slot] : 0
    case "register":
      guard part.place.map({ isAt($0, owner, words) }) == true else { return 0 }
      return words[machine.layout.threads[owner].registers + (part.register ?? 0)]
    default: preconditionFailure("the report has a quantity '\(part.of)' that is not documented")
    }
  }

  private func slot(_ element: Int) -> Int {
    var rest = element
    for (number, variable) in machine.program.variables.enumerated() {
      if rest < variable.elementCount { return machine.layout.variables[number] + rest }
      rest -= variable.elementCount
    }
    return 0
  }

  private func isAt(_ place: Report.Place, _ thread: Int, _ words: Words) -> Bool {
    switch place {
    case .unstarted: return !machine.hasStarted(thread, in: words.span)
    case .ended: return machine.hasEnded(thread, in: words.span)
    case .before(let instruction, let registers):
      guard machine.isRunning(thread, in: words.span),
        machine.position(of: thread, in: words.span)?.index == positions[instruction]
      else { return false }
      return registers.allSatisfy { register, value in
        words[machine.layout.threads[thread].registers + register] == value
      }
    }
  }
}

extension ProofChecker {
  /// The part of a JSON report that is checked.
  struct Report: Decodable {
    var invariants: [Invariant]
    var cases: [Case]
    var summary: [String]

    struct Case: Decodable {
      var places: [String: Place]
      var values: [String: Int]
      var claims: [Claim]
    }

    struct Claim: Decodable {
      var text: String
      var any: [Comparison]
    }

    struct Comparison: Decodable {
      var relation: String
      var sum: [Part]
    }

    struct Invariant: Decodable {
      var text: String
      var relation: String
      var thread: String?
      var places: [Place]
      var sum: [Part]

      enum CodingKeys: String, CodingKey {
        case text, relation, places, sum
        case thread = "while"
      }
    }

    struct Part: Decodable {
      var factor: Int
      var of: String
      var element: Int?
      var name: String?
      var first: String?
      var thread: String?
      var register: Int?
      var place: Place?
    }

    enum Place: Decodable {
      case unstarted
      case ended
      case before(Int, [(register: Int, value: Int)])

      private struct Before: Decodable {
        var instruction: Int
        var registers: [String: Int]
      }

      init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
          self = name == "ended" ? .ended : .unstarted
          return
        }
        let before = try Before(from: decoder)
        let registers = before.registers.map { (register: Int($0.key) ?? 0, value: $0.value) }
        self = .before(before.instruction, registers)
      }
    }
  }

  /// The whole JSON report.
  struct File: Decodable {
    var scenarios: [Scenario]

    struct Scenario: Decodable {
      var proof: Report?
    }
  }
}
