public import HeddleChecking
import HeddleDiagnostics
import HeddleExhaustiveSearch
import HeddleNaiveChecker
public import HeddleProgram
public import HeddleSemantics

/// One scenario judged by the engine in several variants, and by the naive checker that shares only the lowered program with it.
public struct Comparison: Sendable {
  /// What differs; empty if both say the same.
  public private(set) var disagreements: [Disagreement] = []
  /// Whether the naive checker reached its limits, so that little was compared.
  public private(set) var isInconclusive = false
  /// The largest number of states that an engine stored.
  public private(set) var states = 0
  /// The kinds of findings that the naive checker has.
  public private(set) var findingKinds: Set<FindingKind> = []
  /// The operations that the naive checker has carried out, as ``operationName(at:in:)`` calls them.
  public private(set) var operations: Set<String> = []
  /// How many scenarios constraints answered in full.
  public private(set) var symbolicAnswers = 0
  /// The answers on one core by the name of their variant, for those on several cores to be held against.
  private var answers: [[String]: EngineAnswer] = [:]

  /// Judges a scenario, and compares.
  ///
  /// - Parameters:
  ///   - program: The scenario.
  ///   - fairness: Which endless runs count.
  ///   - options: Details of the meaning.
  ///   - stateLimit: The number of the naive checker's states from which on nothing is compared.
  ///   - variants: The engines.
  ///   - symbolic: Programs that mean the same, to be judged by the engine of constraints too.
  public init(
    _ program: Program,
    fairness: Fairness = .strong,
    options: MachineOptions = MachineOptions(),
    stateLimit: Int = 60_000,
    variants: [EngineVariant] = [.reference] + EngineVariant.reduced,
    symbolic: [Program] = []
  ) {
    let naive = NaiveChecker(
      program: program,
      fairness: NaiveChecker.Fairness(fairness),
      maxQueue: options.maximumQueueLength,
      spuriousWakeups: options.allowsSpuriousWakeups,
      stateLimit: stateLimit
    ).check()
    operations = Set(naive.executed.map { operationName(at: $0, in: program) })
    findingKinds = Set(naive.findings.map(\.kind))
    guard naive.states < stateLimit else {
      isInconclusive = true
      return
    }
    for variant in variants {
      let before = disagreements.count
      compare(variant.question(program, fairness, options), naive)
      for index in before..<disagreements.count { disagreements[index].variant = variant.name }
    }
    guard !isInconclusive else { return }
    for program in symbolic {
      let (found, isComplete) = Self.symbolicDisagreements(with: naive, program, options)
      disagreements += found
      if isComplete { symbolicAnswers += 1 }
    }
  }

  /// All that differs, a line each.
  public var report: String { disagreements.map(\.description).joined(separator: "\n") }

  private mutating func note(_ kind: Disagreement.Kind, _ detail: String) {
    disagreements.append(Disagreement(kind: kind, detail: detail))
  }

  private mutating func compare(_ question: Question, _ naive: NaiveResult) {
    let answer = ExhaustiveEngine().answer(question, supervisor: .none)
    compareCores(answer, question)
    states = max(states, answer.statistics.states)
    compareLimits(answer, naive)
    guard !isInconclusive else { return }
    compareFindings(answer, naive, question)
    if question.countsOrders, answer.orders != naive.orders {
      note(
        .orders,
        "orders: engine \(answer.orders.map(String.init) ?? "-"), "
          + "naive \(naive.orders.map(String.init) ?? "-")"
      )
    }
    do throws(InternalError) {
      let result = try Checker(engine: AnsweredEngine(given: answer)).check(question)
      compareVerdict(result, naive)
    } catch {
      note(.evidence, "evidence: \(error)")
    }
  }

  private mutating func compareVerdict(_ result: CheckResult, _ naive: NaiveResult) {
    if "\(result.verdict)" != "\(naive.verdict)" {
      note(.verdict, "verdict: engine \(result.verdict), naive \(naive.verdict)")
    }
    let isExpected = naive.meets(result.program.expectations)
    if result.isExpected != isExpected {
      note(.expectation, "as expected: engine \(result.isExpected), naive \(isExpected)")
    }
  }

