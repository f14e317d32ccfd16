import HeddleBuilder

extension ModelsInSwift {
  /// Every file of `models/language`, which together use every construct.
  static let language: [(path: String, definition: ScenarioDefinition)] = [
    ("language/atomics", atomics),
    ("language/barriers", barriers),
    ("language/conditions", conditions),
    ("language/control_flow", controlFlow),
    ("language/daemons", daemons),
    ("language/events", events),
    ("language/exceptions", exceptions),
    ("language/expectations", expectations),
    ("language/functions", functions),
    ("language/instances", instances),
    ("language/locks", locks),
    ("language/nondeterminism", nondeterminism),
    ("language/queues", queues),
    ("language/semaphores", semaphores),
    ("language/thread_classes", threadClasses),
    ("language/thread_handles", threadHandles),
    ("language/unbounded", unbounded),
    ("language/values", values),
  ]

  static let atomics = ScenarioDefinition("atomics") {
    let flag = Shared("flag", false, isAtomic: true)
    let winner = Shared<Int?>("winner", none, isAtomic: true)
    let tokens = Shared("tokens", 0)
    let rounds = Shared("rounds", 0)
    let spare = Lock("spare")
    let take = Function("take", returning: Int.self) {
      tokens -= 1
      Return(tokens)
    }
    flag
    winner
    tokens
    rounds
    ThreadType("racer", count: 2) {
      Atomic {
        If(winner == none) {
          winner <- thisThread.index
          Return()
        }
      }
      flag <- true
      Atomic(when: tokens > 0) {
        let left = Local<Int>("left")
        Let(left, take())
        Print("\(left) left")
      }
    }
    ThreadType("supplier") {
      let held = LocalVariable<Bool>("held")
      Atomic(when: flag) {
        flag <- false
        tokens <- 1
      }
      Var(held, false)
      Atomic { held <- spare.acquire(blocking: false) }
      If(held) { spare.release() }
      For(0..<2) {
        Atomic {
          rounds += 1
          If(rounds > 1) { Break() }
        }
      }
    }
    Invariant(tokens >= 0, "a token is taken only if there is one")
    Finally {
      Assert(winner != none && tokens == 0 && rounds == 2)
    }
    Expect.pass()
  }

  static let barriers = ScenarioDefinition("barriers") {
    let parties = Constant("parties", 2)
    let meeting = Barrier("meeting", parties)
    let gates = Barrier.array("gates", count: 2, parties)
    let fragile = Barrier("fragile", 2)
    let alone = Shared("alone", 0)
    let tally = Lock("tally")
    let visitor = ThreadType("visitor", count: parties) {
      let place = Local<Int>("place")
      let again = Local<Int>("again")
      Let(place, meeting.wait())
      Assert(place >= 0 && place < parties)
      gates[0].wait()
      gates[1].wait()
      Let(again, fragile.wait(timeout: 1)) {
        With(tally) { alone += 1 }
        Return()
      }
      Print("place \(again)")
    }
    visitor
    ThreadType("mechanic") {
      Join(visitor.handles[0])
      Join(visitor.handles[1])
      fragile.abort()
      Assert(fragile.isBroken())
      fragile.reset()
      Assert(!fragile.isBroken() && fragile.waiting() == 0)
    }
    Finally {
      Assert(alone != 1, "both get through, or the barrier is broken for both")
    }
    Expect.pass()
  }

  static let conditions = ScenarioDefinition("conditions") {
    let mutex = Lock("mutex")
    let changed = Condition("changed", mutex, isFIFO: true)
    let own = Condition("own")
    let doors = Lock.array("doors", count: 2)
    let open = Condition.array("open", count: 2, doors)
    let stage = Shared("stage", 0)
    let unlocked = SharedArray("unlocked", repeated(false, count: 2))
    ThreadType("waiter", count: 2) {
      let notified = Local<Bool>("notified")
      let door = Local<Int>("door")
      With(mutex) {
        While(stage == 0) { changed.wait() }
        stage += 1
      }
      own.acquire()
      Let(notified, own.wait(timeout: 1))
      own.release()
      Print("notified: \(notified)")
      Let(door, thisThread.index)
      With(doors[door]) {
        While(!unlocked[door]) {
          If(!open[door].wait(timeout: 3)) { Print("still waiting") }
        }
      }
    }
    ThreadType("director") {
      With(mutex) {
        stage <- 1
        changed.notify(2)
      }
      With(own) { own.notifyAll() }
      For("door", in: 0..<2) { door in
        With(open[door]) {
          unlocked[door] <- true
          open[door].notify()
        }
      }
    }
    Finally { Assert(stage == 3) }
    Expect.pass()
  }

