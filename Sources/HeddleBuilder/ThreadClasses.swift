extension ThreadType {
  /// Declares a thread with fields and methods.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - parameters: What is given at the start; known in all methods.
  ///   - count: How many run, if there is no `main`; otherwise how many are meant to be started.
  ///   - isDaemon: Whether it does not keep the program alive.
  ///   - mayOutliveMain: Whether it is meant to run for ever or to be killed.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  ///   - members: The fields, the methods and ``Run``.
  public init(
    class name: String,
    _ parameters: repeat Parameter<each Argument>,
    count: (any Value<Int>)? = nil,
    isDaemon: Bool = false,
    mayOutliveMain: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column,
    @MemberBuilder members: (repeat Parameter<each Argument>) -> [MemberDeclaration]
  ) {
    let head = ThreadHead(
      name: name,
      parameters: parameterList(repeat each parameters),
      count: count?.code,
      isDaemon: isDaemon,
      mayOutliveMain: mayOutliveMain
    )
    self.init(
      code: classCode(
        head,
        members(repeat each parameters),
        SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
      ),
      parameters: (repeat each parameters)
    )
  }

  /// Declares a subclass that is started as this class is.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - count: How many run, if there is no `main`; otherwise how many are meant to be started.
  ///   - isDaemon: Whether it does not keep the program alive; it is a daemon if its base is one.
  ///   - mayOutliveMain: Whether it is meant to run for ever or to be killed.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  ///   - members: What it adds and overrides.
  /// - Returns: The subclass.
  public func subclass(
    _ name: String,
    count: (any Value<Int>)? = nil,
    isDaemon: Bool = false,
    mayOutliveMain: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column,
    @MemberBuilder members: (repeat Parameter<each Argument>) -> [MemberDeclaration]
  ) -> ThreadType<repeat each Argument> {
    let head = ThreadHead(
      name: name,
      parameters: "",
      base: code,
      count: count?.code,
      isDaemon: isDaemon,
      mayOutliveMain: mayOutliveMain
    )
    let place = SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    return ThreadType(
      code: classCode(head, members(repeat each parameters), place),
      parameters: (repeat each parameters)
    )
  }

  /// Declares a subclass with parameters of its own, which include those of this class by name.
  ///
  /// - Parameters:
  ///   - name: The name in the scenario.
  ///   - own: All parameters, those of the base as well.
  ///   - count: How many run, if there is no `main`; otherwise how many are meant to be started.
  ///   - isDaemon: Whether it does not keep the program alive; it is a daemon if its base is one.
  ///   - mayOutliveMain: Whether it is meant to run for ever or to be killed.
  ///   - fileID: The Swift file.
  ///   - filePath: The Swift file's path.
  ///   - line: The line in it.
  ///   - column: The column in it.
  ///   - members: What it adds and overrides.
  /// - Returns: The subclass.
  public func subclass<each Own: ScenarioType>(
    _ name: String,
    with own: repeat Parameter<each Own>,
    count: (any Value<Int>)? = nil,
    isDaemon: Bool = false,
    mayOutliveMain: Bool = false,
    fileID: StaticString = #fileID,
    filePath: StaticString = #filePath,
    line: UInt = #line,
    column: UInt = #column,
    @MemberBuilder members: (repeat Parameter<each Own>) -> [MemberDeclaration]
  ) -> ThreadType<repeat each Own> {
    let head = ThreadHead(
      name: name,
      parameters: parameterList(repeat each own),
      base: code,
      count: count?.code,
      isDaemon: isDaemon,
      mayOutliveMain: mayOutliveMain
    )
    let place = SwiftLocation(fileID: fileID, filePath: filePath, line: line, column: column)
    return ThreadType<repeat each Own>(
      code: classCode(head, members(repeat each own), place),
      parameters: (repeat each own)
    )
  }
}

private func classCode(
  _ head: ThreadHead,
  _ members: [MemberDeclaration],
  _ place: SwiftLocation
) -> Code {
  var lines = [Line(head.text)]
  lines.appendBlock(lines: members.flatMap(\.lines))
  return Code(
    nameOf: ScenarioDeclaration(
      name: head.name,
      lines,
      mentions: head.mentions + members.flatMap(\.mentions),
      at: place
    )
  )
}
