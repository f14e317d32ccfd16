// `import HeddleTesting` is enough for a test: the Swift builder and the few names that expectations take come with it. The modules behind
// `Heddle` do not, since some of their names (`SourceLocation`, `Expectation`) are Swift Testing's too.

public import Heddle
@_exported public import HeddleBuilder
public import HeddleChecking
public import HeddleExhaustiveSearch
public import HeddleProgram

/// A thread scenario that is ready to be verified.
public typealias Scenario = Heddle.Scenario
/// What is asked about a scenario, beside the scenario itself.
public typealias VerifyOptions = Heddle.VerifyOptions
/// How much may be spent before the verdict is inconclusive.
public typealias Limits = HeddleChecking.Limits
/// Which endless runs count.
public typealias Fairness = HeddleChecking.Fairness
/// What is said about a scenario in the end.
public typealias CheckResult = HeddleChecking.CheckResult
/// The engine that tries every order.
public typealias ExhaustiveEngine = HeddleExhaustiveSearch.ExhaustiveEngine
/// What can be wrong with a scenario.
public typealias FindingKind = HeddleProgram.FindingKind
