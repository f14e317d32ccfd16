/// The scenarios that are measured, by family and size, as text.
enum Families {
  /// Unlocked deposits, each a read and a write of one variable; the final claim holds in every order, so that all is searched.
  static func unlockedDeposit(threads: Int) -> String {
    """
    shared balance = 0
    thread deposit * \(threads) {
        let current = balance
        balance = current + 100
    }
    finally { assert balance > 0 }
    expect lost-update on balance
    """
  }

  /// Unlocked counters in a loop.
  static func counterLoop(threads: Int, rounds: Int) -> String {
    """
    shared count = 0
    thread counter * \(threads) {
        for _ in 0..<\(rounds) { count += 1 }
    }
    finally { assert count > 0 }
    expect lost-update on count
    """
  }

  /// Locked deposits.
  static func lockedDeposit(threads: Int) -> String {
    """
    shared balance = 0
    lock guard
    thread deposit * \(threads) {
        with guard { balance += 100 }
    }
    finally { assert balance == 100 * \(threads) }
    """
  }
}
