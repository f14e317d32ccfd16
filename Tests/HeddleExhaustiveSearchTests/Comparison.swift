import HeddleChecking
import HeddleDiagnostics
import HeddleExhaustiveSearch
import HeddleLanguage
import HeddleNaiveChecker
import HeddleProgram
import HeddleSemantics
import Testing

/// Which reductions an engine uses, and from which size on also for endless runs.
struct EngineVariant: CustomTestStringConvertible, Sendable {
  var name: String
  var reductions: Set<Reduction>
  /// The largest graph in which endless runs are judged without reductions.
  var smallGraph: Int?
  /// With more than one core, every level is shared, however small.
  var cores = 1

  static let reference = EngineVariant(name: "none", reductions: [])
  static let all = EngineVariant(name: "all", reductions: Set(Reduction.allCases))
  /// Each reduction alone, all together, on several cores too, and all without the fallback to the plain graph for endless runs.
  static let reduced: [EngineVariant] =
    [all]
    + Reduction.allCases.map { EngineVariant(name: $0.rawValue, reductions: [$0]) }
    + [
      EngineVariant(
        name: "all, endless runs too",
        reductions: Set(Reduction.allCases),
        smallGraph: 0
      ),
      EngineVariant(name: "all, three cores", reductions: Set(Reduction.allCases), cores: 3),
      EngineVariant(name: "none, two cores", reductions: [], cores: 2),
    ]

  var testDescription: String { name }

  func question(_ program: Program, _ fairness: Fairness) -> Question {
    var question = Question(program, fairness: fairness, countsOrders: reductions.isEmpty)
    question.reductions = reductions
    question.smallGraph = smallGraph
    question.cores = cores
    if cores > 1 { question.smallLevel = 0 }
    return question
  }
}

/// One scenario judged by the engine in several variants, and by the naive checker that shares only the lowered program with it.
struct Comparison {
  /// What differs; empty if both say the same.
  private(set) var differences: [String] = []
  /// Whether the naive checker reached its limits, so that little was compared.
  private(set) var isInconclusive = false
  private(set) var states = 0

  init(
    _ program: Program,
    fairness: Fairness = .strong,
    stateLimit: Int = 60_000,
    variants: [EngineVariant] = [.reference] + EngineVariant.reduced
  ) {
    let naive = NaiveChecker(
      program: program,
      fairness: NaiveChecker.Fairness(fairness),
      stateLimit: stateLimit
    ).check()
    guard naive.states < stateLimit else {
      isInconclusive = true
      return
    }
    for variant in variants {
      let before = differences.count
      compare(variant, naive, program, fairness)
      for index in before..<differences.count {
        differences[index] = "[\(variant.name)] \(differences[index])"
      }
    }
  }

  private mutating func compare(
    _ variant: EngineVariant,
    _ naive: NaiveResult,
    _ program: Program,
    _ fairness: Fairness
  ) {
    let question = variant.question(program, fairness)
    let answer = ExhaustiveEngine().answer(question, supervisor: .none)
    if variant.cores > 1 {
      var alone = question
      alone.cores = 1
      let other = ExhaustiveEngine().answer(alone, supervisor: .none)
      if "\(answer)" != "\(other)" {
        differences.append("one core: \(other); \(variant.cores) cores: \(answer)")
      }
    }
    states = max(states, answer.statistics.states)
    compareLimits(answer, naive)
    guard !isInconclusive else { return }
    compareFindings(answer, naive, program)
    if question.countsOrders, answer.orders != naive.orders {
      differences.append(
        "orders: engine \(answer.orders.map(String.init) ?? "-"), "
          + "naive \(naive.orders.map(String.init) ?? "-")"
      )
    }
    do throws(InternalError) {
      _ = try Checker(engine: ExhaustiveEngine()).check(question)
    } catch {
      differences.append("evidence: \(error)")
    }
  }

  private mutating func compareLimits(_ answer: EngineAnswer, _ naive: NaiveResult) {
    if (answer.limit == nil) != naive.limits.isEmpty {
      differences.append("limit: engine \(String(describing: answer.limit)), naive \(naive.limits)")
    }
    isInconclusive = !naive.limits.isEmpty
  }

  private mutating func compareFindings(
    _ answer: EngineAnswer,
    _ naive: NaiveResult,
    _ program: Program
  ) {
    var ours: [String: EngineAnswer.RawFinding] = [:]
    for finding in answer.findings { ours[name(finding, program)] = finding }
    var theirs: [String: NaiveFinding] = [:]
    for finding in naive.findings {
      // The naive checker tells the inlined copies of an assertion apart.
      if let other = theirs[name(finding)], isBetter(other, than: finding) { continue }
      theirs[name(finding)] = finding
    }
    for name in ours.keys.sorted() where theirs[name] == nil {
      let order = ours[name]?.schedule?.text(in: program) ?? "-"
      differences.append("only the engine: \(name)  [\(order)]")
    }
    for name in theirs.keys.sorted() {
      guard let their = theirs[name] else { continue }
      guard let our = ours[name] else {
        differences.append("only the naive checker: \(name)")
        continue
      }
      guard our.isShortest, let steps = their.steps, let preemptions = their.preemptions,
        let order = our.schedule
      else { continue }
      let ourPreemptions = (try? Replayer(machine(program)).replay(order))?.preemptions
      if order.steps.count != steps || ourPreemptions != preemptions {
        differences.append(
          "\(name): engine \(ourPreemptions ?? -1) preemptions, \(order.steps.count) steps "
            + "[\(order.text(in: program))]; naive \(preemptions), \(steps)"
        )
      }
    }
  }

  private func isBetter(_ left: NaiveFinding, than right: NaiveFinding) -> Bool {
    (left.preemptions ?? .max, left.steps ?? .max)
      < (right.preemptions ?? .max, right.steps ?? .max)
  }

  private func machine(_ program: Program) -> Machine { Machine(program) }

  private func name(_ finding: EngineAnswer.RawFinding, _ program: Program) -> String {
    let folded = finding.cause == nil ? "" : " (folded)"
    return "\(finding.key.kind.rawValue) on \(finding.key.subject(in: program))\(folded)"
  }

  private func name(_ finding: NaiveFinding) -> String {
    "\(finding.kind.rawValue) on \(finding.subject)\(finding.isFolded ? " (folded)" : "")"
  }
}

extension NaiveChecker.Fairness {
  init(_ fairness: Fairness) {
    self =
      switch fairness {
      case .strong: .strong
      case .weak: .weak
      case .none: .none
      }
  }
}
