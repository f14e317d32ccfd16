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

  static let ofQueues: [Construct] = [
    Construct(
      "what was put first is got first",
      """
      queue tasks
      thread producer { tasks.put(1); tasks.put(2); tasks.put(3) }
      thread consumer {
          let a = tasks.get()
          let b = tasks.get()
          let c = tasks.get()
          assert a == 1 && b == 2 && c == 3
      }
      """
    ),
    Construct(
      "items of two consumers of one producer come in order to each, in any order to both",
      [.assertion],
      """
      queue tasks
      shared seen = [0; 2]
      thread consumer * 2 {
          let first = tasks.get()
          let second = tasks.get()
          assert first < second
          seen[self.index] = second
      }
      thread producer { for task in 1...4 { tasks.put(task) } }
      finally {
          assert seen[0] + seen[1] >= 6 && seen[0] + seen[1] <= 7
          assert seen[0] == 4 || seen[1] == 4
          assert seen[0] != 2
      }
      """
    ),
    Construct(
      "a put that is tried leaves its place to the next",
      """
      queue tasks(capacity: 1)
      thread producer {
          tasks.put(1)
          tasks.put(2, blocking: false) else { return }
      }
      main {
          let maker = start producer
          assert tasks.get() == 1
          join maker
          let more = tasks.get(blocking: false) else { return }
          assert more == 2
      }
      """
    ),
    Construct(
      "what one thread has taken another may mark done",
      """
      queue tasks
      main {
          tasks.put(1)
          let task = tasks.get()
          let helper = start marker
          join helper
          tasks.join()
      }
      thread marker { tasks.task_done() }
      """
    ),
    Construct(
      "but not before it is put",
      [.misuse],
      """
      queue tasks
      thread marker { tasks.task_done() }
      thread worker { tasks.put(1); let task = tasks.get(); tasks.task_done() }
      """
    ),
    Construct(
      "and not twice, though something was taken each time",
      [.misuse],
      """
      queue tasks
      thread worker {
          tasks.put(1)
          let task = tasks.get()
          tasks.task_done()
          choose { tasks.task_done() } or { sleep 1 }
      }
      """
    ),
    Construct(
      "two producers come in either order",
      [.assertion, .leak],
      """
      queue tasks
      thread producer * 2 { tasks.put(self.index) }
      main {
          let team = start producer * 2
          join team
          assert tasks.get() == 0
      }
      """
    ),
    Construct(
      "each item is got once",
      [.deadlock],
      """
      queue tasks
      thread consumer * 2 { let task = tasks.get() }
      thread producer { tasks.put(7) }
      """
    ),
    Construct(
      "a full queue lets nobody put",
      [.deadlock],
      """
      queue tasks(capacity: 1)
      thread producer { tasks.put(1); tasks.put(2) }
      """
    ),
    Construct(
      "a queue with room does",
      """
      queue tasks(capacity: 1)
      thread producer { tasks.put(1); tasks.put(2) }
      thread consumer { let a = tasks.get(); let b = tasks.get(); assert a < b }
      """
    ),
    Construct(
      "who does not wait sees the queue as it is",
      [.assertion],
      """
      queue tasks
      shared seen = 0
      thread producer { tasks.put(5) }
      thread consumer {
          let task = tasks.get(timeout: 1) else { return }
          seen = task
      }
      main {
          let a = start producer
          let b = start consumer
          join a
          join b
          let rest = tasks.get(blocking: false) else { return }
          assert seen == 5
      }
      """
    ),
    Construct(
      "join waits until all is done",
      """
      queue tasks
      shared handled = 0
      thread worker * 2 {
          let task = tasks.get()
          atomic { handled += task }
          tasks.task_done()
      }
      main {
          let team = start worker * 2
          tasks.put(1)
          tasks.put(2)
          tasks.join()
          assert handled == 3
          join team
      }
      """
    ),
    Construct(
      "more is not done than was put",
      [.misuse],
      """
      queue tasks
      thread worker {
          tasks.put(1)
          let task = tasks.get()
          tasks.task_done()
          tasks.task_done()
      }
      """
    ),
    Construct(
      "what nobody gets is left",
      [.leak],
      """
      queue tasks
      thread producer * 2 { tasks.put(1) }
      thread consumer { let task = tasks.get() }
      """
    ),
    Construct(
      "sizes are those of the moment",
      [.assertion],
      """
      queue tasks(capacity: 2)
      thread producer * 2 { tasks.put(1) }
      thread consumer * 2 { let task = tasks.get() }
      thread watcher {
          let size = tasks.qsize()
          assert size >= 0 && size <= 2
          if tasks.full() { assert size < 1 }
      }
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
