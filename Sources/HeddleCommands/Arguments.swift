import ArgumentParser
import Heddle
import HeddleChecking
import HeddleDiagnostics
import HeddleProgram
import HeddleSemantics

/// `NAME=VALUE`: another value for a constant.
struct ConstantSetting: ExpressibleByArgument, Equatable {
  let name: String
  let value: Int

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "=") else { return nil }
    let name = argument[..<equals]
    guard let value = Int(argument[argument.index(after: equals)...]), !name.isEmpty else {
      return nil
    }
    self.name = String(name)
    self.value = value
  }
}

/// A size in bytes, with the usual letters for powers of 1024: `512M`, `1G`, `1.5GiB`.
struct SizeArgument: ExpressibleByArgument, Equatable {
  let bytes: Int

  init?(argument: String) {
    var text = argument.lowercased()
    if text.hasSuffix("ib") { text.removeLast(2) } else if text.hasSuffix("b") { text.removeLast() }
    var shift = 0
    if let unit = text.last, let position = "kmgt".firstIndex(of: unit) {
      shift = 10 * ("kmgt".distance(from: "kmgt".startIndex, to: position) + 1)
      text.removeLast()
    }
    guard let number = Double(text), number.isFinite, number > 0,
      text.allSatisfy({ $0.isNumber || $0 == "." })
    else { return nil }
    let bytes = number * Double(1 << shift)
    guard bytes >= 1, bytes < 0x1p62 else { return nil }
    self.bytes = Int(bytes)
  }
}

/// Kinds of findings, by their names or codes, with commas between: `lost-update,HD301`.
struct KindsArgument: ExpressibleByArgument, Equatable {
  let kinds: [FindingKind]

  init?(argument: String) {
    var kinds: [FindingKind] = []
    for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let kind = FindingKind(nameOrCode: String(name)) else { return nil }
      kinds.append(kind)
    }
    self.kinds = kinds
  }

  static var allValueStrings: [String] { FindingKind.allCases.map(\.rawValue) }
}

extension FindingKind {
  /// The kind with a name such as `lost-update` or a code such as `HD101`, in any case.
  init?(nameOrCode text: String) {
    let lowered = text.lowercased()
    let match = Self.allCases.first { $0.rawValue == lowered || $0.code.lowercased() == lowered }
    guard let match else { return nil }
    self = match
  }
}

/// Which engine answers.
enum EngineArgument: String, ExpressibleByArgument, CaseIterable {
  case exhaustive
  case z3
  case both

  var choice: EngineChoice {
    switch self {
    case .exhaustive: .exhaustive
    case .z3: .symbolic
    case .both: .both
    }
  }
}

/// Which orders may be left out because others are like them: `all`, `none`, or a list such as `merging,symmetry`.
struct ReductionArgument: ExpressibleByArgument, Equatable {
  let reductions: Set<Reduction>

  static let all = ReductionArgument(reductions: Set(Reduction.allCases))

  init(reductions: Set<Reduction>) { self.reductions = reductions }

  init?(argument: String) {
    switch argument {
    case "all": self = .all
    case "none": reductions = []
    default:
      var chosen: Set<Reduction> = []
      for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
        guard let reduction = Reduction(rawValue: String(name)) else { return nil }
        chosen.insert(reduction)
      }
      reductions = chosen
    }
  }

  static var allValueStrings: [String] {
    ["all", "none"] + Reduction.allCases.map(\.rawValue)
  }

  var defaultValueDescription: String { "all" }
}

/// `--fairness`.
enum FairnessArgument: String, ExpressibleByArgument, CaseIterable {
  case strong
  case weak
  case none

  var fairness: Fairness {
    switch self {
    case .strong: .strong
    case .weak: .weak
    case .none: .none
    }
  }
}

/// How a report is written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
  case html
  case markdown
  case sarif
  case junit
  case itf
  case github

  /// What the extension of a file's name asks for; text if it says nothing.
  init(fileName: String) {
    let name = fileName.lowercased()
    let extensions: [(String, ReportFormat)] = [
      (".sarif.json", .sarif), (".itf.json", .itf), (".json", .json), (".sarif", .sarif),
      (".html", .html), (".htm", .html), (".md", .markdown), (".xml", .junit),
    ]
    self = extensions.first { name.hasSuffix($0.0) }?.1 ?? .text
  }
}

/// Options for loading scenarios, the same for all commands that do.
struct LoadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Give a constant another value; may be repeated.",
      valueName: "name=value"
    )
  )
  var set: [ConstantSetting] = []

  mutating func validate() throws {
    for (index, setting) in set.enumerated()
    where set[..<index].contains(where: { $0.name == setting.name }) {
      throw ValidationError("the constant '\(setting.name)' is set twice")
    }
  }

  /// The options as they are given.
  var arguments: [String] { self.set.map { "--set \($0.name)=\($0.value)" } }

  /// The values by name.
  var constants: [String: Int] {
    Dictionary(set.map { ($0.name, $0.value) }) { first, _ in first }
  }
}

/// Options about what a scenario means.
struct MeaningOptions: ParsableArguments {
  @Flag(help: "Let conditions wake waiters that nobody notified.")
  var spuriousWakeups = false

  @Option(
    help: ArgumentHelp(
      "How many items a queue without capacity may hold before the verdict is inconclusive.",
      valueName: "n"
    )
  )
  var maxQueue = Self.usualMaxQueue

  private static let usualMaxQueue = 64

  /// The options as they are given, without those that say what goes without saying.
  var arguments: [String] {
    (spuriousWakeups ? ["--spurious-wakeups"] : [])
      + (maxQueue == Self.usualMaxQueue ? [] : ["--max-queue \(maxQueue)"])
  }

  mutating func validate() throws {
    guard maxQueue >= 1 else { throw ValidationError("--max-queue must be at least 1") }
  }
}

/// Options about how things look.
struct AppearanceOptions: ParsableArguments {
  @Flag(help: "Draw tables and marks with ASCII characters only.")
  var ascii = false

  @Flag(help: "Never use colour; so does the environment variable NO_COLOR.")
  var noColor = false
}

extension MeaningOptions {
  /// The options as the machine wants them.
  var machineOptions: MachineOptions {
    MachineOptions(maximumQueueLength: maxQueue, allowsSpuriousWakeups: spuriousWakeups)
  }
}
