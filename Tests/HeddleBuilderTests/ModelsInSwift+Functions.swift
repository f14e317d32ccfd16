import HeddleBuilder

// Functions, and instances that are told apart.

extension ModelsInSwift {
  static let functions = ScenarioDefinition("functions") {
    let seen = SharedArray("seen", [1, 2, 3, 4])
    let mutex = Lock("guard")
    let swap = Function("swap", Parameter<Int>("a"), Parameter<Int>("b")) { a, b in
      let kept = Local<Int>("kept")
      Let(kept, seen[a])
      seen[a] <- seen[b]
      seen[b] <- kept
    }
    let reverse = Function("reverse") {
      swap(0, 3)
      swap(1, 2)
    }
    let sum = Function("sum", returning: Int.self) {
      let total = LocalVariable<Int>("total")
      Var(total, 0)
      For("value", in: seen) { value in total += value }
      Return(total)
    }
    ThreadType("reverser", count: 2) {
      With(mutex) {
        reverse()
        Assert(sum() == 10)
      }
    }
    Finally {
      Assert(seen[0] == 1 && seen[3] == 4)
      Assert(sum() == 10)
    }
    Expect.pass()
  }

  static let instances = ScenarioDefinition("instances") {
    let workers = Constant("workers", 3)
    let handled = Field("handled", 0)
    let worker = ThreadType(class: "Worker", count: workers) {
      handled
      Run {
        For(0...thisThread.index) { handled += 1 }
      }
    }
    let auditor = ThreadType("auditor") {
      let total = LocalVariable<Int>("total")
      For("each", in: worker.handles) { each in Join(each) }
      Var(total, 0)
      For("each", in: worker.handles) { each in total += each[handled] }
      Assert(total == 6)
      Assert(!worker.handles[0].isAlive)
    }
    auditor
    Finally {
      let total = LocalVariable<Int>("total")
      Var(total, 0)
      For("i", in: 0..<workers) { i in total += worker.handles[i][handled] }
      Assert(total == 6 && worker.handles.count == workers)
      Assert(!auditor.handle.isAlive)
      Print("\(total) steps")
    }
    Expect.pass()
  }
}
