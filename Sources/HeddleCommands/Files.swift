#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import HeddleDiagnostics

/// Reading scenarios and writing reports.
enum Files {
  /// The name that stands for standard input or standard output.
  static let standardStream = "-"
  /// What the names of scenarios end with.
  static let scenarioExtension = ".heddle"

  // MARK: Finding

  /// The scenarios that a path means: itself, or all below it, by name.
  ///
  /// Hidden files and folders are left out, and links to folders are not followed.
  static func scenarios(at path: String) throws(CommandFailure) -> [String] {
    guard path != standardStream else { return [path] }
    do throws(OperatingSystem.Failure) {
      guard try OperatingSystem.kind(of: path) == .directory else { return [path] }
    } catch {
      throw unreadable(path, error)
    }
    var folder = path
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    var found: [String] = []
    try collect(below: folder == "." ? "" : folder == "/" ? "/" : folder + "/", into: &found)
    guard !found.isEmpty else {
      throw CommandFailure("no scenario (*\(scenarioExtension)) below '\(path)'")
    }
    return found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  private static func collect(
    below prefix: String,
    into found: inout [String]
  ) throws(CommandFailure) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: prefix.isEmpty ? "." : prefix)
    } catch {
      throw CommandFailure("cannot list the folder '\(prefix)'")
    }
    for name in names where !name.hasPrefix(".") {
      let path = prefix + name
      guard let kind = try? OperatingSystem.kind(of: path) else { continue }
      switch kind {
      case .directory:
        if !OperatingSystem.isLink(path) { try collect(below: path + "/", into: &found) }
      case .regular, .other:
        if name.hasSuffix(scenarioExtension) { found.append(path) }
      }
    }
  }

  // MARK: Reading

  /// The bytes of a file, or of standard input for `-`; at most one more than `limit`.
  static func bytes(of path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
    do throws(OperatingSystem.Failure) {
      if path == standardStream {
        return try OperatingSystem.readBytes(from: OperatingSystem.standardInput, limit: limit)
      }
      if try OperatingSystem.kind(of: path) == .directory { throw .isDirectory }
      let descriptor = try OperatingSystem.openForReading(path)
      defer { try? OperatingSystem.closeFile(descriptor) }
      return try OperatingSystem.readBytes(from: descriptor, limit: limit)
    } catch {
      throw unreadable(path, error)
    }
  }

  private static func unreadable(
    _ path: String,
    _ failure: OperatingSystem.Failure
  ) -> CommandFailure {
    let name = path == standardStream ? "standard input" : "'\(path)'"
    guard failure == .noSuchFile else {
      return CommandFailure("cannot read \(name): \(failure.text)")
    }
    let hint = similarFile(path).map { "; did you mean '\($0)'?" } ?? ""
    return CommandFailure("no such file or folder: \(name)\(hint)")
  }

  /// A file in the same folder whose name is nearly the same.
  private static func similarFile(_ path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last else { return nil }
    let folder = String(path.dropLast(name.count))
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
    return closestName(to: String(name), among: (names ?? []).sorted()).map { folder + $0 }
  }

  // MARK: Writing

  /// Says early that a file cannot be written, before a long search.
  static func checkWritable(_ path: String) throws(CommandFailure) {
    do throws(OperatingSystem.Failure) {
      switch try? OperatingSystem.kind(of: path) {
      case .directory: throw .isDirectory
      case .other: return
      case .regular, nil: try OperatingSystem.canWrite(inFolder: folder(of: path))
      }
    } catch {
      throw unwritable(path, error)
    }
  }

  /// Writes a file in one go: whoever opens it sees the old content or all of the new one.
  ///
  /// What is no regular file, such as `/dev/null` or a pipe, is written as it is.
  static func write(_ text: String, to path: String) throws(CommandFailure) {
    do throws(OperatingSystem.Failure) {
      if case .other? = try? OperatingSystem.kind(of: path) {
        let descriptor = try OperatingSystem.openForWriting(path)
        defer { try? OperatingSystem.closeFile(descriptor) }
        return try OperatingSystem.writeBytes(Array(text.utf8), to: descriptor)
      }
      try replace(OperatingSystem.resolved(path) ?? path, by: Array(text.utf8))
    } catch {
      throw unwritable(path, error)
    }
  }

  private static func replace(
    _ path: String,
    by bytes: [UInt8]
  ) throws(OperatingSystem.Failure) {
    if case .directory? = try? OperatingSystem.kind(of: path) { throw .isDirectory }
    let (temporary, descriptor) = try createTemporary(in: folder(of: path))
    do throws(OperatingSystem.Failure) {
      var isOpen = true
      defer { if isOpen { try? OperatingSystem.closeFile(descriptor) } }
      OperatingSystem.copyPermissions(from: path, to: descriptor)
      try OperatingSystem.writeBytes(bytes, to: descriptor)
      try OperatingSystem.synchronize(descriptor)
      isOpen = false
      try OperatingSystem.closeFile(descriptor)
      try OperatingSystem.renameFile(temporary, to: path)
    } catch {
      OperatingSystem.removeFile(temporary)
      throw error
    }
  }

  /// Creates a file with a name of its own; one that an ended process has left behind is passed over.
  private static func createTemporary(
    in folder: String
  ) throws(OperatingSystem.Failure) -> (path: String, descriptor: Int32) {
    var number = 0
    while true {
      let path = "\(folder)/.heddle-\(OperatingSystem.processNumber)-\(number).part"
      do throws(OperatingSystem.Failure) {
        return (path, try OperatingSystem.create(path))
      } catch {
        guard error == .exists, number < 100 else { throw error }
        number += 1
      }
    }
  }

  private static func unwritable(
    _ path: String,
    _ failure: OperatingSystem.Failure
  ) -> CommandFailure {
    if failure == .noSuchFile {
      return CommandFailure("cannot write '\(path)': the folder does not exist")
    }
    return CommandFailure("cannot write '\(path)': \(failure.text)")
  }

  /// One name for a file however it is written: by links, or with `.` and `..`.
  static func canonical(_ path: String) -> String {
    if let resolved = OperatingSystem.resolved(path) { return resolved }
    let folder = OperatingSystem.resolved(folder(of: path)) ?? folder(of: path)
    return "\(folder)/\(name(of: path))"
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The name of the scenario in a file: the file's without folder and extension.
  static func scenarioName(_ path: String) -> String {
    let name = name(of: path)
    return name.hasSuffix(scenarioExtension) && name.count > scenarioExtension.count
      ? String(name.dropLast(scenarioExtension.count)) : name
  }
}
