extension `Every reduction is sound` {
  /// Scenarios in which two operations on one object, or the ends of threads, do not commute.
  static let ofOperations: [(name: String, text: String, findings: [String])] = [
    (
      "who asks whether one of two threads is alive asks before its end or behind it",
      """
      thread t { sleep 1 }
      main {
          let a = start t
          let b = start t
          var one = a
          choose { one = b } or { sleep 1 }
          assert one.is_alive()
          join a
          join b
      }
      """,
      ["assertion line 7"]
    ),
    (
      "who takes a permit without waiting comes before the release or behind it",
      """
      semaphore s = 0
      thread a {
          let got = s.acquire(blocking: false)
          sleep 1
          if got {
              assert false
          } else {
              assert false
          }
      }
      thread b { s.release() }
      """,
      ["assertion line 6", "assertion line 8"]
    ),
    (
      "who waits for a thread, but not for long, comes before its end or behind it",
      """
      atomic shared x = 0
      thread u { x = 2 }
      thread t { sleep 1 }
      thread w(h) { x = 7; join h timeout 1 }
      main {
          let o = start u
          let h = start t
          let v = start w(h)
      }
      finally { assert x != 1 }
      allow leak on u
      allow leak on w
      """,
      ["leak t"]
    ),
    (
      "a bounded semaphore is released too often only where nobody has taken a permit",
      """
      bounded semaphore s = 1
      thread a { s.acquire() }
      thread b { s.release() }
      """,
      ["misuse line 3"]
    ),
    (
      "an event is cleared before it is set or behind it",
      """
      event e
      thread a { e.set() }
      thread b { e.clear() }
      finally { assert e.is_set() }
      """,
      ["assertion line 4"]
    ),
    (
      "who waits for an event may be the first to write once another has set it",
      """
      atomic shared x = 0
      event e
      thread c { let seen = x; assert seen == 0 }
      thread a { e.wait(); x = 1 }
      thread b { sleep 1; e.set() }
      """,
      ["assertion line 3"]
    ),
    (
      "a task is done before there is one or behind that",
      """
      queue q
      thread a { q.put(1) }
      thread b { q.task_done() }
      """,
      ["misuse line 3", "leak q"]
    ),
    (
      "a lock that is taken on one way only keeps nobody out on the other",
      """
      atomic shared x = 0
      lock l
      thread a { l.acquire(); x = 1; x = 0; l.release() }
      thread b {
          let takes = any 0...1
          if takes == 1 { l.acquire() }
          let seen = x
          if takes == 1 { l.release() }
          assert seen == 0
      }
      """,
      ["assertion line 9"]
    ),
    (
      "a lock that was released keeps nobody out",
      """
      atomic shared x = 0
      lock l
      thread a { l.acquire(); x = 1; x = 0; l.release() }
      thread b { l.acquire(); l.release(); let seen = x; assert seen == 0 }
      """,
      ["assertion line 4"]
    ),
    (
      "who notifies needs a lock that another may release",
      """
      lock l
      condition c(l)
      thread a {
          l.acquire()
          c.notify()
          l.release()
      }
      thread b { l.release() }
      """,
      ["misuse line 5", "misuse line 6", "misuse line 8"]
    ),
    (
      "who waits for a notification may be the first to write once it has come",
      """
      atomic shared x = 0
      condition c
      thread look { let seen = x; assert seen == 0 }
      thread a { with c { c.wait() }; x = 1 }
      thread b { sleep 1; with c { c.notify() } }
      """,
      ["deadlock a", "assertion line 3"]
    ),
    (
      "a loop that counts up ends only if nothing else in it writes what it counts",
      """
      thread a { var n = 0; while n < 3 { n = 0; sleep 1; n += 1 } }
      """,
      ["never-terminates a"]
    ),
    (
      "who ends with a lock that another may release ends before that or behind it",
      """
      lock l
      event held
      thread c { held.wait(); l.release() }
      thread a { l.acquire(); held.set(); sleep 1 }
      """,
      ["leak l"]
    ),
  ]

  /// What is taken from a stack depends on what was put before, however much room there is.
  static let ofStacks = ["lifo queue q", "lifo queue q(capacity: 3)"].map { declaration in
    (
      name: declaration,
      text: """
      \(declaration)
      thread a { q.put(1); q.put(2) }
      thread b {
          let v = q.get()
          assert v != 1
          assert v != 2
      }
      """,
      findings: ["assertion line 5", "assertion line 6"]
    )
  }
}
