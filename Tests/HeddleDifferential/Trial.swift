public import HeddleChecking
import HeddleDiagnostics
import HeddleLanguage
import HeddleScenarioGenerator
public import HeddleSemantics

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

  private var loaded: LoadResult {
    Frontend.load(SourceFile(name: "random.heddle", text: text))
  }

  /// Whether the scenario is free of errors.
  public var loads: Bool { loaded.program != nil }

  /// Judges the scenario, and compares.
  public func judge() -> Judgement {
    let result = loaded
    guard let program = result.program else { return .notLoaded(result.diagnostics.map(\.message)) }
    let comparison = Comparison(
      program,
      fairness: fairness,
      options: options,
      stateLimit: stateLimit
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
