import HeddleBuilder

extension ModelsInSwift {
  static let locks = ScenarioDefinition("locks") {
    let mutex = Lock("guard")
    let baton = Lock("baton")
    let again = ReentrantLock("again")
    let cells = ReentrantLock.array("cells", count: 2)
    let entered = Shared("entered", 0)
    let failures = Shared("failures", 0)
    let enter = Function("enter") {
      With(again) {
        With(again) { entered += 1 }
      }
    }
    mutex
    baton
    again
    cells
    entered
    failures
    ThreadType("waiter") {
      let got = Local<Bool>("got")
      enter()
      Let(got, mutex.acquire(timeout: 1))
      If(got) {
        failures += 0
        mutex.release()
      }
      If(mutex.acquire(blocking: false)) { mutex.release() }
      mutex.acquire(blocking: true)
      mutex.release()
      baton.acquire()
      baton.release()
    }
    ThreadType("holder") {
      enter()
      For("i", in: 0..<2) { i in cells[i].acquire() }
      Assert(cells[0].isLocked() && cells[1].isLocked())
      For("i", in: 0..<2) { i in cells[i].release() }
      With(mutex) {
        failures += 1
        Assert(mutex.isLocked())
      }
    }
    Finally {
      Assert(entered == 2 && failures == 1)
      Assert(!mutex.isLocked() && !again.isLocked())
    }
    Expect.pass()
  }

  static let nondeterminism = ScenarioDefinition("nondeterminism") {
    let opening = Shared("opening", anyOf(0..<3))
    let limit = Shared("limit", anyOf(1...2))
    let verbose = Shared("verbose", anyOf(Bool.self))
    let steps = Shared("steps", 0)
    opening
    limit
    verbose
    steps
    ThreadType("chooser") {
      let amount = Local<Int>("amount")
      let sign = Local<Bool>("sign")
      let offset = Local<Int>("offset")
      Let(amount, anyOf(0...3))
      Let(sign, anyOf(Bool.self))
      Let(offset, anyOf(0..<2))
      Assume(amount + offset > 0)
      Choose {
        steps += amount
      }.or {
        If(sign) { steps -= offset }
      }.or {
        steps <- limit
      }
      If(verbose) { Print("opening \(opening), steps \(steps)") }
      Assert(steps >= -1 && steps <= 3)
    }
    Expect.pass()
  }

  static let queues = ScenarioDefinition("queues") {
    let inbox = Queue<String?>("inbox", capacity: 1)
    let lanes = Queue<Int>.array("lanes", count: 2)
    let rooms = Queue<Int>.array("rooms", count: 2, capacity: 2)
    let stack = Queue<Int>("stack", order: .lifo)
    let heap = Queue<Int>("heap", order: .priority, capacity: 3)
    let skipped = Shared("skipped", 0)
    inbox
    lanes
    rooms
    stack
    heap
    skipped
    ThreadType("sender") {
      inbox.put("first")
      inbox.put("second", timeout: 1).orElse { skipped += 1 }
      inbox.putNowait("third").orElse { skipped += 1 }
      inbox.put(none)
      For("lane", in: 0..<2) { lane in lanes[lane].put(lane) }
    }
    ThreadType("receiver") {
      let word = Local<String?>("word")
      Loop {
        Let(word, inbox.get())
        inbox.taskDone()
        If(word == none) { Break() }
        Print("\(word)")
      }
      For("lane", in: 0..<2) { lane in
        Assert(lanes[lane].get() == lane)
        lanes[lane].taskDone()
      }
      inbox.join()
    }
    ThreadType("sorter") {
      let second = Local<Int>("second")
      let third = Local<Int>("third")
      let nothing = Local<Int>("nothing")
      let one = Local<Int>("one")
      For("number", in: [2, 3, 1]) { number in
        stack.put(number)
        heap.put(number)
      }
      Assert(heap.isFull() && heap.size() == 3 && !stack.isFull())
      heap.put(4, blocking: false).orElse { Print("the heap is full") }
      For("number", in: [1, 2, 3]) { number in
        Assert(heap.get() == number)
        heap.taskDone()
      }
      Assert(stack.get() == 1)
      Let(second, stack.get(timeout: 1)) { Fail("the stack is not empty") }
      Let(third, stack.get(blocking: false)) { Return() }
      Assert(second == 3 && third == 2)
      For(0..<3) { stack.taskDone() }
      Assert(stack.isEmpty())
      Let(nothing, stack.getNowait()) {
        rooms[1].put(1)
        Let(one, rooms[1].get())
        rooms[1].taskDone()
        Return()
      }
      Fail("the stack is empty, but held \(nothing)")
    }
    Finally {
      Assert(skipped <= 2)
      Assert(inbox.isEmpty() && lanes[0].isEmpty() && lanes[1].isEmpty())
    }
    Expect(.vacuous)
  }

