import HeddleProgram

extension Construct {
  static let ofLocks: [Construct] = [
    Construct(
      "a lock keeps others out",
      """
      shared x = 0
      lock guard
      thread t * 3 { with guard { x += 1 } }
      finally { assert x == 3 }
      """
    ),
    Construct(
      "another lock does not",
      [.lostUpdate, .dataRace, .assertion],
      """
      shared x = 0
      lock left
      lock right
      thread a { with left { x += 1 } }
      thread b { with right { x += 1 } }
      finally { assert x == 2 }
      """
    ),
    Construct(
      "a release of one lock of several, whichever it is, leaves the others as they are",
      [.leak],
      """
      lock m[2]
      thread t {
          m[1].acquire()
          let i = any 0...1
          assume i == 0
          with m[i] { }
      }
      """
    ),
    Construct(
      "and who takes one of the others again waits for itself",
      [.deadlock, .vacuous],
      """
      lock m[2]
      shared x = 0
      shared i = any 0...1
      thread t {
          m[1].acquire()
          with m[i] { }
          m[1].acquire()
          x = 1
      }
      thread u { x = 2 }
      """
    ),
    Construct(
      "two locks in two orders block each other",
      [.deadlock],
      """
      lock left
      lock right
      thread a { with left { with right { } } }
      thread b { with right { with left { } } }
      """
    ),
    Construct(
      "a lock is not had twice",
      [.deadlock],
      """
      lock guard
      thread t { with guard { with guard { } } }
      """
    ),
    Construct(
      "an rlock is",
      """
      shared x = 0
      rlock guard
      thread t * 2 { with guard { with guard { x += 1 } } }
      finally { assert x == 2 }
      """
    ),
    Construct(
      "an rlock is free only after its last release",
      [.dataRace, .assertion],
      """
      shared x = 0
      rlock guard
      thread a {
          guard.acquire()
          guard.acquire()
          guard.release()
          x = 1
          guard.release()
          x = 2
      }
      thread b { with guard { let seen = x; assert seen != 2 } }
      """
    ),
    Construct(
      "an rlock is released by its owner alone",
      [.misuse],
      """
      rlock guard
      main { guard.release() }
      """
    ),
    Construct(
      "releasing a free lock is misuse",
      [.misuse],
      """
      lock guard
      thread a { with guard { } }
      thread b { if guard.locked() { guard.release() } }
      """
    ),
    Construct(
      "another thread may release",
      """
      lock guard
      shared x = 0
      event taken
      thread a { guard.acquire(); taken.set(); guard.acquire(); x = 1; guard.release() }
      thread b { taken.wait(); guard.release() }
      finally { assert x == 1 }
      """
    ),
    Construct(
      "an acquisition that does not wait fails only while somebody holds the lock",
      [.assertion],
      """
      lock guard
      shared failed = 0
      thread a { with guard { } }
      thread b {
          if guard.acquire(blocking: false) { guard.release() } else { failed = 1 }
      }
      finally { assert failed == 0 }
      """
    ),
    Construct(
      "an acquisition of what nobody holds succeeds",
      """
      lock guard
      shared got = false
      thread b {
          got = guard.acquire(timeout: 1)
          guard.release()
      }
      finally { assert got }
      """
    ),
    Construct(
      "a lock that is still held at the end leaks",
      [.leak],
      """
      lock guard
      thread t { guard.acquire() }
      """
    ),
    Construct(
      "who fails to get a lock again still holds it",
      [.leak, .vacuous],
      """
      lock guard
      thread t {
          guard.acquire()
          if guard.acquire(blocking: false) { guard.release() }
      }
      """
    ),
    Construct(
      "which lock of an array it is decides",
      [.dataRace, .lostUpdate],
      """
      lock fork[2]
      shared x = 0
      thread t * 2 { with fork[self.index] { x += 1 } }
      """
    ),
    Construct(
      "a semaphore has so many permits",
      [.assertion, .lostUpdate, .dataRace],
      """
      semaphore slots = 2
      shared inside = 0
      thread t * 3 {
          slots.acquire()
          inside += 1
          slots.release()
      }
      finally { assert inside == 3 }
      """
    ),
    Construct(
      "one permit is a lock",
      """
      semaphore slots = 1
      shared inside = 0
      thread t * 3 { slots.acquire(); inside += 1; slots.release() }
      finally { assert inside == 3 }
      """
    ),
    Construct(
      "a permit that is never released is missing",
      [.deadlock],
      """
      semaphore slots = 1
      thread t * 2 { slots.acquire() }
      """
    ),
    Construct(
      "two permits at once let two pass",
      """
      semaphore slots = 0
      thread t * 2 { slots.acquire() }
      thread opener { slots.release(2) }
      """
    ),
    Construct(
      "a bounded semaphore has a bound",
      [.misuse],
      """
      bounded semaphore slots = 1
      thread a { slots.acquire(); slots.release() }
      thread b { if slots.acquire(blocking: false) { slots.release(); slots.release() } }
      """
    ),
  ]

  static let ofEvents: [Construct] = [
    Construct(
      "a waiter comes after the set",
      """
      event go
      shared x = 0
      thread setter { x = 1; go.set() }
      thread waiter { go.wait(); assert x == 1 }
      """
    ),
    Construct(
      "who waits for what nobody sets is stuck",
      [.deadlock],
      """
      event go
      thread waiter { go.wait() }
      """
    ),
    Construct(
      "who waited when it was set gets through, who came too late does not",
      [.deadlock],
      """
      event go
      thread setter { go.set(); go.clear() }
      thread waiter { go.wait() }
      """
    ),
    Construct(
      "a registered waiter is not held back by clear",
      """
      event go
      event ready
      thread setter { go.set(); go.clear(); ready.set() }
      main {
          let t = start setter
          ready.wait()
          assert !go.is_set()
          join t
      }
      """
    ),
    Construct(
      "a wait with a timeout tells whether it was set",
      [.assertion],
      """
      event go
      thread setter { go.set() }
      thread waiter { assert go.wait(timeout: 1) }
      """
    ),
    Construct(
      "set stays set",
      """
      event go
      main {
          go.set()
          assert go.is_set()
          assert go.wait(timeout: 1)
      }
      """
    ),
  ]
}
