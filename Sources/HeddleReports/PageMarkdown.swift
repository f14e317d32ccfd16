/// The Markdown of the codes' pages as HTML: headings, paragraphs, lists and code, nothing else.
enum PageMarkdown {
  /// A text as HTML; headings begin at the given level.
  static func html(_ markdown: String, level: Int) -> String {
    var html = ""
    var paragraph: [Substring] = []
    var isItem = false
    var isList = false
    var code: [Substring]?
    func flush() {
      guard !paragraph.isEmpty else { return }
      let text = sentence(paragraph.joined(separator: " "))
      if isItem, !isList { html += "<ul>\n" }
      if !isItem, isList { html += "</ul>\n" }
      isList = isItem
      html += isItem ? "<li>\(text)</li>\n" : "<p>\(text)</p>\n"
      paragraph = []
      isItem = false
    }
    func endList() {
      flush()
      if isList { html += "</ul>\n" }
      isList = false
    }
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if let lines = code {
        if line.hasPrefix("```") {
          html +=
            "<pre tabindex=\"0\"><code>\(escaped(lines.joined(separator: "\n")))</code></pre>\n"
          code = nil
        } else {
          code = lines + [line]
        }
      } else if line.hasPrefix("```") {
        endList()
        code = []
      } else if line.hasPrefix("#") {
        endList()
        let marks = line.prefix { $0 == "#" }
        let title = sentence(String(line.dropFirst(marks.count).drop { $0 == " " }))
        let tag = "h\(min(6, level + marks.count - 1))"
        html += "<\(tag)>\(title)</\(tag)>\n"
      } else if line.hasPrefix("- ") {
        flush()
        isItem = true
        paragraph = [line.dropFirst(2)]
      } else if line.allSatisfy(\.isWhitespace) {
        flush()
      } else {
        paragraph.append(line.drop { $0 == " " })
      }
    }
    endList()
    return html
  }

  /// A sentence in which code stands in backquotes.
  static func sentence(_ text: String) -> String {
    var html = ""
    var isCode = false
    for part in text.split(separator: "`", omittingEmptySubsequences: false) {
      html += isCode ? "<code>\(escaped(String(part)))</code>" : escaped(String(part))
      isCode.toggle()
    }
    return html
  }

  static func escaped(_ text: String) -> String {
    var html = ""
    for character in text {
      switch character {
      case "<": html += "&lt;"
      case ">": html += "&gt;"
      case "&": html += "&amp;"
      case "\"": html += "&quot;"
      case "'": html += "&#39;"
      default: html.append(character)
      }
    }
    return html
  }
}
