#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How many cores there are; how much memory is for ``MachineMemory`` to say.
enum MachineResources {
  /// The cores that this process may run on, at least 1.
  static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
