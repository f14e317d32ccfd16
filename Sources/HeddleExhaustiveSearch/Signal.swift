import Dispatch
import Synchronization

/// A semaphore for threads that hand work to each other every millisecond: who waits looks for a while before going to sleep, because waking up takes
/// as long as much of that work.
final class Signal: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  private let pending = Atomic(0)
  /// How often to look: half a millisecond or so.
  private static let patience = 200_000

  /// Lets one waiter go on, now or later.
  func send() {
    semaphore.signal()
    pending.add(1, ordering: .releasing)
  }

  /// Waits for a signal that no one else has waited for.
  func wait() {
    var looks = 0
    while looks < Self.patience, pending.load(ordering: .acquiring) == 0 { looks += 1 }
    semaphore.wait()
    pending.subtract(1, ordering: .relaxed)
  }
}
