import HeddleChecking
import HeddleDiagnostics
import HeddleProgram

/// A name for a finding that stays the same while other parts of the scenario change.
///
/// It is made of the code, the scenario's name and what the finding is about in its own words; line numbers are not in it. Of
/// several statements or claims with the same text in one declaration, the ordinal tells them apart.
struct Fingerprint: CustomStringConvertible {
  /// Sixteen hexadecimal digits.
  let description: String

  init(_ key: FindingKey, in program: Program) {
    let parts = [key.kind.code, program.name] + Self.subject(of: key, program)
    // FNV-1a: Fowler, Noll, Vo, "The FNV Non-Cryptographic Hash Algorithm", RFC 9923.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in parts.joined(separator: "\u{1F}").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    let digits = String(hash, radix: 16)
    description = String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func subject(of key: FindingKey, _ program: Program) -> [String] {
    switch key {
    case .assertion(let claim), .invariant(let claim), .excludesEveryRun(let claim):
      let text = program.foldedText(program.claims[claim.index].span)
      let ordinal = program.claims[..<claim.index].count { program.foldedText($0.span) == text }
      return [text, "\(ordinal)"]
    case .misuse(let statement), .unreached(let statement):
      let text = program.text(of: statement)
      let owner = program.statements[statement.index].owner
      let ordinal = program.statements[..<statement.index].count {
        $0.owner == owner && program.foldedText($0.span) == text
      }
      return [owner, text, "\(ordinal)"]
    default: return [key.subject(in: program)]
    }
  }
}
