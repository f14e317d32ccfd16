public import HeddleChecking
public import HeddleProgram
public import HeddleSemantics

/// Which reductions an engine uses, and from which size on also for endless runs.
public struct EngineVariant: CustomStringConvertible, Sendable {
  /// For messages.
  public var name: String
  /// What may be left out.
  public var reductions: Set<Reduction>
  /// The largest graph in which endless runs are judged without reductions.
  public var smallGraph: Int?
  /// Whether orders with few preemptions are tried before the search, which finds much in small scenarios whatever the search leaves out.
  public var huntsFirst = true
  /// With more than one core, every level is shared, however small.
  public var cores = 1

  /// Without reductions, on one core.
  public static let reference = EngineVariant(name: "none", reductions: [])
  /// With all reductions, on one core.
  public static let all = EngineVariant(name: "all", reductions: Set(Reduction.allCases))
  /// Each reduction alone, all together, on several cores too, and all without the fallback to the plain graph for endless runs.
  public static let reduced: [EngineVariant] =
    [all]
    + Reduction.allCases.map {
      EngineVariant(name: $0.rawValue, reductions: [$0], huntsFirst: false)
    }
    + [
      EngineVariant(
        name: "all, endless runs too",
        reductions: Set(Reduction.allCases),
        smallGraph: 0,
        huntsFirst: false
      ),
      EngineVariant(name: "all, three cores", reductions: Set(Reduction.allCases), cores: 3),
      EngineVariant(name: "none, two cores", reductions: [], cores: 2),
    ]

  /// Its name.
  public var description: String { name }

  /// The question that makes an engine work in this way.
  public func question(
    _ program: Program,
    _ fairness: Fairness,
    _ options: MachineOptions = MachineOptions()
  ) -> Question {
    var question = Question(
      program,
      machineOptions: options,
      fairness: fairness,
      countsOrders: reductions.isEmpty
    )
    question.reductions = reductions
    question.smallGraph = smallGraph
    if !huntsFirst { question.firstHunt = 0 }
    question.cores = cores
    if cores > 1 { question.smallLevel = 0 }
    return question
  }
}
