import HeddleDiagnostics

/// Texts of a scenario as GitHub Flavored Markdown that shows them and does nothing else.
enum MarkdownText {
  /// A piece of code: a span with a fence that is longer than any run of backquotes in it.
  ///
  /// In a table, `|` needs a backslash even inside a span.
  static func code(_ text: String, inTable: Bool = false) -> String {
    var text = Numbers.plain(text)
    if inTable { text = String(text.flatMap { $0 == "|" ? "\\|" : String($0) }) }
    guard !text.allSatisfy({ $0 == " " }) else { return "" }
    var longest = 0
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let ends: [Character?] = [text.first, text.last]
    let needsSpace = ends.contains("`") || ends.contains(" ")
    return needsSpace ? "\(fence) \(text) \(fence)" : fence + text + fence
  }

  /// A sentence in which code stands in backquotes.
  ///
  /// Names of threads become code too: GitHub would take `deposit#1` for a reference to an issue, and `@all` for people.
  static func sentence(_ text: String, inTable: Bool = false) -> String {
    var result = ""
    var isCode = false
    for part in Numbers.plain(text).split(separator: "`", omittingEmptySubsequences: false) {
      result += isCode ? code(String(part), inTable: inTable) : plain(part, inTable: inTable)
      isCode.toggle()
    }
    return result
  }

  private static func plain(_ text: Substring, inTable: Bool) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      guard word.contains(where: { $0 == "#" || $0 == "@" }) || word.contains("://") else {
        return escaped(word)
      }
      let start = word.prefix { "([\"'".contains($0) }
      var end = word.dropFirst(start.count).trailing {
        $0.isPunctuation && $0 != "#" && $0 != "@"
      }
      var name = word.dropFirst(start.count).dropLast(end.count)
      if name.hasSuffix("'s") {
        name = name.dropLast(2)
        end = word.suffix(end.count + 2)
      }
      return escaped(start) + code(String(name), inTable: inTable) + escaped(end)
    }.joined(separator: " ")
  }

  /// Backslashes before everything that could mean something.
  private static func escaped(_ text: Substring) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "*", "_", "[", "]", "~", "|", "$", "!": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }
}

extension Substring {
  /// The longest end of the text whose characters all satisfy a condition.
  fileprivate func trailing(_ condition: (Character) -> Bool) -> Substring {
    var start = endIndex
    while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
