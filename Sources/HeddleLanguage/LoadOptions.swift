/// What can be given to a scenario from outside.
public struct LoadOptions: Sendable {
  /// Values for constants, instead of those that the scenario gives.
  public var constants: [String: Int]

  /// Creates options.
  public init(constants: [String: Int] = [:]) {
    self.constants = constants
  }
}
