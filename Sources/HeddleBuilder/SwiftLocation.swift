/// A place in a Swift file: where a piece of a scenario was written.
public struct SwiftLocation: Sendable {
  /// The module and the file's name, as `#fileID` gives them.
  public let fileID: StaticString
  /// The file's path, as `#filePath` gives it.
  public let filePath: StaticString
  /// The line, from 1.
  public let line: UInt
  /// The column in UTF-8 bytes, from 1.
  public let column: UInt

  /// Creates a location; without arguments, the place of the call.
  public init(
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column
  ) {
    self.fileID = fileID
    self.filePath = filePath
    self.line = line
    self.column = column
  }

  /// The file's name without its folder, for example `BankTests.swift`.
  public var fileName: String {
    let path = "\(filePath)"
    return path.split(separator: "/").last.map(String.init) ?? path
  }
}

extension SwiftLocation: CustomStringConvertible {
  /// The file's name and the line, for example `BankTests.swift:12`.
  public var description: String { "\(fileName):\(line)" }
}
