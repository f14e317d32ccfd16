import Bank
import Foundation
import HeddleTesting
import Testing

/// The protocol of `Account.deposit`: take the lock, read, write, give the lock back.
func bank(isLocked: Bool) -> ScenarioDefinition {
  let balance = Shared("balance", 0)
  let lock = Lock("lock")
  return ScenarioDefinition("bank") {
    balance
    lock
    ThreadType("deposit", count: 2) {
      if isLocked {
        With(lock) {
          balance += 100
        }
      } else {
        balance += 100
      }
    }
    Finally {
      Assert(balance == 200, "every deposit counts")
    }
  }
}

@Suite struct `A bank` {
  @Test func `deposits add up`() {
    let account = Account()
    account.deposit(100)
    account.deposit(50)
    #expect(account.total == 150)
  }

  @Test func `deposits are race-free in every order`() {
    expectPasses(bank(isLocked: true))
  }

  @Test func `without the lock an update is lost`() {
    expectFinding(.lostUpdate, on: "balance", in: bank(isLocked: false))
  }

  @Test func `ten depositors do not get in each other's way`() {
    expectRaceFree(
      """
      const depositors = 3
      shared balance = 0
      lock guard

      thread deposit * depositors {
          with guard { balance += 100 }
      }
      """,
      constants: ["depositors": 10]
    )
  }

  /// What a failure looks like: `SHOW_FAILURES=1 swift test`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SHOW_FAILURES"] != nil))
  func `shows a failure`() {
    expectPasses(bank(isLocked: false))
  }
}
