#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How much memory is free: for a process on Linux the least of what the kernel has available, of what the control groups
/// around it have left, and of what `ulimit` lets it have.
struct MachineMemory: Sendable {
  /// The text of a file; `nil` if it cannot be read.
  var read: @Sendable (String) -> String?
  /// A limit of this process, in bytes; `nil` if there is none.
  var limit: @Sendable (OperatingSystem.Resource) -> Int?

  /// What this process can use before the machine or the container begins to swap or to end processes, or refuses more, in
  /// bytes; `nil` if unknown.
  ///
  /// On systems without `/proc` half of the machine's memory.
  static func available() -> Int? {
    guard text(of: meminfo) != nil else {
      return Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)
    }
    return ofThisProcess.available()
  }

  /// The same without `ulimit`: what others can take away while this process runs, in bytes; `nil` if unknown.
  static func left() -> Int? { ofThisProcess.left() }

  /// The same by what ``read`` and ``limit`` say.
  func available() -> Int? { ([left()] + leftOfProcess()).compactMap { $0 }.min() }

  /// What the machine and the control groups leave.
  func left() -> Int? {
    let free = read(Self.meminfo).flatMap { Self.value(of: "MemAvailable", in: $0) }
    let groups = Self.controlGroups(read("/proc/self/cgroup") ?? "").flatMap(leftInGroup)
    return ([free] + groups).compactMap { $0 }.min()
  }

  private static let ofThisProcess = MachineMemory(read: text, limit: OperatingSystem.limit)
  private static let meminfo = "/proc/meminfo"

  // MARK: Control groups

  /// What each limit of a control group leaves.
  ///
  /// The pages of files that nobody has touched for a while count as used, but go as soon as somebody needs the room.
  private func leftInGroup(_ folder: String) -> [Int?] {
    let statistics = read(folder + "/memory.stat") ?? ""
    return [
      ("memory.max", "memory.current", "inactive_file"),
      ("memory.high", "memory.current", "inactive_file"),
      ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ].map { limit, usage, reclaimable in
      guard let most = number(in: folder + "/" + limit),
        let used = number(in: folder + "/" + usage)
      else { return nil }
      let reclaimable = Self.value(of: reclaimable, in: statistics, separator: " ") ?? 0
      return max(0, most - max(0, used - reclaimable))
    }
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

  // MARK: The process

  /// Half of what `ulimit -v` and `ulimit -d` leave.
  ///
  /// They count what is reserved, and allocators reserve far more than they give out.
  private func leftOfProcess() -> [Int?] {
    let status = read("/proc/self/status") ?? ""
    return [(OperatingSystem.Resource.addressSpace, "VmSize"), (.data, "VmData")].map {
      resource,
      name in
      limit(resource).map { max(0, $0 - (Self.value(of: name, in: status) ?? 0)) / 2 }
    }
  }

  // MARK: Files

  /// The bytes of a line such as `MemAvailable:   23456 kB`, or, with a blank as separator, `inactive_file 23456`.
  static func value(of name: String, in text: String, separator: String = ":") -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix(name + separator) {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count >= 2, let number = Int(words[1]) else { return nil }
      let unit = words.count > 2 && words[2] == "kB" ? 1024 : 1
      return number.multipliedReportingOverflow(by: unit).partialValue
    }
    return nil
  }

  private func number(in path: String) -> Int? {
    read(path).flatMap { Int($0.filter { !$0.isWhitespace }) }
  }

  private static func text(of path: String) -> String? {
    guard let descriptor = try? OperatingSystem.openForReading(path) else { return nil }
    let bytes = try? OperatingSystem.readBytes(from: descriptor, limit: 1 << 20)
    try? OperatingSystem.closeFile(descriptor)
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }
}
