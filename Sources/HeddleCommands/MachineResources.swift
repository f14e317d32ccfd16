#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How many cores there are; how much memory is for ``MachineMemory`` to say.
enum MachineResources {
  /// The cores that a search can use: those that this process may run on, at least 1.
  ///
  /// Only one under `ulimit -v`: for each thread the allocator of glibc reserves up to 128 MiB of addresses, which count.
  static var processorCount: Int {
    guard OperatingSystem.limit(of: .addressSpace) == nil else { return 1 }
    return max(1, ProcessInfo.processInfo.activeProcessorCount)
  }
}