  static let controlFlow = ScenarioDefinition("control_flow") {
    let log = SharedArray("log", repeated(0, count: 6))
    let grade = Function("grade", Parameter<Int>("points"), returning: Int.self) { points in
      If(points >= 90) {
        Return(1)
      }.elseIf(points >= 50) {
        Return(2)
      }.orElse {
        Return(3)
      }
    }
    ThreadType("walker") {
      let sum = LocalVariable<Int>("sum")
      Var(sum, 0)
      For("i", in: 0..<3) { i in sum += i }
      For("i", in: 1...3) { i in sum += i }
      For("value", in: [10, 20]) { value in sum += value }
      For(0..<2) { sum += 100 }
      Assert(sum == 239)

      let n = LocalVariable<Int>("n")
      Var(n, 10)
      While(n > 0) {
        n -= 3
        If(n == 7) { Continue() }
        If(n < 5) { Break() }
      }
      Assert(n == 4)

      let tries = LocalVariable<Int>("tries")
      Var(tries, 0)
      Loop {
        tries += 1
        If(tries == 3) { Break() }
      }
      Assert(tries == 3)

      let total = Local<Int>("total")
      Let(total, literal(1) + 2 + 3)
      Assert(total == 6 && sum > total, "a condition over two lines")

      Assert(grade(95) == 1 && grade(70) == 2 && grade(10) == 3)
      log[0] <- 1
      For("entry", in: log) { entry in
        If(entry == 1) { Return() }
      }
      Fail("never reached: the first entry is 1")
    }
    ThreadType("bystander") {}
    Expect(.vacuous)
  }

  static let daemons = ScenarioDefinition("daemons") {
    let samples = Queue<Int>("samples", capacity: 1)
    let stop = Event("stop")
    let sensor = ThreadType("sensor", isDaemon: true, mayOutliveMain: true) {
      let number = LocalVariable<Int>("number")
      Var(number, 0)
      Loop {
        number <- (number + 1) % 2
        samples.put(number)
      }
    }
    let display = ThreadType("display", isDaemon: true) {
      While(!stop.isSet()) { Sleep(1) }
    }
    Main {
      let screen = Local<ThreadHandle>("screen")
      let sample = Local<Int>("sample")
      sensor.start()
      Let(screen, display.start())
      Let(sample, samples.get())
      samples.taskDone()
      Assert(sample == 1)
      stop.set()
      Join(screen)
    }
    Allow(.leak, on: samples)
    Allow(.leak, on: sensor)
    Expect.pass()
  }

  static let events = ScenarioDefinition("events") {
    let go = Event("go")
    let pulse = Event("pulse")
    let stage = Event.array("stage", count: 2)
    let late = Shared("late", 0)
    go
    pulse
    stage
    ThreadType("runner") {
      let inTime = Local<Bool>("in_time")
      stage[0].set()
      Let(inTime, pulse.wait(timeout: 1))
      If(!inTime) { late += 1 }
      go.wait()
      Assert(go.isSet())
      stage[1].set()
    }
    ThreadType("starter") {
      stage[0].wait()
      pulse.set()
      pulse.clear()
      go.set()
      stage[1].wait()
      Assert(!pulse.isSet())
    }
    Finally { Assert(late <= 1) }
    Expect.pass()
  }

  static let exceptions = ScenarioDefinition("exceptions") {
    let mutex = Lock("guard")
    let slots = Semaphore("slots", 1)
    let cleaned = Shared("cleaned", 0)
    let reason = Shared("reason", "none yet")
    let risky = Function("risky", Parameter<Int>("amount"), returning: Int.self) { amount in
      Try {
        If(amount == 3) { Fail("amount \(amount) is refused") }
        If(amount == 0) { Return(0) }
      } finally: {
        cleaned += 1
      }
      Return(amount)
    }
    mutex
    slots
    cleaned
    reason
    ThreadType("careful") {
      For("amount", in: 0...3) { amount in
        With(slots) {
          With(mutex) {
            Try {
              let result = Local<Int>("result")
              If(amount == 1) { Continue() }
              Let(result, risky(amount))
              Assert(result == amount)
            } finally: {
              reason <- "amount \(amount)"
              cleaned += 10
            }
          }
        }
      }
      Assert(false, "not reached: amount 3 raises")
    }
    ThreadType("other") {
      With(mutex) { Sleep(1) }
      With(slots) { Sleep(1) }
    }
    Finally {
      Assert(cleaned == 43, "three times in the function, four times around it")
      Assert(reason == "amount 3")
      Assert(!mutex.isLocked())
    }
    Expect(.vacuous)
  }

  static let expectations = ScenarioDefinition("expectations") {
    let left = Lock("left")
    let right = Lock("right")
    let ledger = Shared("ledger", 0)
    let hits = Shared("hits", 0)
    let alice = ThreadType("alice") {
      hits += 1
      With(left) { With(right) { ledger += 1 } }
    }
    let bob = ThreadType("bob") {
      hits += 1
      With(right) { With(left) { ledger += 1 } }
    }
    let ticker = ThreadType("ticker", isDaemon: true) {
      While(true) { Sleep(1) }
    }
    ledger
    hits
    Main {
      let threads = Local<[ThreadHandle]>("threads")
      Let(threads, [alice.start(), bob.start()])
      ticker.start()
      Join(threads, timeout: 5)
      Assert(hits <= 2)
    }
    Expect(.lostUpdate, on: hits)
    Expect(.blockedForever, on: alice, bob)
    Expect(.neverTerminates, on: ticker)
  }
}
