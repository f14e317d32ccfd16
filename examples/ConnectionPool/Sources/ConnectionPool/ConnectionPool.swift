import Foundation

/// A connection to somewhere.
public struct Connection: Sendable, Equatable {
  /// Its number.
  public let number: Int
}

/// A fixed number of connections that threads borrow and give back.
public final class ConnectionPool: @unchecked Sendable {
  /// Thrown to those who want a connection of a pool that is closed.
  public struct Closed: Error {}

  private let condition = NSCondition()
  private var idle: [Connection]
  private var isClosed = false

  /// A pool with connections numbered from 0.
  public init(size: Int) {
    idle = (0..<size).map { Connection(number: $0) }
  }

  /// Waits for a connection, and takes it.
  public func checkOut() throws -> Connection {
    condition.lock()
    defer { condition.unlock() }
    while idle.isEmpty && !isClosed { condition.wait() }
    if isClosed { throw Closed() }
    return idle.removeLast()
  }

  /// Gives a connection back.
  public func checkIn(_ connection: Connection) {
    condition.lock()
    defer { condition.unlock() }
    idle.append(connection)
    condition.signal()
  }

  /// Closes the pool: whoever waits, or comes later, is told so.
  public func close() {
    condition.lock()
    defer { condition.unlock() }
    isClosed = true
    condition.broadcast()
  }
}
