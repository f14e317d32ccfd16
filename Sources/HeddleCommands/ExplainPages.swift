import HeddleDiagnostics
import HeddleProgram

/// The pages of `heddle explain`, which are part of the program.
enum ExplainPages {
  /// The page of a kind of finding, in Markdown.
  static func page(of kind: FindingKind) -> String {
    String(decoding: bytes(of: kind), as: UTF8.self)
  }

  /// All pages.
  static let all = Dictionary(uniqueKeysWithValues: FindingKind.allCases.map { ($0, page(of: $0)) })

  /// One line on a kind: the first sentence of its page.
  static func summary(of kind: FindingKind) -> String {
    let paragraphs = page(of: kind).split(separator: "\n\n", maxSplits: 2)
    guard paragraphs.count > 1 else { return "" }
    let text = paragraphs[1].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let sentence = text.firstRange(of: ". ").map { text[..<$0.lowerBound] + "." } ?? text[...]
    // The severity has a column of its own.
    guard sentence.hasPrefix("A warning: ") else { return String(sentence) }
    let rest = sentence.dropFirst("A warning: ".count)
    return rest.prefix(1).uppercased() + rest.dropFirst()
  }

  /// The scenarios of a page, in their order.
  static func scenarios(of kind: FindingKind) -> [String] {
    var scenarios: [String] = []
    var current: String?
    for line in page(of: kind).split(separator: "\n", omittingEmptySubsequences: false) {
      if current != nil, line.hasPrefix("```") {
        scenarios.append(current ?? "")
        current = nil
      } else if let text = current {
        current = text + line + "\n"
      } else if line == "```heddle" {
        current = ""
      }
    }
    return scenarios
  }

  private static func bytes(of kind: FindingKind) -> [UInt8] {
    switch kind {
    case .lostUpdate: PackageResources.HD101_md
    case .dataRace: PackageResources.HD102_md
    case .deadlock: PackageResources.HD201_md
    case .blockedForever: PackageResources.HD202_md
    case .neverTerminates: PackageResources.HD301_md
    case .daemonBlocked: PackageResources.HD302_md
    case .daemonKilled: PackageResources.HD303_md
    case .assertion: PackageResources.HD401_md
    case .invariant: PackageResources.HD402_md
    case .misuse: PackageResources.HD501_md
    case .leak: PackageResources.HD502_md
    case .vacuous: PackageResources.HD601_md
    }
  }
}
