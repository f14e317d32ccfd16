// `import HeddleTesting` is enough for a test: the Swift builder and the names that expectations take and give come with it. Whole modules
// behind `Heddle` do not, since some of their names (`SourceLocation`, `Expectation`, `Progress`) are those of Swift Testing and Foundation too.

@_exported public import HeddleBuilder
@_exported public import struct Heddle.Scenario
@_exported public import struct Heddle.VerifyOptions
@_exported public import struct HeddleChecking.CheckResult
@_exported public import enum HeddleChecking.Fairness
@_exported public import struct HeddleChecking.Finding
@_exported public import struct HeddleChecking.Limits
@_exported public import enum HeddleChecking.Verdict
@_exported public import struct HeddleExhaustiveSearch.ExhaustiveEngine
@_exported public import enum HeddleProgram.FindingKind
