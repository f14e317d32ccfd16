/// A line of a scenario in simpler words.
enum Rewording {
  /// What may go without another word in its place.
  private static let dispensable = [
    "daemon ", "atomic ", "bounded ", "override ", "self.", " may outlive main", " timeout 1",
    ", order: fifo", " * 2", "timeout: 1", ", timeout: 1", "blocking: false",
    ", blocking: false", "!",
  ]
  private static let replacements = [
    ("_nowait(", "("), ("notify_all()", "notify()"), ("release(2)", "release()"),
    ("lifo queue", "queue"), ("priority queue", "queue"), ("rlock ", "lock "),
    (" += ", " = "), (" -= ", " = "), (" *= ", " = "), ("any Bool", "true"),
  ]

  /// All simpler lines, the shortest first; some of them make no sense.
  static func all(of line: String) -> [String] {
    var found: [String] = []
    for word in dispensable { found += replacing(word, by: "", in: line) }
    for (word, other) in replacements { found += replacing(word, by: other, in: line) }
    found += withoutSide(line, of: "&&") + withoutSide(line, of: "||")
    found += withSimplerCondition(line) + withoutAlternative(line) + withSmallerNumbers(line)
    found += withoutInnerBlock(line)
    return found.filter { $0 != line }
  }

  /// With one occurrence of `word` at a time replaced.
  private static func replacing(_ word: String, by other: String, in line: String) -> [String] {
    line.ranges(of: word).map { line.replacingCharacters(in: $0, with: other) }
  }

  /// `if a && b {` as `if a {` and `if b {`.
  private static func withoutSide(_ line: String, of operation: String) -> [String] {
    guard let range = line.firstRange(of: " \(operation) ") else { return [] }
    let left = line[..<range.lowerBound]
    let right = line[range.upperBound...]
    let tail = right.hasSuffix(" {") ? " {" : ""
    let keyword = left.prefix { $0 == " " } + left.drop { $0 == " " }.prefix { $0 != " " } + " "
    return [left + tail, keyword + right].map(String.init)
  }

  /// A condition as `true` and as `false`.
  private static func withSimplerCondition(_ line: String) -> [String] {
    for keyword in ["if ", "while ", "assert ", "assume ", "invariant ", "atomic when "] {
      guard let range = line.firstRange(of: keyword) else { continue }
      let brace = line[range.upperBound...].firstIndex(of: "{")
      let tail = brace.map { " " + line[$0...] } ?? ""
      let rest = line[range.upperBound...].prefix { $0 != "{" }
      guard !["true ", "false ", "true", "false"].contains(String(rest)) else { return [] }
      return ["true", "false"].map { line[..<range.upperBound] + $0 + tail }
    }
    return []
  }

  /// Without an `else` of a single line, a message, or a binding of what is got.
  private static func withoutAlternative(_ line: String) -> [String] {
    var found: [String] = []
    if line.hasSuffix("}"), let range = line.firstRange(of: " else {") {
      found.append(String(line[..<range.lowerBound]))
    }
    if let range = line.firstRange(of: ", \"") { found.append(String(line[..<range.lowerBound])) }
    if let range = line.firstRange(of: " = "), line.drop(while: { $0 == " " }).hasPrefix("let ") {
      found.append(String(line.prefix { $0 == " " }) + line[range.upperBound...])
    }
    if let range = line.firstRange(of: " = ") {
      found.append(line[..<range.upperBound] + "0")
      found.append(line[..<range.upperBound] + "1")
    }
    return found
  }

  /// `if c { body }` as `body`.
  private static func withoutInnerBlock(_ line: String) -> [String] {
    guard line.hasSuffix(" }"), let brace = line.firstIndex(of: "{") else { return [] }
    let body = line[line.index(after: brace)...].dropLast(2)
    return [String(line.prefix { $0 == " " }) + body.drop { $0 == " " }]
  }

  /// With one number at a time as 0, as 1, and one less; a number is no part of a name.
  private static func withSmallerNumbers(_ line: String) -> [String] {
    var found: [String] = []
    for match in line.ranges(of: #/\b[0-9]+\b/#) {
      guard let number = Int(line[match]) else { continue }
      for smaller in Set([0, 1, number - 1]).sorted() where smaller >= 0 && smaller < number {
        found.append(line.replacingCharacters(in: match, with: "\(smaller)"))
      }
    }
    return found
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with other: String) -> String {
    self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
