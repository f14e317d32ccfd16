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
    write(to: &text, indent: 0)
    return text + "\n"
  }

  /// The text on one line, without a newline, in a form that may stand in a `script` element of HTML.
  var embedded: String {
    var text = ""
    write(to: &text, indent: nil)
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

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += String(value)
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.write(value, to: &text)
    case .line(let value): value.write(to: &text, indent: nil)
    case .array(let elements):
      Self.writeList("[", "]", count: elements.count, to: &text, indent) { index, text, indent in
        elements[index].write(to: &text, indent: indent)
      }
    case .object(let members):
      Self.writeList("{", "}", count: members.count, to: &text, indent) { index, text, indent in
        Self.write(members[index].0, to: &text)
        text += ": "
        members[index].1.write(to: &text, indent: indent)
      }
    }
  }

  private static func writeList(
    _ open: String,
    _ close: String,
    count: Int,
    to text: inout String,
    _ indent: Int?,
    _ element: (_ index: Int, _ text: inout String, _ indent: Int?) -> Void
  ) {
    text += open
    for index in 0..<count {
      if index > 0 { text += indent == nil ? ", " : "," }
      if let indent { text += "\n" + String(repeating: " ", count: indent + 2) }
      element(index, &text, indent.map { $0 + 2 })
    }
    if count > 0, let indent { text += "\n" + String(repeating: " ", count: indent) }
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
