import Bank
import Foundation
import HeddleTesting
import XCTest

final class BankTests: XCTestCase {
  func testDepositsAddUp() {
    let account = Account()
    account.deposit(100)
    account.deposit(50)
    XCTAssertEqual(account.total, 150)
  }

  func testDepositsAreRaceFreeInEveryOrder() {
    expectPasses(
      """
      shared balance = 0
      lock guard

      thread deposit * 2 {
          with guard { balance += 100 }
      }

      finally { assert balance == 200 }
      """
    )
  }

  func testWithoutTheLockAnUpdateIsLost() {
    expectFinding(.lostUpdate, on: "balance", in: Self.unlocked)
  }

  /// What a failure looks like: `SHOW_FAILURES=1 swift test`.
  func testShowsAFailure() throws {
    try XCTSkipIf(ProcessInfo.processInfo.environment["SHOW_FAILURES"] == nil)
    expectPasses(Self.unlocked)
  }

  static let unlocked = """
    shared balance = 0

    thread deposit * 2 {
        balance += 100
    }

    finally { assert balance == 200 }
    """
}
