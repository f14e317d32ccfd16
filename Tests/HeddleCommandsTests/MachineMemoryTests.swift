import Foundation
import Synchronization
import Testing

@testable import HeddleCommands

@Suite struct `The memory that is left` {
  private func available(
    _ files: [String: String],
    _ limits: [OperatingSystem.Resource: Int] = [:]
  ) -> Int? {
    MachineMemory(read: { files[$0] }, limit: { limits[$0] }).available()
  }

  private let free = ["/proc/meminfo": "MemTotal: 9000 kB\nMemAvailable:   8000 kB\nSwap: 1 kB\n"]

  @Test func `is what the kernel calls available`() {
    #expect(available(free) == 8_000 << 10)
    #expect(available(["/proc/meminfo": "MemTotal: 9000 kB\n"]) == nil)
  }

  @Test func `is what the narrowest control group around the process leaves`() {
    let group = "/sys/fs/cgroup/outer"
    var files = free
    files["/proc/self/cgroup"] = "0::/outer/inner\n"
    files["/sys/fs/cgroup/memory.current"] = "999999999"
    files["\(group)/memory.max"] = "5000000\n"
    files["\(group)/memory.current"] = "3000000\n"
    files["\(group)/inner/memory.max"] = "max\n"
    files["\(group)/inner/memory.current"] = "3000000\n"
    #expect(available(files) == 2_000_000)
    files["\(group)/memory.stat"] = "anon 1000000\ninactive_file 1500000\nactive_file 500000\n"
    #expect(available(files) == 3_500_000)
    files["\(group)/memory.high"] = "4000000\n"
    #expect(available(files) == 2_500_000)
    files["\(group)/inner/memory.max"] = "100\n"
    #expect(available(files) == 0)
  }

  @Test func `is what a control group of the first version leaves`() {
    let group = "/sys/fs/cgroup/memory/docker/1"
    var files = free
    files["/proc/self/cgroup"] = "5:cpu:/docker/1\n4:memory,hugetlb:/docker/1\n0::/\n"
    files["/sys/fs/cgroup/memory/memory.limit_in_bytes"] = "9223372036854771712\n"
    files["/sys/fs/cgroup/memory/memory.usage_in_bytes"] = "12345678\n"
    files["\(group)/memory.limit_in_bytes"] = "6000000\n"
    files["\(group)/memory.usage_in_bytes"] = "4000000\n"
    files["\(group)/memory.stat"] = "inactive_file 1\ntotal_inactive_file 2500000\n"
    #expect(available(files) == 4_500_000)
  }

  @Test func `is half of what the process may still have`() {
    var files = free
    files["/proc/self/status"] = "VmPeak:  4000 kB\nVmSize:\t 3000 kB\nVmData:\t 1000 kB\n"
    #expect(available(files, [.addressSpace: 5_000 << 10]) == 1_000 << 10)
    #expect(available(files, [.data: 1_500 << 10, .addressSpace: 5_000 << 10]) == 250 << 10)
    #expect(available(files, [.addressSpace: 1_000 << 10]) == 0)
    #expect(available(files, [.addressSpace: 90_000 << 10]) == 8_000 << 10)
  }

  @Test func `of this process is known`() throws {
    let available = try #require(MachineMemory.available())
    #expect(available > 1 << 20)
    #expect(try #require(MachineMemory.left()) >= available)
  }
}

@Suite struct `Memory that others take during a search` {
  private static let mebibyte = 1 << 20

  /// What is left when the search begins, what the search has, what is left then, and whether that is too little.
  @Test(arguments: [
    (left: 8_000, has: 1_000, later: 4_000, isShort: false),
    (left: 8_000, has: 1_000, later: 499, isShort: true),
    (left: 8_000, has: 1_000, later: 500, isShort: false),
    (left: 8_000, has: 1, later: 63, isShort: true),
    (left: 80, has: 10, later: 11, isShort: false),
    (left: 80, has: 10, later: 9, isShort: true),
  ])
  func `is noticed when less is left than a table may ask for`(
    left: Int,
    has: Int,
    later: Int,
    isShort: Bool
  ) {
    let now = Mutex(left * Self.mebibyte)
    var watch = MemoryWatch { now.withLock { $0 } }
    let wasShort = watch.isShort(0, at: .zero)
    #expect(!wasShort)
    now.withLock { $0 = later * Self.mebibyte }
    let isShortThen = watch.isShort(has * Self.mebibyte, at: .seconds(1))
    #expect(isShortThen == isShort)
    now.withLock { $0 = left * Self.mebibyte }
    let staysShort = watch.isShort(has * Self.mebibyte, at: .seconds(2))
    #expect(staysShort == isShort)
  }

  @Test(arguments: [["--reduction", "none"], []])
  func `ends it inconclusive, unless somebody said how much it may have`(options: [String]) throws {
    let folder = try Folder()
    let file = try folder.file("wide.heddle", `The process`.wide)
    let report = folder.path + "/report.json"
    let looks = Atomic(0)
    let arguments = ["verify", file, "--format", "json", "--output", report] + options
    let run = ToolRun(arguments) {
      looks.add(1, ordering: .relaxed).oldValue == 0 ? 1 << 33 : 1 << 20
    }
    #expect(run.status == 3, "\(run.output)")
    #expect(run.output.contains("the machine has hardly any memory left"))
    #expect(try String(contentsOfFile: report, encoding: .utf8).contains("\"machine-memory\""))
    let allowed = ToolRun(arguments + ["--max-memory", "1G", "--max-states", "5000"]) { 0 }
    #expect(allowed.output.contains("limit of 5 000 states"))
  }
}
