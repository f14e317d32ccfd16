import BigInt
import HeddleDiagnostics

/// Numbers as people read them.
enum Numbers {
  /// A space at which no line is broken; it is written as a plain one.
  ///
  /// A control character, so that no text of a scenario that is shown as it is can contain it.
  static let space: Character = "\u{1F}"

  /// The text with plain spaces, and with nothing in it that could disturb a reader: see `printable`.
  static func plain(_ text: String) -> String {
    text.split(separator: space, omittingEmptySubsequences: false)
      .map { printable(String($0)) }.joined(separator: " ")
  }

  /// The digits in groups of three: `1 301`.
  static func grouped(_ digits: String) -> String { digits.groupedDigits(by: space) }

  /// The number of orders in plain text: up to 12 digits exactly, more as `about 1.3e21`.
  static func amount(_ number: BigInt) -> String {
    let digits = String(number)
    guard digits.count > 12 else { return plain(grouped(digits)) }
    let rest = digits.dropFirst()
    return "about \(digits.prefix(1)).\(rest.prefix(1))e\(rest.count)"
  }

  static func grouped(_ number: Int) -> String { grouped(String(number)) }

  /// "1 state", "1 301 states".
  static func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(grouped(number))\(space)\(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// `2 ms`, `3.2 s`, `2 min 5 s`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "0\(space)ms" }
    if seconds < 0.0005 { return "under 1\(space)ms" }
    if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded()))\(space)ms" }
    if seconds < 59.95 {
      let tenths = Int((seconds * 10).rounded())
      return "\(tenths / 10).\(tenths % 10)\(space)s"
    }
    let whole = Int(min(seconds, 1e15).rounded())
    return "\(grouped(whole / 60))\(space)min \(whole % 60)\(space)s"
  }

  /// Four significant digits: `0.1667`, `0.00001234`, `3.2e-12` where zeros would be many.
  ///
  /// What merely rounds to 1 is not 1.
  static func significant(
    _ number: Double,
    _ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero
  ) -> String {
    guard number.isFinite, number > 0 else { return "0" }
    guard number < 1 else { return "1" }
    var exponent = 0
    var leading = number
    while leading < 0.1, exponent < 400 {
      leading *= 10
      exponent += 1
    }
    var digits = Int((leading * 10_000).rounded(rule))
    if digits == 10_000 {
      // Rounded up to the next power of ten.
      if exponent == 0 { return rule == .up ? "1" : "0.9999" }
      digits = 1_000
      exponent -= 1
    }
    if exponent > 5 {
      let tenths = Int((Double(digits) / 100).rounded(rule))
      return "\(tenths / 10).\(tenths % 10)e-\(exponent + 1)"
    }
    var text = String(digits)
    while text.hasSuffix("0") { text.removeLast() }
    return "0." + String(repeating: "0", count: exponent) + text
  }

  /// `512 bytes`, `1.5 MB`; powers of 1 024, as the limits are given.
  static func bytes(_ count: Int) -> String {
    var amount = Double(count)
    for unit in ["bytes", "KB", "MB", "GB"] {
      if amount < 1000 || unit == "GB" {
        let tenths = Int((amount * 10).rounded())
        let isWhole = unit == "bytes" || tenths % 10 == 0 || tenths >= 1000
        let text = isWhole ? "\((tenths + 5) / 10)" : "\(tenths / 10).\(tenths % 10)"
        return "\(text)\(space)\(unit)"
      }
      amount /= 1024
    }
    return "\(count)"
  }
}