  /// Holds an answer from several cores against that from one.
  private mutating func compareCores(_ answer: EngineAnswer, _ question: Question) {
    let key =
      question.reductions.map(\.rawValue).sorted()
      + [question.smallGraph, question.firstHunt].map { "\($0 ?? -1)" }
    guard question.cores > 1 else {
      answers[key] = answer
      return
    }
    var question = question
    question.cores = 1
    let alone = answers[key] ?? ExhaustiveEngine().answer(question, supervisor: .none)
    if "\(answer)" != "\(alone)" {
      note(.cores, "one core: \(alone); \(question.cores) cores: \(answer)")
    }
  }

  private mutating func compareLimits(_ answer: EngineAnswer, _ naive: NaiveResult) {
    if (answer.limit == nil) != naive.limits.isEmpty {
      note(
        .limit,
        "limit: engine \(String(describing: answer.limit)), naive \(naive.limits)"
      )
    }
    isInconclusive = !naive.limits.isEmpty
  }

  private mutating func compareFindings(
    _ answer: EngineAnswer,
    _ naive: NaiveResult,
    _ question: Question
  ) {
    let program = question.program
    var ours: [String: EngineAnswer.RawFinding] = [:]
    let replayer = Replayer(Machine(program, options: question.machineOptions))
    func length(_ finding: EngineAnswer.RawFinding) -> (Int, Int) {
      guard let order = finding.schedule else { return (.max, .max) }
      return ((try? replayer.replay(order))?.preemptions ?? .max, order.steps.count)
    }
    for finding in answer.findings {
      // Two statements of one line have one name.
      let name = name(finding, program)
      if let other = ours[name], length(other) <= length(finding) { continue }
      ours[name] = finding
    }
    // The naive checker tells the inlined copies of an assertion apart.
    func original(_ finding: NaiveFinding) -> ClaimID? {
      finding.claim.map { program.original(of: ClaimID($0)) }
    }
    let independent = Set(naive.findings.filter { !$0.isFolded }.compactMap(original))
    var theirs: [String: NaiveFinding] = [:]
    for finding in naive.findings {
      if finding.isFolded, let claim = original(finding), independent.contains(claim) { continue }
      if let other = theirs[name(finding)], isBetter(other, than: finding) { continue }
      theirs[name(finding)] = finding
    }
    for name in ours.keys.sorted() where theirs[name] == nil {
      guard let our = ours[name] else { continue }
      let order = our.schedule?.text(in: program) ?? "-"
      note(.onlyEngine(our.key.kind), "only the engine: \(name)  [\(order)]")
    }
    for name in theirs.keys.sorted() {
      guard let their = theirs[name] else { continue }
      guard let our = ours[name] else {
        note(.onlyNaive(their.kind), "only the naive checker: \(name)")
        continue
      }
      guard our.isShortest, let steps = their.steps, let preemptions = their.preemptions,
        let order = our.schedule
      else { continue }
      let ourPreemptions = (try? replayer.replay(order))?.preemptions
      if order.steps.count != steps || ourPreemptions != preemptions {
        note(
          .length(their.kind),
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

  private func name(_ finding: EngineAnswer.RawFinding, _ program: Program) -> String {
    let folded = finding.cause == nil ? "" : " (folded)"
    return "\(finding.key.kind.rawValue) on \(finding.key.subject(in: program))\(folded)"
  }

  private func name(_ finding: NaiveFinding) -> String {
    "\(finding.kind.rawValue) on \(finding.subject)\(finding.isFolded ? " (folded)" : "")"
  }
}

/// An engine whose answer is known already, so that its evidence can be checked without a second search.
struct AnsweredEngine: Engine {
  var given: EngineAnswer
  var name: String { ExhaustiveEngine().name }

  func answer(_ question: Question, supervisor: Supervisor) -> EngineAnswer { given }
}

extension NaiveChecker.Fairness {
  fileprivate init(_ fairness: Fairness) {
    self =
      switch fairness {
      case .strong: .strong
      case .weak: .weak
      case .none: .none
      }
  }
}
