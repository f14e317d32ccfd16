#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How much memory is free, and how many cores there are.
enum MachineResources {
  /// The cores that this process may run on, at least 1.
  static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// What can be used before the machine or the container begins to swap or to end processes, in bytes.
  ///
  /// On Linux the smaller of what the kernel calls available and what the control groups of this process have left;
  /// elsewhere half of the machine's memory.
  static func availableMemory() -> Int? {
    guard let information = text(of: "/proc/meminfo") else {
      return Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)
    }
    var available = value(of: "MemAvailable", in: information)
    for folder in controlGroups(text(of: "/proc/self/cgroup") ?? "") {
      for (limit, used) in [
        ("memory.max", "memory.current"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes"),
      ] {
        guard let limit = number(in: folder + "/" + limit),
          let used = number(in: folder + "/" + used)
        else { continue }
        available = min(available ?? .max, max(0, limit - used))
      }
    }
    return available
  }

  /// The bytes of a line such as `MemAvailable:   23456 kB`.
  static func value(of name: String, in information: String) -> Int? {
    for line in information.split(separator: "\n") where line.hasPrefix(name + ":") {
      let words = line.split(separator: " ")
      guard words.count >= 2, let kilobytes = Int(words[1]) else { return nil }
      return kilobytes.multipliedReportingOverflow(by: 1024).partialValue
    }
    return nil
  }

  /// The folders of the memory control groups that a process is in, and of those around them.
  ///
  /// `listing` is the text of `/proc/self/cgroup`, with lines such as `0::/user/session` and `4:memory:/docker/1`.
  static func controlGroups(_ listing: String) -> [String] {
    var folders: [String] = []
    for line in listing.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let root: String
      if parts[1].isEmpty {
        root = "/sys/fs/cgroup"
      } else if parts[1].split(separator: ",").contains("memory") {
        root = "/sys/fs/cgroup/memory"
      } else {
        continue
      }
      var folder = root
      folders.append(folder)
      for name in parts[2].split(separator: "/") {
        folder += "/" + name
        folders.append(folder)
      }
    }
    return folders
  }

  private static func number(in path: String) -> Int? {
    text(of: path).flatMap { Int($0.filter { !$0.isWhitespace }) }
  }

  private static func text(of path: String) -> String? {
    guard let descriptor = try? OperatingSystem.openForReading(path) else { return nil }
    let bytes = try? OperatingSystem.readBytes(from: descriptor, limit: 1 << 20)
    try? OperatingSystem.closeFile(descriptor)
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }
}
