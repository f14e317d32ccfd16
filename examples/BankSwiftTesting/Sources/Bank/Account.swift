import Foundation

/// An account that many threads pay into.
public final class Account: @unchecked Sendable {
  private let lock = NSLock()
  private var balance = 0

  /// An empty account.
  public init() {}

  /// Adds an amount.
  public func deposit(_ amount: Int) {
    lock.withLock {
      balance += amount
    }
  }

  /// What is in it.
  public var total: Int { lock.withLock { balance } }
}
