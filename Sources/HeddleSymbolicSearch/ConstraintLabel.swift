/// The constraints of the encodings, one name for each kind; a test leaves each out and sees an answer change.
enum ConstraintLabel: String, CaseIterable, Sendable {
  /// `wait()` passes at once exactly if the event is set.
  case waitPasses
  /// A registered waiter is released exactly if some `set` has come since.
  case wake
  /// An acquisition fails only while somebody holds the lock.
  case failedAcquisition
  /// A release is misuse exactly if the lock is free.
  case freeLock
  /// Between two acquisitions, the lock is released.
  case exclusion
  /// A semaphore is acquired exactly if it has a permit.
  case permit
  /// A bounded semaphore is released too often exactly if that exceeds its bound.
  case semaphoreBound
  /// A write that is seen is made.
  case seenWriteHappens
  /// A write that is seen comes before the read.
  case seenWriteIsEarlier
  /// A read has the value of the write that it sees.
  case seenValue
  /// No other write comes between.
  case seenWriteIsLast
  /// A read that sees no write has the initial value.
  case initialValue
  /// No write comes before a read that sees none.
  case initialValueIsLast
  /// A read sees a write, or the beginning.
  case readSeesSomething
  /// A `put` succeeds exactly if there is room.
  case room
  /// Unbounded queues are followed up to a length.
  case queueLength
  /// A `get` that does not wait succeeds exactly if there is an item.
  case itemIsThere
  /// `task_done` is misuse exactly if all is done.
  case doneTooOften
  /// `join` of a queue comes when all is done.
  case allDone
  /// A `get` takes an item.
  case getTakesSomething
  /// Only a `get` that is made takes something.
  case takerHappens
  /// Only what was put is taken.
  case giverHappens
  /// An item is taken after it was put.
  case takenAfterPut
  /// What is taken is what was put.
  case takenValue
  /// A `get` takes one item.
  case oneItemPerGet
  /// An item is taken once.
  case oneGetPerItem
  /// What was put before was taken before.
  case firstInFirstOut
  /// `qsize()` is the number of items.
  case observedSize
  /// What an object answers is so.
  case observation
  /// Shared variables stay in the ranges that follow from their writes.
  case derivedRange
  /// A shared variable that is only lowered, or only raised, does not pass what it started from.
  case trend
  /// Interchangeable threads begin in one order.
  case alike
  /// `is_alive()` is true exactly between start and end.
  case alive
  /// A `join` comes after the end of the thread.
  case joinedHasEnded
  /// A `join` with a timeout succeeds exactly if the thread has ended.
  case timedJoin
  /// Values stay in the range of their type or choice.
  case bounds
  /// A step is taken only where the run comes to it.
  case executedIsReached
  /// The steps of a thread come one after the other.
  case programOrder
  /// A thread begins after it was started.
  case startOrder
  /// The run ends with the first failure.
  case oneFailure
  /// An `atomic when` is entered only where its condition holds.
  case atomicGuard
  /// A thread is in exactly one place (proofs).
  case places
}
