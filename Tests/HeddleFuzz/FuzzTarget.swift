import HeddleScenarioGenerator

/// Something that reads what strangers have written.
protocol FuzzTarget {
  /// The next hostile input.
  func input(_ random: inout RandomSource) -> [UInt8]

  /// Has the input read, and says what is wrong about how it was read; `nil` if nothing is.
  func complaint(about input: [UInt8]) -> String?
}

/// The targets by their names on the command line.
enum TargetName: String, CaseIterable {
  /// The front end: bytes to a program, and the formatter.
  case language
  /// What `heddle replay` reads.
  case trace
  /// What `heddle run --schedule` reads.
  case schedule

  /// The target; it needs more time to prepare if it has to make inputs.
  func target(_ corpus: Corpus, makesInputs: Bool) -> any FuzzTarget {
    switch self {
    case .language: LanguageTarget(corpus: corpus)
    case .trace: TraceTarget(corpus: corpus, makesInputs: makesInputs)
    case .schedule: ScheduleTarget(corpus: corpus)
    }
  }
}
