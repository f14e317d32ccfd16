/// Shows the Markdown of the explain pages on a terminal: headings, paragraphs, lists and code, nothing else.
struct PlainMarkdown {
  /// How many columns a line may take; code is never broken.
  let columns: Int
  /// Whether headings are set off with ANSI sequences.
  let usesColor: Bool

  fileprivate enum Block {
    case heading(level: Int, String)
    case paragraph(String)
    case item(String)
    case code([Substring])
  }

  /// The page as text, with a newline at its end.
  func render(_ markdown: String) -> String {
    var text = ""
    var followsItem = false
    for block in blocks(of: markdown) {
      var isItem = false
      if case .item = block { isItem = true }
      if !text.isEmpty, !(isItem && followsItem) { text += "\n" }
      followsItem = isItem
      switch block {
      case .heading(let level, let title): text += heading(title, level)
      case .paragraph(let words):
        text += lines(words, first: "", others: "")
      case .item(let words): text += lines(words, first: "- ", others: "  ")
      case .code(let code):
        for line in code { text += line.isEmpty ? "\n" : "    \(line)\n" }
      }
    }
    return text
  }

  private func heading(_ title: String, _ level: Int) -> String {
    guard !usesColor else { return "\u{1B}[1m\(title)\u{1B}[0m\n" }
    let underline = String(repeating: level == 1 ? "=" : "-", count: title.count)
    return "\(title)\n\(underline)\n"
  }

  private func lines(_ words: String, first: String, others: String) -> String {
    let wrapped = TextWrapping.wrap(words, columns: columns - first.count)
    return first + wrapped.joined(separator: "\n" + others) + "\n"
  }

  private func blocks(of markdown: String) -> [Block] {
    var blocks: [Block] = []
    var code: [Substring]?
    var isOpen = false
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if let lines = code {
        if line.hasPrefix("```") {
          blocks.append(.code(lines))
          code = nil
        } else {
          code = lines + [line]
        }
      } else if line.hasPrefix("```") {
        code = []
        isOpen = false
      } else if line.allSatisfy(\.isWhitespace) {
        isOpen = false
      } else if line.hasPrefix("#") {
        let marks = line.prefix { $0 == "#" }
        let title = line.dropFirst(marks.count).drop { $0 == " " }
        blocks.append(.heading(level: marks.count, String(title)))
        isOpen = false
      } else if line.hasPrefix("- ") || line.hasPrefix("* ") {
        blocks.append(.item(String(line.dropFirst(2))))
        isOpen = true
      } else if isOpen, let last = blocks.popLast() {
        blocks.append(last.continued(by: line))
      } else {
        blocks.append(.paragraph(String(line)))
        isOpen = true
      }
    }
    if let code { blocks.append(.code(code)) }
    return blocks
  }
}

extension PlainMarkdown.Block {
  /// The paragraph or item with one more line.
  fileprivate func continued(by line: Substring) -> Self {
    switch self {
    case .paragraph(let words): .paragraph(words + " " + line)
    case .item(let words): .item(words + " " + line)
    case .heading, .code: self
    }
  }
}

/// Breaking text into lines.
enum TextWrapping {
  /// The words of a text in lines of at most `columns` characters; a longer word has a line of its own.
  static func wrap(_ text: String, columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }
}
