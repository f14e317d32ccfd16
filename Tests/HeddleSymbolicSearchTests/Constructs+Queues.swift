import HeddleProgram

extension Construct {
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
}
