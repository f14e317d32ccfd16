/// Makes a scenario smaller, as long as something holds for it.
///
/// It tries one change after another, the greatest first, keeps each after which the property still holds, and begins again until
/// none helps (delta debugging on the structure of a text: Misherghi and Su 2006). The result is the same for the same text.
public struct ScenarioShrinker {
  /// How often the property may be tried again.
  public private(set) var attempts: Int

  /// Creates a shrinker that may try a property so often.
  public init(attempts: Int) { self.attempts = attempts }

  /// Makes a text smaller.
  ///
  /// - Parameters:
  ///   - text: A scenario for which the property holds.
  ///   - holds: The property; it must not hold for a text with errors.
  /// - Returns: The smaller text; the text itself, laid out anew, if nothing can be left out.
  public mutating func shrunk(
    _ text: String,
    while holds: (String) throws -> Bool
  ) rethrows -> String {
    var current = ScenarioLines(text)
    var hasChanged = true
    while hasChanged, attempts > 0 {
      hasChanged = false
      // Everything that goes as a whole, then what stays without its block, then single lines in simpler words.
      hasChanged = try sweep(&current, while: holds, { $0.removals }) || hasChanged
      hasChanged = try sweep(&current, while: holds, { $0.unnestings }) || hasChanged
      hasChanged = try sweep(&current, while: holds, { $0.rewordings }) || hasChanged
    }
    return current.text
  }

  /// The candidates with a shorter text, or with one as long that comes before; so there is an end.
  private static func smaller(
    _ candidates: [ScenarioLines],
    than current: ScenarioLines
  ) -> [ScenarioLines] {
    let text = current.text
    return candidates.filter { ($0.text.utf8.count, $0.text) < (text.utf8.count, text) }
  }

  /// Tries every candidate; after one that holds, goes on at the same place with those of the new text.
  private mutating func sweep(
    _ current: inout ScenarioLines,
    while holds: (String) throws -> Bool,
    _ candidates: (ScenarioLines) -> [ScenarioLines]
  ) rethrows -> Bool {
    var hasChanged = false
    var position = 0
    var options = Self.smaller(candidates(current), than: current)
    while position < options.count, attempts > 0 {
      attempts -= 1
      guard try holds(options[position].text) else {
        position += 1
        continue
      }
      current = options[position]
      hasChanged = true
      options = Self.smaller(candidates(current), than: current)
    }
    return hasChanged
  }
}
