import HeddleTesting

/// The protocol of `ConnectionPool`, line by line.
///
/// Modelled: the lock, the condition, who waits and who wakes whom, and the number of idle connections. Left out: which connection it is,
/// the array behind `idle`, and what is done with a connection. Nothing in the protocol looks at these.
struct PoolModel {
  /// How `close` wakes those who wait.
  enum Waking { case one, all }

  var waking = Waking.all

  var scenario: ScenarioDefinition {
    let users = Constant("users", 4)
    let lock = Lock("lock")
    let condition = Condition("condition", lock)
    let idle = Shared("idle", 1)
    let isClosed = Shared("is_closed", false)

    // condition.lock(); defer { condition.unlock() }; while … ; if isClosed { throw }; removeLast
    let checkOut = Function("check_out", returning: Bool.self) {
      With(lock) {
        While(idle == 0 && !isClosed) { condition.wait() }
        If(isClosed) { Return(false) }
        idle -= 1
      }
      Return(true)
    }
    let checkIn = Function("check_in") {
      With(lock) {
        idle += 1
        condition.notify()
      }
    }
    let close = Function("close") {
      With(lock) {
        isClosed <- true
        switch waking {
        case .one: condition.notify()
        case .all: condition.notifyAll()
        }
      }
    }

    return ScenarioDefinition("connection_pool") {
      users
      lock
      condition
      idle
      isClosed
      ThreadType("user", count: users) {
        If(checkOut()) {
          checkIn()
        }
      }
      ThreadType("owner") {
        close()
      }
      Invariant(idle >= 0 && idle <= 1, "a connection is idle or in use")
    }
  }
}
