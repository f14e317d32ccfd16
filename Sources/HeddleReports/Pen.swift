import HeddleDiagnostics

/// How a text report is laid out.
public struct TextOptions: Sendable, Equatable {
  /// The most columns of a line; at least 20.
  public var width: Int
  /// Only ASCII characters: other characters of a scenario are written as `\u{…}`.
  public var isASCII: Bool
  /// Colours of a terminal, always in addition to words and marks.
  public var usesColor: Bool
  /// Only what is not as expected, and the last lines.
  public var isQuiet: Bool
  /// What a command needs besides the file to mean the same scenario, for example `--set n=2`.
  public var meaningArguments: [String]

  /// Creates options; by default for 88 columns without colour.
  public init(
    width: Int = 88,
    isASCII: Bool = false,
    usesColor: Bool = false,
    isQuiet: Bool = false,
    meaningArguments: [String] = []
  ) {
    self.width = max(20, width)
    self.isASCII = isASCII
    self.usesColor = usesColor
    self.isQuiet = isQuiet
    self.meaningArguments = meaningArguments
  }
}

/// Turns the texts of a scenario into styled text that is safe for a terminal, and draws lines.
struct Pen {
  let options: TextOptions

  var width: Int { options.width }
  var ellipsis: String { options.isASCII ? ".." : "…" }
  var cross: String { options.isASCII ? "X" : "✗" }
  var vertical: String { options.isASCII ? "|" : "│" }
  var horizontal: String { options.isASCII ? "-" : "─" }
  var crossing: String { options.isASCII ? "+" : "┼" }
  var topLeft: String { options.isASCII ? "+" : "╭" }
  var topRight: String { options.isASCII ? "+" : "╮" }
  var bottomLeft: String { options.isASCII ? "+" : "╰" }
  var bottomRight: String { options.isASCII ? "+" : "╯" }
  var arrow: String { options.isASCII ? ">" : "▶" }

  /// Any text of a scenario, with nothing in it that could disturb a terminal.
  func text(_ text: String, _ style: TextStyle = .plain) -> StyledText {
    StyledText(safe(text), style)
  }

  /// A sentence in which code stands in backquotes.
  func sentence(_ text: String, _ style: TextStyle = .plain) -> StyledText {
    var result = StyledText()
    var isCode = false
    for part in safe(text).split(separator: "`", omittingEmptySubsequences: false) {
      if isCode {
        result.append("`\(part)`", .code)
      } else {
        result.append(String(part), style)
      }
      isCode.toggle()
    }
    return result
  }

  private func safe(_ text: String) -> String {
    text.split(separator: Numbers.space, omittingEmptySubsequences: false)
      .map { safePart(String($0)) }.joined(separator: String(Numbers.space))
  }

  private func safePart(_ text: String) -> String {
    let text = printable(text)
    guard options.isASCII else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      }
    }
    return result
  }

  /// A line of `count` dashes.
  func rule(_ count: Int) -> StyledText {
    StyledText(String(repeating: horizontal, count: max(0, count)), .faint)
  }

  /// Spaces.
  func indent(_ count: Int) -> StyledText {
    StyledText(String(repeating: " ", count: max(0, count)))
  }

  /// Wraps a text behind an indentation; `label` stands in front of its first line.
  func paragraph(_ text: StyledText, indent: Int, label: StyledText = StyledText()) -> [StyledText]
  {
    let indent = min(indent, width / 2)
    let first = label.clipped(to: max(0, indent - 1), ellipsis: "").padded(to: indent)
    return text.wrapped(to: width - indent).enumerated().map { number, line in
      (number == 0 ? first : self.indent(indent)) + line
    }
  }

  /// Two texts at the ends of a line, or on two lines if they do not fit.
  func spread(_ left: StyledText, _ right: StyledText, hanging: Int) -> [StyledText] {
    if left.width + 2 + right.width <= width {
      return [left.padded(to: width - right.width) + right]
    }
    let hanging = min(hanging, width / 2)
    var lines = left.wrapped(to: width, rest: width - hanging)
    for index in lines.indices.dropFirst() { lines[index] = indent(hanging) + lines[index] }
    let parts = right.wrapped(to: width - hanging)
    if parts.count == 1, let last = lines.last, last.width + 2 + parts[0].width <= width {
      lines[lines.count - 1] = last.padded(to: width - parts[0].width) + parts[0]
      return lines
    }
    return lines + parts.map { indent(hanging) + $0 }
  }
}
