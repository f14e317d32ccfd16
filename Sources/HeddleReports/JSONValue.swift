/// A JSON text in the making, whose objects keep the order of their keys.
enum JSONValue {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])
  /// Written on one line, whatever it is.
  indirect case line(JSONValue)

  /// A string, or null.
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }

  /// A number, or null.
  init(_ number: Int?) { self = number.map { .int($0) } ?? .null }

  /// The text with an indentation of two spaces, and a newline at its end.
  var text: String {
    var text = ""
    write(to: &text, .lines(indent: 0))
    return text + "\n"
  }

  /// The text on one line, without spaces and a newline, in a form that may stand in a `script` element of HTML.
  var embedded: String {
    var text = ""
    write(to: &text, .tight)
    // Outside strings, JSON has none of these.
    var result = ""
    for character in text {
      switch character {
      case "<": result += "\\u003c"
      case ">": result += "\\u003e"
      case "&": result += "\\u0026"
      default: result.append(character)
      }
    }
    return result
  }

  /// How the parts of a list stand.
  private enum Layout {
    /// Each on a line of its own.
    case lines(indent: Int)
    /// On one line.
    case line
    /// On one line, without spaces.
    case tight

    /// What comes before a part at a depth, and before the end of the list at depth 0.
    func lineBreak(_ depth: Int) -> String {
      guard case .lines(let indent) = self else { return "" }
      return "\n" + String(repeating: " ", count: indent + 2 * depth)
    }

    var comma: String { if case .line = self { ", " } else { "," } }

    var colon: String { if case .tight = self { ":" } else { ": " } }

    /// The layout of the parts.
    var inner: Layout {
      guard case .lines(let indent) = self else { return self }
      return .lines(indent: indent + 2)
    }
  }

  private func write(to text: inout String, _ layout: Layout) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.write(value, to: &text)
    case .line(let value): value.write(to: &text, .line)
    case .array(let elements):
      Self.writeList("[", "]", count: elements.count, to: &text, layout) { index, text, layout in
        elements[index].write(to: &text, layout)
      }
    case .object(let members):
      Self.writeList("{", "}", count: members.count, to: &text, layout) { index, text, layout in
        Self.write(members[index].0, to: &text)
        text += layout.colon
        members[index].1.write(to: &text, layout)
      }
    }
  }

  private static func writeList(
    _ open: String,
    _ close: String,
    count: Int,
    to text: inout String,
    _ layout: Layout,
    _ element: (_ index: Int, _ text: inout String, _ layout: Layout) -> Void
  ) {
    text += open
    for index in 0..<count {
      if index > 0 { text += layout.comma }
      text += layout.lineBreak(1)
      element(index, &text, layout.inner)
    }
    if count > 0 { text += layout.lineBreak(0) }
    text += close
  }

  /// Escapes what JSON demands, and what could disturb a terminal or a line-wise reader.
  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
          for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
          }
        default: text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}
