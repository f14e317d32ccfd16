#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How many cores there are; how much memory is for ``MachineMemory`` to say.
enum MachineResources {
  /// The cores that a search can use: those that this process may run on, at least 1.
  ///
  /// Under `ulimit -v` one more for each GiB: for each thread the allocator of glibc reserves up to 128 MiB of addresses, which count.
  static var usableCores: Int {
    let most = max(1, ProcessInfo.processInfo.activeProcessorCount)
    guard let limit = OperatingSystem.limit(of: .addressSpace) else { return most }
    return min(most, 1 + limit >> 30)
  }
}
