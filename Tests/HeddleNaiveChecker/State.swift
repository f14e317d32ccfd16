/// Everything that the rest of a run can still depend on, as plain values.
///
/// Objects, threads and variables are named by their numbers in the program's tables.
struct State: Hashable {
  /// For each variable, its elements.
  var variables: [[Int]]
  /// For each thread instance, where it is.
  var threads: [ThreadState]
  /// The locks and rlocks, by object.
  var locks: [Int: Lock] = [:]
  /// The permits left of each semaphore.
  var semaphores: [Int: Int] = [:]
  /// The conditions, by object.
  var conditions: [Int: Condition] = [:]
  /// The events, by object.
  var events: [Int: Event] = [:]
  /// The barriers, by object.
  var barriers: [Int: Barrier] = [:]
  /// The queues, by object.
  var queues: [Int: Queue] = [:]
}

/// One element of a variable.
struct Element: Hashable {
  var variable: Int
  var index: Int
}

/// A value was computed from a read of `element`; stale once another thread has written there.
struct Reading: Hashable {
  var element: Element
  var isStale = false
}

/// Where a thread is.
struct ThreadState: Hashable {
  enum Phase: Hashable { case notStarted, running, ended }

  var phase = Phase.notStarted
  /// The instruction it executes next; between steps a visible one, or a `backEdge` it is parked at.
  var position = 0
  var registers: [Int] = []
  /// For each register, what its value was computed from.
  var readings: [Set<Reading>] = []
  /// How often it held the lock that a condition wait has released.
  var savedLockCount = 0
  /// Whether some `join` on it has succeeded.
  var isJoined = false
  /// For a daemon and each queue, the items it has taken less its calls of `task_done`.
  var owedTasks: [Int: Int] = [:]
}

/// A lock, or with counts above 1 an rlock.
struct Lock: Hashable {
  var owner: Int?
  var count = 0
}

/// The threads in a condition wait.
struct Condition: Hashable {
  /// The wait set: in order of arrival if first come first served, else by number.
  var waiting: [Int] = []
  /// Out of the wait set, and about to take the lock back.
  var notified: Set<Int> = []
  /// The same after a time-out.
  var timedOut: Set<Int> = []
}

/// An event and, if it can be cleared, who waits for it.
struct Event: Hashable {
  var isSet = false
  var waiting: Set<Int> = []
  var released: Set<Int> = []
}

/// As `threading.Barrier` keeps it.
struct Barrier: Hashable {
  enum Phase: Hashable { case filling, draining, resetting, broken }

  var phase = Phase.filling
  /// How many are inside.
  var count = 0
}

/// A queue; the next item of a fifo is the first, of a lifo the last, of a priority queue the first.
struct Queue: Hashable {
  var items: [Int] = []
  /// How many `task_done` calls `join` still waits for.
  var unfinished = 0
}