  static let semaphores = ScenarioDefinition("semaphores") {
    let slots = Semaphore("slots", 2)
    let done = Semaphore.array("done", count: 2, 0)
    let desks = Semaphore("desks", 1, isBounded: true)
    let doors = Semaphore.array("doors", count: 2, 1, isBounded: true)
    let guests = Shared("guests", 0)
    let tally = Lock("tally")
    slots
    done
    desks
    doors
    guests
    tally
    ThreadType("guest", count: 2) {
      With(slots) {
        With(tally) { guests += 1 }
        With(doors[thisThread.index]) { Sleep(1) }
      }
      If(desks.acquire(blocking: false)) { desks.release() }
      If(desks.acquire(timeout: 2)) { desks.release() }
      done[thisThread.index].release(2)
    }
    ThreadType("host") {
      For("i", in: 0..<2) { i in
        done[i].acquire()
        done[i].acquire()
      }
      With(tally) { Assert(guests == 2) }
    }
    Expect.pass()
  }

  static let threadClasses = ScenarioDefinition("thread_classes") {
    let total = Shared("total", 0)
    let mutex = Lock("guard")
    let label = Parameter<String>("label")
    let first = Parameter<Int>("first")
    let handled = Field("handled", 0)
    let slots = FieldArray("slots", repeated(0, count: 2))
    let previous = Field<ThreadHandle?>("previous", none)
    let finished = Field("finished", false, isAtomic: true)
    let step = Method("step", Parameter<Int>("item")) { item in
      slots[item % slots.count] += item
      handled += 1
    }
    let twice = Method("twice", Parameter<Int>("item"), returning: Int.self) { item in
      step(item)
      step(item)
      Return(handled)
    }
    let worker = ThreadType(class: "Worker", label, first, isDaemon: true) { label, first in
      handled
      slots
      previous
      finished
      step
      twice
      Run {
        Print("\(label) is \(thisThread.name), number \(thisThread.index)")
        Assert(twice(first) == 2)
        finished <- true
      }
    }
    let countingWorker = worker.subclass("CountingWorker") { _, _ in
      step.override { item in
        With(mutex) { total += item }
        step.callBase(item)
      }
    }
    let loudWorker = countingWorker.subclass(
      "LoudWorker",
      with: label,
      first,
      Parameter<Int>("times"),
      isDaemon: true
    ) { label, _, times in
      Run(isOverride: true) {
        For(0..<times) { Print("\(label)!") }
        Run.callBase()
      }
    }
    Main {
      let ada = Local<ThreadHandle>("ada")
      let bob = Local<ThreadHandle>("bob")
      Let(ada, countingWorker.start("ada", 1))
      Let(bob, loudWorker.start("bob", 2, 3))
      Join(ada)
      While(!bob[finished]) { Sleep(1) }
      Join(bob)
      bob[previous] <- ada
      bob[handled] <- ada[handled] + 5
      Assert(ada[slots][1] == 2 && bob[slots][0] == 4)
      Assert(bob[handled] == 7 && bob[previous] == ada)
      Assert(total == 6)
    }
    Expect.pass()
  }

