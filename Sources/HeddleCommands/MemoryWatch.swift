/// Looks from time to time whether the memory that was free when a search began is still there: another process may have taken it.
struct MemoryWatch: Sendable {
  private let left: @Sendable () -> Int?
  private let reserve: Int
  private var nextLook = Duration.zero
  private var wasShort = false

  /// A look takes some 0.1 ms.
  private static let interval = Duration.milliseconds(200)
  /// So much is not to be touched.
  private static let largestReserve = 64 << 20

  /// - Parameter left: The memory that is left, in bytes; `nil` if unknown.
  init(_ left: @escaping @Sendable () -> Int?) {
    self.left = left
    reserve = min(Self.largestReserve, (left() ?? 0) / 8)
  }

  /// Whether less is left than a search with so many bytes may ask for at once; once it was, it stays so.
  ///
  /// A table that doubles needs less than half of what the search has.
  mutating func isShort(_ bytes: Int, at time: Duration) -> Bool {
    guard !wasShort, time >= nextLook else { return wasShort }
    nextLook = time + Self.interval
    wasShort = left().map { $0 < max(reserve, bytes / 2) } ?? false
    return wasShort
  }
}
