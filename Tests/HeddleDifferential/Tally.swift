import HeddleProgram
import HeddleScenarioGenerator
import HeddleSemantics

/// What many trials had in them, so that what never was in one shows.
public struct Tally: Sendable {
  /// How many scenarios were judged.
  public private(set) var scenarios = 0
  /// In how many of them a limit was reached, so that little was compared.
  public private(set) var inconclusive = 0
  /// How many of them were judged differently.
  public private(set) var disagreements = 0
  /// The states that the engine stored at most for each, added up.
  public private(set) var states = 0
  /// The questions that constraints answered in full.
  public private(set) var symbolicAnswers = 0

  private var groups: [String: Int] = [:]
  private var features: [String: Int] = [:]
  private var operations: [String: Int] = [:]
  private var findings: [String: Int] = [:]
  private var circumstances: [String: Int] = [:]

  /// An empty one.
  public init() {}

  /// Counts a trial.
  public mutating func add(_ trial: Trial, _ judgement: Judgement) {
    scenarios += 1
    if !judgement.disagreements.isEmpty { disagreements += 1 }
    for group in trial.groups { groups[group, default: 0] += 1 }
    for feature in ScenarioGenerator.features(of: trial.text) {
      features["\(feature)", default: 0] += 1
    }
    circumstances["fairness \(trial.fairness.rawValue)", default: 0] += 1
    if trial.options.allowsSpuriousWakeups { circumstances["spurious wake-ups", default: 0] += 1 }
    if trial.options.maximumQueueLength < MachineOptions().maximumQueueLength {
      circumstances["short queues", default: 0] += 1
    }
    guard case .compared(let comparison) = judgement else { return }
    if comparison.isInconclusive { inconclusive += 1 }
    states += comparison.states
    symbolicAnswers += comparison.symbolicAnswers
    for operation in comparison.operations { operations[operation, default: 0] += 1 }
    for kind in comparison.findingKinds { findings[kind.rawValue, default: 0] += 1 }
    if comparison.findingKinds.isEmpty { findings["none", default: 0] += 1 }
  }

  /// The constructs of the language that no scenario contained.
  public var missingFeatures: [String] {
    Feature.allCases.map { "\($0)" }.filter { features[$0] == nil }
  }

  /// In how many scenarios each part was drawn, each construct was written, each operation was carried out and each kind of finding was found.
  public func tables() -> String {
    let kinds = FindingKind.allCases.map(\.rawValue) + ["none"]
    return [
      table("drawn for the scenario", groups, groups.keys.sorted()),
      table("judged under", circumstances, circumstances.keys.sorted()),
      table("written in the scenario", features, Feature.allCases.map { "\($0)" }),
      table("carried out by the naive checker", operations, operations.keys.sorted()),
      table("found by the naive checker", findings, kinds),
    ].joined(separator: "\n")
  }

  /// A heading, and names with their numbers in columns.
  private func table(_ heading: String, _ counts: [String: Int], _ names: [String]) -> String {
    let width = (names.map(\.count).max() ?? 0) + 1
    let cells = names.map { name in
      let count = "\(counts[name, default: 0])"
      return name.padded(to: width) + String(repeating: " ", count: max(0, 7 - count.count)) + count
    }
    let columns = max(1, 120 / (width + 10))
    var lines = [heading]
    for start in stride(from: 0, to: cells.count, by: columns) {
      let row = cells[start..<min(cells.count, start + columns)]
      lines.append("  " + row.joined(separator: "   "))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