  static let threadHandles = ScenarioDefinition("thread_handles") {
    let helper = Shared<ThreadHandle?>("helper", none)
    let mutex = Lock("guard")
    let child = ThreadType("child", Parameter<Int>("delay")) { delay in
      Sleep(delay)
    }
    let parent = ThreadType("parent") {
      let mine = Local<ThreadHandle>("mine")
      Let(mine, child.start(2))
      With(mutex) { helper <- mine }
      Join(mine, timeout: 5)
      Join(mine, timeout: 1)
      If(mine.isAlive) { Print("\(mine.name) needs longer") }
      Join(mine)
      Assert(!mine.isAlive)
    }
    child
    Main {
      let elder = Local<ThreadHandle>("elder")
      let group = Local<[ThreadHandle]>("group")
      Let(elder, parent.start())
      Let(group, child.start(1, count: 2))
      Assert(elder != group[0] && group.count == 2)
      For("member", in: group) { member in Join(member) }
      Join(elder)
      Join(helper)
      Assert(helper != none)
    }
    Expect.pass()
  }

  static let unbounded = ScenarioDefinition("unbounded") {
    let readings = Queue<Int>("readings")
    let sensor = ThreadType("sensor", isDaemon: true, mayOutliveMain: true) {
      Loop { readings.put(1) }
    }
    Main {
      sensor.start()
      Sleep(1)
    }
    Expect.inconclusive()
  }

  static let values = ScenarioDefinition("values") {
    let million = Constant("million", 1_000_000)
    let lowest = Constant("lowest", Int.min)
    let half = Constant("half", million / 2)
    let enabled = Constant("enabled", true)
    let count = Shared("count", 7)
    let ready = Shared("ready", !enabled)
    let greeting = Shared("greeting", "hello")
    let maybe = Shared<Int?>("maybe", none)
    let squares = SharedArray("squares", [0, 1, 4])
    let lights = SharedArray("lights", repeated(false, count: 3))
    million
    lowest
    half
    enabled
    count
    ready
    greeting
    maybe
    squares
    lights
    ThreadType("arithmetic") {
      let x = LocalVariable<Int>("x")
      Assert(literal(-7) / 2 == -4 && literal(-7) % 2 == 1 && literal(7) % -2 == -1)
      Assert(half + half == million && half * 2 - million == 0)
      Assert(lowest < 0 && lowest + million > lowest)
      Assert(literal(1) + literal(2) * 3 == 7 && (literal(1) + 2) * 3 == 9)
      Var(x, 17)
      x += 3
      x -= 2
      x *= 4
      x /= 5
      x %= 10
      Assert(x == 4, "17 + 3 - 2 is 18, times 4 is 72, divided by 5 is 14, modulo 10 is 4")
    }
    ThreadType("logic") {
      Assert(true || ready, "the right side of || is not evaluated")
      Assert(!(false && ready))
      Assert(
        literal(1) < 2 && literal(2) <= 2 && literal(3) > 2 && literal(3) >= 3 && literal(1) != 2
      )
    }
    ThreadType("strings") {
      let name = Local<String>("name")
      Let(name, "Task-\(count)")
      Assert(name == "Task-7")
      Print("\(greeting), \"\(name)\"\t\\ \(literal(1) < 2)\n")
    }
    ThreadType("optionals") {
      Assert(maybe == none)
      maybe <- 3
      Assert(maybe != none && maybe == 3)
      Assert(
        maybe.unwrapped() + 1 == 4,
        "an optional is used as its value when it has one"
      )
      maybe <- none
    }
    ThreadType("arrays") {
      let local = LocalVariable<[Int]>("local")
      Var(local, [1, 2, 3])
      local[0] <- 10
      local[1] += 5
      Assert(local[0] + local[1] + local[2] == 20)
      Assert(local.count == 3 && squares.count == 3)
      lights[2] <- true
      Assert(squares[2] == 4 && lights[2])
    }
    Expect.pass()
  }
}
