/// A piece of a scenario's text, with the declarations that its names refer to.
///
/// Made by the values of this module and put together by its statements; there is nothing to do with one by hand.
public struct Code: Sendable {
  let text: String
  let binding: Binding
  let mentions: [ScenarioDeclaration]

  /// How tightly the outermost operator binds, loosest first.
  enum Binding: Int, Comparable {
    /// `start` and `any`, which take what follows them as their own.
    case open
    case or, and, comparison, addition, multiplication, unary, operand

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  init(_ text: String, _ binding: Binding = .operand, mentions: [ScenarioDeclaration] = []) {
    self.text = text
    self.binding = binding
    self.mentions = mentions
  }

  /// The name of a declaration.
  init(nameOf declaration: ScenarioDeclaration) {
    self.init(declaration.name, mentions: [declaration])
  }

  /// The text, in parentheses if its operator binds more loosely than `minimum`.
  func text(atLeast minimum: Binding) -> String {
    binding < minimum ? "(\(text))" : text
  }

  /// `left symbol right`, grouped from the left; comparisons do not chain.
  static func binary(_ left: Code, _ symbol: String, _ right: Code, _ binding: Binding) -> Code {
    let tighter = Binding(rawValue: binding.rawValue + 1) ?? .operand
    let leftText = left.text(atLeast: binding == .comparison ? tighter : binding)
    return Code(
      "\(leftText) \(symbol) \(right.text(atLeast: tighter))",
      binding,
      mentions: left.mentions + right.mentions
    )
  }

  /// A sign before an operand.
  static func unary(_ symbol: String, _ operand: Code) -> Code {
    Code(symbol + operand.text(atLeast: .operand), .unary, mentions: operand.mentions)
  }

  /// `operand.member`.
  func member(_ name: String) -> Code {
    Code("\(text(atLeast: .operand)).\(name)", mentions: mentions)
  }

  /// `operand[index]`.
  func element(_ index: Code) -> Code {
    Code("\(text(atLeast: .operand))[\(index.text)]", mentions: mentions + index.mentions)
  }

  /// `operand(arguments)`.
  func call(_ arguments: [Code] = []) -> Code {
    Code(
      "\(text)(\(arguments.map(\.text).joined(separator: ", ")))",
      mentions: mentions + arguments.flatMap(\.mentions)
    )
  }

  /// `label: value`, an argument.
  func labeled(_ label: String) -> Code { Code("\(label): \(text)", mentions: mentions) }
}

/// One line of a scenario's text.
struct Line: Sendable {
  var indentation: Int
  var text: String
  /// Where the Swift that it stands for is; filled in where it is known.
  var location: SwiftLocation?

  init(_ text: String, indentation: Int = 0, at location: SwiftLocation? = nil) {
    self.text = text
    self.indentation = indentation
    self.location = location
  }
}

extension [Line] {
  /// `header { body }`, over several lines unless the body is empty.
  static func block(_ header: String, _ body: [ScenarioStatement]) -> [Line] {
    var lines = [Line(header)]
    lines.appendBlock(body)
    return lines
  }

  /// Adds ` { body }` to the last line; what follows it may be added to the line of the `}`.
  mutating func appendBlock(_ body: [ScenarioStatement]) {
    appendBlock(lines: body.flatMap(\.lines))
  }

  mutating func appendBlock(lines: [Line]) {
    guard !lines.isEmpty else {
      append(toLast: " { }")
      return
    }
    append(toLast: " {")
    self += lines.map { line in
      Line(line.text, indentation: line.indentation + 1, at: line.location)
    }
    append(Line("}"))
  }

  mutating func append(toLast text: String) {
    guard let last = indices.last else { return append(Line(text)) }
    self[last].text += text
  }

  /// The lines, with a location for those that have none yet.
  func located(at location: SwiftLocation) -> [Line] {
    map { line in
      line.location == nil ? Line(line.text, indentation: line.indentation, at: location) : line
    }
  }
}
