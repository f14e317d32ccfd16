import ConnectionPool
import Foundation
import HeddleTesting
import Testing

@Suite struct `A connection pool` {
  @Test func `lends, takes back, and closes`() throws {
    let pool = ConnectionPool(size: 1)
    let connection = try pool.checkOut()
    pool.checkIn(connection)
    #expect(try pool.checkOut() == connection)
    pool.close()
    #expect(throws: ConnectionPool.Closed.self) { try pool.checkOut() }
  }

  @Test func `serves or dismisses everybody in every order`() {
    expectPasses(PoolModel().scenario)
  }

  @Test func `wakes more than one when it closes`() {
    expectFinding(.deadlock, in: PoolModel(waking: .one).scenario)
  }

  /// What a failure looks like: `SHOW_FAILURES=1 swift test`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SHOW_FAILURES"] != nil))
  func `shows a failure`() {
    expectPasses(PoolModel(waking: .one).scenario)
  }
}
