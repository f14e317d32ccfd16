import HeddleBuilder

/// Scenarios of `models/` written in Swift, by the path of the text.
enum ModelsInSwift {
  static let all: [(path: String, definition: ScenarioDefinition)] = seed + language + symbolic

  static let seed: [(path: String, definition: ScenarioDefinition)] = [
    ("seed/deposit.wrong", depositWrong),
    ("seed/deposit_many.fixed", depositManyFixed),
    ("seed/queue_workers.fixed", queueWorkersFixed),
    ("seed/daemon_endless.wrong", daemonEndlessWrong),
    ("seed/stop_event.fixed", stopEventFixed),
    ("seed/thread_subclass.fixed", threadSubclassFixed),
    ("classics/sleeping_barber.fixed", sleepingBarberFixed),
  ]

  static let depositWrong = ScenarioDefinition("deposit.wrong") {
    let balance = Shared("balance", 0)
    let deposit = ThreadType("deposit", Parameter<Int>("amount")) { amount in
      let current = Local<Int>("current")
      Let(current, balance)
      balance <- current + amount
    }
    balance
    deposit
    Main {
      let first = Local<ThreadHandle>("first")
      let second = Local<ThreadHandle>("second")
      Let(first, deposit.start(100))
      Let(second, deposit.start(50))
      Join(first)
      Join(second)
      Assert(balance == 150, "every deposit counts")
    }
    Expect(.lostUpdate, on: balance)
  }

  static let depositManyFixed = ScenarioDefinition("deposit_many.fixed") {
    // Nothing is listed but the thread: what it uses is declared before it.
    let depositors = Constant("depositors", 10)
    let balance = Shared("balance", 0)
    let mutex = Lock("guard")
    ThreadType("deposit", count: depositors) {
      With(mutex) {
        balance += 100
      }
    }
    Finally {
      Assert(balance == 100 * depositors, "every deposit counts")
    }
    Expect.pass()
  }

  static let queueWorkersFixed = ScenarioDefinition("queue_workers.fixed") {
    let tasks = Queue<Int?>("tasks")
    let handled = Shared("handled", 0)
    let tally = Lock("tally")
    let worker = ThreadType("worker", count: 3) {
      let task = Local<Int?>("task")
      Loop {
        Let(task, tasks.get())
        If(task == none) { Break() }
        With(tally) { handled += 1 }
        Sleep(1)
        tasks.taskDone()
      }
    }
    worker
    Main {
      let workers = Local<[ThreadHandle]>("workers")
      Let(workers, worker.start(count: 3))
      For("task", in: 0..<5) { task in tasks.put(task) }
      tasks.join()
      For(workers) { tasks.put(none) }
      Join(workers)
      Assert(handled == 5, "every task was handled")
    }
    Expect.pass()
  }

  static let daemonEndlessWrong = ScenarioDefinition("daemon_endless.wrong") {
    let background = ThreadType("background", isDaemon: true) {
      While(true) {
        Print("working")
        Sleep(1)
      }
    }
    Main {
      background.start()
      Sleep(3)
      Print("main exits")
    }
    Expect(.neverTerminates, on: background)
  }

  static let stopEventFixed = ScenarioDefinition("stop_event.fixed") {
    let stop = Event("stop")
    let background = ThreadType("background", isDaemon: true) {
      While(!stop.isSet()) {
        Print("working")
        Sleep(1)
      }
    }
    Main {
      let helper = Local<ThreadHandle>("helper")
      Let(helper, background.start())
      Sleep(3)
      Print("main exits")
      stop.set()
      Join(helper)
    }
    Expect.pass()
  }

  static let threadSubclassFixed = ScenarioDefinition("thread_subclass.fixed") {
    let total = Shared("total", 0)
    let mutex = Lock("guard")
    let handled = Field("handled", 0)
    let step = Method("step") {
      handled += 1
    }
    let worker = ThreadType(class: "Worker", Parameter<String>("label")) { label in
      handled
      step
      Run {
        Print("\(label) starts as \(thisThread.name)")
        step()
        step()
        Print("\(label) ends")
      }
    }
    let countingWorker = worker.subclass("CountingWorker") { _ in
      step.override {
        step.callBase()
        With(mutex) { total += 1 }
      }
    }
    total
    mutex
    Main {
      let ada = Local<ThreadHandle>("ada")
      let bob = Local<ThreadHandle>("bob")
      Let(ada, countingWorker.start("ada"))
      Let(bob, countingWorker.start("bob"))
      Join(ada)
      Join(bob)
      Assert(ada[handled] == 2 && bob[handled] == 2)
      Assert(total == 4, "both workers counted two steps")
    }
    Expect.pass()
  }

  static let sleepingBarberFixed = ScenarioDefinition("sleeping_barber.fixed") {
    let chairs = Constant("chairs", 1)
    let customers = Constant("customers", 2)
    let shop = Lock("shop")
    let customerReady = Semaphore("customer_ready", 0)
    let barberReady = Semaphore("barber_ready", 0)
    let waiting = Shared("waiting", 0)
    let closing = Shared("closing", false)
    let served = Shared("served", 0)
    let turnedAway = Shared("turned_away", 0)
    chairs
    customers
    shop
    customerReady
    barberReady
    waiting
    closing
    served
    turnedAway

    let barber = ThreadType("barber") {
      Loop {
        customerReady.acquire()
        With(shop) {
          If(waiting == 0 && closing) { Return() }
          waiting -= 1
          served += 1
        }
        barberReady.release()
      }
    }
    let customer = ThreadType("customer") {
      let seated = LocalVariable<Bool>("seated")
      Var(seated, false)
      With(shop) {
        If(waiting < chairs) {
          waiting += 1
          seated <- true
        }.orElse {
          turnedAway += 1
        }
      }
      If(seated) {
        customerReady.release()
        barberReady.acquire()
      }
    }
    Main {
      let figaro = Local<ThreadHandle>("figaro")
      let guests = Local<[ThreadHandle]>("guests")
      Let(figaro, barber.start())
      Let(guests, customer.start(count: customers))
      Join(guests)
      With(shop) { closing <- true }
      customerReady.release()
      Join(figaro)
      Assert(served + turnedAway == customers)
    }
    Expect.pass()
  }
}
