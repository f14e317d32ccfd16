public import HeddleChecking
import HeddleDiagnostics
import HeddleLanguage
import HeddleProgram
import HeddleScenarioGenerator
public import HeddleSemantics
import HeddleSymbolicSearch

/// A scenario and what it is judged under; a seed stands for one.
public struct Trial: Sendable {
  /// The scenario's text.
  public var text: String
  /// The parts of the language that were drawn for it.
  public var groups: [String] = []
  /// Which endless runs count.
  public var fairness = Fairness.strong
  /// Details of the meaning.
  public var options = MachineOptions()
  /// The number of the naive checker's states from which on nothing is compared.
  public var stateLimit = 60_000
  /// Whether the engine of constraints judges it too.
  public var isSymbolic = false

  /// The trial of a text under the language's defaults.
  public init(text: String) { self.text = text }

  /// The trial that belongs to a seed: strong fairness mostly, sometimes another, or wake-ups without a cause, or short queues.
  public init(seed: UInt64) {
    var generator = ScenarioGenerator(seed: seed)
    text = generator.next()
    groups = generator.groups
    var random = RandomSource(seed: ~seed)
    if random.chance(20) { fairness = random.pick([.weak, .none]) }
    options.allowsSpuriousWakeups = random.chance(20)
    if random.chance(10) { options.maximumQueueLength = 1 + random.below(2) }
  }

  private var loaded: LoadResult { Self.load(text) }

  private static func load(_ text: String) -> LoadResult {
    Frontend.load(SourceFile(name: "random.heddle", text: text))
  }

  /// The scenario with `any Int` and an assumption for each choice from a small range.
  private var withSymbolicInputs: String {
    text.replacing(#/let (\w+) = any 0(\.\.\.|\.\.<)(\d)/#) { match in
      let (name, range, bound) = (match.output.1, match.output.2, match.output.3)
      let limit = range == "..." ? "<=" : "<"
      return "let \(name) = any Int; assume \(name) >= 0 && \(name) \(limit) \(bound)"
    }
  }

  /// Whether the scenario is free of errors.
  public var loads: Bool { loaded.program != nil }

  /// Judges the scenario, and compares.
  public func judge() -> Judgement {
    let result = loaded
    guard let program = result.program else { return .notLoaded(result.diagnostics.map(\.message)) }
    var symbolic: [Program] = []
    if isSymbolic, SymbolicEngine.whyNotAvailable == nil {
      symbolic.append(program)
      let text = withSymbolicInputs
      if text != self.text, let program = Self.load(text).program { symbolic.append(program) }
    }
    let comparison = Comparison(
      program,
      fairness: fairness,
      options: options,
      stateLimit: stateLimit,
      symbolic: symbolic
    )
    return .compared(comparison)
  }

  /// The scenario, and under what it was judged.
  public var report: String {
    var conditions = ["fairness \(fairness.rawValue)"]
    if options.allowsSpuriousWakeups { conditions.append("spurious wake-ups") }
    if options != MachineOptions() {
      conditions.append("unbounded queues of at most \(options.maximumQueueLength) items")
    }
    return conditions.joined(separator: ", ") + ":\n\n" + text
  }
}

/// What became of a trial.
public enum Judgement: Sendable {
  /// The scenario has errors.
  case notLoaded([String])
  case compared(Comparison)

  /// What differs; an error in a scenario that is to be free of them is a difference too.
  public var disagreements: [Disagreement] {
    switch self {
    case .notLoaded(let messages):
      [Disagreement(kind: .loading, detail: "does not load: \(messages)")]
    case .compared(let comparison): comparison.disagreements
    }
  }
}

extension Trial {
  /// A smaller trial with a disagreement of the same kind as one of `judgement`.
  ///
  /// - Parameters:
  ///   - judgement: What became of this one.
  ///   - attempts: How many trials may be judged.
  ///   - judge: Judges one.
  /// - Returns: The smallest that was found; this one, laid out anew, if nothing can be left out.
  public func shrunk(
    keeping judgement: Judgement,
    attempts: Int,
    judge: (Trial) throws -> Judgement = { $0.judge() }
  ) rethrows -> Trial {
    let kinds = Set(judgement.disagreements.map(\.kind))
    var current = self
    var shrinker = ScenarioShrinker(attempts: attempts)
    current.text = try shrinker.shrunk(text) { text in
      var candidate = self
      candidate.text = text
      return try judge(candidate).disagreements.contains { kinds.contains($0.kind) }
    }
    return current
  }
}
