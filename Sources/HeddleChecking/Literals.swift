public import HeddleProgram
public import HeddleSemantics

extension Program {
  /// The name of an element of a variable: `balance`, `seen[2]`, `worker#1.handled`, `worker#1.seen[2]`.
  public func name(of variable: VariableID, element: Int) -> String {
    StateView.name(of: element, in: variables[variable.index], self)
  }
}

extension Machine {
  /// A value as one would write it: strings in quotes.
  public func literal(of value: Int, as type: ValueType) -> String {
    let text = text(of: value, as: type)
    guard type.base == .string, value != Program.none else { return text }
    return StateView.quoted(text)
  }
}
