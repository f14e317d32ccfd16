import HeddleDiagnostics
public import HeddleProgram

/// Why a text is not a schedule of a program.
public enum ScheduleError: Error, Sendable, Equatable {
  /// A word that names no thread, with the name it is likely meant to be.
  case unknownThread(String, suggestion: String?)
  /// `word` has no number, or too large a one, after its colon.
  case badNumber(word: String)
  /// `initial:` is not the first word.
  case misplacedInitial
  /// `loop` stands twice.
  case repeatedLoop
  /// No step follows `loop`.
  case emptyLoop
}

extension ScheduleError: CustomStringConvertible {
  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .unknownThread(let name, let suggestion):
      let meant = suggestion.map { "; did you mean '\($0)'?" } ?? ""
      return "the schedule names an unknown thread '\(excerpt(name))'\(meant)"
    case .badNumber(let word):
      return "'\(excerpt(word))' in the schedule needs a number after its colon"
    case .misplacedInitial: return "'initial:…' must be the first word of a schedule"
    case .repeatedLoop: return "'loop' may stand only once in a schedule"
    case .emptyLoop: return "no step follows 'loop' in the schedule"
    }
  }

  /// The beginning of a word as a message shows it.
  ///
  /// Scalars are counted: a single character may have any number of combining marks.
  private func excerpt(_ word: String) -> String {
    printable(String(String.UnicodeScalarView(word.unicodeScalars.prefix(80))))
  }
}

extension Schedule {
  /// Reads what ``text(in:)`` writes: words between white space.
  ///
  /// - Throws: ``ScheduleError`` for the first word that means nothing.
  public init(parsing text: String, in program: Program) throws(ScheduleError) {
    var threads: [String: ThreadID] = [:]
    for (index, instance) in program.instances.enumerated() {
      threads[instance.name] = ThreadID(index)
    }
    self.init()
    let words = text.split(whereSeparator: \.isWhitespace)
    for (index, word) in words.enumerated() {
      if word == "loop", threads["loop"] == nil {
        if loopStart != nil { throw .repeatedLoop }
        loopStart = steps.count
        continue
      }
      let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      var numbers: [Int] = []
      if parts.count == 2 {
        for part in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
          guard let parsed = Int(part) else { throw .badNumber(word: String(word)) }
          numbers.append(parsed)
        }
      }
      let name = String(parts[0])
      if name == "initial", parts.count == 2, index == 0 || threads["initial"] == nil {
        if index > 0 { throw .misplacedInitial }
        guard let first = numbers.first, first >= 0 else { throw .badNumber(word: String(word)) }
        initialState = first
        initialIntegers = Array(numbers.dropFirst())
        continue
      }
      if numbers.count > 1 { throw .badNumber(word: String(word)) }
      guard let thread = threads[name] else {
        throw .unknownThread(
          name,
          suggestion: closestName(to: name, among: program.instances.map(\.name))
        )
      }
      steps.append(Step(thread, choice: numbers.first ?? 0))
    }
    if loopStart == steps.count { throw .emptyLoop }
  }
}
