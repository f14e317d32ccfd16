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
  }
}
