import Foundation

/// Reads inputs in a process of its own, because a crash ends the process that it is in.
struct Supervisor {
  let target: TargetName
  /// Where the child writes each input before it reads it.
  let last: String

  /// How a child ended.
  enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)

    /// Whether the child had no say in it.
    var isCrash: Bool {
      switch self {
      case .exit(let status): status != 0 && status != 1
      case .signal: true
      }
    }
  }

  /// Runs this program with other arguments, to its end.
  func run(_ arguments: [String], isSilent: Bool = false) throws -> Ending {
    let child = Process()
    child.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    child.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["SWIFT_BACKTRACE"] = "enable=no"
    child.environment = environment
    if isSilent {
      child.standardOutput = FileHandle.nullDevice
      child.standardError = FileHandle.nullDevice
    }
    try child.run()
    child.waitUntilExit()
    return child.terminationReason == .exit
      ? .exit(child.terminationStatus) : .signal(child.terminationStatus)
  }

  /// The input at which the child has crashed, as small as it gets in 300 further attempts.
  func crashingInput(_ ending: Ending) throws -> [UInt8] {
    let input = [UInt8](try Data(contentsOf: URL(filePath: last)))
    let candidateFile = last + ".candidate"
    defer { try? FileManager.default.removeItem(atPath: candidateFile) }
    var shrinker = Shrinker(attempts: 300) { candidate in
      guard (try? Data(candidate).write(to: URL(filePath: candidateFile))) != nil else {
        return false
      }
      let arguments = ["--target", target.rawValue, "--try", candidateFile]
      return (try? run(arguments, isSilent: true)) == ending
    }
    return shrinker.shrunk(input)
  }
}
